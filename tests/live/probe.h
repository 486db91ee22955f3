/* SPDX-License-Identifier: MIT */
/*
 * What the documents leave open, asked of a real bucket and written down: no
 * answer is right or wrong here.  All that is made or deleted lies below one
 * prefix.
 */
#ifndef TESTS_LIVE_PROBE_H
#define TESTS_LIVE_PROBE_H

#include <stdio.h>

#include "src/base/err.h"

struct loop;

struct probe_opts {
	const char *base; /* as url_parse_endpoint writes it */
	const char *bucket;
	const char *prefix;        /* of unreserved bytes, ends in a slash */
	const char *authorization; /* a header line, or NULL */
	const char *quota_project; /* likewise */
	const char *ca_file;       /* as of http_opts */
	unsigned burst; /* deletes of what is not there, as fast as they go */
};

/* Writes a report; -1 when a question got no answer at all. */
int probe_run(struct loop *loop, const struct probe_opts *opts, FILE *report,
    struct err *err) MUST_CHECK;

#endif
