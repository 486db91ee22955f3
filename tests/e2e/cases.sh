#!/bin/sh
# SPDX-License-Identifier: MIT
# Every folder in fixtures/cases is a case:
#
#	bucket.txt	what is in the bucket: lines `registry SPEC`,
#			`put NAME CONTENT` (printf escapes), `remove NAME`
#	args		gcsweep command lines, each on a fresh simulator
#	report.golden	what it said and its exit status, times cut out
#	requests.golden	what the server saw, sorted
#
# Where the mark ends early (status 6) args say --mark-width 1: which of several
# reads in flight the server saw would depend on the machine.
#
# UPDATE_GOLDEN=1 writes the goldens; read the diff.
# CASES='a b' runs only those.

. "$(dirname "$0")/lib.sh"

# Its numbers depend on when it looks; progress.sh is about it.
GCSWEEP_PROGRESS=none
export GCSWEEP_PROGRESS

fill() {
	spec=$(sed -n 's/^registry //p' "$1/bucket.txt")
	start_sim ${spec:+--registry "$spec"}
	[ -n "$spec" ] || curl -fsS -o /dev/null -X POST \
		-H 'Content-Type: application/json' -d '{"name":"demo"}' \
		"$url/storage/v1/b?project=test"
	while read -r verb name content; do
		case $verb in
		put) put "$name" "$content" ;;
		remove) remove "$name" ;;
		esac
	done <"$1/bucket.txt"
	forget_requests
}

# What differs from run to run: ports, times, generations of what was just put.
steady() {
	sed -E -e "s,$url,URL,g" -e '/^(time|latency) /d' \
		-e 's/([0-9a-f]{12})[0-9a-f]{52}/\1/g' \
		-e 's/#(1[7-9]|2[0-9])[0-9]{14}$/#NOW/' \
		-e 's/"latency_us":\{[^}]*\}/"latency_us":L/g' \
		-e 's/"seconds":[0-9.e+-]+/"seconds":S/g' \
		-e 's/"peak_in_flight":[0-9]+/"peak_in_flight":P/g' \
		-e 's/"width":[0-9]+/"width":W/' \
		-e 's/"rate":[0-9.e+-]+/"rate":R/' \
		-e 's/"connections":[0-9]+/"connections":K/' \
		-e 's/[0-9]+ deletes a second/R deletes a second/' "$1"
}

run_case() {
	: >"$work/report"
	: >"$work/requests"
	while read -r line; do
		case $line in '' | '#'*) continue ;; esac
		fill "$1"
		# shellcheck disable=SC2086 # args are words
		run "$gcsweep" $line --endpoint "$url"
		case "$status $line" in
		*' --mark-width 1'*) ;;
		6\ *) ok "$line: its mark reads one by one" false ;;
		esac
		{
			echo "\$ gcsweep $line"
			steady "$work/out"
			steady "$work/err"
			echo "exit status $status"
		} >>"$work/report"
		{
			echo "\$ gcsweep $line"
			requests
		} >>"$work/requests"
		stop_sim
	done <"$1/args"
}

cd "$top/fixtures/cases" || exit 1
for case in ${CASES:-*}; do
	run_case "$case"
	if [ "${UPDATE_GOLDEN-}" = 1 ]; then
		cp "$work/report" "$case/report.golden"
		cp "$work/requests" "$case/requests.golden"
	fi
	same "$case: report" "$case/report.golden" "$work/report"
	same "$case: requests" "$case/requests.golden" "$work/requests"
done
done_testing
