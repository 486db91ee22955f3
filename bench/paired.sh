#!/bin/sh
# SPDX-License-Identifier: MIT
# Client CPU of a sweep beside the smallest honest loop that does the same
# deletes, in turn, each against a fresh gcs-sim: the machine's mood hits both.
#
#	bench/paired.sh BUILD-DIR [N [CONNECTIONS [LATENCY [PAIRS]]]]
set -eu

build=$1
n=${2:-10000}
connections=${3:-100}
latency=${4:-42ms}
pairs=${5:-5}

tmp=$(mktemp -d)
sim=
finish() {
	[ -z "$sim" ] || kill "$sim" 2>/dev/null || :
	rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Deletes the same objects by the yardstick; prints its CPU seconds.
minimal() {
	mkfifo "$tmp/ready"
	"$build/gcs-sim" --registry "manifests=0,orphans=$n" \
		--latency "$latency" >"$tmp/ready" &
	sim=$!
	read -r line <"$tmp/ready"
	rm "$tmp/ready"
	url=${line#gcs-sim ready }
	url=${url%% *}
	"$build/bench/minimal" "$url" demo "$connections" <"$tmp/names" \
		>"$tmp/minimal"
	kill "$sim"
	wait "$sim" || :
	sim=
	awk '{ print $8 + $10 }' "$tmp/minimal"
}

gcsweep() {
	"$build/gcsweep" bench --json --table blobs --clock real --n "$n" \
		-j "$connections" --latency "$latency" --strategy delete |
		sed -n 's/.*"client_cpu_seconds":\([0-9.]*\).*/\1/p'
}

# The names are the same for the same seed, so they are listed once.
"$build/gcs-sim" --registry "manifests=0,orphans=$n" >"$tmp/out" &
sim=$!
until url=$(sed -n 's/^gcs-sim ready \([^ ]*\).*/\1/p' "$tmp/out") &&
	[ -n "$url" ]; do :; done
token=
while :; do
	curl -fsS "$url/storage/v1/b/demo/o?fields=items(name),nextPageToken&pageToken=$token" >"$tmp/page"
	sed -n 's/.*"name": "\(.*\)".*/\1/p' "$tmp/page" >>"$tmp/names"
	token=$(sed -n 's/.*"nextPageToken": "\(.*\)".*/\1/p' "$tmp/page")
	[ -n "$token" ] || break
done
kill "$sim"
wait "$sim" || :
sim=

echo "$n deletes, $connections connections, $latency: client CPU seconds"
i=0
while [ "$i" -lt "$pairs" ]; do
	a=$(gcsweep)
	b=$(minimal)
	echo "$a $b" | awk '{ printf "gcsweep %.3f  minimal %.3f  ratio %.2f\n",
		$1, $2, $1 / $2 }'
	i=$((i + 1))
done
