#!/bin/sh
# SPDX-License-Identifier: MIT
# Rules of what goes wrong: from the line, from a plan and live; what curl makes
# of each fault, and that a sweep ends well all the same.

. "$(dirname "$0")/lib.sh"

# --- set before it answers ---

plan=$work/plan
refused 'a bad rule' 2 "^gcs-sim: --fault: 'rest' is no fault; reset is the nearest$" \
	--fault 'GET rest'
refused 'the second of two' 2 "^gcs-sim: --fault: 'rate=0%': want a percentage" \
	--fault 'GET reset' --fault 'GET 503 rate=0%'
refused 'two of one name' 2 "'id=a': a rule has that name" \
	--fault 'GET 503 id=a; PUT 503 id=a'
refused 'no rule' 2 'there is no rule in it' --fault ''
refused 'no plan' 1 "cannot read the faults of $plan: No such file" --faults "$plan"
refused 'a folder' 1 "cannot read the faults of $work: Is a directory" --faults "$work"
printf '# to begin with\n\nGET 503 times=2\n  LIST cut\n' >"$plan"
refused 'a bad plan' 2 "^gcs-sim: $plan:4: cut wants at=BYTES$" --faults "$plan"
printf '# nothing\n' >"$plan"
refused 'a plan of nothing' 2 "^gcs-sim: $plan:1: there is no rule in it" --faults "$plan"
printf 'GET 503 id=a\n' >"$plan"
refused 'a name in both' 2 "^gcs-sim: $plan:1: 'id=a': a rule has that name" \
	--fault 'PUT 503 id=a' --faults "$plan"
run env 'GCS_SIM_FAULT=GET rest' "$gcs_sim"
ok 'a bad rule outside' grep -qx \
	"gcs-sim: GCS_SIM_FAULT in the environment: --fault: 'rest' is no fault; reset is the nearest" \
	"$work/err"

# --- what a client sees ---

# see CURL-OPTIONS...: curl's status and what the server said.
see() {
	curl -sS -o "$work/body" -w '%{exitcode} %{http_code} %header{x-sim-fault}\n' \
		"$@" 2>"$work/curl.err"
}

cat >"$plan" <<'END'
# What an application has to live with.
GET 503 name=busy id=busy retry-after=2s
GET reset name=reset id=reset
GET lost name=lost id=lost
GET cut at=3 name=cut id=cut
GET stall at=3 for=1ms name=stall id=stall
GET drip pace=1MB/s name=drip id=drip
GET bad-json name=json id=json
END
start_sim --registry manifests=0 --faults "$plan" \
	--fault 'LIST 418 nth=2' --fault 'storage.buckets.get skew by=-8760h id=skew'
for name in busy reset lost cut stall drip json; do
	put $name 0123456789
done
seen() {
	ok "$1" [ "$(see "$url/b/demo/o/$2")" = "$3" ]
}
seen 'a status' 'busy?alt=media' '0 503 busy'
seen 'a reset: curl 56' 'reset?alt=media' '56 000 '
seen 'an answer that is lost: curl 52' 'lost?alt=media' '52 000 '
seen 'an answer that is cut: curl 18' 'cut?alt=media' '18 200 cut'
ok 'of which the beginning came' [ "$(cat "$work/body")" = 012 ]
seen 'a pause' 'stall?alt=media' '0 200 stall'
ok 'and all has come' [ "$(cat "$work/body")" = 0123456789 ]
seen 'a slow answer' 'drip?alt=media' '0 200 drip'
ok 'all of it' [ "$(cat "$work/body")" = 0123456789 ]
seen 'JSON that is none' 'json' '0 200 json'
ok 'no reader takes it' sh -c "! grep -q '^}' '$work/body'"
ok 'a rule of the line: not the first' [ "$(see "$url/b/demo/o")" = '0 200 ' ]
ok 'but the second' [ "$(see "$url/b/demo/o")" = '0 418 r1' ]
ok 'a date of another year' [ "$(see "$url/b/demo")" = '0 200 skew' ]

# --- live ---

live=$url/_sim/faults
# told KEY [ID]: what is said of all rules, or of one.
told() {
	curl -fsS "$live${2+/$2}" |
		sed -n "s/^ *\"$1\": \"*\([^\",]*\)\"*,*$/\1/p" | tr '\n' ' '
}

ok 'all are told, in their order' \
	[ "$(told id)" = 'r1 skew busy reset lost cut stall drip json ' ]
ok 'where they came from' \
	[ "$(told source r1) $(told source busy)" = '--fault  --faults ' ]
ok 'how often they were met' \
	[ "$(told matched r1)$(told fired r1)$(told left r1)" = '2 1 0 ' ]
ok 'a comment and two rules, of which one is bad' \
	[ "$(printf '# x\nGET 503\nGET 504 nth=0\n' | see --data-binary @- "$live")" = '0 400 ' ]
ok 'it is named' grep -q "line 3: 'nth=0': want N or N-M" "$work/body"
ok 'and none was taken' [ "$(told id | wc -w)" -eq 9 ]
ok 'both are good' \
	[ "$(printf 'DELETE 503 times=1\nDELETE 504 times=1 id=b\n' | see --data-binary @- "$live")" = '0 200 ' ]
ok 'and told' grep -q '"rule": "DELETE 503 id=r2 times=1"' "$work/body"
ok 'the first that fires' [ "$(see -X DELETE "$url/b/demo/o/cut")" = '0 503 r2' ]
ok 'then the next' [ "$(see -X DELETE "$url/b/demo/o/cut")" = '0 504 b' ]
ok 'then none' [ "$(see -X DELETE "$url/b/demo/o/cut")" = '0 204 ' ]
forget_requests
ok 'with the counts they begin anew' [ "$(see -X DELETE "$url/b/demo/o/cut")" = '0 503 r2' ]
ok 'one can be taken away' [ "$(see -X DELETE "$live/b")" = '0 204 ' ]
ok 'once' [ "$(see -X DELETE "$live/b")" = '0 404 ' ]
ok 'and all' [ "$(see -X DELETE "$live")" = '0 204 ' ]
ok 'and there are none' [ -z "$(told id)" ]
stop_sim

# --- a sweep ---

# sweep RULE: some of the requests fail as it says, and the sweep ends well; what
# was tried again is what went wrong, and so count the rule and the simulator.
sweep() {
	start_sim --registry manifests=0,orphans=150,kept=3 --fault "$1"
	live=$url/_sim/faults
	run "$gcsweep" gc gs://demo --endpoint "$url" --yes --json \
		--max-delete 100%
	ok "$1: the sweep ends well" [ "$status" -eq 0 ]
	retries=$(tail -n 1 "$work/out" | grep -o '"retries":[0-9]*' |
		awk -F : '{ n += $2 } END { print n }')
	ok "$1: something went wrong" [ "$retries" -gt 0 ]
	ok "$1: as often as it was tried again" [ "$(told fired)" = "$retries " ]
	curl -fsS "$url/_sim/stats" >"$work/stats"
	ok "$1: and as the simulator counted" \
		grep -q "^  \"faults\": $retries,$" "$work/stats"
	ok "$1: formula and driver agree" grep -q '"audit":"ok"' "$work/out"
	ok "$1: as many went as were to go" [ "$(told_gone)" -eq 150 ]
	stop_sim
}

# told_gone: what is deleted, and what was gone by the time it was asked for.
told_gone() {
	tail -n 1 "$work/out" | grep -oE '"(blobs|gone)":[0-9]+' |
		awk -F : 'NR > 1 { n += $2 } END { print n }'
}

sweep 'DELETE 503 rate=20%'
sweep 'DELETE 503 rate=20% acted=yes'
sweep 'storage.objects.delete reset rate=10%'
sweep 'DELETE lost rate=10%'
sweep '* 429 rate=30%'
sweep 'LIST lost nth=1'
sweep 'GET cut at=10 times=2'

# What nobody can be sure of stops a sweep.
start_sim --registry manifests=0,orphans=3,kept=1 --fault 'LIST bad-json'
run "$gcsweep" gc gs://demo --endpoint "$url" --yes
ok 'a list that cannot be read: status 6' [ "$status" -eq 6 ]
ok 'nothing was deleted' sh -c "! curl -fsS '$url/_sim/requests?format=text' | grep DELETE"
stop_sim

done_testing
