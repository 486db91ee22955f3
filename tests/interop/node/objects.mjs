// SPDX-License-Identifier: MIT
// One object at a time: written, read, described, guarded and deleted.

import assert from 'node:assert/strict';
import { check, refuses, takes } from './check.mjs';

async function names(bucket) {
	for (const name of ['a b', 'a+b', '100%41', 'x/y z/+', 'q?a=b&c#d',
		'grün-日本', '.dot', "it's", 'trail/']) {
		await check(`a name such as ${name}`, async () => {
			await bucket.file(name).save(name, { resumable: false });
			const [data] = await bucket.file(name).download();
			assert.equal(data.toString(), name);
			const [found] = await bucket.getFiles({ prefix: name });
			assert.deepEqual(found.map((f) => f.name), [name]);
			await bucket.file(name).delete();
		});
	}
}

async function reads(bucket) {
	const file = bucket.file('read.txt');
	await check('save in one request', () => takes('PUT 1', () =>
		file.save('hello, world', { resumable: false })));
	await check('download', async () => {
		const [data] = await takes('GET 1', () => file.download());
		assert.equal(data.toString(), 'hello, world');
	});
	await check('download a range', async () => {
		const [data] = await takes('GET 1',
			() => file.download({ start: 3, end: 7 }));
		assert.equal(data.toString(), 'lo, w');
	});
	await check('download the end', async () => {
		const [data] = await file.download({ start: 7 });
		assert.equal(data.toString(), 'world');
	});
	await check('a range beyond the end: 416', async () => {
		await assert.rejects(file.download({ start: 100 }),
			(err) => err.code === 416);
	});
	await check('nothing in it', async () => {
		await bucket.file('empty').save('', { resumable: false });
		const [data] = await bucket.file('empty').download();
		assert.equal(data.length, 0);
	});
	await check('exists', async () => {
		assert.deepEqual(await file.exists(), [true]);
		assert.deepEqual(await bucket.file('no').exists(), [false]);
	});
	await check('compressed on the way up, plain when read', async () => {
		const zipped = bucket.file('zipped.txt');
		await zipped.save('aaaaaaaaaa', { gzip: true, resumable: false });
		const [metadata] = await zipped.getMetadata();
		assert.equal(metadata.contentEncoding, 'gzip');
		const [data] = await zipped.download();
		assert.equal(data.toString(), 'aaaaaaaaaa');
	});
	await check('get of what is not there: 404', () => takes('GET 1', () =>
		refuses(404, 'notFound', bucket.file('no').getMetadata())));
	await check('download of what is not there: 404', () =>
		assert.rejects(bucket.file('no').download(),
			(err) => err.code === 404 &&
				/No such object: .*\/no/.test(err.message)));
}

async function metadata(bucket) {
	const file = bucket.file('described.txt');
	await check('metadata that comes with the bytes', async () => {
		await file.save('x', { resumable: false, metadata: {
			contentType: 'text/x-own', cacheControl: 'no-store',
			metadata: { one: '1', two: 'zwei – 二' } } });
		const [m] = await file.getMetadata();
		assert.equal(m.kind, 'storage#object');
		assert.equal(m.contentType, 'text/x-own');
		assert.equal(m.cacheControl, 'no-store');
		assert.deepEqual(m.metadata, { one: '1', two: 'zwei – 二' });
		assert.equal(m.size, '1');
		assert.equal(m.md5Hash, 'ndTkYSaMgDT1yFZOFVxnpg==');
		assert.equal(m.metageneration, '1');
		assert.match(m.generation, /^\d{16}$/);
	});
	await check('setMetadata changes what it names', async () => {
		await takes('PUT 1', () => file.setMetadata({
			contentType: 'text/plain',
			metadata: { one: null, three: '3' } }));
		const [m] = await file.getMetadata();
		assert.equal(m.contentType, 'text/plain');
		assert.equal(m.cacheControl, 'no-store');
		assert.deepEqual(m.metadata, { two: 'zwei – 二', three: '3' });
		assert.equal(m.metageneration, '2');
	});
	await check('setMetadata under a stale condition: 412', () =>
		refuses(412, 'conditionNotMet', () => file.setMetadata(
			{ contentType: 'no' }, { ifMetagenerationMatch: 1 })));
	await check('setMetadata of what is not there: 404', () =>
		refuses(404, 'notFound', bucket.file('no').setMetadata({})));
	await check('a hold keeps it: 403', async () => {
		await file.setMetadata({ temporaryHold: true });
		await refuses(403, 'forbidden', file.delete());
		await file.setMetadata({ temporaryHold: false });
		await file.delete();
	});
}

async function conditions(bucket) {
	const once = { resumable: false,
		preconditionOpts: { ifGenerationMatch: 0 } };
	const file = bucket.file('once');
	await check('ifGenerationMatch 0: the first write', () =>
		file.save('1', once));
	await check('ifGenerationMatch 0: the second: 412', () =>
		refuses(412, 'conditionNotMet', file.save('2', once)));
	await check('ifGenerationMatch: the one that was read', async () => {
		const [{ generation }] = await file.getMetadata();
		await file.save('3', { resumable: false,
			preconditionOpts: { ifGenerationMatch: generation } });
		await refuses(412, 'conditionNotMet',
			file.delete({ ifGenerationMatch: generation }));
	});
	await check('an old generation is gone: 404', async () => {
		const [{ generation }] = await file.getMetadata();
		const old = bucket.file('once',
			{ generation: String(Number(generation) - 1) });
		await refuses(404, 'notFound', old.getMetadata());
	});
	await check('delete', () => takes('DELETE 1', () => file.delete()));
	await check('delete again: 404', () => takes('DELETE 1', () =>
		refuses(404, 'notFound', file.delete())));
	await check('delete again, ignoreNotFound', () =>
		file.delete({ ignoreNotFound: true }));
}

export async function objects(storage) {
	const bucket = storage.bucket('demo');
	await names(bucket);
	await reads(bucket);
	await metadata(bucket);
	await conditions(bucket);
	await check('an object of no bucket: 404', () => refuses(404, 'notFound',
		storage.bucket('no-such-bucket').file('x').getMetadata()));
	await bucket.deleteFiles();
}
