/* SPDX-License-Identifier: MIT */
/*
 * Google Cloud Storage behind the seam: one bucket over the JSON API.
 */
#ifndef GCS_GCS_H
#define GCS_GCS_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"

struct loop;
struct storage;

/* Start from gcs_defaults.  Strings are borrowed for the call of gcs_open. */
struct gcs_opts {
	const char *endpoint; /* as url_parse_endpoint takes it; required */
	const char *bucket;   /* required */
	unsigned connections; /* at most; a connection is made when needed */
	uint64_t seed;        /* of the jitter between tries */
	/* Also try PUT and DELETE again when they name no generation: right for
	 * those to whom an object that is gone is a success. */
	bool retry_always;
	/* A DELETE of a name that does not begin with this never leaves: the
	 * driver's own guard, below every other.  "": all names may. */
	const char *delete_under;
	uint64_t connect_timeout_us; /* of one try; 0: no limit */
	uint64_t idle_timeout_us;  /* without a byte of the answer; likewise */
	uint64_t total_timeout_us; /* of one try; 0: no limit */
};

void gcs_defaults(struct gcs_opts *opts);

/* NULL and *err when the endpoint or the bucket's name is wrong; the server is
 * not asked.  storage_close frees it. */
struct storage *gcs_open(struct loop *loop, const struct gcs_opts *opts,
    struct err *err);

/* Connections that will be used at most: what was asked, or what the limit of
 * open files allows.  s comes from gcs_open. */
unsigned gcs_connections(const struct storage *s);

#endif
