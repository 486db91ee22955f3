#!/bin/sh
# SPDX-License-Identifier: MIT
# No option of gcsweep bench is taken and ignored.

# shellcheck disable=SC2119,SC2317 # what watches a program is called by "$see"

. "$(dirname "$0")/options_lib.sh"

see_bench() {
	see_run env ${variable:+"$variable"} "$gcsweep" bench "$@"
}

program=gcsweep see=see_bench prefix=GCSWEEP_
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
done_testing
