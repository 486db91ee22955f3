/* SPDX-License-Identifier: MIT */
/* Between the files of opt. */
#ifndef BASE_OPT_PRIV_H
#define BASE_OPT_PRIV_H

#include <stdbool.h>

#include "src/base/opt.h"

/* So much of what was typed is quoted in an error; the rest of the line is for
 * what is allowed. */
enum { OPT_QUOTE_MAX = 80 };

enum { OPT_VARIABLE_MAX = 80 };

static inline bool
opt_is_flag(const struct opt *o)
{
	return o->type == OPT_FLAG || o->type == OPT_ACTION;
}

/* --- opt_value.c --- */

/* Sets the row's value; text is NULL for a flag on the command line.  -1: not
 * in range, or no such value; of an OPT_VALUE err says why, of others nothing. */
int opt_set(const struct opt *o, void *values, const char *text,
    struct err *err) MUST_CHECK;

/* Back to the default, which must be a good value. */
void opt_set_default(const struct opt *o, void *values);
bool opt_is_default(const struct opt *o, const void *values);

/* "--mark-width 'many': want a number from 1 to 1000", of what opt_set refused
 * with that err; with a variable's name the environment is to blame. */
int opt_bad_value(const struct opt *o, const char *text, const char *variable,
    struct err *err);

/* --- opt_env.c --- */

/* GCSWEEP_MARK_WIDTH for --mark-width. */
void opt_variable(const struct opt_table *table, const struct opt *o,
    char out[OPT_VARIABLE_MAX]);

/* Loads the environment and checks its names. */
int opt_load_environment(const struct opt_table *table, unsigned mask,
    void *values, struct err *err) MUST_CHECK;

/* --- opt_near.c --- */

/* The row of the mask whose name looks most like this one, or NULL. */
const struct opt *opt_nearest(const struct opt *rows, unsigned mask,
    const char *name, size_t n);

#endif
