/* SPDX-License-Identifier: MIT */
/*
 * THE SEAM: what the collector may ask of any object store.
 *
 * A store has four functions.  One submit is exactly one completion, which
 * comes out of reap and never from inside submit.  An operation belongs to the
 * caller (a pool of as many as may be in flight), is lent to the store from
 * submit to reap, and carries the answer back.  Retries, backoff and pacing
 * are the store's business: what reap returns is settled or given up.
 */
#ifndef STORAGE_STORAGE_H
#define STORAGE_STORAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/buf.h"
#include "src/base/err.h"
#include "src/storage/page.h"

enum storage_kind {
	STORAGE_LIST,  /* one page of the names that begin with a prefix */
	STORAGE_GET,   /* an object's bytes */
	STORAGE_PUT,   /* a small object from memory */
	STORAGE_DELETE /* an object; after storage_if_generation only that one */
};

enum storage_verdict {
	STORAGE_OK,
	STORAGE_GONE,    /* no such object (404): for DELETE a success */
	STORAGE_CHANGED, /* the precondition did not hold (412): keep it */
	STORAGE_HELD,    /* retention policy or hold (403): not ours to take */
	STORAGE_DENIED,  /* no permission (401, other 403) */
	STORAGE_THROTTLED, /* 429 or 503 until the last try */
	STORAGE_FAILED,    /* anything else; err says what */
	STORAGE_CANCELLED  /* storage_cancel, or a store that cannot go on */
};

enum {
	STORAGE_KINDS = STORAGE_DELETE + 1,
	STORAGE_VERDICTS = STORAGE_CANCELLED + 1,
	STORAGE_NAME_MAX = 1024 /* bytes of UTF-8 ([doc] objects) */
};

struct storage_op {
	enum storage_kind kind; /* asked: set with storage_ask_* */
	struct buf name;        /* the object; LIST: the prefix */
	struct buf token;       /* LIST: page token, "" for the first page */
	struct buf start;       /* LIST: only names from here on; "": all */
	struct buf end;         /* LIST: only names before this; "": all */
	bool wants_md5;         /* LIST: objects should have it */
	bool has_generation;
	uint64_t generation; /* act only on this one; 0: only if none exists */
	struct buf body;     /* PUT: bytes to store; GET: bytes received */
	size_t max_body;     /* GET: more than this is FAILED */

	enum storage_verdict verdict; /* answered */
	int status;                   /* last HTTP status; 0: none came */
	struct err err;               /* set unless OK */
	struct storage_page page;     /* LIST */
	uint64_t put_generation;      /* PUT: what now exists */
	uint64_t server_us;    /* LIST: the server's clock, Unix epoch, to the
			       second; 0: it did not tell */
	unsigned attempts;     /* requests put on the wire for this op */
	unsigned rejected;     /* of these: answered 429 or 503 */
	unsigned unanswered;   /* of these: lost before any response byte */
	uint64_t submitted_us; /* on the store's clock */
	uint64_t done_us;

	void *user; /* not looked at by a store */

	/* The store's, between submit and reap. */
	struct storage_op *next;
	void *driver;
};

struct storage;

struct storage_ops {
	void (*submit)(struct storage *s, struct storage_op *op);
	struct storage_op *(*reap)(struct storage *s);
	void (*cancel)(struct storage *s);
	void (*close)(struct storage *s);
};

struct storage {
	const struct storage_ops *ops;
};

/* Lends op to the store; op comes back from reap exactly once.  Never blocks,
 * never completes inside. */
void storage_submit(struct storage *s, struct storage_op *op);

/* Waits for the next completion; NULL when nothing is in flight. */
struct storage_op *storage_reap(struct storage *s);

/* Marks everything in flight as not wanted any more: reap then returns the ops
 * without waiting for the wire, CANCELLED unless they were already done. */
void storage_cancel(struct storage *s);

/* Frees the store (and what it wraps).  Nothing may be in flight; NULL is
 * fine. */
void storage_close(struct storage *s);

/* --- operations --- */

void storage_op_init(struct storage_op *op);
void storage_op_release(struct storage_op *op);

/* Each resets the op and says what is asked.  Names are copied. */
void storage_ask_list(struct storage_op *op, const char *prefix,
    const char *token);
void storage_ask_get(struct storage_op *op, const char *name, size_t max_body);
void storage_ask_put(struct storage_op *op, const char *name, const void *data,
    size_t n);
void storage_ask_delete(struct storage_op *op, const char *name);

/* Adds to a LIST: only names from start on and before end, in byte order ("" is
 * no bound; [doc] objects.list, startOffset and endOffset). */
void storage_list_range(struct storage_op *op, const char *start,
    const char *end);

/* Adds to a LIST: say each object's MD5. */
void storage_list_md5(struct storage_op *op);

/* Adds to a PUT or DELETE: act only on this generation (0: if none exists). */
void storage_if_generation(struct storage_op *op, uint64_t generation);

/* What is wrong with an object's name that the server must never see: empty,
 * longer than STORAGE_NAME_MAX, "." or "..", or with CR or LF (GCS naming
 * rules); NULL when it is fine. */
const char *storage_name_fault(const char *name);

/* "LIST", "GET", ...; "ok", "gone", ... */
const char *storage_kind_name(enum storage_kind kind);
const char *storage_verdict_name(enum storage_verdict verdict);

#endif
