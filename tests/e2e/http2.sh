#!/bin/sh
# SPDX-License-Identifier: MIT
# gcs-sim speaks HTTP/2 inside of TLS: all that it does by HTTP/1.1, and what
# goes wrong in its own way.
# shellcheck disable=SC2154 # variables of lib.sh
. "$(dirname "$0")/lib.sh"

# Were it spoken there, others could reach it: that is said last.
run "$gcs_sim" --max-streams 5 --tls-listen 192.0.2.1:1
if ! grep -q 'say --allow-remote' "$work/err"; then
	ok 'without nghttp2 --max-streams is status 2' [ "$status" -eq 2 ]
	ok 'and names the package' grep -q libnghttp2-dev "$work/err"
	done_testing
fi
if ! curl --version | grep -q HTTP2; then
	ok 'curl speaks no HTTP/2 # SKIP' true
	done_testing
fi

# secure OPTIONS...: a simulator with both doors; $tls is the second.
secure() {
	rm -f "$work/tls"
	start_sim --registry manifests=0 --tls-listen 127.0.0.1:0 \
		--tls-port-file "$work/tls" --ca-file "$work/ca" "$@"
	tls=https://127.0.0.1:$(cat "$work/tls")
}

# ask ARGS...: body in $work/body; prints exit code, version and status.
ask() {
	curl -sS --cacert "$work/ca" -o "$work/body" \
		-w '%{exitcode} %{http_version} %{http_code}\n' "$@" \
		2>"$work/curl.err"
}
seen() {
	want=$1 name=$2
	shift 2
	got=$(ask "$@")
	ok "$name" [ "$got" = "$want" ]
}

secure
head -c 3000000 /dev/urandom >"$work/big"
up="$tls/upload/storage/v1/b/demo/o?uploadType=media"
seen '0 2 200' 'HTTP/2 is what a client gets that knows it' "$tls/b/demo/o"
seen '0 1.1 200' 'and HTTP/1.1 one that does not' --http1.1 "$tls/b/demo/o"
seen '0 2 200' 'a body with a length' --data-binary "@$work/big" "$up&name=big"
seen '0 2 200' 'and one without' -X POST -T - "$up&name=piped" <"$work/big"
seen '0 2 200' 'it comes back' "$tls/b/demo/o/big?alt=media"
ok 'as it was' cmp "$work/big" "$work/body"
seen '0 2 200' 'and so does the other' "$tls/b/demo/o/piped?alt=media"
ok 'as it was, too' cmp "$work/big" "$work/body"
seen '0 2 200' 'a POST without a body needs no length' -X POST \
	"$tls/b/demo/o/big/copyTo/b/demo/o/copy"
seen '0 2 200' 'a HEAD' -I "$tls/b/demo/o/big"
seen '0 2 204' 'an answer without a body' -X DELETE "$tls/b/demo/o/big"
printf 'X-Large: %040000d' 1 >"$work/large"
seen '0 2 431' 'a head that is too large' -H "@$work/large" "$tls/b/demo"
ok 'in the clear it is not spoken' \
	[ "$(ask --http2-prior-knowledge "$url/b/demo" | cut -d' ' -f3)" = 000 ]
if command -v h2load >/dev/null; then
	h2load -n 2000 -c 4 -m 100 "$tls/b/demo/o/piped" >"$work/load" 2>&1
	ok 'two thousand requests, a hundred at once' \
		grep -q '^requests: .* 2000 succeeded, 0 failed' "$work/load"
	asked=$(curl -fsS "$url/_sim/stats" | sed -n 's/.*"GET": *\([0-9]*\).*/\1/p' | head -1)
	ok 'all of them are counted' [ "${asked:-0}" -ge 2000 ]
else
	ok 'h2load is not here # SKIP' true
fi
stop_sim
ok 'an orderly end' [ "$sim_status" -eq 0 ]

secure --max-streams 0
seen '0 1.1 200' '--max-streams 0: HTTP/1.1 alone is offered' "$tls/b/demo/o"
stop_sim

secure --fault 'GET reset name=reset' --fault 'GET lost name=lost' \
	--fault 'GET cut at=3 name=cut' --fault 'GET stall at=3 for=1ms name=stall' \
	--fault 'GET refused name=refused nth=1' --fault 'GET goaway name=goaway nth=1'
for name in reset lost cut stall refused goaway; do
	put $name 0123456789
done
one="$tls/b/demo/o"
seen '92 0 000' 'a reset is that of its stream' "$one/reset?alt=media"
ok 'an internal error' grep -q INTERNAL_ERROR "$work/curl.err"
seen '92 0 000' 'a lost answer' "$one/lost?alt=media"
ok 'is cancelled' grep -q CANCEL "$work/curl.err"
seen '92 2 200' 'a cut one' "$one/cut?alt=media"
ok 'is cancelled, too' grep -q CANCEL "$work/curl.err"
if command -v nghttp >/dev/null; then
	nghttp -v --no-verify-peer "$one/cut?alt=media" >"$work/frames" 2>&1
	ok 'of which the beginning came' \
		grep -q 'recv DATA frame <length=3, ' "$work/frames"
else
	ok 'nghttp is not here # SKIP' true
fi
seen '0 2 200' 'a pause' "$one/stall?alt=media"
ok 'and all has come' [ "$(cat "$work/body")" = 0123456789 ]
status_of() {
	curl -fsS "$url/_sim/requests" | grep "\"name\":\"$1\"" | grep '"GET"' |
		sed -n '1s/.*"status":\([0-9]*\).*/\1/p'
}
ask "$one/refused?alt=media" >/dev/null
ok 'a refused request was not answered' [ "$(status_of refused)" = 0 ]
ask "$one/goaway?alt=media" >/dev/null
ok 'nor was one that met a GOAWAY' [ "$(status_of goaway)" = 0 ]
seen '0 2 200' 'the next connection is as any' "$one/goaway?alt=media"
stop_sim

done_testing
