/* SPDX-License-Identifier: MIT */
/* The simulator's own parts; for sim.c, calls.c and control.c only. */
#ifndef SIM_SIM_PRIV_H
#define SIM_SIM_PRIV_H

#include "sim/conf.h"
#include "sim/cost.h"
#include "sim/faults.h"
#include "sim/sim.h"
#include "sim/journal.h"
#include "sim/lateness.h"
#include "sim/latency.h"
#include "sim/origin.h"
#include "sim/replay.h"
#include "sim/reply.h"
#include "sim/retry_test.h"
#include "sim/rules.h"
#include "sim/scope.h"
#include "sim/waits.h"
#include "sim/world.h"
#include "src/base/loop.h"
#include "src/base/vec.h"

struct access_log;
struct authority;
struct call;
struct events;
struct http;
struct snapshot;
struct store;
struct tls;

struct sim {
	struct loop *loop;
	struct http *http;
	struct tls *tls; /* or NULL */
	struct world world;
	struct store *store; /* or NULL */
	bool has_failed;     /* the store: it says so only once */
	void (*on_failure)(void *arg, const char *text);
	void *failure_arg;
	struct conf conf;
	struct origin origin;
	struct snapshot *snapshots; /* the first; or NULL */
	struct journal journal;
	struct latency latency;
	struct lateness lateness;
	struct sim_prices prices;
	struct sim_tariff tariff;
	struct scopes scopes;
	struct waits waits;
	struct faults faults;
	struct retry_tests retry_tests;
	struct rules rules;
	struct replay replay;
	uint64_t seed;
	uint64_t answers; /* given so far, for the upload ids */
	struct reply reply;
	struct authority *authority;   /* NULL: nobody is asked */
	struct access_log *access_log; /* or NULL */
	struct events *events;
	struct call *live; /* arrived and not answered */
	struct call *spare;
	VEC(struct call *) batch; /* arrived at this instant */
	struct loop_timer batch_timer;
};

/* All that has changed is in the data file, if there is one.  -1: it never will
 * be, so nobody may be told of it. */
int sim_keep(struct sim *sim, struct err *err) MUST_CHECK;

#endif
