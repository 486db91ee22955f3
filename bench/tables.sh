# SPDX-License-Identifier: MIT
# The tables of bench/RESULTS.md, a function each.  Every run has a server of
# its own, so that all begin alike; programs that are compared take turns, so
# that the machine's mood meets all of them.  Counts are checked after each run.
# How much is done is set in run.sh.
# shellcheck shell=sh disable=SC2154

blobs() {
	echo "manifests=0,orphans=$1,blob=500"
}

# --- the client ---

client_run() {
	start_sim "$(blobs "$n")" --latency "$latency"
	case $1 in
	gcsweep)
		measure gcsweep "$n" "$build/bench/sweep" "$url" demo \
			"$connections" <"$work/objects"
		;;
	minimal)
		measure minimal "$n" "$build/bench/minimal" "$url" \
			"$connections" <"$work/deletes"
		;;
	floor)
		load floor "$work/deletes" "$connections"
		;;
	esac
	check_stats "$n" DELETE 204 total
	stop_server
}

client_round() {
	client_run gcsweep
	client_run minimal
	client_run floor
}

table_client() {
	cat <<-'END'

	## The client

	Equal work: deleting N known blobs, each by its generation, from gcs-sim in
	another process. `gcsweep` is the collector's sweep alone, engine and driver
	with all their promises (`bench/sweep.c`); `minimal` the smallest honest loop
	over libcurl (`bench/minimal.c`); `floor` bare sockets (`bench/floor.c`).
	Processor time is user and system time of the client alone.

	END
	table_head 'N, connections, latency: figure' gcsweep minimal floor \
		gcsweep/minimal gcsweep/floor minimal/floor
	for n in $client_sizes; do
		list_objects "$(blobs "$n")" >"$work/objects"
		requests DELETE <"$work/objects" >"$work/deletes"
		for connections in $client_connections; do
			for latency in $client_latencies; do
				new_rows
				repeat "$rounds" client_round
				client_rows
			done
		done
	done
}

client_rows() {
	cell="$n, $connections, $latency"
	row "$cell: wall, ms" wall 1e3 gcsweep minimal floor
	row "$cell: CPU, us a delete" cpu "1e6/$n" gcsweep minimal floor
	row "$cell: peak RSS, MiB" rss_kib 1/1024 gcsweep minimal floor
}

# --- the simulator ---

# server_round METHOD STATUS: of $work/load.
server_round() {
	start_sim "$(blobs "$server_size")"
	load gcs-sim "$work/load" 100
	check_stats "$server_size" "$1" "$2" total
	stop_server
	start_bare
	load bare "$work/load" 100
	stop_server
}

# server_row LABEL METHOD STATUS <REQUESTS
server_row() {
	cat >"$work/load"
	new_rows
	repeat "$rounds" server_round "$2" "$3"
	row "$1" server_cpu "1e6/$server_size" gcs-sim bare
}

table_server() {
	cat <<-END

	## The simulator

	Processor time of the server, in us a request, for $server_size requests over
	100 connections; \`bare\` is an evhttp handler with two fixed answers
	(\`bench/bare.c\`), the load is \`floor\`. Goal: at most 1.5.

	END
	table_head request gcs-sim bare gcs-sim/bare
	list_objects "$(blobs "$server_size")" >"$work/objects"
	requests DELETE <"$work/objects" |
		server_row 'DELETE of an object' DELETE 204
	requests DELETE <"$work/objects" | sed 's/data?/gone?/' |
		server_row 'DELETE of nothing' DELETE 404
	requests GET <"$work/objects" |
		server_row 'GET of metadata' GET 200
	requests GET '?alt=media' <"$work/objects" |
		server_row 'GET of 500 bytes' GET 200
}

# --- its list pages ---

# A page as gcsweep asks for it.
lean='&prettyPrint=false&fields=nextPageToken,items(name,generation,size,timeCreated)'

# list_pages PROGRAM QUERY: measures that page, of 1000 objects.
list_pages() {
	path="/storage/v1/b/demo/o?maxResults=1000$2"
	names=$(curl -fsSg "$url$path" | grep -o '"name":' | wc -l)
	[ "$names" -eq 1000 ] || die "a page of $names objects, not 1000: $path"
	yes "GET $path" | sed "${pages}q" >"$work/load"
	load "$1" "$work/load" 1
}

# list_bucket OBJECTS: its first page and, if there is one, a page from the
# middle, by the token of the page before.
list_bucket() {
	start_sim "$(blobs "$1")"
	list_pages "$1-first-all" ""
	list_pages "$1-first-lean" "$lean"
	if [ "$1" -gt 1000 ]; then
		curl -fsSg "$url/storage/v1/b/demo/o?startOffset=docker%2Fregistry%2Fv2%2Fblobs%2Fsha256%2F80&maxResults=1000$lean" \
			>"$work/page"
		token=$(next_token "$work/page")
		list_pages "$1-middle-all" "&pageToken=$token"
		list_pages "$1-middle-lean" "&pageToken=$token$lean"
	fi
	stop_server
}

list_round() {
	for size in $list_sizes; do
		list_bucket "$size"
	done
}

# list_row LABEL KIND BUCKET...
list_row() {
	label=$1 kind=$2
	shift 2
	scale="1e3/$pages"
	# shellcheck disable=SC2046
	row "$label" server_cpu "$scale" $(printf "%s-$kind " "$@")
}

table_list() {
	# shellcheck disable=SC2086
	set -- $list_sizes
	cat <<-END

	## A page of 1000 objects

	Processor time of gcs-sim, in ms a page, in buckets of $1, $2 and $3 objects.
	Goal: at most 5, however large the bucket.

	END
	new_rows
	repeat "$rounds" list_round
	table_head page "$3" "$2" "$1" "$3/$2" "$3/$1" "$2/$1"
	list_row 'first, all fields' first-all "$3" "$2" "$1"
	list_row "first, gcsweep's fields" first-lean "$3" "$2" "$1"
	echo
	table_head page "$3" "$2" "$3/$2"
	list_row 'middle, all fields' middle-all "$3" "$2"
	list_row "middle, gcsweep's fields" middle-lean "$3" "$2"
}

# --- its delays ---

# What the simulator itself says of its deletes: "stamps FIGURE VALUE".
stamps() {
	curl -fsS "$url/_sim/stats" | awk -F '[":, ]+' '
		$2 == "delays" { is_delays = 1 }
		$2 ~ /_us$/ { what = $2; sub("_us", "", what) }
		is_delays && $2 ~ /^(p50|p90|p99|max)$/ {
			print "stamps", what "_" $2, $3
		}' >>"$work/rows"
}

delay_round() {
	start_sim "$(blobs "$size")" --latency "${delay}ms"
	load gcs-sim "$work/deletes" "$connections"
	check_stats "$size" DELETE 204 total
	stamps
	stop_server
	start_bare "$delay"
	load bare "$work/deletes" "$connections"
	stop_server
}

delay_rows() {
	for figure in p50 p90 p99 max; do
		row "$connections: $figure" "${figure}_us" 1/1e3 gcs-sim bare
	done
	for what in achieved late; do
		for figure in p50 p99 max; do
			row "$connections: $what, $figure" "${what}_$figure" \
				1/1e3 stamps >>"$work/stamps"
		done
	done
}

table_delay() {
	cat <<-END

	## A latency of $delay ms

	What \`floor\` sees, in ms, of 100, 20000 and 60000 deletes over 1, 100 and 1000
	connections; \`bare\` lets each wait in a timer of libevent. What is above $delay
	with many connections is the queue before one processor.

	END
	table_head 'connections: figure' gcs-sim bare gcs-sim/bare
	: >"$work/stamps"
	for pair in $delay_loads; do
		connections=${pair%x*} size=${pair#*x}
		list_objects "$(blobs "$size")" | requests DELETE >"$work/deletes"
		new_rows
		repeat "$rounds" delay_round
		delay_rows
	done
	cat <<-END

	The same by gcs-sim's own clock (\`delays\` of \`/_sim/stats\`), in ms: from the
	last byte of a request to its answer, and by how much that is over $delay. Goals
	at 1000 connections: p50 at most 42.5, p99 at most 47.

	END
	table_head 'connections: figure' gcs-sim
	cat "$work/stamps"
}

# --- the rest ---

start_round() {
	start_server "$build/gcs-sim"
	echo "gcs-sim start_us $start_us" >>"$work/rows"
	sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/gcs-sim rss_kib \1/p' \
		"/proc/$server/status" >>"$work/rows"
	stop_server
}

million() {
	"$build/bench/million" "$million" >"$work/million" ||
		die 'million failed'
	awk '
		{ v[$1] = $2 }
		END {
			if (v["left"] != v["objects"] - v["deletes"])
				exit 1
			printf "| %d objects, %d deleted: mark, s | %s |\n",
				v["objects"], v["deletes"], v["mark_s"]
			print "| the same: sweep, s | " v["sweep_s"] " |"
			print "| the same: peak RSS, MiB, of it the store | " \
				v["peak_mib"] ", " v["store_mib"] " |"
		}' "$work/million" || die 'million left what it should not'
}

bench_tables() {
	began=$(date +%s%N)
	for name in $bench_tables; do
		"$build/gcsweep" bench --table "$name" >/dev/null ||
			die "gcsweep bench --table $name failed"
	done
	echo "| the tables of gcsweep bench together, s | $(($(since "$began") / 1000000)) |"
}

table_rest() {
	cat <<-'END'

	## The rest

	The engine alone on a large registry in memory (`bench/million.c`); an empty
	gcs-sim from its start to its ready line, as a shell sees it; all tables of
	`gcsweep bench` on the virtual clock.

	END
	table_head figure value
	million
	new_rows
	repeat "$rounds" start_round
	row 'gcs-sim: start to ready, ms' start_us 1/1e3 gcs-sim
	row 'gcs-sim: peak RSS when empty, MiB' rss_kib 1/1024 gcs-sim
	bench_tables
}
