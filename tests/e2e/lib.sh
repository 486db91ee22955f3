# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034
# TAP in shell, and a simulator to talk to.  Source it, call the functions, end
# with done_testing.  Programs come from $top_builddir (default build).

set -u

# A test that waits for what never comes is ended some day, and has failed.
[ -n "${HANG_GUARD-}" ] ||
	exec env HANG_GUARD=on timeout --foreground -k 10 600 sh "$0" "$@"

top=$(cd "$(dirname "$0")/../.." && pwd)
bin=$(cd "${top_builddir:-$top/build}" && pwd)
gcsweep=$bin/gcsweep
gcs_sim=$bin/gcs-sim
work=$(mktemp -d)
sim_pid=
tests=0
failures=0

# Nothing from outside decides what a test does.
unset STORAGE_EMULATOR_HOST POSIXLY_CORRECT GOOGLE_ACCESS_TOKEN \
	GOOGLE_APPLICATION_CREDENTIALS GOOGLE_CLOUD_QUOTA_PROJECT \
	GOOGLE_CLOUD_UNIVERSE_DOMAIN http_proxy https_proxy HTTPS_PROXY \
	all_proxy ALL_PROXY no_proxy NO_PROXY SSL_CERT_FILE SSL_CERT_DIR
# No credential of this machine's or its owner's is ever found.
CLOUDSDK_CONFIG=$work/no-gcloud GCE_METADATA_HOST=127.0.0.1:1
export CLOUDSDK_CONFIG GCE_METADATA_HOST
for name in $(env | sed -n 's/^\(GCSWEEP_[A-Za-z0-9_]*\|GCS_SIM_[A-Za-z0-9_]*\|REGISTRY_[A-Za-z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done

clean_up() {
	thaw_sim
	stop_sim
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# ok NAME COMMAND...: one test point.
ok() {
	name=$1
	shift
	tests=$((tests + 1))
	if "$@" >"$work/ok.out" 2>&1; then
		echo "ok $tests - $name"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $name"
		sed 's/^/# /' "$work/ok.out"
	fi
}

# same NAME EXPECTED-FILE FILE: equal, or a diff.
same() {
	ok "$1" diff -u "$2" "$3"
}

done_testing() {
	echo "1..$tests"
	[ "$failures" -eq 0 ]
	exit $?
}

# start_sim OPTIONS...: sets $url; the ready line says that it listens.
start_sim() {
	mkfifo "$work/ready"
	"$gcs_sim" "$@" >"$work/ready" 2>"$work/sim.err" &
	sim_pid=$!
	read -r ready <"$work/ready" || ready=
	rm -f "$work/ready"
	url=${ready#gcs-sim ready }
	url=${url%% *}
}

# Where nobody listens.  A port that was free a moment ago may be that of another
# test's simulator by now; this one takes a privilege, and is nobody's.
nobody=http://127.0.0.1:1

# start_sim_alone OPTIONS...: one that will be killed while somebody still asks
# it; it has an address of this process's, where no other test's simulator is.
start_sim_alone() {
	start_sim --listen "127.1.$(($$ / 256 % 256)).$(($$ % 256)):0" "$@"
}

# stop_sim: ends it by its id; its exit status is in $sim_status.
stop_sim() {
	sim_status=
	[ -n "$sim_pid" ] || return 0
	kill "$sim_pid" 2>/dev/null
	wait "$sim_pid"
	sim_status=$?
	sim_pid=
}

# freeze_sim, thaw_sim: in between it hears nothing and answers nothing, though
# connections to it stand.
freeze_sim() {
	kill -s STOP "$sim_pid"
}

thaw_sim() {
	[ -z "$sim_pid" ] || kill -s CONT "$sim_pid" 2>/dev/null
}

# run COMMAND...: its output in $work/out and $work/err, its status in $status.
run() {
	"$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
}

# findings: what doctor said in $work/out, with its advice on the finding's line.
findings() {
	sed -e ':more' -e 'N;$!b more' -e 's/\n      /; /g' "$work/out"
}

# refused NAME STATUS PATTERN OPTIONS...: gcs-sim ends with that status,
# and says why in one line.
refused() {
	what=$1 want=$2 pattern=$3
	shift 3
	run "$gcs_sim" "$@"
	ok "$what: status $want" [ "$status" -eq "$want" ]
	ok "$what: one line" [ "$(wc -l <"$work/err")" -eq 1 ]
	ok "$what: says what is wrong" grep -q -e "$pattern" "$work/err"
	ok "$what: nothing on standard output" [ ! -s "$work/out" ]
}

# put NAME CONTENT: an object in the bucket demo; NAME is percent-encoded where
# a query needs it.
put() {
	printf '%b' "$2" | curl -fsS -o /dev/null -X POST --data-binary @- \
		-H 'Content-Type: application/octet-stream' \
		"$url/upload/storage/v1/b/demo/o?uploadType=media&name=$1"
}

# remove NAME: an object of the bucket demo; slashes are encoded here.
remove() {
	curl -fsS -o /dev/null -X DELETE \
		"$url/storage/v1/b/demo/o/$(printf '%s' "$1" | sed 's,/,%2F,g')"
}

# requests: what the server saw, sorted, digests cut to 12 digits.
requests() {
	curl -fsS "$url/_sim/requests?format=text" |
		sed -E 's/([0-9a-f]{12})[0-9a-f]{52}/\1/g' | LC_ALL=C sort
}

forget_requests() {
	curl -fsS -o /dev/null -X POST "$url/_sim/reset"
}
