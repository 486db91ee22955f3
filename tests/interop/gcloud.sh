#!/bin/sh
# SPDX-License-Identifier: MIT
# gcloud storage against gcs-sim.  Each of its commands takes most of a second
# to begin, so each is one question.

. "$(dirname "$0")/lib.sh"

command -v gcloud >/dev/null ||
	skip_all 'there is no gcloud; its SDK is not a package of Debian'

CLOUDSDK_CONFIG=$work/gcloud
CLOUDSDK_CORE_DISABLE_PROMPTS=1
CLOUDSDK_CORE_DISABLE_USAGE_REPORTING=true
CLOUDSDK_CORE_CHECK_GCE_METADATA=false
CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK=true
export CLOUDSDK_CONFIG CLOUDSDK_CORE_DISABLE_PROMPTS \
	CLOUDSDK_CORE_DISABLE_USAGE_REPORTING CLOUDSDK_CORE_CHECK_GCE_METADATA \
	CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK

# storage NAME WORDS...: a command of gcloud storage, which succeeds.
storage() {
	storage=$1
	shift
	does "$storage" gcloud storage "$@"
}

# refuses NAME PATTERN WORDS...: it fails, and says why.
refuses() {
	refuses=$1 pattern=$2
	shift 2
	run gcloud storage "$@"
	ok "$refuses: fails" [ "$status" -ne 0 ]
	ok "$refuses: says why" grep -q -e "$pattern" "$work/err"
}

# has NAME: the bucket demo has the objects of $work/want and no others.
has() {
	curl -fsS "$url/storage/v1/b/demo/o?fields=items(name)" |
		sed -n 's/^ *"name": "\(.*\)"$/\1/p' >"$work/names"
	LC_ALL=C sort -o "$work/want" "$work/want"
	same "$1" "$work/want" "$work/names"
}

# says NAME PATTERN: in what was printed.
says() {
	ok "$1" grep -Eq -e "$2" "$work/out"
}

# wrote COUNTS: so many uploads, copies and deletes, such as 'PUT 1, DELETE 1'.
# How often it looks first is another matter in each release.
wrote() {
	counts | sed 's/\(LIST\|GET\|BUCKET\|OTHER\) [0-9]*\(, \)*//g; s/, $//' \
		>"$work/counts"
	printf '%s\n' "$1" >"$work/counts.want"
	same "that was $1" "$work/counts.want" "$work/counts"
	forget_requests
}

begin_sim --bucket demo
load_settings
page_holds
forget_requests

# --- a folder up and down, with names that need care ---

make_files "$work/up"
rm "$work/up/q?x=1&y#z.txt" # ? is a pattern to gcloud, here too
storage 'cp -r up' cp -r "$work/up" gs://demo
wrote 'PUT 7'
(cd "$work/up" && find . -type f -printf 'up/%P\n') >"$work/want"
has 'each name is there'
mkdir "$work/down"
storage 'cp -r down' cp -r gs://demo/up "$work/down"
ok 'it came back as it was' diff -r "$work/up" "$work/down/up"
storage 'ls -l' ls -l gs://demo/up/
says 'ls -l: sizes' '^ +13 +[0-9T:Z-]+ +gs://demo/up/hello.txt$'
says 'ls -l: folders' '^ +gs://demo/up/dir/$'
says 'ls -l: the sum' '^TOTAL: 6 objects, 36 bytes'
storage 'du' du -s gs://demo/up
says 'du: the sum' '^40 +gs://demo/up$'

# --- more than 8 MiB: resumable up, and down ---

make_big "$work/big" 9437185
storage 'cp: 9 MiB up' cp "$work/big" gs://demo/big
wrote 'PUT 2'
storage 'cp: 9 MiB down' cp gs://demo/big "$work/big.down"
ok 'the same bytes' cmp "$work/big" "$work/big.down"
CLOUDSDK_STORAGE_PARALLEL_COMPOSITE_UPLOAD_ENABLED=True
CLOUDSDK_STORAGE_PARALLEL_COMPOSITE_UPLOAD_THRESHOLD=4Mi
CLOUDSDK_STORAGE_PARALLEL_COMPOSITE_UPLOAD_COMPONENT_SIZE=4Mi
CLOUDSDK_STORAGE_RESUMABLE_THRESHOLD=1Mi # it deletes no part below that
export CLOUDSDK_STORAGE_RESUMABLE_THRESHOLD CLOUDSDK_STORAGE_PARALLEL_COMPOSITE_UPLOAD_ENABLED \
	CLOUDSDK_STORAGE_PARALLEL_COMPOSITE_UPLOAD_THRESHOLD \
	CLOUDSDK_STORAGE_PARALLEL_COMPOSITE_UPLOAD_COMPONENT_SIZE
storage 'cp: 9 MiB in parts' cp "$work/big" gs://demo/composed
wrote 'PUT 7, DELETE 3'
curl -fsS "$url/storage/v1/b/demo/o?fields=items(name,size,componentCount)" >"$work/out"
says 'it was composed of parts' '"componentCount": 3'
storage 'cat: a part of it' cat -r 9437170-9437184 gs://demo/composed
tail -c 15 "$work/big" >"$work/want"
same 'the same bytes again' "$work/want" "$work/out"

# --- on the server ---

storage 'mv' mv gs://demo/up/a+b.txt 'gs://demo/c d+e.txt'
wrote 'PUT 1, DELETE 1'
storage 'cp -r on the server' cp -r gs://demo/up gs://demo/twin
wrote 'PUT 6'
storage 'objects update' objects update gs://demo/up/hello.txt \
	--custom-metadata=key=value --content-type=text/x-own
curl -fsS "$url/storage/v1/b/demo/o/up%2Fhello.txt" >"$work/out"
says 'it has the type' '"contentType": "text/x-own"'
says 'it has the metadata' '"key": "value"'
forget_requests
storage 'rm -r' rm -r gs://demo/up gs://demo/big gs://demo/composed
wrote 'DELETE 8'
(cd "$work/up" && find . -type f ! -name a+b.txt -printf 'twin/%P\n') \
	>"$work/want"
echo 'c d+e.txt' >>"$work/want"
has 'what moved and what was copied is there'
refuses 'rm of what is not there' 'gs://demo/none' rm gs://demo/none

# --- buckets ---

storage 'buckets create' buckets create gs://made-here --location=us-east1 \
	--soft-delete-duration=0
storage 'buckets update' buckets update gs://made-here --versioning
storage 'buckets describe' buckets describe gs://made-here
says 'it has versions' '^versioning_enabled: true$'
says 'it is where it was made' '^location: US-EAST1$'
storage 'buckets delete' buckets delete gs://made-here
refuses 'buckets delete of what is not empty' 'not empty' \
	buckets delete gs://demo

# --- what was deleted softly comes back ---

storage 'ls --soft-deleted' ls --soft-deleted gs://demo/up/hello.txt
says 'it is listed with its generation' '^gs://demo/up/hello.txt#[0-9]+$'
storage 'restore' restore "$(cat "$work/out")"
storage 'cat what was restored' cat gs://demo/up/hello.txt
same 'as it was' "$work/up/hello.txt" "$work/out"
end_sim

done_testing
