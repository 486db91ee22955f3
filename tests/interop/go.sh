#!/bin/sh
# SPDX-License-Identifier: MIT
# Debian's Go library against gcs-sim.  What it is compiled from takes ten
# seconds the first time and none later: the cache is that of whoever runs it.

cache=$(go env GOCACHE 2>/dev/null)
. "$(dirname "$0")/lib.sh"

[ -n "$cache" ] ||
	skip_all 'there is no go; Debian: golang-go golang-google-cloud-dev'
[ -e /usr/share/gocode/src/cloud.google.com/go/storage/storage.go ] ||
	skip_all 'there is no Go library; Debian: golang-google-cloud-dev'
GOCACHE=$cache
GOPATH=/usr/share/gocode
GO111MODULE=off
GOTOOLCHAIN=local
export GOCACHE GOPATH GO111MODULE GOTOOLCHAIN

begin_sim --bucket demo
load_settings
does 'it compiles' go build -o "$work/client" "$here/go/main.go"
client go "$work/client"
mkdir "$work/page"
blocks go >"$work/page/try.go"
forget_requests
page_holds
counted 'the page: as many as it looks' 'GET 1, PUT 1, DELETE 1'
end_sim

done_testing
