/* SPDX-License-Identifier: MIT */
/*
 * Resumable uploads: what a client has begun, the bytes that came so far, and
 * how it ended.  A session is known by its upload id for a week and forgotten
 * then; it belongs to the world that it was started in.  Bytes are held in a
 * payload that grows with them and becomes the object's.
 */
#ifndef SIM_SESSION_H
#define SIM_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct meta;
struct object;
struct payload;
struct world;

enum {
	/* Bytes are kept in multiples of this, but for the last. */
	SESSION_CHUNK = 256 * 1024,
	SESSION_LIFE_S = 7 * 24 * 3600,
	SESSION_ID_MAX = 48
};

enum session_state {
	SESSION_OPEN,
	SESSION_DONE,     /* answers with what it became */
	SESSION_CANCELLED /* answers that it was */
};

struct upload_session {
	struct upload_session *chain; /* with the same slot of the table */
	struct upload_session *newer;
	struct upload_session **self; /* what points here, by age */
	char id[SESSION_ID_MAX];
	uint64_t started_us; /* wall clock; no two are the same */
	enum session_state state;
	char *bucket;
	char *name; /* of the object */

	/* SESSION_OPEN: */
	char *query;       /* of the start: conditions, fields */
	char *promised;    /* by the start; see promise.h */
	struct meta *meta; /* what the object will say; or NULL */
	bool has_total;    /* it is known how many bytes will come: */
	uint64_t total;
	struct payload *bytes; /* its size is what is held; never NULL */
	size_t room;           /* bytes that it has memory for */

	/* SESSION_DONE: the version as it was made, without its bytes. */
	struct object *object;
};

struct sessions {
	struct upload_session *oldest;
	struct upload_session **newest; /* the last link; NULL: none yet */
	struct upload_session **slots;
	size_t cap; /* of slots, a power of two or 0 */
	size_t n;
};

/* A new session without bytes.  promised and query are copied; meta_take may be
 * NULL.  Whoever changes a session says so with session_touch; so does whoever
 * starts one, when it is complete. */
struct upload_session *session_start(struct world *w, const char *bucket,
    const char *name, const char *query, const char *promised,
    struct meta *meta_take, uint64_t wall_us);

/* The session of that id, or NULL; forgets those whose time is over. */
struct upload_session *session_find(struct world *w, const char *id,
    uint64_t wall_us);

/* n more bytes behind those that are held. */
void session_append(struct upload_session *u, const void *bytes, size_t n);

/* What is held, hashed, as a payload that has one user more. */
struct payload *session_share(struct upload_session *u);

/* Ends one that is open: it became o, or (NULL) was cancelled. */
void session_end(struct upload_session *u, const struct object *o);

/* Tells the watcher how the session is now. */
void session_touch(const struct world *w, const struct upload_session *u);

void session_forget(struct world *w, struct upload_session *u);
void session_forget_bucket(struct world *w, const char *bucket);

/* Adds a session as it was stored elsewhere, the oldest first; tells nobody.
 * Its strings are from mem_*, its payload from payload_alloc, with as much room
 * as it has size. */
void session_load(struct world *w, struct upload_session *u_take);

void sessions_release(struct sessions *s);

#endif
