// SPDX-License-Identifier: MIT
// Buckets, and what two of their settings keep: old versions and what was
// deleted softly.

import assert from 'node:assert/strict';
import { check, refuses, takes } from './check.mjs';

async function text(file) {
	const [data] = await file.download();
	return data.toString();
}

async function themselves(storage) {
	const bucket = storage.bucket('made-here');
	await check('create', async () => {
		assert.deepEqual(await bucket.exists(), [false]);
		await takes('BUCKET 1', () => storage.createBucket('made-here'));
		assert.deepEqual(await bucket.exists(), [true]);
	});
	await check('create again: 409', () => refuses(409, 'conflict', () =>
		storage.createBucket('made-here')));
	await check('a bad name: 400', () => refuses(400, 'invalid', () =>
		storage.createBucket('Made Here')));
	await check('getBuckets', async () => {
		const [buckets] = await storage.getBuckets();
		assert.deepEqual(buckets.map((b) => b.name),
			['demo', 'made-here']);
		const [some] = await storage.getBuckets({ prefix: 'made' });
		assert.deepEqual(some.map((b) => b.name), ['made-here']);
	});
	await check('its metadata', async () => {
		const [metadata] = await bucket.getMetadata();
		assert.equal(metadata.kind, 'storage#bucket');
		assert.equal(metadata.softDeletePolicy.retentionDurationSeconds,
			'604800');
		assert.equal(metadata.metageneration, '1');
	});
	await check('setLabels', async () => {
		await bucket.setLabels({ team: 'storage' });
		assert.deepEqual((await bucket.getLabels())[0],
			{ team: 'storage' });
		const [metadata] = await bucket.getMetadata();
		assert.equal(metadata.metageneration, '2');
	});
	await check('delete when not empty: 409', async () => {
		await bucket.file('x').save('x', { resumable: false });
		await refuses(409, 'conflict', bucket.delete());
		await bucket.deleteFiles();
	});
	await check('delete', () => takes('BUCKET 1', () => bucket.delete()));
	await check('get of what was deleted: 404', () =>
		refuses(404, 'notFound', bucket.getMetadata()));
}

async function versions(storage) {
	const [bucket] = await storage.createBucket('versioned-bucket', {
		versioning: { enabled: true },
		softDeletePolicy: { retentionDurationSeconds: '0' } });
	const file = bucket.file('v');
	let old;
	await check('a version stays when another is written', async () => {
		await file.save('one', { resumable: false });
		old = file.metadata.generation;
		await file.save('two', { resumable: false });
		const [files] = await bucket.getFiles({ versions: true });
		assert.equal(files.length, 2);
		assert.equal(files[0].metadata.generation, old);
		assert.ok(files[0].metadata.timeDeleted);
		assert.equal(files[1].metadata.timeDeleted, undefined);
		assert.equal(await text(file), 'two');
		assert.equal(await text(bucket.file('v', { generation: old })),
			'one');
	});
	await check('delete leaves all versions', async () => {
		await bucket.file('v').delete();
		assert.deepEqual((await bucket.getFiles())[0], []);
		const [files] = await bucket.getFiles({ versions: true });
		assert.equal(files.length, 2);
	});
	await check('delete of a version is for ever', async () => {
		await bucket.file('v', { generation: old }).delete();
		const [files] = await bucket.getFiles({ versions: true });
		assert.equal(files.length, 1);
	});
	await check('a bucket with old versions is not empty: 409', () =>
		refuses(409, 'conflict', bucket.delete()));
	await check('deleteFiles with versions', async () => {
		await bucket.deleteFiles({ versions: true });
		await bucket.delete();
	});
}

async function softDeleted(storage) {
	const [bucket] = await storage.createBucket('soft-bucket');
	const file = bucket.file('s');
	await file.save('soft', { resumable: false });
	const { generation } = file.metadata;
	await file.delete();
	await check('what was deleted is listed with softDeleted', async () => {
		assert.deepEqual((await bucket.getFiles())[0], []);
		const [files] = await bucket.getFiles({ softDeleted: true });
		assert.equal(files.length, 1);
		assert.equal(files[0].metadata.generation, generation);
		assert.ok(files[0].metadata.softDeleteTime);
		const days = Date.parse(files[0].metadata.hardDeleteTime) -
			Date.parse(files[0].metadata.softDeleteTime);
		assert.equal(days, 7 * 24 * 3600 * 1000);
	});
	await check('and read with its generation', async () => {
		const [metadata] = await file.getMetadata(
			{ softDeleted: true, generation });
		assert.equal(metadata.name, 's');
		await refuses(400, 'required', () =>
			bucket.file('s').getMetadata({ softDeleted: true }));
	});
	await check('restore makes a new generation', async () => {
		const restored = await bucket.file('s').restore({ generation });
		assert.equal(restored.name, 's');
		assert.notEqual(restored.generation, generation);
		assert.equal(await text(bucket.file('s')), 'soft');
	});
	await check('softDeleted without a policy: 400', async () => {
		await bucket.setMetadata(
			{ softDeletePolicy: { retentionDurationSeconds: '0' } });
		await assert.rejects(bucket.getFiles({ softDeleted: true }),
			(err) => err.code === 400 &&
				/bucket soft delete policy must be set/.test(
					err.message));
	});
	await bucket.deleteFiles();
	await bucket.delete();
}

export async function buckets(storage) {
	await themselves(storage);
	await versions(storage);
	await softDeleted(storage);
}
