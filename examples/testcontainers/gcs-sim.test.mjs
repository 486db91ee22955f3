// SPDX-License-Identifier: MIT

// A test to copy, for Testcontainers for Node and Node's own test runner; the
// image gcs-sim is that of examples/docker.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GenericContainer, Wait } from 'testcontainers';

let sim;
let url;

before(async () => {
  sim = await new GenericContainer('gcs-sim')
    .withCommand(['--bucket', 'photos', '--latency', '42ms'])
    .withExposedPorts(4443)
    .withWaitStrategy(Wait.forHttp('/_sim/health', 4443))
    .start();
  url = `http://${sim.getHost()}:${sim.getMappedPort(4443)}`;
});

after(() => sim?.stop());

// Google's library takes the address as new Storage({ apiEndpoint: url }).
test('a delete is one request', async () => {
  const answer = await fetch(`${url}/storage/v1/b/photos/o/cat`, {
    method: 'DELETE',
  });
  assert.equal(answer.status, 404);
  const requests = await fetch(`${url}/_sim/requests?format=text`);
  assert.equal(await requests.text(), 'DELETE cat 404\n');
});
