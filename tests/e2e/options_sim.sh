#!/bin/sh
# SPDX-License-Identifier: MIT
# No option of gcs-sim is taken and ignored.

# shellcheck disable=SC2317 # what watches a program is called by "$see"

. "$(dirname "$0")/options_lib.sh"

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
	# shellcheck disable=SC2086 # words
	curl $told "$url/b/demo/o?prefix=[1-20]" \
		--next $told --data-binary "$nothing" \
		"$url/demo?delete&prefix=[1-20]" |
		grep -o '^[45]..' | sort -u
}

# What each request is answered, and how long it was made to wait: not for its
# body, since what that takes by itself is taken off.
told='-sS -o /dev/null -o /dev/null -w %{http_code}:%header{server-timing}\n'

question_answers() {
	# shellcheck disable=SC2086 # words
	curl $told "$url/b/demo/o" \
		--next $told --data-binary x -H 'Content-Type: text/plain' \
		"$url/upload/storage/v1/b/demo/o?uploadType=media&name=x" \
		--next -sS --data-binary "$nothing" "$url/demo?delete" \
		--next $told "$url/b/demo/o/x?alt=media" "$url/b/demo/o" \
		--next $told "$url/b/demo" \
		--next $told -X DELETE "$url/b/demo/o/x" \
		"$url/b/demo/o/x?ifGenerationMatch=1" \
		--next $told -X PATCH "$url/b/demo?fields=name" \
		-d '{"retentionPolicy": {"retentionPeriod": "9000"}}' \
		--next $told -d kept \
		"$url/upload/storage/v1/b/demo/o?uploadType=media&name=kept" \
		--next $told -X DELETE "$url/b/demo/o/kept" |
		sed -e 's/, total;.*//' -e 's/, upload;dur=[0-9.]*//'
	# By another name it is another connection, while the first stands.
	# shellcheck disable=SC2086
	[ -z "$together" ] || curl $told \
		--resolve "localhost:${url##*:}:127.0.0.1" \
		"$url/b/demo/o?prefix=y" \
		"http://localhost:${url##*:}/b/demo/o?prefix=z" |
		sed 's/, total;.*//'
}

question_state() {
	curl -sS "$url/b/demo/o?fields=items(name,timeCreated)" \
		"$url/_sim/requests" "$url/_sim/stats" "$url/_sim/auth" |
		sed -E -e 's/"at_us":[0-9]+,//' \
			-e 's/("timeCreated": "....)[^"]*/\1/' \
			-e 's/"took_us":[0-9]+/TOOK/' \
			-e '/"(asked|achieved|late)_us"/,/}/d' \
			-e '/"now_us"/d'
	curl -sS "$url/_sim/scopes/all" | grep '"nanodollars"'
	curl -sS -H 'Metadata-Flavor: Google' \
		"$url/computeMetadata/v1/instance/service-accounts/default/token"
}

question() {
	if [ -n "$limited" ]; then
		question_limits
	else
		question_answers
		question_state
	fi
}

program=gcs-sim see=see_sim prefix=GCS_SIM_ together='' limited='' url=''
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
