#!/bin/sh
# SPDX-License-Identifier: MIT
# gcsweep doctor: what it finds, what it says to do, and how it ends.

. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2317 # run calls it
doctor() {
	"$gcsweep" doctor gs://demo --endpoint "$url" "$@"
}

# refused NAME PATTERN COMMAND...: a usage error, in one line.
refused() {
	what=$1 pattern=$2
	shift 2
	run "$@"
	ok "$what: status 2" [ "$status" -eq 2 ]
	ok "$what: one line" [ "$(wc -l <"$work/err")" -eq 1 ]
	ok "$what: says what is wrong" grep -q -e "$pattern" "$work/err"
	ok "$what: nothing on standard output" [ ! -s "$work/out" ]
}

# finds NAME STATUS LINE...: that exit status, and a line for each pattern.
finds() {
	what=$1 want=$2
	shift 2
	run doctor
	findings >"$work/found"
	ok "$what: status $want" [ "$status" -eq "$want" ]
	for line; do
		ok "$what: $line" grep -q -e "^$line" "$work/found"
	done
}

# patch JSON: changes the bucket.
patch() {
	curl -fsS -o /dev/null -X PATCH --data-binary "$1" \
		-H 'Content-Type: application/json' "$url/storage/v1/b/demo"
}

# fault RULE, and no_faults.
fault() {
	curl -fsS -o /dev/null --data-binary "$1" "$url/_sim/faults"
}

no_faults() {
	curl -fsS -o /dev/null -X DELETE "$url/_sim/faults"
}

# --- the command line ---

refused 'no registry' 'needs a registry' "$gcsweep" doctor
refused 'not a URL' 'is not gs://BUCKET' "$gcsweep" doctor s3://demo
refused 'no scheme that is known' 'only the schemes* http' \
	"$gcsweep" doctor gs://demo --endpoint ftp://x
refused 'another command'\''s option' '--yes' "$gcsweep" doctor gs://demo --yes

# --- a bucket that is well ---

start_sim --registry demo
patch '{"softDeletePolicy": {"retentionDurationSeconds": "0"}}'
finds 'all is well' 0 "ok    where: the emulator $url, bucket demo, by no proxy" \
	"ok    reachable: bucket demo answers at $url$" \
	'ok    soft delete: off' 'ok    versioning: off' 'ok    retention: none' \
	'ok    holds: none' 'ok    bucket: US (multi-region), STANDARD' \
	'ok    storage.objects.list: granted' \
	'ok    storage.objects.get: granted' \
	'ok    storage.objects.delete: granted' \
	'ok    storage.objects.create: granted' \
	'ok    storage.objects.restore: granted' \
	'ok    storage.buckets.get: granted' \
	'ok    registry: there is one at docker/registry/v2/' \
	'ok    clock: within 30 s' \
	'ok    latency: median [0-9.]* ms of 5 reads; 1000 deletes take' \
	'ok    protocol: HTTP/1.1, in plain text$'
ok 'all is well: nothing fails' grep -q ', 0 failures$' "$work/out"
ok 'all is well: nothing on standard error' [ ! -s "$work/err" ]
ok 'all is well: nothing is changed' \
	sh -c "! curl -fsS '$url/_sim/requests?format=text' | grep -v 'PATCH\|GET\|LIST\|BUCKET'"
run env https_proxy=http://me:secret@proxy:3128 "$gcsweep" doctor gs://demo \
	--endpoint "$url"
ok 'a proxy is not for emulators' grep -q 'by no proxy$' "$work/out"
run "$gcsweep" doctor gs://demo/elsewhere/ --endpoint "$url"
ok 'another root: status 0' [ "$status" -eq 0 ]
ok 'another root: says that nothing is there' grep -qx \
	'warn  registry: nothing is at elsewhere/docker/registry/v2/' \
	"$work/out"
ok 'another root: says below it what to do' grep -qx \
	'      its root goes in gs://demo/ROOT' "$work/out"

run sh -c "'$gcsweep' doctor gs://demo --endpoint '$url' >/dev/full"
ok 'nowhere to write: status 1' [ "$status" -eq 1 ]
ok 'nowhere to write: says so' grep -qx \
	'gcsweep: standard output: No space left on device' "$work/err"

# --- policies that keep what is deleted ---

patch '{"softDeletePolicy": {"retentionDurationSeconds": "864000"},
	"versioning": {"enabled": true}, "defaultEventBasedHold": true}'
finds 'policies' 0 \
	'warn  soft delete: .* frees no money for 10 days; .*gcloud storage buckets update gs://demo --clear-soft-delete$' \
	'warn  versioning: on.*gs://demo --no-versioning' \
	'warn  holds: .*gs://demo --no-default-event-based-hold' \
	'[0-9]* ok, [3-9] warnings, 0 failures$'
patch '{"versioning": null, "retentionPolicy": {"retentionPeriod": "86400"}}'
finds 'retention' 0 \
	'warn  retention: objects younger than 1 day .*--clear-retention-period$'
stop_sim

# --- a bucket that is not ---

start_sim --registry demo
run "$gcsweep" doctor gs://missing --endpoint "$url"
ok 'no such bucket: status 4' [ "$status" -eq 4 ]
findings >"$work/found"
ok 'no such bucket: says so' grep -q \
	'^fail  reachable: HTTP 404 .*missing; .*gcloud storage buckets list$' \
	"$work/found"
fault 'storage.buckets.get 403'
finds 'policies that may not be read' 0 'warn  reachable: HTTP 403 ' \
	'ok    storage.objects.list: granted' 'ok    registry: there is one' \
	'ok    latency: median'
no_faults
fault 'storage.buckets.get 401'
finds 'not let in' 4 \
	'fail  reachable: HTTP 401 .*; it wants a credential, and none is sent' \
	'ok    clock: ' '3 ok, 0 warnings, 1 failure$'
no_faults
fault 'storage.buckets.get 503'
finds 'busy' 5 'fail  reachable: HTTP 503 .*; run again later$'
no_faults
fault 'storage.buckets.testIamPermissions 403'
finds 'permissions that may not be asked for' 4 \
	'fail  permissions: HTTP 403 ' 'ok    registry: ' 'ok    protocol: '
no_faults
fault '* skew by=2m'
finds 'a clock that is behind' 0 'warn  clock: 1[12][0-9] s behind .*; set it'
no_faults
fault '* skew by=-1h'
finds 'a clock that is far ahead' 2 \
	'fail  clock: 3[56][0-9][0-9] s ahead of .* tokens are refused; set it'
no_faults
fault 'LIST 403'
finds 'a list that is refused' 4 'fail  registry: HTTP 403 ' \
	'ok    latency: '
no_faults
fault 'storage.buckets.get bad-json'
finds 'garbage' 6 'fail  reachable: .*is not JSON'
no_faults
stop_sim
url=$nobody
finds 'nobody there' 5 "fail  reachable: $nobody: .*; does an emulator run" \
	'2 ok, 0 warnings, 1 failure$'

done_testing
