// SPDX-License-Identifier: MIT
// All checks with one client: node main.mjs SETTINGS FOLDER, where the module
// SETTINGS exports `storage`, and FOLDER is for files.

import { pathToFileURL } from 'node:url';
import { access } from './access.mjs';
import { buckets } from './buckets.mjs';
import { finish, check } from './check.mjs';
import { copies } from './copies.mjs';
import { lists } from './lists.mjs';
import { objects } from './objects.mjs';
import { uploads } from './uploads.mjs';

const [, , settings, folder] = process.argv;
const { storage } = await import(pathToFileURL(settings));

for (const part of [objects, lists, uploads, copies, buckets,
	access])
	await check(`${part.name}: all of them ran`, () => part(storage, folder));
finish();
