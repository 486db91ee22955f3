/* SPDX-License-Identifier: MIT */
/*
 * sim_access: calls about who may do what, one a line, METHOD TARGET BODY, on
 * one bucket "b" with one object "a".
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/operations.h"
#include "sim/reply.h"
#include "sim/rollback.h"
#include "sim/routes.h"
#include "sim/world.h"
#include "src/base/buf.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_access";

enum { CALLS_MAX = 16, NOW = 1000000000 };

static const char *
find_header(const void *from, const char *name)
{
	(void)from, (void)name;
	return NULL;
}

static enum http_method
method_of(const char *word)
{
	static const struct {
		const char *word;
		enum http_method method;
	} rows[] = { { "GET", HTTP_GET }, { "POST", HTTP_POST },
		{ "PUT", HTTP_PUT }, { "PATCH", HTTP_PATCH },
		{ "DELETE", HTTP_DELETE } };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].word, word) == 0)
			return rows[i].method;
	}
	return HTTP_OTHER_METHOD;
}

/* Of access, and what changes the same with a bucket or an object. */
static bool
is_ours(enum operation op)
{
	return (op >= OP_BUCKET_POLICY && op <= OP_SERVICE_ACCOUNT) ||
	    op == OP_BUCKET_PATCH || op == OP_BUCKET_UPDATE ||
	    op == OP_OBJECT_PATCH || op == OP_OBJECT_UPDATE;
}

static void
check_reply(const struct reply *r)
{
	json_t *body;

	LAW((r->status >= 200 && r->status < 500) || r->status == 501,
	    "no call brings the server into trouble");
	if (r->body.len == 0)
		return;
	body = json_loadb(r->body.data, r->body.len, 0, NULL);
	LAW(json_is_object(body), "an answer is an object in JSON");
	json_decref(body);
}

/* False: it is none of our calls. */
static bool
run(struct world *w, const char *method, const char *target, const char *body,
    struct reply *reply)
{
	struct route route;
	struct ask ask = { .route = &route,
		.self = { "http", "h" },
		.headers = { find_header, NULL, NULL },
		.body = body,
		.body_len = strlen(body),
		.now_us = NOW,
		.wall_us = NOW };
	bool is_run;

	route_init(&route);
	route_parse(&route, method_of(method), target);
	is_run = is_ours(route.op);
	if (is_run) {
		operations_run(w, &ask, reply);
		check_reply(reply);
	}
	route_release(&route);
	return is_run;
}

static void
run_lines(struct world *w, char *text, struct reply *reply)
{
	char *line, *method, *target, *lines = text, *at;
	int n;

	for (n = 0; n < CALLS_MAX && (line = strsep(&lines, "\n")) != NULL;
	     n++) {
		at = line;
		method = strsep(&at, " ");
		target = strsep(&at, " ");
		if (target != NULL && target[0] == '/')
			run(w, method, target, at != NULL ? at : "", reply);
	}
}

/* Whatever was done to it, a world can be read, and a copy says the same. */
static void
check_world(struct world *w, struct reply *reply)
{
	static const char *const targets[] = { "/b/b/acl",
		"/b/b/defaultObjectAcl", "/b/b/o/a/acl", "/b/b/iam",
		"/b/b/notificationConfigs",
		"/projects/p/hmacKeys?showDeletedKeys=true" };
	struct world copy = { 0 };
	struct buf was;
	size_t i;

	buf_init(&was, SIZE_MAX);
	rollback_world(&copy, w);
	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		run(w, "GET", targets[i], "", reply);
		LAW(reply->status == 200 || reply->status == 400,
		    "what was set can be read");
		buf_clear(&was);
		buf_add(&was, reply->body.data, reply->body.len);
		run(&copy, "GET", targets[i], "", reply);
		LAW(strcmp(was.data, reply->body.data) == 0,
		    "a copy of the world has all of it");
	}
	buf_release(&was);
	world_release(&copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = fuzz_string(data, n);
	struct world w = { 0 };
	struct reply reply;

	reply_init(&reply);
	bucket_publish(world_add(&w, "b", NOW), "a", 1, 0,
	    world_generation(&w, NOW), NULL, NULL);
	run_lines(&w, text, &reply);
	check_world(&w, &reply);
	world_release(&w);
	reply_release(&reply);
	free(text);
	return 0;
}
