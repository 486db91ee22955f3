#!/bin/sh
# SPDX-License-Identifier: MIT
# Where gcsweep goes and as whom: endpoints, credentials, what is said of them,
# and that no emulator is ever sent one.

. "$(dirname "$0")/lib.sh"

# A canary for a token: it must be nowhere but in requests over TLS.
token=canary-7c1e5f0a9b

: >"$work/said"

# try NAME STATUS PATTERN COMMAND...: that status, and a line that says so.
try() {
	what=$1 want=$2 pattern=$3
	shift 3
	run "$@"
	cat "$work/out" "$work/err" >>"$work/said"
	ok "$what: status $want" [ "$status" -eq "$want" ]
	findings >"$work/found"
	ok "$what: $pattern" grep -q -e "$pattern" "$work/found" "$work/err"
}

start_sim --registry demo --tls-listen 127.0.0.1:0 \
	--tls-port-file "$work/tls-port" --ca-file "$work/ca.pem"
secure=https://localhost:$(cat "$work/tls-port")

# shellcheck disable=SC2317 # try calls it
gc() {
	"$gcsweep" gc gs://demo -n "$@"
}

# --- nobody is found ---

ways='gcloud auth application-default login'
try 'nobody' 4 "no credentials: .*--credentials, or run $ways" gc
ok 'nobody: in one line' [ "$(wc -l <"$work/err")" -eq 1 ]
try 'nobody, doctor' 4 "^fail  token: no credentials: .*$ways" \
	"$gcsweep" doctor gs://demo
try 'nobody, and meant so' 2 'is asked as somebody; name an --endpoint' \
	gc --credentials none
try 'a file that is not there' 2 '--credentials: /nonexistent: No such file' \
	gc --credentials /nonexistent
printf '{"type": "x"}' >"$work/odd.json"
try 'a file of another kind' 2 "$work/odd.json: " gc --credentials "$work/odd.json"

for project in 'a b' 'a
X: y'; do
	try 'a project that is none' 2 '^gcsweep: --quota-project is no project' \
		env GOOGLE_ACCESS_TOKEN=$token "$gcsweep" gc gs://demo -n \
		--quota-project "$project" --endpoint "$secure" \
		--ca-file "$work/ca.pem"
done

# --- an emulator is sent nothing ---

GOOGLE_ACCESS_TOKEN=$token
export GOOGLE_ACCESS_TOKEN
try 'an emulator' 0 "^EMULATOR $url   bucket demo   root /   DRY RUN$" \
	gc --endpoint "$url"
try 'an emulator of the environment' 0 "^EMULATOR $url   bucket demo" \
	env STORAGE_EMULATOR_HOST="$url" "$gcsweep" gc gs://demo -n
try 'an emulator over TLS' 0 "^EMULATOR $secure   bucket demo" \
	env STORAGE_EMULATOR_HOST="$secure" "$gcsweep" gc gs://demo -n \
	--ca-file "$work/ca.pem"
try 'an emulator, doctor' 0 '^ok    credential: none, as no emulator is sent' \
	"$gcsweep" doctor gs://demo --endpoint "$url"
try 'an emulator and a credential' 2 'say https://, or leave --credentials out' \
	gc --endpoint "$url" --credentials "$work/odd.json"
try 'an emulator of the environment and a credential' 2 'unset it, or leave' \
	env STORAGE_EMULATOR_HOST="$url" "$gcsweep" gc gs://demo -n \
	--credentials "$work/odd.json"

# --- values that are none ---

for option in credentials quota-project ca-file; do
	try "--$option with nothing" 2 "^gcsweep: --$option is empty: give it" \
		gc --endpoint "$secure" "--$option="
done

# --- over TLS, as somebody ---

try 'as somebody' 0 \
	"^GCS $secure   bucket demo   root /   as access_token   DRY RUN$" \
	gc --endpoint "$secure" --ca-file "$work/ca.pem"
try 'as somebody, in JSON' 0 \
	"\"emulator\":null,\"endpoint\":\"$secure\",\"credential\":\"access_token\",\"email\":null" \
	gc --endpoint "$secure" --ca-file "$work/ca.pem" --json
try 'as nobody, by --credentials none' 0 "^GCS $secure .*   as nobody   DRY" \
	gc --endpoint "$secure" --ca-file "$work/ca.pem" --credentials none
try 'doctor, as somebody' 0 \
	'^ok    credential: access_token of GOOGLE_ACCESS_TOKEN, since' \
	"$gcsweep" doctor gs://demo --endpoint "$secure" \
	--ca-file "$work/ca.pem" --quota-project payer
ok 'doctor: the token' grep -q \
	'^ok    token: as it was given, .*, billed to project payer$' "$work/out"
ok 'doctor: the protocol' grep -q \
	'^ok    protocol: HTTP/1.1 over TLS 1.2 or newer' "$work/out"
try 'doctor, by a proxy' 5 "bucket demo, by the proxy of HTTPS_PROXY$" \
	env HTTPS_PROXY=http://me:canary-7c1e5f0a9b@127.0.0.1:1 "$gcsweep" \
	doctor gs://demo --endpoint "$secure" --ca-file "$work/ca.pem"
try 'doctor, by a proxy that is not there' 5 \
	'no connection to the proxy: .*; is the proxy of HTTPS_PROXY the right' \
	env HTTPS_PROXY=http://me:canary-7c1e5f0a9b@127.0.0.1:1 "$gcsweep" \
	doctor gs://demo --endpoint "$secure" --ca-file "$work/ca.pem"
try 'doctor, and who lost' 0 \
	'passed over: GOOGLE_APPLICATION_CREDENTIALS$' \
	env GOOGLE_APPLICATION_CREDENTIALS="$work/odd.json" "$gcsweep" doctor \
	gs://demo --endpoint "$secure" --ca-file "$work/ca.pem"

# --- a server that nobody vouches for ---

try 'not to be trusted' 4 'not a server to trust' gc --endpoint "$secure"
try 'not to be trusted, doctor' 4 \
	'^fail  reachable: .*not a server to trust.*; --ca-file names' \
	"$gcsweep" doctor gs://demo --endpoint "$secure"

plain=https://${url#http://}
try 'a server without TLS' 4 "$plain: not a server to trust: it speaks no TLS$" \
	gc --endpoint "$plain"
try 'a server without TLS, doctor' 4 \
	'^fail  reachable: .*speaks no TLS; is that the port of https' \
	"$gcsweep" doctor gs://demo --endpoint "$plain"

for command in gc doctor; do
	try "$command: no file of certificates" 2 \
		'^gcsweep: certificates to trust: /nonexistent: No such file' \
		"$gcsweep" "$command" gs://demo --endpoint "$secure" \
		--ca-file /nonexistent
	try "$command: a file of something else" 2 \
		'^gcsweep: certificates to trust: .*: there is none in it' \
		"$gcsweep" "$command" gs://demo --endpoint "$secure" \
		--ca-file /etc/passwd
	try "$command: no file where SSL_CERT_FILE says" 2 \
		'^gcsweep: certificates to trust of SSL_CERT_FILE: /nonexistent: ' \
		env SSL_CERT_FILE=/nonexistent "$gcsweep" "$command" gs://demo \
		--endpoint "$secure"
done

# --- and no HTTP/2 ---

try 'HTTP/2' 2 '--http 2: libcurl 7.88 .* this is libcurl [0-9]' gc --http 2

# --- what was said ---

ok 'the token is in nothing that was said' \
	sh -c "! grep -q '$token' '$work/said'"
ok 'nor in the journal of the simulator' \
	sh -c "! curl -fsS '$url/_sim/requests' | grep -q '$token'"
stop_sim

done_testing
