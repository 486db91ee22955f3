/* SPDX-License-Identifier: MIT */
/*
 * An object's resource as clients send it: the body of a patch or an update,
 * the first part of a multipart upload, the start of a resumable one, the
 * destination of a copy.  What only the server may say (size, generation, ...)
 * and what nobody knows is passed over, as production does.
 */
#ifndef SIM_OBJECT_JSON_H
#define SIM_OBJECT_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/meta.h"

struct json_t;

enum object_json_for {
	OBJECT_JSON_NEW,   /* what is not said is absent */
	OBJECT_JSON_PATCH, /* what is not said stays; null takes it away */
	OBJECT_JSON_UPDATE /* what is not said goes, the storage class stays */
};

struct object_json {
	struct json_t *root; /* owns most strings of the draft */
	char *contexts;      /* these own others */
	char *acl;
	struct meta_draft draft; /* what the object says from now on */
	const char *name;        /* NULL where nothing is said of these */
	const char *md5;         /* base64 */
	const char *crc32c;      /* base64 */
	char fault[256];
};

/* base: what the object says now (NULL: nothing), borrowed as long as j is in
 * use.  An empty body is an empty resource, and so is null, which the older Go
 * library writes for none.  NULL, or what is wrong with it, as long as j lives;
 * object_json_release in any case. */
const char *object_json_parse(struct object_json *j, const void *body, size_t n,
    const struct meta *base, enum object_json_for what);

/* The same of a value in a larger body, which j does not own; NULL: empty. */
const char *object_json_read(struct object_json *j, struct json_t *value,
    const struct meta *base, enum object_json_for what);
void object_json_release(struct object_json *j);

/* Does it say more than a storage class?  A copy has the metadata of its source
 * until the client says its own. */
bool object_json_has_metadata(const struct object_json *j);

/* May that be one of its texts?  They go into answers as headers, so each is one
 * short line of plain text. */
bool object_json_is_plain(const char *text, size_t n);

/* Production's reason for what one of these has found wrong. */
const char *object_json_reason(const struct object_json *j, const char *wrong);

#endif
