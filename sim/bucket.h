/* SPDX-License-Identifier: MIT */
/*
 * A bucket: its live objects, and apart from them the versions that are live
 * no more, each kind in an index of its own.  Live objects may also exist by
 * formula alone (bulk.h): they are made when somebody looks, and become objects
 * of an index when something happens to them.  What becomes of a version that
 * is replaced or deleted follows from the bucket's versioning and soft delete;
 * whether it may be, from holds and retention, is the asker's business
 * (guard.h).
 *
 * Every change goes through the functions below, and each tells the watcher.
 */
#ifndef SIM_BUCKET_H
#define SIM_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/index.h"
#include "sim/object.h"

struct bulk;
struct change_watcher;
struct meta;
struct payload;
struct restore;

enum {
	BUCKET_NAME_MIN = 3,
	BUCKET_NAME_MAX = 222,
	BUCKET_PART_MAX = 63 /* between dots */
};

/* Production's default for a new bucket: seven days. */
enum { BUCKET_SOFT_DELETE_S = 604800 };

/* What clients read and write of a bucket itself. */
struct bucket_config {
	bool has_versioning;
	bool default_event_based_hold;
	bool retention_is_locked;
	uint64_t soft_delete_s; /* 0: what is deleted is gone */
	uint64_t soft_delete_since_us;
	uint64_t retention_s; /* 0: none */
	uint64_t retention_since_us;
	char *extra; /* JSON object of properties that are only kept; or NULL */
};

struct bucket {
	struct bucket *next; /* in byte order of names; the owner's */
	char name[BUCKET_NAME_MAX + 1];
	uint64_t created_us;
	uint64_t updated_us;
	uint64_t metageneration;
	struct bucket_config config;
	struct index live;
	struct index noncurrent;
	struct index soft_deleted;
	bool is_from_file;       /* that was there when the simulator started */
	uint64_t next_expiry_us; /* no soft-deleted version goes before */
	const struct change_watcher *watcher; /* or NULL */
	struct bulk *bulk;        /* live objects by formula, or NULL */
	struct arena *room;       /* where those are made that are looked at */
	struct restore *restores; /* bulk restores that were, newest first */
};

/* 3 to 63 of [a-z0-9._-], or up to 222 in parts of 63 with dots between them,
 * the first and the last a letter or a digit, without two dots side by side, not
 * like an IPv4 address, not beginning with "goog" and without "google"? */
bool bucket_is_name(const char *name, size_t n);

/* soft delete as production's default has it. */
struct bucket *bucket_new(const char *name, uint64_t created_us);
void bucket_free(struct bucket *b);

/* These are the bucket's objects by formula from now on (NULL: none); no name
 * of theirs may be that of another live object. */
void bucket_set_bulk(struct bucket *b, struct bulk *take);

/* What was found among them before may be forgotten: at the beginning of each
 * request, so that looking at them takes no memory in the end. */
void bucket_begin(struct bucket *b);

/* Live objects and their bytes. */
uint64_t bucket_objects(const struct bucket *b);
uint64_t bucket_bytes(const struct bucket *b);

/* The live object of that name, or NULL.  One that exists by formula stands in
 * no index (its height is 0), and is valid until bucket_begin. */
struct object *bucket_find(const struct bucket *b, const char *name, size_t n);

/* The live or noncurrent version with that generation, or NULL. */
struct object *bucket_find_version(const struct bucket *b, const char *name,
    size_t n, uint64_t generation);

/* The soft-deleted one that has not expired, or NULL. */
struct object *bucket_find_soft_deleted(const struct bucket *b,
    const char *name, size_t n, uint64_t generation, uint64_t now_us);

/* A new live version of that name; answers it.  The one before becomes
 * noncurrent, soft-deleted, or goes.  Payload (NULL: virtual) and meta (NULL:
 * none) are the bucket's from here on. */
struct object *bucket_publish(struct bucket *b, const char *name, size_t n,
    uint64_t size, uint64_t generation, struct payload *payload_take,
    struct meta *meta_take);

/* The same while a bucket is filled: the one before leaves no trace. */
struct object *bucket_put(struct bucket *b, const char *name, size_t n,
    uint64_t size, uint64_t generation, struct payload *payload_take);

/* Deletes the live object o: in a versioned bucket it becomes noncurrent, else
 * it goes as bucket_delete_version says.  now_us: wall clock. */
void bucket_delete(struct bucket *b, struct object *o, uint64_t now_us);

/* Deletes o, live or noncurrent, for good, or for as long as the bucket keeps
 * what it deletes softly. */
void bucket_delete_version(struct bucket *b, struct object *o, uint64_t now_us);

/* o leaves no trace, whatever its state. */
void bucket_forget(struct bucket *b, struct object *o);

/* o, live or noncurrent, says meta_take from now on; its metageneration is one
 * higher.  Answers where it is in memory now. */
struct object *bucket_change(struct bucket *b, struct object *o,
    struct meta *meta_take, uint64_t now_us);

/* Forgets what was deleted softly and whose time has come; looks for it once a
 * minute at most. */
void bucket_expire(struct bucket *b, uint64_t now_us);

/* The index of the versions in that state. */
struct index *bucket_index(struct bucket *b, enum object_state state);

/* Adds a version as it was stored elsewhere, in whatever state it is; tells
 * nobody.  Its height is from index_draw_height of bucket_index. */
void bucket_load(struct bucket *b, struct object *o_take);

/* b's config or times were changed by the caller: tells the watcher. */
void bucket_touch(struct bucket *b);

#endif
