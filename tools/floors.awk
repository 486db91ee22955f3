# SPDX-License-Identifier: MIT
# The part of tools/floors that reads all C files, in one pass.
#
# A line is looked at three times: as it stands (its include), without comments
# and strings (what it calls), and by its first column (where a function begins
# and ends: in this style a name and its braces stand there, and only they).

BEGIN {
	# Who may include whom.  "simlib" is the public headers of sim/.
	may["base"] = "base"
	may["storage"] = "base storage"
	may["net"] = "base net"
	may["registry"] = "base storage registry"
	may["auth"] = "base net auth"
	may["gcs"] = "base storage net auth gcs"
	may["cli"] = "base storage net auth registry gcs cli simlib"
	may["sim"] = "base sim simlib"
	may["bench"] = may["cli"] " bench"
	may["tests"] = may["cli"] " tests"
	may["examples"] = "base storage registry gcs simlib"

	# Third parties: their headers and the files where they live.
	home("curl/", "^(src/net/|bench/|examples/check_with_gcssim\\.c$)")
	home("event2/", "^(src/base/(loop|mailbox)\\.c$|src/net/|sim/|bench/|tests/(support|unit|driver|contract|fuzz)/)")
	home("openssl/", "^(src/auth/|src/registry/digest\\.c$|sim/(hash|tls[^/]*|authority[^/]*|keygen)\\.c$|src/net/tls\\.c$|tests/support/(tls_|rig\\.c$)|tests/unit/(auth_world|tls_peer|check_sim_tls|sim_signer))")
	home("nghttp2/", "^(sim/http2[^/]*\\.[ch]$|tests/unit/)")
	home("expat.h", "^sim/xml_[^/]*\\.c$")
	home("jansson.h", "^(src/(auth|gcs)/|src/registry/manifest[^/]*\\.c$|src/cli/|sim/|bench/|tests/)")
	home("zlib.h", "^(sim/gunzip\\.c$|tests/)")
	home("sqlite3.h", "^(src/registry/(plan_file|cache|sqlite)[^/]*\\.[ch]$|sim/store|tests/)")
	home("libfyaml.h", "^(src/cli/yaml[^/]*\\.c$|tests/)")
	home("check.h", "^(tests|examples)/")

	PRINTERS = "(v?f?printf|puts|perror|putchar)[ \t]*\\("
	MAY_PRINT = "^(src/cli/|sim/main\\.c$|src/base/mem\\.c$|bench/|tests/)"
	SLEEPERS = "(u?sleep|(clock_)?nanosleep|thrd_sleep)[ \t]*\\("
}

function home(header, where)
{
	party[++parties] = header
	party_home[parties] = where
}

function finding(file, line, what)
{
	print file ":" line ": " what
}

function floor_of(path)
{
	if (path ~ /^sim\/(sim(_opts|_state)?|gcssim)\.h$/)
		return "simlib"
	if (path ~ /^src\/[a-z]+\//) {
		sub(/^src\//, "", path)
		sub(/\/.*/, "", path)
		return path in may ? path : ""
	}
	if (path ~ /^(sim|bench|tests|examples)\//) {
		sub(/\/.*/, "", path)
		return path
	}
	return ""
}

function has_word(list, word)
{
	return index(" " list " ", " " word " ") > 0
}

FNR == 1 {
	end_of_file()
	file = FILENAME
	sub(/^\.\//, "", file)
	known[file] = 1
	files[++n_files] = file
	floor = floor_of(file)
	if (floor == "simlib")
		floor = "sim"
	allowed = may[floor]
	if (file ~ /^tests\/(unit\/(check_)?sim_|fuzz\/fuzz_sim_|contract\/)/)
		allowed = allowed " sim"
	if (floor == "")
		finding(file, 1, "belongs to no floor")
	in_comment = function_line = 0
	prints = file !~ MAY_PRINT
	is_ours = file ~ /^(src|sim)\//
	is_test = file ~ /^(tests|examples)\//
}

{
	lines = FNR
	if ($0 ~ /^[ \t]*#[ \t]*include/)
		see_include($0)
	see_function($0)
	code = strip($0)
	if (code != "")
		see_calls(code)
}

END {
	end_of_file()
	see_includes_of_all()
	see_rings()
}

function end_of_file()
{
	if (file == "")
		return
	if (file ~ /\.h$/)
		most = 150
	else
		most = is_test ? 600 : 500
	if (lines > most)
		finding(file, lines, lines " lines, at most " most)
}

# Remembers an include; whose it is can be told when all files are known.
function see_include(line, is_quoted, path)
{
	is_quoted = line ~ /"/
	path = line
	sub(/^[^"<]*["<]/, "", path)
	sub(/[">].*/, "", path)
	n_includes++
	inc_from[n_includes] = file
	inc_line[n_includes] = FNR
	inc_path[n_includes] = path
	inc_quoted[n_includes] = is_quoted
	inc_allowed[n_includes] = allowed
	if (!(file in first_include))
		first_include[file] = n_includes
}

function see_function(line)
{
	if (line ~ /^[A-Za-z_].*\(/ && line !~ /;[ \t]*$/)
		name_line = FNR
	else if (line ~ /^\{/ && name_line)
		function_line = name_line
	else if (line ~ /^\}/) {
		if (is_ours && function_line && FNR - function_line + 1 > 80)
			finding(file, function_line, "a function of " \
			    FNR - function_line + 1 " lines, at most 80")
		function_line = name_line = 0
	}
}

# The line without comments, and with strings and characters emptied.
function strip(line, out, i, c, two, quote)
{
	out = quote = ""
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		two = substr(line, i, 2)
		if (in_comment) {
			if (two == "*/") {
				in_comment = 0
				i++
			}
		} else if (quote != "") {
			if (c == "\\")
				i++
			else if (c == quote) {
				out = out c
				quote = ""
			}
		} else if (two == "/*") {
			in_comment = 1
			i++
		} else if (two == "//") {
			break
		} else {
			if (c == "\"" || c == "'")
				quote = c
			out = out c
		}
	}
	return out
}

function see_calls(code)
{
	code = " " code
	if (prints && code ~ ("[^A-Za-z0-9_]" PRINTERS))
		finding(file, FNR, "only the cli and main() files print")
	else if (prints && code ~ /[^A-Za-z0-9_](stdout|stderr)([^A-Za-z0-9_]|$)/)
		finding(file, FNR, "only the cli and main() files print")
	if (is_test && code ~ ("[^A-Za-z0-9_]" SLEEPERS))
		finding(file, FNR, "a test never sleeps")
}

function see_includes_of_all(i, from, path)
{
	for (i = 1; i <= n_includes; i++) {
		from = inc_from[i]
		path = inc_path[i]
		if (path in known) {
			if (!inc_quoted[i])
				finding(from, inc_line[i], \
				    "our own headers stand in quotes")
			if (!has_word(inc_allowed[i], floor_of(path)))
				finding(from, inc_line[i], \
				    path " is not on a floor below")
			edges[from] = edges[from] " " path
		} else if (path == "config.h")
			continue
		else if (inc_quoted[i])
			finding(from, inc_line[i], path \
			    " is no path from the top to a header of ours")
		else
			see_party(from, inc_line[i], path)
	}
	for (i = 1; i <= n_files; i++)
		see_own_header(files[i])
}

function see_party(from, line, path, i)
{
	for (i = 1; i <= parties; i++) {
		if (index(path, party[i]) == 1 && from !~ party_home[i])
			finding(from, line, "<" path "> is not at home here")
	}
}

function see_own_header(path, own, i)
{
	own = path
	if (!sub(/\.c$/, ".h", own) || !(own in known))
		return
	i = first_include[path]
	if (!i || inc_path[i] != own)
		finding(path, i ? inc_line[i] : 1, "includes its own header " \
		    own " first")
}

# Colours as in the textbook: 1 on the way, 2 done.  A ring is told once, where
# it closes.
function see_rings(i)
{
	for (i = 1; i <= n_files; i++) {
		if (!(files[i] in colour))
			walk(files[i], files[i])
	}
}

function walk(path, trail, n, next_files, i, to)
{
	colour[path] = 1
	n = split(edges[path], next_files, " ")
	for (i = 1; i <= n; i++) {
		to = next_files[i]
		if (colour[to] == 1)
			finding(path, line_of(path, to), "a ring: " \
			    substr(trail, index(trail, to)) " > " to)
		else if (!(to in colour) || colour[to] == 0)
			walk(to, trail " > " to)
	}
	colour[path] = 2
}

function line_of(from, path, i)
{
	for (i = 1; i <= n_includes; i++) {
		if (inc_from[i] == from && inc_path[i] == path)
			return inc_line[i]
	}
	return 1
}
