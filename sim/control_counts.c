/* SPDX-License-Identifier: MIT */
/* Scopes, what a test expects of them, and what is made of their requests. */
#include "sim/control_priv.h"

#include <string.h>

#include "sim/diff.h"
#include "sim/expect.h"
#include "sim/har.h"
#include "sim/json_out.h"
#include "sim/metrics.h"
#include "sim/reply.h"
#include "sim/scope.h"
#include "sim/scope_json.h"
#include "sim/sim_priv.h"
#include "src/base/loop.h"
#include "src/base/str.h"

/* A sentence for each of the lines that a query may have, and more. */
enum { DIFFERENCE_MAX = 32 * 1024 };

static struct scope *
find_scope(const struct control *c, const char *name, size_t n, struct err *err)
{
	struct scope *sc = strlen(name) == n
	    ? scopes_find(&c->sim->scopes, name)
	    : NULL;

	if (sc == NULL)
		err_set(err, ERR_NOT_FOUND,
		    "there is no scope '%.100s'; GET /_sim/scopes names them "
		    "all",
		    name);
	return sc;
}

/* The scope that the parameter names, or the whole run.  NULL: refused. */
static struct scope *
find_named(struct control *c, const char *parameter)
{
	struct err err = ERR_INIT;
	struct scope *sc = NULL;
	struct buf name;

	buf_init(&name, SCOPE_NAME_MAX);
	if (query_get(&c->query, parameter, &name) != 0 || name.full)
		err_set(&err, ERR_USAGE, "%s= is no scope's name", parameter);
	else
		sc = find_scope(c, name.data, name.len, &err);
	if (sc == NULL)
		control_refuse(c, &err);
	buf_release(&name);
	return sc;
}

/* The parameter limit, from 1 to most; -1: refused. */
static int
read_limit(struct control *c, uint64_t most, uint64_t *limit)
{
	struct err err = ERR_INIT;

	if (query_u64(&c->query, "limit", limit) >= 0 && *limit > 0 &&
	    *limit <= most)
		return 0;
	err_set(&err, ERR_USAGE, "limit= is from 1 to %llu",
	    (unsigned long long)most);
	control_refuse(c, &err);
	return -1;
}

/* Of its requests so many; 0: none. */
static void
add_scope(struct control *c, const struct scope *sc, uint64_t limit)
{
	struct json_out w;

	json_init(&w, &c->sim->reply.body, true, NULL);
	json_open(&w, '{');
	scope_json_add(sc, &c->sim->tariff, &w);
	if (limit > 0)
		diff_add_names(c->sim, sc, limit, &w);
	json_close(&w, '}');
	json_end(&w);
}

/* --- scopes --- */

void
control_scopes(struct control *c)
{
	const struct scope *sc;
	struct json_out w;

	json_init(&w, &c->sim->reply.body, true, NULL);
	json_open(&w, '{');
	json_key(&w, "scopes");
	json_open(&w, '[');
	for (sc = c->sim->scopes.list; sc != NULL; sc = sc->next)
		scope_json_add_short(sc, &w);
	json_close(&w, ']');
	json_key(&w, "strays");
	json_u64(&w, c->sim->scopes.strays);
	json_close(&w, '}');
	json_end(&w);
}

void
control_scope(struct control *c)
{
	struct err err = ERR_INIT;
	const struct scope *sc = find_scope(c, c->name.data, c->name.len, &err);
	uint64_t limit = DIFF_MAX;

	if (sc == NULL)
		control_refuse(c, &err);
	else if (!query_is_true(&c->query, "requests"))
		add_scope(c, sc, 0);
	else if (read_limit(c, DIFF_MAX, &limit) == 0)
		add_scope(c, sc, limit);
}

void
control_scope_open(struct control *c)
{
	struct sim *sim = c->sim;
	struct err err = ERR_INIT;
	bool by_header = query_is(&c->query, "by", "header");
	const char *name = strlen(c->name.data) == c->name.len ? c->name.data
							       : "";
	const struct scope *sc = NULL;

	if (query_names(&c->query, "by") && !by_header)
		err_set(&err, ERR_USAGE, "a scope knows by=header, or none");
	else
		sc = scopes_open(&sim->scopes, name, by_header,
		    sim->journal.next, loop_now(sim->loop), &err);
	if (sc == NULL)
		control_refuse(c, &err);
	else
		add_scope(c, sc, 0);
}

void
control_scope_close(struct control *c)
{
	struct sim *sim = c->sim;
	struct err err = ERR_INIT;
	struct scope *sc = find_scope(c, c->name.data, c->name.len, &err);

	if (sc == NULL ||
	    scopes_close(sc, &sim->scopes, sim->journal.next,
		loop_now(sim->loop), &err) != 0)
		control_refuse(c, &err);
	else
		add_scope(c, sc, 0);
}

/* --- what is expected --- */

static void
add_expected(struct control *c, const struct expect *e, const struct scope *sc,
    const struct buf *difference)
{
	const struct sim_tariff *tariff = &c->sim->tariff;
	const struct expect_line *line;
	struct json_out w;
	struct buf value;
	size_t i;

	buf_init(&value, 64);
	json_init(&w, &c->sim->reply.body, true, NULL);
	json_open(&w, '{');
	json_key(&w, "scope");
	json_str(&w, sc->name);
	json_key(&w, "met");
	json_bool(&w, difference->len == 0);
	json_key(&w, "difference");
	json_str(&w, difference->data);
	json_key(&w, "in_flight");
	json_u64(&w, sc->tally.in_flight);
	json_key(&w, "lines");
	json_open(&w, '[');
	for (i = 0; i < e->n; i++) {
		line = &e->line[i];
		buf_clear(&value);
		expect_add_value(line, &value);
		json_open(&w, '{');
		json_key(&w, "key");
		json_str(&w, line->name);
		json_key(&w, "expected");
		json_str(&w, value.data);
		json_key(&w, "actual");
		json_u64(&w, expect_count(&line->key, &sc->tally, tariff));
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	json_end(&w);
	buf_release(&value);
}

void
control_tell_expected(struct control *c, const struct expect *e,
    const char *scope)
{
	struct err err = ERR_INIT;
	const struct scope *sc = find_scope(c, scope, strlen(scope), &err);
	struct buf difference;

	if (sc == NULL) {
		control_refuse(c, &err);
		return;
	}
	buf_init(&difference, DIFFERENCE_MAX);
	if (!expect_check(e, &sc->tally, &c->sim->tariff, &difference))
		c->sim->reply.status = 409;
	add_expected(c, e, sc, &difference);
	buf_release(&difference);
}

/* The parameter wait; -1: refused. */
static int
read_wait(struct control *c, uint64_t *us)
{
	struct err err = ERR_INIT;
	struct buf text;
	int rc;

	*us = 0;
	if (!query_has(&c->query, "wait"))
		return 0;
	buf_init(&text, 64);
	rc = query_get(&c->query, "wait", &text);
	if (rc == 0 && !text.full)
		rc = str_parse_duration(text.data, us);
	if (rc != 0 || text.full || *us > WAITS_MAX_US)
		rc = err_set(&err, ERR_USAGE,
		    "wait=%s: want a time of at most 60s, such as 500ms",
		    text.data);
	buf_release(&text);
	if (rc != 0)
		control_refuse(c, &err);
	return rc;
}

void
control_expect(struct control *c)
{
	struct sim *sim = c->sim;
	struct err err = ERR_INIT;
	const struct scope *sc;
	struct expect e;
	uint64_t wait_us;

	if (expect_parse(&e, &c->query, &err) != 0) {
		control_refuse(c, &err);
		return;
	}
	if (read_wait(c, &wait_us) != 0 ||
	    (sc = find_named(c, "scope")) == NULL)
		return;
	if (!expect_check(&e, &sc->tally, &sim->tariff, NULL) &&
	    waits_hold(&sim->waits, c->x, &e, sc, wait_us))
		c->x = NULL;
	else
		control_tell_expected(c, &e, sc->name);
}

/* --- what is made of requests --- */

void
control_har(struct control *c)
{
	uint64_t limit = HAR_MAX;
	const struct scope *sc = find_named(c, "scope");

	if (sc == NULL || read_limit(c, HAR_MAX, &limit) != 0)
		return;
	har_add(c->sim, sc, limit, &c->sim->reply.body);
}

void
control_diff(struct control *c)
{
	uint64_t limit = DIFF_LIMIT;
	const struct scope *a = find_named(c, "a"), *b = NULL;

	if (a != NULL)
		b = find_named(c, "b");
	if (b == NULL || read_limit(c, DIFF_MAX, &limit) != 0)
		return;
	diff_add(c->sim, a, b, limit, &c->sim->reply.body);
}

void
control_metrics(struct control *c)
{
	c->sim->reply.type = "text/plain; version=0.0.4; charset=utf-8";
	metrics_add(c->sim, &c->sim->reply.body);
}
