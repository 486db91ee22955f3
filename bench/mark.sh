# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2154 # variables of lib.sh and run.sh
# The mark of a large registry.  Sourced by run.sh.

# read_pages FOLDER FIELDS: jansson on the pages of a listing.
read_pages() {
	"$build/bench/pages" "$url/storage/v1/b/demo/o?prettyPrint=false&maxResults=1000&prefix=docker/registry/v2/$1/&fields=nextPageToken,items(name,generation,size,timeCreated$2)" ||
		die 'pages failed'
}

# mark_run FILE ARGUMENTS...
mark_run() {
	file=$1
	shift
	"$build/bench/mark" "$@" >"$work/$file" || die 'mark failed'
	awk '{ v[$1] = $2 }
		END { exit v["lists"] > 9 / 8 * v["objects"] / 1000 + 4 }' \
		"$work/$file" || die 'a mark took more lists than it may'
}

figure() {
	awk -v name="$2" '$1 == name { sum += $2 } END { print sum }' "$work/$1"
}

# ratio A B FORMAT
ratio() {
	awk -v a="$1" -v b="$2" -v format="$3" \
		'BEGIN { printf format, b == 0 ? 0 : a / b }'
}

table_mark() {
	cat <<-END

	## The mark

	\`gcsweep gc -m\` up to the plan, alone (\`bench/mark.c\`), on a registry of
	\`$mark_registry\`: the client's processor time and memory
	against gcs-sim in another process; jansson alone on the same pages, one
	after the other (\`bench/pages.c\`); and times on the virtual clock at 42 ms.
	Goals: at most 1200 lists of a million objects, 1.5 times jansson's time
	for the listings, 64 MiB and 100 bytes a blob, 90 % of a limit of 5000
	reads a second.

	END
	start_sim "$mark_registry"
	mark_run listed "$url" demo 64 list
	mark_run marked "$url" demo 64
	{
		read_pages blobs ''
		read_pages repositories ,md5Hash
	} >"$work/pages"
	stop_server
	mark_run chain virtual "$mark_registry" 1 42 0 list
	mark_run parts virtual "$mark_registry" 64 42 0 list
	mark_run limited virtual "$mark_registry" 256 42 5000
	[ "$(figure marked gets)" = "$(figure marked manifests)" ] ||
		die 'a link was read that the listing explains'
	mark_rows
}

mark_rows() {
	objects=$(figure marked objects) blobs=$(figure marked blobs)
	requests=$(($(figure limited lists) + $(figure limited gets)))
	table_head figure value
	cat <<-END
	| objects, blobs, manifests | $objects, $blobs, $(figure marked manifests) |
	| pages; lists, gets at width 64 | $(figure pages pages); $(figure marked lists), $(figure marked gets) |
	| peak RSS, MiB; of it above 64 MiB, bytes a blob | $(ratio "$(figure marked peak_kib)" 1024 %.1f); $(ratio "$((($(figure marked peak_kib) - 65536) * 1024))" "$blobs" %.0f) |
	| CPU of the listings, s; of jansson alone; ratio | $(figure listed cpu_s); $(figure pages parse_cpu_s); $(ratio "$(figure listed cpu_s)" "$(figure pages parse_cpu_s)" %.2f) |
	| CPU of the whole mark, s | $(figure marked cpu_s) |
	| the listings one page after the other, s; at width 64 | $(figure chain store_s); $(figure parts store_s) |
	| the mark at width 256 and 5000 reads/s, s; of the limit used | $(figure limited store_s); $(ratio "$requests" "$(ratio "$(figure limited store_s)" 0.0002 %f)" %.3f) |
	END
}
