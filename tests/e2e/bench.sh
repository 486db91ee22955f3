#!/bin/sh
# SPDX-License-Identifier: MIT
# gcsweep bench: counts in every cell, the virtual clock's figures, and that a
# run is the same every time.

. "$(dirname "$0")/lib.sh"

# field NAME: of the one JSON line in $work/out.
field() {
	grep -o "\"$1\":[^,}]*" "$work/out" | head -n 1 | cut -d: -f2 | tr -d '"'
}

# cell NAME REQUESTS SECONDS OPTIONS...: one cell, audited.
cell() {
	what=$1 want=$2 seconds=$3
	shift 3
	run "$gcsweep" bench --json "$@"
	ok "$what: status 0" [ "$status" -eq 0 ]
	ok "$what: audit ok" [ "$(field audit)" = ok ]
	ok "$what: $want requests" [ "$(field driver_requests)" = "$want" ]
	ok "$what: $seconds s" [ "$(field seconds)" = "$seconds" ]
}

for n in 1 10 100 1000; do
	cell "N=$n list-delete" $((2 * n)) 0.084 --table blobs --n $n \
		--strategy list-delete -j 1000
	cell "N=$n delete" "$n" 0.042 --table blobs --n $n \
		--strategy delete -j 1000
done

# MT and 2MT, in their own columns.
for mt in 1x0 1x1 10x0 10x1 100x0 100x1 100x20; do
	m=${mt%x*} t=${mt#*x}
	for factor in 1 2; do
		strategy=delete
		[ $factor -eq 1 ] || strategy=list-delete
		run "$gcsweep" bench --json --table manifests --m "$m" --t "$t" \
			--strategy $strategy -j 1000
		ok "M=$m T=$t $strategy: audit ok" [ "$(field audit)" = ok ]
		ok "M=$m T=$t $strategy: revisions" \
			[ "$(field revision_requests)" = $((factor * m)) ]
		ok "M=$m T=$t $strategy: tags" \
			[ "$(field tag_requests)" = $((factor * m * t)) ]
	done
done

cell '10,000 at 100 in flight' 10000 4.2 --table blobs --n 10000 \
	--strategy delete -j 100
cell '10,000 at 1000 in flight' 10000 0.42 --table blobs --n 10000 \
	--strategy delete -j 1000
cell 'the limiter, T = (N - B)/R + L' 10000 9.042 --table limiter \
	--strategy delete -j 100
cell 'the overall run, old' 782 32.844 --table overall \
	--strategy list-delete -j 1
cell 'the overall run, new' 391 0.126 --table overall --strategy delete \
	-j 1000
ok 'the overall run: 1079 objects before' [ "$(field objects_before)" = 1079 ]
ok 'the overall run: 688 objects after' [ "$(field objects_after)" = 688 ]

# The model, where the closed form does not hold.
for width in 1 7 41 43; do
	run "$gcsweep" bench --json --table limiter --n 900 --burst 100 \
		--strategy list-delete -j $width
	ok "limiter, width $width: as the model says" \
		[ "$(field seconds)" = "$(field expected_seconds)" ]
done

# Rejected requests are tried again and audited.
run "$gcsweep" bench --json --table limiter --n 1500 --burst 500 \
	--on-limit 429 --strategy delete -j 700
ok 'limiter with 429: status 0' [ "$status" -eq 0 ]
ok 'limiter with 429: audit ok' [ "$(field audit)" = ok ]
ok 'limiter with 429: some were rejected' [ "$(field rejected)" -gt 0 ]

# Fewer connections than width: the queue is ours, the counts the same.
cell '100 connections under a width of 1000' 1000 0.42 --table blobs --n 1000 \
	--strategy delete -j 1000 --connections 100

# Latencies beyond the driver's patience with a real server are exact too.
cell 'a latency of 20 s' 200 40.0 --table blobs --n 100 --latency 20s \
	--strategy list-delete -j 100
cell 'a limiter of 1/s' 200 199.042 --table limiter --n 200 --burst 1 \
	--write-limit 1/s --strategy delete -j 100

# The same run twice, also where latency meets the limiter.
"$gcsweep" bench --table limiter --n 1500 --burst 500 --on-limit 429 --json \
	>"$work/first"
"$gcsweep" bench --table limiter --n 1500 --burst 500 --on-limit 429 --json \
	>"$work/second"
same 'two runs give the same figures' "$work/first" "$work/second"

# The real clock: gcs-sim as a child, and the same counts.
run "$gcsweep" bench --json --table overall --clock real --latency 1ms \
	--strategy delete -j 100
ok 'real clock: status 0' [ "$status" -eq 0 ]
ok 'real clock: audit ok' [ "$(field audit)" = ok ]
ok 'real clock: 391 requests' [ "$(field driver_requests)" = 391 ]

# Bad input.
bad() {
	what=$1 pattern=$2
	shift 2
	run "$gcsweep" bench "$@"
	ok "$what: status 2" [ "$status" -eq 2 ]
	ok "$what: named" grep -q -e "$pattern" "$work/err"
}
bad 'unknown table' 'blobs, manifests' --table everything
bad '--n with manifests' '--n goes with' --table manifests --n 5
bad '--t with blobs' 'go with the table manifests' --table blobs --t 5
bad 'an operand' 'takes no operand' gs://demo
bad 'a bad latency' '42ms' --latency soon
bad 'a burst without a limit' 'write-limit' --table blobs --burst 5
bad 'a verdict without a limit' 'write-limit' --table 2x2 --on-limit 429
bad 'a limiter without a limit' 'write-limit' --table limiter --write-limit off
bad 'no simulator' 'did not start' --clock real --simulator /nonexistent

run "$gcsweep" bench
ok '2x2: 100 times by concurrency' grep -q '^list-delete .* 100x$' "$work/out"
ok '2x2: 2 times by fewer requests' grep -q '^delete .* 2x .* 200x$' "$work/out"

done_testing
