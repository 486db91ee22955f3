#!/bin/sh
# SPDX-License-Identifier: MIT
# What gcsweep gc says while it works, on a terminal and off one; and --hgrm.

. "$(dirname "$0")/lib.sh"

run_gc() {
	run "$gcsweep" gc gs://demo -m --endpoint "$url" "$@"
}

# What the run before said is not taken for its words.
start_gc() {
	rm -f "$work/out" "$work/err"
	"$gcsweep" gc gs://demo -m --yes --endpoint "$url" "$@" \
		>"$work/out" 2>"$work/err" &
	victim=$!
}

# until_there FILE PATTERN: waits for the victim to write it.
until_there() {
	while ! grep -qs -e "$2" "$1"; do
		kill -0 "$victim" || return 1
	done
}

end_gc() {
	wait "$victim"
	status=$?
}

# --- plain ---

start_sim --registry demo
run_gc --yes --progress-every 24h
ok 'off a terminal: three lines' [ "$(wc -l <"$work/err")" -eq 3 ]
ok 'off a terminal: list' \
	grep -q '^gcsweep: list 1079 objects, 6.77 GB, .*done in ' "$work/err"
ok 'off a terminal: mark' \
	grep -q '^gcsweep: mark 40/40 reads, .*done in ' "$work/err"
ok 'off a terminal: sweep' \
	grep -q '^gcsweep: sweep 391/391 objects, 4.24 GB, .*done in ' \
	"$work/err"
run_gc --yes
ok 'nothing to sweep: no line about it' \
	[ "$(grep -c '^gcsweep: sweep' "$work/err")" -eq 0 ]
run_gc --yes --quiet
ok 'quiet: not a byte' [ ! -s "$work/err" ]
run_gc --yes --quiet --progress plain
ok 'quiet: progress that was asked for all the same' grep -q '^gcsweep: list' "$work/err"
run_gc --yes --progress none
ok 'none: not a byte' [ ! -s "$work/err" ]
run env GCSWEEP_PROGRESS=none "$gcsweep" gc gs://demo -y --endpoint "$url"
ok 'none from the environment' [ ! -s "$work/err" ]
run_gc --yes --json
ok 'JSON: lines all the same, on standard error' \
	grep -q '^gcsweep: list' "$work/err"
ok 'JSON: standard output is JSON' \
	sh -c "! grep -v '^{\"type\":.*}\$' '$work/out'"
ok 'JSON: not interrupted' grep -q '"interrupted":false' "$work/out"
ok 'JSON: latencies of both windows' \
	[ "$(grep -o '"latency_us":{"p50":[0-9]*,"p90":[0-9]*,"p99":[0-9]*,"max":[0-9]*}' "$work/out" | wc -l)" -eq 2 ]
run "$gcsweep" gc gs://missing --yes --endpoint "$url"
ok 'a list that failed: no line says that it is done' \
	sh -c "! grep -q '^gcsweep: list' '$work/err'"
run_gc --yes --progress sometimes
ok 'no such way: status 2' [ "$status" -eq 2 ]
ok 'no such way: says which there are' grep -q 'auto, bar, plain' "$work/err"
run_gc --yes --progress-every 1ms
ok 'every 1ms: status 2' [ "$status" -eq 2 ]
run env GCSWEEP_PROGRESS_EVERY=now "$gcsweep" gc gs://demo --endpoint "$url"
ok 'every now, from the environment: status 2' [ "$status" -eq 2 ]
stop_sim

start_sim --registry demo --latency-delete 1h
start_gc --progress-every 100ms -j7
until_there "$work/err" '^gcsweep: sweep 0/391 objects, 7 in flight$'
ok 'every so often, what is known' [ $? -eq 0 ]
kill -s KILL "$victim"
end_gc
forget_requests
start_gc --progress none -j9
while ! requests | grep -q '^DELETE'; do :; done
kill -s USR1 "$victim"
until_there "$work/err" '^gcsweep: sweep 0/391 objects, 9 in flight$'
ok 'SIGUSR1: a line, also without progress' [ $? -eq 0 ]
kill -s KILL "$victim"
end_gc
stop_sim

start_sim --registry demo --fault 'DELETE 503 times=12'
run_gc --yes -j 12
ok 'an outage: status 0' [ "$status" -eq 0 ]
ok 'an outage: told when it begins' [ "$(grep -c \
	'^gcsweep: the server is out; it is asked once a second' "$work/err")" -eq 1 ]
ok 'an outage: told when it ends' grep -qx 'gcsweep: the server is back' \
	"$work/err"
stop_sim

start_sim --registry demo --latency-delete 20ms
run_gc --yes
ok 'the summary has quantiles' grep -qE \
	'^latency   p50 [0-9.]+ m?s, p90 [0-9.]+ m?s, p99 [0-9.]+ m?s, max [0-9.]+ m?s, waits' \
	"$work/out"
ok 'no line is wider than 80' [ "$(cut -c81- "$work/out" | tr -d '\n')" = '' ]
stop_sim

# --- on a terminal ---

# on_terminal COLUMNS TERM COMMAND: $work/screen is all that was written to it.
on_terminal() {
	TERM=$2 script -qec "stty cols $1; exec $3" "$work/screen" \
		</dev/null >/dev/null 2>&1
	status=$?
}

# frames: the bar's lines, without control sequences.
frames() {
	tr -d '\r' <"$work/screen" | sed 's/\x1b\[[0-9]*[A-Z]//g' |
		grep -E '^(list|mark|sweep) '
}

esc=$(printf '\033')
start_sim --registry demo --latency-delete 20ms
on_terminal 40 xterm "'$gcsweep' gc gs://demo -m --yes -j50 --endpoint '$url'"
ok 'terminal: status 0' [ "$status" -eq 0 ]
ok 'terminal: a bar' grep -q "${esc}\[3A" "$work/screen"
ok 'terminal: list, mark and sweep' \
	[ "$(frames | cut -d ' ' -f 1 | sort -u | tr '\n' ' ')" = 'list mark sweep ' ]
ok 'terminal: no line reaches the edge' \
	[ "$(frames | awk 'length > 39' | wc -l)" -eq 0 ]
ok 'terminal: the bar is gone before the summary' \
	grep -q "${esc}\[3A.${esc}\[Jkept" "$work/screen"
ok 'terminal: no plain line' sh -c "! grep -q '^gcsweep:' '$work/screen'"
stop_sim

start_sim --registry demo --latency-delete 20ms
on_terminal 80 dumb "'$gcsweep' gc gs://demo -m --yes -j50 --endpoint '$url'"
ok 'dumb terminal: plain lines' \
	grep -q '^gcsweep: sweep 391/391 objects' "$work/screen"
ok 'dumb terminal: no control sequence' sh -c "! grep -q '$esc' '$work/screen'"
stop_sim

start_sim --registry demo --latency-get 200ms
on_terminal 80 xterm "'$gcsweep' gc gs://demo -m --endpoint '$url'"
ok 'the bar is gone before the prompt' \
	grep -q "${esc}\[3A.${esc}\[JDelete 391 objects" "$work/screen"
ok 'no answer, no delete' [ "$status" -eq 3 ]
on_terminal 80 xterm "'$gcsweep' gc gs://missing -m --endpoint '$url'"
ok 'an error begins its line' sh -c \
	"sed 's/.*${esc}\[J//' '$work/screen' | grep -q '^gcsweep: .*does not exist'"
stop_sim

# --- --hgrm ---

hgrm=$work/latency.hgrm
start_sim --registry demo --latency-delete 1ms
run_gc --yes --hgrm "$hgrm" --dry-run
ok 'hgrm of a dry run: status 2' [ "$status" -eq 2 ]
ok 'hgrm of a dry run: says why' grep -q 'a dry run sends none' "$work/err"
run env GCSWEEP_DRY_RUN=1 "$gcsweep" gc gs://demo -y --hgrm "$hgrm" \
	--endpoint "$url"
ok 'hgrm of a dry run by the environment: refused, too' [ "$status" -eq 2 ]
run_gc --yes --hgrm ''
ok 'hgrm without a name: status 2' [ "$status" -eq 2 ]
run_gc --yes --hgrm "$work/none/latency.hgrm"
ok 'hgrm in no directory: status 2' [ "$status" -eq 2 ]
ok 'hgrm in no directory: names the file' \
	grep -q "$work/none/latency.hgrm' cannot be written: No such" "$work/err"
run_gc --yes --hgrm "$work"
ok 'hgrm over a directory: status 2' [ "$status" -eq 2 ]
run_gc --yes --hgrm /dev/null
ok 'hgrm over a device: status 2' [ "$status" -eq 2 ]
# What a link leads to now is not what a rename would replace: as root,
# /dev/stdout would be a file from then on.
: >"$work/file"
for to in file nothing itself; do
	ln -s "$to" "$work/itself"
	run_gc --yes --hgrm "$work/itself"
	ok "hgrm over a link to $to: status 2" [ "$status" -eq 2 ]
	ok "hgrm over a link to $to: it stays one" [ -L "$work/itself" ]
	rm -f "$work/itself"
done
ok 'and nothing was sent' [ "$(requests | wc -l)" -eq 0 ]
run "$gcsweep" gc gs://missing --yes --endpoint "$url" --hgrm "$hgrm"
ok 'hgrm of a run that failed: no file' \
	[ "$(find "$work" -name 'latency.hgrm*' | wc -l)" -eq 0 ]
run_gc --yes --hgrm "$hgrm"
ok 'hgrm: status 0' [ "$status" -eq 0 ]
ok 'hgrm: a header' sh -c "head -n 1 '$hgrm' | grep -q 'Value *Percentile *TotalCount *1/(1-Percentile)'"
# shellcheck disable=SC2016 # awk's own
ok 'hgrm: 391 deletes, none below 1 ms' awk '
	$2 == "1.000000000000" { ends = $3 == 391 }
	NR == 3 { begins = $1 >= 1 }
	END { exit !(begins && ends) }' "$hgrm"
ok 'hgrm: for whom the umask says' \
	[ "$(stat -c %a "$hgrm")" = "$(: >"$work/new"; stat -c %a "$work/new")" ]
stop_sim

# What is in the way comes when it has looked, and long before the end.
start_sim --registry demo
rm "$hgrm"
freeze_sim
start_gc --hgrm "$hgrm"
until_there "$work/out" '^EMULATOR'
mkdir "$hgrm"
thaw_sim
end_gc
ok 'hgrm that fails at the end: status 1' [ "$status" -eq 1 ]
ok 'hgrm that fails at the end: says what stands' \
	grep -q "the run has ended, but: .*$hgrm' cannot be written" "$work/err"
ok 'hgrm that fails at the end: the summary stands' \
	grep -q '^deleted .* 351 blobs' "$work/out"
ok 'hgrm that fails at the end: nothing is left beside it' \
	[ "$(find "$work" -name 'latency.hgrm?*' | wc -l)" -eq 0 ]
stop_sim

done_testing
