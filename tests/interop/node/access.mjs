// SPDX-License-Identifier: MIT
// Who may do what, who is told, and who has keys: kept and shown.

import assert from 'node:assert/strict';
import { check, refuses } from './check.mjs';

async function lists(bucket) {
	const entity = 'user-ann@example.com';
	const file = bucket.file('listed');
	await file.save('x', { resumable: false });
	for (const [what, acl] of [['a bucket', bucket.acl],
		['its new files', bucket.acl.default], ['a file', file.acl]]) {
		await check(`the list of ${what}`, async () => {
			await acl.add({ entity, role: 'READER' });
			const [one] = await acl.get({ entity });
			assert.equal(one.role, 'READER');
			await acl.update({ entity, role: 'OWNER' });
			const [all] = await acl.get();
			assert.equal(all.find((e) => e.entity === entity).role,
				'OWNER');
			await acl.delete({ entity });
			await refuses(404, 'notFound', acl.get({ entity }));
		});
	}
	await check('makePublic and makePrivate', async () => {
		await file.makePublic();
		const [one] = await file.acl.get({ entity: 'allUsers' });
		assert.equal(one.role, 'READER');
		await file.makePrivate({ strict: true });
		await refuses(404, 'notFound',
			file.acl.get({ entity: 'allUsers' }));
		await bucket.makePublic();
		await bucket.makePrivate();
		await refuses(404, 'notFound',
			bucket.acl.get({ entity: 'allUsers' }));
	});
	await check('uniform access has no lists', async () => {
		const [all] = await bucket.storage.createBucket('uniform-here', {
			iamConfiguration: {
				uniformBucketLevelAccess: { enabled: true } } });
		await refuses(400, 'invalid', all.acl.get());
		await all.delete();
	});
}

async function policies(bucket) {
	await check('a policy', async () => {
		const [policy] = await bucket.iam.getPolicy(
			{ requestedPolicyVersion: 3 });
		policy.bindings.push({ role: 'roles/storage.admin',
			members: ['user:ann@example.com'] });
		const [now] = await bucket.iam.setPolicy(policy);
		assert.deepEqual(now.bindings, policy.bindings);
		await refuses(412, 'conditionNotMet',
			bucket.iam.setPolicy(policy));
	});
	await check('testPermissions', async () => {
		const [may] = await bucket.iam.testPermissions(
			['storage.buckets.delete']);
		assert.deepEqual(may, { 'storage.buckets.delete': true });
	});
}

async function notifications(bucket) {
	await check('a notification', async () => {
		const [made] = await bucket.createNotification('my-topic', {
			eventTypes: ['OBJECT_FINALIZE'] });
		const [metadata] = await made.getMetadata();
		assert.match(metadata.topic, /topics\/my-topic$/);
		const [all] = await bucket.getNotifications();
		assert.deepEqual(all.map((n) => n.id), [made.id]);
		await made.delete();
		assert.deepEqual(await made.exists(), [false]);
	});
}

async function keys(storage) {
	await check('an HMAC key', async () => {
		const [key, secret] = await storage.createHmacKey(
			'ann@example.com');
		assert.equal(secret.length, 40);
		const [metadata] = await key.getMetadata();
		assert.equal(metadata.state, 'ACTIVE');
		await refuses(400, 'invalid', key.delete());
		await key.setMetadata({ state: 'INACTIVE' });
		const [all] = await storage.getHmacKeys({
			serviceAccountEmail: 'ann@example.com' });
		assert.deepEqual(all.map((k) => k.metadata.state), ['INACTIVE']);
		await key.delete();
		assert.deepEqual((await storage.getHmacKeys())[0], []);
	});
	await check('getServiceAccount', async () => {
		const [account] = await storage.getServiceAccount();
		assert.match(account.emailAddress, /@gs-project-accounts\./);
	});
}

export async function access(storage) {
	const [bucket] = await storage.createBucket('access-here');
	await lists(bucket);
	await policies(bucket);
	await notifications(bucket);
	await keys(storage);
	await bucket.deleteFiles();
	await bucket.delete();
}
