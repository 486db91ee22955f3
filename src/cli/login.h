/* SPDX-License-Identifier: MIT */
/*
 * Where to, and as whom: from the options to a place and to what requests
 * carry.  What is held is wiped by login_release.
 */
#ifndef CLI_LOGIN_H
#define CLI_LOGIN_H

#include "src/base/err.h"
#include "src/cli/where.h"

struct options;

struct login {
	struct where where;
};

/* The place, by the rules of where.h; options without a use are refused. */
int login_choose(struct login *l, const struct options *opts,
    struct err *err) MUST_CHECK;

#endif
