#!/bin/sh
# SPDX-License-Identifier: MIT
# No option is taken and ignored.  Each has a line here that says where it
# shows: with it something must be different (what is printed, the exit status,
# what the server saw), or it is refused by its name.  Its variable must do
# exactly the same.  An option of --help without a line fails.

# shellcheck disable=SC2317 # what watches a program is called by "$see"

. "$(dirname "$0")/lib.sh"

# What differs from run to run: ports, times, how many lines of progress a phase
# had time for, and how many requests met on the real clock.
steady() {
	sed -E -e 's,127\.0\.0\.([0-9]+):[0-9]+,127.0.0.\1:PORT,g' \
		-e '/^time /s/[0-9.]+ (s|objects)/T \1/g' \
		-e '/^latency /s/[0-9.]+ (us|ms|s)/T/g' \
		-e '/^gcsweep: .* done in /s/, [0-9.]+\/s|[0-9.]+ s$//g' \
		-e '/^gcsweep: (list|mark) .* in flight/d' \
		-e '/^gcsweep: pace /d' \
		-e 's/^(gcsweep: sweep) .* in flight.*/\1 goes on/' \
		-e 's/peak [0-9]+ in flight/peak P in flight/' \
		-e 's/"([a-z_]*seconds)":[0-9.e+-]+/"\1":S/g' \
		-e '/"clock":"real"/s/"(peak_in_flight)":[0-9]+/"\1":P/g' \
		-e 's/"latency_us":\{[^}]*\}/"latency_us":L/g' \
		-e '/latency/s/median.*first/L/' \
		-e 's/^(gcsweep: |gcs-sim: )?G[A-Z0-9_]* in the environment: /\1/' "$1" |
		uniq
}

see_run() {
	run "$@"
	steady "$work/out"
	steady "$work/err"
	echo "status $status"
}

# How many connections there were is told where it is not chance.
see_server() {
	requests
	[ -z "$connections" ] ||
		curl -fsS "$url/_sim/stats" | grep '"connections"'
}

# --- three programs to watch, each with its words in "$@" ---

see_gc() {
	# shellcheck disable=SC2086 # words
	start_sim $sim
	see_run env ${variable:+"$variable"} "$gcsweep" gc gs://demo \
		${endpoint:+--endpoint "$url"} "$@"
	see_server
	stop_sim
}

see_bench() {
	see_run env ${variable:+"$variable"} "$gcsweep" bench "$@"
}

# What each request is answered, and how long it was made to wait; not for its
# body, since what that takes by itself is taken off.
ask() {
	curl -sS -o /dev/null -o /dev/null \
		-w '%{http_code} %header{server-timing}\n' "$@" |
		sed -e 's/, total;.*//' -e 's/, upload;dur=[0-9.]*//'
}

# The sum of all that a simulator is asked.
see_sim() {
	case " $* " in *' --help '* | *' --version '*)
		see_run "$gcs_sim" "$@"
		return
		;;
	esac
	[ -z "$variable" ] || export "${variable?}"
	start_sim "$@"
	[ -z "$variable" ] || unset "${variable%%=*}"
	printf '%s\n' "$ready" >"$work/out"
	steady "$work/out"
	case $ready in 'gcs-sim ready '*) question ;; esac
	[ ! -e "$work/port" ] || echo 'a port file'
	[ ! -s "$work/log" ] || echo 'an access log'
	rm -f "$work/port" "$work/log"
	stop_sim
	rm -f "$work/data"
	steady "$work/sim.err"
	echo "status $sim_status"
}

# Deletes what is not there.
nothing='<Delete><Object><Key>n1</Key></Object><Object><Key>n2</Key></Object></Delete>'

# Whom a limit meets is for the clock to say, but not whether it meets any of
# twenty on one connection.
question_limits() {
	{
		ask "$url/b/demo/o?prefix=[1-20]"
		ask --data-binary "$nothing" "$url/demo?delete&prefix=[1-20]"
	} | grep -o '^[45]..' | sort -u
}

question() {
	if [ -n "$limited" ]; then
		question_limits
		return
	fi
	ask "$url/b/demo/o"
	ask -X POST --data-binary x \
		"$url/upload/storage/v1/b/demo/o?uploadType=media&name=x"
	curl -sS --data-binary "$nothing" "$url/demo?delete"
	ask "$url/b/demo/o/x?alt=media" "$url/b/demo/o"
	ask "$url/b/demo"
	ask -X DELETE "$url/b/demo/o/x" "$url/b/demo/o/x?ifGenerationMatch=1"
	ask -X PATCH -d '{"retentionPolicy": {"retentionPeriod": "9000"}}' \
		"$url/b/demo?fields=name"
	ask -d kept "$url/upload/storage/v1/b/demo/o?uploadType=media&name=kept"
	ask -X DELETE "$url/b/demo/o/kept"
	# By another name it is another connection, while the first stands.
	[ -z "$together" ] || ask --resolve "localhost:${url##*:}:127.0.0.1" \
		"$url/b/demo/o?prefix=y" \
		"http://localhost:${url##*:}/b/demo/o?prefix=z"
	curl -sS "$url/b/demo/o?fields=items(name,timeCreated)" "$url/_sim/requests" \
		"$url/_sim/stats" |
		sed -E -e 's/"at_us":[0-9]+,//' \
			-e 's/("timeCreated": "....)[^"]*/\1/' \
			-e 's/"took_us":[0-9]+/TOOK/' \
			-e '/"(asked|achieved|late)_us"/,/}/d' \
			-e '/"now_us"/d'
	curl -sS "$url/_sim/scopes/all" | grep '"nanodollars"'
	curl -sS "$url/_sim/auth"
	curl -sS -H 'Metadata-Flavor: Google' \
		"$url/computeMetadata/v1/instance/service-accounts/default/token"
}

# --- the comparison ---

# variable_of PREFIX OPTION
variable_of() {
	echo "$1$2" | sed 's/--//' | tr 'a-z-' 'A-Z_'
}

# take OPTION [VALUE] -- BASE...: into $option, $value, $line and $base.
take() {
	option=$1 value=
	shift
	[ "$1" = -- ] || {
		value=$1
		shift
	}
	shift
	base=$*
	line="$program $base"
	echo "$program $option" >>"$work/lines"
}

# With the option typed, and with its variable set: the same.
see_both() {
	# shellcheck disable=SC2086 # $base is words
	"$see" $base "$option" ${value:+"$value"} >"$work/with"
	case $option in --help | --version) return ;; esac
	variable=$(variable_of "$prefix" "$option")=${value:-1}
	# shellcheck disable=SC2086
	"$see" $base >"$work/outside"
	same "$line: $variable does the same" "$work/with" "$work/outside"
	variable=
}

# shows OPTION [VALUE] -- BASE...: the option shows beside that line.
shows() {
	take "$@"
	# shellcheck disable=SC2086
	"$see" $base >"$work/without"
	see_both
	ok "$line: $option shows" differs "$work/without" "$work/with"
}

# refuses OPTION [VALUE] -- BASE...: the option is refused by its name.
refuses() {
	take "$@"
	see_both
	ok "$line: $option is refused" grep -qx 'status 2' "$work/with"
	ok "$line: $option is named" grep -q -e "^$program: .*$option" "$work/with"
}

differs() {
	! cmp -s "$1" "$2"
}

# steadily BASE...: the same line does the same twice.
steadily() {
	"$see" "$@" >"$work/first"
	"$see" "$@" >"$work/second"
	same "$program $*: twice the same" "$work/first" "$work/second"
}

# has_all COMMAND...: no option of its --help is without a line.
has_all() {
	"$@" --help |
		sed -n 's/^  \(-., \|    \)--\([a-z0-9-]*\).*/--\2/p' | sort -u |
		sed "s/^/$program /" >"$work/known"
	sort -u "$work/lines" | grep "^$program " >"$work/tested"
	same "$program: every option has a line" "$work/known" "$work/tested"
}

# --- gcsweep gc ---

program=gcsweep see=see_gc prefix=GCSWEEP_ endpoint=1 variable='' connections=''
sim='--registry repos=2,manifests=4,tags=1,untagged=50%,orphans=6 --latency-delete 5ms'
: >"$work/lines"

steadily -y -m -j 1 --mark-width 1
steadily -n --json
shows --dry-run -- -y
shows --delete-untagged -- -n
shows --yes -- -m
shows --mark-width 1 -- -n --json
shows --strategy list-delete -- -y
shows --strategy list-delete -- -n
shows --concurrency 2 -- -n
shows --concurrency 1 -- -y --json
connections=1
shows --max-connections 1 -- -y -j 4 --mark-width 1
connections=
shows --seed 7 -- -n --json
shows --json -- -n
shows --rate 300/s -- -n -v
shows --rate off -- -n -v
refuses --http 2 -- -n
refuses --credentials /nonexistent -- -n
refuses --strict-permissions -- -n
refuses --quota-project p -- -n
refuses --ca-file /nonexistent -- -n
shows --quiet -- -n
shows --verbose -- -n
shows --progress none -- -n
shows --hgrm /nonexistent/file -- -y
refuses --hgrm latencies -- -n
shows --help -- -y
shows --version -- -y
sim='--registry manifests=0,orphans=3,kept=1 --latency-delete 200ms'
shows --progress-every 100ms -- -y -j 1
refuses --progress-every 100ms -- -n --progress none
refuses --progress-every 100ms -- -n --quiet
sim='--registry manifests=0,orphans=3'
shows --allow-empty-mark -- -y
endpoint=
shows --endpoint ftp://x -- -n
has_all "$gcsweep" gc

refused_both() {
	run "$gcsweep" gc gs://demo --endpoint 127.0.0.1:1 -n "$@"
	ok "gc $*: status 2" [ "$status" -eq 2 ]
	ok "gc $*: contradict" grep -q contradict "$work/err"
}
refused_both --quiet --verbose
GCSWEEP_QUIET=1 GCSWEEP_VERBOSE=1
export GCSWEEP_QUIET GCSWEEP_VERBOSE
refused_both
ok 'and the variable is named' grep -q '^gcsweep: GCSWEEP_QUIET in' "$work/err"
unset GCSWEEP_QUIET GCSWEEP_VERBOSE

# --- gcsweep doctor ---

see_doctor() {
	# shellcheck disable=SC2086 # words
	start_sim $sim
	see_run env ${variable:+"$variable"} "$gcsweep" doctor gs://demo \
		${endpoint:+--endpoint "$url"} "$@"
	see_server
	stop_sim
}

see=see_doctor sim='--registry manifests=1' endpoint=1
: >"$work/lines"
steadily
shows --json --
shows --help --
shows --version --
refuses --http 2 --
refuses --credentials /nonexistent --
refuses --strict-permissions --
refuses --quota-project p --
refuses --ca-file /nonexistent --
endpoint=
shows --endpoint ftp://x --
has_all "$gcsweep" doctor
see=see_gc

# --- what the environment may not say ---

start_sim --registry manifests=0,orphans=3,kept=1

# outside NAME PATTERN VARIABLE: refused before anything is sent.
outside() {
	run env "$3" "$gcsweep" gc gs://demo --endpoint "$url" --yes
	ok "$1: status 2" [ "$status" -eq 2 ]
	ok "$1: one line" [ "$(wc -l <"$work/err")" -eq 1 ]
	ok "$1: says what is wrong" grep -q -e "$2" "$work/err"
	ok "$1: sends nothing" [ -z "$(requests)" ]
}
outside 'a misspelt dry run' \
	'GCSWEEP_DRY_RUM .*names no option; GCSWEEP_DRY_RUN is the nearest' \
	GCSWEEP_DRY_RUM=1
outside 'an empty dry run' 'GCSWEEP_DRY_RUN in the environment is empty' \
	GCSWEEP_DRY_RUN=
outside 'a dry run in other words' "GCSWEEP_DRY_RUN='yes'.*want 1 or 0" \
	GCSWEEP_DRY_RUN=yes
outside 'a bad number' "GCSWEEP_CONCURRENCY='0'.*from 1 to 1000" \
	GCSWEEP_CONCURRENCY=0
for good in GCSWEEP_TABLE=blobs GCSWEEP_HELP=1 GCSWEEP_VERSION=0.1.0 \
	GCSWEEP_SERVICE_HOST=10.0.0.1; do
	run env "$good" "$gcsweep" gc gs://demo --endpoint "$url" --dry-run
	ok "$good: is let be" [ "$status" -eq 0 ]
done
run env GCSWEEP_DRY_RUM=1 "$gcsweep" gc --help
ok '--help helps, whatever the environment says' [ "$status" -eq 0 ]
ok '--help fits 78 columns' sh -c "! grep -q '.\{79\}' '$work/out'"
run env POSIXLY_CORRECT=1 "$gcsweep" gc gs://demo --yes -n --endpoint "$url"
ok 'POSIXLY_CORRECT: options follow the registry' [ "$status" -eq 0 ]
ok 'POSIXLY_CORRECT: and nothing is deleted' \
	sh -c "! curl -fsS '$url/_sim/requests?format=text' | grep -q DELETE"
run env GCSWEEP_DRY_RUN=1 STORAGE_EMULATOR_HOST=127.0.0.1:1 \
	GCSWEEP_ENDPOINT="$url" "$gcsweep" gc gs://demo --yes
ok 'GCSWEEP_ENDPOINT beats STORAGE_EMULATOR_HOST' [ "$status" -eq 0 ]
run env GCSWEEP_QUIET=1 "$gcsweep" gc gs://demo -n -v --endpoint "$url"
ok '--verbose beats GCSWEEP_QUIET' grep -q '^eligible' "$work/out"
run env GCSWEEP_VERBOSE=1 "$gcsweep" gc gs://demo -n -q --endpoint "$url"
ok '--quiet beats GCSWEEP_VERBOSE' [ ! -s "$work/out" ]
stop_sim

# --- gcsweep bench ---

see=see_bench
: >"$work/lines"
steadily
limited='--table blobs --n 300 --strategy delete -j 100 --write-limit 1000/s'
shows --write-limit 500/s -- --table blobs --n 1100 --strategy delete -j 500
shows --burst 100 -- "$limited"
shows --on-limit 429 -- "$limited" --burst 100 --json
shows --on-limit 503 -- "$limited" --burst 100
shows --seed 7 -- "$limited" --burst 100 --on-limit 429
refuses --burst 100 -- --table blobs
refuses --on-limit 429 -- --table blobs
refuses --m 5 -- --table blobs
refuses --t 5 -- --table blobs
shows --table overall -- -j 100
shows --clock real -- --table blobs --n 2 --latency 1ms --json
shows --simulator /nonexistent -- --table blobs --n 2 --latency 1ms \
	--clock real --json
refuses --simulator /nonexistent -- --table blobs --n 2
shows --n 5 --
shows --m 2 -- --table manifests --t 1
shows --t 2 -- --table manifests --m 1
shows --latency 7ms --
shows --strategy delete -- --table blobs --n 5
shows --strategy both -- --table limiter --n 50 -j 10
refuses --strategy delete --
shows --concurrency 3 --
shows --max-connections 2 -- --table blobs --n 10 -j 10
shows --seed 7 --
shows --seed 7 -- --table blobs --n 2 --json
shows --json --
shows --markdown --
shows --help --
refuses --write-limit 5/s -- --table latency
shows --version --
refuses --n 5 -- --table overall
refuses --n 5 -- --table manifests
refuses --m 5 -- --table overall
refuses --write-limit off -- --table limiter
has_all "$gcsweep" bench

# --- gcs-sim ---

program=gcs-sim see=see_sim prefix=GCS_SIM_ together='' limited='' url=''
: >"$work/lines"
three='--registry manifests=0,orphans=3'
steadily --registry manifests=0,orphans=3
shows --registry repos=1 --
shows --bucket other -- "$three"
shows --bucket other --
shows --root some/where -- "$three"
refuses --root some/where --
shows --registry-from "$top/examples/ci" --
shows --registry-from "$top/examples/ci=other" -- "$three"
refuses --registry-from "$top/examples/ci" -- "$three"
shows --data "$work/data" -- "$three"
shows --keep-mtime -- --registry-from "$top/examples/ci"
refuses --keep-mtime --
shows --seed 2 -- "$three"
limited=1
shows --read-limit 1/s -- "$three" --burst 1
shows --write-limit 1/s -- "$three" --burst 1
shows --burst 1 -- "$three" --write-limit 1/s
shows --on-limit queue -- "$three" --read-limit 20/s --burst 1
shows --on-limit 503 -- "$three" --read-limit 1/s --burst 1
shows --multidelete-cost per-request -- "$three" --write-limit 1/s --burst 20
limited=
fast="$three --write-limit 1000000/s --read-limit 1000000/s"
shows --ramp 20m -- "$fast"
shows --ramp-share 70% -- "$fast" --ramp 20m
shows --ramp-decay 5m -- "$fast" --ramp 20m
shows --ramp-max-writes 2000000/s -- "$fast" --ramp 20m
shows --ramp-max-reads 2000000/s -- "$fast" --ramp 20m
shows --object-limit 1/h -- "$three"
shows --object-burst 2 -- "$three" --object-limit 1/h
shows --bucket-limit 30/m -- "$three"
shows --bucket-burst 2 -- "$three" --bucket-limit 30/m
ranges="$three --range-bytes 1"
shows --range-write-limit 1/h -- "$ranges" --range-read-limit 1/h
shows --range-read-limit 1/h -- "$ranges" --range-write-limit 1/h
shows --range-burst 1 -- "$ranges" --range-read-limit 1/h
refuses --range-bytes 1 -- --write-limit 1/s
shows --limit-latency 50ms -- "$three" --object-limit 1/h
shows --limit-503 100% -- "$three" --object-limit 1/h
shows --limit-retry-after 5s -- "$three" --object-limit 1/h
refuses --ramp 20m -- --object-limit 1/s
refuses --ramp-share 70% -- "$fast"
refuses --ramp-decay 5m -- "$fast"
refuses --ramp-max-writes 5/s -- --write-limit 1/s
refuses --ramp-max-writes 5/s -- --read-limit 1/s --ramp 20m
refuses --ramp-max-writes 5/s -- --write-limit 5/s --ramp 20m
refuses --ramp-max-reads 5/s -- --read-limit 1/s
refuses --ramp-max-reads 5/s -- --write-limit 1/s --ramp 20m
refuses --ramp-max-reads 5/s -- --read-limit 6/s --ramp 20m
refuses --object-burst 2 --
refuses --object-limit 0/s --
refuses --object-limit 1/d --
refuses --bucket-burst 2 -- --object-limit 1/s
refuses --range-write-limit 1/s --
refuses --range-read-limit 1/s --
refuses --range-burst 5 --
refuses --limit-latency 50ms --
refuses --limit-latency 50ms -- --object-limit 1/s --on-limit queue
refuses --limit-503 10% --
refuses --limit-503 10% -- --object-limit 1/s --on-limit queue
refuses --limit-503 10% -- --object-limit 1/s --on-limit 503
refuses --limit-503 101% -- --object-limit 1/s
refuses --limit-retry-after 5s --
refuses --limit-retry-after 5s -- --object-limit 1/s --on-limit queue
shows --missing-precondition 412 -- "$three"
shows --multidelete-missing deleted -- "$three"
shows --retention ignored -- "$three"
refuses --multidelete-cost per-request --
refuses --burst 1 --
refuses --on-limit queue --
for kind in list get put delete bucket; do
	shows --latency-$kind 10ms -- "$three"
done
shows --latency-other 10ms -- "$three"
# A limit of 1/s would have the clock say whom it meets.
shows --profile in-region -- "$three" --object-limit 1/h
shows --profile eu-west1-2020 -- "$three" --object-limit 1/h
shows --latency-per-entry 10ms -- "$three"
shows --latency-per-mib 1m -- "$three"
shows --rtt 5ms -- --handshake tcp
shows --handshake tls -- --rtt 5ms
refuses --handshake tcp --
refuses --rtt 50ms --
shows --bandwidth 1MB/s -- "$three"
shows --latency 10ms --
shows --latency uniform:20ms+-10% --
shows --latency points:0%=10ms,100%=20ms --
printf '0 10ms\n50 15ms\n100 20ms\n' >"$work/table"
shows --latency "table:$work/table" --
refuses --latency table:/nonexistent/file --
shows --jitter 10% -- --latency 20ms
refuses --jitter 10% --
refuses --jitter 10% -- --latency uniform:100ms+-10%
refuses --jitter 10% -- --latency "table:$work/table"
shows --jitter 10% -- --profile in-region
shows --fault 'LIST 418' -- "$three"
shows --fault 'DELETE 503; PUT 503 nth=2' --
refuses --fault 'LIST 99' --
refuses --fault 'DELETE 503 nth=0' --
printf 'LIST 418\n' >"$work/plan"
shows --faults "$work/plan" -- "$three"
shows --header-timeout 1s --
shows --body-timeout 1s --
shows --price-class-a 1/1k -- "$three"
shows --price-class-b off -- "$three"
shows --journal 1 --
shows --access-log "$work/log" --
shows --auth token -- "$three"
shows --token T=gc -- --auth token
refuses --token T=gcc -- --auth token
refuses --token T --
"$gcs_sim" keygen --out "$work/key.json"
shows --service-account "$work/key.json" -- --auth strict
refuses --service-account "$work/key.json=vewer" -- --auth strict
refuses --service-account "$work/key.json" --
shows --token-lifetime 3s -- --auth token
refuses --token-lifetime 3s --
shows --parent-pid 2147483647 --
shows --listen 127.0.0.2:0 --
shows --allow-remote -- --listen 192.0.2.1:0
shows --port-file "$work/port" --
shows --tls-listen 127.0.0.3:0 --
shows --tls-port-file "$work/port" -- --tls-listen 127.0.0.1:0
shows --ca-file "$work/log" -- --tls-listen 127.0.0.1:0
shows --tls-cert /nonexistent -- --tls-listen 127.0.0.1:0 --tls-key x
shows --tls-key /nonexistent -- --tls-listen 127.0.0.1:0 --tls-cert x
shows --max-streams 7 -- --tls-listen 127.0.0.1:0
shows --max-resets 7 -- --tls-listen 127.0.0.1:0
refuses --max-streams 7 --
refuses --max-resets 7 --
refuses --max-resets 7 -- --tls-listen 127.0.0.1:0 --max-streams 0
refuses --tls-port-file "$work/port" --
refuses --ca-file "$work/log" --
refuses --tls-cert x --
refuses --tls-key x --
refuses --tls-cert x -- --tls-listen 127.0.0.1:0
refuses --tls-key x -- --tls-listen 127.0.0.1:0
refuses --ca-file "$work/log" -- --tls-listen 127.0.0.1:0 --tls-cert x \
	--tls-key x
together=1
shows --max-connections 1 --
together=
shows --help --
shows --version --
has_all "$gcs_sim"

# outside_sim NAME PATTERN VARIABLE
outside_sim() {
	run env "$3" "$gcs_sim"
	ok "gcs-sim: $1: status 2" [ "$status" -eq 2 ]
	ok "gcs-sim: $1: says what is wrong" grep -q -e "$2" "$work/err"
}
outside_sim 'a misspelt variable' 'GCS_SIM_LATENCY is the nearest' \
	GCS_SIM_LATENCI=1ms
outside_sim 'a bad variable' \
	"GCS_SIM_LATENCY in the environment: --latency: 'soon'.*42ms" GCS_SIM_LATENCY=soon
outside_sim 'an unknown place' \
	"GCS_SIM_PROFILE='mars'.*local, in-region, eu-west1-2020" \
	GCS_SIM_PROFILE=mars
run "$gcs_sim" --profile mars
ok 'gcs-sim: an unknown place: status 2' [ "$status" -eq 2 ]
ok 'gcs-sim: an unknown place: the known ones are named' \
	grep -q "^gcs-sim: --profile 'mars': .*local, in-region, eu-" "$work/err"
printf '0 1ms\n50 soon\n' >"$work/table"
run "$gcs_sim" --latency-get "table:$work/table"
ok 'gcs-sim: a bad table: status 2' [ "$status" -eq 2 ]
ok 'gcs-sim: a bad table: its line is named' \
	grep -q "^gcs-sim: --latency-get: $work/table:2: want" "$work/err"
outside_sim 'an empty one' 'GCS_SIM_SEED in the environment is empty' GCS_SIM_SEED=

# A name that is empty names no file.
for name in port-file tls-port-file ca-file tls-cert tls-key registry-from \
	faults access-log; do
	refused "--$name without a name" 2 "^gcs-sim: --$name '': want the name" \
		"--$name" ''
done
done_testing
