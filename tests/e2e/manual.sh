#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual pages: well-formed, and as complete as what they are about.
. "$(dirname "$0")/lib.sh"

# well_formed PAGE: mandoc has no warning for it.
well_formed() {
	if command -v mandoc >/dev/null; then
		ok "$1 is well-formed" mandoc -T lint -W warning "$top/doc/$1"
	else
		tests=$((tests + 1))
		echo "ok $tests - $1 is well-formed # SKIP there is no mandoc"
	fi
}

well_formed gcs-sim.1
well_formed gcssim.3

"$gcs_sim" --help |
	sed -n 's/^  \(    \|-[a-z], \)--\([a-z0-9-]*\).*/\2/p' |
	LC_ALL=C sort >"$work/options"
sed -n 's/^\.It .*Fl Fl \([a-z0-9-]*\).*/\1/p' "$top/doc/gcs-sim.1" |
	LC_ALL=C sort >"$work/documented"
ok 'there are options' grep -qx listen "$work/options"
same 'gcs-sim(1) has each option of --help once, and no other' \
	"$work/options" "$work/documented"

sed -n 's/^[a-z].*[ *]\(gcssim_[a-z_]*\)(.*/\1/p' "$top/sim/gcssim.h" \
	>"$work/functions"
sed -n 's/^\.Fo //p' "$top/doc/gcssim.3" >"$work/documented"
ok 'there are functions' grep -qx gcssim_start "$work/functions"
same 'gcssim(3) has each function of gcssim.h, in its order' \
	"$work/functions" "$work/documented"
sed -n 's/^\.Fn \(gcssim_[a-z_]*\).*/\1/p' "$top/doc/gcssim.3" |
	LC_ALL=C sort -u >"$work/described"
LC_ALL=C sort "$work/functions" >"$work/sorted"
same 'and says what it does' "$work/sorted" "$work/described"

# What gcssim_count knows, by the comment on it in the header.
sed -n '/^\/\* How many since/,/\*\//p' "$top/sim/gcssim.h" |
	grep -o '"[A-Za-z_]*"' | tr -d '"' | LC_ALL=C sort >"$work/words"
sed -n '/^\.Ss Counts/,/^\.Ss Trouble/s/^\.It //p' "$top/doc/gcssim.3" |
	tr -c 'A-Za-z_\n' '\n' | grep -E '^(in_flight|[A-Z]{3,}|[a-z_]{5,})$' |
	LC_ALL=C sort >"$work/documented"
ok 'there are counts' grep -qx DELETE "$work/words"
same 'and each word of gcssim_count' "$work/words" "$work/documented"

done_testing
