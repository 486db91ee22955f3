/* SPDX-License-Identifier: MIT */
/*
 * The rules that are in force, in the order in which they came: the first that
 * matches a request and fires decides what goes wrong with it, and those behind
 * it never see that request.
 */
#ifndef SIM_RULES_H
#define SIM_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/rule.h"
#include "src/base/err.h"
#include "src/base/vec.h"

struct opt_strings;

/* Each request is held against all of them. */
enum { RULES_MAX = 1000 };

/* Zero but for the seed: none. */
struct rules {
	VEC(struct rule *) list;
	uint64_t seed;
	uint64_t numbered; /* so many numbers were given to rules */
	uint64_t named;    /* and so many names were made up */
};

void rules_release(struct rules *r);

/* Adds a text of rules: one a line, or several with ';' between them; empty
 * ones and lines that begin with '#' are none.  ERR_USAGE: none of them is
 * added, and *line is the one that is wrong, from 1. */
int rules_add(struct rules *r, const char *text, size_t n,
    enum rule_source source, uint64_t now_us, size_t *line,
    struct err *err) MUST_CHECK;

/* What the options say: texts, whose errors name the word alone, and a file,
 * whose errors name it and the line.  ERR_CONFIG: it cannot be read. */
int rules_load(struct rules *r, const struct opt_strings *texts,
    uint64_t now_us, struct err *err) MUST_CHECK;
int rules_load_plan(struct rules *r, const char *path, uint64_t now_us,
    struct err *err) MUST_CHECK;

/* NULL: there is none of that name; rules_get says so: ERR_NOT_FOUND. */
struct rule *rules_find(const struct rules *r, const char *id);
struct rule *rules_get(const struct rules *r, const char *id, struct err *err);

/* ERR_NOT_FOUND. */
int rules_remove(struct rules *r, const char *id, struct err *err) MUST_CHECK;

/* All are as if they had been set now: nothing matched, nothing spent. */
void rules_restart(struct rules *r, uint64_t now_us);

/* rules_take where there are rules. */
bool rules_ask(struct rules *r, const struct fault_ask *ask, struct fault *out);

/* What goes wrong with this request; false: nothing. */
static inline bool
rules_take(struct rules *r, const struct fault_ask *ask, struct fault *out)
{
	return r->list.n > 0 && rules_ask(r, ask, out);
}

/* A fault of the rule of that number did not come true: it is not spent, if the
 * rule is still there and has not begun anew. */
void rules_give_back(struct rules *r, uint64_t number);

/* How many requests it may meet yet, in *left; false: there is no end. */
bool rule_left(const struct rule *r, uint64_t *left);

#endif
