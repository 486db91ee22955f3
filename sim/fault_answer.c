/* SPDX-License-Identifier: MIT */
/* The answers are production's where it has been heard to give that status, and
 * the storage testbench's where a test asked for that. */
#include "sim/fault_answer.h"

#include <stdio.h>
#include <string.h>

#include "sim/fault.h"
#include "sim/json_out.h"
#include "sim/reply.h"
#include "sim/routes.h"

static void
say_denied(const struct route *route, struct reply *reply)
{
	static const char *const verbs[SIM_KINDS] = { "objects.list",
		"objects.get", "objects.create", "objects.delete",
		"buckets.get", "objects.get" };
	bool is_object = route->kind == SIM_GET || route->kind == SIM_PUT ||
	    route->kind == SIM_DELETE;
	const char *verb = verbs[route->kind];
	struct buf text;

	buf_init(&text, 1024);
	buf_addf(&text,
	    "The caller does not have storage.%s access to the Google Cloud "
	    "Storage %s. Permission 'storage.%s' denied on resource (or it may "
	    "not exist).",
	    verb, is_object ? "object" : "bucket", verb);
	reply_error(reply, 403, "forbidden", NULL, text.data);
	buf_release(&text);
}

static void
say_not_found(const struct route *route, struct reply *reply)
{
	const struct buf *name = &route->name;

	if (route->kind == SIM_OTHER)
		reply_no_path(reply);
	else if (route->kind == SIM_LIST || route->kind == SIM_BUCKET)
		reply_no_bucket(reply);
	else if (route->op == OP_OBJECT_MEDIA)
		reply_no_media(reply, route->bucket.data, name->data,
		    name->len);
	else
		reply_no_object(reply, route->bucket.data, name->data,
		    name->len);
}

static void
say_plainly(int status, struct reply *reply)
{
	static const struct {
		int status;
		const char *reason;
		const char *location;
		const char *message;
	} rows[] = {
		{ 401, "authError", "Authorization", "Invalid Credentials" },
		{ 405, "methodNotAllowed", NULL, "Method Not Allowed" },
		{ 408, "uploadBrokenConnection", NULL, "Request Timeout" },
		{ 409, "conflict", NULL, "Conflict" },
		{ 410, "gone", NULL, "Gone" },
		{ 411, "lengthRequired", NULL, "Length Required" },
		{ 413, "uploadTooLarge", NULL, "Payload Too Large" },
		{ 416, "requestedRangeNotSatisfiable", "Range",
		    "Request range not satisfiable" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].status == status) {
			reply_error(reply, status, rows[i].reason,
			    rows[i].location, rows[i].message);
			return;
		}
	}
	reply_error(reply, status, "invalid", NULL, "Invalid request.");
}

static void
say_status(int status, const struct route *route, struct reply *reply)
{
	if (status >= 500)
		reply_trouble(reply, status);
	else if (status == 403)
		say_denied(route, reply);
	else if (status == 404)
		say_not_found(route, reply);
	else if (status == 412)
		reply_precondition(reply);
	else if (status == 429)
		reply_throttled(reply,
		    route->kind == SIM_PUT || route->kind == SIM_DELETE,
		    route->bucket.data, route->name.data, route->name.len);
	else if (status >= 400)
		say_plainly(status, reply);
	else
		reply->status = status;
}

/* The message of what it refuses is JSON in a string. */
void
fault_answer_testbench(struct reply *reply, int status, const char *message)
{
	struct json_out w;
	struct buf inner;

	buf_init(&inner, reply->body.max);
	json_init(&w, &inner, false, NULL);
	json_open(&w, '{');
	json_key(&w, "error");
	json_open(&w, '{');
	json_key(&w, "errors");
	json_open(&w, '[');
	json_open(&w, '{');
	json_key(&w, "domain");
	json_str(&w, "global");
	json_key(&w, "message");
	json_str(&w, message);
	json_close(&w, '}');
	json_close(&w, ']');
	json_close(&w, '}');
	json_close(&w, '}');
	reply->status = status;
	reply->type = reply_json;
	json_init(&w, &reply->body, false, NULL);
	json_open(&w, '{');
	json_key(&w, "error");
	json_open(&w, '{');
	json_key(&w, "code");
	json_u64(&w, (uint64_t)status);
	json_key(&w, "message");
	json_text(&w, inner.data, inner.len);
	json_close(&w, '}');
	json_close(&w, '}');
	json_end(&w);
	buf_release(&inner);
}

static void
say_no_test(const char *mark, struct reply *reply)
{
	char text[FAULT_MARK_MAX + 32];

	snprintf(text, sizeof(text), "Retry Test %s does not exist.",
	    mark + strlen(FAULT_MARK_TEST));
	fault_answer_testbench(reply, 404, text);
}

/* With its code in quotes and a message that is no text: clients of the
 * testbench know it so. */
static void
say_as_testbench(int status, struct reply *reply)
{
	reply->status = status;
	reply->type = reply_json;
	buf_addf(&reply->body,
	    "{\"error\":{\"code\":\"%d\",\"message\":{\"error\":{"
	    "\"message\":\"Retry Test: Caused a %d\"}}}}",
	    status, status);
}

void
fault_answer(const struct fault *f, const struct route *route,
    struct reply *reply)
{
	reply_clear(reply, true);
	if (f->what != FAULT_STATUS)
		reply->status = 0;
	else if (f->is_no_test)
		say_no_test(f->mark, reply);
	else if (f->is_testbench)
		say_as_testbench(f->status, reply);
	else
		say_status(f->status, route, reply);
	if (f->what == FAULT_STATUS && f->retry_after_s > 0)
		buf_addf(&reply->head, "Retry-After: %llu\r\n",
		    (unsigned long long)f->retry_after_s);
}

/* --- an answer that suffers --- */

static bool
is_json(const struct reply *r)
{
	return r->type == reply_json && r->body.len > 1;
}

/* What is between the quotes behind that key, or NULL. */
static char *
find_value(struct reply *r, const char *key, size_t *n)
{
	char *at = strstr(r->body.data, key), *end;

	if (at == NULL || (at = strchr(at + strlen(key), '"')) == NULL ||
	    (end = strchr(at + 1, '"')) == NULL)
		return NULL;
	*n = (size_t)(end - at - 1);
	return at + 1;
}

static void
change_token(const struct fault *f, const struct route *route, struct reply *r)
{
	struct buf body, token;
	size_t n;
	char *at = find_value(r, "\"nextPageToken\":", &n);

	if (at == NULL)
		return;
	buf_init(&token, r->body.max);
	buf_init(&body, r->body.max);
	if (f->token == FAULT_TOKEN_BAD)
		buf_adds(&token, "nobody.made.this");
	else if (query_get(&route->query, "pageToken", &token) != 0 ||
	    token.len == 0)
		buf_add(&token, at, n);
	buf_add(&body, r->body.data, (size_t)(at - r->body.data));
	buf_add(&body, token.data, token.len);
	buf_adds(&body, at + n);
	buf_release(&r->body);
	r->body = body;
	buf_release(&token);
}

static void
cut_body(struct reply *r, size_t n)
{
	r->body.len = n;
	r->body.data[n] = '\0';
}

void
fault_spoil(const struct fault *f, const struct route *route, struct reply *r)
{
	if (f->token != FAULT_TOKEN_TRUE && is_json(r))
		change_token(f, route, r);
	if (f->breaks_json && is_json(r))
		cut_body(r, r->body.len / 2);
	if (f->is_short && f->body_max < r->body.len)
		cut_body(r, (size_t)f->body_max);
}
