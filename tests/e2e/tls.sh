#!/bin/sh
# SPDX-License-Identifier: MIT
# The simulator's second door, as curl and OpenSSL see it.
. "$(dirname "$0")/lib.sh"

# start_tls OPTIONS...: a simulator with both doors; sets $tls.
start_tls() {
	rm -f "$work/tls-port" "$work/ca.pem"
	start_sim --registry manifests=0 --tls-listen 127.0.0.1:0 \
		--tls-port-file "$work/tls-port" "$@"
	tls=https://localhost:$(cat "$work/tls-port")
}

# ask_tls ARGUMENTS...: curl, which trusts $work/ca.pem.
ask_tls() {
	run curl -sS --cacert "$work/ca.pem" "$@"
}

# --- what is said and written ---

start_tls --ca-file "$work/ca.pem"
ok 'the ready line tells of both doors' [ "${ready#gcs-sim ready http://127.0.0.1:*TLS https://127.0.0.1:"$(cat "$work/tls-port")",}" != "$ready" ]
ok 'the CA file is one certificate' \
	[ "$(grep -c 'BEGIN CERTIFICATE' "$work/ca.pem")" -eq 1 ]
ok 'no key is written' sh -c "! grep -q KEY '$work/ca.pem'"
ok 'and nothing is left beside it' sh -c "! ls '$work' | grep -q part"
cp "$work/ca.pem" "$work/first.pem"

# --- versions, names, trust ---

for version in 1.2 1.3; do
	ask_tls "--tlsv$version" --tls-max "$version" "$tls/_sim/health"
	ok "TLS $version is spoken" grep -qx ok "$work/out"
done
ask_tls --tlsv1.1 --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0 "$tls/_sim/health"
ok 'TLS 1.1 is not' [ "$status" -eq 35 ]
ask_tls "https://127.0.0.1:$(cat "$work/tls-port")/_sim/health"
ok 'an address is a name, too' grep -qx ok "$work/out"
ask_tls --resolve "example.org:${tls##*:}:127.0.0.1" \
	"https://example.org:${tls##*:}/_sim/health"
ok 'a stranger'"'"'s name is not' [ "$status" -eq 60 ]
run curl -sS "$tls/_sim/health"
ok 'who does not know the authority does not trust it' [ "$status" -eq 60 ]

# --- the same world, and links that lead back ---

put mine 'x y'
ask_tls "$tls/storage/v1/b/demo/o/mine?alt=media"
ok 'what one door takes the other gives' grep -qx 'x y' "$work/out"
ask_tls "$tls/storage/v1/b/demo/o/mine"
ok 'links lead back to the door that was asked' \
	grep -q "\"mediaLink\": \"$tls/" "$work/out"
run curl -sS "$url/storage/v1/b/demo/o/mine"
ok 'which is the other for others' \
	grep -q "\"mediaLink\": \"$url/" "$work/out"
ask_tls -D - -X POST -d '' \
	"$tls/upload/storage/v1/b/demo/o?uploadType=resumable&name=r"
ok 'an upload goes on where it began' grep -qi "^location: $tls/" "$work/out"

# --- bodies ---

head -c 20000000 /dev/urandom >"$work/big"
ask_tls -o /dev/null -T "$work/big" -X POST \
	"$tls/upload/storage/v1/b/demo/o?uploadType=media&name=big"
ok 'a large body goes up' [ "$status" -eq 0 ]
ask_tls "$tls/storage/v1/b/demo/o/big?alt=media"
ok 'and comes down as it was' cmp "$work/big" "$work/out"
ask_tls -o /dev/null -T - -X POST \
	"$tls/upload/storage/v1/b/demo/o?uploadType=media&name=none"
ok 'a body in chunks has an end' [ "$status" -eq 0 ]

# --- what is no TLS, and TLS where there is none ---

run curl -sS "http://${tls#https://}/_sim/health"
ok 'plain HTTP gets no answer' [ ! -s "$work/out" ]
ok 'and curl says so' [ "$status" -ne 0 ]
ask_tls "https://localhost:${url##*:}/_sim/health"
ok 'the plain door speaks no TLS' [ "$status" -eq 35 ]
ask_tls "$tls/_sim/health"
ok 'others are served as before' grep -qx ok "$work/out"

# --- resumption ---

# shake ARGUMENTS...: a handshake and a request on it.
shake() {
	printf 'GET /_sim/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' |
		timeout 60 openssl s_client -connect "127.0.0.1:${tls##*:}" -quiet \
			-no_ign_eof -ign_eof -CAfile "$work/ca.pem" \
			-verify_return_error "$@" 2>/dev/null
}

if command -v openssl >/dev/null; then
	for version in 1_2 1_3; do
		shake "-tls$version" -sess_out "$work/session" >"$work/out"
		ok "TLS $version: openssl is answered" grep -q '^ok' "$work/out"
		openssl s_client -connect "127.0.0.1:${tls##*:}" "-tls$version" \
			-sess_in "$work/session" </dev/null >"$work/out" 2>&1
		ok "TLS $version: and its session goes on" grep -q '^Reused' "$work/out"
	done
else
	tests=$((tests + 1))
	echo "ok $tests - sessions go on # SKIP there is no openssl"
fi

# --- faults ---

# meets RULE STATUS...: one of which curl ends with; some versions of it tell a
# cut from an end, others only what is missing.  By HTTP/2 it is a stream that ends.
meets() {
	rule=$1
	shift
	curl -sS -o /dev/null -X DELETE "$url/_sim/faults"
	curl -sS -o /dev/null --data-binary "$rule" "$url/_sim/faults"
	ask_tls --http1.1 "$tls/storage/v1/b/demo/o/mine?alt=media"
	ok "$rule: curl ends as it should" is_among "$status" "$@"
}

# shellcheck disable=SC2317 # called by ok
is_among() {
	echo "$1, of $*"
	case " $2 ${3-} " in *" $1 "*) return 0 ;; esac
	return 1
}
meets 'GET reset' 56
meets 'GET lost' 52 56
meets 'GET cut at=1' 18 56
meets 'GET drip pace=1000B/s' 0
ok 'and has all of it' grep -qx 'x y' "$work/out"
meets 'GET stall for=20ms' 0
ok 'and has all of that' grep -qx 'x y' "$work/out"
meets 'GET 503' 0
curl -sS -o /dev/null -X DELETE "$url/_sim/faults"

# --- another start ---

stop_sim
ok 'it ends as ever' [ "$sim_status" -eq 0 ]
start_tls --ca-file "$work/ca.pem"
ok 'another start has another authority' sh -c \
	"! cmp -s '$work/ca.pem' '$work/first.pem'"
run curl -sS --cacert "$work/first.pem" "$tls/_sim/health"
ok 'for which the former is not trusted' [ "$status" -eq 60 ]
stop_sim

# --- the last seconds ---

start_tls --ca-file "$work/ca.pem" --latency 1s
curl -sS --cacert "$work/ca.pem" -o "$work/last" -w '%{http_code}' \
	"$tls/storage/v1/b/demo" >"$work/code" &
client=$!
until curl -fsS "$url/_sim/stats" | grep -q '"in_flight": 1,'; do :; done
stop_sim
wait "$client"
ok 'what is in flight at the end is answered' grep -qx 200 "$work/code"

# --- exec ---

# shellcheck disable=SC2016 # for the inner shell
run "$gcs_sim" exec --tls-listen 127.0.0.1:0 --ca-file "$work/ca.pem" -- sh -c \
	'curl -sS --cacert "$STORAGE_EMULATOR_CA_FILE" "$STORAGE_EMULATOR_TLS_HOST/_sim/health"'
ok 'exec tells its command of both' grep -qx ok "$work/out"
# shellcheck disable=SC2016
run env STORAGE_EMULATOR_TLS_HOST=x "$gcs_sim" exec -- sh -c \
	'echo "${STORAGE_EMULATOR_TLS_HOST-none}"'
ok 'and of nothing that is not its own' grep -qx none "$work/out"

# --- one's own certificate, and what is none ---

if command -v openssl >/dev/null; then
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-days 2 -subj /CN=own -addext subjectAltName=DNS:localhost \
		-keyout "$work/own.key" -out "$work/own.pem" 2>/dev/null
	openssl ecparam -name prime256v1 -genkey -noout \
		-out "$work/other.key" 2>/dev/null
	openssl ec -in "$work/own.key" -aes256 -passout pass:secret \
		-out "$work/locked.key" 2>/dev/null
	start_tls --tls-cert "$work/own.pem" --tls-key "$work/own.key"
	run curl -sS --cacert "$work/own.pem" "$tls/_sim/health"
	ok 'a certificate of one'"'"'s own is shown' grep -qx ok "$work/out"
	stop_sim
	refused 'a key of another certificate' 2 'not that of the certificate' \
		--tls-listen 127.0.0.1:0 --tls-cert "$work/own.pem" \
		--tls-key "$work/other.key"
	openssl genrsa -out "$work/rsa.key" 2048 2>/dev/null
	refused 'a key of another kind' 2 'not that of the certificate' \
		--tls-listen 127.0.0.1:0 --tls-cert "$work/own.pem" \
		--tls-key "$work/rsa.key"
	refused 'a key with a password' 2 '--tls-key.*without a password' \
		--tls-listen 127.0.0.1:0 --tls-cert "$work/own.pem" \
		--tls-key "$work/locked.key"
	refused 'a key where a certificate should be' 2 '--tls-cert.*no certificate' \
		--tls-listen 127.0.0.1:0 --tls-cert "$work/own.key" \
		--tls-key "$work/own.key"
	refused 'a key that is not there' 2 '--tls-key: cannot read .*No such file' \
		--tls-listen 127.0.0.1:0 --tls-cert "$work/own.pem" \
		--tls-key "$work/nowhere"
else
	tests=$((tests + 1))
	echo "ok $tests - one's own certificate # SKIP there is no openssl"
fi
echo text >"$work/text"
mkfifo "$work/pipe"
refused 'a pipe where the authority should be written' 1 \
	"--ca-file: cannot write $work/pipe: it is no regular file" \
	--tls-listen 127.0.0.1:0 --ca-file "$work/pipe"
ok 'and it is still a pipe' [ -p "$work/pipe" ]
refused 'what is no PEM' 2 '--tls-cert: .*holds no certificate in PEM' \
	--tls-listen 127.0.0.1:0 --tls-cert "$work/text" --tls-key "$work/text"
refused 'a certificate that is not there' 2 \
	'--tls-cert: cannot read .*No such file' --tls-listen 127.0.0.1:0 \
	--tls-cert "$work/nowhere" --tls-key "$work/text"
refused 'a CA file that cannot be' 1 '--ca-file: cannot write .*No such file' \
	--tls-listen 127.0.0.1:0 --ca-file "$work/no/such/folder/ca"
refused 'a bad address' 2 "listen address 'x'" --tls-listen x
refused 'an address that others can reach' 2 \
	'--tls-listen 0.0.0.0:0 can be reached' --tls-listen 0.0.0.0:0
refused 'a port file without the door' 2 'tls-port-file goes with --tls-listen' \
	--tls-port-file "$work/x"
done_testing
