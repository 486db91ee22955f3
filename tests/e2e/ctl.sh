#!/bin/sh
# SPDX-License-Identifier: MIT
# gcs-sim ctl: each word, what is wrong with words, and nobody who answers.

. "$(dirname "$0")/lib.sh"

export work

# ctl WORD...: to the simulator that runs.
ctl() {
	run "$gcs_sim" ctl --url "$url" "$@"
}

# done_with NAME WORD...: status 0, and nothing on standard error.
done_with() {
	what=$1
	shift
	ctl "$@"
	ok "$what: status 0" [ "$status" -eq 0 ]
	ok "$what: no complaint" [ ! -s "$work/err" ]
}

# --- words that are wrong ---

refused 'no word' 2 'ctl wants a word' ctl
refused 'an unknown word' 2 "no word 'nope'" ctl --url "$nobody" nope
refused 'an unknown word of auth' 2 \
	"ctl auth has no word 'revokee': want allow, deny" \
	ctl --url "$nobody" auth revokee
refused 'a word too many' 2 "want 'ctl config'" ctl --url "$nobody" config a
refused 'a word too few' 2 "want 'ctl snapshot FILE" ctl --url "$nobody" snapshot
refused 'an option without a value among others' 2 "'x': want NAME=VALUE" \
	ctl --url "$nobody" latency=1ms x
refused 'half a reset' 2 "'all': reset is of" ctl --url "$nobody" reset all
refused 'half of faults' 2 "'gone': faults are" ctl --url "$nobody" faults gone
refused 'a difference of one' 2 "want 'ctl diff SCOPE SCOPE', not 1 word" \
	ctl --url "$nobody" diff all
refused 'an expectation of nothing' 2 "'DELETE': want" \
	ctl --url "$nobody" expect DELETE
refused 'no address' 2 'STORAGE_EMULATOR_HOST' ctl stats
refused 'an address of another kind' 2 "'https://h': want" \
	ctl --url https://h stats
refused 'an address without a port' 2 "'h:': want" ctl --url h: stats
refused 'a port that is none' 2 "want a simulator's URL" \
	ctl --url http://h:70000 stats
refused 'a timeout of nothing' 2 'timeout' ctl --timeout 0 --url "$nobody" stats
refused 'an option of serve' 2 'unknown option --latency' ctl --latency 1ms
refused 'two addresses' 2 'port-file' ctl --url "$nobody" --port-file x stats
refused 'ctl behind options' 2 'ctl comes first' --seed 4 ctl

# --- nobody ---

refused 'nobody answers' 1 "no answer from $nobody: Connection refused" \
	ctl --url "$nobody" stats
refused 'nobody comes' 1 "no answer from $nobody" \
	ctl --url "$nobody" --timeout 50ms wait
refused 'a port file that is not there' 1 'cannot read the port file' \
	ctl --port-file "$work/none" stats
echo soon >"$work/port"
refused 'a port file without a port' 1 'has no port in it' \
	ctl --port-file "$work/port" stats
for text in 123456 65536 0 -1 '80 x'; do
	echo "$text" >"$work/port"
	refused "a port file with $text" 1 'has no port in it' \
		ctl --port-file "$work/port" stats
done
refused 'an option said twice' 2 "'latency=2ms': latency has a value already" \
	ctl --url "$nobody" latency=1ms latency=2ms
refused 'no name of a scope' 2 'ctl open wants a name' \
	ctl --url "$nobody" open ''

run "$gcs_sim" ctl --help
ok '--help: status 0' [ "$status" -eq 0 ]
ok '--help: names the words' grep -q 'NAME=VALUE' "$work/out"
ok '--help: and where it looks' grep -q 'STORAGE_EMULATOR_HOST' "$work/out"

# --- a simulator ---

# It comes while somebody waits for it.
rm -f "$work/port"
"$gcs_sim" ctl --port-file "$work/port" wait 2>"$work/wait.err" &
waiter=$!
start_sim --registry manifests=2 --latency 1ms --port-file "$work/port"
wait "$waiter"
ok 'wait: until it is there' [ $? -eq 0 ]
ok 'wait: no complaint' [ ! -s "$work/wait.err" ]
run "$gcs_sim" ctl --port-file "$work/port" config
ok 'a port file leads to it' grep -q '"latency": "1ms"' "$work/out"
run env STORAGE_EMULATOR_HOST="$url/storage/v1/" "$gcs_sim" ctl config
ok 'the variable that clients have leads to it' [ "$status" -eq 0 ]
run env STORAGE_EMULATOR_HOST="$nobody" GCS_SIM_URL="$url" "$gcs_sim" ctl config
ok 'its own variable beats that' [ "$status" -eq 0 ]
run env GCS_SIM_URL="${url#http://}" "$gcs_sim" ctl wait
ok 'an address needs no scheme' [ "$status" -eq 0 ]

done_with 'two options' latency=100ms write-limit=7/s
ok 'two options: nothing is said' [ ! -s "$work/out" ]
ctl config
ok 'both have changed' sh -c "grep -q '\"latency\": \"100ms\"' '$work/out' &&
	grep -q '\"write-limit\": \"7/s\"' '$work/out'"
ctl latency=5ms write-limit=many
ok 'a bad value: status 2' [ "$status" -eq 2 ]
ok 'a bad value: the words of the command line' \
	grep -q "^gcs-sim: --write-limit 'many': want a rate" "$work/err"
ctl config
ok 'a bad value: nothing has changed' grep -q '"latency": "100ms"' "$work/out"
ctl latencyy=5ms
ok 'an unknown option names the nearest' grep -q 'latency is the nearest' "$work/err"
ctl listen=x
ok 'what cannot change is refused' grep -q -e '--listen cannot change' "$work/err"
ctl multidelete-cost=per-request write-limit=off
ok 'what would do nothing is refused' grep -q 'goes with --write-limit' "$work/err"
done_with 'defaults' latency= write-limit=off
ctl config
ok 'defaults: they are back' grep -q '"latency": "0ms"' "$work/out"

done_with 'keep' keep before
ok 'keep: tells what is in it' grep -q '"name": "before"' "$work/out"
put extra x
ctl stats
ok 'stats: what was counted' grep -q '"PUT": 1' "$work/out"
done_with 'back' back before
ctl back never
ok 'no such snapshot: status 1' [ "$status" -eq 1 ]
ok 'no such snapshot: says so' grep -q "no snapshot 'never'" "$work/err"
ok 'back: it is gone' [ "$(curl -sS -o /dev/null -w '%{http_code}' \
	"$url/b/demo/o/extra")" = 404 ]
put extra x
done_with 'what is so' expect PUT=2 total=2..
ctl expect PUT=3 LIST=1
ok 'what is not so: status 1' [ "$status" -eq 1 ]
ok 'what is not so: one line has the difference' [ "$(cat "$work/err")" = \
	'gcs-sim: not as expected: PUT: expected 3, had 2 (1 too few); LIST: expected 1, had 0 (1 too few)' ]
ok 'what is not so: all of it comes out' grep -q '"met": false' "$work/out"
done_with 'reset' reset
ctl stats
ok 'reset: counts begin anew' grep -q '"total": 0' "$work/out"
ok 'reset: the buckets stay' curl -fsS -o /dev/null "$url/b/demo/o/extra"
done_with 'reset state' reset state
ok 'reset state: they do not' [ "$(curl -sS -o /dev/null -w '%{http_code}' \
	"$url/b/demo/o/extra")" = 404 ]
put extra x
done_with 'reseed' reseed
ctl stats
ok 'reseed: counts begin anew' grep -q '"total": 0' "$work/out"
for scope in one two; do
	done_with "open $scope" open "$scope"
	remove "never-$scope" 2>/dev/null
	done_with "close $scope" close "$scope"
done
done_with 'diff' diff one two
ok 'diff: tells which requests' grep -q '"name": "never-two"' "$work/out"
ok 'diff: and that there are some' grep -q '"same": false' "$work/out"
done_with 'diff of a run and itself' diff one one
ok 'diff: that is the same' grep -q '"same": true' "$work/out"
ctl diff one three
ok 'diff with none: status 1' [ "$status" -eq 1 ]
ok 'diff with none: says so' grep -q "no scope 'three'" "$work/err"
done_with 'expect, with some time' expect scope=two DELETE:404=1 wait=60s
ctl expect scope=two DELETE=2 wait=1ms
ok 'expect, in vain: status 1' [ "$status" -eq 1 ]
ok 'expect, in vain: tells the difference' grep -q 'expected 2, had 1' "$work/out"
ctl expect scope=two DELETE=1 wait=2m
ok 'expect, for too long: status 2' [ "$status" -eq 2 ]
ok 'expect, for too long: says how long' grep -q 'at most 60s' "$work/err"
run sh -c "'$gcs_sim' ctl --url '$url' stats >/dev/full"
ok 'an output that cannot be written: status 1' [ "$status" -eq 1 ]

# A file of options and a change that was long on its way.
words=
while [ "${#words}" -lt 20000 ]; do words=$words-$words-long; done
ctl "$words=1"
ok 'a name of 20 kB is one line of complaint' [ "$(wc -l <"$work/err")" -eq 1 ]

# It stands still, and no answer comes.
freeze_sim
ctl --timeout 50ms stats
ok 'no answer in time: status 1' [ "$status" -eq 1 ]
ok 'no answer in time: says so' grep -q 'longer than --timeout' "$work/err"
thaw_sim
stop_sim

# --- in force before anybody can ask ---

# Two that come a second apart both pass; of so many on one connection some come
# sooner.
start_sim --bucket demo --latency 7ms --write-limit 1/s --burst 1
curl -sS -o /dev/null -D "$work/head" -w '%{http_code}\n' -X DELETE \
	"$url/b/demo/o/[1-50]" >"$work/out"
ok 'serve: the first request has its latency' \
	sh -c "grep -i '^server-timing' '$work/head' | head -n 1 | grep -q 'sim;dur=7.0'"
ok 'serve: and has cost its token' sh -c \
	"head -n 1 '$work/out' | grep -qx 404 && grep -qx 429 '$work/out'"
stop_sim
# shellcheck disable=SC2016 # for the inner shell
run "$gcs_sim" exec --bucket demo --latency 7ms --write-limit 1/s --burst 1 \
	-- sh -c 'curl -sS -o "$work/1" -D "$work/head" -X DELETE \
		"$STORAGE_EMULATOR_HOST/b/demo/o/[1-50]"
	curl -sS "$STORAGE_EMULATOR_HOST/_sim/stats" >"$work/before"
	"$0" ctl write-limit=off latency=0 && "$0" ctl reset
	curl -sS -o "$work/1" -X DELETE "$STORAGE_EMULATOR_HOST/b/demo/o/[1-50]"
	curl -sS "$STORAGE_EMULATOR_HOST/_sim/stats" >"$work/after"' "$gcs_sim"
ok 'exec: the first request has its latency' \
	sh -c "grep -i '^server-timing' '$work/head' | head -n 1 | grep -q 'sim;dur=7.0'"
ok 'exec: limits are in force' grep -q '"429": ' "$work/before"
ok 'exec: and its command may lift them' grep -q '"404": 50' "$work/after"

# --- events ---

# events OPTIONS...: what curl hears into $work/events, until it is ended.
events() {
	curl -sSN "$@" >"$work/events" &
	listener=$!
}

# heard TEXT: waits for it.
heard() {
	until grep -q -e "$1" "$work/events"; do :; done
}

start_sim --bucket demo
events "$url/_sim/events"
heard '^event: config'
heard '^event: stats'
curl -sS -o /dev/null "$url/b/demo/o/a"
heard '^data: .*"kind":"GET".*"name":"a".*"status":404'
ctl latency=3ms
heard '^data: {"latency":"3ms"'
ctl reset state
heard '"what":"start"'
ok 'events come as they happen' kill -0 "$listener"
kill -s TERM "$sim_pid"
wait "$listener"
ok 'the end of the simulator is that of its events' [ $? -eq 0 ]
wait "$sim_pid"
ok 'and they do not hold it up' [ $? -eq 0 ]
sim_pid=
done_testing
