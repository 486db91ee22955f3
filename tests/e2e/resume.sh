#!/bin/sh
# SPDX-License-Identifier: MIT
# apply, killed at 200 points: whatever was on the wire, what is left in the end is
# what a run leaves that nobody disturbs, and each row of the plan is accounted
# for once.

. "$(dirname "$0")/lib.sh"

kills=200
spec=repos=3,manifests=20,tags=1,untagged=40%,orphans=300

# list_objects: what is in the bucket, with generations.
list_objects() {
	curl -fsS "$url/storage/v1/b/demo/o?fields=items(name,generation),nextPageToken"
}

# gcs COMMAND...: gcsweep on the simulator, without progress.
gcs() {
	run "$gcsweep" "$@" --endpoint "$url" --progress none
}

start_sim --registry "$spec"
gcs plan gs://demo -m -o "$work/any"
if grep -q 'built without' "$work/err"; then
	ok 'without SQLite there is nothing to resume' [ "$status" -eq 2 ]
	done_testing
fi
gcs gc gs://demo -m --yes --max-delete 100%
ok 'a run that nobody disturbs: status 0' [ "$status" -eq 0 ]
list_objects >"$work/clean"
ok 'it leaves a page of objects' sh -c "! grep -q nextPageToken '$work/clean'"
stop_sim

mkfifo "$work/log"
exec 3<>"$work/log"
killed=0
round=0
while [ "$killed" -lt "$kills" ]; do
	round=$((round + 1))
	plan=$work/plan.$round
	start_sim --registry "$spec" --access-log "$work/log" --latency-delete 2ms
	cat <&3 >/dev/null &
	reader=$!
	gcs plan gs://demo -m -o "$plan" --max-delete 100%
	ok "plan $round" [ "$status" -eq 0 ]
	kill "$reader"
	wait "$reader" 2>/dev/null
	n=$("$bin/tests/e2e/kill_applies" "$round" $((kills - killed)) \
		"$gcsweep" apply "$plan" --yes -j 2 --max-delete 100% \
		--endpoint "$url" --progress none <&3)
	ok "plan $round: killed $n times" [ -n "$n" ]
	[ -n "$n" ] || break
	killed=$((killed + n))
	cat <&3 >/dev/null &
	reader=$!
	gcs apply "$plan" --yes --max-delete 100%
	ok "plan $round: finished" [ "$status" -eq 0 ]
	list_objects >"$work/left"
	same "plan $round: leaves what an undisturbed run leaves" \
		"$work/clean" "$work/left"
	run "$gcsweep" show "$plan"
	ok "plan $round: each row is deleted or gone" grep -q \
		'^all runs .* deleted (.*), [0-9]* gone, 0 changed, 0 kept, .*0 failed, 0 pending$' \
		"$work/out"
	stop_sim
	kill "$reader"
	wait "$reader" 2>/dev/null
done
ok "killed $killed times" [ "$killed" -ge "$kills" ]
done_testing
