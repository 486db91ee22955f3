# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034
# Real clients, unmodified, against gcs-sim: each script has its page in
# doc/clients, and takes its settings from there, so that what the page says is
# what was run.  Source it, call the functions, end with done_testing.

. "$(dirname "$0")/../e2e/lib.sh"

here=$(cd "$(dirname "$0")" && pwd)
page=$top/doc/clients/$(basename "$0" .sh).md

# Clients look in many places for who asks them and how; here they find none.
HOME=$work/home
LC_ALL=C.UTF-8
export HOME LC_ALL
mkdir "$HOME"

# Everything is logged too, as when somebody looks for a failure.
GCS_SIM_ACCESS_LOG=$work/access.log
export GCS_SIM_ACCESS_LOG
for name in $(env | sed -En 's/^((AWS|BOTO|CLOUDSDK|GCE|GCLOUD|GOOGLE|RCLONE|NODE|npm|PYTHON|GO|[a-zA-Z]+_proxy|[A-Z]+_PROXY)[A-Za-z0-9_]*)=.*/\1/p'); do
	unset "$name"
done

# need WHAT PACKAGE COMMAND...: without it nothing below can be tested, and
# that is a failure.
need() {
	what=$1 package=$2
	shift 2
	"$@" >/dev/null 2>&1 </dev/null && return
	echo "Bail out! $what is missing: run tools/setup (Debian: $package)"
	exit 1
}

# skip_all REASON: ends a script whose client need not be there.
skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

# blocks LANGUAGE [N]: the fenced blocks of the page in LANGUAGE, or only the
# Nth of them, with the address of this simulator in place of the page's.
blocks() {
	awk -v fence="\`\`\`$1" -v only="${2-0}" '
		$0 == "```" { on = 0 }
		on { print }
		$0 == fence { on = ++n == only || only == 0 }' "$page" |
		sed "s|127\\.0\\.0\\.1:8080|${url#http://}|g"
}

# load_settings: what the page says to set, the first of its sh blocks.
load_settings() {
	blocks sh 1 >"$work/settings"
	ok 'the page has settings' [ -s "$work/settings" ]
	# shellcheck source=/dev/null
	. "$work/settings"
}

# page_holds: the page's commands run in an empty folder, one block after the
# other, and print what its text blocks say.
page_holds() {
	mkdir -p "$work/page"
	blocks sh >"$work/page.sh"
	blocks text >"$work/page.want"
	(cd "$work/page" && PATH=$bin:$PATH exec sh -eu "$work/page.sh") \
		>"$work/out" 2>"$work/err" </dev/null
	status=$?
	ok 'the commands of the page run' succeeded
	same 'the commands of the page print what it says' \
		"$work/page.want" "$work/out"
}

# counts: how many requests of each kind there were since forget_requests.
counts() {
	curl -fsS "$url/_sim/stats" | awk '
		/^  "requests"/ { on = 1; next }
		on && /}/ { exit }
		on && !/"total"|: 0,?$/ {
			gsub(/[",:]/, "")
			printf "%s%s %s", sep, $1, $2
			sep = ", "
		}
		END { print "" }'
}

# counted NAME COUNTS: so many requests, such as 'LIST 1, PUT 9'; then it
# counts from nothing again.
counted() {
	counts >"$work/counts"
	printf '%s\n' "$2" >"$work/counts.want"
	same "$1: $2" "$work/counts.want" "$work/counts"
	forget_requests
}

# begin_sim OPTIONS...: without it nothing can be tested.
begin_sim() {
	start_sim "$@"
	[ -z "$url" ] || return
	echo "Bail out! gcs-sim does not start: $(cat "$work/sim.err")"
	exit 1
}

# end_sim: it ends well, and had nothing to complain of.
end_sim() {
	stop_sim
	ok 'the simulator ends well' [ "$sim_status" -eq 0 ]
	: >"$work/nothing"
	same 'the simulator says nothing' "$work/nothing" "$work/sim.err"
}

# does NAME COMMAND...: it succeeds; its output is in $work/out.
does() {
	does=$1
	shift
	run "$@"
	ok "$does" succeeded
}

succeeded() {
	[ "$status" -eq 0 ] && return
	echo "status $status"
	tail -n 20 "$work/err"
	return 1
}

# client NAME COMMAND...: a program with checks of its own, each a line
# `ok - WHAT` or `not ok - WHAT`, and reasons behind `#`.
client() {
	who=$1
	shift
	"$@" >"$work/points" 2>"$work/err" </dev/null
	status=$?
	while IFS= read -r line; do
		case $line in
		'ok - '*)
			tests=$((tests + 1))
			echo "ok $tests - $who: ${line#ok - }"
			;;
		'not ok - '*)
			tests=$((tests + 1))
			failures=$((failures + 1))
			echo "not ok $tests - $who: ${line#not ok - }"
			;;
		*) echo "$line" ;;
		esac
	done <"$work/points"
	ok "$who: it says ok, and ends well" [ "$status" -eq 0 ]
	[ "$status" -eq 0 ] || sed 's/^/# /' "$work/err"
}

# make_files DIR: what is copied, with names that need care.
make_files() {
	mkdir -p "$1/dir/sub"
	printf 'hello, world\n' >"$1/hello.txt"
	: >"$1/empty"
	printf 'space' >"$1/with space.txt"
	printf 'plus' >"$1/a+b.txt"
	printf 'percent' >"$1/100%41.txt"
	printf 'query' >"$1/q?x=1&y#z.txt"
	printf 'unicode' >"$1/grün-日本.txt"
	printf 'deep' >"$1/dir/sub/deep"
}

# make_big FILE BYTES: no two of its lines are the same.
make_big() {
	seq -f '%015.0f' 1 2000000 | head -c "$2" >"$1"
}
