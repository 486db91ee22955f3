# SPDX-License-Identifier: MIT
# One line of a table out of lines PROGRAM FIGURE VALUE; see row in lib.sh.  The
# nth value of one program and the nth of another are a pair.

BEGIN {
	split(scale, part, "/")
	scale = part[1] / (part[2] == "" ? 1 : part[2])
}

$2 == figure { value[$1, ++n[$1]] = $3 * scale }

function sort(list, count,    i, j, v)
{
	for (i = 2; i <= count; i++) {
		v = list[i]
		for (j = i - 1; j > 0 && list[j] > v; j--)
			list[j + 1] = list[j]
		list[j + 1] = v
	}
}

function middle(list, count)
{
	return (list[int((count + 1) / 2)] + list[int(count / 2) + 1]) / 2
}

# Three digits, as far as they say something.
function text(v)
{
	return sprintf(v < 10 ? "%.2f" : v < 100 ? "%.1f" : "%.0f", v)
}

function median(program,    list, i)
{
	for (i = 1; i <= n[program]; i++)
		list[i] = value[program, i]
	sort(list, n[program])
	return text(middle(list, n[program]))
}

function ratio(a, b,    list, i)
{
	for (i = 1; i <= n[a]; i++)
		list[i] = value[a, i] / value[b, i]
	sort(list, n[a])
	return sprintf("%.2f (%.2f - %.2f)", middle(list, n[a]), list[1],
		list[n[a]])
}

END {
	count = split(programs, program, " ")
	line = "| " label " |"
	for (i = 1; i <= count; i++)
		line = line " " median(program[i]) " |"
	for (i = 1; i <= count; i++)
		for (j = i + 1; j <= count; j++)
			line = line " " ratio(program[i], program[j]) " |"
	print line
}
