/* SPDX-License-Identifier: MIT */
/*
 * What servers say: answers that are no token, or have no end, lead to a failure
 * in good time and to no request; and what is quoted of a secret is not said
 * again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/net/outage.h"
#include "tests/driver/leak_world.h"
#include "tests/support/raw_server.h"
#include "tests/support/suite.h"
#include "tests/support/tls_server.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What the metadata server says, nobody else minds. */
#define HEAD "Metadata-Flavor: Google\r\n"

/* No refresh takes longer: three tries of 30 s, and the pauses between.  Who has
 * had a token waits for another one as long as an outage may last. */
#define REFRESH_US UINT64_C(100000000)

/* --- answers that are no token --- */

static void
say(struct leak_world *w, int status, const char *body)
{
	size_t n = strlen(body), room = n + 200;
	char *reply = mem_alloc(room);

	snprintf(reply, room,
	    "HTTP/1.1 %d So\r\n" HEAD "Content-Length: %zu\r\n\r\n%s", status,
	    n, body);
	raw_server_step(w->victim, reply, 0, RAW_KEEP);
	free(reply);
}

static void
say_token(struct leak_world *w, const char *value)
{
	size_t room = 2 * strlen(value) + 200;
	char *body = mem_alloc(room);

	snprintf(body, room, "{\"%s\":%s,\"expires_in\":3599,\"x\":%s}",
	    w->asker == LEAK_IAM ? "accessToken" : "access_token", value,
	    value);
	say(w, 200, body);
	free(body);
}

static const struct {
	const char *what, *value;
} no_tokens[] = {
	{ "a line break in the token", "\"t\\r\\nX-Led: astray\"" },
	{ "a line feed", "\"t\\n\"" },
	{ "a blank", "\"t u\"" },
	{ "a tabulator", "\"t\\tu\"" },
	{ "a NUL", "\"t\\u0000u\"" },
	{ "a letter that is not ASCII", "\"t\\u00e9\"" },
	{ "DEL", "\"t\\u007f\"" },
	{ "an empty token", "\"\"" },
	{ "a number", "17" },
	{ "null", "null" },
	{ "an array", "[\"t\"]" },
	{ "half an answer", "\"t" },
};

START_TEST(what_is_no_token_is_carried_by_no_request)
{
	struct leak_world w;
	int asker;
	size_t i;

	for (asker = LEAK_USER; asker < LEAK_ASKERS; asker++) {
		for (i = 0; i < COUNT(no_tokens); i++) {
			/* A subject token is text, and anything may be one
			 * that is a word. */
			if (asker == LEAK_SUBJECT)
				continue;
			leak_world_init(&w, (enum leak_asker)asker);
			say_token(&w, no_tokens[i].value);
			leak_run_failing(&w, STORAGE_DELETE, no_tokens[i].what);
			ck_assert_int_eq(w.err.code, ERR_PROTOCOL);
			leak_world_release(&w);
		}
	}
}
END_TEST

START_TEST(a_subject_token_is_one_word)
{
	static const char *const odd[] = { "", " \n", "two words",
		"a line\r\nX: y", "\x7f", "caf\xc3\xa9" };
	struct leak_world w;
	size_t i;

	for (i = 0; i < COUNT(odd); i++) {
		leak_world_init(&w, LEAK_SUBJECT);
		say(&w, 200, odd[i]);
		leak_run_failing(&w, STORAGE_DELETE, odd[i]);
		ck_assert_int_eq(w.err.code, ERR_CONFIG);
		ck_assert_uint_eq(raw_server_heads(tls_server_raw(w.desk)), 0);
		leak_world_release(&w);
	}
}
END_TEST

/* --- answers without measure --- */

static void
say_long_token(struct leak_world *w, size_t n)
{
	char *value = mem_alloc(n + 3);

	memset(value, 't', n + 2);
	value[0] = value[n + 1] = '"';
	value[n + 2] = '\0';
	say_token(w, value);
	free(value);
}

static void
say_endlessly(struct leak_world *w)
{
	enum { CHUNK = 8192, CHUNKS = 64 };
	struct buf reply;
	int i, k;

	buf_init(&reply, SIZE_MAX / 4);
	buf_adds(&reply,
	    "HTTP/1.1 200 So\r\n" HEAD "Transfer-Encoding: chunked\r\n\r\n");
	for (i = 0; i < CHUNKS; i++) {
		buf_addf(&reply, "%x\r\n", CHUNK);
		for (k = 0; k < CHUNK; k++)
			buf_addc(&reply, ' ');
		buf_adds(&reply, "\r\n");
	}
	raw_server_step(w->victim, reply.data, 0, RAW_KEEP);
	buf_release(&reply);
}

/* Each is an answer that begins well. */
static const char *const halves[] = {
	"",
	"HTTP/1.1 2",
	"HTTP/1.1 200 So\r\n" HEAD "Content-Length: 400\r\n\r\n"
	"{\"access_token\":",
	"HTTP/1.1 200 So\r\n" HEAD "Transfer-Encoding: chunked\r\n\r\n"
	"5\r\n{\"acc",
	"HTTP/1.1 100 Continue\r\n\r\n",
	"HTTP/1.1 200 So\r\nX-Slow: ",
};

START_TEST(what_is_too_long_is_not_read)
{
	struct leak_world w;
	int asker, i;

	for (asker = LEAK_USER; asker < LEAK_ASKERS; asker++) {
		for (i = 0; i < 3; i++) {
			leak_world_init(&w, (enum leak_asker)asker);
			if (i == 0)
				say_long_token(&w, 20000);
			else if (i == 1)
				say_long_token(&w, 1 << 20);
			else
				say_endlessly(&w);
			leak_run_failing(&w, STORAGE_DELETE, "too long");
			ck_assert_msg(w.err.code == ERR_PROTOCOL ||
				(asker == LEAK_SUBJECT &&
				    w.err.code == ERR_CONFIG) ||
				asker == LEAK_METADATA,
			    "%s: %s", leak_names[asker], w.err.text);
			leak_world_release(&w);
		}
	}
}
END_TEST

/* On a virtual clock, which moves when nothing else does. */
START_TEST(what_does_not_end_is_given_up_in_time)
{
	struct leak_world w;
	uint64_t began, longest;
	int asker;
	size_t i;

	for (asker = LEAK_USER; asker < LEAK_ASKERS; asker++) {
		for (i = 0; i < COUNT(halves); i++) {
			leak_world_init(&w, (enum leak_asker)asker);
			raw_server_step(w.victim, halves[i], 0, RAW_STALL);
			began = loop_now(w.loop);
			longest = asker == LEAK_KEY
			    ? OUTAGE_PATIENCE_US + 2 * REFRESH_US
			    : REFRESH_US;
			leak_run_failing(&w, STORAGE_DELETE, halves[i]);
			/* Of a metadata server nobody said that it is there. */
			ck_assert_int_eq(w.err.code,
			    asker == LEAK_METADATA ? ERR_AUTH : ERR_NET);
			ck_assert_uint_le(loop_now(w.loop) - began, longest);
			leak_world_release(&w);
		}
	}
}
END_TEST

START_TEST(a_page_has_a_most_length)
{
	enum { MOST = 17 * 1024 * 1024 };
	char *body = mem_alloc(MOST + 1);
	struct leak_world w;

	memset(body, ' ', MOST);
	body[MOST] = '\0';
	leak_world_init(&w, LEAK_API);
	say(&w, 200, body);
	leak_run_failing(&w, STORAGE_LIST, "17 MiB");
	ck_assert_int_eq(w.err.code, ERR_PROTOCOL);
	leak_world_release(&w);
	free(body);
}
END_TEST

START_TEST(who_is_not_google_is_no_metadata_server)
{
	static const char *const flavors[] = { "", "Metadata-Flavor: Other\r\n",
		"X-Metadata-Flavor: Google\r\n" };
	struct leak_world w;
	char reply[300];
	size_t i;

	for (i = 0; i < COUNT(flavors); i++) {
		leak_world_init(&w, LEAK_METADATA);
		snprintf(reply, sizeof(reply),
		    "HTTP/1.1 200 OK\r\n%sContent-Length: 20\r\n\r\n"
		    "{\"access_token\":\"t\"}",
		    flavors[i]);
		raw_server_step(w.victim, reply, 0, RAW_KEEP);
		leak_run_failing(&w, STORAGE_DELETE, flavors[i]);
		ck_assert_int_eq(w.err.code, ERR_AUTH);
		leak_world_release(&w);
	}
}
END_TEST

/* --- what is quoted --- */

/* @ is the secret. */
static const char *const quotes[] = {
	"{\"error\":\"invalid_grant\",\"error_description\":\"bad @\"}",
	"{\"error\":\"@\"}",
	"{\"error\":{\"code\":403,\"message\":\"(@)\",\"status\":\"@\"}}",
	"{\"error\":{\"message\":\"@\",\"errors\":[{\"reason\":\"@\"}]}}",
	"{\"error\":\"{\\\"message\\\":\\\"@\\\"}\"}",
	"<html><title>@</title></html>",
	"<?xml version='1.0'?><Error><Message>@</Message></Error>",
	"Authorization: Bearer @",
	"@",
	"\"@\"",
	"{\"@",
	"{@",
	"[\"@\", {\"access_token\":}]",
};

static void
add_quote(struct buf *out, const char *quote, const char *secret)
{
	for (; *quote != '\0'; quote++) {
		if (*quote == '@')
			buf_adds(out, secret);
		else
			buf_addc(out, *quote);
	}
}

static void
check_quote(enum leak_asker asker, int status, const char *quote, size_t before)
{
	/* What each of them was sent ends with it. */
	struct leak_world w;
	char padded[400];
	struct buf body;

	buf_init(&body, 2000);
	memset(padded, 'x', before);
	snprintf(padded + before, sizeof(padded) - before, " %s", CANARY);
	add_quote(&body, quote, padded);
	leak_world_init(&w, asker);
	say(&w, status, body.data);
	leak_run_failing(&w, STORAGE_DELETE, body.data);
	ck_assert_msg(strstr(w.err.text, "canary") == NULL, "%s: %s",
	    leak_names[asker], w.err.text);
	leak_world_release(&w);
	buf_release(&body);
}

START_TEST(no_refusal_quotes_a_secret)
{
	static const int statuses[] = { 400, 401, 403, 500 };
	static const enum leak_asker askers[] = { LEAK_API, LEAK_USER,
		LEAK_WORKLOAD, LEAK_SUBJECT, LEAK_IAM };
	size_t i, k, m;

	for (i = 0; i < COUNT(askers); i++) {
		for (k = 0; k < COUNT(quotes); k++) {
			for (m = 0; m < COUNT(statuses); m++)
				check_quote(askers[i], statuses[m], quotes[k],
				    0);
		}
	}
}
END_TEST

/* Texts are cut; a secret may be where they are. */
START_TEST(no_cut_leaves_a_part_of_a_secret)
{
	size_t before;

	for (before = 150; before < 260; before++) {
		check_quote(LEAK_USER, 400, quotes[0], before);
		check_quote(LEAK_API, 403, quotes[8], before);
	}
}
END_TEST

START_TEST(no_page_that_cannot_be_read_is_quoted)
{
	struct leak_world w;
	struct buf body;
	size_t k;

	buf_init(&body, 300);
	for (k = 0; k < COUNT(quotes); k++) {
		buf_clear(&body);
		add_quote(&body, quotes[k], "canary-1");
		leak_world_init(&w, LEAK_API);
		say(&w, 200, body.data);
		leak_run_failing(&w, STORAGE_LIST, body.data);
		ck_assert_ptr_null(strstr(w.err.text, "canary"));
		leak_world_release(&w);
	}
	buf_release(&body);
}
END_TEST

int
main(void)
{
	int rc;

	leak_prepare();
	rc = suite_run("leak answers",
	    what_is_no_token_is_carried_by_no_request,
	    a_subject_token_is_one_word, what_is_too_long_is_not_read,
	    what_does_not_end_is_given_up_in_time, a_page_has_a_most_length,
	    who_is_not_google_is_no_metadata_server, no_refusal_quotes_a_secret,
	    no_cut_leaves_a_part_of_a_secret,
	    no_page_that_cannot_be_read_is_quoted, NULL);
	printf("# %u answers that tell no secret\n", leak_count());
	return rc;
}
