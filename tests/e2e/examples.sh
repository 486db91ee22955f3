#!/bin/sh
# SPDX-License-Identifier: MIT
# The examples for continuous integration, step by step as their runners would:
# every command line under a step that tests is run, in an empty folder beside
# the examples, with the programs in PATH.  What installs and builds is left
# out: it would build the house inside its own tests.
. "$(dirname "$0")/lib.sh"

yard=$work/yard
mkdir "$yard"
ln -s "$top/examples" "$yard/examples"
PATH=$bin:$PATH

# github_steps FILE: the commands of the steps named "Test ...", each in a file
# of its own, step.1, step.2, ...
github_steps() {
	awk -v to="$work/step." '
		/^ *- name: / { wanted = /name: Test/; inside = 0 }
		/^ *- uses: / { wanted = inside = 0 }
		wanted && /^ *run: \|/ {
			inside = 1
			indent = match($0, /[^ ]/) + 1
			file = to (++n)
			next
		}
		wanted && /^ *run: / {
			file = to (++n)
			sub(/^ *run: /, "")
			print >file
			next
		}
		inside && match($0, /[^ ]/) > indent { print >file }
	' "$1"
}

# gitlab_steps FILE: the same for the lines under `script:`.
gitlab_steps() {
	awk -v to="$work/step." '
		/^  [a-z_]*:/ { inside = /^  script:/ }
		inside && sub(/^    - /, "") { print >(to (++n)) }
	' "$1"
}

# run_steps NAME COUNT: as runners do, with -e.
run_steps() {
	ok "$1: $2 steps that test" [ -e "$work/step.$2" ]
	ok "$1: and no more" [ ! -e "$work/step.$(($2 + 1))" ]
	for step in "$work"/step.*; do
		run sh -c "cd '$yard' && sh -e '$step'"
		ok "$1: $(sed 's/^ *//;q' "$step")" [ "$status" -eq 0 ]
		ok "$1: it did what it says" \
			grep '^stored, read and deleted' "$work/out"
		rm "$step"
	done
	ok "$1: the access log tells of the delete" \
		grep -q '"kind":"DELETE"' "$yard/access.ndjson"
	rm -f "$yard/access.ndjson"
}

github_steps "$top/examples/ci/github-actions.yml"
run_steps 'GitHub Actions' 2
gitlab_steps "$top/examples/ci/gitlab-ci.yml"
run_steps 'GitLab CI' 2

# --- the test in shell ---

run sh "$top/examples/shell/test.sh"
ok 'the shell test passes' [ "$status" -eq 0 ]
ok 'and says what it did' grep -q '^stored and deleted' "$work/out"
ok 'and nothing else' [ ! -s "$work/err" ]

# --- the image, as far as that goes without an engine ---

dockerfile=$top/examples/docker/Dockerfile
sed -n '/^FROM.*build/,/zlib1g-dev/p' "$dockerfile" | tr '\\ \t' '\n' |
	grep -E '^(lib.*-dev|zlib1g-dev|gcc|make|auto.*|libtool|check)$' \
		>"$work/packages"
ok 'the image is built with packages' [ "$(wc -l <"$work/packages")" -ge 13 ]
while read -r package; do
	ok "tools/setup installs $package, too" \
		grep -q "^[[:space:]]${package}[[:space:]]*#" "$top/tools/setup"
done <"$work/packages"

# What the image asks itself, in the environment that it sets.
health() {
	sed -n '/^HEALTHCHECK/,/\]$/p' "$dockerfile" | tr -d '\\\n' |
		sed "s/.*CMD //; s|http://127.0.0.1:4443|$1|" | tr -d '[]",' \
		>"$work/health"
	read -r _ words <"$work/health" || :
	# shellcheck disable=SC2086 # words
	GCS_SIM_LISTEN=0.0.0.0:4443 GCS_SIM_ALLOW_REMOTE=1 run "$gcs_sim" $words
}

start_sim --bucket photos
health "$url"
ok 'a server that answers is healthy' [ "$status" -eq 0 ]
curl -s -o "$work/out" -X DELETE "$url/storage/v1/b/photos/o/cat"
curl -fsS "$url/_sim/requests?format=text" >"$work/out"
for file in "$top"/examples/testcontainers/*; do
	ok "$(basename "$file") expects what is told of a delete" \
		grep -q "$(cat "$work/out")" "$file"
done
stop_sim
health "$nobody"
ok 'and one that is not there is not' [ "$status" -ne 0 ]

# --- without it ---

# Without the simulator it must not touch anything, and say what it wants.
run sh "$top/examples/ci/test.sh"
ok 'the test asks for its storage' \
	grep -q 'start me with: gcs-sim exec' "$work/err"

done_testing
