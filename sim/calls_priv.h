/* SPDX-License-Identifier: MIT */
/* A request and its fate; between calls.c and its rooms calls_*.c only. */
#ifndef SIM_CALLS_PRIV_H
#define SIM_CALLS_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/sim.h"
#include "sim/authority.h"
#include "sim/fault.h"
#include "sim/http.h"
#include "sim/limits.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "src/base/buf.h"
#include "src/base/loop.h"

struct ask;
struct ask_headers;
struct calls_batch;
struct event;
struct sim;

/* The row of one that is in no journal and in no scope: it asks for a token. */
#define CALL_UNCOUNTED UINT64_MAX

enum fate {
	FATE_SERVED,
	FATE_REFUSED,  /* to whoever asks: see authority.h */
	FATE_REJECTED, /* by the limiter */
	FATE_FAULTED
};

struct call {
	struct sim *sim;
	struct http_exchange *x; /* NULL: the body is not here yet */
	struct call *next;       /* in live or in spare */
	struct call **self;      /* what points here, while live */
	enum http_method method;
	struct buf target;
	struct route route; /* points into target */
	struct loop_timer timer;
	uint64_t arrived_us;
	uint64_t decided_us; /* its body came too, and its wait began */
	uint64_t asked_us;   /* how long that is to be, in all */
	/* What it is made to wait: for a token, for its connection's set-up, for
	 * its body's way, as any request; and when it has acted, for its
	 * answer's size. */
	struct limits_verdict limit;
	uint64_t setup_us;
	uint64_t upload_us;
	uint64_t latency_us;
	uint64_t answer_us;
	uint64_t stall_us; /* it acts again so much later */
	bool has_acted;
	struct reply held; /* while it waits for that */
	uint64_t row;      /* of the journal */
	uint64_t scopes;   /* that it counts in: see scope.h */
	uint32_t nth;      /* of the same request, for by_identity */
	struct authority_verdict verdict; /* on who asks */
	enum fate fate;
	struct fault fault;  /* FATE_FAULTED */
	struct event *watch; /* virtual clock: for a client that gives up */
	bool is_parked;
	struct calls_batch *batch; /* what it is made of, or NULL */
};

/* A call of that method and target arrives: it is routed and in the journal.
 * host may name a bucket; NULL: it is one of the JSON API in any case. */
struct call *calls_arrive(struct sim *sim, enum http_method method,
    const char *target, const char *host);

/* Chooses its fate, and how long it takes.  carrier: the call that it is part
 * of, or itself. */
void calls_weigh(struct call *c, const struct call *carrier,
    const struct ask_headers *headers, uint64_t now_us);

/* What the limits say of it. */
void calls_limit(struct call *c, uint64_t now_us);

/* The answer to what they reject. */
void calls_limit_answer(const struct call *c, struct reply *reply);

/* Those of its own, which is no part of another. */
struct ask_headers calls_headers(const struct call *c);

/* Does what its fate says; the simulator's reply is what comes of it. */
void calls_perform(struct call *c, const struct ask *ask);

/* The same of one that is served: the operation, or a batch. */
void calls_run(struct call *c, const struct ask *ask);

/* Of the body that goes out with the reply. */
uint64_t calls_count_bytes(const struct call *c, const struct reply *r);

/* --- a call that something goes wrong with: calls_fault.c --- */

/* Does the request take effect? */
bool calls_acts(const struct call *c);

/* Is it open whether its fault happens, until it has acted? */
bool calls_is_open(const struct call *c);

/* FATE_FAULTED: does that, or finds that nothing is the matter. */
void calls_fail(struct call *c, const struct ask *ask);

/* It is over. */
void calls_give_back(struct call *c);

/* --- a call that is made of others: calls_batch.c --- */

/* Its body is here: the calls in it arrive, and are weighed. */
void calls_batch_open(struct call *c, const char *content_type,
    const void *body, size_t n);
void calls_batch_perform(struct call *c, const struct ask *ask);

/* Drops what is left of it; c's parts are calls like others. */
void calls_batch_free(struct call *c);

/* The sum of what it waits before it acts. */
uint64_t calls_wait_us(const struct call *c);

/* Ends the reply's head, of which nothing is c's or an object's any more. */
void calls_end_head(struct call *c, struct reply *r);

/* Sends it; and logs that (status 0: c was reset, or will never be answered). */
void calls_send(struct call *c, struct reply *r);

/* It ends without an answer, in the way that its fault has. */
void calls_leave(struct call *c);

/* --- what counts: calls_count.c --- */

/* It has arrived with x, whose head could be read or (NULL) not; or as a part
 * of another.  It counts in the scopes that are open now. */
void calls_count(struct call *c, const struct http_exchange *x);
void calls_count_part(struct call *c, const struct call *whole);

/* It is over: in the journal, in its scopes and in the log. */
void calls_settle(struct call *c, int status, uint64_t bytes);

void calls_log(const struct call *c, int status, uint64_t bytes);

#endif
