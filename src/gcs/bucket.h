/* SPDX-License-Identifier: MIT */
/*
 * What the JSON API says of a bucket as a whole: its resource, and which
 * permissions the asker has.  Bytes in, values out.
 */
#ifndef GCS_BUCKET_H
#define GCS_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"

/* Words longer than these have never been seen; they are cut. */
struct gcs_bucket {
	char location[64];      /* "EUROPE-WEST1" */
	char location_type[32]; /* "region" */
	char storage_class[32]; /* "STANDARD" */
	uint64_t soft_delete_s; /* kept after a delete; 0: not at all */
	uint64_t retention_s;   /* of the retention policy; 0: none */
	bool is_retention_locked;
	bool has_object_retention; /* objects may have retention of their own */
	bool has_versioning;
	bool has_default_hold; /* defaultEventBasedHold */
	bool is_uniform;       /* access is of the bucket, not of objects */
	bool is_requester_pays;
};

/* The fields of the resource that are read, as the parameter `fields` takes
 * them. */
extern const char gcs_bucket_fields[];

/* ERR_PROTOCOL when it is not a bucket's resource, or not this one's. */
int gcs_bucket_parse(const char *text, size_t n, const char *name,
    struct gcs_bucket *out, struct err *err) MUST_CHECK;

/* Reads the answer of testIamPermissions: which of the count names it has. */
int gcs_permissions_parse(const char *text, size_t n, const char *const *names,
    bool *has, size_t count, struct err *err) MUST_CHECK;

#endif
