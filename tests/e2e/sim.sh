#!/bin/sh
# SPDX-License-Identifier: MIT
# gcs-sim as people start it: its one line, port file, signals, bad options.

. "$(dirname "$0")/lib.sh"

refused 'a bad latency' 2 '42ms' --latency soon
refused 'a bad rate' 2 'a rate such as' --write-limit many
refused 'a rate of nothing' 2 'or off' --write-limit 0/s
refused 'a bad choice' 2 '429, queue, 503' --on-limit maybe
refused 'a bad shape' 2 'latency: .*lognormal:p50=42ms' --latency normal:42ms
refused 'a latency of days' 2 'latency: .*24 hours' --latency 100h
refused 'a bad latency of deletes' 2 'latency-delete: .*42ms' --latency-delete 42
refused 'a bad spread' 2 'jitter: .*100%' --jitter 110%
refused 'a bad time for heads' 2 'header-timeout .*from 0s to' --header-timeout 25h
refused 'a bad time for bodies' 2 'body-timeout .*from 0s to' --body-timeout 25h
refused 'no connections' 2 'max-connections .*from 1 to' --max-connections 0
refused 'an unknown key' 2 'repos, manifests' --registry wheels=4
refused 'a value out of range' 2 '1 to 100000' --registry repos=0
refused 'a share above 100%' 2 'untagged' --registry untagged=101%
refused 'no value' 2 'manifests' --registry manifests
refused 'a bad bucket' 2 'bucket' --registry demo --bucket 'A B'
refused 'a root with a line break' 2 'root' --registry demo --root "$(printf 'a\nb')"
refused 'a bad address' 2 '127.0.0.1:0' --listen nowhere
refused 'an address for all' 2 'allow-remote' --listen 0.0.0.0:0
refused 'a shortened option' 2 'not shortened' --port 8080
refused 'an argument' 2 "unknown argument 'more'" serve more
refused 'a command behind options' 2 'serve comes first' --seed 4 serve
refused 'an argument that talks to the terminal' 2 "unknown argument '?\\[1m'" "$(printf '\033[1m')"

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

mkfifo "$work/pipe"
run "$gcs_sim" --port-file "$work/pipe"
ok 'a pipe is not replaced by a port file: status 1' [ "$status" -eq 1 ]
ok 'a pipe is not replaced by a port file: why' grep -q \
	"^gcs-sim: --port-file: cannot write $work/pipe: it is no regular file" \
	"$work/err"
ok 'a pipe is not replaced by a port file: it is there' [ -p "$work/pipe" ]

# --- the ready line, the port file, the end ---

start_sim --profile eu-west1-2020 --latency-get 'points:0%=18ms,50%=42ms,100%=142ms' \
	--bandwidth 1MB/s --latency-per-mib 5ms
ok 'the ready line has every price' sh -c "echo '$ready' | grep -Eq \
	'^gcs-sim ready http://127.0.0.1:[0-9]+ \\(profile eu-west1-2020, latency 63ms, gets 3 points p50=42ms p99=140ms max=142ms, 90us an entry, 5ms a MiB, TLS set-up 84ms, bandwidth 1000000B/s, writes 1000/s, reads 5000/s, burst 1000, ramp [0-9a-z]+, object-limit 1/s, bucket-limit 30/m\\)\$'"
stop_sim
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
ok 'an address in use: why' \
	grep -q 'in use; port 0 takes a free one$' "$work/err"
stop_sim
ok 'SIGTERM: status 0' [ "$sim_status" -eq 0 ]

# Whoever has read the ready line may end it at once.
ended=
while [ "${#ended}" -lt 20 ]; do
	start_sim
	stop_sim
	ended=$ended$sim_status
done
ok 'SIGTERM at once, 20 times: status 0' [ "$ended" = 00000000000000000000 ]

# --- what whoever starts it may have left ---

# A descriptor that is closed is the number of the next socket.
run sh -c "exec '$gcs_sim' >&-"
ok 'standard output is closed: status 1' [ "$status" -eq 1 ]
ok 'standard output is closed: why' \
	grep -q 'standard output: Bad file descriptor' "$work/err"

cat >"$work/blocked" <<EOF
exec env --block-signal=TERM '$gcs_sim' "\$@"
EOF
chmod +x "$work/blocked"
open=$gcs_sim
gcs_sim=$work/blocked
start_sim
gcs_sim=$open
stop_sim
ok 'SIGTERM was blocked: it comes all the same' [ "$sim_status" -eq 0 ]

run "$gcs_sim" --access-log "$work/no/such/folder/log"
ok 'an access log that cannot be: status 1' [ "$status" -eq 1 ]
ok 'an access log that cannot be: why' grep -q 'No such file' "$work/err"

# --- all of the set-up is in the ready line ---

start_sim --latency 2ms --jitter 10% --latency-list 0 \
	--latency-delete lognormal:p50=1ms,p99=3ms --read-limit 9/s --burst 2 \
	--on-limit 503 --max-connections 7 --header-timeout 500ms --body-timeout 0 \
	--access-log "$work/log"
ok 'the ready line has every option that matters' sh -c "echo '$ready' | grep -Fq \
	'(latency 2ms ±10%, lists 0ms, deletes lognormal p50=1ms p99=3ms, reads 9/s, burst 2, with 503, 7 connections, heads within 500ms, bodies at any pace, access log $work/log)'"
for n in 1 2 3; do
	curl -sS -o /dev/null "$url/b/demo/o/x$n"
done
until [ "$(wc -l <"$work/log")" -ge 3 ]; do :; done
ok 'the access log has a line a request' [ "$(grep -c '"status":404' "$work/log")" -eq 3 ]
stop_sim
# Two that come a second apart both pass; of so many on one connection some come
# sooner.
start_sim --registry manifests=0 --read-limit 1/s --burst 1 --on-limit 503
curl -sS -o /dev/null -w '%{http_code}\n' "$url/b/demo/o?prefix=[1-50]" >"$work/out"
ok '--on-limit 503' grep -qx 503 "$work/out"
stop_sim
start_sim --access-log /dev/full
curl -sS -o /dev/null "$url/b/demo/o"
until grep -q '^gcs-sim: warning: .*/dev/full' "$work/sim.err"; do :; done
ok 'a warning is one line' [ "$(wc -l <"$work/sim.err")" -eq 1 ]
ok 'and does not end it' [ "$(curl -fsS "$url/_sim/health")" = ok ]
stop_sim
GCS_SIM_LATENCY=3ms
export GCS_SIM_LATENCY
start_sim
unset GCS_SIM_LATENCY
ok 'options from the environment' sh -c "echo '$ready' | grep -Fq '(latency 3ms)'"
stop_sim
run env GCS_SIM_LATENCY=1ms GCS_SIM_REGISTRY=demo "$gcs_sim" exec -- \
	"$gcsweep" gc gs://demo -m -n
ok 'and with exec' grep -q 'would go .* 351 blobs' "$work/out"

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

start_sim --registry manifests=0,orphans=50 --write-limit 1/s --burst 1
curl -fsS "$url/b/demo/o?fields=items/name" | sed -n 's/.*"name": "\(.*\)".*/\1/p' |
	sed "s,/,%2F,g; s,.*,url = $url/b/demo/o/&," >"$work/urls"
curl -sS -X DELETE -w '%{http_code}\n' -K "$work/urls" >"$work/out"
ok 'the limiter: one passes' grep -q '^204$' "$work/out"
ok 'the limiter: others are rejected' grep -q '429$' "$work/out"
ok 'the limiter: with the reason' grep -q '"reason": "rateLimitExceeded"' "$work/out"
stop_sim

done_testing
