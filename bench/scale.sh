# SPDX-License-Identifier: MIT
# The table of bench/RESULTS.md that asks what a bucket's size costs: a request
# of one object, and the memory of each.  Beside tables.sh, whose words hold
# here too.
# shellcheck shell=sh disable=SC2154

# Some names of a bucket, from its middle on.
middle_objects() {
	curl -fsSg "$url/storage/v1/b/demo/o?startOffset=docker%2Fregistry%2Fv2%2Fblobs%2Fsha256%2F80&fields=items(name,generation)" |
		awk -F '"' '
			$2 == "name" { name = $4 }
			$2 == "generation" && n++ < most { print name, $4 }' \
			most="$scale_objects"
}

# scale_run PROGRAM SPEC: reads some objects $scale_reads times over, then deletes
# them.
scale_run() {
	start_sim "$2"
	middle_objects >"$work/objects"
	requests GET <"$work/objects" |
		awk -v times="$scale_reads" '
			{ line[NR] = $0 }
			END {
				while (times-- > 0)
					for (i = 1; i <= NR; i++)
						print line[i]
			}' >"$work/load"
	load "$1-get" "$work/load" 100
	check_stats "$((scale_objects * scale_reads))" GET
	requests DELETE <"$work/objects" >"$work/load"
	load "$1-delete" "$work/load" 100
	check_stats "$scale_objects" DELETE 204
	stop_server
}

scale_round() {
	for size in $scale_formula; do
		scale_run "formula-$size" "manifests=0,bulk=$size,blob=500"
	done
	for size in $scale_stored; do
		scale_run "stored-$size" "$(blobs "$size")"
	done
}

# In KiB.
resident() {
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$server/status"
}

# memory_row LABEL OBJECTS OPTION...: bytes an object, above an empty server,
# and how long it took to be ready.
memory_row() {
	label=$1 objects=$2
	shift 2
	start_server "$build/gcs-sim" "$@"
	kib=$(resident)
	took=$((start_us / 1000))
	stop_server
	bytes=$(awk -v kib="$((kib - empty_kib))" -v n="$objects" \
		'BEGIN { printf "%.1f", (kib > 0 ? kib * 1024 / n : 0) }')
	echo "| $label | $bytes | $took |"
}

# A folder of files of five bytes, whose names have 40 bytes.
make_files() {
	mkdir "$work/files"
	awk -v n="$scale_files" -v dir="$work/files" 'BEGIN {
		for (i = 0; i < n; i++) {
			file = sprintf("%s/%040d", dir, i)
			printf "12345" >file
			close(file)
		}
	}'
}

table_memory() {
	start_server "$build/gcs-sim"
	empty_kib=$(resident)
	stop_server
	make_files
	table_head objects 'bytes each' 'ready after, ms'
	for size in $scale_formula; do
		memory_row "$size by formula" "$size" \
			--registry "manifests=0,bulk=$size"
	done
	for size in $scale_stored; do
		memory_row "$size blobs of a registry" "$size" \
			--registry "$(blobs "$size")"
	done
	memory_row "$scale_files stored, names of 40 and bodies of 5 bytes" \
		"$scale_files" --registry-from "$work/files=files"
	rm -rf "$work/files"
}

table_scale() {
	cat <<-END

	## The size of a bucket

	Processor time of gcs-sim, in us a request over 100 connections: reads of the
	metadata of $scale_objects objects in the middle, $scale_reads times over, and their
	deletes. \`bulk\` objects exist by formula, \`orphans\` one by one. Goal: flat.

	END
	new_rows
	repeat "$rounds" scale_round
	# shellcheck disable=SC2086
	scale_rows formula $scale_formula
	echo
	# shellcheck disable=SC2086
	scale_rows stored $scale_stored
	cat <<-END

	Memory: what is resident above an empty server, goals 16 bytes by formula and
	400 stored; and from the start to the ready line.

	END
	table_memory
}

# scale_rows KIND SMALL MIDDLE LARGE
scale_rows() {
	table_head "request ($1)" "$4" "$3" "$2" "$4/$3" "$4/$2" "$3/$2"
	row 'GET of metadata' server_cpu "1e6/$((scale_objects * scale_reads))" \
		"$1-$4-get" "$1-$3-get" "$1-$2-get"
	row 'DELETE' server_cpu "1e6/$scale_objects" \
		"$1-$4-delete" "$1-$3-delete" "$1-$2-delete"
}
