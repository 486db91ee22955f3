/* SPDX-License-Identifier: MIT */
/*
 * The errors of the XML API: a code for the client, the message that belongs
 * to it, and details that say which object or parameter it was.
 */
#ifndef SIM_XML_ERROR_H
#define SIM_XML_ERROR_H

#include <stddef.h>

struct reply;
struct xml_out;

enum xml_error {
	XML_ACCESS_DENIED,
	XML_AUTHENTICATION_REQUIRED,
	XML_BAD_DIGEST,
	XML_BUCKET_EXISTS,
	XML_BUCKET_NOT_EMPTY,
	XML_INTERNAL_ERROR,
	XML_INVALID_ARGUMENT,
	XML_INVALID_BUCKET_NAME,
	XML_INVALID_DIGEST,
	XML_INVALID_PART,
	XML_INVALID_PART_ORDER,
	XML_INVALID_RANGE,
	XML_MALFORMED_XML,
	XML_METADATA_TOO_LARGE,
	XML_METHOD_NOT_ALLOWED,
	XML_NO_SUCH_BUCKET,
	XML_NO_SUCH_KEY,
	XML_NO_SUCH_UPLOAD,
	XML_NOT_IMPLEMENTED,
	XML_PART_TOO_SMALL,
	XML_PRECONDITION_FAILED,
	XML_RETENTION,
	XML_SLOW_DOWN,
	XML_UNAVAILABLE,
	XML_UNDER_HOLD
};

extern const char xml_type[]; /* the content type of every XML answer */

/* Makes it the answer; details may be empty (n 0). */
void xml_error(struct reply *r, enum xml_error e, const char *details,
    size_t n);

/* The same about an object: "BEFORE bucket/name AFTER" are the details. */
void xml_error_about(struct reply *r, enum xml_error e, const char *before,
    const char *bucket, const char *name, size_t n, const char *after);

/* Code and message within an element that is open. */
void xml_error_add(enum xml_error e, struct xml_out *w);

/* What the JSON API says with that status, reason and text. */
void xml_error_like(struct reply *r, int status, const char *reason,
    const char *text, size_t n);

#endif
