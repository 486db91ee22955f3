#!/bin/sh
# SPDX-License-Identifier: MIT
# What a project's own tests would be: they find the storage where every client
# library looks for an emulator, and nothing else here is about gcs-sim.  The
# registry `demo` has 1079 objects, of which 391 are garbage.
set -eu

: "${STORAGE_EMULATOR_HOST:?start me with: gcs-sim exec -- $0}"
api=$STORAGE_EMULATOR_HOST/storage/v1/b/demo/o
upload=$STORAGE_EMULATOR_HOST/upload/storage/v1/b/demo/o

curl -fsS -o /dev/null --data-binary 'hello' \
	-H 'Content-Type: text/plain' "$upload?uploadType=media&name=greeting"
[ "$(curl -fsS "$api/greeting?alt=media")" = hello ]

curl -fsS -o /dev/null -X DELETE "$api/greeting"
status=$(curl -sS -o /dev/null -w '%{http_code}' "$api/greeting")
[ "$status" = 404 ]

echo "stored, read and deleted an object at $STORAGE_EMULATOR_HOST"
