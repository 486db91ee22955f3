# SPDX-License-Identifier: MIT
# What it costs to be watched, for bench/run.sh.
# shellcheck shell=sh disable=SC2154

# A client of /_sim/events that is there when this returns; the stream ends with
# the server.
listen() {
	mkfifo "$work/up"
	curl -fsSN "$url/_sim/events" | {
		read -r line
		echo "$line" >"$work/up"
		grep -c '^event: lost' >"$work/lost" || :
	} &
	listener=$!
	read -r _ <"$work/up" || die 'nobody tells of events'
	rm "$work/up"
}

# watched_run PROGRAM [OPTION...]: floor with what is not there.
watched_run() {
	program=$1
	shift
	start_sim manifests=0 "$@"
	[ "$program" != events ] || listen
	load "$program" "$work/load" 100
	check_stats "$watched_size" DELETE 404 total
	stop_server
	[ "$program" != events ] || wait "$listener"
}

watched_round() {
	watched_run events
	watched_run off --journal off
	watched_run journal
	watched_run log --access-log "$work/log"
	rm "$work/log"
}

table_watched() {
	cat <<-END

	## What being watched costs

	Processor time of the server, in us a request, for $watched_size deletes of what is
	not there over 100 connections: with a client that takes all events, with an
	access log, with the journal (as always), and with \`--journal off\`. A
	microsecond a request is 1 % of a processor at 10,000 requests/s. Goal: less than
	5 %, that is 5 us, for journal and events together.

	END
	table_head request events log journal off events/log events/journal \
		events/off log/journal log/off journal/off
	awk -v n="$watched_size" 'BEGIN {
		for (i = 0; i < n; i++)
			print "DELETE /storage/v1/b/demo/o/x" i
	}' >"$work/load"
	new_rows
	repeat "$rounds" watched_round
	row 'DELETE of nothing' server_cpu "1e6/$watched_size" \
		events log journal off
}
