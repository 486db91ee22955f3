#!/bin/sh
# SPDX-License-Identifier: MIT
# gcs-sim exec as CI uses it, and --parent-pid: whose end ends whom, who hears
# which signal, what a command inherits, what is refused.

. "$(dirname "$0")/lib.sh"

# Commands under test see nothing but their environment.
export work

# exec_runs COMMAND...: gcs-sim exec without options.
exec_runs() {
	run "$gcs_sim" exec -- "$@"
}

# until_there FILE: waits for it.
until_there() {
	until [ -e "$1" ]; do :; done
}

# until_gone PID: waits until no process has this number.
until_gone() {
	while kill -0 "$1" 2>/dev/null; do :; done
}

# --- the address, the output, the status ---

# shellcheck disable=SC2016 # for the inner shell
exec_runs sh -c 'echo $STORAGE_EMULATOR_HOST'
ok 'the address is in the environment' \
	grep -Eqx 'http://127\.0\.0\.1:[0-9]+' "$work/out"
ok 'and nothing else is said' sh -c \
	"[ \$(wc -l <'$work/out') -eq 1 ] && [ ! -s '$work/err' ]"
# shellcheck disable=SC2016
exec_runs sh -c 'curl -fsS "$STORAGE_EMULATOR_HOST/_sim/health"'
ok 'it answers from the first moment on' grep -qx ok "$work/out"
run env STORAGE_EMULATOR_HOST=http://elsewhere "$gcs_sim" exec \
	--registry demo --latency 1ms --port-file "$work/port" -- \
	"$gcsweep" gc gs://demo -m -n
ok 'options of serve: a registry is collected in it' \
	grep -q 'would go .* 351 blobs' "$work/out"
ok 'options of serve: the port file' \
	grep -q "^EMULATOR http://127.0.0.1:$(cat "$work/port") " "$work/out"
exec_runs sh -c 'echo to stderr >&2; exit 7'
ok 'the exit status is passed on' [ "$status" -eq 7 ]
ok 'standard error is the command'"'"'s' grep -qx 'to stderr' "$work/err"
exec_runs sh -c 'kill -KILL $$'
ok 'killed by a signal: 128 and its number' [ "$status" -eq 137 ]
run sh -c "echo from stdin | '$gcs_sim' exec -- cat"
ok 'standard input is the command'"'"'s' grep -qx 'from stdin' "$work/out"
exec_runs printf '%s|' -- --help --latency 'a  b'
ok 'all behind the first -- is the command'"'"'s' \
	[ "$(cat "$work/out")" = '--|--help|--latency|a  b|' ]

# --- what it inherits ---

exec_runs ls /proc/self/fd 3<"$top/README.md" 9<"$top/README.md"
# ls itself opens one.
ok 'three descriptors, none of ours or of our parent'"'"'s' [ "$(tr '\n' ' ' <"$work/out")" = '0 1 2 3 ' ]
# 32 and 33 are the C library's own: it ignores them in what it spawns, and lets
# nobody change that.
grep_signals="grep -Ec ^Sig(Ign|Blk):.0*(180000000)?\$ /proc/self/status"
# shellcheck disable=SC2086 # words
exec_runs $grep_signals
ok 'no signal is ignored or blocked' grep -qx 2 "$work/out"
# shellcheck disable=SC2086
run sh -c "trap '' INT TERM PIPE; exec '$gcs_sim' exec -- \"\$@\"" sh $grep_signals
ok 'not even one that we were told to ignore' grep -qx 2 "$work/out"
run env --block-signal=CHLD "$gcs_sim" exec -- sh -c 'exit 6'
ok 'a command ends us whatever was blocked before' [ "$status" -eq 6 ]
# shellcheck disable=SC2016
run sh -c "exec '$gcs_sim' exec -- sh -c 'ls /proc/\$\$/fd >\"\$work/fds\"' <&- >&-"
ok 'what was closed is closed' \
	[ "$(tr '\n' ' ' <"$work/fds")" = '1 2 ' ]
run sh -c "ulimit -S -n 100; exec '$gcs_sim' exec -- sh -c 'ulimit -n'"
ok 'the limit of open files is as it was' grep -qx 100 "$work/out"

# --- signals ---

# The command counts what it hears, and ends when $work/go is there.
# It ends with the test, however that ends.
cat >"$work/counter" <<'EOF'
for signal in INT TERM HUP QUIT; do
	trap "echo $signal >>$work/heard" "$signal"
done
echo $$ >"$work/pid.part"
mv "$work/pid.part" "$work/pid"
until [ -e "$work/go" ] || [ ! -e "$work" ]; do :; done
exit 5
EOF

# start_counter COMMAND...: that, in the background, until it listens.
start_counter() {
	rm -f "$work/heard" "$work/pid" "$work/go"
	"$@" >"$work/out" 2>"$work/err" &
	sim_pid=$!
	until_there "$work/pid"
}

# end_counter: lets it end; its status in $status.
end_counter() {
	: >"$work/go"
	wait "$sim_pid"
	status=$?
	sim_pid=
}

start_counter "$gcs_sim" exec -- sh "$work/counter"
for signal in INT TERM HUP QUIT; do
	kill -s "$signal" "$sim_pid"
	until grep -qx "$signal" "$work/heard" 2>/dev/null; do :; done
done
end_counter
ok 'signals are passed on, once each' \
	[ "$(tr '\n' ' ' <"$work/heard")" = 'INT TERM HUP QUIT ' ]
ok 'and the command decides what becomes of them' [ "$status" -eq 5 ]

# A terminal tells all of its process group, so the command has heard already.
# Two answers later the simulator has heard too.
cat >"$work/terminal" <<'EOF'
trap 'echo INT >>"$work/heard"' INT
: >"$work/pid"
until [ -e "$work/heard" ] || [ ! -e "$work" ]; do :; done
curl -fsS "$STORAGE_EMULATOR_HOST/_sim/health" >/dev/null
curl -fsS "$STORAGE_EMULATOR_HOST/_sim/health" >/dev/null
exit 6
EOF
if command -v script >/dev/null; then
	rm -f "$work/heard" "$work/pid"
	mkfifo "$work/keys"
	script -qec "'$gcs_sim' exec -- sh '$work/terminal'" /dev/null \
		<"$work/keys" >"$work/out" 2>&1 &
	sim_pid=$!
	exec 3>"$work/keys"
	until_there "$work/pid"
	printf '\003' >&3
	wait "$sim_pid"
	status=$?
	sim_pid=
	exec 3>&-
	ok 'Ctrl-C is heard once' [ "$(cat "$work/heard")" = INT ]
	ok 'and does not end the simulator' [ "$status" -eq 6 ]
fi

# A terminal that is gone tells the leader of its session alone: us.
if command -v script >/dev/null; then
	start_counter script -qec "exec '$gcs_sim' exec -- sh '$work/counter'" \
		/dev/null
	kill -KILL "$sim_pid"
	until grep -qx HUP "$work/heard" 2>/dev/null; do :; done
	ok 'the end of the terminal is passed on' kill -0 "$(cat "$work/pid")"
	: >"$work/go"
	wait "$sim_pid" 2>/dev/null
	sim_pid=
	until_gone "$(cat "$work/pid")"
fi

start_counter "$gcs_sim" exec -- sh "$work/counter"
pid=$(cat "$work/pid")
kill -KILL "$sim_pid"
until grep -qx TERM "$work/heard" 2>/dev/null; do :; done
ok 'killed without a word: the command gets SIGTERM' kill -0 "$pid"
: >"$work/go"
wait "$sim_pid" 2>/dev/null
sim_pid=
until_gone "$pid"

# --- the end of somebody else ---

# A harness that starts a simulator and is killed.
cat >"$work/harness" <<'EOF'
"$@" --parent-pid $$ >"$work/ready" 2>&1 &
echo $! >"$work/child.part"
mv "$work/child.part" "$work/child"
wait
EOF
sh "$work/harness" "$gcs_sim" &
harness=$!
until_there "$work/child"
until grep -q ready "$work/ready"; do :; done
child=$(cat "$work/child")
ok '--parent-pid: it runs while the harness does' kill -0 "$child"
kill -KILL "$harness"
wait "$harness" 2>/dev/null
until_gone "$child"
ok '--parent-pid: and ends with it' [ "$(grep -c . "$work/ready")" -eq 1 ]

mkfifo "$work/for ever"
cat "$work/for ever" &
other=$!
start_counter "$gcs_sim" exec --parent-pid "$other" -- sh "$work/counter"
kill -KILL "$other"
wait "$other" 2>/dev/null
until grep -qx TERM "$work/heard" 2>/dev/null; do :; done
end_counter
ok '--parent-pid with exec: the command gets SIGTERM' \
	[ "$(cat "$work/heard")" = TERM ]
ok '--parent-pid with exec: and its status counts' [ "$status" -eq 5 ]

refused 'the process has ended already' 2 "parent-pid: there is no process $other" \
	--parent-pid "$other"
refused 'no process has number 0' 2 'parent-pid.*from 1 to' --parent-pid 0
refused 'a negative number' 2 'parent-pid.*from 1 to' --parent-pid=-4
refused 'no number' 2 'parent-pid.*from 1 to' --parent-pid me

# --- what cannot be run ---

refused 'no such command' 127 'cannot run no-such-command: No such file' \
	exec -- no-such-command
refused 'no such file' 127 'cannot run /no/such: No such file' exec -- /no/such
refused 'not executable' 126 'README.md: Permission denied' \
	exec -- "$top/README.md"
refused 'a folder' 126 'cannot run /: Permission denied' exec -- /
refused 'no command' 2 "wants a command behind '--'" exec --
refused 'nothing at all' 2 "wants '--' before the command" exec
refused 'no --' 2 "wants '--' before the command" exec ls -l
refused 'an argument before --' 2 "unknown argument 'ls'" exec ls -- -l
refused 'options before exec' 2 'exec comes first' --seed 4 exec -- ls
refused 'a bad option' 2 '42ms' exec --latency soon -- ls
refused 'a bad address' 2 '127.0.0.1:0' exec --listen nowhere -- ls
refused 'a port file that cannot be' 1 'No such file' \
	exec --port-file "$work/no/such/folder/port" -- ls
run "$gcs_sim" exec --help
ok 'exec --help: status 0' [ "$status" -eq 0 ]
ok 'exec --help: says how' grep -q 'gcs-sim exec .* -- COMMAND' "$work/out"

done_testing
