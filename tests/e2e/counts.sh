#!/bin/sh
# SPDX-License-Identifier: MIT
# Counting as a test in shell does it: scopes, what is expected of them, the
# bill, the archive of requests, and what two runs have different.
# shellcheck disable=SC2317 # what asks is called by ok

. "$(dirname "$0")/lib.sh"

# sim PATH [CURL OPTION...]: the answer in $work/answer; true when it is 2xx.
sim() {
	path=$1
	shift
	curl -sS -o "$work/answer" -w '%{http_code}' "$@" "$url/_sim/$path" \
		>"$work/code"
	grep -q '^2' "$work/code"
}

# answers STATUS PATH: that status.
answers() {
	sim "$2" || :
	[ "$(cat "$work/code")" = "$1" ]
}

says() {
	grep -qF -e "$1" "$work/answer"
}

gc() {
	"$gcsweep" gc --endpoint "$url" gs://demo --yes --quiet \
		--delete-untagged "$@"
}

# --- N requests, not 2N ---

start_sim --registry demo

ok 'a scope opens' sim scopes/new -X POST
ok 'a sweep' gc
ok 'and closes' sim scopes/new -X DELETE
ok 'it sent a delete for each victim' sim 'expect?scope=new&DELETE=391&DELETE:204=391'
ok 'and hardly a list' sim 'expect?scope=new&LIST=2&404=0&rejected=0&faults=0'
ok 'nothing is in flight' sim 'expect?scope=new&in_flight=0&unanswered=0'
ok 'a scope that is closed counts nothing more' sim 'expect?scope=new&DELETE=391'

ok 'the other way needs the registry again' \
	sim 'reset?state=start' -X POST
ok 'a reset forgets what is closed' answers 404 scopes/new
ok 'a scope for the new way' sim scopes/new -X POST
ok 'the new way' gc
sim scopes/new -X DELETE
ok 'sends as many' sim 'expect?scope=new&DELETE=391&LIST=2'
stop_sim

start_sim --registry demo
sim scopes/old -X POST
ok 'the old way' gc --strategy list-delete
sim scopes/old -X DELETE
ok 'it sent twice as many' \
	sim 'expect?scope=old&DELETE=391&LIST=393&total=824'
ok 'and the answer says so' says '"met": true'
ok 'lists cost money, deletes do not' \
	sim 'expect?scope=old&class_a=393&class_b=40&nanodollars=1981000'
sim scopes/old
ok 'in dollars' says '"dollars": "0.001981000"'
ok 'the new way would not have been this' \
	answers 409 'expect?scope=old&DELETE=391&LIST=2'
ok 'with the difference' \
	says '"difference": "LIST: expected 2, had 393 (391 too many)"'

# --- two runs of one process ---

for i in 1 2 3; do put "twice-$i" x; done
sim scopes/second -X POST
for i in 1 2; do remove "twice-$i"; done
sim scopes/second -X DELETE
sim scopes/third -X POST
remove twice-3
sim scopes/third -X DELETE
ok 'two runs differ' sim 'diff?a=second&b=third'
ok 'in how many' says '"difference": -1'
ok 'in which' says '"name": "twice-3"'
ok 'not in what they cost' sim 'expect?scope=third&nanodollars=0'
ok 'a run is like itself' sim 'diff?a=old&b=old'
ok 'and that is said' says '"same": true'

# --- for other programs ---

if command -v python3 >/dev/null; then
	cat >"$work/har.py" <<-'PYTHON'
		import json, sys
		log = json.load(open(sys.argv[1]))["log"]
		assert log["version"] == "1.2" and log["pages"] == []
		assert log["creator"]["name"] and log["creator"]["version"]
		assert len(log["entries"]) == int(sys.argv[2])
		for e in log["entries"]:
		    assert e["startedDateTime"].endswith("Z")
		    t = e["timings"]
		    spent = sum(v for k, v in t.items() if v >= 0)
		    assert abs(spent - e["time"]) < 0.0005, e
		    assert {"send", "wait", "receive"} <= set(t)
		    r = e["request"]
		    assert r["url"].startswith("http://127.0.0.1:"), r
		    assert {"method", "httpVersion", "cookies", "headers",
		            "queryString", "headersSize", "bodySize"} <= set(r)
		    assert all({"name", "value"} == set(q)
		               for q in r["queryString"])
		    assert {"status", "statusText", "httpVersion", "cookies",
		            "headers", "content", "redirectURL", "headersSize",
		            "bodySize"} <= set(e["response"])
		    assert {"size", "mimeType"} <= set(e["response"]["content"])
		    assert e["cache"] == {}
	PYTHON
	sim 'har?scope=old'
	ok 'the archive is as its format says' \
		python3 "$work/har.py" "$work/answer" 824
	sim 'har?scope=third'
	ok 'and has the requests of its scope' \
		python3 "$work/har.py" "$work/answer" 1
fi

# Each family: its HELP, its TYPE, and samples of that name; values are numbers,
# labels quoted; no sample comes twice.  A histogram's buckets rise, in bounds and
# in counts, up to +Inf, which is its count.
cat >"$work/metrics.awk" <<'AWK'
function bad(why) { print FILENAME ":" NR ": " why ": " $0; failed = 1 }
function histogram(part, n) {
	if (part ~ /^sum/) { sums++; return }
	if (part ~ /^count/) { if (bound != "+Inf" || n != height) bad("no count")
		bound = ""; height = 0; counts++; return }
	if (!match(part, /le="[^"]*"/)) { bad("no bound"); return }
	le = substr(part, RSTART + 4, RLENGTH - 5)
	if (bound == "+Inf" || n < height ||
	    (bound != "" && le != "+Inf" && le + 0 <= bound + 0))
		bad("buckets do not rise")
	bound = le; height = n + 0
}
/^# HELP / { if ($3 in seen) bad("a family comes twice"); seen[$3]; name = $3
	help = 1; next }
/^# TYPE / { if ($3 != name || !help) bad("TYPE without its HELP")
	if ($4 !~ /^(counter|gauge|histogram)$/) bad("no type")
	type = $4
	if ($4 == "counter" && name !~ /_total$/) bad("a counter is a _total")
	help = 0; next }
{ if (!match($0, /^[a-zA-Z_:][a-zA-Z0-9_:]*/)) { bad("no name"); next }
	part = substr($0, 1, RLENGTH)
	rest = substr($0, RLENGTH + 1)
	if (type == "histogram" && !sub(/_(bucket|sum|count)$/, "", part))
		bad("no part of a histogram")
	if (part != name) bad("not of this family")
	if (rest !~ /^(\{[a-z_]+="([^"\\\n]|\\[\\"n])*"(,[a-z_]+="([^"\\\n]|\\[\\"n])*")*\})? [0-9]+(\.[0-9]+)?$/)
		bad("no sample")
	if (type == "histogram") histogram(substr($0, length(name) + 2), $NF)
	sub(/ [^ ]*$/, "")
	if ($0 in samples) bad("a sample comes twice")
	samples[$0] }
END { exit failed || length(seen) < 10 || counts < 6 || sums != counts }
AWK
ok 'metrics' sim metrics -D "$work/head"
ok 'are of the format' awk -f "$work/metrics.awk" "$work/answer"
ok 'which is told' grep -qi '^content-type: text/plain; version=0.0.4' "$work/head"
ok 'and have the deletes' \
	says 'gcs_sim_requests_total{kind="DELETE",method="storage.objects.delete",status="204"} 394'
ok 'and how long they took' \
	says 'gcs_sim_delay_achieved_seconds_count{kind="DELETE"} 394'
ok 'and the buckets' says 'gcs_sim_bucket_objects{bucket="demo"} 688'
stop_sim

# --- two runs of two processes ---

# saved NAME REQUEST...: a run's scope in NAME.json.
saved() {
	name=$1
	shift
	start_sim --registry manifests=0,orphans=3
	for what in "$@"; do remove "$what" 2>/dev/null; done
	sim 'scopes/all?requests=1'
	cp "$work/answer" "$work/$name.json"
	stop_sim
}

differ() {
	run "$gcs_sim" diff "$work/$1.json" "$work/$2.json"
}

saved yesterday a b
saved today a b
saved tomorrow a a c
differ yesterday today
ok 'runs that are the same: status 0' [ "$status" -eq 0 ]
ok 'and nothing is said' [ ! -s "$work/out" ]
differ yesterday tomorrow
ok 'runs that are not: status 1' [ "$status" -eq 1 ]
cat >"$work/want" <<'TEXT'
DELETE: 2, 3 (+1)
total: 2, 3 (+1)
storage.objects.delete: 2, 3 (+1)
404: 2, 3 (+1)
DELETE gs://demo/a: 1, 2 (+1)
DELETE gs://demo/b: 1, 0 (-1)
DELETE gs://demo/c: 0, 1 (+1)
TEXT
same 'in what is told' "$work/want" "$work/out"
start_sim --bucket demo --journal 0
for i in 1 2 3; do remove "$i" 2>/dev/null; done
sim 'scopes/all?requests=1'
cp "$work/answer" "$work/off.json"
ok 'names have a limit' answers 400 'scopes/all?requests=1&limit=0'
ok 'which is bounded' answers 400 'scopes/all?requests=1&limit=100001'
sim scopes/all
cp "$work/answer" "$work/short.json"
stop_sim
differ tomorrow off
ok 'names that are not there are not compared' [ "$(cat "$work/out")" = \
	"names are not compared: $work/off.json has not all of them" ]
ok 'counts are' [ "$status" -eq 0 ]
echo '{"requests": {' >"$work/broken.json"
echo '{"requests": {"LIST": "many"}}' >"$work/other.json"
refused 'one file' 2 "^gcs-sim: want 'gcs-sim diff A.json B.json'" \
	diff "$work/today.json"
refused 'an option' 2 "^gcs-sim: want 'gcs-sim diff A.json B.json'" \
	diff --all "$work/today.json"
refused 'no file' 2 'unable to open .*none.json' \
	diff "$work/today.json" "$work/none.json"
refused 'half a file' 2 'broken.json: line 2: ' \
	diff "$work/broken.json" "$work/today.json"
refused 'another file' 2 'other.json: it is no scope; want what GET' \
	diff "$work/today.json" "$work/other.json"
refused 'a file without requests' 2 'short.json: its requests are not in it' \
	diff "$work/short.json" "$work/today.json"
refused 'diff behind options' 2 'diff comes first' --seed 4 diff
run sh -c "'$gcs_sim' diff '$work/today.json' '$work/tomorrow.json' >/dev/full"
ok 'lines that cannot be written: status 2' [ "$status" -eq 2 ]
run "$gcs_sim" diff --help
ok 'it has help' grep -q 'gcs-sim diff A.json B.json' "$work/out"

# --- what is kept ---

start_sim --registry manifests=0,orphans=3 --journal 2
for i in 1 2 3 4 5; do remove "no-$i" 2>/dev/null; done
ok 'counts are exact' sim 'expect?DELETE:404=5'
ok 'rows are the newest' [ "$(requests)" = "$(printf 'DELETE no-4 404\nDELETE no-5 404')" ]
stop_sim
refused 'a journal of many' 2 "^gcs-sim: --journal: 'many': want how many" \
	--journal many
refused 'a price without operations' 2 \
	"^gcs-sim: --price-class-a: '0.05': want dollars for operations" \
	--price-class-a 0.05
refused 'a price finer than a nanodollar' 2 'whole nanodollars' \
	--price-class-b 0.0000001/1k

done_testing
