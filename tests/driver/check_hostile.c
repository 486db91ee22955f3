/* SPDX-License-Identifier: MIT */
/*
 * A collection against a server that misbehaves while it is being read: the
 * mark ends with an error that says so in one line, its code is the cause's,
 * and no DELETE ever leaves.
 */
#include <stdio.h>
#include <string.h>

#include "src/base/loop.h"
#include "src/gcs/gcs.h"
#include "src/registry/gc.h"
#include "src/storage/storage.h"
#include "tests/support/raw_server.h"
#include "tests/support/suite.h"

#define V2    "docker/registry/v2/"
#define HEX   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define BLOB  V2 "blobs/sha256/aa/" HEX "/data"
#define LINK  V2 "repositories/a/_manifests/revisions/sha256/" HEX "/link"
#define BLOBS ITEM(BLOB, "1", "5")
#define ITEM(name, generation, size)                                      \
	"{\"items\":[{\"name\":\"" name "\",\"generation\":\"" generation \
	"\",\"size\":\"" size "\"}]}"

struct answer {
	const char *what;
	int status;
	const char *body;
	enum err_code code;
};

/* As an answer to a listing of blobs. */
static const struct answer pages[] = {
	{ "no JSON", 200, "hello", ERR_PROTOCOL },
	{ "nothing", 200, "", ERR_PROTOCOL },
	{ "HTML", 200, "<html>It works!</html>", ERR_PROTOCOL },
	{ "half a page", 200, "{\"items\":[{\"name\":\"" BLOB, ERR_PROTOCOL },
	{ "an array", 200, "[]", ERR_PROTOCOL },
	{ "items is a string", 200, "{\"items\":\"none\"}", ERR_PROTOCOL },
	{ "an item is a number", 200, "{\"items\":[1]}", ERR_PROTOCOL },
	{ "no name", 200, "{\"items\":[{\"generation\":\"1\"}]}",
	    ERR_PROTOCOL },
	{ "no generation", 200, "{\"items\":[{\"name\":\"" BLOB "\"}]}",
	    ERR_PROTOCOL },
	{ "generation 0", 200, ITEM(BLOB, "0", "5"), ERR_PROTOCOL },
	{ "generation -1", 200, ITEM(BLOB, "-1", "5"), ERR_PROTOCOL },
	{ "generation too large", 200, ITEM(BLOB, "18446744073709551616", "5"),
	    ERR_PROTOCOL },
	{ "size absurd", 200, ITEM(BLOB, "1", "99999999999999999999999"),
	    ERR_PROTOCOL },
	{ "size with a sign", 200, ITEM(BLOB, "1", "+5"), ERR_PROTOCOL },
	{ "a name outside the prefix", 200, ITEM("elsewhere", "1", "5"),
	    ERR_PROTOCOL },
	{ "an empty name", 200, ITEM("", "1", "5"), ERR_PROTOCOL },
	{ "a name with a line break", 200, ITEM(V2 "blobs/a\\nb", "1", "5"),
	    ERR_PROTOCOL },
	{ "names that descend", 200,
	    "{\"items\":[{\"name\":\"" V2
	    "blobs/b\",\"generation\":\"1\",\"size\":\"1\"},{\"name\":\"" V2
	    "blobs/a\",\"generation\":\"1\",\"size\":\"1\"}]}",
	    ERR_PROTOCOL },
	{ "a name twice", 200,
	    "{\"items\":[{\"name\":\"" V2
	    "blobs/b\",\"generation\":\"1\",\"size\":\"1\"},{\"name\":\"" V2
	    "blobs/b\",\"generation\":\"1\",\"size\":\"1\"}]}",
	    ERR_PROTOCOL },
	{ "the same page for ever", 200,
	    "{\"nextPageToken\":\"t\",\"items\":[{\"name\":\"" BLOB
	    "\",\"generation\":\"1\",\"size\":\"5\"}]}",
	    ERR_PROTOCOL },
	{ "an empty page for ever", 200, "{\"nextPageToken\":\"t\"}",
	    ERR_PROTOCOL },
	{ "the token is a number", 200, "{\"nextPageToken\":7}", ERR_PROTOCOL },
	{ "a redirect", 301, "", ERR_PROTOCOL },
	{ "bad request", 400, "{}", ERR_PROTOCOL },
	{ "no credentials", 401, "{}", ERR_AUTH },
	{ "no permission", 403, "{}", ERR_DENIED },
	{ "no bucket", 404, "{}", ERR_NOT_FOUND },
	{ "throttled", 429, "{}", ERR_THROTTLED },
	{ "server error", 500, "{}", ERR_NET },
	{ "unavailable", 503, "{}", ERR_THROTTLED },
};

/* As an answer to the reading of a link. */
static const struct answer links[] = {
	{ "a long link", 200, "sha256:" HEX HEX HEX HEX HEX HEX HEX HEX,
	    ERR_PROTOCOL },
	{ "a redirect", 302, "", ERR_PROTOCOL },
	{ "no credentials", 401, "{}", ERR_AUTH },
	{ "no permission", 403, "{}", ERR_DENIED },
	{ "gone each time", 404, "No such object", ERR_CORRUPT },
	{ "throttled", 429, "{}", ERR_THROTTLED },
	{ "server error", 502, "<html>", ERR_NET },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static size_t
deletes(const struct raw_server *server)
{
	size_t i, n = 0;

	for (i = 0; i < raw_server_heads(server); i++)
		n += strncmp(raw_server_head(server, i), "DELETE", 6) == 0;
	return n;
}

/* Plans against what the script says, one read at a time. */
static int
plan(struct loop *loop, struct raw_server *server, const struct gc_opts *what,
    struct err *err)
{
	struct gcs_opts opts;
	struct storage *store;
	struct gc gc;
	int rc;

	gcs_defaults(&opts);
	opts.endpoint = raw_server_url(server);
	opts.bucket = "demo";
	opts.connections = 1;
	store = gcs_open(loop, &opts, err);
	ck_assert_msg(store != NULL, "%s", err->text);
	ck_assert_int_eq(gc_init(&gc, what, err), 0);
	rc = gc_plan(&gc, store, err);
	ck_assert_uint_eq(deletes(server), 0);
	gc_release(&gc);
	storage_close(store);
	raw_server_reset(server);
	return rc;
}

/* Answers the code. */
static enum err_code
mark(struct loop *loop, struct raw_server *server, const char *what,
    struct err *err)
{
	static const struct gc_opts opts = {
		.root = "",
		.mark = { .delete_untagged = true, .width = 1 },
		.sweep = { .strategy = SWEEP_DELETE, .width = 10 },
		.guards = { .allow_empty_mark = true,
		    .max_delete = GUARD_LIMIT_NONE },
	};

	ck_assert_msg(plan(loop, server, &opts, err) == -1, "%s: no error",
	    what);
	ck_assert_msg(err->text[0] != '\0' && strchr(err->text, '\n') == NULL,
	    "%s: '%s'", what, err->text);
	return err->code;
}

static void
expect(struct loop *loop, struct raw_server *server, const char *what,
    enum err_code want)
{
	struct err err = ERR_INIT;
	enum err_code got = mark(loop, server, what, &err);

	ck_assert_msg(got == want, "%s: code %d, %s", what, (int)got, err.text);
}

START_TEST(a_bad_page_of_blobs_ends_the_mark)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct raw_server *server = raw_server_start(loop);
	size_t i;

	for (i = 0; i < COUNT(pages); i++) {
		raw_server_answer(server, pages[i].status, pages[i].body);
		expect(loop, server, pages[i].what, pages[i].code);
	}
	raw_server_stop(server);
	loop_free(loop);
}
END_TEST

START_TEST(a_bad_page_of_repositories_ends_the_mark)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct raw_server *server = raw_server_start(loop);
	size_t i;

	for (i = 0; i < COUNT(pages); i++) {
		raw_server_answer(server, 200, BLOBS);
		raw_server_answer(server, pages[i].status, pages[i].body);
		expect(loop, server, pages[i].what, pages[i].code);
	}
	raw_server_stop(server);
	loop_free(loop);
}
END_TEST

START_TEST(a_bad_second_page_ends_the_mark)
{
	static const char first[] =
	    "{\"nextPageToken\":\"t0\",\"items\":[{\"name\":\"" V2
	    "blobs/0\",\"generation\":\"1\",\"size\":\"5\"}]}";
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct raw_server *server = raw_server_start(loop);
	size_t i;

	for (i = 0; i < COUNT(pages); i++) {
		raw_server_answer(server, 200, first);
		raw_server_answer(server, pages[i].status, pages[i].body);
		expect(loop, server, pages[i].what, pages[i].code);
	}
	/* A page that begins before the one before it ended. */
	raw_server_answer(server, 200, first);
	raw_server_answer(server, 200, first);
	expect(loop, server, "the first page again", ERR_PROTOCOL);
	raw_server_stop(server);
	loop_free(loop);
}
END_TEST

START_TEST(a_link_that_cannot_be_read_ends_the_mark)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct raw_server *server = raw_server_start(loop);
	size_t i, again;

	for (i = 0; i < COUNT(links); i++) {
		raw_server_answer(server, 200, BLOBS);
		raw_server_answer(server, 200, ITEM(LINK, "2", "71"));
		/* Gone means: list its repository again, before all else.
		 * Three times; the manifest is gone too, behind the first. */
		for (again = 0; links[i].status == 404 && again < 3; again++) {
			raw_server_answer(server, 404, links[i].body);
			raw_server_answer(server, 200, ITEM(LINK, "2", "71"));
			if (again == 0)
				raw_server_answer(server, 404, links[i].body);
		}
		raw_server_answer(server, links[i].status, links[i].body);
		expect(loop, server, links[i].what, links[i].code);
	}
	raw_server_stop(server);
	loop_free(loop);
}
END_TEST

START_TEST(a_page_cut_at_any_byte_ends_the_mark)
{
	static const char page[] = "HTTP/1.1 200 OK\r\nContent-Type: "
				   "application/json\r\nContent-Length: 2\r\n"
				   "\r\n{}";
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct raw_server *server = raw_server_start(loop);
	struct err err = ERR_INIT;
	char cut[sizeof(page)];
	enum err_code code;
	size_t i;

	for (i = 0; i + 1 < sizeof(page); i++) {
		snprintf(cut, sizeof(cut), "%.*s", (int)i, page);
		/* Cut before the length is known it may also look whole, and
		 * empty. */
		raw_server_step(server, cut, 0, RAW_CLOSE);
		code = mark(loop, server, "a page cut short", &err);
		ck_assert_msg(code == ERR_NET || code == ERR_PROTOCOL,
		    "cut at %zu: %s", i, err.text);
		raw_server_step(server, cut, 0, RAW_RESET);
		expect(loop, server, "a page that ends in a reset", ERR_NET);
	}
	raw_server_stop(server);
	loop_free(loop);
}
END_TEST

static void
answer_of_2025(struct raw_server *server, const char *body)
{
	char text[1024];

	snprintf(text, sizeof(text),
	    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	    "Date: Wed, 01 Jan 2025 00:00:00 GMT\r\nContent-Length: %zu\r\n"
	    "\r\n%s",
	    strlen(body), body);
	raw_server_step(server, text, 0, RAW_KEEP);
}

/* One blob that nothing names, and a server that is a year behind. */
START_TEST(a_clock_far_off_the_servers_forbids_every_delete)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct raw_server *server = raw_server_start(loop);
	struct gc_opts opts = {
		.root = "",
		.mark = { .width = 1 },
		.guards = { .allow_empty_mark = true,
		    .max_delete = GUARD_LIMIT_NONE,
		    .max_skew_us = 300000000,
		    .wall_us = loop_wall(loop) },
	};
	struct err err = ERR_INIT;

	answer_of_2025(server, BLOBS);
	answer_of_2025(server, "{}");
	ck_assert_int_eq(plan(loop, server, &opts, &err), -1);
	ck_assert_int_eq(err.code, ERR_REFUSED);
	ck_assert_msg(strstr(err.text, "8760h ahead of the server's") != NULL &&
		strstr(err.text, "--max-skew off") != NULL,
	    "%s", err.text);
	opts.guards.max_skew_us = 0;
	answer_of_2025(server, BLOBS);
	answer_of_2025(server, "{}");
	err_clear(&err);
	ck_assert_msg(plan(loop, server, &opts, &err) == 0, "%s", err.text);
	raw_server_stop(server);
	loop_free(loop);
}
END_TEST

int
main(void)
{
	return suite_run("hostile", a_bad_page_of_blobs_ends_the_mark,
	    a_bad_page_of_repositories_ends_the_mark,
	    a_bad_second_page_ends_the_mark,
	    a_link_that_cannot_be_read_ends_the_mark,
	    a_page_cut_at_any_byte_ends_the_mark,
	    a_clock_far_off_the_servers_forbids_every_delete, NULL);
}
