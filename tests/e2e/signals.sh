#!/bin/sh
# SPDX-License-Identifier: MIT
# Signals while gcsweep gc works: what it leaves, says and answers; and that the
# next run finishes the job.

. "$(dirname "$0")/lib.sh"

# A shell without job control starts its background jobs deaf to SIGINT, whoever
# runs the tests may be deaf to SIGHUP, and what is ignored stays ignored; so the
# actions are set back.
start_gc() {
	env --default-signal=INT,TERM,HUP "$gcsweep" gc gs://demo -m --yes --endpoint "$url" \
		"$@" >"$work/out" 2>"$work/err" &
	victim=$!
}

end_gc() {
	wait "$victim"
	status=$?
}

# wait_for N METHOD: until the server has seen so many.
wait_for() {
	while [ "$(requests | grep -c "^$2")" -lt "$1" ]; do
		kill -0 "$victim" || return 1
	done
}

# A simulator whose requests wait an hour would drain for seconds.
drop_sim() {
	kill -s KILL "$sim_pid"
	wait "$sim_pid"
	sim_pid=
} 2>/dev/null

objects() {
	curl -fsS "$url/storage/v1/b/demo/o?fields=items(name)" | grep name |
		LC_ALL=C sort
}

# number KEY: of the JSON summary's sweep or top.
number() {
	sed -n "s/.*\"type\":\"summary\".*\"$1\":\([0-9]*\).*/\1/p" "$work/out"
}

server_deletes() {
	requests | grep -c '^DELETE'
}

# The names that an undisturbed run leaves.
start_sim --registry demo
run "$gcsweep" gc gs://demo -m --yes --endpoint "$url"
objects >"$work/want"
stop_sim

# interrupted_by SIGNAL STATUS ARGUMENTS...: one signal during a long sweep.
interrupted_by() {
	what="SIG$1 ($3)" signal=$1 want=$2
	shift 2
	start_sim --registry demo --latency-delete 200ms
	start_gc --json --progress none "$@"
	wait_for 5 DELETE
	kill -s "$signal" "$victim"
	end_gc
	ok "$what: status $want" [ "$status" -eq "$want" ]
	ok "$what: JSON says so" grep -q '"interrupted":true' "$work/out"
	ok "$what: the counts agree" grep -q '"audit":"ok"' "$work/out"
	ok "$what: the error has the status too" \
		grep -q "\"type\":\"error\".*\"status\":$want" "$work/out"
	ok "$what: one line on standard error" [ "$(wc -l <"$work/err")" -eq 1 ]
	ok "$what: it names the signal" \
		grep -q "interrupted by SIG$signal: .* not tried" "$work/err"
	driver=$(sed -n 's/.*"sweep":{"requests":{[^}]*"DELETE":\([0-9]*\)}.*/\1/p' "$work/out")
	ok "$what: driver and server count the same deletes" \
		[ "$driver" -eq "$(server_deletes)" ]
	ok "$what: what was not tried was not sent" \
		[ "$((391 - $(number not_tried)))" -eq "$driver" ]
	ok "$what: it ended early" [ "$driver" -lt 391 ]
	run "$gcsweep" gc gs://demo -m --yes --endpoint "$url"
	ok "$what: run again: status 0" [ "$status" -eq 0 ]
	objects >"$work/left"
	same "$what: run again: as if nothing had happened" \
		"$work/want" "$work/left"
	stop_sim
}

interrupted_by INT 130 -j1
interrupted_by TERM 143 -j4
interrupted_by HUP 129 -j1
interrupted_by INT 130 -j4 --strategy list-delete
interrupted_by TERM 143 -j1 --strategy list-delete
# What waits for its turn in the driver is kept back as well.
interrupted_by INT 130 --rate=20
interrupted_by INT 130 --rate=20 --strategy list-delete

# --- text ---

start_sim --registry demo --latency-delete 200ms
start_gc -j1 --progress none
wait_for 5 DELETE
kill -s TERM "$victim"
end_gc
ok 'text: what was deleted' grep -q '^deleted ' "$work/out"
ok 'text: what was not tried' grep -q '[1-9][0-9]* not tried' "$work/out"
ok 'text: audit ok' grep -q 'audit ok' "$work/out"
ok 'text: what to do next' grep -q '^next .*run again: it finishes' "$work/out"
stop_sim

# --- a second signal, and a server that never answers ---

start_sim --registry demo --latency-delete 1h
start_gc -j10
wait_for 10 DELETE
kill -s TERM "$victim"
while ! grep -q '^gcsweep: stopping' "$work/err"; do
	kill -0 "$victim" || break
done
kill -s INT "$victim"
end_gc
ok 'second signal: the status is the first one'"'"'s' [ "$status" -eq 143 ]
ok 'second signal: audit ok' grep -q 'audit ok' "$work/out"
ok 'second signal: says what is unknown' \
	grep -q '^note .*10 deletes given up:' "$work/out"
ok 'second signal: they are failures, the rest not tried' \
	grep -q ' 10 failed, 381 not tried' "$work/out"
ok 'second signal: no line for each of them' \
	[ "$(grep -c cancelled "$work/err")" -eq 0 ]
ok 'second signal: no more than those were sent' [ "$(server_deletes)" -eq 10 ]
drop_sim

start_sim --registry demo --latency-list 1h
start_gc
wait_for 1 LIST
kill -s TERM "$victim"
end_gc
ok 'listing: status 143' [ "$status" -eq 143 ]
ok 'listing: nothing was deleted' \
	grep -qx 'gcsweep: interrupted while marking; nothing was deleted' \
	"$work/err"
drop_sim

# --- while marking ---

for signal in INT TERM HUP; do
	case $signal in INT) want=130 ;; TERM) want=143 ;; HUP) want=129 ;; esac
	start_sim --registry demo --latency-get 1h
	start_gc --json
	wait_for 10 GET
	kill -s $signal "$victim"
	end_gc
	ok "marking, SIG$signal: status $want" [ "$status" -eq "$want" ]
	ok "marking, SIG$signal: says so" \
		grep -qx 'gcsweep: interrupted while marking; nothing was deleted' \
		"$work/err"
	ok "marking, SIG$signal: no delete was sent" \
		[ "$(server_deletes)" -eq 0 ]
	ok "marking, SIG$signal: JSON has the status" \
		grep -q "\"type\":\"error\".*\"status\":$want" "$work/out"
	drop_sim
done

start_sim --registry demo --latency-get 1h
start_gc --dry-run
wait_for 10 GET
kill -s INT "$victim"
end_gc
ok 'dry run: status 130' [ "$status" -eq 130 ]
drop_sim

# --- ignored from the start ---

start_sim --registry demo --latency-delete 20ms
nohup "$gcsweep" gc gs://demo -m --yes -j4 --endpoint "$url" \
	>"$work/out" 2>"$work/err" </dev/null &
victim=$!
wait_for 20 DELETE
kill -s HUP "$victim"
end_gc
ok 'nohup: goes on, status 0' [ "$status" -eq 0 ]
ok 'nohup: 391 deletes' [ "$(server_deletes)" -eq 391 ]
stop_sim

# --- at the prompt, on a terminal ---

# at_prompt: a run that asks, on a pseudo-terminal; what goes to fd 4 is typed.
# Its screen is $work/screen.
at_prompt() {
	mkfifo "$work/keys"
	: >"$work/screen"
	script -qefc "$1" "$work/screen" <"$work/keys" >"$work/out" 2>&1 &
	victim=$!
	exec 4>"$work/keys"
	rm "$work/keys"
	until_seen "Type the bucket's name"
}

# until_seen TEXT: waits for it on that screen.
until_seen() {
	while ! grep -q "$1" "$work/screen"; do
		kill -0 "$victim" || break
	done
}

start_sim --registry demo
asks="exec env --default-signal=INT '$gcsweep' gc gs://demo -m --endpoint '$url'"
at_prompt "$asks"
printf '\003' >&4
end_gc
exec 4>&-
ok 'Ctrl-C at the prompt: status 130' [ "$status" -eq 130 ]
ok 'Ctrl-C at the prompt: says so' \
	grep -q 'interrupted at the prompt; nothing was deleted' "$work/screen"
ok 'Ctrl-C at the prompt: no delete was sent' [ "$(server_deletes)" -eq 0 ]

at_prompt "$asks"
printf 'demonstration\n' >&4
end_gc
exec 4>&-
ok 'another word at the prompt: status 3' [ "$status" -eq 3 ]
ok 'another word at the prompt: says what to do' \
	grep -q "nothing was deleted; type the bucket's name, or say --yes" \
	"$work/screen"
ok 'another word at the prompt: no delete was sent' \
	[ "$(server_deletes)" -eq 0 ]

at_prompt "$asks"
printf 'demo\n' >&4
end_gc
exec 4>&-
ok 'the bucket at the prompt: status 0' [ "$status" -eq 0 ]
ok 'the bucket at the prompt: 391 deletes' [ "$(server_deletes)" -eq 391 ]
stop_sim

# The last object was in flight: there is nothing to run again for.  The answer
# comes when the signal has been heard, since the server stands still until then.
start_sim --registry manifests=0,orphans=1,kept=1
at_prompt "exec env --default-signal=INT '$gcsweep' gc gs://demo --progress bar \
	--endpoint '$url'"
freeze_sim
printf 'demo\n' >&4
until_seen '^sweep 0/1 objects, 1 in flight'
printf '\003' >&4
until_seen 'gcsweep: stopping'
thaw_sim
end_gc
exec 4>&-
ok 'a signal at the last object: status 130' [ "$status" -eq 130 ]
ok 'a signal at the last object: says that all was done' \
	grep -q 'interrupted by SIGINT, when all was done' "$work/screen"
ok 'a signal at the last object: asks for no other run' \
	sh -c "! grep -q 'run again' '$work/screen'"
ok 'a signal at the last object: it is deleted' [ "$(server_deletes)" -eq 1 ]
stop_sim

# --- on a terminal, with a bar on it ---

esc=$(printf '\033')
start_sim --registry demo --latency-delete 200ms
mkfifo "$work/keys"
TERM=xterm script -qefc "exec env --default-signal=INT '$gcsweep' gc gs://demo \
	-m --yes -j1 --endpoint '$url'" "$work/screen" <"$work/keys" \
	>"$work/out" 2>&1 &
victim=$!
exec 4>"$work/keys"
wait_for 5 DELETE
printf '\003' >&4
end_gc
exec 4>&-
ok 'Ctrl-C while sweeping: status 130' [ "$status" -eq 130 ]
ok 'Ctrl-C while sweeping: the bar is gone before the summary' \
	grep -q "${esc}\[3A.${esc}\[Jkept" "$work/screen"
ok 'Ctrl-C while sweeping: the error begins its line' \
	grep -q '^gcsweep: interrupted by SIGINT' "$work/screen"
ok 'Ctrl-C while sweeping: audit ok' grep -q 'audit ok' "$work/screen"
stop_sim

done_testing
