#!/bin/sh
# SPDX-License-Identifier: MIT
# gcs-sim as people start it: its one line, port file, signals, bad options.

. "$(dirname "$0")/lib.sh"

# refused NAME PATTERN OPTIONS...: status 2, one line that says what is wrong.
refused() {
	what=$1 pattern=$2
	shift 2
	run "$gcs_sim" "$@"
	ok "$what: status 2" [ "$status" -eq 2 ]
	ok "$what: one line" [ "$(wc -l <"$work/err")" -eq 1 ]
	ok "$what: says what is wrong" grep -q -e "$pattern" "$work/err"
	ok "$what: nothing on standard output" [ ! -s "$work/out" ]
}

refused 'a bad latency' '42ms' --latency soon
refused 'a bad rate' 'a rate such as' --write-limit many
refused 'a bad choice' '429, queue' --on-limit maybe
refused 'an unknown key' 'repos, manifests' --registry wheels=4
refused 'a value out of range' '1 to 100000' --registry repos=0
refused 'a share above 100%' 'untagged' --registry untagged=101%
refused 'no value' 'manifests' --registry manifests
refused 'a bad bucket' 'bucket' --registry demo --bucket 'A B'
refused 'a root with a line break' 'root' --registry demo --root "$(printf 'a\nb')"
refused 'a bad address' '127.0.0.1:0' --listen nowhere
refused 'an address for all' 'allow-remote' --listen 0.0.0.0:0
refused 'a shortened option' 'not shortened' --port 8080
refused 'an argument' "unknown argument 'more'" serve more
refused 'a command behind options' 'serve comes first' --seed 4 serve
refused 'an argument that talks to the terminal' "unknown argument '?\\[1m'" "$(printf '\033[1m')"

run "$gcs_sim" --help
ok '--help: status 0' [ "$status" -eq 0 ]
ok '--help: names the options' grep -q -e '--on-limit' "$work/out"
run sh -c "'$gcs_sim' --help >/dev/full"
ok '--help to a full disk: status 1' [ "$status" -eq 1 ]
run sh -c "'$gcs_sim' >/dev/full"
ok 'a ready line that is lost ends it' [ "$status" -eq 1 ]
run "$gcs_sim" --port-file "$work/no/such/folder/port"
ok 'a port file that cannot be: status 1' [ "$status" -eq 1 ]
ok 'a port file that cannot be: why' grep -q 'No such file' "$work/err"

# --- the ready line, the port file, the end ---

start_sim --registry demo --latency 1ms --write-limit 1000/s \
	--port-file "$work/port"
ok 'the ready line has the URL and the set-up' sh -c "echo '$ready' | grep -Eq \
	'^gcs-sim ready http://127.0.0.1:[0-9]+ \\(latency 1ms, writes 1000/s, burst 1000, bucket demo: 1079 objects, 6.77 GB\\)\$'"
ok 'the port file has the port' [ "$url" = "http://127.0.0.1:$(cat "$work/port")" ]
ok 'health' [ "$(curl -fsS "$url/_sim/health")" = ok ]
ok 'a list page' sh -c "curl -fsS '$url/b/demo/o?maxResults=2&fields=items/name' | grep -c name | grep -qx 2"
ok 'both mount points' sh -c "[ \"\$(curl -fsS '$url/b/demo')\" = \"\$(curl -fsS '$url/storage/v1/b/demo')\" ]"
ok 'stats count them' sh -c "curl -fsS '$url/_sim/stats' | grep -q '\"total\": 3'"
run "$gcs_sim" --listen "127.0.0.1:$(cat "$work/port")"
ok 'an address in use: status 1' [ "$status" -eq 1 ]
ok 'an address in use: why' grep -q 'in use' "$work/err"
stop_sim
ok 'SIGTERM: status 0' [ "$sim_status" -eq 0 ]

# --- the same seed gives the same bytes ---

for seed in 1 1 2; do
	start_sim --seed "$seed" \
		--registry repos=3,manifests=40,layers=2,tags=2,untagged=30%,shared=50%,blob=20MB
	curl -fsS "$url/b/demo/o?fields=items(name,size,md5Hash,generation)" \
		>"$work/registry"
	cksum <"$work/registry" >>"$work/sums"
	stop_sim
done
ok 'the same seed: the same registry' \
	[ "$(sed -n 1p "$work/sums")" = "$(sed -n 2p "$work/sums")" ]
ok 'another seed: another registry' \
	[ "$(sed -n 1p "$work/sums")" != "$(sed -n 3p "$work/sums")" ]

# --- a limiter says so as production does ---

start_sim --registry manifests=0,orphans=3 --write-limit 1/s --burst 1
curl -fsS "$url/b/demo/o?fields=items/name" | sed -n 's/.*"name": "\(.*\)".*/\1/p' |
	sed 's,/,%2F,g' >"$work/names"
while read -r name; do
	curl -sS -X DELETE -w '%{http_code}\n' "$url/b/demo/o/$name"
done <"$work/names" >"$work/out"
ok 'the limiter: one passes' grep -q '^204$' "$work/out"
ok 'the limiter: the next is rejected' grep -q '429$' "$work/out"
ok 'the limiter: with the reason' grep -q '"reason": "rateLimitExceeded"' "$work/out"
stop_sim

done_testing
