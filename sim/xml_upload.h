/* SPDX-License-Identifier: MIT */
/*
 * Multipart uploads: objects that come in numbered parts, in any order and
 * several at a time, until their client completes or aborts them.  They belong
 * to the world that they were started in, whose watcher hears of each part.
 */
#ifndef SIM_XML_UPLOAD_H
#define SIM_XML_UPLOAD_H

#include <stdint.h>

#include "src/base/vec.h"

struct meta;
struct payload;
struct world;

enum { XML_UPLOAD_ID_MAX = 48 };

struct xml_upload_part {
	uint32_t number;
	struct payload *payload;
	uint64_t stored_us; /* wall clock */
};

struct xml_upload {
	struct xml_upload *next; /* started later */
	char id[XML_UPLOAD_ID_MAX];
	char *bucket;
	char *name;        /* of the object */
	struct meta *meta; /* what it will say; or NULL */
	uint64_t started_us;
	VEC(struct xml_upload_part) parts; /* by number */
};

/* A new upload without parts; meta_take may be NULL. */
struct xml_upload *xml_upload_start(struct world *w, const char *bucket,
    const char *name, struct meta *meta_take, uint64_t wall_us);

/* The upload of that id, if it is to that object, or NULL. */
struct xml_upload *xml_upload_find(const struct world *w, const char *bucket,
    const char *name, const char *id);

/* A part, in place of one that has its number. */
void xml_upload_put(struct world *w, struct xml_upload *u, uint32_t number,
    struct payload *payload_take, uint64_t wall_us);

/* The part of that number, or NULL. */
const struct xml_upload_part *xml_upload_part(const struct xml_upload *u,
    uint32_t number);

void xml_upload_forget(struct world *w, struct xml_upload *u);

void xml_upload_forget_bucket(struct world *w, const char *bucket);

/* Adds an upload that was stored elsewhere, and was started later than those
 * that are there.  The watcher knows of it. */
void xml_upload_load(struct world *w, struct xml_upload *u_take);

/* Frees all; the watcher hears nothing. */
void xml_uploads_release(struct world *w);

#endif
