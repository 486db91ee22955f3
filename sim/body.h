/* SPDX-License-Identifier: MIT */
/* JSON that clients send. */
#ifndef SIM_BODY_H
#define SIM_BODY_H

#include <stddef.h>

struct json_t;

/* The string under "name" in a JSON object, into size bytes; -1 when there is
 * none or it does not fit. */
int body_parse_name(const void *body, size_t n, char *out, size_t size);

/* What an object's metadata says that the simulator heeds; NULL where it says
 * nothing. */
struct body_metadata {
	struct json_t *root; /* owns the strings */
	const char *name;
	const char *type;
	const char *md5; /* base64 */
	const char *crc32c;
};

/* -1 when it is no JSON object, or one of these is no string. */
int body_parse_metadata(const void *body, size_t n, struct body_metadata *out);

/* A zeroed struct is fine. */
void body_metadata_release(struct body_metadata *m);

#endif
