/* SPDX-License-Identifier: MIT */
/* Which options of bench go together. */
#ifndef CLI_BENCH_CHECK_H
#define CLI_BENCH_CHECK_H

#include "src/base/err.h"

struct options;

/* ERR_USAGE names an option that the rest of the line has no use for. */
int bench_check(const struct options *opts, struct err *err) MUST_CHECK;

#endif
