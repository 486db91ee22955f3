#!/bin/sh
# SPDX-License-Identifier: MIT
# doc/GCS-SUBSET.md tells what becomes of each endpoint, parameter and header:
# what it says is in the contract, and what is in the contract or in the
# simulator's own reading it says.

. "$(dirname "$0")/lib.sh"

# The words that sim/ looks up in queries and heads; a call may span lines.
# Those of JSON bodies have readers of the same names.
for file in "$top"/sim/*.c; do
	case $file in
	*/query.c | *_json.c) ;;
	*) tr '\n\t' '  ' <"$file" ;;
	esac
done | grep -oE \
	'(query_[a-z0-9_]+|get_text|read_flag|ask_header|http_header)\([^;")]*"[A-Za-z_-]+"' |
	sed 's/.*"\(.*\)"/\1/' | LC_ALL=C sort -u >"$work/read"
sed -n 's/^	{ "\(if[A-Za-z]*\)", "\(if[A-Za-z]*\)".*/\1\n\2/p' \
	"$top/sim/preconditions.c" >>"$work/read"
awk -f "$top/tests/e2e/subset.awk" "$work/read" "$top/doc/GCS-SUBSET.md" \
	"$top"/fixtures/contract/*.txt >"$work/findings"

# holds NAME RULE: nothing was found against that rule.
holds() {
	grep "^$2: " "$work/findings" >"$work/found"
	ok "$1" diff /dev/null "$work/found"
}

ok 'the simulator reads parameters' [ "$(wc -l <"$work/read")" -gt 30 ]
ok 'the page has rows' [ "$(grep -c '^| `' "$top/doc/GCS-SUBSET.md")" -gt 100 ]
holds 'each row says what it is, how, and where it is shown' form
holds 'each row is shown where it says' cases
holds 'what has no effect is not read' truth
holds 'each parameter that is sent or read is on the page' page
done_testing
