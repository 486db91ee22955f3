#!/bin/sh
# SPDX-License-Identifier: MIT
# A test in shell that starts its own simulator, and counts.
# Where one command is all there is to test, `gcs-sim exec -- COMMAND` does it.
set -eu

# The ready line says that it answers, and where: no waiting, no fixed port.
# It ends with this shell, however that ends.
ready=$(mktemp -u)
mkfifo "$ready"
gcs-sim --bucket photos --write-limit 1000/s --parent-pid $$ >"$ready" &
sim=$!
read -r line <"$ready"
rm "$ready"
url=${line#gcs-sim ready }
url=${url%% *}

# requests KIND: how many the server has seen since the last reset.
requests() {
	curl -fsS "$url/_sim/stats" | sed -n 's/.*"'"$1"'": \([0-9]*\).*/\1/p'
}

# What is tested: here, that curl can store and delete, and what that costs.
export STORAGE_EMULATOR_HOST="$url"
curl -fsS -o /dev/null -X POST -d meow \
	"$url/upload/storage/v1/b/photos/o?uploadType=media&name=cat"
curl -fsS -o /dev/null -X DELETE "$url/storage/v1/b/photos/o/cat"
[ "$(requests PUT)" = 1 ]
[ "$(requests DELETE)" = 1 ]
[ "$(requests LIST)" = 0 ]

# The next test begins with what was there at first, and with counts at 0.
curl -fsS -X POST "$url/_sim/reset?state=start"
[ "$(requests total)" = 0 ]

kill "$sim"
wait "$sim"
echo "stored and deleted an object with 2 requests at $url"
