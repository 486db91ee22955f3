/* SPDX-License-Identifier: MIT */
/*
 * Options that nobody types: they come one by one, by name, from a caller or
 * while the program runs, in the grammar of the same table.
 */
#ifndef BASE_OPT_ASSIGN_H
#define BASE_OPT_ASSIGN_H

#include <stdbool.h>

#include "src/base/err.h"
#include "src/base/opt.h"

/* *values has the defaults, and no environment.  Then opt_assign, and at last
 * opt_forget_defaults: to say the default is to say nothing. */
void opt_defaults(const struct opt_table *table, unsigned mask, void *values);
void opt_forget_defaults(void *values);

/* One more option, as if it were typed behind all others: text is "1" or "0"
 * for a flag, and is borrowed by strings; NULL brings the default back, as if
 * nobody had said anything.  ERR_USAGE for a name that no row of the mask has,
 * and for a bad value, with *values unchanged.  Rivals are not looked at. */
int opt_assign(const struct opt_table *table, unsigned mask, const char *name,
    const char *text, void *values, struct err *err) MUST_CHECK;

#endif
