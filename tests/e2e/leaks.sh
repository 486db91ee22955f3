#!/bin/sh
# SPDX-License-Identifier: MIT
# What is secret is searched for wherever a run leaves anything: in what it says,
# in its files, in what the system knows of it, and in all that the simulator
# tells.  And files that are no credentials are named without a word of them.
# shellcheck disable=SC2317,SC2016 # what asks is called by ok; inner shells

. "$(dirname "$0")/lib.sh"

canary='canary-0123456789-abcdef'
cases=0

start_sim --registry demo --auth strict --tls-listen 127.0.0.1:0 \
	--tls-port-file "$work/tls-port" --ca-file "$work/ca.pem" \
	--access-log "$work/access.log" --token "ya29.$canary=gc"
secure=https://localhost:$(cat "$work/tls-port")
mkdir "$work/said"

ctl() {
	"$gcs_sim" ctl --url "$url" "$@" >"$work/ctl" 2>&1 ||
		{ cat "$work/ctl" && false; }
}

gc() {
	"$gcsweep" gc gs://demo --delete-untagged --endpoint "$secure" \
		--ca-file "$work/ca.pem" "$@"
}

# credential KIND OPTIONS...: a file, $file, of which $work/secrets keeps what is
# secret: each value that is long, and each line of a key.
credential() {
	file=$work/$1.json
	ctl credentials "$@" role=gc
	(umask 077 && cat "$work/ctl" >"$file")
	sed -n -e 's/\\n/\n/g' \
		-e 's/.*"\(private_key\|client_secret\|refresh_token\)": "//p' \
		"$file" | tr -d '",' | grep '^[A-Za-z0-9+/=_.-]\{16,\}$' \
		>>"$work/secrets"
}

# tells_nothing NAME FILE...: none of the secrets, nor anything that was signed
# or is a key.
tells_nothing() {
	what=$1
	shift
	cases=$((cases + 1))
	ok "$what: there is something to search" [ -s "$1" ]
	ok "$what: no secret is in it" sh -c \
		'! grep -aF -f "$0" "$@" && ! grep -a -e eyJhbG -e PRIVATE "$@"' \
		"$work/secrets" "$@"
}

echo "$canary" >"$work/secrets"

# --- a run as each of them ---

# as KIND OPTIONS...: all that such a run leaves behind.
as() {
	kind=$1
	shift
	for how in '-n -v' "-y -v --hgrm $work/said/hgrm" '-y -v --json' \
		'-y --progress plain'; do
		ctl reset state
		# shellcheck disable=SC2086 # words
		gc $how "$@" >"$work/said/out" 2>"$work/said/err" </dev/null
		tells_nothing "$kind, $how: standard output" "$work/said/out"
		cat "$work/said/err" "$work/said/out" >"$work/said/both"
		tells_nothing "$kind, $how: and error" "$work/said/both"
	done
	tells_nothing "$kind: the latencies" "$work/said/hgrm"
	"$gcsweep" doctor gs://demo --endpoint "$secure" \
		--ca-file "$work/ca.pem" "$@" >"$work/said/out" 2>&1
	tells_nothing "$kind: doctor" "$work/said/out"
}

for kind in service_account authorized_user impersonated_service_account \
	external_account; do
	credential "$kind"
	as "$kind" --credentials "$file"
done
for kind in service_account authorized_user impersonated_service_account; do
	ok "$kind: what is searched for is in the file" \
		grep -qF -f "$work/secrets" "$work/$kind.json"
done
ok 'a key is searched for line by line' \
	[ "$(wc -l <"$work/secrets")" -ge 20 ]
export GOOGLE_ACCESS_TOKEN="ya29.$canary"
as access_token

# --- what the simulator tells of them ---

for place in requests 'requests?format=text' har stats config metrics auth faults \
	scopes; do
	curl -fsS "$url/_sim/$place" >"$work/said/place"
	tells_nothing "the simulator's $place" "$work/said/place"
done
tells_nothing 'its access log' "$work/access.log"
curl -fsSN "$url/_sim/events" >"$work/said/events" 2>/dev/null &
listener=$!
until grep -q . "$work/said/events"; do
	curl -fsS -o /dev/null -H "Authorization: Bearer $GOOGLE_ACCESS_TOKEN" \
		"$url/storage/v1/b/demo/o?access_token=$GOOGLE_ACCESS_TOKEN"
done
kill "$listener"
wait "$listener" 2>/dev/null
tells_nothing 'its events' "$work/said/events"

# --- an emulator is sent nothing, though it would take it ---

run env STORAGE_EMULATOR_HOST="$url" "$gcsweep" gc gs://demo -n
ok 'an emulator that asks: status 4' [ "$status" -eq 4 ]
ok 'an emulator that asks: nothing was sent' \
	grep -q 'it wants credentials, and none were sent' "$work/err"
run env STORAGE_EMULATOR_HOST="$secure" "$gcsweep" gc gs://demo -n \
	--ca-file "$work/ca.pem"
ok 'the same over TLS' \
	grep -q 'it wants credentials, and none were sent' "$work/err"
unset GOOGLE_ACCESS_TOKEN
cases=$((cases + 2))

# --- what the system knows of a run ---

file=$work/authorized_user.json
ctl reset state
ctl latency-delete=1h
"$gcsweep" gc gs://demo -y -m -v --json --endpoint "$secure" \
	--ca-file "$work/ca.pem" --credentials "$file" \
	>"$work/said/out" 2>"$work/said/err" &
sweeper=$!
until curl -fsS "$url/_sim/stats" | grep -q '"DELETE": [1-9]'; do
	kill -s 0 "$sweeper" || break
done
kill -s USR1 "$sweeper"
until [ -s "$work/said/err" ]; do
	kill -s 0 "$sweeper" || break
done
cat "/proc/$sweeper/cmdline" >"$work/said/cmdline"
tells_nothing 'its command line' "$work/said/cmdline"
cat "/proc/$sweeper/environ" >"$work/said/environ"
tells_nothing 'its environment' "$work/said/environ"
ok 'it may leave no core' \
	grep -q '^Max core file size  *0  *0 ' "/proc/$sweeper/limits"
kill -s ABRT "$sweeper"
wait "$sweeper" 2>/dev/null
ok 'it died' [ $? -ge 128 ]
ok 'and left no core' sh -c "! ls '$work'/core* core* 2>/dev/null"
cat "$work/said/err" "$work/said/out" >"$work/said/both"
tells_nothing 'what it said until it died' "$work/said/both"
ctl latency-delete=0
cases=$((cases + 2))

# --- files that are none ---

# bad NAME PATTERN FILE [OPTION]: status 2 and one line that names the file.
bad() {
	cases=$((cases + 1))
	run gc -n --credentials "$3" ${4+"$4"}
	ok "$1: status 2" [ "$status" -eq 2 ]
	ok "$1: one line" [ "$(wc -l <"$work/err")" -eq 1 ]
	ok "$1: $2" grep -q -e "credentials:* $3: .*$2" "$work/err"
	ok "$1: no value is told" sh -c \
		'! grep -aF -f "$0" "$1" && ! grep -a -e eyJhbG "$1"' \
		"$work/secrets" "$work/err"
}

# written NAME PATTERN TEXT: the same of a file with that text.
written() {
	(umask 077 && printf '%b' "$3" >"$work/bad.json")
	bad "$1" "$2" "$work/bad.json"
}

# edited NAME PATTERN FILE SED: the same of a file that was good.
edited() {
	(umask 077 && sed "$4" "$work/$3.json" >"$work/bad.json")
	ok "$1: the file is another one" \
		sh -c "! cmp -s '$work/$3.json' '$work/bad.json'"
	bad "$1" "$2" "$work/bad.json"
}

ln -s "$work/nowhere" "$work/dangling"
mkfifo "$work/fifo"
bad 'a file that is not there' 'No such file' "$work/nowhere"
bad 'a link to nowhere' 'No such file' "$work/dangling"
bad 'a folder' 'not a regular file' "$work/said"
bad 'a pipe' 'not a regular file' "$work/fifo"
bad 'a device' 'not a regular file' /dev/zero
head -c 70000 /dev/zero | tr '\0' ' ' >"$work/large"
bad 'a large file' 'larger than' "$work/large"
written 'an empty file' 'it is empty' ''
written 'a word' 'not JSON' "$canary"
written 'half a file' 'not JSON' "{\"refresh_token\":\"$canary"
written 'a member twice' 'not JSON' "{\"$canary\":1,\"$canary\":2}"
written 'an array' 'not a JSON object' "[\"$canary\"]"
written 'no type' 'no "type"' "{\"refresh_token\":\"$canary\"}"
written 'another type' 'type "gdch" is unknown' \
	"{\"type\":\"gdch\",\"key\":\"$canary\"}"
written 'a secret as the type' '"type" is unknown' \
	"{\"type\":\"$canary$canary\"}"
written 'a user without secrets' 'it has no client_secret, refresh_token' \
	"{\"type\":\"authorized_user\",\"client_id\":\"$canary\"}"
edited 'a key without an address' 'it has no client_email' \
	service_account '/"client_email"/d'
edited 'a key without its name' 'it has no private_key_id' \
	service_account '/"private_key_id"/d'
edited 'a damaged key' 'private_key' \
	service_account 's/\(BEGIN PRIVATE KEY-----.n\)........./\1/'
edited 'a key that is none' 'private_key' service_account \
	"s/\"private_key\": \".*\"/\"private_key\": \"$canary\"/"
edited 'a key that goes by plain http' 'token_uri is not https' \
	service_account 's/"https:\(.*\/token"\)/"http:\1/'
edited 'a user that goes by plain http' 'token_uri is not https' \
	authorized_user 's/"https:\(.*\/token"\)/"http:\1/'
edited 'a workload that goes by plain http' 'token_url is not https' \
	external_account 's/"https:\(.*\/v1\/token"\)/"http:\1/'
edited 'another account that is asked for by plain http' \
	'impersonation_url is not https' impersonated_service_account \
	's/"https:\(.*:generateAccessToken"\)/"http:\1/'
written 'a program to run' 'executable' \
	'{"type":"external_account","audience":"a","subject_token_type":"t","token_url":"https://127.0.0.1:1/","credential_source":{"executable":{"command":"/bin/false"}}}'

cp "$file" "$work/open.json"
chmod 644 "$work/open.json"
run gc -n --credentials "$work/open.json"
ok 'a file that others can read is used' [ "$status" -eq 0 ]
ok 'and warned of' grep -q "warning: $work/open.json: .*chmod 600" "$work/err"
run gc -n --credentials "$work/open.json" --strict-permissions
ok 'and refused by --strict-permissions' [ "$status" -eq 2 ]
ok 'which names it' grep -q "$work/open.json: .*chmod 600" "$work/err"
cases=$((cases + 2))

stop_sim
echo "# $cases cases"
done_testing
