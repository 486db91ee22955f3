#!/bin/sh
# SPDX-License-Identifier: MIT
# gcsweep bench: counts in every cell, the virtual clock's figures, and that a
# run is the same every time.

. "$(dirname "$0")/lib.sh"
jsonl=$bin/tests/support/jsonl

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
for verdict in 429 503; do
	run "$gcsweep" bench --json --table limiter --n 1500 --burst 500 \
		--on-limit $verdict --strategy delete -j 700
	ok "limiter with $verdict: status 0" [ "$status" -eq 0 ]
	ok "limiter with $verdict: audit ok" [ "$(field audit)" = ok ]
	ok "limiter with $verdict: some were rejected" \
		[ "$(field rejected)" -gt 0 ]
	ok "limiter with $verdict: no model" [ "$(field expected_seconds)" = null ]
	run "$gcsweep" bench --table limiter --n 1500 --burst 500 \
		--on-limit $verdict -j 700
	ok "limiter with $verdict: the head says so" \
		grep -q "over the limit $verdict\$" "$work/out"
done

run "$gcsweep" bench --json --table limiter --clock real --latency 1ms --n 200 \
	--burst 100 --write-limit 1000000/s --on-limit 503 -j 10
ok 'another process says 503, too: audit ok' [ "$(field audit)" = ok ]

# Fewer connections than width: the queue is ours, the counts the same.
cell '100 connections under a width of 1000' 1000 0.42 --table blobs --n 1000 \
	--strategy delete -j 1000 --max-connections 100

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
bad '--t with blobs' 'goes with the table manifests' --table blobs --t 5
bad 'an operand' 'takes no operand' gs://demo
bad 'a bad latency' '42ms' --latency soon
bad 'a burst without a limit' 'write-limit' --table blobs --burst 5
bad 'a verdict without a limit' 'write-limit' --table 2x2 --on-limit 429
bad 'a limiter without a limit' 'write-limit' --table limiter --write-limit off
bad 'a limiter in the table latency' '--write-limit' --table latency \
	--write-limit 1000/s
bad '--m with latency' 'goes with the table manifests' --table latency --m 1
bad '--n with overall' '--n goes with' --table overall --n 1
bad 'JSON and Markdown' '--json and --markdown contradict' --json --markdown
bad 'no simulator' 'did not start' --clock real --simulator /nonexistent

run "$gcsweep" bench
ok '2x2: 100 times by concurrency' grep -q '^list-delete .* 100x$' "$work/out"
ok '2x2: 2 times by fewer requests' grep -q '^delete .* 2x .* 200x$' "$work/out"

# --- the three forms of a table hold the same numbers ---

# squeeze: words with one space between.
squeeze() {
	tr -s ' \t' ' ' | sed 's/^ //; s/ $//'
}

# values KEYS...: of the JSON lines, times with three digits.
values() {
	"$jsonl" "$@" <"$work/json" | awk -F '\t' -v times="$times" '{
		for (i = 1; i <= NF; i++)
			printf("%s%s", i > 1 ? " " : "",
				i >= times ? sprintf("%.3f", $i) : $i)
		print ""
	}'
}

# markdown_rows: the tables' rows without heads, a space for each line.
markdown_rows() {
	awk '/^\|/ { if (++n > 2) print; next } { n = 0 }' "$work/md" |
		tr '|' ' ' | squeeze
}

# Every table has a line between head and rows, cells for each column, and an
# empty line before and after it.
# shellcheck disable=SC2317 # called by ok
is_markdown() {
	awk -F '|' '
		!/^\|/ { if (n && /./) bad = 1; n = 0; blank = !/./; next }
		{ n++ }
		n == 1 { cells = NF; tables++; if (NR > 1 && !blank) bad = 1 }
		NF != cells || !/\|$/ { bad = 1 }
		n == 2 && !/^(\|(---:|:---))+\|$/ { bad = 1 }
		END { exit bad || !tables }' "$1"
}

sed '1,/^## The JSON/d' "$top/doc/BENCH.md" >"$work/bench.md"
for table in blobs manifests overall 2x2 limiter latency; do
	case $table in
	limiter) set -- --n 1500 --burst 500 ;;
	latency) set -- --n 100 ;;
	*) set -- ;;
	esac
	"$gcsweep" bench --table $table "$@" >"$work/text"
	"$gcsweep" bench --table $table "$@" --markdown >"$work/md"
	"$gcsweep" bench --table $table "$@" --json >"$work/json"
	ok "$table: every JSON line parses" "$jsonl" <"$work/json"
	ok "$table: the Markdown is tables" is_markdown "$work/md"
	ok "$table: 80 columns" sh -c "! grep '.\{81\}' '$work/text'"
	for form in text md; do
		grep -oE '[0-9]+([.][0-9]+)?' "$work/$form" >"$work/$form.numbers"
	done
	same "$table: text and Markdown hold the same numbers" \
		"$work/text.numbers" "$work/md.numbers"
	"$jsonl" --keys <"$work/json" | sort -u >"$work/keys"
	sed -n "s/^| \`\([a-z_]*\)\` |.*/\1/p" "$work/bench.md" | sort \
		>"$work/documented"
	same "$table: doc/BENCH.md tells every key" "$work/documented" \
		"$work/keys"
	times=100
	case $table in
	blobs)
		times=6
		markdown_rows | awk '{ print $1, $2, $3, $4, $5, $6 }'
		values n strategy width driver_requests expected_requests \
			seconds >"$work/want"
		;;
	manifests)
		times=9
		markdown_rows | awk '{ NF = 9; print }'
		values m t strategy width revision_requests tag_requests \
			driver_requests expected_requests seconds >"$work/want"
		;;
	overall)
		markdown_rows | awk '{ print $1, $2, $3, $4, $7, $9, $5 }'
		times=7
		values strategy width driver_requests expected_requests \
			objects_before objects_after seconds >"$work/want"
		;;
	limiter)
		markdown_rows | awk '{ print $1, $2, $3, $4, $5, $8, $6, $7 }'
		times=7
		values strategy width driver_requests rejected failed \
			peak_in_flight seconds expected_seconds >"$work/want"
		;;
	2x2)
		markdown_rows | awk '{ print $1, $2, $3; print $1, $5, $6 }'
		times=3
		values strategy driver_requests seconds >"$work/want"
		;;
	latency)
		markdown_rows | awk '{ for (i = 3; i <= 10; i++)
			print $1, i < 7 ? "list-delete" : "delete", $i }'
		times=3
		values latency_ms strategy seconds >"$work/want"
		;;
	esac >"$work/got"
	same "$table: Markdown and JSON hold the same numbers" "$work/want" \
		"$work/got"
done

# --- the table latency ---

ok 'latency: a row for a class to read' grep -qx \
	'  42 ms    8.400    0.840    0.084    0.084     4.200    0.420    0.042    0.042' \
	"$work/text"
"$gcsweep" bench --table latency --json >"$work/json"
ok 'latency: 128 cells' [ "$("$jsonl" n <"$work/json" | wc -l)" -eq 128 ]
ok 'latency: every cell is audited' \
	[ "$("$jsonl" audit <"$work/json" | sort -u)" = ok ]
"$jsonl" n width strategy latency_ms seconds driver_requests <"$work/json" |
	awk '{
		per = $3 == "delete" ? 1 : 2
		waves = int(($1 + $2 - 1) / $2)
		if ($6 != per * $1 || $5 - per * waves * $4 / 1000 > 1e-9 ||
			per * waves * $4 / 1000 - $5 > 1e-9)
			print
	}' >"$work/odd"
ok 'latency: T = ceil(N/width) L, twice that with a List' [ ! -s "$work/odd" ]
run "$gcsweep" bench --table latency --n 7 --latency 5ms --strategy delete -j 3
ok 'latency: options narrow it to one cell' grep -q 'all 1 cell$' "$work/out"
ok 'latency: and that is T' grep -q '^ *5 ms *0.015$' "$work/out"
run "$gcsweep" bench --table latency --clock real --n 3 --latency 1ms --json
ok 'latency, real clock: status 0' [ "$status" -eq 0 ]
ok 'latency, real clock: every cell is audited' \
	sh -c "'$jsonl' audit width driver_requests <'$work/out' | tr '\t\n' '  ' |
		grep -qx 'ok 1 6 ok 10 6 ok 100 6 ok 1000 6 ok 1 3 ok 10 3 ok 100 3 ok 1000 3 '"

done_testing
