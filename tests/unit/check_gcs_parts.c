/* SPDX-License-Identifier: MIT */
/* What breaks goes on where it broke: reads by Range, uploads by their session;
 * and what a server may not make of that. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/gcs_world.h"

#define HEAD(status, fields) "HTTP/1.1 " status "\r\n" fields "\r\n"

static bool
asked(const struct gcs_world *w, size_t i, const char *words)
{
	return i < raw_server_heads(w->server) &&
	    strstr(raw_server_head(w->server, i), words) != NULL;
}

static enum storage_verdict
settle(struct gcs_world *w)
{
	storage_submit(w->store, &w->op);
	ck_assert_ptr_eq(storage_reap(w->store), &w->op);
	return w->op.verdict;
}

/* --- reads --- */

static const char first_half[] = HEAD("200 OK",
    "x-goog-generation: 77\r\nContent-Length: 8\r\n") "abcd";

START_TEST(a_broken_read_asks_for_the_rest_of_the_same_generation)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_step(w.server, first_half, 0, RAW_RESET);
	raw_server_step(w.server,
	    HEAD("206 Partial Content",
		"Content-Range: bytes 4-7/8\r\nContent-Length: 4\r\n") "ef",
	    0, RAW_CLOSE);
	raw_server_step(w.server,
	    HEAD("206 Partial Content",
		"content-range: bytes 6-7/8\r\nContent-Length: 2\r\n") "gh",
	    0, RAW_KEEP);
	storage_ask_get(&w.op, "a", 8);
	ck_assert_int_eq(settle(&w), STORAGE_OK);
	ck_assert_str_eq(w.op.body.data, "abcdefgh");
	ck_assert(!asked(&w, 0, "Range:"));
	ck_assert(asked(&w, 1, "\r\nRange: bytes=4-\r\n"));
	ck_assert(asked(&w, 1, "&ifGenerationMatch=77 "));
	ck_assert(asked(&w, 2, "\r\nRange: bytes=6-\r\n"));
	gcs_world_release(&w);
}
END_TEST

START_TEST(an_object_that_was_replaced_is_read_from_its_beginning)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_step(w.server, first_half, 0, RAW_RESET);
	raw_server_answer(w.server, 412, "");
	raw_server_answer(w.server, 200, "new");
	storage_ask_get(&w.op, "a", 8);
	ck_assert_int_eq(settle(&w), STORAGE_OK);
	ck_assert_str_eq(w.op.body.data, "new");
	ck_assert(!asked(&w, 2, "Range:"));
	ck_assert(!asked(&w, 2, "ifGenerationMatch"));
	gcs_world_release(&w);
}
END_TEST

START_TEST(a_server_that_knows_no_range_is_heard_from_the_beginning)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_step(w.server, first_half, 0, RAW_RESET);
	raw_server_answer(w.server, 200, "abcdefgh");
	storage_ask_get(&w.op, "a", 4);
	ck_assert_int_eq(settle(&w), STORAGE_FAILED); /* 8 bytes, not 4 */
	ck_assert_uint_eq(w.op.body.len, 0);
	gcs_world_reopen(&w);
	raw_server_reset(w.server);
	raw_server_step(w.server, first_half, 0, RAW_RESET);
	raw_server_answer(w.server, 200, "ABCD");
	storage_ask_get(&w.op, "a", 8);
	ck_assert_int_eq(settle(&w), STORAGE_OK);
	ck_assert_str_eq(w.op.body.data, "ABCD");
	gcs_world_release(&w);
}
END_TEST

START_TEST(another_part_than_the_one_asked_for_is_refused)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_step(w.server, first_half, 0, RAW_RESET);
	raw_server_step(w.server,
	    HEAD("206 Partial Content",
		"Content-Range: bytes 0-3/8\r\nContent-Length: 4\r\n") "abcd",
	    0, RAW_KEEP);
	storage_ask_get(&w.op, "a", 8);
	ck_assert_int_eq(settle(&w), STORAGE_FAILED);
	gcs_world_says(&w, ERR_PROTOCOL, "another part");
	ck_assert_uint_eq(w.op.body.len, 0);
	gcs_world_release(&w);
}
END_TEST

START_TEST(what_was_kept_takes_no_room_from_a_server_without_ranges)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_step(w.server, first_half, 0, RAW_RESET);
	raw_server_answer(w.server, 200, "ABCDEFGH");
	storage_ask_get(&w.op, "a", 8);
	ck_assert_int_eq(settle(&w), STORAGE_OK);
	ck_assert_str_eq(w.op.body.data, "ABCDEFGH");
	gcs_world_release(&w);
}
END_TEST

START_TEST(parts_may_not_be_more_together_than_the_limit)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_step(w.server, first_half, 0, RAW_RESET);
	raw_server_step(w.server,
	    HEAD("206 Partial Content",
		"Content-Range: bytes 4-7/8\r\nContent-Length: 4\r\n") "efgh",
	    0, RAW_KEEP);
	storage_ask_get(&w.op, "a", 7);
	ck_assert_int_eq(settle(&w), STORAGE_FAILED);
	gcs_world_says(&w, ERR_PROTOCOL, "over 7 bytes");
	ck_assert_uint_eq(w.op.body.len, 0);
	gcs_world_release(&w);
}
END_TEST

START_TEST(a_part_that_stops_before_the_end_is_no_whole_object)
{
	static const char *const ranges[] = { "bytes 4-5/8", "bytes 4-5/6x",
		"bytes 4-5/*", "bytes 4-7/8", "bytes 4-x",
		"bytes 4-18446744073709551615/0" };
	char reply[256];
	struct gcs_world w;
	size_t i;

	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		gcs_world_init(&w);
		raw_server_step(w.server, first_half, 0, RAW_RESET);
		snprintf(reply, sizeof(reply),
		    HEAD("206 Partial Content",
			"Content-Range: %s\r\nContent-Length: 2\r\n") "ef",
		    ranges[i]);
		raw_server_step(w.server, reply, 0, RAW_KEEP);
		storage_ask_get(&w.op, "a", 8);
		ck_assert_int_eq(settle(&w), STORAGE_FAILED);
		gcs_world_says(&w, ERR_PROTOCOL, "another part");
		ck_assert_uint_eq(w.op.body.len, 0);
		gcs_world_release(&w);
	}
}
END_TEST

/* --- uploads --- */

static void
begin_upload(struct gcs_world *w, const char *location)
{
	char reply[512];

	gcs_world_init(w);
	w->opts.resumable_over = 4;
	gcs_world_reopen(w);
	snprintf(reply, sizeof(reply),
	    HEAD("200 OK", "Location: %s/session\r\nContent-Length: 0\r\n"),
	    location != NULL ? location : raw_server_url(w->server));
	raw_server_step(w->server, reply, 0, RAW_KEEP);
	storage_ask_put(&w->op, "a", "abcdefgh", 8);
	storage_if_generation(&w->op, 0);
}

START_TEST(a_broken_upload_asks_how_much_came_and_sends_the_rest)
{
	struct gcs_world w;

	begin_upload(&w, NULL);
	raw_server_answer(w.server, 503, "");
	raw_server_step(w.server,
	    HEAD("308 Resume Incomplete",
		"Range: bytes=0-4\r\nContent-Length: 0\r\n"),
	    0, RAW_KEEP);
	raw_server_answer(w.server, 200, "{\"generation\":\"9\"}");
	ck_assert_int_eq(settle(&w), STORAGE_OK);
	ck_assert_uint_eq(w.op.put_generation, 9);
	ck_assert(asked(&w, 0, "uploadType=resumable&name=a"));
	ck_assert(asked(&w, 0, "&ifGenerationMatch=0"));
	ck_assert(asked(&w, 0, "\r\nX-Upload-Content-Length: 8\r\n"));
	ck_assert(asked(&w, 1, "\r\nContent-Range: bytes 0-7/8\r\n"));
	ck_assert(asked(&w, 2, "\r\nContent-Range: bytes */8\r\n"));
	ck_assert(asked(&w, 3, "\r\nContent-Range: bytes 5-7/8\r\n"));
	gcs_world_release(&w);
}
END_TEST

START_TEST(a_session_elsewhere_is_sent_nothing)
{
	struct gcs_world w;

	begin_upload(&w, "http://127.0.0.1:1");
	ck_assert_int_eq(settle(&w), STORAGE_FAILED);
	gcs_world_says(&w, ERR_PROTOCOL, "not on this server");
	ck_assert_uint_eq(w.op.attempts, 1);
	gcs_world_release(&w);
}
END_TEST

START_TEST(a_session_that_cannot_be_asked_ends_the_upload)
{
	char location[128], reply[256];
	struct gcs_world w;

	gcs_world_init(&w);
	snprintf(location, sizeof(location), "%s/\x01",
	    raw_server_url(w.server));
	w.opts.resumable_over = 4;
	gcs_world_reopen(&w);
	snprintf(reply, sizeof(reply),
	    HEAD("200 OK", "Location: %s\r\nContent-Length: 0\r\n"), location);
	raw_server_step(w.server, reply, 0, RAW_KEEP);
	storage_ask_put(&w.op, "a", "abcdefgh", 8);
	storage_if_generation(&w.op, 0);
	ck_assert_int_eq(settle(&w), STORAGE_FAILED);
	gcs_world_says(&w, ERR_PROTOCOL, "not on this server");
	gcs_world_release(&w);
}
END_TEST

START_TEST(a_range_that_cannot_be_is_refused)
{
	static const char *const ranges[] = { "bytes=0-8", "bytes=1-3",
		"bytes=0-", "bytes=0-99999999999999999999", "x" };
	char reply[256];
	struct gcs_world w;
	size_t i;

	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		begin_upload(&w, NULL);
		snprintf(reply, sizeof(reply),
		    HEAD("308 Resume", "Range: %s\r\nContent-Length: 0\r\n"),
		    ranges[i]);
		raw_server_step(w.server, reply, 0, RAW_KEEP);
		ck_assert_int_eq(settle(&w), STORAGE_FAILED);
		gcs_world_says(&w, ERR_PROTOCOL, "the upload's range");
		gcs_world_release(&w);
	}
}
END_TEST

START_TEST(an_upload_that_never_moves_ends)
{
	struct gcs_world w;

	begin_upload(&w, NULL);
	raw_server_step(w.server,
	    HEAD("308 Resume Incomplete", "Content-Length: 0\r\n"), 0,
	    RAW_KEEP);
	ck_assert_int_eq(settle(&w), STORAGE_FAILED);
	ck_assert_uint_le(w.op.attempts, 10);
	gcs_world_release(&w);
	/* Nor does one whose sessions are forgotten one after the other. */
	begin_upload(&w, NULL);
	raw_server_answer(w.server, 410, "");
	ck_assert_int_eq(settle(&w), STORAGE_FAILED);
	ck_assert_uint_le(w.op.attempts, 10);
	gcs_world_release(&w);
}
END_TEST

/* --- idempotency tokens --- */

static void
token_of(const struct gcs_world *w, size_t i, char out[40])
{
	static const char name[] = "\r\nx-goog-gcs-idempotency-token: ";
	const char *at = strstr(raw_server_head(w->server, i), name);

	ck_assert_ptr_nonnull(at);
	snprintf(out, 40, "%.36s", at + sizeof(name) - 1);
	ck_assert_uint_eq(strspn(out, "0123456789abcdef-"), 36);
	ck_assert(out[8] == '-' && out[13] == '-' && out[18] == '-' &&
	    out[23] == '-' && out[14] == '4');
}

START_TEST(a_token_is_an_operation_s_on_all_its_tries)
{
	char tokens[3][40];
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_answer(w.server, 503, "");
	raw_server_answer(w.server, 204, "");
	storage_ask_delete(&w.op, "a");
	storage_if_generation(&w.op, 7);
	ck_assert_int_eq(settle(&w), STORAGE_OK);
	ck_assert_int_eq(settle(&w), STORAGE_OK);
	token_of(&w, 0, tokens[0]);
	token_of(&w, 1, tokens[1]);
	token_of(&w, 2, tokens[2]);
	ck_assert_str_eq(tokens[0], tokens[1]);
	ck_assert_str_ne(tokens[0], tokens[2]);
	raw_server_answer(w.server, 404, "");
	storage_ask_get(&w.op, "a", 8);
	settle(&w);
	ck_assert(!asked(&w, 3, "idempotency-token"));
	gcs_world_release(&w);
}
END_TEST

START_TEST(lines_of_the_options_are_in_every_request)
{
	struct gcs_world w;

	gcs_world_init(&w);
	w.opts.quota_project = "payer-1";
	w.opts.header = "x-retry-test-id: 42";
	gcs_world_reopen(&w);
	raw_server_answer(w.server, 404, "");
	storage_ask_get(&w.op, "a", 8);
	settle(&w);
	storage_ask_delete(&w.op, "a");
	settle(&w);
	ck_assert(asked(&w, 0, "\r\nx-goog-user-project: payer-1\r\n"));
	ck_assert(asked(&w, 1, "\r\nx-goog-user-project: payer-1\r\n"));
	ck_assert(asked(&w, 1, "\r\nx-retry-test-id: 42\r\n"));
	ck_assert(!asked(&w, 1, "\r\nAuthorization:"));
	gcs_world_release(&w);
}
END_TEST

int
main(void)
{
	return suite_run("gcs parts",
	    a_broken_read_asks_for_the_rest_of_the_same_generation,
	    an_object_that_was_replaced_is_read_from_its_beginning,
	    a_server_that_knows_no_range_is_heard_from_the_beginning,
	    what_was_kept_takes_no_room_from_a_server_without_ranges,
	    parts_may_not_be_more_together_than_the_limit,
	    a_part_that_stops_before_the_end_is_no_whole_object,
	    another_part_than_the_one_asked_for_is_refused,
	    a_broken_upload_asks_how_much_came_and_sends_the_rest,
	    a_session_elsewhere_is_sent_nothing,
	    a_session_that_cannot_be_asked_ends_the_upload,
	    a_range_that_cannot_be_is_refused, an_upload_that_never_moves_ends,
	    a_token_is_an_operation_s_on_all_its_tries,
	    lines_of_the_options_are_in_every_request, NULL);
}
