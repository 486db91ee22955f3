#!/bin/sh
# SPDX-License-Identifier: MIT
# gsutil of Google's SDK against gcs-sim's second door.  Each of its commands takes
# some seconds to begin, so each is one question.

. "$(dirname "$0")/lib.sh"

# Debian has another program of that name.
gsutil version 2>/dev/null </dev/null | grep -q '^gsutil version' ||
	skip_all 'there is no gsutil; its SDK is not a package of Debian'

CLOUDSDK_CONFIG=$work/gcloud
CLOUDSDK_CORE_DISABLE_USAGE_REPORTING=true
CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK=true
export CLOUDSDK_CONFIG CLOUDSDK_CORE_DISABLE_USAGE_REPORTING \
	CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK

# One that cannot be served tries again for hours.
gsutil_does() {
	name=$1
	shift
	does "$name" timeout -k 1 120 gsutil -o "GSUtil:state_dir=$work/state" "$@"
}

begin_sim --bucket demo --tls-listen 127.0.0.1:0 --tls-port-file "$work/port" \
	--ca-file "$work/ca.pem"
blocks sh 1 | sed "s/8443/$(cat "$work/port")/" >"$work/settings"
ok 'the page has settings' grep -q gs_json_port "$work/settings"
cd "$work" || exit 1
# shellcheck source=/dev/null
. "$work/settings"
blocks sh 2 >"$work/page.sh"
blocks text >"$work/page.want"
run timeout -k 1 240 sh -eu "$work/page.sh"
ok 'the commands of the page run' succeeded
same 'the commands of the page print what it says' "$work/page.want" "$work/out"

# --- a folder up and down ---

make_files "$work/up"
rm "$work/up/q?x=1&y#z.txt" # ? is a pattern to gsutil
gsutil_does 'cp -r up' -q cp -r "$work/up" gs://demo
mkdir "$work/down"
gsutil_does 'cp -r down' -q cp -r gs://demo/up "$work/down"
ok 'it came back as it was' diff -r "$work/up" "$work/down/up"

# --- more than 8 MiB: in a session ---

make_big "$work/big" 9437185
forget_requests
gsutil_does 'cp: 9 MiB up' -q cp "$work/big" gs://demo/big
ok 'in a session' sh -c "curl -fsS '$url/_sim/requests' | grep -q uploadType=resumable"
gsutil_does 'cp: 9 MiB down' -q cp gs://demo/big "$work/big.down"
ok 'the same bytes' cmp "$work/big" "$work/big.down"

# --- buckets, and many at once ---

gsutil_does 'mb' mb gs://gsutil-made
gsutil_does 'rb' rb gs://gsutil-made
gsutil_does 'rm -m' -q -m rm -r gs://demo/up gs://demo/big
curl -fsS "$url/storage/v1/b/demo/o" >"$work/left"
ok 'and nothing is left' sh -c "! grep -q '\"name\"' '$work/left'"
end_sim
done_testing
