/* SPDX-License-Identifier: MIT */
/*
 * The options of a simulator that runs, under the names and in the grammar of
 * the command line: what they are, and changes to those that may change.
 */
#ifndef SIM_CONF_H
#define SIM_CONF_H

#include <stddef.h>

#include "sim/settings.h"

struct json_out;
struct sim_opts;

/* The strings are its own. */
struct conf {
	struct settings values;
};

void conf_init(struct conf *c, const struct sim_opts *opts);
void conf_release(struct conf *c);

/* Takes over what may change. */
void conf_take(struct conf *c, const struct sim_opts *opts);

/* Adds an object of what may change, or of what may not: the text of each, or
 * null for one that is unset. */
void conf_add(const struct conf *c, bool is_live, struct json_out *w);

enum { CONF_BODY_MAX = 64 * 1024 };

/* What the options would be; its strings are borrowed from the others. */
struct conf_change {
	struct settings next;
	void *text;
};

/*
 * Reads a change to c, a JSON object of names and texts (null: the default).
 * What the change says itself must be of use; what was said before and is of
 * none any more stays, and rests.
 *
 * ERR_USAGE for a name that nobody knows or that cannot change any more, a bad
 * value, one of no use, and all that is no such object.  conf_change_release
 * in any case.
 */
int conf_change_parse(struct conf_change *change, const struct conf *c,
    const void *body, size_t n, struct err *err) MUST_CHECK;
void conf_change_release(struct conf_change *change);

#endif
