#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes bench/RESULTS.md anew, on standard output:
#
#	bench/run.sh BUILD [TABLE...] >bench/RESULTS.md
#	bench/run.sh --quick BUILD [TABLE...]
#
# BUILD is a directory that tools/build filled.  The tables are client, tls,
# paced, server, list, scale, delay, limits, watched, mark and rest; all by
# default.  --quick runs every program once on a little work and prints only that
# all counts are right.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
all='client tls paced server list scale delay limits watched mark rest'

is_quick=false
if [ "${1-}" = --quick ]; then
	is_quick=true
	shift
fi
if [ ! -x "${1-}/bench/floor" ]; then
	echo "usage: bench/run.sh [--quick] BUILD [TABLE...]" >&2
	echo "BUILD was made by tools/build; tables: $all" >&2
	exit 2
fi
build=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || eval "set -- $all"
for table; do
	case " $all " in
	*" $table "*) ;;
	*)
		echo "bench: no table is called '$table'; there are $all" >&2
		exit 2
		;;
	esac
done

# shellcheck source=lib.sh
. "$here/lib.sh"
# shellcheck source=tables.sh
. "$here/tables.sh"
# shellcheck source=tls.sh
. "$here/tls.sh"
# shellcheck source=scale.sh
. "$here/scale.sh"
# shellcheck source=limits.sh
. "$here/limits.sh"
# shellcheck source=watched.sh
. "$here/watched.sh"
# shellcheck source=mark.sh
. "$here/mark.sh"

rounds=7
client_sizes='1000 10000' client_connections='100 1000'
client_latencies='0ms 42ms'
tls_sizes='1000 10000' tls_connections=1000 tls_latency=42ms
paced_rounds=2
paced_cases='1000:100:10000:10 1000:100:10000:42 1000:100:10000:100
	1000:1000:10000:10 1000:1000:10000:42 1000:1000:10000:100
	50:100:3000:42'
server_size=50000
list_sizes='1000 100000 1000000' pages=50
scale_formula='1000 1000000 10000000' scale_stored='1000 100000 1000000'
scale_objects=400 scale_reads=20 scale_files=100000
delay=42 delay_loads='1x100 100x20000 1000x60000'
limits_size=200000 limits_connections=200 limits_latency=10ms
limits_rate=500 limits_burst=100 limits_rounds=3
watched_size=50000
mark_registry=repos=1000,manifests=50000,layers=2,tags=1,untagged=20%,orphans=500000,kept=0
million=1000000
bench_tables='blobs manifests overall 2x2 limiter'
if $is_quick; then
	rounds=1
	client_sizes=200 client_connections=20 client_latencies='0ms 5ms'
	tls_sizes=400 tls_connections=400 tls_latency=5ms
	paced_rounds=1 paced_cases='1000:100:150:5'
	server_size=200
	list_sizes='1000 5000 10000' pages=2
	scale_formula='2000 10000 1000000' scale_stored='2000 3000 4000'
	scale_objects=100 scale_reads=1 scale_files=1000
	delay=5 delay_loads='1x5 20x200'
	limits_size=400 limits_connections=20 limits_latency=5ms
	limits_rounds=1
	watched_size=400
	mark_registry=repos=10,manifests=200,layers=2,tags=1,orphans=4000,kept=0
	million=10000
	bench_tables=overall
fi

# 1000 connections at either end.
# shellcheck disable=SC3045 # dash, bash and busybox all have -S and -H
ulimit -S -n "$(ulimit -H -n)"

print_load() {
	cut -d ' ' -f 1-3 /proc/loadavg
}

print_facts() {
	cat <<-END
	# Results

	Made by \`bench/run.sh BUILD\`, which makes them again. A figure is the median
	of $rounds runs; a ratio is median (least - most) over pairs of runs that took
	turns, and says more than the figures on a machine that does other work. With a
	load average above the number of processors, times by the wall say little; times
	of a processor stand.

	* $(date -u +%Y-%m-%d), load average before: $(print_load)
	* $(nproc) processors, $(uname -s) $(uname -r | cut -d- -f1), $(uname -m)
	* $("$build/bench/minimal" --version)
	* $("$build/gcsweep" --version), CFLAGS $(sed -n 's/^CFLAGS = //p' \
		"$build/Makefile")
	END
}

if $is_quick; then
	for table; do
		"table_$table" >"$work/table"
		echo "$table: every count is right"
	done
	exit 0
fi
run_began=$(date +%s%N)
print_facts
for table; do
	"table_$table"
done
echo
echo "Load average after $(($(since "$run_began") / 1000000)) s: $(print_load)"
