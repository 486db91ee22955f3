#!/bin/sh
# SPDX-License-Identifier: MIT
# gcs-sim --data: what was acknowledged is there again, however the end came.

. "$(dirname "$0")/lib.sh"

data=$work/data
run "$gcs_sim" --data ''
if grep -q 'was built without' "$work/err"; then
	ok 'without SQLite --data is status 2' [ "$status" -eq 2 ]
	ok 'and names the package' grep -q libsqlite3-dev "$work/err"
	done_testing
fi

# kill_sim: ends it as a crash does.
kill_sim() {
	kill -KILL "$sim_pid"
	wait "$sim_pid" 2>/dev/null
	sim_pid=
}

names() {
	curl -fsS "$url/b/demo/o?fields=items(name,generation,metadata,md5Hash)"
}

# --- files that cannot be had ---

refused 'no name' 2 'data wants the name' --data ''
refused 'a folder' 1 "$work: .*Is a directory" --data "$work"
refused 'a folder that is not there' 1 'No such file' --data "$work/no/data"
echo 'this is no database' >"$work/text"
refused 'another kind of file' 1 'no data file of gcs-sim' --data "$work/text"
printf 'SQLite format 3\0' >"$work/short"
refused 'a database that is cut off' 1 "$work/short" --data "$work/short"
: >"$data"
chmod 400 "$data"
# Root may write whatever the mode says, unless it may not.
cat >"$work/humble" <<END
#!/bin/sh
[ "\$(id -u)" -ne 0 ] || exec setpriv --bounding-set=-dac_override '$gcs_sim' "\$@"
exec '$gcs_sim' "\$@"
END
chmod +x "$work/humble"
mighty=$gcs_sim
gcs_sim=$work/humble
refused 'a file that may not be written' 1 "$data cannot be written" --data "$data"
gcs_sim=$mighty
rm -f "$data"

# --- the same command line goes on where it was ---

start_sim --registry demo --data "$data"
ok 'a new file has nothing' sh -c "echo '$ready' | grep -q \
	'data .* with 0 buckets, bucket demo: 1079 objects'"
put new 'some bytes'
put old before
put old behind
remove new
put new 'other bytes'
names >"$work/was"
run "$gcs_sim" --data "$data"
ok 'one process has it at a time: status 1' [ "$status" -eq 1 ]
ok 'and says so' grep -q 'is in use' "$work/err"
kill_sim
start_sim --registry demo --data "$data"
ok 'the bucket is kept as it was' sh -c "echo '$ready' | grep -q \
	'data .* with 1 bucket, bucket demo kept as it was: 1081 objects'"
names >"$work/is"
same 'with all that was in it' "$work/was" "$work/is"
ok 'and the bytes' [ "$(curl -fsS "$url/b/demo/o/new?alt=media")" = 'other bytes' ]
curl -fsS -o /dev/null -X POST "$url/_sim/reset?state=start"
ok 'a reset to the start is kept too' sh -c "! curl -fsS '$url/b/demo/o/new' 2>/dev/null"
stop_sim
ok 'an orderly end: status 0' [ "$sim_status" -eq 0 ]
ok 'and one file' [ ! -e "$data-wal" ]
start_sim --bucket demo --data "$data"
ok 'the start again, as it was kept' sh -c "curl -fsS '$url/_sim/stats' | grep -q '\"objects\": 1079'"
stop_sim
refused 'a bad registry where it would not be needed' 2 'wheels' \
	--registry wheels=4 --data "$data"
rm -f "$data"

# --- a folder, too ---

mkdir "$work/folder"
echo hello >"$work/folder/hello"
start_sim --registry-from "$work/folder=demo" --data "$data"
remove hello
kill_sim
start_sim --registry-from "$work/folder=demo" --data "$data"
ok 'a folder is read once' sh -c "echo '$ready' | grep -q 'demo kept as it was: 0 objects'"
stop_sim
rm -f "$data"

# --- an upload goes on where it was ---

# upload RANGE FILE: what that is answered, in $work/out.
upload() {
	curl -sS -D "$work/out" -o /dev/null -X PUT -H "Content-Range: bytes $1" \
		--data-binary "@$2" "$url/upload/storage/v1/b/demo/o?$session"
}

head -c 262144 /dev/urandom >"$work/first"
echo last >"$work/last"
: >"$work/nothing"
cat "$work/first" "$work/last" >"$work/whole"
start_sim --bucket demo --data "$data"
session=$(curl -fsS -D - -o /dev/null -X POST -d "" \
	"$url/upload/storage/v1/b/demo/o?uploadType=resumable&name=big" |
	sed -n 's/^[Ll]ocation: .*?\(.*\)\r$/\1/p')
upload '0-262143/262149' "$work/first"
kill_sim
start_sim --bucket demo --data "$data"
upload '*/262149' "$work/nothing"
ok 'an upload under way is known after a crash' grep -q '^HTTP/1.1 308' "$work/out"
ok 'with all that it has' grep -qi '^Range: bytes=0-262143' "$work/out"
upload '262144-262148/262149' "$work/last"
kill_sim
start_sim --bucket demo --data "$data"
curl -fsS -o "$work/big" "$url/b/demo/o/big?alt=media"
ok 'and ends whole' cmp "$work/whole" "$work/big"
upload '*/262149' "$work/nothing"
ok 'which it still tells of' grep -q '^HTTP/1.1 200' "$work/out"
stop_sim
rm -f "$data"

# --- an upload in parts, too ---

# etag_of NUMBER FILE: puts it as a part.
etag_of() {
	curl -fsS -D - -o /dev/null -X PUT --data-binary "@$2" \
		"$url/demo/parts?partNumber=$1&uploadId=$id" |
		sed -n 's/^[Ee][Tt]ag: "\(.*\)"\r$/\1/p'
}

head -c 5242880 /dev/urandom >"$work/first"
cat "$work/first" "$work/last" >"$work/whole"
start_sim --bucket demo --data "$data"
id=$(curl -fsS -X POST -d '' "$url/demo/parts?uploads" |
	sed -n 's,.*<UploadId>\(.*\)</UploadId>.*,\1,p')
two=$(etag_of 2 "$work/last")
etag_of 1 "$work/last" >"$work/replaced"
one=$(etag_of 1 "$work/first")
kill_sim
start_sim --bucket demo --data "$data"
curl -fsS -o /dev/null -X POST --data-binary "<CompleteMultipartUpload>
	<Part><PartNumber>1</PartNumber><ETag>$one</ETag></Part>
	<Part><PartNumber>2</PartNumber><ETag>$two</ETag></Part>
	</CompleteMultipartUpload>" "$url/demo/parts?uploadId=$id"
kill_sim
start_sim --bucket demo --data "$data"
curl -fsS -o "$work/parts" "$url/b/demo/o/parts?alt=media"
ok 'an upload in parts is completed after a crash' cmp "$work/whole" "$work/parts"
ok 'and is none that is under way' sh -c \
	"! curl -fsS '$url/demo?uploads' | grep -q '<Upload>'"
stop_sim
rm -f "$data"

# --- snapshots are in memory, what they bring back is in the file ---

start_sim --bucket demo --data "$data"
put kept x
curl -fsS -o /dev/null -X POST "$url/_sim/snapshot?name=one"
names >"$work/was"
remove kept
put other y
curl -fsS -o /dev/null -X POST "$url/_sim/restore?name=one"
kill_sim
start_sim --data "$data"
names >"$work/is"
same 'what was restored is there after a crash' "$work/was" "$work/is"
ok 'the snapshot is not' [ "$(curl -sS -o /dev/null -w '%{http_code}' \
	-X POST "$url/_sim/restore?name=one")" = 404 ]
stop_sim
rm -f "$data"

# --- a disk that is full ---

# With room for 500 KiB in a file; a signal would say so louder than an error.
cat >"$work/small" <<END
trap '' XFSZ
ulimit -f 1000
exec '$gcs_sim' "\$@"
END
chmod +x "$work/small"
gcs_sim=$work/small
start_sim --bucket demo --data "$data"
n=0
while put "n$n" 0123456789 2>/dev/null; do
	n=$((n + 1))
done
wait "$sim_pid"
sim_status=$?
sim_pid=
ok 'a full disk ends it: status 1' [ "$sim_status" -eq 1 ]
ok 'in one line' [ "$(wc -l <"$work/sim.err")" -eq 1 ]
ok 'that names the file' grep -q "cannot write to the data file $data: " "$work/sim.err"
# The command's shell expands its own variables.
# shellcheck disable=SC2016
run "$gcs_sim" exec --bucket demo --data "$data" -- sh -c '
	curl -fsS -o /dev/null "$STORAGE_EMULATOR_HOST/b/demo/o" &&
	while curl -fsS -o /dev/null -X POST --data-binary x \
		"$STORAGE_EMULATOR_HOST/upload/storage/v1/b/demo/o?uploadType=media&name=x"; do :; done
	exit 0' 2>/dev/null
ok 'exec serves its command to the end, and says so' grep -q \
	'cannot write to the data file' "$work/err"
gcs_sim=$mighty
start_sim --data "$data"
ok 'whatever was acknowledged is there' [ "$(curl -fsS \
	"$url/b/demo/o?prefix=n&fields=items/name" | grep -c '"name"')" -eq "$n" ]
stop_sim
rm -f "$data"

# --- killed while several write ---

for seed in 1 2 3 4; do
	rm -f "$data" "$data-wal"
	ok "killed 12 times, seed $seed" \
		"$bin/tests/e2e/kill_rounds" "$gcs_sim" "$data" "$seed" 12
done

done_testing
