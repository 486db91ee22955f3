/* SPDX-License-Identifier: MIT */
/* gcs-sim keygen: a key file of a service account, made without any network. */
#ifndef SIM_KEYGEN_H
#define SIM_KEYGEN_H

#include <stdbool.h>

#include "src/base/err.h"
#include "src/base/opt.h"

struct buf;

struct keygen_opts {
	struct opt_said said;
	const char *email;
	const char *token_uri;
	const char *out; /* or NULL */
	bool help;
	bool version;
};

extern const struct opt_table keygen_table;

/* Adds the file to *out; or makes the one that --out names, for its owner alone,
 * where nothing is yet. */
int keygen_run(const struct keygen_opts *opts, struct buf *out,
    struct err *err) MUST_CHECK;

#endif
