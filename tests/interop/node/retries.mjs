// SPDX-License-Identifier: MIT
// The retry conformance scenarios of Google's client libraries, by this one:
// node retries.mjs.  Each case has a client, a bucket and a retry test of its
// own, and is held to success or failure and to the test's being completed.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bucket, File, Storage } from '@google-cloud/storage';
import { check, finish } from './check.mjs';

const apiEndpoint = process.env.SIM_URL;
const MiB = 1 << 20;
const AT_ONCE = 64;
const big = randomBytes(9 * MiB + 1);
const folder = await mkdtemp(join(tmpdir(), 'retries-'));
const bigFile = join(folder, 'big');
const smallFile = join(folder, 'small');
let serial = 0;

// --- what the library's methods are called with ---
// Each is (c) => a promise; c has storage, bucket, file, present and more.  With
// c.present a condition goes along: with the call, or (c.own) it is the
// bucket's or the file's own.

const drain = (stream) => new Promise((resolve, reject) =>
	stream.on('data', () => {}).on('end', resolve).on('error', reject));

// The condition on a bucket, which was created and changed once.
const meta = (c) =>
	c.present && !c.own ? { ifMetagenerationMatch: 2 } : undefined;

const generation = (c, n) => c.present && !c.own
	? { preconditionOpts: { ifGenerationMatch: n } } : {};

const live = (c) => generation(c, c.file.metadata.generation);

// Whose own condition is that an object is new.
const ownerOfNew = (c) => c.own ? new Bucket(c.storage, c.name,
	{ preconditionOpts: { ifGenerationMatch: 0 } }) : c.bucket;

const patches = {
	'addLifecycleRule': (c) => c.bucket.addLifecycleRule(
		{ action: { type: 'Delete' }, condition: { age: 9 } }, meta(c)),
	'deleteLabels': (c) => c.bucket.deleteLabels(meta(c)),
	'disableRequesterPays': (c) => c.bucket.disableRequesterPays(meta(c)),
	'enableLogging': (c) => c.bucket.enableLogging({ prefix: 'log',
		...meta(c) }),
	'enableRequesterPays': (c) => c.bucket.enableRequesterPays(meta(c)),
	'bucket.makePrivate': (c) => c.bucket.makePrivate(
		meta(c) && { preconditionOpts: meta(c) }),
	'removeRetentionPeriod': (c) => c.bucket.removeRetentionPeriod(meta(c)),
	'setCorsConfiguration': (c) => c.bucket.setCorsConfiguration(
		[{ maxAgeSeconds: 3600 }], meta(c)),
	'setLabels': (c) => c.bucket.setLabels({ one: '1' }, meta(c)),
	'bucket.setMetadata': (c) => c.bucket.setMetadata(
		{ website: { mainPageSuffix: 'index.html' } }, meta(c)),
	'setRetentionPeriod': (c) => c.bucket.setRetentionPeriod(1, meta(c)),
	'bucket.setStorageClass': (c) => c.bucket.setStorageClass(
		'nearline', meta(c)),
};

const notifications = {
	'storage.notifications.delete': {
		'notification.delete': (c) => c.notification.delete() },
	'storage.notifications.get': {
		'notification.exists': (c) => c.notification.exists(),
		'notification.get': (c) => c.notification.get(),
		'notification.getMetadata': (c) =>
			c.notification.getMetadata() },
	'storage.notifications.list': {
		'getNotifications': (c) => c.bucket.getNotifications() },
};

const always = {
	'storage.bucket_acl.get': {
		'bucket.acl.get': async (c) => {
			await c.plain.acl.add(
				{ entity: 'allUsers', role: 'READER' });
			await c.bucket.acl.get({ entity: 'allUsers' });
		} },
	'storage.bucket_acl.list': {
		'bucket.acl.get of all': (c) => c.bucket.acl.get() },
	'storage.buckets.delete': {
		'bucket.delete': async (c) => {
			await c.plain.file(c.file.name).delete();
			await c.bucket.delete();
		} },
	'storage.buckets.get': {
		'bucket.exists': (c) => c.bucket.exists(),
		'bucket.get': (c) => c.bucket.get(),
		'bucket.getLabels': (c) => c.bucket.getLabels(),
		'bucket.getMetadata': (c) => c.bucket.getMetadata() },
	'storage.buckets.getIamPolicy': {
		'iam.getPolicy': (c) => c.bucket.iam.getPolicy(
			{ requestedPolicyVersion: 1 }) },
	'storage.buckets.insert': {
		'bucket.create': (c) => c.storage.bucket(`${c.name}-new`).create(),
		'createBucket': (c) => c.storage.createBucket(`${c.name}-new`) },
	'storage.buckets.list': {
		'getBuckets': (c) => c.storage.getBuckets(),
		'getBucketsStream': (c) => drain(c.storage.getBucketsStream()) },
	'storage.buckets.lockRetentionPolicy': {
		'lock': async (c) => {
			await c.plain.setRetentionPeriod(1);
			await c.bucket.lock(3);
		} },
	'storage.buckets.testIamPermissions': {
		'iam.testPermissions': (c) => c.bucket.iam.testPermissions(
			'storage.buckets.delete') },
	'storage.default_object_acl.list': {
		'acl.default.get': (c) => c.bucket.acl.default.get() },
	'storage.hmacKey.delete': {
		'hmacKey.delete': async (c) => {
			await c.plainKey.setMetadata({ state: 'INACTIVE' });
			await c.key.delete();
		} },
	'storage.hmacKey.get': {
		'hmacKey.get': (c) => c.key.get(),
		'hmacKey.getMetadata': (c) => c.key.getMetadata() },
	'storage.hmacKey.list': {
		'getHmacKeys': (c) => c.storage.getHmacKeys(),
		'getHmacKeysStream': (c) =>
			drain(c.storage.getHmacKeysStream()) },
	...notifications,
	'storage.object_acl.list': {
		'file.acl.get': (c) => c.file.acl.get() },
	'storage.objects.get': {
		'createReadStream': (c) => drain(c.file.createReadStream()),
		'download': (c) => c.file.download(),
		'file.exists': (c) => c.file.exists(),
		'file.get': (c) => c.file.get(),
		'file.getExpirationDate': async (c) => {
			await c.plain.setRetentionPeriod(1);
			await c.file.getExpirationDate();
		},
		'file.getMetadata': (c) => c.file.getMetadata(),
		'isPublic': (c) => c.file.isPublic() },
	'storage.objects.list': {
		'getFiles': (c) => c.bucket.getFiles(),
		'getFilesStream': (c) => drain(c.bucket.getFilesStream()) },
	'storage.serviceaccount.get': {
		'getServiceAccount': (c) => c.storage.getServiceAccount() },
};

const conditional = {
	'storage.buckets.patch': patches,
	'storage.buckets.setIamPolicy': {
		'iam.setPolicy': async (c) => {
			const policy = { bindings: [{ role: 'roles/storage.admin',
				members: ['allUsers'] }] };
			if (c.present)
				[{ etag: policy.etag }] =
					await c.plain.iam.getPolicy();
			await c.bucket.iam.setPolicy(policy);
		} },
	'storage.objects.compose': {
		'combine': (c) => c.bucket.combine([c.file],
			c.bucket.file('new', c.own
				? { preconditionOpts: { ifGenerationMatch: 0 } } : {}),
			c.present && !c.own ? { ifGenerationMatch: 0 } : {}) },
	'storage.objects.delete': {
		'file.delete': (c) => c.file.delete(c.present && !c.own
			? { ifGenerationMatch: c.file.metadata.generation } : {}) },
	'storage.objects.insert': {
		'upload, multipart': (c) => ownerOfNew(c).upload(smallFile,
			{ resumable: false, ...generation(c, 0) }),
		'save, multipart': (c) => c.file.save('data',
			{ resumable: false, ...live(c) }) },
	'storage.objects.patch': {
		'file.makePrivate': (c) => c.file.makePrivate(
			c.present && !c.own ? { preconditionOpts: {
				ifMetagenerationMatch: 1 } } : {}),
		'file.setMetadata': (c) => c.file.setMetadata(
			{ contentType: 'text/x-song' },
			c.present && !c.own
				? { ifMetagenerationMatch: 1 } : {}) },
	'storage.objects.rewrite': {
		'copy': (c) => c.file.copy('new', generation(c, 0)),
		'move': (c) => c.file.move('new', generation(c, 0)),
		'rename': (c) => c.file.rename('new', generation(c, 0)),
		'file.setStorageClass': (c) => c.file.setStorageClass(
			'nearline', live(c)) },
};

// What can have a condition of its own.
const owned = Object.fromEntries(['storage.buckets.patch',
	'storage.objects.compose', 'storage.objects.delete',
	'storage.objects.insert', 'storage.objects.patch']
	.map((method) => [method, conditional[method]]));

const inChunks = { resumable: true, chunkSize: 2 * MiB };

const resumable = {
	'storage.objects.insert': {
		'upload, resumable': async (c) => {
			await c.bucket.upload(bigFile,
				{ ...inChunks, ...generation(c, 0) });
			const [back] = await c.plain.file('big').download();

			assert.ok(back.equals(big), 'it is there as it was sent');
		},
		'save, resumable': async (c) => {
			await c.file.save(big, { ...inChunks, ...live(c) });
			const [back] = await c.plain.file(c.file.name).download();

			assert.ok(back.equals(big), 'it is there as it was sent');
		} },
};

const starts = {
	'storage.objects.insert': {
		'createResumableUpload': (c) => c.bucket.file('new')
			.createResumableUpload(generation(c, 0)) },
};

const never = {
	'storage.bucket_acl.insert': {
		'bucket.acl.add': (c) => c.bucket.acl.add(
			{ entity: 'allUsers', role: 'READER' }),
		'bucket.makePublic': (c) => c.bucket.makePublic() },
	'storage.hmacKey.create': {
		'createHmacKey': (c) => c.storage.createHmacKey('a@b.c') },
	// Not even with an etag, for this library.
	'storage.hmacKey.update': {
		'hmacKey.setMetadata': (c) => c.key.setMetadata(
			{ state: 'INACTIVE', etag: c.plainKey.metadata.etag }) },
	'storage.notifications.insert': {
		'createNotification': (c) =>
			c.bucket.createNotification('topic'),
		'notification.create': (c) =>
			c.bucket.notification('topic').create() },
	'storage.object_acl.insert': {
		'file.acl.add': (c) => c.file.acl.add(
			{ entity: 'allUsers', role: 'READER' }),
		'file.makePublic': (c) => c.file.makePublic() },
};

// --- the scenarios ---

const RESET = 'return-reset-connection';
const retried = [['return-503', 'return-503'], [RESET, RESET],
	[RESET, 'return-503']];
const once = [['return-503'], [RESET]];
const refused = [['return-400'], ['return-401']];
const mixed = [['return-503', 'return-400'], [RESET, 'return-401']];
// Without ['return-503-after-8192K', 'return-408']: when its question what is
// held is refused this library goes on at 0, finds that too little, and gives up
// with an error that nobody can catch.
const cut = [[RESET, 'return-503'], ['return-408'], ['return-503-after-256K'],
	['return-503-after-8192K']];
const scenarios = [
	{ title: '1 always idempotent', cases: retried, succeeds: true,
		of: [always] },
	{ title: '2 with a precondition', cases: retried, present: true,
		succeeds: true, of: [conditional, starts] },
	{ title: '2 with a precondition of its own', cases: retried,
		present: true, own: true, succeeds: true, of: [owned] },
	{ title: '3 without a precondition', cases: once, of: [conditional] },
	{ title: '4 never idempotent', cases: once, of: [never] },
	{ title: '5 not retryable', cases: refused,
		of: [always, conditional, never] },
	{ title: '6 retryable, then not', cases: mixed, present: true,
		of: [always, conditional] },
	{ title: '7 resumable upload', cases: cut, present: true,
		succeeds: true, of: [resumable] },
	// No 8: this library does not go on with a download that broke, and its
	// promise is never settled.
];

// --- one case ---

async function ask(method, path, body) {
	const answer = await fetch(apiEndpoint + path,
		{ method, body: body && JSON.stringify(body) });
	const text = await answer.text();

	assert.equal(answer.status, 200, text);
	return method === 'DELETE' ? text : JSON.parse(text);
}

// What a case needs besides its bucket and the object in it.
async function addMore(c, made) {
	const [notification] = await c.plain.createNotification('topic');
	const [hmacKey] = await c.plain.storage.createHmacKey('a@b.c');

	c.notification = c.bucket.notification(notification.id);
	c.key = c.storage.hmacKey(hmacKey.metadata.accessId);
	c.plainKey = hmacKey;
	c.file = new File(c.bucket, made.name, c.own ? { preconditionOpts: {
		ifGenerationMatch: made.metadata.generation,
		ifMetagenerationMatch: 1 } } : {});
	c.file.metadata = made.metadata;
}

// A bucket of metageneration 2, with an object; the clients that make it and
// look at it afterwards are under no test.
async function prepare({ present, own }) {
	const name = `retries-${++serial}`;
	const plain = new Storage({ apiEndpoint, projectId: 'p' }).bucket(name);
	const storage = new Storage({ apiEndpoint, projectId: 'p',
		retryOptions: { retryDelayMultiplier: 0.01 } });
	const made = plain.file('file');

	await plain.create();
	await plain.setMetadata({
		softDeletePolicy: { retentionDurationSeconds: 0 } });
	await made.save('some bytes', { resumable: false });
	const c = { name, plain, storage, present, own };
	c.bucket = new Bucket(storage, name, own
		? { preconditionOpts: { ifMetagenerationMatch: 2 } } : {});
	await addMore(c, made);
	return c;
}

async function runCase(scenario, method, run, instructions) {
	const c = await prepare(scenario);
	const test = await ask('POST', '/retry_test',
		{ instructions: { [method]: instructions } });

	c.storage.interceptors.push({ request: (options) => {
		options.headers = { ...options.headers,
			'x-retry-test-id': test.id };
		return options;
	} });
	if (scenario.succeeds)
		await run(c);
	else
		await assert.rejects(() => run(c));
	const left = await ask('GET', `/retry_test/${test.id}`);
	assert.ok(left.completed, `left: ${JSON.stringify(left.instructions)}`);
	await ask('DELETE', `/retry_test/${test.id}`);
}

// --- all of them ---

function* points() {
	for (const scenario of scenarios)
		for (const methods of scenario.of)
			for (const [method, calls] of Object.entries(methods))
				for (const [what, run] of Object.entries(calls))
					yield { scenario, method, what, run };
}

async function work(queue) {
	for (const { scenario, method, what, run } of queue)
		await check(`${scenario.title}: ${what}`, () => Promise.all(
			scenario.cases.map((instructions) =>
				runCase(scenario, method, run, instructions))));
}

const queue = points();
await writeFile(bigFile, big);
await writeFile(smallFile, 'some bytes');
await Promise.all(Array.from({ length: AT_ONCE }, () => work(queue)));
await rm(folder, { recursive: true });
finish();
