#!/bin/sh
# SPDX-License-Identifier: MIT
# make check-live, held to gcs-sim: that it finds what it looks for, keeps to its
# prefix, and leaves nothing behind.

. "$(dirname "$0")/lib.sh"

# live [NAME=VALUE...]: the script that make check-live runs.
live() {
	run env top_builddir="$bin" STORAGE_EMULATOR_HOST="$url" \
		REPORT="$work/report" "$@" sh "$top/tests/live/run.sh"
}

objects() {
	curl -fsS "$url/storage/v1/b/demo/o?fields=items(name,generation)"
}

# strays: what was written or deleted outside of the run's own prefix.  Of a
# delete of many the names are in the body: what is left tells of that one.
strays() {
	curl -fsS "$url/_sim/requests" | grep -v '"target":"/demo?delete"' |
		sed -n 's/.*"kind":"\(PUT\|DELETE\)".*"name":"\([^"]*\)".*/\1 \2/p' |
		grep -v "^[A-Z]* $1gcsweep-check-live-[0-9a-f]\{16\}/"
}

# --- what it refuses ---

url=$nobody
run env -u BUCKET top_builddir="$bin" sh "$top/tests/live/run.sh"
ok 'no bucket: status 2' [ "$status" -eq 2 ]
ok 'no bucket: says what to name' grep -q 'BUCKET=gs://name' "$work/err"
live BUCKET=gs://demo
ok 'nobody there: fails' [ "$status" -ne 0 ]
start_sim --registry demo
live BUCKET=gs://demo/docker
ok 'something is below the prefix: status 1' [ "$status" -eq 1 ]
ok 'something is below the prefix: says so' \
	grep -q 'there is something below gs://demo/docker/ already' "$work/err"
live BUCKET='gs://demo/a?b'
ok 'a prefix that is not plain: status 1' [ "$status" -eq 1 ]
ok 'a prefix that is not plain: says what is' grep -q 'letters, digits' \
	"$work/err"
ok 'refused: nothing is written or deleted' [ -z "$(strays nothing)" ]
live BUCKET=gs://missing
ok 'no such bucket: status 4, as doctor says' [ "$status" -eq 4 ]

# --- a run, beside a registry ---

objects >"$work/before"
live BUCKET=gs://demo
ok 'beside a registry: status 0' [ "$status" -eq 0 ]
ok 'beside a registry: every case passes' \
	sh -c "grep -q '^1\.\.[0-9]' '$work/out' && ! grep -q '^not ok' '$work/out'"
objects >"$work/after"
same 'beside a registry: all that was there is there, and nothing else' \
	"$work/before" "$work/after"
ok 'beside a registry: it wrote and deleted' [ -n "$(strays nothing)" ]
ok 'beside a registry: below its own prefix alone' [ -z "$(strays '')" ]
curl -fsS -o /dev/null --data-binary \
	'DELETE 429 name=**/probe/burst/* times=3 retry-after=5s' \
	"$url/_sim/faults"
live BUCKET=gs://demo/some/where/
ok 'below a prefix: status 0' [ "$status" -eq 0 ]
objects >"$work/after"
same 'below a prefix: nothing is left' "$work/before" "$work/after"
stop_sim

# --- what it writes down ---

says() {
	ok "report: $1" grep -q -e "$2" "$work/report"
}
says 'a delete that finds nothing' '^HTTP 404, Retry-After absent, body of'
says 'a delete that finds something' '^HTTP 204, Retry-After absent, body of 0'
says 'many deletes in one' '<DeleteResult.*<Code>NoSuchKey</Code>'
says 'a burst' '^3 were answered 429, 0 not at all$'
says 'what a 429 says' '^HTTP 429, Retry-After 5 s, body of'

# --- a server that fails the suite ---

start_sim --bucket demo --fault 'GET 400'
live BUCKET=gs://demo
ok 'a case fails: status 1' [ "$status" -eq 1 ]
ok 'a case fails: it is named' grep -q '^not ok .*what_is_put_can' "$work/out"
objects >"$work/after"
ok 'a case fails: nothing is left all the same' \
	sh -c "! grep -q name '$work/after'"
stop_sim

done_testing
