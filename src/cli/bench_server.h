/* SPDX-License-Identifier: MIT */
/*
 * The simulator that a bench cell runs against: in this process on a virtual
 * clock, or gcs-sim as a child on the real one, so that its CPU is not ours.
 */
#ifndef CLI_BENCH_SERVER_H
#define CLI_BENCH_SERVER_H

#include <stdint.h>

#include "src/base/err.h"
#include "src/base/loop.h"
#include "src/storage/storage.h"

struct bench_server;

struct bench_server_opts {
	enum loop_clock clock;
	const char *simulator; /* real clock: gcs-sim's file, or NULL */
	const char *registry;
	uint64_t seed;
	uint64_t latency_us;
	uint64_t write_limit;
	uint64_t burst;
	int on_limit;
};

/* As the server counted, since it began. */
struct bench_counts {
	uint64_t requests[STORAGE_KINDS];
	uint64_t total; /* of every kind */
	uint64_t rejected;
	uint64_t peak_in_flight;
	uint64_t objects; /* in the bucket now */
};

#define BENCH_BUCKET "demo"

struct bench_server *bench_server_start(const struct bench_server_opts *opts,
    struct err *err);

/* Ends the simulator, and the loop with it.  NULL is fine. */
void bench_server_stop(struct bench_server *s);

struct loop *bench_server_loop(struct bench_server *s);
const char *bench_server_url(const struct bench_server *s);

int bench_server_count(struct bench_server *s, struct bench_counts *out,
    struct err *err) MUST_CHECK;

/* Zeroes the server's counts, the peak among them. */
int bench_server_reset(struct bench_server *s, struct err *err) MUST_CHECK;

#endif
