// SPDX-License-Identifier: MIT
// Uploads in more than one request: sessions, chunks, streams, checksums.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { check, refuses, takes } from './check.mjs';

const MiB = 1 << 20;

function md5(data) {
	return createHash('md5').update(data).digest('base64');
}

async function holds(file, data) {
	const [metadata] = await file.getMetadata();
	assert.equal(metadata.size, String(data.length));
	assert.equal(metadata.md5Hash, md5(data));
	const [back] = await file.download();
	assert.ok(back.equals(data), 'it is read as it was written');
}

export async function uploads(storage, folder) {
	const bucket = storage.bucket('demo');
	const data = randomBytes(9 * MiB + 1);
	const file = bucket.file('big');

	await check('save is resumable by default', () =>
		takes('PUT 2', () => bucket.file('small').save('small')));
	await check('9 MiB in a session', async () => {
		await takes('PUT 2', () => file.save(data));
		await holds(file, data);
	});
	await check('9 MiB in chunks of 2 MiB', async () => {
		await takes('PUT 6', () =>
			file.save(data, { chunkSize: 2 * MiB, resumable: true }));
		await holds(file, data);
	});
	await check('a chunk that is exactly the end', async () => {
		const even = data.subarray(0, 4 * MiB);
		await bucket.file('even').save(even, { chunkSize: 2 * MiB });
		await holds(bucket.file('even'), even);
	});
	await check('a stream of unknown length', async () => {
		await pipeline(
			Readable.from([data.subarray(0, MiB), data.subarray(MiB)]),
			file.createWriteStream());
		await holds(file, data);
	});
	await check('a stream in one multipart request', async () => {
		await takes('PUT 1', () => pipeline(Readable.from([data]),
			file.createWriteStream({ resumable: false })));
		await holds(file, data);
	});
	await check('nothing at all, in a session', async () => {
		await bucket.file('nothing').save('');
		await holds(bucket.file('nothing'), Buffer.alloc(0));
	});
	await check('upload of a file', async () => {
		await writeFile(`${folder}/up.bin`, data);
		await takes('PUT 1', () => bucket.upload(`${folder}/up.bin`,
			{ destination: 'up.bin', resumable: false,
				validation: 'md5' }));
		await holds(bucket.file('up.bin'), data);
	});
	await check('a range of the large one', async () => {
		const [part] = await file.download({ start: MiB, end: 3 * MiB - 1 });
		assert.ok(part.equals(data.subarray(MiB, 3 * MiB)));
	});
	await check('a session keeps the metadata of its start', async () => {
		await file.save('x', { metadata: { contentType: 'a/b',
			metadata: { key: 'value' } } });
		const [metadata] = await file.getMetadata();
		assert.equal(metadata.contentType, 'a/b');
		assert.deepEqual(metadata.metadata, { key: 'value' });
	});
	await check('a session under a condition: 412', async () =>
		assert.rejects(file.save('y',
			{ preconditionOpts: { ifGenerationMatch: 0 } }),
		(err) => Number(err.code ?? err.status) === 412));
	for (const [how, requests, rest] of [
		['by itself', 1, { offset: MiB, validation: false }],
		['after a question', 2, {}]]) {
		await check(`a session goes on where it ended, ${how}`, async () => {
			const again = bucket.file('again');
			const [uri] = await again.createResumableUpload();
			const half = await fetch(uri, { method: 'PUT',
				body: data.subarray(0, MiB),
				headers: { 'content-range':
					`bytes 0-${MiB - 1}/${data.length}` } });
			assert.equal(half.status, 308);
			assert.equal(half.headers.get('range'),
				`bytes=0-${MiB - 1}`);
			await takes(`PUT ${requests}`, () => again.save(
				data.subarray(rest.offset ?? 0), { uri, ...rest }));
			await holds(again, data);
			await again.delete();
		});
	}
	await check('into no bucket: 404', () => refuses(404, 'notFound',
		storage.bucket('no-such-bucket').file('x')
			.save('x', { resumable: false })));
	await bucket.deleteFiles();
}
