/* SPDX-License-Identifier: MIT */
/*
 * Questions about a bucket as a whole, one at a time, each answered before the
 * call returns: for those who have nothing else to do meanwhile.  One attempt
 * each, since who asks wants to know how the server is and not how it could be
 * with patience.
 */
#ifndef GCS_ASK_H
#define GCS_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"

struct gcs_ask;
struct gcs_bucket;
struct loop;

/* Strings are borrowed until close. */
struct gcs_ask_opts {
	const char *base;          /* as url_parse_endpoint writes it */
	const char *bucket;        /* a legal name */
	const char *authorization; /* "Authorization: Bearer ..."; or NULL */
	const char *quota_project; /* or NULL */
	const char *ca_file;       /* as of http_opts */
};

struct gcs_ask *gcs_ask_open(struct loop *loop,
    const struct gcs_ask_opts *opts);
void gcs_ask_close(struct gcs_ask *a); /* NULL is fine */

/* How a question fared, also one that failed. */
struct gcs_asked {
	int status;       /* 0: no answer came */
	uint64_t took_us; /* from asking until the answer was whole */
	uint64_t wall_us; /* our clock, half-way */
	uint64_t date_s;  /* the server's, Unix epoch; 0: it told none */
};

/* The bucket's resource. */
int gcs_ask_bucket(struct gcs_ask *a, struct gcs_bucket *out,
    struct gcs_asked *how, struct err *err) MUST_CHECK;

/* Which of the count permissions the asker has. */
int gcs_ask_permissions(struct gcs_ask *a, const char *const *names, bool *has,
    size_t count, struct gcs_asked *how, struct err *err) MUST_CHECK;

/* Is there any object whose name begins with the prefix? */
int gcs_ask_any(struct gcs_ask *a, const char *prefix, bool *is_any,
    struct gcs_asked *how, struct err *err) MUST_CHECK;

#endif
