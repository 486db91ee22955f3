#!/bin/sh
# SPDX-License-Identifier: MIT
# A plan from its making to its end: plan, show, apply, what refuses, and what an
# interrupted run leaves for the next.

. "$(dirname "$0")/lib.sh"

start_sim --registry repos=2,manifests=4,tags=1,untagged=50%,orphans=6
plan=$work/run.plan

# gcs COMMAND...: gcsweep on the simulator, without progress.
gcs() {
	run "$gcsweep" "$@" --endpoint "$url" --progress none
}

if gcs plan gs://demo -o "$work/any"; grep -q 'built without' "$work/err"; then
	for words in 'plan gs://demo -o' 'gc gs://demo -n -o' apply show; do
		# shellcheck disable=SC2086 # words
		run "$gcsweep" $words "$work/any"
		ok "without SQLite $words is status 2" [ "$status" -eq 2 ]
		ok 'and names the package' grep -q libsqlite3-dev "$work/err"
	done
	done_testing
fi

changes() {
	requests | grep -c -v -E '^(GET|LIST) '
}

# says NAME STATUS PATTERN: of what was just run, one line of error.
says() {
	ok "$1: status $2" [ "$status" -eq "$2" ]
	ok "$1: one line" [ "$(wc -l <"$work/err")" -eq 1 ]
	ok "$1: says what" grep -q -e "$3" "$work/err"
}

# refuses_apply NAME STATUS PATTERN ARGUMENTS...: and nothing is sent.
refuses_apply() {
	what=$1 want=$2 pattern=$3
	shift 3
	forget_requests
	run "$gcsweep" apply "$@" --yes --progress none
	says "$what" "$want" "$pattern"
	ok "$what: sends nothing" [ -z "$(requests)" ]
}

# victims: how many the plan has.
victims() {
	"$gcsweep" show "$1" --json | grep -c '"type":"row"'
}

# --- plan ---

forget_requests
gcs plan gs://demo -m -o "$plan"
ok 'plan: status 0' [ "$status" -eq 0 ]
ok 'plan: changes nothing' [ "$(changes)" -eq 0 ]
ok 'plan: reads all the same' [ -n "$(requests)" ]
ok 'plan: says what comes next' \
	[ "$(tail -n 1 "$work/out")" = "next      gcsweep apply $plan" ]
n=$(victims "$plan")
ok 'plan: has rows' [ "$n" -gt 6 ]
cp "$plan" "$work/first"
forget_requests
gcs plan gs://demo -m -o "$plan"
says 'plan over a plan' 2 "$plan is there already"
ok 'plan over a plan: sends nothing' [ -z "$(requests)" ]
ok 'plan over a plan: the old one stays' cmp "$plan" "$work/first"
gcs gc gs://demo -m -n -o "$work/dry"
ok 'gc -n -o is a plan, too' [ "$(victims "$work/dry")" -eq "$n" ]
ok 'gc -n -o: nothing has become of it' \
	sh -c "'$gcsweep' show '$work/dry' | tail -n 1 | grep -q ', $n pending\$'"
gcs plan gs://demo -m -o ''
says 'plan without a name' 2 'output needs a file'

# --- show ---

run "$gcsweep" show "$plan"
ok 'show: status 0' [ "$status" -eq 0 ]
ok 'show: whose' grep -q '^of  *EMULATOR .* bucket demo   root /$' "$work/out"
ok 'show: rules' grep -q '^rules  *manifests that no tag names go; ' "$work/out"
ok 'show: by kind and reason' grep -q '^ *[0-9]* blob .* nothing names it$' "$work/out"
ok 'show: what is left' grep -q ", $n pending\$" "$work/out"
run "$gcsweep" show "$plan" --csv
ok 'show --csv: its head' \
	sh -c "head -n 1 '$work/out' | grep -q '^bucket,name,generation,'"
ok 'show --csv: a line each' [ "$(wc -l <"$work/out")" -eq $((n + 1)) ]
run "$gcsweep" show "$work/none"
says 'show of nothing' 2 "$work/none"
echo 'this is no plan' >"$work/text"
run "$gcsweep" show "$work/text"
says 'show of a text' 2 "$work/text"
run "$gcsweep" show
says 'show without a plan' 2 'show takes one plan'
run "$gcsweep" show "$plan" --csv --json
says 'show twice' 2 contradict

# --- apply refuses ---

refuses_apply 'no plan' 2 'apply needs a plan'
refuses_apply 'nothing there' 2 "$work/none" "$work/none" --endpoint "$url"
refuses_apply 'another bucket' 3 'is of the bucket demo, and this is other' \
	"$plan" gs://other --endpoint "$url"
refuses_apply 'another root' 3 'this is "deeper"' "$plan" gs://demo/deeper \
	--endpoint "$url"
refuses_apply 'no emulator' 3 'in an emulator' "$plan" --credentials none \
	--endpoint https://127.0.0.1:1
refuses_apply 'an old plan' 3 'max-plan-age' "$plan" --max-plan-age 1ms \
	--endpoint "$url"
refuses_apply 'the rules are the plan'"'s" 2 'unknown option --min-age' "$plan" \
	--min-age 0 --endpoint "$url"
LC_ALL=C sed 's/nothing names it/nothing names me/g' "$plan" >"$work/edited"
refuses_apply 'an edited plan' 6 "$work/edited" "$work/edited" --endpoint "$url"
forget_requests
gcs apply "$plan"
ok 'unasked: status 3' [ "$status" -eq 3 ]
ok 'unasked: --yes is named' grep -q 'say --yes' "$work/err"
ok 'unasked: changes nothing' [ "$(changes)" -eq 0 ]
gcs apply "$plan" -n --max-plan-age off
ok 'apply -n: status 0' [ "$status" -eq 0 ]
ok 'apply -n: changes nothing' [ "$(changes)" -eq 0 ]
ok 'apply -n: nor the plan' \
	sh -c "'$gcsweep' show '$plan' | tail -n 1 | grep -q ', $n pending\$'"

# --- apply ---

cp "$plan" "$work/late"
forget_requests
gcs apply "$plan" gs://demo/ --yes
ok 'apply: status 0' [ "$status" -eq 0 ]
ok 'apply: a delete each' [ "$(requests | grep -c '^DELETE ')" -eq "$n" ]
ok 'apply: over all runs' \
	grep -q "^all runs  *$n deleted .* 0 failed, 0 pending\$" "$work/out"
forget_requests
gcs apply "$plan"
ok 'apply again: status 0' [ "$status" -eq 0 ]
ok 'apply again: says so' grep -qx 'nothing left to do' "$work/out"
ok 'apply again: sends nothing' [ -z "$(requests)" ]
run "$gcsweep" show "$plan" --csv
ok 'show --csv: nothing is still to go' [ "$(wc -l <"$work/out")" -eq 1 ]
forget_requests
gcs apply "$work/late" --yes
ok 'a copy that comes late: status 0' [ "$status" -eq 0 ]
ok 'a copy that comes late: changes nothing' [ "$(changes)" -eq 0 ]
ok 'a copy that comes late: all is gone' \
	grep -q "^all runs  *0 deleted .*, $n gone, .* 0 pending\$" "$work/out"
stop_sim

# --- a guard refuses ---

start_sim --registry manifests=0,orphans=3
gcs plan gs://demo -o "$work/empty" --metrics "$work/run.prom"
says 'a guard' 3 'allow-empty-mark'
ok 'a guard: leaves no plan' \
	[ "$(find "$work" -name 'empty*' | wc -l)" -eq 0 ]
ok 'a guard: is told as metrics' \
	grep -q '^gcsweep_last_run_exit_code{bucket="demo",root=""} 3$' "$work/run.prom"
stop_sim

# --- no room for the journal ---

start_sim --registry manifests=0,orphans=1200
gcs plan gs://demo -o "$work/big" --allow-empty-mark --max-delete 100%
run sh -c "trap '' XFSZ; ulimit -f 64; exec '$gcsweep' apply '$work/big' \
	--endpoint '$url' --allow-empty-mark --max-delete 100% --yes"
ok 'no room for the journal: status 1' [ "$status" -eq 1 ]
ok 'no room for the journal: the file is named' grep -q "$work/big" "$work/err"
gcs apply "$work/big" --allow-empty-mark --max-delete 100% --yes
ok 'no room for the journal: another run ends it' [ "$status" -eq 0 ]
ok 'no room for the journal: nothing failed' \
	grep -q '^all runs .* 0 failed, 0 pending$' "$work/out"
stop_sim

# --- interrupted, killed, finished ---

# begin COMMAND...: until the server has two more deletes, which it keeps.
begin() {
	"$gcs_sim" ctl --url "$url" latency-delete=10m
	seen=$(requests | grep -c '^DELETE ')
	env --default-signal=INT,TERM "$gcsweep" "$@" --yes -j 2 \
		--endpoint "$url" --progress none >"$work/out" 2>"$work/err" &
	victim=$!
	while [ "$(requests | grep -c '^DELETE ')" -lt $((seen + 2)) ]; do
		kill -0 "$victim" || break
	done
}

start_sim --registry repos=2,manifests=4,tags=1,untagged=50%,orphans=6
begin gc gs://demo -m -o "$work/long"
kill -s TERM "$victim"
kill -s TERM "$victim"
wait "$victim"
status=$?
ok 'interrupted: status 143' [ "$status" -eq 143 ]
ok 'interrupted: the last line says how to go on' \
	[ "$(tail -n 1 "$work/out")" = "next      gcsweep apply $work/long" ]
begin apply "$work/long"
kill -s KILL "$victim"
wait "$victim" 2>/dev/null
"$gcs_sim" ctl --url "$url" latency-delete=0
gcs apply "$work/long" --yes
ok 'killed, and run again: status 0' [ "$status" -eq 0 ]
ok 'killed, and run again: all is done' \
	grep -q '^all runs .* 0 failed, 0 pending$' "$work/out"
gcs plan gs://demo -m
ok 'and nothing is left' grep -q '^would go  *0 manifests  *0 tag references  *0 blobs' "$work/out"
stop_sim
done_testing
