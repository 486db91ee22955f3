#!/bin/sh
# SPDX-License-Identifier: MIT
# gcsweep explain, df and check as people start them: answers and statuses, and
# not one request that changes anything.

. "$(dirname "$0")/lib.sh"

v2=docker/registry/v2

# blob BODY: stores it; its digest's hex is in $hex.
blob() {
	hex=$(printf '%s' "$1" | sha256sum | cut -c 1-64)
	put "$(blob_name "$hex")" "$1"
}

blob_name() {
	echo "$v2/blobs/sha256/$(printf %.2s "$1")/$1/data"
}

# link REPOSITORY HEX [TAG]: a manifest of it.
link() {
	manifests=$v2/repositories/$1/_manifests
	put "$manifests/revisions/sha256/$2/link" "sha256:$2"
	[ $# -lt 3 ] || put "$manifests/tags/$3/current/link" "sha256:$2"
}

# image LABEL: stores one; $image, $config and $layer are hex.
image() {
	blob "config $1"
	config=$hex
	blob "layer $1"
	layer=$hex
	blob "{\"schemaVersion\":2,\"config\":{\"digest\":\"sha256:$config\"},\"layers\":[{\"digest\":\"sha256:$layer\"}]}"
	image=$hex
}

# pass_the_second_of NAME: what is as young as a run is not judged by check, and a
# server tells the time by the second.
pass_the_second_of() {
	born=$(curl -fsS "$url/storage/v1/b/demo/o/$(printf '%s' "$1" |
		sed 's,/,%2F,g')" | sed -n 's/.*"timeCreated": *"\([^"]*\)".*/\1/p')
	born=$(date -d "$born" +%s)
	until [ "$(date -d "$(curl -fsS -o /dev/null -D - "$url/storage/v1/b/demo" |
		tr -d '\r' | sed -n 's/^Date: //p')" +%s)" -gt "$born" ]; do
		:
	done
}

# asks NAME STATUS COMMAND WORDS...
asks() {
	what=$1 want=$2 command=$3
	shift 3
	run "$gcsweep" "$command" --endpoint "$url" "$@"
	ok "$what: status $want" [ "$status" -eq "$want" ]
}

says() {
	ok "$what: $1" grep -q -e "$2" "$work/out"
}

start_sim --registry manifests=0,orphans=1
image shared
link demo/app "$image" v1
link demo/app "$image" v2
link demo/other "$image" latest
shared=$image shared_layer=$layer
image untagged
link demo/app "$image"
untagged=$image untagged_layer=$layer
put "$v2/repositories/demo/app/_uploads/u1/startedat" now
put "$v2/repositories/demo/app/_uploads/u1/data" 12345
forget_requests

# --- explain ---

asks 'a kept layer' 0 explain "$shared_layer" gs://demo -m
says 'the first line' '^EMULATOR .*root /$'
says 'the nearest tag, and how many others' \
	'^kept      by demo/app:v1, and 2 other tags$'
says 'the path' "^          -> sha256:$shared_layer  config or layer\$"
says 'its size' '^blob      12 B, generation [0-9]*, created 20'
asks 'a digest cut short' 0 explain "sha256:$(printf %.12s "$untagged")" \
	gs://demo -m -q --min-age 0
says 'the whole of it' "^digest    sha256:$untagged\$"
says 'why' '^eligible  no tag names it$'
says 'where' '^revision  demo/app  goes$'
asks 'a layer of it' 0 explain "$untagged_layer" gs://demo -m --min-age 0
says 'why' '^eligible  only manifests that go name it$'
says 'which' "^named by  sha256:$untagged  goes\$"
asks 'a layer of it, a day too young' 0 explain "$untagged_layer" gs://demo -m
says 'so' '^young     by demo/app@sha256:.*only because it is young$'
asks 'a layer of it, without -m' 0 explain "$untagged_layer" gs://demo
says 'so' '^kept      by demo/app@sha256:.*; without -m it stays$'
asks 'a tag' 0 explain demo/other:latest gs://demo
says 'what it names' "^digest    sha256:$shared\$"
asks 'a tag that is not there' 1 explain demo/other:v9 gs://demo
says 'so' '^unknown   nothing in this registry is or names demo/other:v9$'
asks 'no such words' 2 explain 'sha256:XYZ' gs://demo
ok "$what: says what it wants" grep -q 'is no digest' "$work/err"
asks 'no words' 2 explain
asks 'no registry' 2 explain "$shared"
asks 'two registries' 2 explain "$shared" gs://demo gs://demo
asks 'no such bucket' 4 explain "$shared" gs://missing

# --- df ---

asks 'df' 0 df gs://demo -m --min-age 0 -q
sed -E 's/ +/ /g; s/^ //' "$work/out" >"$work/got"
size=$(($(curl -fsS "$url/storage/v1/b/demo/o/$(blob_name "$shared" |
	sed 's,/,%2F,g')" | sed -n 's/.*"size": *"\([0-9]*\)".*/\1/p') + 25))
cat >"$work/want" <<END
size own shared uploads blobs manifests tags repository
$size B 0 B $size B 8 B 3 1 2 demo/app
$size B 0 B $size B 0 B 3 1 1 demo/other

kept $size B in 3 blobs
shared $size B in 3 blobs of these, which several repositories need
END
head -6 "$work/got" >"$work/head"
same 'df: a row for each, the largest first, and sums' "$work/want" "$work/head"
says 'garbage' '^garbage .* in 4 blobs and 1 manifest, which gc would delete$'
says 'uploads' '^uploads .*8 B  in 1 unfinished upload$'

# --- check ---

asks 'a whole registry' 0 check gs://demo
says 'so' '^whole     every tag can be pulled$'
requests | grep -v -c -e '^LIST' -e '^GET' >"$work/changes"
ok 'not one request changed anything' [ "$(cat "$work/changes")" -eq 0 ]
pass_the_second_of "$(blob_name "$shared")"
remove "$(blob_name "$shared_layer")"
asks 'a lost layer' 7 check gs://demo
says 'who needs it, and the way' \
	"^missing   sha256:$shared_layer  needed by 1 manifest, such as demo/app:v1 -> sha256:$shared\$"
says 'how many' '^damaged   3 tags cannot be pulled; 1 object missing or corrupt$'
asks 'a lost layer, quietly' 7 check gs://demo -q
ok "$what: one line" [ "$(wc -l <"$work/out")" -eq 1 ]
asks 'the lost layer' 0 explain "$shared_layer" gs://demo
says 'so' '^absent    it is named, and not in the bucket$'
put "$(blob_name "$shared_layer")" 'layer shared'
put "$(blob_name "$shared")" '{}'
asks 'a manifest with other bytes' 7 check gs://demo
says 'so' "^corrupt   sha256:$shared  the manifest of demo/app:v1\$"
ok "$what: and where" grep -q '^damage .*do not hash to its digest$' "$work/err"
asks 'which gc does not survive' 6 gc gs://demo -n
stop_sim
url=$nobody
asks 'no server' 5 check gs://demo
ok "$what: and no word of deletes" sh -c "! grep -q deleted '$work/err'"
done_testing
