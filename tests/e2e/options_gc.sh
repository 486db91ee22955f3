#!/bin/sh
# SPDX-License-Identifier: MIT
# No option of gcsweep gc or gcsweep doctor is taken and ignored.

# shellcheck disable=SC2317 # what watches a program is called by "$see"

. "$(dirname "$0")/options_lib.sh"

# How many connections there were is told where it is not chance.
see_server() {
	requests
	[ -z "$connections" ] ||
		curl -fsS "$url/_sim/stats" | grep '"connections"'
}

see_gc() {
	# shellcheck disable=SC2086 # words
	start_sim $sim
	see_run env ${variable:+"$variable"} "$gcsweep" gc gs://demo \
		${endpoint:+--endpoint "$url"} "$@"
	see_server
	stop_sim
}

program=gcsweep see=see_gc prefix=GCSWEEP_ endpoint=1 connections=''
sim='--registry repos=2,manifests=4,tags=1,untagged=50%,orphans=6 --latency-delete 5ms'

# A registry in which a live manifest's layer is missing, and one blob is garbage.
holes=$work/holes
tree=$holes/docker/registry/v2
layer=$(printf 'no such layer' | sha256sum | cut -d ' ' -f 1)
manifest='{"schemaVersion":2,"config":{"digest":"sha256:'$layer'"},"layers":[]}'
digest=$(printf '%s' "$manifest" | sha256sum | cut -d ' ' -f 1)
mkdir -p "$tree/blobs/sha256/$(printf '%.2s' "$digest")/$digest" \
	"$tree/blobs/sha256/ff/ff$(printf '%.62s' "$digest")" \
	"$tree/repositories/a/_manifests/revisions/sha256/$digest"
printf '%s' "$manifest" \
	>"$tree/blobs/sha256/$(printf '%.2s' "$digest")/$digest/data"
echo garbage >"$tree/blobs/sha256/ff/ff$(printf '%.62s' "$digest")/data"
printf 'sha256:%s' "$digest" \
	>"$tree/repositories/a/_manifests/revisions/sha256/$digest/link"

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
shows --metrics /nonexistent/file.prom -- -n
shows --require-readonly -- -y
shows --output /nonexistent/file -- -n
shows --cache /nonexistent/file -- -n
refuses --ignore-manifest sha256:12 -- -n
shows --help -- -y
shows --version -- -y
sim='--registry manifests=0,orphans=3,kept=1 --latency-delete 200ms'
shows --progress-every 100ms -- -y -j 1
refuses --progress-every 100ms -- -n --progress none
refuses --progress-every 100ms -- -n --quiet
sim='--registry manifests=0,orphans=3'
shows --allow-empty-mark -- -y --max-delete 100%
sim='--registry manifests=0,orphans=3,kept=1'
shows --max-delete 2 -- -y
ok '--max-delete: says how many, of how many, and what to say' grep -q \
	'3 of the [0-9]* objects listed.*--max-delete 3' "$work/with"
ok '--max-delete: status 3' grep -qx 'status 3' "$work/with"
refuses --max-delete half -- -n
shows --min-age 87600h -- -n
# The clocks of one machine agree; check_hostile has a server whose clock does not.
take --max-skew 1h -- -n
see_both
sim="--registry-from $holes=demo"
shows --allow-missing -- -y
ok '--allow-missing: it is told nevertheless' \
	grep -q '^note .* 1 blob missing of what is kept' "$work/with"
ok 'a blob that is missing: refused, named, and what to say' grep -q \
	"(1 in 1).*the first sha256:.* of manifest sha256:.*--allow-missing" \
	"$without"
ok 'a blob that is missing: status 3' grep -qx 'status 3' "$without"
endpoint=
shows --endpoint ftp://x -- -n
has_all "$gcsweep" gc

# --- gcsweep plan, apply and show ---

see_plan() {
	# shellcheck disable=SC2086 # words
	start_sim $sim
	see_run env ${variable:+"$variable"} "$gcsweep" plan gs://demo \
		--endpoint "$url" "$@"
	see_server
	stop_sim
	rm -f "$work/written"
}

# Each on a copy of its own.
see_apply() {
	# shellcheck disable=SC2086 # words
	start_sim $sim
	cp "$work/run.plan" "$work/copy"
	see_run env ${variable:+"$variable"} "$gcsweep" apply "$work/copy" \
		--endpoint "$url" "$@"
	see_server
	stop_sim
}

see_show() {
	see_run env ${variable:+"$variable"} "$gcsweep" show "$work/run.plan" \
		"$@"
}

sim='--registry repos=2,manifests=4,tags=1,untagged=50%,orphans=6'
see=see_plan
shares "$gcsweep" gc
steadily
shows --delete-untagged --
shows --output "$work/written" --
has_all "$gcsweep" plan
# shellcheck disable=SC2086 # words
start_sim $sim
run "$gcsweep" plan gs://demo -m --endpoint "$url" -o "$work/run.plan"
stop_sim
if [ "$status" -eq 0 ]; then
	see=see_apply
	shares "$gcsweep" gc
	steadily -y
	shows --yes --
	shows --dry-run -- -y
	shows --max-plan-age 1ms -- -y
	has_all "$gcsweep" apply
	see=see_show
	shows --json --
	shows --csv --
	shows --help --
	shows --version --
	has_all "$gcsweep" show
fi
see=see_gc

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

# --- gcsweep df, and explain and check, whose options are of the same rows ---

see_df() {
	# shellcheck disable=SC2086 # words
	start_sim $sim
	see_run env ${variable:+"$variable"} "$gcsweep" df gs://demo \
		${endpoint:+--endpoint "$url"} "$@"
	see_server
	stop_sim
}

see=see_df endpoint=1
sim='--registry repos=2,manifests=4,tags=1,untagged=50%,orphans=6'
shares "$gcsweep" gc
steadily
shows --delete-untagged --
shows --min-age 87600h --
shows --json --
shows --quiet --
has_all "$gcsweep" df
see=see_gc
options_of "$gcsweep" df >"$work/df"
options_of "$gcsweep" explain >"$work/explain"
same 'explain has the options of df' "$work/df" "$work/explain"
options_of "$gcsweep" check >"$work/check"
# What it does not read it cannot check.
grep -v -x -e --delete-untagged -e --min-age -e --cache "$work/df" >"$work/want"
same 'check has them, but takes nothing for garbage' "$work/want" "$work/check"

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
for words in "$gcsweep" "$gcsweep doctor" "$gcsweep df" "$gcsweep bench" "$gcs_sim" \
	"$gcs_sim ctl" "$gcs_sim keygen"; do
	# shellcheck disable=SC2086 # they are words
	run $words --help
	ok "${words##*/} --help fits 80 columns" \
		sh -c "LC_ALL=C.UTF-8; export LC_ALL; ! grep '.\{81\}' '$work/out'"
done
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
done_testing
