/* SPDX-License-Identifier: MIT */
/*
 * What a mark is told of manifests beforehand: by a cache, that of --cache or
 * else the plan's own file, and by the operator, who gives some up
 * (--ignore-manifest).
 */
#ifndef CLI_KNOWN_H
#define CLI_KNOWN_H

#include "src/base/err.h"
#include "src/registry/digest.h"
#include "src/cli/options.h"

struct cache;
struct mark_opts;

struct known {
	struct cache *cache;
	struct digest ignored[OPT_STRINGS_MAX];
};

/* Fills *opts by the options.  plan: where a plan's file is, or NULL.  Call
 * known_close whatever is answered, when the mark has ended. */
int known_open(struct known *k, const struct options *options, const char *plan,
    struct mark_opts *opts, struct err *err) MUST_CHECK;

/* Also says what was wrong with the cache, unless nobody wants to hear it. */
void known_close(struct known *k, struct mark_opts *opts, bool is_quiet);

#endif
