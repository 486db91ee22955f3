#!/bin/sh
# SPDX-License-Identifier: MIT
# @google-cloud/storage against gcs-sim, both ways to point it there.

. "$(dirname "$0")/lib.sh"

need 'Node 18 or later' nodejs node -e 'fetch'
need 'a Node module' 'none: npm ci' \
	ls "$here/node/node_modules/@google-cloud/storage/package.json"

# The page's modules are found from where they lie.
ln -s "$here/node/node_modules" "$work/node_modules"

begin_sim --bucket demo
SIM_URL=$url
export SIM_URL
blocks js 1 >"$work/emulator.mjs"
blocks js 2 >"$work/endpoint.mjs"
client apiEndpoint node "$here/node/main.mjs" "$work/endpoint.mjs" "$work"
load_settings
client STORAGE_EMULATOR_HOST node "$here/node/main.mjs" "$work/emulator.mjs" "$work"

mkdir "$work/page"
cp "$work/emulator.mjs" "$work/page/storage.mjs"
blocks js 3 >"$work/page/try.mjs"
forget_requests
page_holds
counted 'the page: as many as it looks' 'LIST 2, GET 1, PUT 1, DELETE 1'
client 'retry scenario' node "$here/node/retries.mjs"
end_sim

done_testing
