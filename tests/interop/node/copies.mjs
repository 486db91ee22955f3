// SPDX-License-Identifier: MIT
// What the server does with bytes it has: copies, moves, compositions.

import assert from 'node:assert/strict';
import { check, refuses, takes } from './check.mjs';

export async function copies(storage) {
	const bucket = storage.bucket('demo');
	const source = bucket.file('dir/source +.txt');
	await source.save('source', { resumable: false,
		metadata: { metadata: { key: 'value' } } });

	await check('copy', async () => {
		const [copy] = await takes('PUT 1', () => source.copy('copy #1'));
		const [data] = await copy.download();
		assert.equal(data.toString(), 'source');
		const [metadata] = await copy.getMetadata();
		assert.deepEqual(metadata.metadata, { key: 'value' });
	});
	await check('copy with metadata of its own', async () => {
		const [copy] = await source.copy('copy.html',
			{ contentType: 'text/html', metadata: { other: '1' } });
		const [metadata] = await copy.getMetadata();
		assert.equal(metadata.contentType, 'text/html');
		assert.deepEqual(metadata.metadata, { other: '1' });
	});
	await check('copy into another bucket', async () => {
		const [other] = await storage.createBucket('other-bucket');
		await source.copy(other.file('there'));
		const [data] = await other.file('there').download();
		assert.equal(data.toString(), 'source');
		await other.deleteFiles();
		await other.delete();
	});
	await check('copy onto what is there, under a condition: 412', () =>
		refuses(412, 'conditionNotMet', () => source.copy('copy #1',
			{ preconditionOpts: { ifGenerationMatch: 0 } })));
	await check('copy of what is not there: 404', () =>
		refuses(404, 'notFound', () => bucket.file('no').copy('x')));
	await check('move: a copy and a delete', async () => {
		await takes('PUT 1, DELETE 1', () =>
			bucket.file('copy #1').move('moved'));
		assert.deepEqual(await bucket.file('copy #1').exists(), [false]);
		const [data] = await bucket.file('moved').download();
		assert.equal(data.toString(), 'source');
	});
	await check('rename', async () => {
		await bucket.file('moved').rename('renamed');
		assert.deepEqual(await bucket.file('moved').exists(), [false]);
		assert.deepEqual(await bucket.file('renamed').exists(), [true]);
	});
	await check('moveFileAtomic: one request', async () => {
		await takes('PUT 1', () =>
			bucket.file('renamed').moveFileAtomic('at once'));
		assert.deepEqual(await bucket.file('renamed').exists(), [false]);
		const [data] = await bucket.file('at once').download();
		assert.equal(data.toString(), 'source');
	});
	await check('another storage class: a rewrite', async () => {
		await source.setStorageClass('nearline');
		const [metadata] = await source.getMetadata();
		assert.equal(metadata.storageClass, 'NEARLINE');
	});
	await check('combine', async () => {
		const parts = ['one ', 'two ', 'three'];
		for (const part of parts)
			await bucket.file(part).save(part, { resumable: false });
		const [whole] = await takes('PUT 1', () =>
			bucket.combine(parts, 'whole.txt'));
		const [data] = await whole.download();
		assert.equal(data.toString(), 'one two three');
		const [metadata] = await whole.getMetadata();
		assert.equal(metadata.componentCount, 3);
		assert.equal(metadata.md5Hash, undefined);
		assert.equal(metadata.contentType, 'text/plain');
	});
	await check('combine with what is not there: 404', () =>
		refuses(404, 'notFound', () =>
			bucket.combine(['one ', 'no'], 'whole.txt')));
	await check('combine under a condition: 412', () =>
		refuses(412, 'conditionNotMet', () =>
			bucket.combine(['one ', 'two '], 'whole.txt',
				{ ifGenerationMatch: 0 })));
	await bucket.deleteFiles();
}
