#!/bin/sh
# SPDX-License-Identifier: MIT
# The programs of bench/ run and count right; nothing is timed.

. "$(dirname "$0")/lib.sh"

for table in client tls paced server list scale delay limits watched rest; do
	ok "bench/run.sh --quick $table" \
		"$top/bench/run.sh" --quick "$bin" $table
done

run "$top/bench/run.sh" --quick "$bin" speed
ok 'an unknown table: status 2' [ "$status" -eq 2 ]
ok 'an unknown table: named' grep -q "'speed'" "$work/err"
run "$top/bench/run.sh" "$work"
ok 'no build: status 2' [ "$status" -eq 2 ]
ok 'no build: says how' grep -q 'tools/build' "$work/err"

done_testing
