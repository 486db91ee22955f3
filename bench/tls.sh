# SPDX-License-Identifier: MIT
# gcsweep over TLS beside the minimal loop, and gcsweep that finds its pace beside
# what no client could beat, for bench/run.sh.
# shellcheck shell=sh disable=SC2154

# --- TLS ---

# start_tls: a simulator of $n blobs that charges for round trips; sets $tls_url.
start_tls() {
	start_sim "$(blobs "$n")" --latency "$tls_latency" \
		--rtt "$tls_latency" --handshake tls \
		--tls-listen 127.0.0.1:0 --tls-port-file "$work/port" \
		--ca-file "$work/ca.pem"
	tls_url=https://127.0.0.1:$(cat "$work/port")
}

# The last value that measure found of a figure.
last_figure() {
	awk -v program="$1" -v figure="$2" '
		$1 == program && $2 == figure { value = $3 }
		END { print value }' "$work/rows"
}

# tls_run PROGRAM CONNECTIONS: it never makes more connections than that.  One
# more is curl's, which asks for the counts.
tls_run() {
	start_tls
	case $1 in
	token)
		GOOGLE_ACCESS_TOKEN=ya29.$(printf %0200d 7) \
			measure token "$n" "$build/bench/sweep" "$tls_url" \
			demo "$2" "$work/ca.pem" <"$work/objects"
		;;
	twice)
		measure twice "$n" "$build/bench/sweep" "$tls_url" demo "$2" \
			"$work/ca.pem" 2 <"$work/objects"
		;;
	gcsweep)
		measure gcsweep "$n" "$build/bench/sweep" "$tls_url" demo "$2" \
			"$work/ca.pem" <"$work/objects"
		;;
	*)
		measure "$1" "$n" "$build/bench/minimal" "$tls_url" "$2" \
			"$work/ca.pem" <"$work/deletes"
		;;
	esac
	check_stats "$n" DELETE 204 total
	made=$(sed -n 's/^ *"connections": \([0-9]*\),*$/\1/p' "$work/stats")
	echo "$1 made $((made - 1))" >>"$work/rows"
	stop_server
}

# check_made PROGRAM MOST
check_made() {
	made=$(last_figure "$1" made)
	[ "$made" -le "$2" ] || die "$1 made $made connections, not $2"
}

# Who chooses its connections goes first; the minimal loop is given as many.
tls_round() {
	tls_run gcsweep "$tls_connections"
	chosen=$(last_figure gcsweep width)
	check_made gcsweep "$chosen"
	tls_run token "$tls_connections"
	check_made token "$chosen"
	tls_run twice "$tls_connections"
	check_made twice "$(last_figure twice width)"
	tls_run minimal "$chosen"
	tls_run all "$tls_connections"
	check_made all "$tls_connections"
}

# tls_rows PROGRAM...
tls_rows() {
	row "$n: wall, ms" wall 1e3 "$@"
	row "$n: CPU, ms" cpu 1e3 "$@"
	row "$n: peak RSS, MiB" rss_kib 1/1024 "$@"
	row "$n: connections" made 1 "$@"
}

table_tls() {
	cat <<-END

	## The client over TLS

	As above, over TLS, at $tls_latency, with the set-up charged: the first answer
	comes after three round trips. \`gcsweep\` may use $tls_connections connections
	and chooses how many; \`token\` is the same with an \`Authorization\` of 220
	bytes, \`twice\` sends the N in two batches; \`minimal\` uses as many connections
	as gcsweep chose, \`all\` is the minimal loop with $tls_connections. Connections
	are counted by the simulator: never more than were chosen, none for a second
	batch. Goals: N = 1000 in 500 ms and 300 ms of CPU, 10000 in 1400 and 1200.

	END
	table_head 'N: figure' gcsweep minimal all gcsweep/minimal \
		gcsweep/all minimal/all
	: >"$work/rest"
	for n in $tls_sizes; do
		list_objects "$(blobs "$n")" >"$work/objects"
		requests DELETE <"$work/objects" >"$work/deletes"
		new_rows
		repeat "$rounds" tls_round
		tls_rows gcsweep minimal all
		tls_rows token twice gcsweep >>"$work/rest"
	done
	echo
	table_head 'N: figure' token twice gcsweep token/twice token/gcsweep \
		twice/gcsweep
	cat "$work/rest"
}

# --- a limiter ---

# paced_run RATE BURST N LATENCY-MS
paced_run() {
	start_sim "$(blobs "$3")" --latency "$4ms" --write-limit "$1/s" \
		--burst "$2"
	"$build/bench/sweep" "$url" demo auto <"$work/objects" \
		>"$work/figures" || die 'gcsweep failed'
	check_stats "$3" 204
	stop_server
	awk -v rate="$1" -v burst="$2" -v n="$3" -v ms="$4" '{
		for (i = 1; i < NF; i += 2)
			value[$i] = $(i + 1)
		bound = (n > burst ? (n - burst) / rate : 0) + ms / 1e3
		window = n * ms / 1e3 / 1000 + ms / 1e3
		if (window > bound)
			bound = window
		printf "| %d/s, burst %d, N = %d, %d ms | %.2f | %.2f | %.3f | %.2f | %.0f |\n",
			rate, burst, n, ms, bound, value["wall"],
			value["wall"] / bound,
			100 * value["rejected"] / value["answers"],
			1e6 * value["cpu"] / n
	}' "$work/figures"
}

# As the word at: RATE:BURST:N:LATENCY-MS
paced_case() {
	paced_rest=$1
	paced_rate=${paced_rest%%:*} paced_rest=${paced_rest#*:}
	paced_burst=${paced_rest%%:*} paced_rest=${paced_rest#*:}
	paced_n=${paced_rest%%:*} paced_ms=${paced_rest#*:}
	list_objects "$(blobs "$paced_n")" >"$work/objects"
	repeat "$paced_rounds" paced_run "$paced_rate" "$paced_burst" \
		"$paced_n" "$paced_ms"
}

table_paced() {
	cat <<-'END'

	## The client against a limiter

	`gcsweep` as by `-j auto`, over HTTP on the real clock, against
	`--write-limit` and `--burst`. T\* is what no client could beat:
	max((N - burst) / rate, N x round trip / 1000) + round trip. Each run on its
	own. Goals: T at most 1.15 T\*, at most 3 % rejected (4 % at 50/s).

	END
	table_head limit 'T\*, s' 'T, s' 'T/T\*' 'rejected, %' \
		'CPU, us a delete'
	for paced in $paced_cases; do
		paced_case "$paced"
	done
}
