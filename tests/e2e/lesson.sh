#!/bin/sh
# SPDX-License-Identifier: MIT
# doc/LESSON.md, run: all its sh blocks in one bash, in order, each compared with
# the text block that follows it.  What differs from run to run on the real
# clock is masked where a comment before the text block names it:
#
#	<!-- masked: times, ports, peaks -->
#
# UPDATE_LESSON=1 writes the outputs of this run into the lesson.

. "$(dirname "$0")/lib.sh"
lesson=$top/doc/LESSON.md
blocks=$work/blocks
mkdir "$blocks" "$work/room"

# N.sh, N.want and N.masks for the Nth sh block; in `faults` what would go unrun
# or uncompared.
take_apart() {
	awk -v blocks="$blocks/" '
		function fault(what) { print "line " NR ": " what }
		/^```/ && fence == "" {
			fence = $0
			if (fence == "```sh") {
				name = blocks sprintf("%02d", ++n)
				printf "" >(name ".sh")
				printf "" >(name ".want")
				printf "" >(name ".masks")
			} else if (fence != "```text") {
				fault("neither sh nor text: " fence)
			} else if (name == "") {
				fault("text that no sh block gives")
			}
			next
		}
		/^```/ {
			if (fence == "```text")
				name = ""
			fence = ""
			next
		}
		fence == "```sh" { print >(name ".sh") }
		fence == "```text" { print >(name ".want") }
		fence != "" { next }
		/^<!-- masked: .* -->$/ {
			if (name == "")
				fault("masks of no sh block")
			gsub(/^<!-- masked: | -->$|,/, "")
			print >(name ".masks")
			next
		}
		/./ { name = "" }
		END { if (fence != "") fault("a block that never ends") }
	' "$lesson" >"$work/faults"
}

# All in one shell, since a block uses what those before it have made.  What
# they leave running is ended with it.
run_blocks() {
	{
		echo 'trap "jobs -p >jobs; xargs -r kill <jobs" EXIT'
		for block in "$blocks"/*.sh; do
			name=${block%.sh}
			echo "exec >'$name.got' 2>&1"
			echo ". '$block'"
			echo "echo \$? >'$name.status'"
		done
	} >"$work/script"
	(
		cd "$work/room" || exit 1
		PATH=$bin:$PATH bash "$work/script" </dev/null
	)
}

# masked FILE MASKS: FILE without what the masks name.
masked() {
	cp "$1" "$work/masked"
	for mask in $2; do
		case $mask in
		times)
			sed -E -i -e 's/[0-9.]+ (s|ms|us|objects\/s)\>/T/g' \
				-e 's/[0-9.]+\/s/T\/s/g' \
				-e 's/^(real|user|sys) [0-9.]+/\1 T/' \
				"$work/masked"
			;;
		ports) sed -E -i 's/(127\.0\.0\.1):[0-9]+/\1:PORT/' "$work/masked" ;;
		peaks)
			sed -E -i -e 's/peak [0-9]+/peak P/' \
				-e 's/("peak_in_flight":) [0-9]+/\1 P/' \
				"$work/masked"
			;;
		*) echo "no such mask: $mask (of $1)" ;;
		esac
	done
	cat "$work/masked"
}

compare() {
	for block in "$blocks"/*.sh; do
		path=${block%.sh}
		masks=$(cat "$path.masks")
		masked "$path.want" "$masks" >"$work/want"
		masked "$path.got" "$masks" >"$work/got"
		title=$(head -n 1 "$block")
		same "$title" "$work/want" "$work/got"
		ok "$title: status 0" [ "$(cat "$path.status")" = 0 ]
	done
}

# The lesson with the outputs of this run.
update() {
	awk -v blocks="$blocks/" '
		/^```sh$/ { name = blocks sprintf("%02d", ++n) }
		!is_old
		/^```text$/ && name != "" {
			while ((getline line <(name ".got")) > 0)
				print line
			is_old = 1
			next
		}
		is_old && /^```$/ { print; is_old = 0; name = "" }
	' "$lesson" >"$work/lesson"
	cp "$work/lesson" "$lesson"
}

take_apart
same 'every block is run and compared' /dev/null "$work/faults"
run_blocks
if [ "${UPDATE_LESSON-}" = 1 ]; then
	update
	take_apart
fi
compare
done_testing
