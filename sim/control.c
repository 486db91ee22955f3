/* SPDX-License-Identifier: MIT */
/* A table of paths; each row writes the simulator's reply. */
#include "sim/control.h"

#include <stdio.h>
#include <string.h>

#include "sim/control_priv.h"
#include "sim/sim_priv.h"
#include "sim/http.h"
#include "sim/percent.h"
#include "sim/xml_route.h"
#include "src/base/loop.h"
#include "src/base/str.h"

enum { NAME_MAX_LEN = 4096, TAKES = 4 };

const char control_text[] = "text/plain; charset=UTF-8";

static void
add_health(struct control *c)
{
	c->sim->reply.type = control_text;
	buf_adds(&c->sim->reply.body, "ok\n");
}

/* Who knows other fakes looks for a 200. */
static void
end_as_others(struct control *c)
{
	if (c->sim->reply.status != 204)
		return;
	c->sim->reply.status = 200;
	add_health(c);
}

static void
delete_all_as_others(struct control *c)
{
	control_delete_all(c);
	end_as_others(c);
}

static void
reseed_as_others(struct control *c)
{
	control_reseed(c);
	end_as_others(c);
}

static void
add_greeting(struct control *c)
{
	c->sim->reply.type = control_text;
	buf_adds(&c->sim->reply.body, "OK\n");
	/* Clients look for a metadata server this way. */
	if (c->sim->authority != NULL &&
	    http_header(c->x, "Metadata-Flavor") != NULL)
		buf_adds(&c->sim->reply.head, "Metadata-Flavor: Google\r\n");
}

/* A path that ends in "/" goes on with a name. */
static const struct {
	const char *path;
	enum http_method method;
	void (*answer)(struct control *c);
	const char *takes[TAKES]; /* parameters; "*": any */
} rows[] = {
	{ "/_sim/auth", HTTP_GET, control_auth, { NULL } },
	{ "/_sim/auth/allow", HTTP_POST, control_auth_change,
	    { "email", "permission" } },
	{ "/_sim/auth/credentials", HTTP_POST, control_auth_credentials,
	    { "kind", "email", "role", "source" } },
	{ "/_sim/auth/deny", HTTP_POST, control_auth_change,
	    { "email", "permission" } },
	{ "/_sim/auth/expire", HTTP_POST, control_auth_change, { "email" } },
	{ "/_sim/auth/restore", HTTP_POST, control_auth_change, { "email" } },
	{ "/_sim/auth/revoke", HTTP_POST, control_auth_change, { "email" } },
	{ "/_sim/auth/subject", HTTP_GET, control_auth_subject, { "email" } },
	{ "/_sim/auth/token", HTTP_POST, control_auth_change,
	    { "token", "email", "permission" } },
	{ "/_sim/config", HTTP_GET, control_config, { NULL } },
	{ "/_sim/config", HTTP_PATCH, control_configure, { NULL } },
	{ "/_sim/diff", HTTP_GET, control_diff, { "*" } },
	{ "/_sim/events", HTTP_GET, control_events, { "types" } },
	{ "/_sim/faults", HTTP_GET, control_faults, { NULL } },
	{ "/_sim/faults", HTTP_POST, control_add_faults, { NULL } },
	{ "/_sim/faults", HTTP_DELETE, control_clear_faults, { NULL } },
	{ "/_sim/faults/", HTTP_GET, control_fault, { NULL } },
	{ "/_sim/faults/", HTTP_DELETE, control_remove_fault, { NULL } },
	{ "/_sim/expect", HTTP_GET, control_expect, { "*" } },
	{ "/_sim/har", HTTP_GET, control_har, { "scope", "limit" } },
	{ "/_sim/health", HTTP_GET, add_health, { "*" } },
	{ "/_sim/metrics", HTTP_GET, control_metrics, { "*" } },
	{ "/_sim/reseed", HTTP_POST, control_reseed, { NULL } },
	{ "/_sim/requests", HTTP_GET, control_requests, { "format" } },
	{ "/_sim/reset", HTTP_POST, control_reset, { "state" } },
	{ "/_sim/restore", HTTP_POST, control_restore, { "*" } },
	{ "/_sim/scopes", HTTP_GET, control_scopes, { NULL } },
	{ "/_sim/scopes/", HTTP_GET, control_scope, { "requests", "limit" } },
	{ "/_sim/scopes/", HTTP_POST, control_scope_open, { "by" } },
	{ "/_sim/scopes/", HTTP_DELETE, control_scope_close, { NULL } },
	{ "/_sim/snapshot", HTTP_POST, control_snapshot, { "*" } },
	{ "/_sim/snapshots", HTTP_GET, control_snapshots, { "*" } },
	{ "/_sim/snapshots", HTTP_DELETE, control_forget, { "*" } },
	{ "/_sim/state", HTTP_GET, control_save, { NULL } },
	{ "/_sim/state", HTTP_PUT, control_load, { NULL } },
	{ "/_sim/stats", HTTP_GET, control_stats, { NULL } },
	{ "/retry_test", HTTP_POST, control_retry_add, { "*" } },
	{ "/retry_test/", HTTP_DELETE, control_retry_remove, { "*" } },
	{ "/retry_test/", HTTP_GET, control_retry_get, { "*" } },
	{ "/retry_tests", HTTP_GET, control_retry_list, { "*" } },
	/* As other fakes have it. */
	/* The address that links are to have: ours have each request's. */
	{ "/_internal/config", HTTP_PUT, add_health, { "*" } },
	{ "/_internal/delete_all", HTTP_POST, delete_all_as_others, { "*" } },
	{ "/_internal/healthcheck", HTTP_GET, add_health, { "*" } },
	{ "/_internal/healthcheck", HTTP_HEAD, add_health, { "*" } },
	{ "/_internal/reseed", HTTP_POST, reseed_as_others, { "*" } },
	{ "/_internal/reseed", HTTP_PUT, reseed_as_others, { "*" } },
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* What is ours: everything below a path that ends in "/", there or not. */
static const char *const realms[] = { "/_sim/", "/_internal/", "/retry_test",
	"/retry_test/", "/retry_tests" };

void
control_refuse(struct control *c, const struct err *err)
{
	struct reply *r = &c->sim->reply;

	if (err->code == ERR_NOT_FOUND)
		reply_error(r, 404, "notFound", NULL, err->text);
	else if (err->code == ERR_USAGE)
		reply_bad_request(r, "invalid", err->text);
	else if (err->code == ERR_REFUSED)
		reply_conflict(r, err->text);
	else
		reply_error(r, 503, "backendError", NULL, err->text);
}

void
control_done(struct control *c, int rc, const struct err *err)
{
	if (rc != 0) {
		control_refuse(c, err);
		return;
	}
	c->sim->reply.status = 204;
	c->sim->reply.type = NULL;
}

bool
control_takes(const char *target)
{
	size_t i, n = strcspn(target, "?");

	for (i = 0; i < sizeof(realms) / sizeof(realms[0]); i++) {
		if (str_ends(realms[i], "/") ? str_starts(target, realms[i])
					     : str_is(target, n, realms[i]))
			return true;
	}
	return false;
}

bool
control_greets(const struct http_exchange *x)
{
	const char *host = http_header(x, "Host");

	return strcmp(http_target(x), "/") == 0 &&
	    (http_method(x) == HTTP_GET || http_method(x) == HTTP_HEAD) &&
	    http_header(x, "Authorization") == NULL &&
	    http_header(x, "x-goog-project-id") == NULL &&
	    (host == NULL || xml_route_host_bucket(host) == 0);
}

/* Is it this row's path?  Then the name behind it is in *name. */
static bool
is_path(const char *path, const char *text, size_t n, struct buf *name)
{
	size_t len = strlen(path);

	buf_clear(name);
	if (path[len - 1] != '/')
		return str_is(text, n, path);
	return n > len && memcmp(text, path, len) == 0 &&
	    memchr(text + len, '/', n - len) == NULL &&
	    percent_decode(name, text + len, n - len, false) == 0;
}

static bool
takes(size_t row, const char *key, size_t n)
{
	size_t i;

	for (i = 0; i < TAKES && rows[row].takes[i] != NULL; i++) {
		if (str_is(key, n, rows[row].takes[i]) ||
		    strcmp(rows[row].takes[i], "*") == 0)
			return true;
	}
	return n == 0;
}

/* Somebody meant something by a parameter that nobody would look at. */
static int
check_query(const struct control *c, size_t row, struct err *err)
{
	const struct query *q = &c->query;
	size_t i;

	for (i = 0; i < q->n; i++) {
		if (!takes(row, q->param[i].key, q->param[i].key_len))
			return err_set(err, ERR_USAGE,
			    "'%.*s' is no parameter of %s",
			    (int)(q->param[i].key_len < 80 ? q->param[i].key_len
							   : 80),
			    q->param[i].key, rows[row].path);
	}
	return 0;
}

static void
answer_row(struct control *c, size_t row)
{
	struct err err = ERR_INIT;

	if (check_query(c, row, &err) != 0)
		control_refuse(c, &err);
	else
		rows[row].answer(c);
}

static void
find_answer(struct control *c, enum http_method method, const char *path,
    size_t n)
{
	bool has_path = false;
	size_t i;

	for (i = 0; i < ROWS; i++) {
		if (!is_path(rows[i].path, path, n, &c->name))
			continue;
		has_path = true;
		if (rows[i].method == method) {
			answer_row(c, i);
			return;
		}
	}
	if (has_path)
		reply_no_method(&c->sim->reply);
	else
		reply_no_path(&c->sim->reply);
}

/* What ends in the midst would look like all there is. */
static void
refuse_too_long(struct reply *r)
{
	char text[160];

	snprintf(text, sizeof(text),
	    "the answer has more than %zu bytes; ask for fewer by limit= where "
	    "there is one, or keep fewer with --journal",
	    r->body.max);
	reply_error(r, 403, "responseTooLarge", NULL, text);
}

void
control_send(struct control *c)
{
	struct reply *r = &c->sim->reply;

	if (r->body.full)
		refuse_too_long(r);
	buf_adds(&r->head, "Cache-Control: no-store\r\n");
	if (r->type != NULL)
		buf_addf(&r->head, "Content-Type: %s\r\n", r->type);
	http_answer(c->sim->http, c->x, r->status, loop_wall(c->sim->loop),
	    r->head.data, r->body.data, r->body.len);
}

void
control_answer(struct sim *sim, struct http_exchange *x)
{
	const char *target = http_target(x);
	size_t n = strcspn(target, "?");
	struct control c = { .sim = sim, .x = x };

	reply_clear(&sim->reply, true);
	buf_init(&c.name, NAME_MAX_LEN);
	query_parse(&c.query, target + n + (target[n] == '?'),
	    strlen(target) - n - (target[n] == '?'));
	c.body = http_body(x, &c.body_len);
	if (control_greets(x))
		add_greeting(&c);
	else
		find_answer(&c, http_method(x), target, n);
	buf_release(&c.name);
	if (c.x != NULL)
		control_send(&c);
}
