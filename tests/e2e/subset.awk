# SPDX-License-Identifier: MIT
# Holds doc/GCS-SUBSET.md against fixtures/contract and against what sim/ reads.
# Prints a line for each finding, RULE: what.
#
#	awk -f subset.awk READ PAGE CASES...
#
# READ: the words that the simulator looks up in queries and heads, one a line.

function finding(rule, what)
{
	print rule ": " what
}

# "| `WHAT` ... | STATE | HOW | FILES |", without the bars.
function read_row(line, cell, what)
{
	split(line, cell, / *\| */)
	what = cell[2]
	sub(/^`/, "", what)
	sub(/`.*/, "", what)
	rows++
	row[rows] = what
	state[rows] = cell[3]
	cases[rows] = cell[5]
	if (!(cell[3] in states))
		finding("form", what " is '" cell[3] "'")
	if (cell[3] != "no effect" && cell[5] == "")
		finding("form", what " names no case")
	if ((cell[3] == "different" || cell[3] == "refused") && cell[4] == "")
		finding("form", what " does not say how")
	is_on_page[tolower(what)] = 1
}

# What a request's line must look like to be a case of this.  The XML API has
# slashes in its objects' names.
function pattern_of(what, path)
{
	if (what ~ /^[A-Z]+ \//) {
		path = what
		gsub(/[.]/, "[.]", path)
		sub(/^[A-Z]+ \/BUCKET\/OBJECT$/, "&S", path)
		sub(/OBJECTS$/, "[^? ]+", path)
		gsub(/\/[A-Z]+/, "/[^/? ]+", path)
		return "^> " path "([?]|$)"
	}
	if (what ~ /:$/)
		return "^>>? (.*\\\\n)?" tolower(what) " "
	if (what ~ /^["<]/)
		return what
	return "^>>? [A-Z]+ [^ ]*[?&]" what "([=&]|$)"
}

function is_shown(what, files, name, n, i, j, pattern)
{
	pattern = pattern_of(what)
	n = split(files, name, " ")
	for (i = 1; i <= n; i++) {
		if (!(name[i] in lines))
			finding("cases", what " names " name[i] ", which is not there")
		for (j = 1; j <= lines[name[i]]; j++) {
			if ((what ~ /:$/ ? tolower(line[name[i], j]) \
					 : line[name[i], j]) ~ pattern)
				break
		}
		if (j > lines[name[i]])
			finding("cases", what " is not in " name[i] ".txt")
	}
}

# The parameters of "> METHOD PATH?a=b&c".
function see_parameters(text, query, part, n, i)
{
	if (text !~ /^>>? [A-Z]+ [^ ]*[?]/)
		return
	query = text
	sub(/^[^?]*[?]/, "", query)
	sub(/[ \\].*/, "", query)
	n = split(query, part, "&")
	for (i = 1; i <= n; i++) {
		sub(/=.*/, "", part[i])
		if (part[i] ~ /^[A-Za-z_-]+$/)
			is_sent[part[i]] = 1
	}
}

BEGIN {
	states["supported"] = states["different"] = 1
	states["refused"] = states["no effect"] = 1
}

FNR == 1 { files++ }

files == 1 { is_read[tolower($0)] = $0; next }

files == 2 { if (/^\| `/) read_row($0); next }

FNR == 1 {
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/[.]txt$/, "", name)
	lines[name] = 0
}

/^\t/ {
	text = substr($0, 2)
	line[name, ++lines[name]] = text
	see_parameters(text)
}

END {
	for (i = 1; i <= rows; i++) {
		is_shown(row[i], cases[i])
		word = row[i]
		sub(/:$/, "", word)
		if (state[i] == "no effect" && tolower(word) in is_read)
			finding("truth", row[i] " is read")
	}
	for (word in is_sent) {
		if (!(tolower(word) in is_on_page))
			finding("page", word " is sent by a case")
	}
	for (word in is_read) {
		if (!(word in is_on_page) && !((word ":") in is_on_page))
			finding("page", is_read[word] " is read by the simulator")
	}
}
