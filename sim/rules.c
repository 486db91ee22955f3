/* SPDX-License-Identifier: MIT */
/*
 * The draw of a rate is made of the simulator's seed, the rule's name and the
 * request's own identity, so that whatever the order of sockets, whatever else
 * is asked, the third DELETE of an object always has the same fate.
 */
#include "sim/rules.h"

#include <stdio.h>
#include <string.h>

#include "sim/glob.h"
#include "sim/routes.h"
#include "src/base/rng.h"

void
rules_release(struct rules *r)
{
	size_t i;

	for (i = 0; i < r->list.n; i++)
		rule_free(r->list.v[i]);
	vec_release(&r->list);
}

struct rule *
rules_find(const struct rules *r, const char *id)
{
	size_t i;

	for (i = 0; i < r->list.n; i++) {
		if (strcmp(r->list.v[i]->id, id) == 0)
			return r->list.v[i];
	}
	return NULL;
}

/* Its number is new, too: nobody gives back what it spent before. */
static void
restart(struct rules *r, struct rule *rule, uint64_t now_us)
{
	rule->fault.rule = ++r->numbered;
	rule->since_us = now_us;
	rule->matched = rule->fired = 0;
}

void
rules_restart(struct rules *r, uint64_t now_us)
{
	size_t i;

	for (i = 0; i < r->list.n; i++)
		restart(r, r->list.v[i], now_us);
}

struct rule *
rules_get(const struct rules *r, const char *id, struct err *err)
{
	struct rule *rule = rules_find(r, id);

	if (rule == NULL)
		err_set(err, ERR_NOT_FOUND,
		    "there is no rule '%.80s'; GET /_sim/faults names them all",
		    id);
	return rule;
}

int
rules_remove(struct rules *r, const char *id, struct err *err)
{
	struct rule *rule = rules_get(r, id, err);
	size_t i = 0;

	if (rule == NULL)
		return -1;
	while (r->list.v[i] != rule)
		i++;
	memmove(&r->list.v[i], &r->list.v[i + 1],
	    (r->list.n - i - 1) * sizeof(*r->list.v));
	r->list.n--;
	rule_free(rule);
	return 0;
}

/* --- adding --- */

/* The first that is free: r1, r2, ... */
static void
make_id(struct rules *r, struct rule *rule)
{
	char id[FAULT_MARK_MAX];

	do
		snprintf(id, sizeof(id), "r%llu",
		    (unsigned long long)++r->named);
	while (rules_find(r, id) != NULL);
	memcpy(rule->id, id, sizeof(id));
}

static int
add_rule(struct rules *r, const char *text, size_t n, struct err *err)
{
	struct rule *rule;

	if (r->list.n == RULES_MAX)
		return err_set(err, ERR_USAGE,
		    "there are %d rules, and no more are taken", RULES_MAX);
	if ((rule = rule_parse(text, n, err)) == NULL)
		return -1;
	if (rule->id[0] != '\0' && rules_find(r, rule->id) != NULL) {
		err_set(err, ERR_USAGE, "'id=%s': a rule has that name already",
		    rule->id);
		rule_free(rule);
		return -1;
	}
	*vec_push(&r->list) = rule;
	return 0;
}

static size_t
skip_blanks(const char *text, size_t n)
{
	size_t i = 0;

	while (i < n && strchr(" \t\r", text[i]) != NULL && text[i] != '\0')
		i++;
	return i;
}

/* The rules of one line. */
static int
add_line(struct rules *r, const char *text, size_t n, struct err *err)
{
	const char *end = text + n, *stop;
	int rc = 0;

	text += skip_blanks(text, n);
	if (text < end && *text == '#')
		return 0;
	while (text < end && rc == 0) {
		stop = memchr(text, ';', (size_t)(end - text));
		if (stop == NULL)
			stop = end;
		text += skip_blanks(text, (size_t)(stop - text));
		if (text < stop)
			rc = add_rule(r, text, (size_t)(stop - text), err);
		text = stop + (stop < end);
	}
	return rc;
}

static int
add_lines(struct rules *r, const char *text, size_t n, size_t *line,
    struct err *err)
{
	const char *end = text + n, *stop;
	size_t before = r->list.n;

	for (*line = 1; text < end; ++*line) {
		stop = memchr(text, '\n', (size_t)(end - text));
		if (stop == NULL)
			stop = end;
		if (add_line(r, text, (size_t)(stop - text), err) != 0)
			return -1;
		text = stop + (stop < end);
	}
	*line = 1;
	return r->list.n > before
	    ? 0
	    : err_set(err, ERR_USAGE,
		  "there is no rule in it; want WHAT FAULT [KEY=VALUE]...");
}

/* Names are made up when those that were given are all known. */
int
rules_add(struct rules *r, const char *text, size_t n, enum rule_source source,
    uint64_t now_us, size_t *line, struct err *err)
{
	size_t before = r->list.n, i;

	if (add_lines(r, text, n, line, err) != 0) {
		while (r->list.n > before)
			rule_free(r->list.v[--r->list.n]);
		return -1;
	}
	for (i = before; i < r->list.n; i++) {
		struct rule *rule = r->list.v[i];

		if (rule->id[0] == '\0')
			make_id(r, rule);
		memcpy(rule->fault.mark, rule->id, sizeof(rule->id));
		rule->source = source;
		restart(r, rule, now_us);
	}
	return 0;
}

/* --- asking --- */

static bool
is_wanted(const struct rule_names *names, const struct buf *name)
{
	return names->glob == NULL ||
	    glob_matches(names->glob, name->data, name->len);
}

/* A part of a batch has no bytes and no connection of its own. */
static bool
can_meet(const struct rule *rule, const struct fault_ask *ask)
{
	switch (rule->kind) {
	case RULE_LOST:
	case RULE_CUT:
	case RULE_STALL:
	case RULE_DRIP:
	case RULE_SKEW:
	case RULE_REFUSED:
	case RULE_GOAWAY:
		return !ask->is_part;
	default:
		return true;
	}
}

static bool
matches(const struct rule *rule, const struct fault_ask *ask)
{
	const struct route *route = ask->route;
	uint64_t now = ask->now_us - rule->since_us;

	return rule->reaches[route->op] && can_meet(rule, ask) &&
	    now >= rule->from_us && now < rule->until_us &&
	    (rule->connection == 0 || rule->connection == ask->connection) &&
	    (rule->turn == 0 || rule->turn == ask->turn) &&
	    is_wanted(&rule->bucket, &route->bucket) &&
	    is_wanted(&rule->name, &route->name);
}

static bool
is_drawn(const struct rules *r, const struct rule *rule,
    const struct fault_ask *ask)
{
	const struct route *route = ask->route;
	const uint64_t which[] = { route->kind, ask->nth };
	struct rng rng;
	uint64_t h = rng_hash(rule->id, strlen(rule->id), r->seed);

	h = rng_hash(which, sizeof(which), h);
	h = rng_hash(route->bucket.data, route->bucket.len, h);
	h = rng_hash(route->name.data, route->name.len, h);
	rng_init(&rng, h);
	return rng_below(&rng, RULE_ALWAYS) < rule->rate;
}

/* Is this match, which is counted already, one that it meets? */
static bool
fires(const struct rules *r, const struct rule *rule,
    const struct fault_ask *ask)
{
	if (rule->times > 0 && rule->fired == rule->times)
		return false;
	if (rule->nth.first > 0)
		return rule->matched >= rule->nth.first &&
		    rule->matched <= rule->nth.last;
	if (rule->every > 0)
		return rule->matched % rule->every == 0;
	return rule->rate == 0 || is_drawn(r, rule, ask);
}

bool
rules_ask(struct rules *r, const struct fault_ask *ask, struct fault *out)
{
	size_t i;

	for (i = 0; i < r->list.n; i++) {
		struct rule *rule = r->list.v[i];

		if (!matches(rule, ask))
			continue;
		rule->matched++;
		if (!fires(r, rule, ask))
			continue;
		rule->fired++;
		*out = rule->fault;
		return true;
	}
	return false;
}

void
rules_give_back(struct rules *r, uint64_t number)
{
	size_t i;

	for (i = 0; i < r->list.n; i++) {
		struct rule *rule = r->list.v[i];

		if (rule->fault.rule == number)
			rule->fired--;
	}
}

/* What passed by in a span's midst is over, too. */
bool
rule_left(const struct rule *r, uint64_t *left)
{
	uint64_t last = r->nth.last, first = r->nth.first;
	uint64_t next = r->matched + 1 > first ? r->matched + 1 : first;
	uint64_t times = r->times > 0 ? r->times - r->fired : UINT64_MAX;
	uint64_t n = first == 0 ? UINT64_MAX
	    : next > last       ? 0
				: last - next + 1;

	*left = n < times ? n : times;
	return *left != UINT64_MAX;
}
