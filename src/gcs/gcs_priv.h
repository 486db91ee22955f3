/* SPDX-License-Identifier: MIT */
/*
 * Between gcs.c (the store), flow.c (what may leave, and when) and call.c (what
 * the end of a try means).
 *
 *	submit -> ready -> (token, pace, breaker) -> wire -> settle -> done -> reap
 *	            ^                                          |
 *	            +--- tail: 429, outage, new token ---------+
 *	            +--- retry timer: 408, 5xx, lost ----------+
 */
#ifndef GCS_GCS_PRIV_H
#define GCS_GCS_PRIV_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "src/base/buf.h"
#include "src/base/err.h"
#include "src/base/loop.h"
#include "src/gcs/download.h"
#include "src/gcs/request.h"
#include "src/gcs/upload.h"
#include "src/net/client.h"
#include "src/net/outage.h"
#include "src/net/pace.h"
#include "src/net/url.h"
#include "src/storage/storage.h"

struct token_source;

/* GCS limits reads and writes apart, and so each has a pace. */
enum lane_kind { LANE_READS, LANE_WRITES };
enum { LANES = LANE_WRITES + 1 };

enum call_state {
	CALL_READY, /* in its lane's queue */
	CALL_WIRE,  /* the http client's, or landed */
	CALL_RESTS  /* in its retry timer, where it holds no connection */
};

enum { TOKEN_LINE_MAX = 80 };

/* What an operation needs while it is in flight. */
struct call {
	struct gcs *gcs;
	struct storage_op *op; /* the caller's */
	struct lane *lane;
	uint64_t number; /* in the order of submit */
	enum call_state state;
	struct http_request req;
	struct buf url;
	struct loop_timer retry;
	uint64_t sent_us;                /* its last try; 0: it has made none */
	struct buf credential;           /* a header line, secret */
	uint64_t serial;                 /* of the token in it */
	unsigned tries;                  /* that count, see retry.h */
	unsigned rejections;             /* answers 429 */
	bool is_replayed;                /* once, with a new token */
	bool is_cancelled, is_last;      /* last: no try follows this one */
	char token_line[TOKEN_LINE_MAX]; /* "" : not a mutation */
	struct gcs_download down;        /* GET */
	struct gcs_upload up;            /* PUT */
	TAILQ_ENTRY(call) link;          /* in flight, or spare */
	TAILQ_ENTRY(call) ready;         /* in its lane, or landed */
};
TAILQ_HEAD(calls, call);

struct lane {
	struct calls ready;
	struct pace pace;
};

struct gcs {
	struct storage storage;
	struct loop *loop;
	struct http_client *client;
	struct token_source *tokens; /* borrowed; NULL: we are nobody */
	char base[URL_BASE_MAX];
	char *bucket;
	char *delete_under;
	char *quota_line; /* header lines, or NULL */
	char *extra_line;
	struct gcs_place place;
	uint64_t seed;
	uint64_t token_seed; /* of idempotency tokens */
	bool retry_always;
	size_t resumable_over;

	struct lane lanes[LANES];
	struct outage outage;
	struct loop_timer gate; /* when the next that is ready may leave */
	unsigned width;         /* requests on the wire at most: connections */
	uint64_t latency_us;    /* that it was chosen by; 0: not known */
	bool has_expected;      /* so latency_us is settled */
	unsigned on_wire, peak, waiting; /* in both lanes */
	bool had_token; /* so that a token that cannot be had is an outage */
	uint64_t tokenless_us;         /* since when it cannot; 0: it can */
	uint64_t submitted, mutations; /* so far */
	uint64_t retries, requeues;

	struct calls landed; /* on the virtual clock: to be settled together */
	struct loop_timer settle;
	bool is_settling; /* it was due */
	struct calls in_flight;
	struct calls spare;
	struct storage_op *done; /* oldest first, through op->next */
	struct storage_op **done_end;
	bool has_cancelled; /* some call in flight is marked */
	struct err why;     /* what cancelled ops say */
};

/* --- gcs.c --- */

/* The operation is over, with its answer in it; the call is spare. */
void gcs_finish_call(struct call *call);

/* --- call.c --- */

void call_init(struct call *call, struct gcs *gcs);
void call_release(struct call *call);

/* A new operation: what is to be sent first, with no try made. */
void call_begin(struct call *call, struct storage_op *op);

/* A try has ended. */
void call_settle(struct call *call);

/* Answers CANCELLED. */
void call_cancel(struct call *call);

/* --- flow.c --- */

void flow_init(struct gcs *gcs, enum pace_mode mode, double rate,
    uint64_t patience_us);

/* To the tail of its lane, behind all that has not been tried. */
void flow_add(struct call *call);
void flow_remove(struct call *call);

/* Sends what may leave now, and sets the gate's timer for the next. */
void flow_pump(struct gcs *gcs);

/* The header lines that the request carries, without its credential. */
void flow_set_headers(struct call *call);

/* Its request has come back from the http client. */
void flow_landed(struct call *call);

#endif
