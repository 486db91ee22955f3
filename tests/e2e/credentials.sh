#!/bin/sh
# SPDX-License-Identifier: MIT
# A registry is swept as each kind of credential, by a server that asks everybody:
# N requests for N objects, and one for a token at most.
# shellcheck disable=SC2317 # what asks is called by ok

. "$(dirname "$0")/lib.sh"

N=391 # victims of the demo

start_sim --registry demo --auth strict --tls-listen 127.0.0.1:0 \
	--tls-port-file "$work/tls-port" --ca-file "$work/ca.pem" \
	--token "canary-access-0123456789=gc"
secure=https://localhost:$(cat "$work/tls-port")

ctl() {
	"$gcs_sim" ctl --url "$url" "$@" >"$work/ctl" 2>&1 ||
		{ cat "$work/ctl" && false; }
}

# credential KIND OPTIONS...: a file, $file, for somebody who may do what gc needs.
credential() {
	file=$work/$1.json
	ctl credentials "$@" role=gc || return
	(umask 077 && cat "$work/ctl" >"$file")
}

# counted NAME: how many of these were asked for by now.
counted() {
	curl -fsS "$url/_sim/stats" |
		sed -n "/\"auth\"/,/}/s/.*\"$1\": \([0-9]*\).*/\1/p"
}

calls() {
	total=0
	for place in token sts impersonate metadata; do
		total=$((total + $(counted $place)))
	done
	echo "$total"
}

gc() {
	"$gcsweep" gc gs://demo --delete-untagged --endpoint "$secure" \
		--ca-file "$work/ca.pem" "$@"
}

# sweep KIND CALLS OPTIONS...: dry and wet, each with as many calls for tokens.
sweep() {
	kind=$1 want=$2
	shift 2
	ctl reset state
	before=$(calls)
	run gc --dry-run "$@"
	ok "$kind, dry: status 0" [ "$status" -eq 0 ]
	ok "$kind, dry: nothing is deleted" ctl expect DELETE=0
	ok "$kind, dry: $want calls for tokens" \
		[ "$(($(calls) - before))" -eq "$want" ]
	before=$(calls)
	run gc --yes --json "$@"
	ok "$kind: status 0" [ "$status" -eq 0 ]
	ok "$kind: says as whom" grep -q "\"credential\":\"$kind\"" "$work/out"
	ok "$kind: $N requests for $N objects" \
		ctl expect "DELETE=$N" "DELETE:204=$N" 401=0 403=0
	ok "$kind: $want calls for tokens" \
		[ "$(($(calls) - before))" -eq "$want" ]
}

# --- each kind ---

credential service_account
key=$work/key.json
mv "$file" "$key"
sweep service_account 0 --credentials "$key"
credential authorized_user
user=$file
sweep authorized_user 1 --credentials "$file"
# One for the source, and one with it.
credential impersonated_service_account
sweep impersonated_service_account 2 --credentials "$file"
credential external_account source=url
sweep external_account 1 --credentials "$file"

credential external_account email=workload@p.example.com \
	source="file:$work/subject"
curl -fsS "$url/_sim/auth/subject?email=workload@p.example.com" >"$work/subject"
sweep external_account 1 --credentials "$file"

export GCE_METADATA_HOST="${url#http://}"
sweep metadata_server 1
mkdir "$work/gcloud"
cp "$user" "$work/gcloud/application_default_credentials.json"
CLOUDSDK_CONFIG=$work/gcloud
sweep authorized_user 1
export GOOGLE_APPLICATION_CREDENTIALS="$key"
sweep service_account 0
export GOOGLE_ACCESS_TOKEN=canary-access-0123456789
sweep access_token 0
unset GOOGLE_ACCESS_TOKEN GOOGLE_APPLICATION_CREDENTIALS

# --- what changes on the way ---

# during CALLS WORDS OPTIONS...: a sweep, one delete after the other, of which
# some are done when `ctl auth WORDS` is told; until then each takes long.
during() {
	want=$1 words=$2
	shift 2
	ctl reset state
	before=$(calls)
	ctl latency-delete=1s
	gc --yes --concurrency 1 "$@" >"$work/out" 2>"$work/err" &
	sweeper=$!
	while kill -s 0 "$sweeper" 2>/dev/null &&
		! curl -fsS "$url/_sim/stats" | grep -q '"204": [1-9]'; do :; done
	# shellcheck disable=SC2086 # they are words
	ctl auth $words
	ctl latency-delete=0
	wait "$sweeper"
	status=$?
	ok "$words: $want calls for tokens" \
		[ "$(($(calls) - before))" -eq "$want" ]
}

# goes_on WHO CALLS WORDS OPTIONS...: and it is as if nothing had been.
goes_on() {
	who=$1
	shift
	during "$@"
	ok "$who, ended: status 0" [ "$status" -eq 0 ]
	ok "$who, ended: one refusal, and $N objects" ctl expect \
		"DELETE=$((N + 1))" "DELETE:204=$N" DELETE:401=1 401=1
}

# ends WHO PATTERN CALLS WORDS OPTIONS...: some are gone, others are not, and it
# says why.
ends() {
	who=$1 pattern=$2
	shift 2
	during "$@"
	ok "$who: status 1" [ "$status" -eq 1 ]
	ok "$who: $pattern" grep -q -e "$pattern" "$work/out" "$work/err"
}

goes_on 'a self-signed token' 1 expire --credentials "$key"
goes_on 'a user' 2 expire --credentials "$user"
goes_on 'another account' 4 expire \
	--credentials "$work/impersonated_service_account.json"
CLOUDSDK_CONFIG=$work/none
goes_on 'the metadata server' 2 expire

run "$gcsweep" doctor gs://demo --endpoint "$secure" --ca-file "$work/ca.pem"
ok 'the metadata server, doctor: says once what it is' grep -q \
	'^ok    credential: metadata_server of this machine, asked at 127.*, since' \
	"$work/out"

email=$(sed -n 's/.*"client_email": "\(.*\)".*/\1/p' "$key")
ends 'an account that may not delete any more' \
	'grant storage.objects.delete on demo' 0 \
	"deny permission=storage.objects.delete email=$email" --credentials "$key"
ctl auth allow permission=storage.objects.delete "email=$email"
ends 'an account that is gone' 'invalid_grant' 1 "revoke email=$email" \
	--credentials "$key"
ctl auth restore "email=$email"
ctl auth token token=canary-again-0123456789
export GOOGLE_ACCESS_TOKEN=canary-again-0123456789
ends 'a token that nobody can get anew' 'credentials are not accepted' 0 expire

# --- what is wrong from the beginning ---

# refuses NAME PATTERN OPTIONS...: status 4, and one line says why.
refuses() {
	what=$1 pattern=$2
	shift 2
	ctl reset state
	run gc --yes "$@"
	ok "$what: status 4" [ "$status" -eq 4 ]
	ok "$what: $pattern" grep -q -e "$pattern" "$work/err"
	ok "$what: in one line" [ "$(wc -l <"$work/err")" -eq 1 ]
	ok "$what: nothing is deleted" ctl expect DELETE:204=0
}

refuses 'an old token' 'HTTP 401.*credentials are not accepted'
unset GOOGLE_ACCESS_TOKEN
credential service_account email=blind@p.example.com
ctl auth deny permission=storage.objects.list email=blind@p.example.com
refuses 'who may not list' 'grant storage.objects.list on demo' \
	--credentials "$file"
ctl auth revoke "email=$email"
refuses 'who is gone' 'invalid_grant' --credentials "$key"
credential authorized_user email=left@p.example.com
ctl auth revoke email=left@p.example.com
run "$gcsweep" doctor gs://demo --endpoint "$secure" --ca-file "$work/ca.pem" \
	--credentials "$file"
ok 'a login that is gone, doctor: status 4' [ "$status" -eq 4 ]
findings >"$work/found"
ok 'a login that is gone, doctor: says how to log in again' grep -q \
	'^fail  token: .*invalid_grant.*; log in again: gcloud auth' "$work/found"
stop_sim

done_testing
