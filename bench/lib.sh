# SPDX-License-Identifier: MIT
# Servers, requests, measuring and rows of tables, for bench/tables.sh.  run.sh
# sets $build and $here.
# shellcheck shell=sh disable=SC2034,SC2154

work=$(mktemp -d)
server= # its process
clean_up() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || :
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

die() {
	echo "bench: $*" >&2
	exit 1
}

# repeat COUNT COMMAND...
repeat() {
	left=$1
	shift
	while [ "$left" -gt 0 ]; do
		"$@"
		left=$((left - 1))
	done
}

# since NANOSECONDS: in microseconds.
since() {
	echo $((($(date +%s%N) - $1) / 1000))
}

# --- servers ---

# start_server COMMAND...: sets $url and $server when its ready line has come,
# and how long that took.
start_server() {
	mkfifo "$work/ready"
	began=$(date +%s%N)
	"$@" >"$work/ready" &
	server=$!
	read -r _ _ url _ <"$work/ready" || die "$1 did not start"
	start_us=$(since "$began")
	rm "$work/ready"
}

stop_server() {
	kill "$server"
	wait "$server" || die "the server ended with status $?"
	server=
}

# start_sim SPEC [OPTIONS...]
start_sim() {
	spec=$1
	shift
	start_server "$build/gcs-sim" --registry "$spec" "$@"
}

# start_bare [DELAY-MS]
start_bare() {
	start_server "$build/bench/bare" "$@"
}

# check_stats COUNT NAME...: the simulator counted so many of each.
check_stats() {
	want=$1
	shift
	curl -fsS "$url/_sim/stats" >"$work/stats"
	for name; do
		got=$(sed -n "s/^ *\"$name\": \([0-9]*\),*\$/\1/p" "$work/stats")
		[ "${got:-0}" = "$want" ] ||
			die "the simulator counted ${got:-0} $name, not $want"
	done
}

# --- requests ---

# list_objects SPEC: name and generation of each object, a line each; they are
# the same in every simulator of this SPEC.
list_objects() {
	start_sim "$1"
	token=
	while :; do
		curl -fsS "$url/storage/v1/b/demo/o?pageToken=$token" \
			>"$work/page"
		awk -F '"' '
			$2 == "name" { name = $4 }
			$2 == "generation" { print name, $4 }' "$work/page"
		token=$(next_token "$work/page")
		[ -n "$token" ] || break
	done
	stop_server
}

next_token() {
	sed -n 's/.*"nextPageToken": *"\([^"]*\)".*/\1/p' "$1"
}

# requests METHOD [QUERY] <OBJECTS: a line for each object.  A DELETE names its
# generation.
requests() {
	awk -v method="$1" -v query="${2-}" '{
		gsub("/", "%2F", $1)
		if (method == "DELETE")
			query = "?ifGenerationMatch=" $2
		print method, "/storage/v1/b/demo/o/" $1 query
	}'
}

# --- measuring ---

# measure PROGRAM WANT COMMAND...: runs it on standard input; it must have had
# WANT answers.  Its figures become rows: PROGRAM FIGURE VALUE.
measure() {
	program=$1 want=$2
	shift 2
	"$@" >"$work/figures" || die "$program failed"
	read -r _ answers _ _ figures <"$work/figures"
	[ "$answers" = "$want" ] ||
		die "$program had $answers answers, not $want"
	# Pairs of words.
	# shellcheck disable=SC2086
	printf "$program %s %s\n" $figures >>"$work/rows"
}

# load PROGRAM REQUESTS CONNECTIONS: floor against the server that runs, whose
# processor time is among the figures.
load() {
	measure "$1" "$(wc -l <"$2")" "$build/bench/floor" "$url" "$3" \
		"$server" <"$2"
}

# --- tables ---

new_rows() {
	: >"$work/rows"
}

# table_head COLUMN...: the two first lines of a table.
table_head() {
	printf '|'
	printf ' %s |' "$@"
	printf '\n|'
	for _; do printf ' --- |'; done
	printf '\n'
}

# row LABEL FIGURE SCALE PROGRAM...: one line of a table: the label, the median
# of each program, and the ratios of each to those behind it, pair by pair, as
# median (least - most).  SCALE is a number or a fraction.
row() {
	label=$1 figure=$2 scale=$3
	shift 3
	awk -v label="$label" -v figure="$figure" -v scale="$scale" \
		-v programs="$*" -f "$here/row.awk" "$work/rows"
}
