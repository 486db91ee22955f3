#!/bin/sh
# SPDX-License-Identifier: MIT
# gcs-sim ctl snapshot and restore: the buckets in a file, from one process to the
# next, and every file that is not one.

. "$(dirname "$0")/lib.sh"

# ctl WORD...: to the simulator that runs.
ctl() {
	run "$gcs_sim" ctl --url "$url" "$@"
}

# listing: all versions of all objects, whichever port they are at.
listing() {
	for what_of in '?versions=true&projection=full' '?softDeleted=true' \
		'/kept?alt=media'; do
		curl -fsS "$url/b/demo/o$what_of" | sed "s,$url,,g"
	done
}

# refused_file NAME PATTERN WORD FILE: status 1 or 2, one line with FILE's name,
# and the buckets are as they were.
refused_file() {
	what=$1 pattern=$2
	ctl "$3" "$4"
	ok "$what: is refused" [ "$status" -ne 0 ]
	ok "$what: one line" [ "$(wc -l <"$work/err")" -eq 1 ]
	ok "$what: says what is wrong" grep -q -e "$pattern" "$work/err"
	ok "$what: names the file" grep -q -F -e "$4" "$work/err"
	listing >"$work/now"
	same "$what: nothing has changed" "$work/was" "$work/now"
}

# folder_is NAMES: nothing else was left beside.
folder_is() {
	# shellcheck disable=SC2012,SC2317 # names of ours; ok calls it
	[ "$(ls "$work/files" | tr '\n' ' ')" = "$1 " ]
}

f=$work/files
mkdir "$f"

# --- before it is asked ---

refused 'a file without a name' 2 'the name of the file is empty' \
	ctl --url "$nobody" snapshot ''
refused 'a snapshot to a folder' 1 "cannot write $f: it is no regular file" \
	ctl --url "$nobody" snapshot "$f"
refused 'a snapshot to a device' 1 'it is no regular file' \
	ctl --url "$nobody" snapshot /dev/null
refused 'a file that is not there' 1 "cannot read $f/none: No such file" \
	ctl --url "$nobody" restore "$f/none"
refused 'a folder' 1 "cannot read $f: it is no regular file" \
	ctl --url "$nobody" restore "$f"
echo text >"$f/state"
refused 'a restore that nobody hears' 1 "$f/state: no answer from" \
	ctl --url "$nobody" restore "$f/state"
refused 'a snapshot that nobody gives' 1 "no answer from $nobody" \
	ctl --url "$nobody" snapshot "$f/state"
ok 'the old file is there still' grep -qx text "$f/state"
truncate -s 1073741825 "$f/large"
refused 'a file of more than 1 GiB' 1 "$f/large has more than 1073741824 bytes" \
	ctl --url "$nobody" restore "$f/large"
rm "$f/large"

start_sim --registry manifests=1
ctl snapshot "$f/state"
if grep -q 'need SQLite' "$work/err"; then
	ok 'without SQLite: status 1' [ "$status" -eq 1 ]
	ok 'without SQLite: the package' grep -q libsqlite3-dev "$work/err"
	ok 'without SQLite: 501' [ "$(curl -sS -o /dev/null -X PUT -d x \
		-w '%{http_code}' "$url/_sim/state")" = 501 ]
	stop_sim
	done_testing
fi
stop_sim

# --- from one process to the next ---

start_sim --registry manifests=3,bulk=100 --seed 4
put kept 'one\0two\n'
put deleted x
remove deleted
remove "$(curl -fsS "$url/b/demo/o?prefix=docker&maxResults=1&fields=items/name" |
	sed -n 's/.*"name": "\(.*\)".*/\1/p')"
listing >"$work/was"
requests >"$work/requests"
umask 027
ctl snapshot "$f/state"
ok 'snapshot: status 0' [ "$status" -eq 0 ]
ok 'snapshot: nothing is said' sh -c "[ ! -s '$work/out' ] && [ ! -s '$work/err' ]"
ok 'snapshot: the umask is kept' [ "$(stat -c %a "$f/state")" = 640 ]
ok 'snapshot: nothing else is left' folder_is state
requests >"$work/requests.now"
same 'snapshot: is not counted' "$work/requests" "$work/requests.now"
stop_sim

start_sim --bucket other
ctl restore "$f/state"
ok 'restore: status 0' [ "$status" -eq 0 ]
ok 'restore: nothing is said' sh -c "[ ! -s '$work/out' ] && [ ! -s '$work/err' ]"
listing >"$work/now"
same 'restore: another process has all of it' "$work/was" "$work/now"
ok 'restore: and nothing else' [ "$(curl -sS -o /dev/null -w '%{http_code}' \
	"$url/b/other")" = 404 ]
ctl snapshot "$f/again"
ok 'its snapshot is the same file' cmp "$f/state" "$f/again"
rm "$f/again"

# --- files that are none ---

echo 'a text' >"$f/text"
refused_file 'a text' 'is no data file of gcs-sim' restore "$f/text"
: >"$f/empty"
refused_file 'an empty file' 'is empty' restore "$f/empty"
head -c 20000 "$f/state" >"$f/half"
refused_file 'half a file' 'malformed' restore "$f/half"
# Bytes 60 to 63 are the format, 68 to 71 whose database it is.
cp "$f/state" "$f/newer"
printf '\007' | dd of="$f/newer" bs=1 seek=63 conv=notrunc 2>"$work/dd"
refused_file 'a newer format' 'has format 7.*a newer one wrote it' \
	restore "$f/newer"
cp "$f/state" "$f/foreign"
printf '\007' | dd of="$f/foreign" bs=1 seek=68 conv=notrunc 2>"$work/dd"
refused_file 'a database of something else' 'something else' \
	restore "$f/foreign"
refused_file 'no folder to write to' 'No such file' snapshot "$f/none/state"
ln -s state "$f/link"
refused_file 'a link to write to' 'no regular file' snapshot "$f/link"
rm "$f/text" "$f/empty" "$f/half" "$f/newer" "$f/foreign" "$f/link"
ok 'nothing is left of all that' folder_is state
stop_sim

# --- the same file for --data ---

start_sim --data "$f/state" --registry manifests=3,bulk=100
listing >"$work/now"
same 'data: takes it' "$work/was" "$work/now"
refused_file 'a data file in use' 'in use' restore "$f/state"
refused_file 'a data file in use to write to' 'in use' snapshot "$f/state"
put later x
stop_sim
start_sim --bucket other
ctl restore "$f/state"
ok 'restore: takes a data file' [ "$status" -eq 0 ]
ok 'restore: with what was added' curl -fsS -o /dev/null "$url/b/demo/o/later"
listing >"$work/was"
stop_sim

start_sim --data "$work/data" --bucket other
ctl restore "$f/state"
ok 'restore: into one that has a data file' [ "$status" -eq 0 ]
kill -s KILL "$sim_pid"
wait "$sim_pid" 2>"$work/wait"
start_sim --data "$work/data" --bucket other
listing >"$work/now"
same 'which has it when it is killed' "$work/was" "$work/now"
stop_sim

# --- ended in the middle ---

# More than a socket takes that nobody reads.
start_sim_alone --data "$work/data" --bucket other
head -c 16777216 /dev/zero >"$work/zeros"
curl -fsS -o /dev/null -X POST --data-binary "@$work/zeros" \
	"$url/upload/storage/v1/b/demo/o?uploadType=media&name=large"
ctl snapshot "$f/state"
cp "$f/state" "$work/state"
remove large
listing >"$work/was"
freeze_sim
"$gcs_sim" ctl --url "$url" snapshot "$f/state" 2>"$work/1.err" &
one=$!
"$gcs_sim" ctl --url "$url" restore "$f/state" 2>"$work/2.err" &
two=$!
kill -s KILL "$sim_pid"
wait "$sim_pid" 2>"$work/wait"
sim_pid=
wait "$one"
ok 'killed in a snapshot: status 1' [ $? -eq 1 ]
wait "$two"
ok 'killed in a restore: status 1' [ $? -eq 1 ]
ok 'both say so in one line' [ "$(cat "$work/1.err" "$work/2.err" | wc -l)" -eq 2 ]
same 'the file is untouched' "$work/state" "$f/state"
ok 'and nothing is left beside it' folder_is state
start_sim --data "$work/data" --bucket other
listing >"$work/now"
same 'half a restore has changed nothing' "$work/was" "$work/now"
stop_sim
done_testing
