# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
# For the tests which show that no option is taken and ignored.  Each option has a
# line that says where it shows: with it something must be different (what is
# printed, the exit status, what the server saw), or it is refused by its name.
# Its variable must do exactly the same.  An option of --help without a line
# fails.
#
# A test says in $see which function watches its program (that calls see_run with
# the words it is given, and what it says is compared), and in $program and $prefix
# how the program and its variables are called.

. "$(dirname "$0")/lib.sh"

: >"$work/lines"
variable=

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
		-e 's/20[0-9-]*T[0-9:]*Z/TIME/g' \
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

# What the line does without the option, into $without: seen once, as long as what
# the watchers go by is the same.
see_base() {
	without=$work/base-$(echo "$see $base ${sim-} ${endpoint-} \
		${connections-} ${limited-} ${together-}" | cksum | tr ' ' -)
	# shellcheck disable=SC2086
	[ -e "$without" ] || "$see" $base >"$without"
}

# shows OPTION [VALUE] -- BASE...: the option shows beside that line.
shows() {
	take "$@"
	see_base
	see_both
	ok "$line: $option shows" differs "$without" "$work/with"
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

# options_of COMMAND...: those of its --help.
options_of() {
	"$@" --help | sed -n 's/^  \(-., \|    \)--\([a-z0-9-]*\).*/--\2/p' |
		sort -u
}

# shares COMMAND...: what is an option of that command, too, and does the same in
# the same code, has its line there.
shares() {
	options_of "$@" | sed "s/^/$program /" >"$work/shared"
}

# has_all COMMAND...: no option of its --help is without a line.
has_all() {
	options_of "$@" | sed "s/^/$program /" >"$work/known"
	{
		cat "$work/lines"
		[ ! -e "$work/shared" ] ||
			grep -x -F -f "$work/known" "$work/shared"
	} | sort -u | grep "^$program " >"$work/tested"
	same "$program: every option has a line" "$work/known" "$work/tested"
	: >"$work/lines"
	rm -f "$work/shared"
}
