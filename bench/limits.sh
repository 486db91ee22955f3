# SPDX-License-Identifier: MIT
# How exactly a limit is kept on the real clock, for bench/run.sh.  On the
# virtual one it is exact; tests/unit/check_sim_overload.c has that.
# shellcheck shell=sh disable=SC2154

# floor with deletes of what is not there, more than the limit lets pass: each
# connection sends one every $limits_latency.  A line: seconds, offered, admitted.
limits_run() {
	start_sim manifests=0 --latency "$limits_latency" \
		--write-limit "$limits_rate/s" --burst "$limits_burst"
	new_rows
	load floor "$work/deletes" "$limits_connections"
	check_stats "$limits_size" DELETE total
	admitted=$(sed -n 's/^ *"404": \([0-9]*\),*$/\1/p' "$work/stats")
	stop_server
	awk -v offered="$limits_size" -v admitted="$admitted" \
		'$2 == "wall" { print $3, offered, admitted }' "$work/rows" \
		>>"$work/limits"
}

table_limits() {
	cat <<-END

	## Limits under overload

	Deletes of what is not there, $limits_connections connections that each send one
	every $limits_latency, against \`--write-limit $limits_rate/s --burst $limits_burst\`:
	how many were offered, and how many passed beyond the burst, a second; each run
	on its own.

	END
	awk -v n="$limits_size" 'BEGIN {
		for (i = 0; i < n; i++)
			print "DELETE /storage/v1/b/demo/o/x" i
	}' >"$work/deletes"
	: >"$work/limits"
	repeat "$limits_rounds" limits_run
	table_head seconds 'offered/s' 'times the limit' 'admitted/s' \
		'off the limit by'
	awk -v rate="$limits_rate" -v burst="$limits_burst" '{
		passed = ($3 - burst) / $1
		printf "| %.2f | %.0f | %.1f | %.2f | %+.2f %% |\n", $1, $2 / $1,
			$2 / $1 / rate, passed, 100 * (passed / rate - 1)
	}' "$work/limits"
}
