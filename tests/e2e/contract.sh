#!/bin/sh
# SPDX-License-Identifier: MIT
# The player of contracts itself: it fails when an answer is not the one that is
# owed, says where and how it differs, and does not play what it cannot read.

. "$(dirname "$0")/lib.sh"

mkdir -p "$work/fixtures/contract"

# play: the case on standard input, in a contract of its own.
play() {
	cat >"$work/fixtures/contract/mine.txt"
	run env top_srcdir="$work" "$bin/tests/contract/check_contract" mine.txt
}

# says NAME TEXT...: each is in the output.
says() {
	what=$1
	shift
	for text; do
		ok "$what: $text" grep -qF -- "$text" "$work/out"
	done
}

# fails NAME TEXT...: the case on standard input fails, and says so.
fails() {
	play
	ok "$1: it fails" [ "$status" -eq 1 ]
	says "$@"
}

play <<'END'
# One that holds.

Every case begins with
	* bucket demo with a b

What is captured is known later, and sent
	> GET /storage/v1/b/demo/o?maxResults=1
	< 200
	< Content-Type: application/json; ...
	< no Content-Encoding
	{"items": [{"name": "$first"}], "nextPageToken": "$next", "prefixes": "(absent)"}
	> GET /storage/v1/b/demo/o/$first?alt=media
	< 200
	< exactly
	$first
	> GET /storage/v1/b/demo/o?pageToken=$next
	< 200
	{"items": [{"name": "b", "size": "..."}]}
END
ok 'a case that holds' [ "$status" -eq 0 ]
says 'a case that holds' '1..1' \
	'ok 1 - mine.txt: What is captured is known later, and sent'

fails 'another status' 'not ok 1 - mine.txt: A bucket is there' \
	'# fixtures/contract/mine.txt:1: A bucket is there' \
	'#   line 3: want 200, got 404' \
	'#   sent: GET /storage/v1/b/demo HTTP/1.1' \
	'"reason": "notFound"' <<'END'
A bucket is there
	> GET /storage/v1/b/demo
	< 200
END

fails 'another body in JSON' \
	'items[1].name: want "c", got "b"' \
	'items[0].flavour: want "sweet", got nothing' \
	'kind: want nothing, got "storage#objects"' <<'END'
A list
	* bucket demo with a b
	> GET /storage/v1/b/demo/o
	< 200
	{"kind": "(absent)", "items": [{"flavour": "sweet"}, {"name": "c"}]}
END

fails 'fewer items' 'items: want 1 items, got 2' <<'END'
A list
	* bucket demo with a b
	> GET /storage/v1/b/demo/o
	< 200
	{"items": [{"name": "a"}]}
END

fails 'another error' 'error.errors[0].reason: want "gone", got "notFound"' <<'END'
An error
	* bucket demo
	> GET /storage/v1/b/demo/o/a
	< 404
	< error gone: No such object: demo/a
END

fails 'a header' 'want the header Content-Type: text/html' \
	'want no Date' <<'END'
Headers
	* bucket demo
	> GET /storage/v1/b/demo
	< 200
	< Content-Type: text/html
	< no Date
END

fails 'other bytes' 'want the body:' <<'END'
Bytes
	* bucket demo with a
	> GET /storage/v1/b/demo/o/a?alt=media
	< 200
	b
END

fails 'a step that must succeed' 'want this to succeed' <<'END'
A step without an answer
	> GET /storage/v1/b/demo
	* wait 1s
END

fails 'no title' 'Bail out! fixtures/contract/mine.txt:1: want a title' <<'END'
	> GET /storage/v1/b/demo
END

fails 'an unknown action' 'mine.txt:2: want gcs-sim, bucket or wait' <<'END'
An action
	* dance
END

fails 'an unbound variable' 'mine.txt:2: a variable that no answer has' <<'END'
A variable
	> GET /storage/v1/b/$demo
	< 404
END

fails 'a body without a request' "mine.txt:2: want '>', '>>', '<' or '*'" <<'END'
A body
	hello
END

fails 'an unknown option' "mine.txt:2: " <<'END'
An option
	* gcs-sim --frobnicate
	> GET /storage/v1/b
END

run env top_srcdir="$work" "$bin/tests/contract/check_contract" none.txt
ok 'a file that is not there' [ "$status" -eq 1 ]
says 'a file that is not there' 'Bail out! fixtures/contract/none.txt'

done_testing
