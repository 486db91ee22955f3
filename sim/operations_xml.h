/* SPDX-License-Identifier: MIT */
/*
 * The operations of the XML API, and what several of them need; between
 * operations.c and operations_xml*.c only.  The model is the one that the JSON
 * API acts on; so are its errors, which reply.h turns into XML by itself.
 *
 * Signatures are neither asked for nor looked at.
 */
#ifndef SIM_OPERATIONS_XML_H
#define SIM_OPERATIONS_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/preconditions.h"
#include "sim/xml_error.h"

struct buf;
struct meta_draft;
struct object;
struct scene;
struct xml_out;

/* Runs the route's operation, whichever it is. */
void operations_xml_run(const struct scene *s);

/* --- what several of them need; -1 and false: the reply is written --- */

/* The error, with a string as its details. */
void operations_xml_fail(const struct scene *s, enum xml_error e,
    const char *details);

/* The version that `generation` or `versionId` says, else the live one; *out is
 * NULL when there is none. */
int operations_xml_find(const struct scene *s, struct object **out);

/* May the operation go on, as the conditions in the headers have it? */
bool operations_xml_may(const struct scene *s, const struct object *o,
    enum precondition_for what);

/* May the route's name get a new live version?  Its spelling, the conditions
 * and what keeps the one before are looked at. */
bool operations_xml_may_put(const struct scene *s);

/* What the headers say of a new object.  The draft borrows from them, and from
 * *texts, which the caller releases. */
struct arena;
int operations_xml_describe(const struct scene *s, struct meta_draft *draft,
    struct arena *texts);

/* 200 without a body, and o's generation, hashes and ETag in the headers. */
void operations_xml_reply_stored(const struct scene *s, const struct object *o);

/* A number in the query, up to max; when it is absent it is that. */
int operations_xml_limit(const struct scene *s, const char *key, uint64_t max,
    uint64_t *out);

/* <tag>2026-09-30T03:28:23.182Z</tag>, and the same of an ETag. */
void operations_xml_add_time(struct xml_out *w, const char *tag, uint64_t us);
void operations_xml_add_etag(struct xml_out *w, const struct object *o);

/* --- the operations --- */

void operations_xml_service(const struct scene *s);
void operations_xml_location(const struct scene *s);
void operations_xml_storage_class(const struct scene *s);
void operations_xml_versioning(const struct scene *s);
void operations_xml_set_versioning(const struct scene *s);
void operations_xml_bucket_head(const struct scene *s);
void operations_xml_bucket_put(const struct scene *s);
void operations_xml_bucket_delete(const struct scene *s);
void operations_xml_list(const struct scene *s);
void operations_xml_multi_delete(const struct scene *s);
void operations_xml_get(const struct scene *s);
void operations_xml_put(const struct scene *s);
void operations_xml_copy(const struct scene *s, const char *source);
void operations_xml_delete(const struct scene *s);
void operations_xml_uploads(const struct scene *s);
void operations_xml_upload_start(const struct scene *s);
void operations_xml_upload_put(const struct scene *s);
void operations_xml_upload_parts(const struct scene *s);
void operations_xml_upload_complete(const struct scene *s);
void operations_xml_upload_abort(const struct scene *s);

#endif
