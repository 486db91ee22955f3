// SPDX-License-Identifier: MIT
// One line a check, `ok - WHAT` or `not ok - WHAT` with the reason behind `#`,
// and the simulator's counts of the requests that something took.

import assert from 'node:assert/strict';

const url = process.env.SIM_URL;
let failures = 0;

export async function check(what, run) {
	try {
		await run();
		console.log(`ok - ${what}`);
	} catch (err) {
		failures++;
		console.log(`not ok - ${what}`);
		for (const line of String(err?.stack ?? err).split('\n'))
			console.log(`# ${line}`);
	}
}

// takes('LIST 1, PUT 9', run): that many requests, and what run answers.
export async function takes(counts, run) {
	await fetch(`${url}/_sim/reset`, { method: 'POST' });
	const result = await run();
	const { requests } = await (await fetch(`${url}/_sim/stats`)).json();
	const seen = Object.entries(requests)
		.filter(([kind, n]) => kind !== 'total' && n > 0)
		.map(([kind, n]) => `${kind} ${n}`);
	assert.equal(seen.join(', '), counts);
	return result;
}

// refuses(code, reason, run): an ApiError as production's.
export async function refuses(code, reason, run) {
	await assert.rejects(run, (err) => {
		assert.equal(err.code, code);
		assert.equal(err.errors?.[0]?.reason, reason);
		return true;
	});
}

export function finish() {
	process.exitCode = failures > 0 ? 1 : 0;
}
