/* SPDX-License-Identifier: MIT */
/*
 * Places that a simulator can be in: each is a list of options, and these are
 * defaults.  What is said on the command line or in the environment holds, row
 * by row, be it the row's own default.  doc/COST.md says where each number is
 * from.
 */
#ifndef SIM_PROFILE_H
#define SIM_PROFILE_H

#include "src/base/err.h"

struct settings;

/* The names for --profile, NULL behind them; the first costs nothing. */
extern const char *const profile_names[];

/* Fills what was not said from the profile that was. */
int profile_apply(struct settings *v, struct err *err) MUST_CHECK;

#endif
