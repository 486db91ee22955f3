#!/bin/sh
# SPDX-License-Identifier: MIT
# Who asks: keys that are made, files for clients, and tokens for them, as curl
# and openssl see it.

. "$(dirname "$0")/lib.sh"

# --- keygen ---

key=$work/key.json
run "$gcs_sim" keygen --out "$key"
ok 'a key is made' [ "$status" -eq 0 ]
ok 'and nothing is said' [ ! -s "$work/out" ]
ok 'for its owner alone' [ "$(stat -c %a "$key")" = 600 ]
cp "$key" "$work/before"
run "$gcs_sim" keygen --out "$key"
ok 'a file that is there is left' [ "$status" -eq 1 ]
ok 'and named' grep -q "^gcs-sim: $key is there already" "$work/err"
same 'as it was' "$work/before" "$key"
run "$gcs_sim" keygen --out "$work/none/key"
ok 'a place that is not there is named' grep -q "cannot write $work/none/key: No such" "$work/err"
run "$gcs_sim" keygen --email nobody
ok 'an address that is none: status 2' [ "$status" -eq 2 ]
ok 'is named' grep -q "^gcs-sim: --email 'nobody': want an address" "$work/err"
run "$gcs_sim" keygen --token-uri nowhere
ok 'so is a URL' grep -q "^gcs-sim: --token-uri 'nowhere': want a URL" "$work/err"
run "$gcs_sim" keygen again
ok 'so is a word' grep -q "^gcs-sim: unknown argument 'again'" "$work/err"
run "$gcs_sim" keygen --email a@p.example.com --token-uri http://h/token
ok 'without --out it is printed' grep -q '"client_email": "a@p.example.com"' "$work/out"
ok 'with its project' grep -q '"project_id": "p"' "$work/out"
ok 'and its address' grep -q '"token_uri": "http://h/token"' "$work/out"
run "$gcs_sim" keygen --help
ok 'help helps' grep -q -- '--token-uri URL' "$work/out"

# --- files that are none ---

not_a_key() {
	refused "$1" 1 "^gcs-sim: --service-account: .*$2" --auth strict \
		--service-account "$3"
}
not_a_key 'no file' 'cannot read the key file .*: No such file' "$work/nothing"
printf 'x' >"$work/bad"
not_a_key 'no JSON' 'is not JSON' "$work/bad"
printf '{"type":"authorized_user"}' >"$work/bad"
not_a_key 'another kind' 'its type is not service_account' "$work/bad"
printf '{"type":"service_account"}' >"$work/bad"
not_a_key 'no address' 'wants client_email' "$work/bad"
sed 's/\(BEGIN PRIVATE KEY-----.n\)...../\1AAAAA/' "$key" >"$work/bad"
not_a_key 'no PEM' 'private_key is no RSA key' "$work/bad"
ok 'and no key is told' sh -c "! grep -q 'AAAA' '$work/err'"

# --- a service account ---

field() {
	sed -n "s/^ *\"$1\": \"*\([^\",]*\)\"*,*$/\1/p"
}

# status CURL-OPTIONS...
answers() {
	curl -sS -o "$work/body" -w '%{http_code}' "$@"
}

base64url() {
	openssl base64 -A | tr '+/' '-_' | tr -d '='
}

email=$(field client_email <"$key")
# sign CLAIMS: signed by the key, from now on for a minute.
sign() {
	sed -n 's/^ *"private_key": "\(.*\)",$/\1/p' "$key" |
		sed 's/\\n/\n/g' >"$work/pem"
	now=$(date +%s)
	{
		printf '{"alg":"RS256","typ":"JWT","kid":"%s"}' \
			"$(field private_key_id <"$key")" | base64url
		printf .
		printf '{"iss":"%s","iat":%d,"exp":%d,%s}' "$email" "$now" \
			"$((now + 60))" "$1" | base64url
	} >"$work/text"
	printf '%s.%s' "$(cat "$work/text")" \
		"$(openssl dgst -sha256 -sign "$work/pem" "$work/text" | base64url)"
}

start_sim --auth strict --service-account "$key=gc" --registry demo \
	--access-log "$work/log" --fault 'auth.sts 503 times=1'
objects=$url/storage/v1/b/demo/o
token=$(sign "\"sub\":\"$email\",\"aud\":\"https://storage.googleapis.com/\"")
ok 'nobody is refused' [ "$(answers "$objects")" = 401 ]
ok 'who signs himself is not' \
	[ "$(answers -H "Authorization: Bearer $token" "$objects")" = 200 ]
ok 'but not with another signature' \
	[ "$(answers -H "Authorization: Bearer ${token%????}AAAA" "$objects")" = 401 ]
assertion=$(sign "\"aud\":\"$url/token\",\"scope\":\"https://www.googleapis.com/auth/cloud-platform\"")
ok 'what is signed is exchanged' [ "$(answers "$url/token" -d "assertion=$assertion" \
	-d grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer)" = 200 ]
given=$(field access_token <"$work/body")
ok 'for a token that is good' \
	[ "$(answers -H "Authorization: Bearer $given" "$objects?access_token=$given")" = 200 ]
ok 'for what the account may' \
	[ "$(answers -X PATCH -d '{}' -H "Authorization: Bearer $given" "$url/b/demo")" = 403 ]

# --- files for clients, and changes ---

ctl() {
	run "$gcs_sim" ctl --url "$url" "$@"
}
for kind in service_account authorized_user impersonated_service_account \
	external_account; do
	ctl credentials $kind role=viewer
	ok "$kind: there is a file" grep -q "\"type\": \"$kind\"" "$work/out"
	ok "$kind: with addresses here" grep -q "\"$url/" "$work/out"
done
ctl credentials external_account source=file:/some/subject
ok 'a subject in a file' grep -q '"file": "/some/subject"' "$work/out"
ctl credentials nothing
ok 'no such kind: status 2' [ "$status" -eq 2 ]
ok 'no such kind: the known ones are named' grep -q 'want service_account, ' "$work/err"
ctl credentials service_account email=x
ok 'no address' grep -q "email 'x': want an address" "$work/err"
ctl auth deny permission=storage.objects.list "email=$email"
ok 'a permission is taken away' [ "$status" -eq 0 ]
ok 'and missed' [ "$(answers -H "Authorization: Bearer $given" "$objects")" = 403 ]
ctl auth allow permission=storage.objects.list
ok 'and is back' [ "$(answers -H "Authorization: Bearer $given" "$objects")" = 200 ]
ctl auth expire
ok 'all tokens end' [ "$(answers -H "Authorization: Bearer $given" "$objects")" = 401 ]
ctl auth revoke email=somebody
ok 'who is not known is named' grep -q "there is no 'somebody'" "$work/err"
ctl auth
ok 'all are told' grep -q "\"email\": \"$email\"" "$work/out"
ok 'a rule meets the place that it names' [ "$(answers -X POST -d x=y "$url/v1/token")" = 503 ]
ok 'and then it is as before' [ "$(answers -X POST -d x=y "$url/v1/token")" = 400 ]
ok 'they are counted apart' [ "$(curl -fsS "$url/_sim/stats" | field sts)" = 2 ]
curl -fsS "$url/_sim/requests" "$url/_sim/har" "$url/_sim/config" "$url/_sim/auth" |
	cat - "$work/log" "$work/sim.err" >"$work/told"
ok 'no token is told' sh -c "! grep -q -e '$given' -e '$token' '$work/told'"
stop_sim

start_sim
ctl auth
ok 'without --auth nobody is asked' grep -q 'nobody is asked who he is' "$work/err"
stop_sim
done_testing
