/* SPDX-License-Identifier: MIT */
/*
 * The conformance cases that Google holds its own client libraries to, as far as
 * they are about listing, reading, deleting and writing objects: a retry test is
 * made by the storage testbench's API, one operation names it in a header, and
 * then it must have succeeded or failed, and have met every instruction.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"
#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/gcs/gcs.h"
#include "src/net/client.h"
#include "src/storage/storage.h"
#include "tests/support/suite.h"

enum {
	SMALL = 300 * 1024,     /* longer than 256K, after which reads break */
	LARGE = 9 * 1024 * 1024 /* longer than 8192K, after which uploads do */
};

enum {
	LISTS = 1 << STORAGE_LIST,
	GETS = 1 << STORAGE_GET,
	PUTS = 1 << STORAGE_PUT,
	DELETES = 1 << STORAGE_DELETE
};

#define RESET "\"return-reset-connection\""

static const struct scenario {
	int id;
	unsigned kinds; /* each is a case */
	bool has_condition;
	bool is_success;
	const char *steps; /* as JSON has them */
} scenarios[] = {
	{ 1, LISTS | GETS, false, true, "\"return-503\",\"return-503\"" },
	{ 1, LISTS | GETS, false, true, RESET "," RESET },
	{ 1, LISTS | GETS, false, true, RESET ",\"return-503\"" },
	{ 2, PUTS | DELETES, true, true, "\"return-503\",\"return-503\"" },
	{ 2, PUTS | DELETES, true, true, RESET "," RESET },
	{ 2, PUTS | DELETES, true, true, RESET ",\"return-503\"" },
	{ 3, PUTS | DELETES, false, false, "\"return-503\"" },
	{ 3, PUTS | DELETES, false, false, RESET },
	{ 5, LISTS | GETS | PUTS | DELETES, false, false, "\"return-400\"" },
	{ 5, LISTS | GETS | PUTS | DELETES, false, false, "\"return-401\"" },
	{ 6, LISTS | GETS | PUTS | DELETES, true, false,
	    "\"return-503\",\"return-400\"" },
	{ 6, LISTS | GETS | PUTS | DELETES, true, false,
	    RESET ",\"return-401\"" },
	{ 7, PUTS, true, true, RESET ",\"return-503\"" },
	{ 7, PUTS, true, true, "\"return-408\"" },
	{ 7, PUTS, true, true, "\"return-503-after-256K\"" },
	{ 7, PUTS, true, true, "\"return-503-after-8192K\",\"return-408\"" },
	{ 8, GETS, false, true,
	    "\"return-broken-stream\",\"return-broken-stream\"" },
	{ 8, GETS, false, true, "\"return-broken-stream-after-256K\"" },
};

static struct loop *loop;
static struct sim *sim;
static struct http_client *http;
static char *bytes; /* LARGE of them, no two ranges alike */

/* --- the testbench's API --- */

static const char *
call(enum http_method method, const char *path, const char *body,
    struct http_request *req)
{
	struct err err = ERR_INIT;
	char url[256];

	snprintf(url, sizeof(url), "%s%s", sim_url(sim), path);
	req->method = method;
	req->url = url;
	req->body = body;
	req->length = body != NULL ? strlen(body) : 0;
	req->content_type = body != NULL ? "application/json" : NULL;
	req->max_content = 65536;
	http_client_submit(http, req);
	while (http_client_reap(http) == NULL)
		ck_assert_msg(loop_step(loop, &err) == 0, "%s", err.text);
	ck_assert_msg(req->outcome == HTTP_ANSWERED && req->status == 200,
	    "%s: %d %s", path, req->status, req->content.data);
	return req->content.data;
}

/* Its id goes into the header line. */
static void
make_test(const struct scenario *s, enum storage_kind kind, char *line,
    size_t size)
{
	static const char *const methods[STORAGE_KINDS] = {
		[STORAGE_LIST] = "storage.objects.list",
		[STORAGE_GET] = "storage.objects.get",
		[STORAGE_PUT] = "storage.objects.insert",
		[STORAGE_DELETE] = "storage.objects.delete",
	};
	struct http_request req;
	const char *id;
	char body[512];

	snprintf(body, sizeof(body),
	    "{\"instructions\":{\"%s\":[%s]},\"transport\":\"HTTP\"}",
	    methods[kind], s->steps);
	http_request_init(&req);
	id = strstr(call(HTTP_POST, "/retry_test", body, &req), "\"id\"");
	ck_assert_ptr_nonnull(id);
	snprintf(line, size, "x-retry-test-id: %.32s", strchr(id + 4, '"') + 1);
	http_request_release(&req);
}

static bool
is_completed(const char *line)
{
	struct http_request req;
	char path[128];
	bool is;

	snprintf(path, sizeof(path), "/retry_test/%s", strchr(line, ' ') + 1);
	http_request_init(&req);
	is = strstr(call(HTTP_GET, path, NULL, &req), "\"completed\": true") !=
		NULL ||
	    strstr(req.content.data, "\"completed\":true") != NULL;
	http_request_release(&req);
	return is;
}

/* --- the operation --- */

static struct storage *
open_store(const struct scenario *s, const char *line)
{
	struct err err = ERR_INIT;
	struct gcs_opts opts;
	struct storage *store;

	gcs_defaults(&opts);
	opts.endpoint = sim_url(sim);
	opts.bucket = "demo";
	opts.connections = 2;
	opts.header = line;
	if (s->id == 7)
		opts.resumable_over = 0;
	store = gcs_open(loop, &opts, &err);
	ck_assert_msg(store != NULL, "%s", err.text);
	return store;
}

static void
run(struct storage *store, struct storage_op *op)
{
	storage_submit(store, op);
	ck_assert_ptr_eq(storage_reap(store), op);
}

static uint64_t
prepare(const struct scenario *s, struct storage_op *op)
{
	struct storage *store = open_store(s, NULL);
	uint64_t generation;

	storage_ask_put(op, "a", bytes, SMALL);
	run(store, op);
	ck_assert_msg(op->verdict == STORAGE_OK, "%s", op->err.text);
	generation = op->put_generation;
	storage_close(store);
	return generation;
}

static void
ask(const struct scenario *s, enum storage_kind kind, struct storage_op *op,
    uint64_t generation)
{
	switch (kind) {
	case STORAGE_LIST:
		storage_ask_list(op, "", "");
		return;
	case STORAGE_GET:
		storage_ask_get(op, "a", LARGE);
		return;
	case STORAGE_PUT:
		storage_ask_put(op, "a", bytes, s->id == 7 ? LARGE : SMALL);
		break;
	case STORAGE_DELETE:
		storage_ask_delete(op, "a");
		break;
	}
	if (s->has_condition)
		storage_if_generation(op, generation);
}

/* Instructions are strings, two quotes each. */
static unsigned
count_steps(const struct scenario *s)
{
	unsigned quotes = 0;
	const char *c;

	for (c = s->steps; *c != '\0'; c++)
		quotes += *c == '"';
	return quotes / 2;
}

static void
check_bytes(struct storage *store, struct storage_op *op, size_t n)
{
	if (op->kind == STORAGE_PUT) {
		storage_ask_get(op, "a", LARGE);
		run(store, op);
	}
	ck_assert_msg(op->verdict == STORAGE_OK, "%s", op->err.text);
	ck_assert_uint_eq(op->body.len, n);
	ck_assert(memcmp(op->body.data, bytes, n) == 0);
}

static void
play(const struct scenario *s, enum storage_kind kind)
{
	struct storage *store;
	struct storage_op op;
	uint64_t generation;
	char line[128], name[128];

	snprintf(name, sizeof(name), "scenario %d, %s, %s", s->id,
	    storage_kind_name(kind), s->steps);
	storage_op_init(&op);
	generation = prepare(s, &op);
	make_test(s, kind, line, sizeof(line));
	store = open_store(s, line);
	ask(s, kind, &op, generation);
	run(store, &op);
	ck_assert_msg((op.verdict == STORAGE_OK) == s->is_success, "%s: %s %s",
	    name, storage_verdict_name(op.verdict), op.err.text);
	ck_assert_msg(is_completed(line), "%s: not completed", name);
	if (s->id != 7)
		ck_assert_msg(op.attempts == count_steps(s) + s->is_success,
		    "%s: %u attempts", name, op.attempts);
	if (s->is_success && (kind == STORAGE_GET || kind == STORAGE_PUT))
		check_bytes(store, &op, s->id == 7 ? LARGE : SMALL);
	storage_close(store);
	storage_op_release(&op);
}

START_TEST(every_case_ends_as_it_must)
{
	struct http_opts http_opts = { .connections = 1,
		.user_agent = "check" };
	struct err err = ERR_INIT;
	struct sim_opts opts;
	int kind;
	size_t i;

	loop = loop_new(LOOP_VIRTUAL);
	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.latency = sim_constant(1000);
	sim = sim_start_on(loop, &opts, &err);
	ck_assert_msg(sim != NULL, "%s", err.text);
	http = http_client_open(loop, &http_opts);
	bytes = mem_zalloc(LARGE, 1);
	for (i = 0; i < LARGE; i++)
		bytes[i] = (char)(i * 2654435761U >> 13);
	for (i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		for (kind = 0; kind < STORAGE_KINDS; kind++) {
			if (scenarios[i].kinds & 1U << kind)
				play(&scenarios[i], (enum storage_kind)kind);
		}
	}
	free(bytes);
	http_client_close(http);
	sim_stop(sim);
	loop_free(loop);
}
END_TEST

int
main(void)
{
	return suite_run("retry conformance", every_case_ends_as_it_must, NULL);
}
