/* SPDX-License-Identifier: MIT */
/* A request and its fate; between calls.c and calls_answer.c only. */
#ifndef SIM_CALLS_PRIV_H
#define SIM_CALLS_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/gcssim.h"
#include "sim/http.h"
#include "sim/routes.h"
#include "src/base/buf.h"
#include "src/base/loop.h"

struct event;
struct gcssim;

enum fate {
	FATE_SERVED,
	FATE_REJECTED, /* by the limiter */
	FATE_FAULTED
};

struct call {
	struct gcssim *sim;
	struct http_exchange *x; /* NULL: the body is not here yet */
	struct call *next;       /* in live or in spare */
	struct call **self;      /* what points here, while live */
	enum http_method method;
	struct buf target;
	struct route route; /* points into target */
	struct loop_timer timer;
	uint64_t arrived_us;
	uint64_t queued_us; /* waited for a token */
	uint64_t latency_us;
	uint32_t row; /* of the journal */
	uint32_t nth; /* of the same request, for by_identity */
	enum fate fate;
	struct gcssim_fault fault; /* FATE_FAULTED */
	struct event *watch; /* virtual clock: for a client that gives up */
	bool is_parked;
};

/* Sends the simulator's reply, and logs that (status 0: c was reset, or will
 * never be answered). */
void calls_send(struct call *c);
void calls_log(const struct call *c, int status, uint64_t bytes);

#endif
