/* SPDX-License-Identifier: MIT */
/*
 * A pattern becomes a list of steps, and a name walks all ways through them at
 * once: a set of places, moved on by each character.  So no pattern, however
 * its stars and braces are nested, costs more than steps times characters.
 *
 *	{a,b}c	 FORK-->a-->JUMP   c-->END
 *		  \------>b------>/
 */
#include "sim/glob.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/vec.h"

/* Braces within braces. */
enum { DEPTH_MAX = 16 };

enum step_kind {
	STEP_ONE,  /* this character */
	STEP_SET,  /* one of these, or none of them */
	STEP_ANY,  /* one, no slash */
	STEP_MANY, /* any number of them */
	STEP_ALL,  /* any number, slashes too */
	STEP_FORK, /* on, and also over there */
	STEP_JUMP,
	STEP_END
};

struct step {
	enum step_kind kind;
	uint32_t c;      /* of ONE */
	size_t to;       /* of FORK and JUMP */
	size_t first;    /* of SET: among the ranges */
	size_t last;     /* the one behind them */
	bool is_negated; /* of SET */
};

struct range {
	uint32_t from;
	uint32_t to;
};

/* A set of places that remembers their order of coming. */
struct places {
	size_t *v;
	size_t n;
};

struct glob {
	VEC(struct step) steps;
	VEC(struct range) ranges;
	struct places now;
	struct places next;
	uint64_t *seen; /* the tick at which a step became a place */
	uint64_t tick;
	size_t literal_n;
	char literal[GLOB_MAX];
};

struct reader {
	struct glob *g;
	const char *at;
	const char *end;
	const char *fault;
};

/* --- characters --- */

/* The character at s, which it passes.  What is no UTF-8 is taken byte by byte,
 * as characters that Unicode does not have. */
static uint32_t
next_char(const char **s, const char *end)
{
	const uint8_t *p = (const uint8_t *)*s;
	size_t have = (size_t)(end - *s), want, i;
	uint32_t c;

	want = p[0] < 0xc2 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	c = want == 1 ? p[0] : p[0] & (0x7fu >> want);
	for (i = 1; i < want && i < have && (p[i] & 0xc0) == 0x80; i++)
		c = c << 6 | (p[i] & 0x3f);
	if (i < want || p[0] > 0xf4 || (want == 1 && p[0] > 0x7f)) {
		(*s)++;
		return 0xdc00u + p[0];
	}
	*s += want;
	return c;
}

static bool
is_next(const struct reader *r, char c)
{
	return r->at < r->end && *r->at == c;
}

static bool
take(struct reader *r, char c)
{
	if (!is_next(r, c))
		return false;
	r->at++;
	return true;
}

/* --- reading a pattern --- */

static struct step *
add_step(struct glob *g, enum step_kind kind)
{
	struct step *step = vec_push(&g->steps);

	*step = (struct step){ .kind = kind };
	return step;
}

/* A character that stands for itself, behind a backslash or without. */
static int
read_char(struct reader *r, uint32_t *out)
{
	if (take(r, '\\') && r->at == r->end) {
		r->fault = "a backslash needs a character behind it";
		return -1;
	}
	*out = next_char(&r->at, r->end);
	return 0;
}

/* One range of a set; a hyphen that is its first or last stands for itself. */
static int
read_range(struct reader *r)
{
	struct range *range = vec_push(&r->g->ranges);

	if (read_char(r, &range->from) != 0)
		return -1;
	range->to = range->from;
	if (is_next(r, '-') && r->end - r->at > 1 && r->at[1] != ']') {
		r->at++;
		if (read_char(r, &range->to) != 0)
			return -1;
	}
	if (range->from <= range->to)
		return 0;
	r->fault = "a range in [] ends before it begins";
	return -1;
}

/* Behind a '['.  A ']' that comes first stands for itself. */
static int
read_set(struct reader *r)
{
	size_t first = r->g->ranges.n;
	bool is_negated = take(r, '!') || take(r, '^');
	struct step *step;

	do {
		if (r->at == r->end) {
			r->fault = "a [ has no ]";
			return -1;
		}
		if (read_range(r) != 0)
			return -1;
	} while (!take(r, ']'));
	step = add_step(r->g, STEP_SET);
	step->first = first;
	step->last = r->g->ranges.n;
	step->is_negated = is_negated;
	return 0;
}

static int read_sequence(struct reader *r, int depth);

/* Behind a '{'.  The jumps to the end are chained through their `to`. */
static int
read_braces(struct reader *r, int depth)
{
	struct glob *g = r->g;
	size_t fork, jump, chain = SIZE_MAX, here;
	bool has_more;

	do {
		fork = g->steps.n;
		add_step(g, STEP_FORK);
		if (read_sequence(r, depth) != 0)
			return -1;
		has_more = take(r, ',');
		jump = g->steps.n;
		add_step(g, STEP_JUMP)->to = chain;
		chain = jump;
		g->steps.v[fork].to = has_more ? g->steps.n : fork + 1;
	} while (has_more);
	if (!take(r, '}')) {
		r->fault = "a { has no }";
		return -1;
	}
	for (here = g->steps.n; chain != SIZE_MAX; chain = jump) {
		jump = g->steps.v[chain].to;
		g->steps.v[chain].to = here;
	}
	return 0;
}

static void
read_stars(struct reader *r)
{
	enum step_kind kind = is_next(r, '*') ? STEP_ALL : STEP_MANY;

	while (take(r, '*'))
		;
	add_step(r->g, kind);
}

static int
read_one(struct reader *r, int depth)
{
	uint32_t c;

	if (take(r, '*')) {
		read_stars(r);
	} else if (take(r, '?')) {
		add_step(r->g, STEP_ANY);
	} else if (take(r, '[')) {
		return read_set(r);
	} else if (take(r, '{')) {
		if (depth < DEPTH_MAX)
			return read_braces(r, depth + 1);
		r->fault = "its braces are nested more than 16 deep";
		return -1;
	} else {
		if (read_char(r, &c) != 0)
			return -1;
		add_step(r->g, STEP_ONE)->c = c;
	}
	return 0;
}

/* Up to the end, or in braces to what ends an alternative. */
static int
read_sequence(struct reader *r, int depth)
{
	while (r->at < r->end &&
	    (depth == 0 || (!is_next(r, ',') && !is_next(r, '}')))) {
		if (read_one(r, depth) != 0)
			return -1;
	}
	return 0;
}

/* The characters before the first one that is a question. */
static void
find_literal(struct glob *g, const char *pattern, size_t n)
{
	const char *at = pattern, *end = pattern + n;

	for (; at < end && strchr("*?[{", *at) == NULL; at++) {
		at += *at == '\\';
		g->literal[g->literal_n++] = *at;
	}
}

struct glob *
glob_parse(const char *pattern, size_t n, const char **fault)
{
	struct glob *g = mem_zalloc(1, sizeof(*g));
	struct reader r = { g, pattern, pattern + n, NULL };

	if (n > GLOB_MAX)
		r.fault = "it is longer than 1024 bytes";
	else if (memchr(pattern, '\0', n) != NULL)
		r.fault = "no name has a NUL";
	if (r.fault != NULL || read_sequence(&r, 0) != 0) {
		*fault = r.fault;
		glob_free(g);
		return NULL;
	}
	add_step(g, STEP_END);
	find_literal(g, pattern, n);
	g->now.v = mem_alloc(g->steps.n * sizeof(*g->now.v));
	g->next.v = mem_alloc(g->steps.n * sizeof(*g->next.v));
	g->seen = mem_zalloc(g->steps.n, sizeof(*g->seen));
	return g;
}

void
glob_free(struct glob *g)
{
	if (g == NULL)
		return;
	vec_release(&g->steps);
	vec_release(&g->ranges);
	free(g->now.v);
	free(g->next.v);
	free(g->seen);
	free(g);
}

/* --- matching --- */

static bool
is_in_set(const struct glob *g, const struct step *step, uint32_t c)
{
	size_t i;

	for (i = step->first; i < step->last; i++) {
		if (g->ranges.v[i].from <= c && c <= g->ranges.v[i].to)
			return true;
	}
	return false;
}

static bool
accepts(const struct glob *g, const struct step *step, uint32_t c)
{
	switch (step->kind) {
	case STEP_ONE:
		return c == step->c;
	case STEP_SET:
		return c != '/' && is_in_set(g, step, c) != step->is_negated;
	case STEP_ANY:
	case STEP_MANY:
		return c != '/';
	case STEP_ALL:
		return true;
	default:
		return false;
	}
}

/* Step i and all that can be reached from it without a character.  It calls
 * itself for forks alone, and no deeper than there are forks. */
static void
add_place(struct glob *g, struct places *places, size_t i)
{
	const struct step *step;

	for (;;) {
		if (g->seen[i] == g->tick)
			return;
		g->seen[i] = g->tick;
		step = &g->steps.v[i];
		if (step->kind == STEP_JUMP) {
			i = step->to;
			continue;
		}
		if (step->kind == STEP_FORK)
			add_place(g, places, step->to);
		else
			places->v[places->n++] = i;
		if (step->kind != STEP_FORK && step->kind != STEP_MANY &&
		    step->kind != STEP_ALL)
			return;
		i++;
	}
}

static void
move_on(struct glob *g, uint32_t c)
{
	struct places before = g->now;
	const struct step *step;
	size_t i, place;

	g->now = g->next;
	g->now.n = 0;
	g->next = before;
	g->tick++;
	for (i = 0; i < before.n; i++) {
		place = before.v[i];
		step = &g->steps.v[place];
		if (!accepts(g, step, c))
			continue;
		if (step->kind != STEP_MANY && step->kind != STEP_ALL)
			place++;
		add_place(g, &g->now, place);
	}
}

bool
glob_matches(struct glob *g, const char *name, size_t n)
{
	const char *end = name + n;
	size_t i;

	g->now.n = 0;
	g->tick++;
	add_place(g, &g->now, 0);
	while (name < end && g->now.n > 0)
		move_on(g, next_char(&name, end));
	for (i = 0; i < g->now.n; i++) {
		if (g->steps.v[g->now.v[i]].kind == STEP_END)
			return true;
	}
	return false;
}

const char *
glob_literal(const struct glob *g, size_t *n)
{
	*n = g->literal_n;
	return g->literal;
}

size_t
glob_size(const struct glob *g)
{
	return g->steps.n + g->ranges.n;
}
