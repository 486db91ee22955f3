// SPDX-License-Identifier: MIT
// Many objects: pages, folders, ranges, and all of them deleted.

import assert from 'node:assert/strict';
import { check, refuses, takes } from './check.mjs';

function namesOf(files) {
	return files.map((f) => f.name);
}

export async function lists(storage) {
	const bucket = storage.bucket('demo');
	const names = [];
	for (const folder of ['a', 'b', 'b/c', 'd'])
		for (const name of ['1', '2', '3'])
			names.push(`${folder}/${name}`);
	names.push('top');
	names.sort();
	await Promise.all(names.map((name) =>
		bucket.file(name).save(name, { resumable: false })));

	await check('getFiles: all, in order', async () => {
		const [files] = await takes('LIST 1', () => bucket.getFiles());
		assert.deepEqual(namesOf(files), names);
	});
	await check('getFiles: page by page', async () => {
		const seen = [];
		const last = await takes('LIST 4', async () => {
			let query = { autoPaginate: false, maxResults: 4 };
			let files, answer;
			while (query) {
				[files, query, answer] = await bucket.getFiles(query);
				assert.ok(files.length <= 4);
				seen.push(...namesOf(files));
			}
			return answer;
		});
		assert.deepEqual(seen, names);
		assert.equal(last.nextPageToken, undefined);
	});
	await check('getFiles: no more than asked for', async () => {
		const [files] = await takes('LIST 1', () =>
			bucket.getFiles({ maxResults: 2 }));
		assert.deepEqual(namesOf(files), names.slice(0, 2));
	});
	await check('getFilesStream', async () => {
		const seen = [];
		for await (const file of bucket.getFilesStream())
			seen.push(file.name);
		assert.deepEqual(seen, names);
	});
	await check('getFiles: a folder', async () => {
		const [files, , answer] = await bucket.getFiles({ prefix: 'b/',
			delimiter: '/', autoPaginate: false });
		assert.deepEqual(namesOf(files), ['b/1', 'b/2', 'b/3']);
		assert.deepEqual(answer.prefixes, ['b/c/']);
	});
	await check('getFiles: the folders of the top', async () => {
		const [files, , answer] = await bucket.getFiles({ delimiter: '/',
			autoPaginate: false });
		assert.deepEqual(namesOf(files), ['top']);
		assert.deepEqual(answer.prefixes, ['a/', 'b/', 'd/']);
	});
	await check('getFiles: from one name to another', async () => {
		const [files] = await bucket.getFiles(
			{ startOffset: 'a/3', endOffset: 'b/2' });
		assert.deepEqual(namesOf(files), ['a/3', 'b/1']);
	});
	await check('getFiles: matchGlob', async () => {
		const [files] = await bucket.getFiles({ matchGlob: '{a,d}/[12]' });
		assert.deepEqual(namesOf(files), ['a/1', 'a/2', 'd/1', 'd/2']);
	});
	await check('getFiles: some fields alone', async () => {
		const [files] = await bucket.getFiles({ prefix: 'top',
			fields: 'items(name,generation)' });
		assert.deepEqual(Object.keys(files[0]).sort(),
			['generation', 'name']);
	});
	await check('getFiles: nothing there', async () => {
		const [files] = await bucket.getFiles({ prefix: 'none/' });
		assert.deepEqual(files, []);
	});
	await check('getFiles: no bucket: 404', () => refuses(404, 'notFound',
		storage.bucket('no-such-bucket').getFiles()));
	await check('deleteFiles: below a prefix', async () => {
		await takes('LIST 1, DELETE 6', () =>
			bucket.deleteFiles({ prefix: 'b/' }));
		const [files] = await bucket.getFiles();
		assert.deepEqual(namesOf(files),
			names.filter((name) => !name.startsWith('b/')));
	});
	await check('deleteFiles: all', async () => {
		await takes('LIST 1, DELETE 7', () => bucket.deleteFiles());
		const [files] = await bucket.getFiles();
		assert.deepEqual(files, []);
	});
}
