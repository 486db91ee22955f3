#!/bin/sh
# SPDX-License-Identifier: MIT
# make check-live BUCKET=gs://name[/prefix] [REPORT=file]
#
# The conformance suite on a real bucket, as the credential that gcsweep would
# find there, and a report of what the documents leave open.  Never part of
# make check.  It makes some ten thousand small objects below
# gcsweep-check-live-<random>/ and deletes them again; nothing else is touched.
set -eu

[ -n "${BUCKET-}" ] || {
	echo 'check-live: name a bucket: make check-live BUCKET=gs://name[/prefix]' >&2
	exit 2
}
bin=$(cd "${top_builddir:-build}" && pwd)
report=${REPORT:-$bin/check-live.txt}

# What keeps its objects after a delete, and who may do what, comes first.
"$bin/gcsweep" doctor "$BUCKET"
exec "$bin/tests/live/live" "$BUCKET" "$report"
