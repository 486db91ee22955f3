/* SPDX-License-Identifier: MIT */
/*
 * An answer in the making: status, content type, body and further headers.
 * One reply serves all requests in turn, so its buffers grow once.
 */
#ifndef SIM_REPLY_H
#define SIM_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/buf.h"

struct reply {
	int status;
	const char *type; /* content type; NULL: none */
	bool pretty;      /* JSON for people */
	bool is_xml;      /* as is all that follows; see xml_error.h */
	size_t entries;   /* objects and prefixes that it lists */
	struct buf body;
	struct buf head; /* "Name: value\r\n" each */
};

extern const char reply_json[]; /* the content type */
extern const char reply_html[];

void reply_init(struct reply *r);
void reply_release(struct reply *r);

/* 200, JSON or XML, nothing in it yet. */
void reply_clear(struct reply *r, bool pretty);

/* Makes it one of production's errors. */
void reply_bad_request(struct reply *r, const char *reason,
    const char *message);
/* The same, of the parameter key: the message need not name it. */
void reply_bad_parameter(struct reply *r, const char *key, const char *reason,
    const char *message);
void reply_no_path(struct reply *r);
void reply_no_method(struct reply *r);
void reply_no_bucket(struct reply *r);
/* What a call about the bucket itself hears. */
void reply_no_such_bucket(struct reply *r, const char *bucket);
void reply_no_object(struct reply *r, const char *bucket, const char *name,
    size_t name_len);
void reply_conflict(struct reply *r, const char *message);
void reply_precondition(struct reply *r);
void reply_not_modified(struct reply *r);
void reply_throttled(struct reply *r, bool is_write, const char *bucket,
    const char *name, size_t name_len);
/* Too many buckets come and go. */
void reply_throttled_project(struct reply *r);
void reply_trouble(struct reply *r, int status); /* 500 to 599 */

/* Any other; location: the header at fault, or NULL. */
void reply_error(struct reply *r, int status, const char *reason,
    const char *location, const char *message);

/* 404 for a media read: the text alone. */
void reply_no_media(struct reply *r, const char *bucket, const char *name,
    size_t name_len);

#endif
