#!/bin/sh
# SPDX-License-Identifier: MIT
# With --json every line on standard output is an object that doc/JSON.md
# describes, however the command ends and however early.

. "$(dirname "$0")/lib.sh"

lines=$bin/tests/e2e/json_lines
doc=$work/JSON.md
cp "$top/doc/JSON.md" "$doc"
chmod u+w "$doc"
: >"$work/all"

# speaks NAME STATUS TYPES COMMAND...: that status, and only lines that the
# document has; TYPES are those of the lines, repeats once.
speaks() {
	what=$1 want=$2 types=$3
	shift 3
	run "$@"
	judge
}

# The same of what is in $work/out and $status already.
judge() {
	cat "$work/out" >>"$work/all"
	got=$(sed 's/.*"type":"\([a-z]*\)".*/\1/' "$work/out" | uniq | tr '\n' ' ')
	ok "$what: status $want" [ "$status" -eq "$want" ]
	ok "$what: lines as documented" "$lines" "$doc" "$work/out"
	ok "$what: $types" [ "$got" = "$types " ]
	case $types in *error)
		ok "$what: the error has the status" \
			grep -q "\"status\":$want}\$" "$work/out"
		ok "$what: standard error has it too" [ -s "$work/err" ]
		;;
	esac
}

# shellcheck disable=SC2317 # run calls it
gc() {
	"$gcsweep" gc --json --endpoint "$url" gs://demo "$@"
}

# --- the command line ---

usage() {
	what=$1
	shift
	speaks "$what" 2 error "$@"
}

usage 'no command' "$gcsweep" --json
usage 'no such command' "$gcsweep" sweep --json
usage 'an option before the command' "$gcsweep" --json gc gs://demo
usage 'unknown option, --json before' "$gcsweep" gc --json --frob gs://demo
usage 'unknown option, --json behind' "$gcsweep" gc --frob gs://demo --json
usage 'unknown letter' "$gcsweep" gc -Z --json gs://demo
usage 'shortened option' "$gcsweep" gc --strat=delete --json gs://demo
usage 'bad value' "$gcsweep" gc -j many --json gs://demo
usage 'a value that is no UTF-8' "$gcsweep" gc --json -j "$(printf '\377\1"')" gs://demo
usage 'a missing argument' "$gcsweep" gc --json gs://demo -j
usage 'rivals' "$gcsweep" gc --json gs://demo -q -v
usage 'no registry' "$gcsweep" gc --json
usage 'no bucket' "$gcsweep" garbage-collect --json gs://A
usage 'a credential for an emulator' "$gcsweep" gc --json gs://demo \
	--endpoint http://127.0.0.1:1 --credentials key.json
usage 'no such credential' "$gcsweep" gc --json gs://demo \
	--credentials /nonexistent
usage 'a root that is no UTF-8' "$gcsweep" gc --json \
	--endpoint 127.0.0.1:1 "gs://demo/$(printf '\303(\n\t')"
usage 'a bad variable' env GCSWEEP_MARK_WIDTH=0 "$gcsweep" gc --json gs://demo
usage 'a misspelt variable' env GCSWEEP_DRY_RUM=1 "$gcsweep" gc --json gs://demo
usage '--json as a variable' env GCSWEEP_JSON=1 "$gcsweep" gc -Z gs://demo
usage '--json as a variable, in words' env GCSWEEP_JSON=true "$gcsweep" bench -Z
usage '--json as a variable, no command' env GCSWEEP_JSON=1 "$gcsweep"
usage 'doctor: no registry' "$gcsweep" doctor --json
usage 'bench: an operand' "$gcsweep" bench --json gs://demo
usage 'bench: no use for an option' "$gcsweep" bench --json --table blobs --m 5
usage 'bench: no simulator' "$gcsweep" bench --json --clock real \
	--simulator /nonexistent
run "$gcsweep" gc -Z gs://demo -- --json
ok 'behind -- it is an operand: no line' [ ! -s "$work/out" ]
run env GCSWEEP_JSON=0 "$gcsweep" gc -Z gs://demo
ok 'GCSWEEP_JSON=0: no line' [ ! -s "$work/out" ]

# --- a registry that is well ---

start_sim --registry repos=2,manifests=4,tags=1,untagged=50%,orphans=2
speaks 'not confirmed' 3 'start plan error' gc -m
speaks 'dry run' 0 'start plan summary' gc -m -n
speaks 'dry run, every victim' 0 'start plan victim summary' gc -m -n -v
speaks 'the same by a variable' 0 'start plan victim summary' \
	env GCSWEEP_JSON=1 GCSWEEP_ENDPOINT="$url" GCSWEEP_VERBOSE=1 \
	"$gcsweep" gc gs://demo -m -n
speaks 'all of it' 0 'start plan victim summary' gc -m -y -v
speaks 'nothing left to do' 0 'start plan summary' gc -m -y
speaks 'a root that has no registry' 0 'start plan summary' "$gcsweep" gc --json \
	--endpoint "$url" 'gs://demo/a "b" é/' -y
speaks 'no such bucket' 4 'start error' "$gcsweep" gc --json \
	--endpoint "$url" gs://missing -y
# shellcheck disable=SC2317 # run calls it
apply() {
	"$gcsweep" apply --json --endpoint "$url" "$@"
}
stop_sim
start_sim --registry repos=2,manifests=4,tags=1,untagged=50%,orphans=2
plan=$work/run.plan
run "$gcsweep" plan gs://demo -m -o "$plan" --endpoint "$url"
if grep -q 'built without' "$work/err"; then
	# What only a plan's file has is taken as seen.
	sed -i -e '/^## .applied/,/^## .setting/{/^## .setting/!d}' "$doc"
else
	speaks 'plan' 0 'start plan summary' "$gcsweep" plan gs://demo --json \
		-m --endpoint "$url" -o "$work/another"
	speaks 'show' 0 'head row applied' "$gcsweep" show --json "$plan"
	speaks 'show of nothing' 2 error "$gcsweep" show --json "$work/none"
	speaks 'another bucket' 3 error apply "$plan" gs://other -y
	speaks 'apply, not confirmed' 3 'start plan error' apply "$plan"
	speaks 'apply, dry' 0 'start plan summary' apply "$plan" -n
	speaks 'apply' 0 'start plan summary applied' apply "$plan" -y
	speaks 'applied' 0 applied apply "$plan"
fi
run gc -q -y
ok 'quiet: no line' [ ! -s "$work/out" ]
stop_sim
url=$nobody
speaks 'no server' 5 'start error' gc -y

# --- config ---

speaks 'config' 0 setting "$gcsweep" config --json gs://demo --endpoint "$url"
speaks 'config, no such credential' 2 'setting error' "$gcsweep" config --json \
	gs://demo --credentials /nonexistent

# --- doctor ---

start_sim --registry repos=1,manifests=1
speaks 'doctor' 0 'finding diagnosis' "$gcsweep" doctor --json gs://demo \
	--endpoint "$url"
speaks 'doctor, no credential' 2 'finding diagnosis' "$gcsweep" doctor --json \
	gs://demo --credentials /nonexistent
speaks 'doctor, no such bucket' 4 'finding diagnosis' "$gcsweep" doctor --json \
	gs://missing --endpoint "$url"
stop_sim

# --- questions ---

start_sim --registry repos=2,manifests=4,tags=1,untagged=50%,orphans=2
speaks 'explain' 0 'start explain' "$gcsweep" explain --json -m \
	team-a/app-1:v1.0 gs://demo --endpoint "$url"
speaks 'explain, unknown' 1 'start explain' "$gcsweep" explain --json ffffffffff \
	gs://demo --endpoint "$url"
speaks 'explain, no words' 2 error "$gcsweep" explain --json
speaks 'df' 0 'start usage totals' "$gcsweep" df --json -m gs://demo \
	--endpoint "$url"
speaks 'check' 0 'start check' "$gcsweep" check --json gs://demo \
	--endpoint "$url"
put docker/registry/v2/repositories/a/_manifests/tags/t/index/x old
put "docker/registry/v2/repositories/a/_manifests/tags/t/current/link" \
	"sha256:$(printf '2%.0s' $(seq 64))"
speaks 'check, a manifest is missing' 7 'start missing flaw check' "$gcsweep" \
	check --json gs://demo --endpoint "$url"
stop_sim

# --- a registry that is not ---

revisions=docker/registry/v2/repositories/a/_manifests/revisions/sha256
start_sim --registry manifests=0,orphans=1,kept=2
put "$revisions/$(printf '2%.0s' $(seq 64))/link" 'garbage%22'
speaks 'damage' 7 'start damage plan summary' gc -y
run gc -y -q
what='damage, quiet' want=7 types=damage
judge
stop_sim
start_sim --registry manifests=0,orphans=3
speaks 'nothing is kept' 3 'start error' gc -y
speaks 'nothing is kept, overridden' 0 'start plan summary' gc -y \
	--allow-empty-mark --max-delete 100%
stop_sim

# --- a server that dies ---

start_sim_alone --registry manifests=0,orphans=3,kept=1 --latency-delete 1m
"$gcsweep" gc --json --endpoint "$url" gs://demo -y >"$work/out" 2>"$work/err" &
victim=$!
while [ "$(requests | grep -c '^DELETE')" -lt 3 ]; do :; done
kill -9 "$sim_pid"
kill -s TERM "$victim"
kill -s TERM "$victim"
wait "$victim"
status=$? sim_pid=
what='the server dies' want=143 types='start plan failure summary error'
judge

# --- bench ---

for table in blobs manifests overall 2x2; do
	speaks "bench $table" 0 bench "$gcsweep" bench --json --table $table
done
speaks 'bench limiter' 0 bench "$gcsweep" bench --json --table limiter \
	--n 1200 --on-limit 429
speaks 'bench, the real clock' 0 bench "$gcsweep" bench --json --table blobs \
	--n 10 --clock real --latency 1ms
speaks 'bench, a latency of nothing' 0 bench "$gcsweep" bench --json \
	--table blobs --n 3 --latency 0 --seed 18446744073709551614

# --- nothing is described that never comes ---

ok 'every type and key of the document was seen' \
	"$lines" --unseen "$doc" "$work/all"

done_testing
