/* SPDX-License-Identifier: MIT */
/*
 * A bucket's resource as clients send it: the body of an insert, a patch or an
 * update.  What has an effect here is read; what only describes the bucket
 * (labels, lifecycle, cors, ...) is checked for its type and kept, to be sent
 * back; what only the server may say and what nobody knows is passed over, as
 * production does.
 */
#ifndef SIM_BUCKET_JSON_H
#define SIM_BUCKET_JSON_H

#include <stddef.h>
#include <stdint.h>

#include "sim/bucket.h"

struct json_t;

enum bucket_json_for {
	BUCKET_JSON_NEW,
	BUCKET_JSON_PATCH, /* what is not said stays; null takes it away */
	/* What is not said goes, but for the place of the bucket and its soft
	 * delete. */
	BUCKET_JSON_UPDATE
};

struct bucket_json {
	struct json_t *root;         /* owns the name */
	const char *name;            /* NULL: none is said */
	struct bucket_config config; /* what the bucket says from now on */
	int status;                  /* of what is wrong */
	const char *reason;
	char fault[256];
};

/* base: what the bucket says now, or what a new one says that nobody asked
 * anything of; borrowed for the call.  now_us: wall clock.  -1: status, reason
 * and fault say what is wrong.  bucket_json_release in any case. */
int bucket_json_parse(struct bucket_json *j, const void *body, size_t n,
    const struct bucket_config *base, enum bucket_json_for what,
    uint64_t now_us);
void bucket_json_release(struct bucket_json *j);

/* The storage class that b gives to objects which do not say: static storage;
 * NULL: STANDARD. */
const char *bucket_json_class(const struct bucket *b);

/* Gives b what was parsed, and its next metageneration if it is not new. */
void bucket_json_apply(struct bucket_json *j, struct bucket *b,
    enum bucket_json_for what, uint64_t now_us);

#endif
