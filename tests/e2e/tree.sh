#!/bin/sh
# SPDX-License-Identifier: MIT
# gcs-sim --registry-from: what a registry keeps in a folder, served as a bucket
# and collected there.

. "$(dirname "$0")/lib.sh"

# list BUCKET: names and generations.
list() {
	curl -fsS "$url/b/$1/o?fields=items(name,size,md5Hash,generation)"
}

# save_bucket: every object of the bucket demo as a file below $work/root.
save_bucket() {
	curl -fsS "$url/b/demo/o?fields=items/name" |
		sed -n 's/.*"name": "\(.*\)".*/\1/p' |
		while read -r name; do
			mkdir -p "$work/root/$(dirname "$name")"
			curl -fsS -o "$work/root/$name" \
				"$url/b/demo/o/$(echo "$name" | sed 's,/,%2F,g')?alt=media"
		done
}

# --- a registry goes into a folder and comes out the same ---

spec=repos=2,manifests=3,layers=2,tags=1,untagged=50%,blob=1kB,orphans=4
start_sim --registry "$spec"
curl -fsS "$url/b/demo/o?fields=items(name,size)" >"$work/was"
save_bucket
stop_sim
files=$(find "$work/root" -type f | wc -l)

start_sim --registry-from "$work/root"
ok 'the ready line says what was loaded' sh -c \
	"echo '$ready' | grep -q ', bucket demo: $files objects, '"
curl -fsS "$url/b/demo/o?fields=items(name,size)" >"$work/is"
same 'the same objects' "$work/was" "$work/is"
list demo >"$work/first"
ok 'they are of the fixed day' grep -q '"generation": "1582243200000000"' "$work/first"
run "$gcsweep" gc gs://demo -m --yes --endpoint "$url"
ok 'it can be collected: status 0' [ "$status" -eq 0 ]
ok 'it can be collected: the 4 orphans went' sh -c \
	"[ \$(curl -fsS '$url/b/demo/o?fields=items/name' | grep -c name) -lt $((files - 4)) ]"
stop_sim
start_sim --registry-from "$work/root"
list demo >"$work/second"
same 'loaded again: the same generations' "$work/first" "$work/second"
stop_sim

# --- another bucket, times, more than one registry ---

mkdir "$work/a=b"
printf one >"$work/a=b/file"
printf two >"$work/a=b/other"
touch -d '2019-03-04T05:06:07.5Z' "$work/a=b/file" "$work/a=b/other"
start_sim --registry demo --registry-from "$work/a=b=second" --keep-mtime
ok 'beside a registry, in a bucket of its own' sh -c \
	"echo '$ready' | grep -q 'bucket demo: 1079 objects, .*, bucket second: 2 objects, 6 B'"
ok 'the bytes' [ "$(curl -fsS "$url/b/second/o/file?alt=media")" = one ]
list second >"$work/out"
ok '--keep-mtime: the time of the file' grep -q '"1551675967500000"' "$work/out"
ok '--keep-mtime: never the same twice' grep -q '"1551675967500001"' "$work/out"
stop_sim
touch -d '2100-01-01T00:00:00Z' "$work/a=b/file"
start_sim --registry-from "$work/a=b=demo" --keep-mtime
put file three
ok 'what replaces a file of the future is newer' sh -c \
	"curl -fsS '$url/b/demo/o/file?fields=generation' | grep -q '4102444800000001'"
stop_sim
run "$gcs_sim" exec --registry-from "$work/root" -- \
	"$gcsweep" gc gs://demo -m -n
ok 'with exec' grep -q 'would go .* [1-9][0-9]* blobs' "$work/out"

# --- what cannot be loaded ---

refused 'no such folder' 1 'registry-from: cannot open the folder .*No such' \
	--registry-from "$work/no"
refused 'no folder' 1 'Not a directory' --registry-from "$work/first"
refused 'no name' 2 "registry-from '': want the name of a f" \
	--registry-from ''
refused 'a bad bucket' 2 "bucket 'A B': want 3 to 63" \
	--registry-from "$work/root=A B"
refused 'an empty bucket' 2 "bucket ''" --registry-from "$work/root="
refused 'a = in the name alone' 2 "bucket 'b'" --registry-from "$work/a=b"
refused 'a bucket twice' 2 'demo cannot be filled twice; .*DIR=BUCKET' \
	--registry demo --registry-from "$work/root"
refused 'times of nothing' 2 'goes with --registry-from' --keep-mtime
mkfifo "$work/a=b/pipe"
truncate -s 4T "$work/root/vast" &&
	refused 'more than there is memory' 1 'larger than the memory .*/vast$' \
		--registry-from "$work/root"
rm "$work/root/vast"
refused 'a pipe' 1 'neither a file nor a folder: .*/pipe$' \
	--registry-from "$work/a=b=demo"
rm "$work/a=b/pipe"
ln -s .. "$work/a=b/loop"
refused 'a link to a folder' 1 'not followed: .*/loop$' \
	--registry-from "$work/a=b=demo"

done_testing
