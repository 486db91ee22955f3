/* SPDX-License-Identifier: MIT */
/*
 * Between operations.c, which has the table of them all, and its rooms
 * operations_*.c, one for each part of the API.
 */
#ifndef SIM_OPERATIONS_PRIV_H
#define SIM_OPERATIONS_PRIV_H

#include <stdbool.h>

#include "sim/fields.h"
#include "sim/object.h"
#include "sim/operations.h"
#include "sim/preconditions.h"

struct bucket;
struct buf;
struct meta;
struct meta_draft;
struct payload;
struct upload;

/* What an operation acts on.  bucket is the route's; NULL only for operations
 * that are about none. */
struct scene {
	struct world *world;
	struct bucket *bucket;
	const struct ask *ask;
	struct reply *reply;
};

/* --- what several of them need; -1 and false: the reply is written --- */

/* The parsed `fields` parameter (NULL: everything). */
int operations_fields(const struct scene *s, struct fields **out);

/* The version that the request is about: the live one, or with `generation=`
 * that one.  *out is NULL when there is none. */
int operations_find(const struct scene *s, struct object **out);

/* The soft-deleted version of the route's name that `generation=` says; without
 * it the request is refused in these words. */
int operations_find_soft_deleted(const struct scene *s, const char *wanted,
    struct object **out);

/* May the operation go on, as the preconditions in the query have it? */
bool operations_may(const struct scene *s, const struct object *o,
    enum precondition_for what);

/* Is an upload in one request cut before all its n bytes are here?  Then none
 * are kept, and the reply is written. */
bool operations_is_cut(const struct scene *s, uint64_t n);

/* May the route's name get a new live version?  Asks the preconditions, then
 * whether the version that it would replace may go. */
bool operations_may_put(const struct scene *s);

/* May that be asked later, since the preconditions make sense? */
bool operations_may_ask(const struct scene *s);

/* May an object (old: its metadata, NULL when it is new) say that? */
int operations_check_draft(const struct scene *s, const struct meta *old,
    const struct meta_draft *draft);

/* What a copy says that says nothing of its own.  Neither holds nor retention
 * come along, and the storage class is the destination's own. */
void operations_copy_meta(const struct object *source,
    struct meta_draft *draft);

/* What is true of a copy's bytes, whoever describes them.  A virtual object's
 * follow from a name, so its copy keeps that of the first. */
void operations_keep_bytes(const struct scene *s, const struct object *source,
    struct meta_draft *draft);

/* A new live version of the route's name; its draft gets the holds that the
 * bucket gives to all that is new. */
const struct object *operations_publish(const struct scene *s, uint64_t size,
    struct payload *payload_take, struct meta_draft *draft);

/* What a new object takes from its bucket, where it says nothing itself. */
void operations_inherit(const struct scene *s, struct meta_draft *draft);

/* The resource of an object is the reply. */
void operations_reply_object(const struct scene *s, const struct object *o);

/* Does the client have o as it is, as its If-None-Match says? */
bool operations_is_known(const struct scene *s, const struct object *o);

/* The bytes of o, or the range of them that was asked for, and the headers
 * that come with them. */
void operations_reply_media(const struct scene *s, const struct object *o);

/* Adds x-goog-hash, twice if need be, as production does: CRLF stands before
 * each header and not behind it. */
void operations_add_hashes(const struct object *o, struct buf *head);

/* A new version of the route's object, if its bytes are as promised (see
 * promise.h): it is the reply.  NULL when they are not. */
const struct object *operations_store(const struct scene *s,
    const char *promised, struct payload *payload_take, struct meta *meta_take);

/* --- the operations --- */

void operations_list(const struct scene *s);
void operations_get(const struct scene *s);
void operations_media(const struct scene *s);
void operations_insert(const struct scene *s);
void operations_delete(const struct scene *s);
void operations_patch(const struct scene *s);
void operations_update(const struct scene *s);
void operations_compose(const struct scene *s);
void operations_copy(const struct scene *s);
void operations_rewrite(const struct scene *s);
void operations_move(const struct scene *s);
void operations_restore(const struct scene *s);
void operations_bulk_restore(const struct scene *s);
void operations_running_list(const struct scene *s);
void operations_running_get(const struct scene *s);
void operations_running_cancel(const struct scene *s);
void operations_upload_start(const struct scene *s, const struct upload *u);
void operations_upload_put(const struct scene *s);
void operations_upload_cancel(const struct scene *s);
void operations_upload_elsewhere(const struct scene *s);
void operations_bucket_list(const struct scene *s);
void operations_bucket_insert(const struct scene *s);
void operations_bucket_get(const struct scene *s);
void operations_bucket_delete(const struct scene *s);
void operations_bucket_patch(const struct scene *s);
void operations_bucket_update(const struct scene *s);
void operations_bucket_layout(const struct scene *s);
void operations_bucket_lock(const struct scene *s);

#endif
