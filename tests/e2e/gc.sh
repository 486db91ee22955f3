#!/bin/sh
# SPDX-License-Identifier: MIT
# gcsweep gc as people start it: bad input, guards, exit statuses, output.

. "$(dirname "$0")/lib.sh"

# refused NAME STATUS PATTERN COMMAND...: that status, one line on stderr.
refused() {
	what=$1 want=$2 pattern=$3
	shift 3
	run "$@"
	ok "$what: status $want" [ "$status" -eq "$want" ]
	ok "$what: one line" [ "$(wc -l <"$work/err")" -eq 1 ]
	ok "$what: says what is wrong" grep -q -e "$pattern" "$work/err"
}

gc() {
	"$gcsweep" gc --endpoint "$url" "$@"
}

deletes() {
	requests | grep -c '^DELETE'
}

# --- the command line, before anything is sent ---

refused 'no such command' 2 "no command 'sweep'" "$gcsweep" sweep
refused 'no registry' 2 'needs a registry' "$gcsweep" gc
refused 'two registries' 2 'second one' "$gcsweep" gc gs://aaa gs://bbb
refused 'not a URL' 2 'is not gs://BUCKET' "$gcsweep" gc s3://demo
refused 'bad bucket' 2 "not a bucket's name" "$gcsweep" gc gs://A
refused 'unknown option' 2 'unknown option --frobnicate' \
	"$gcsweep" gc --frobnicate gs://demo
refused 'unknown letter' 2 'unknown option -Z' "$gcsweep" gc -Z gs://demo
refused 'shortened option' 2 'not shortened' \
	"$gcsweep" gc gs://demo --strat=delete
refused 'missing argument' 2 'needs an argument' "$gcsweep" gc gs://demo -j
refused 'width 0' 2 'from 1 to 1000' "$gcsweep" gc gs://demo -j 0
refused 'width 1001' 2 'from 1 to 1000' "$gcsweep" gc gs://demo -j 1001
refused 'bad strategy' 2 'list-delete, delete' \
	"$gcsweep" gc gs://demo --strategy batch
refused 'quiet and verbose' 2 'contradict' "$gcsweep" gc gs://demo -q -v
refused 'flag with argument' 2 'takes no argument' \
	"$gcsweep" gc gs://demo --yes=no
refused 'another scheme' 2 'only the schemes http and https' \
	"$gcsweep" gc gs://demo --endpoint ftp://storage.googleapis.com
refused 'bad endpoint' 2 'endpoint' \
	"$gcsweep" gc gs://demo --endpoint 'http://user:pw@127.0.0.1:1'
refused 'bad environment' 2 'endpoint' \
	env STORAGE_EMULATOR_HOST='ftp://x' "$gcsweep" gc gs://demo
refused 'line break in root' 2 'line break' "$gcsweep" gc 'gs://demo/a
b' --endpoint 127.0.0.1:1
run "$gcsweep" gc gs://demo -n --endpoint "$nobody"
ok 'nobody listens there: status 5' [ "$status" -eq 5 ]
ok 'nobody listens there: what to look at' \
	grep -q 'Connection refused; 8 tries; does an emulator run there?$' \
	"$work/err"
ok 'nobody listens there: no list that is done' \
	sh -c "! grep -q 'done in' '$work/err'"
run "$gcsweep"
ok 'no command at all: usage, status 2' [ "$status" -eq 2 ]
run "$gcsweep" --help
ok '--help: status 0' [ "$status" -eq 0 ]
ok '--help: names every command' grep -q garbage-collect "$work/out"
run "$gcsweep" --version
ok '--version' grep -q '^gcsweep [0-9]' "$work/out"
run "$gcsweep" gc --help
ok 'gc --help: names the options' grep -q -e '--allow-empty-mark' "$work/out"

# --- guards ---

start_sim --registry demo
run gc gs://demo -m
ok 'no terminal, no --yes: refused' [ "$status" -eq 3 ]
ok 'and says so' grep -q -e '--yes' "$work/err"
ok 'and nothing was deleted' [ "$(deletes)" -eq 0 ]
run gc gs://demo -m -n
ok 'dry run: status 0' [ "$status" -eq 0 ]
ok 'dry run: nothing was deleted' [ "$(deletes)" -eq 0 ]
ok 'dry run: says what would go' grep -q 'would go .* 351 blobs' "$work/out"
run gc gs://demo -m -d
ok '-d is -n' [ "$(deletes)" -eq 0 ]
run env STORAGE_EMULATOR_HOST="$url/storage/v1/" "$gcsweep" gc gs://demo -m -n
ok 'STORAGE_EMULATOR_HOST: status 0' [ "$status" -eq 0 ]
ok 'the first line says EMULATOR' sh -c "head -n 1 '$work/out' | grep -q '^EMULATOR $url '"
run gc gs://demo -m -y -q
ok 'quiet: status 0' [ "$status" -eq 0 ]
ok 'quiet: no output' [ ! -s "$work/out" ]
ok 'quiet: 391 deletes' [ "$(deletes)" -eq 391 ]
forget_requests
run gc gs://demo -m -y
ok 'a second run finds nothing' grep -q '^deleted       0 manifests' "$work/out"
ok 'and sends no delete' [ "$(deletes)" -eq 0 ]
stop_sim

# --- a registry below a root directory, and one that is not there ---

start_sim --registry repos=2,manifests=4,orphans=5 --root some/where
run gc gs://demo --yes
ok 'wrong root: nothing to do, status 0' [ "$status" -eq 0 ]
ok 'wrong root: says so' grep -q 'no registry at docker/' "$work/out"
ok 'wrong root: nothing deleted' [ "$(deletes)" -eq 0 ]
run gc gs://demo/some/where/ --yes
ok 'root: status 0' [ "$status" -eq 0 ]
ok 'root: 5 orphans deleted' [ "$(deletes)" -eq 5 ]
run gc gs://missing --yes
ok 'missing bucket: status 4' [ "$status" -eq 4 ]
ok 'missing bucket: named' grep -q 'bucket missing does not exist' "$work/err"
stop_sim

# --- fewer files than connections ---

start_sim --registry manifests=0,orphans=300,kept=1
run sh -c "ulimit -n 80; exec '$gcsweep' gc gs://demo --yes --max-delete 100% -j 1000 --endpoint '$url'"
ok 'file limit 80: status 0' [ "$status" -eq 0 ]
ok 'file limit 80: all 300 deleted' [ "$(deletes)" -eq 300 ]
stop_sim
start_sim --registry manifests=0,orphans=300,kept=1 --latency-delete 1ms
run sh -c "ulimit -n 80; exec '$gcsweep' gc gs://demo --yes --max-delete 100% --json --endpoint '$url'"
ok 'file limit 80, -j auto: no more in flight than connections' \
	grep -q '"sweep":{.*"peak_in_flight":40,' "$work/out"
stop_sim

start_sim --registry manifests=0,orphans=30,kept=1
run sh -c "ulimit -n 64; exec '$gcsweep' gc gs://demo --yes --max-delete 100% -j 30 --endpoint '$url'"
ok 'file limit 64: status 0' [ "$status" -eq 0 ]
ok 'file limit 64: says that it is slower for it' grep -q \
	'^gcsweep: warning: [0-9]* connections\{0,1\} at most and not 64.*ulimit -n' \
	"$work/err"
ok 'file limit 64: all 30 deleted' [ "$(deletes)" -eq 30 ]
run sh -c "ulimit -n 16; exec '$gcsweep' gc gs://demo --yes --endpoint '$url'"
ok 'file limit 16: status 2' [ "$status" -eq 2 ]
ok 'file limit 16: says what to raise' grep -q \
	'^gcsweep: only 16 files may be open, and at least [0-9]* are needed: .*(ulimit -n)$' \
	"$work/err"
stop_sim

# --- what is young, and too much at once ---

start_sim --registry manifests=0,orphans=300,kept=1
put docker/registry/v2/blobs/sha256/ab/ab00000000000000000000000000000000000000000000000000000000000000/data young
run gc gs://demo --yes
ok 'more than half of it: refused' [ "$status" -eq 3 ]
ok 'more than half of it: how many, and what to say' grep -q \
	'300 of the 3[0-9]* objects listed would go, and --max-delete is 50%.*100%' \
	"$work/err"
run gc gs://demo --yes --max-delete 299
ok 'one more than --max-delete: refused' [ "$status" -eq 3 ]
ok 'refused: nothing deleted' [ "$(deletes)" -eq 0 ]
run gc gs://demo --yes --max-delete 300
ok 'as many as --max-delete: status 0' [ "$status" -eq 0 ]
ok 'a blob of today stays' [ "$(deletes)" -eq 300 ]
run gc gs://demo --yes --min-age 0
ok 'unless age does not matter' [ "$(deletes)" -eq 301 ]
stop_sim

# --- a cache of manifests: a second run reads none ---

start_sim --registry demo
run gc gs://demo -n --cache "$work/cache"
if grep -q 'needs SQLite' "$work/err"; then
	ok 'a cache: status 2 without SQLite' [ "$status" -eq 2 ]
else
	ok 'a cache: manifests are read once' \
		[ "$(requests | grep -c '^GET')" -eq 40 ]
	cp "$work/out" "$work/first"
	forget_requests
	run gc gs://demo -n --cache "$work/cache"
	ok 'a cache: the second run reads none' \
		sh -c "! curl -fsS '$url/_sim/requests?format=text' | grep -q '^GET'"
	ok 'a cache: and says so' grep -q \
		'40 manifests known from the cache' "$work/out"
	ok 'a cache: the same goes' [ "$(grep '^would go' "$work/out")" = \
		"$(grep '^would go' "$work/first")" ]
	printf 'rubbish' | dd of="$work/cache" bs=1 seek=16 conv=notrunc 2>/dev/null
	run gc gs://demo -n --cache "$work/cache"
	ok 'a damaged cache: status 0' [ "$status" -eq 0 ]
	ok 'a damaged cache: is told, and kept' grep -q \
		"^gcsweep: warning: the cache $work/cache is damaged" "$work/err"
	ok 'a damaged cache: is renamed' [ -e "$work/cache.damaged" ]
	ok 'a damaged cache: the same goes' [ "$(grep '^would go' "$work/out")" = \
		"$(grep '^would go' "$work/first")" ]
fi
stop_sim

# --- a limiter that rejects: nothing is lost, every attempt is counted ---

start_sim --registry manifests=0,orphans=300,kept=1 --write-limit 1000/s --burst 200
run gc gs://demo --yes --max-delete 100% -j 300 --json
ok 'limiter: status 0' [ "$status" -eq 0 ]
ok 'limiter: audit ok' grep -q '"audit":"ok"' "$work/out"
left=$(curl -fsS "$url/storage/v1/b/demo/o?fields=items(name)&prefix=docker/registry/v2/blobs" | grep -c name)
ok 'limiter: only the kept blobs are left' [ "$left" -eq 4 ]
driver=$(sed -n 's/.*"sweep":{"requests":{[^}]*"DELETE":\([0-9]*\)}.*/\1/p' "$work/out")
ok 'limiter: driver and server count the same' [ "$driver" = "$(deletes)" ]
stop_sim

# --- blobs, but no repository at all: what an empty listing looks like ---

start_sim --registry manifests=0,orphans=3
run gc gs://demo --yes
ok 'no repositories: refused' [ "$status" -eq 3 ]
ok 'no repositories: nothing deleted' [ "$(deletes)" -eq 0 ]
run gc gs://demo --yes --allow-empty-mark --max-delete 100%
ok 'no repositories, overridden: status 0' [ "$status" -eq 0 ]
ok 'no repositories, overridden: 3 deletes' [ "$(deletes)" -eq 3 ]
stop_sim

# --- the server dies half-way: it is waited for, until somebody says stop ---

start_sim_alone --registry demo --latency-delete 3s
"$gcsweep" gc gs://demo -m --yes -j 10 --json --endpoint "$url" \
	>"$work/out" 2>"$work/err" &
victim=$!
while [ "$(deletes)" -lt 10 ]; do :; done
kill -9 "$sim_pid"
# What a shell has in the background is deaf to INT.
kill -s TERM "$victim"
kill -s TERM "$victim"
wait "$victim"
status=$?
sim_pid=
ok 'server dies, stopped: status 143' [ "$status" -eq 143 ]
ok 'server dies, stopped: the counts still agree' grep -q '"audit":"ok"' "$work/out"

# --- killed half-way, run again ---

start_sim --registry demo --latency-delete 2ms
"$gcsweep" gc gs://demo -m --yes -j 4 --endpoint "$url" >/dev/null 2>&1 &
victim=$!
while [ "$(deletes)" -lt 50 ]; do :; done
kill -9 "$victim"
wait "$victim" 2>/dev/null
run gc gs://demo -m --yes
ok 'killed half-way and run again: status 0' [ "$status" -eq 0 ]
left=$(curl -fsS "$url/storage/v1/b/demo/o?fields=items(name)" | grep -c name)
ok 'killed half-way and run again: 688 objects' [ "$left" -eq 688 ]
stop_sim

# --- names from a server do not talk to the terminal ---

start_sim --registry demo
# ESC, and the same in one character of Unicode, U+009B.
put docker/registry/v2/repositories/a/_manifests/revisions/%1B%5B2J%C2%9B2J%C3%A4/link x
run gc gs://demo --dry-run
ok 'a name: its control characters are shown, its letters stay' \
	grep -q '^damage .*revisions/\\x1b\[2J\\xc2\\x9b2Jä/link' "$work/err"
stop_sim

# --- JSON: every line parses ---

start_sim --registry demo
gc gs://demo -m -y -v --json >"$work/json" 2>"$work/err"
ok 'every JSON line has a type and a schema' sh -c \
	"! grep -v '^{\"type\":\"[a-z]*\",\"schema\":1,.*}\$' '$work/json'"
stop_sim

done_testing
