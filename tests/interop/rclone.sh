#!/bin/sh
# SPDX-License-Identifier: MIT
# rclone against gcs-sim: copies both ways, names that need care, an upload in
# chunks, copies on the server, and how many requests each of them took.

. "$(dirname "$0")/lib.sh"

need rclone rclone rclone version

# shows NAME COMMAND...: it prints the lines of $work/want, in any order.
shows() {
	shows=$1
	shift
	run "$@"
	LC_ALL=C sort -o "$work/out" "$work/out"
	LC_ALL=C sort -o "$work/want" "$work/want"
	same "$shows" "$work/want" "$work/out"
}

# fails NAME PATTERN COMMAND...: at the first try, and says why.
fails() {
	fails=$1 pattern=$2
	shift 2
	run "$@" --retries 1 --low-level-retries 1
	ok "$fails: fails" [ "$status" -ne 0 ]
	ok "$fails: says why" grep -q -e "$pattern" "$work/err"
}

# local_files: what `rclone ls` should print of the folder $work/up.
local_files() {
	(cd "$work/up" && find . -type f -printf '%9s %P\n') >"$work/want"
}

begin_sim --bucket demo
: >"$work/rclone.conf"
RCLONE_CONFIG=$work/rclone.conf
export RCLONE_CONFIG
load_settings
page_holds
forget_requests

# --- up, what is there, and down ---

make_files "$work/up"
does 'copy up' rclone copy "$work/up" sim:demo/up
counted 'is it a file, is the bucket there, then one upload a file' \
	'LIST 1, GET 1, PUT 8'
local_files
shows 'ls: each name and size' rclone ls sim:demo/up
counted 'one list has them all' 'LIST 1, GET 1'
(cd "$work/up" && find . -type f -printf '%s;%TY-%Tm-%Td %TH:%TM:%.2TS;%P\n') \
	>"$work/want"
shows 'lsf: each time is that of the file' \
	rclone lsf -R --files-only --format stp sim:demo/up
(cd "$work/up" && find . -type f -exec md5sum {} + | sed 's,  \./,  ,') >"$work/want"
shows 'md5sum: that of each file' rclone md5sum sim:demo/up
printf 'dir/\n' >"$work/want"
shows 'lsf: folders' rclone lsf --dirs-only sim:demo/up
does 'check' rclone check "$work/up" sim:demo/up
does 'check, by reading it all' rclone check --download "$work/up" sim:demo/up
forget_requests
does 'copy down' rclone copy sim:demo/up "$work/down"
counted 'a list a folder, a read a file' 'LIST 3, GET 9'
ok 'it came back as it was' diff -r "$work/up" "$work/down"
does 'copy up again' rclone copy "$work/up" sim:demo/up
counted 'nothing is sent twice' 'LIST 3, GET 1'
printf 'lo, w' >"$work/want"
shows 'a part of a file' rclone cat --offset 3 --count 5 sim:demo/up/hello.txt
printf 'from a pipe' >"$work/piped"
ok 'rcat: what comes from a pipe' sh -c \
	"rclone rcat sim:demo/piped <'$work/piped'"
printf 'from a pipe' >"$work/want"
shows 'rcat: it is there' rclone cat sim:demo/piped

# --- larger than a chunk of 16 MiB: a resumable upload ---

make_big "$work/big" 17825793
forget_requests
does 'copyto: 17 MiB' rclone copyto "$work/big" sim:demo/big
counted 'a look, is the bucket there, the start, two chunks' \
	'LIST 1, GET 1, PUT 3'
does 'copyto: and down' rclone copyto sim:demo/big "$work/big.down"
ok 'the same bytes' cmp "$work/big" "$work/big.down"
does 'copyto: four streams' rclone copyto --multi-thread-streams 4 \
	--multi-thread-cutoff 1M sim:demo/big "$work/big.streams"
ok 'the same bytes from four streams' cmp "$work/big" "$work/big.streams"

# --- copies and moves on the server ---

forget_requests
does 'copyto on the server' rclone copyto sim:demo/up/a+b.txt 'sim:demo/c d+e.txt'
counted 'looks at both, a copy' 'LIST 1, GET 3, PUT 1'
printf 'plus' >"$work/want"
shows 'the copy' rclone cat 'sim:demo/c d+e.txt'
does 'copy of a folder on the server' rclone copy sim:demo/up sim:demo/twin
does 'both are the same' rclone check sim:demo/up sim:demo/twin
forget_requests
does 'moveto on the server' rclone moveto 'sim:demo/c d+e.txt' sim:demo/moved
counted 'looks at both, a copy, a delete' 'LIST 1, GET 3, PUT 1, DELETE 1'
shows 'it moved' rclone cat sim:demo/moved
: >"$work/want"
shows 'what moved away' rclone lsf --files-only --include 'c d+e.txt' sim:demo
forget_requests

# --- sync, delete ---

printf 'changed and longer' >"$work/up/hello.txt"
rm "$work/up/a+b.txt"
does 'sync' rclone sync "$work/up" sim:demo/up
counted 'one upload, one delete' 'LIST 3, GET 1, PUT 1, DELETE 1'
does 'sync: nothing differs' rclone check "$work/up" sim:demo/up
touch -d '2019-03-04T05:06:07Z' "$work/up/empty"
forget_requests
does 'sync: a new time' rclone sync "$work/up" sim:demo/up
counted 'the time alone is sent' 'LIST 3, GET 2, PUT 1'
echo '2019-03-04 05:06:07' >"$work/want"
shows 'the time is there' rclone lsf --format t sim:demo/up/empty
forget_requests
does 'delete by name' rclone delete --include '*.txt' sim:demo/twin
does 'deletefile' rclone deletefile sim:demo/twin/empty
printf '%9s dir/sub/deep\n' 4 >"$work/want"
shows 'delete: the others are there' rclone ls sim:demo/twin
forget_requests
does 'purge' rclone purge sim:demo/up
counted 'two lists, a delete a file' 'LIST 2, GET 1, DELETE 7'
: >"$work/want"
shows 'ls of what was purged' rclone ls sim:demo/up

# --- buckets ---

project=--gcs-project-number=1
does 'mkdir' rclone mkdir $project sim:another-bucket
does 'mkdir again' rclone mkdir $project sim:another-bucket
printf 'another-bucket/\ndemo/\n' >"$work/want"
shows 'lsf: buckets' rclone lsf $project sim:
fails 'rmdir of what is not empty' 'not empty' rclone rmdir sim:demo
does 'rmdir' rclone rmdir sim:another-bucket
fails 'a bucket that is not there' 'directory not found' \
	rclone ls sim:another-bucket
does 'a bucket is made when it is missing' \
	rclone copy $project "$work/up/dir" sim:third-bucket
printf '%9s sub/deep\n' 4 >"$work/want"
shows 'and filled' rclone ls sim:third-bucket
end_sim

# --- more than a page ---

begin_sim --registry demo
load_settings
echo 1079 >"$work/want"
shows 'more objects than a page has' \
	sh -c 'rclone lsf -R --files-only --fast-list sim:demo | wc -l'
counted 'one list a page' 'LIST 2'
does 'delete them' rclone delete --fast-list sim:demo
counted 'one delete an object' 'LIST 2, DELETE 1079'
: >"$work/want"
shows 'none is left' rclone ls sim:demo
end_sim

done_testing
