/* SPDX-License-Identifier: MIT */
/*
 * One cell of a bench table: a registry, a strategy, a width; what was counted
 * by formula, driver and server; and whether the three agree.
 */
#ifndef CLI_BENCH_CELL_H
#define CLI_BENCH_CELL_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"
#include "src/base/loop.h"
#include "src/cli/bench_server.h"
#include "src/cli/options.h"
#include "src/registry/sweep.h"

struct bench_cell {
	enum bench_table table;
	uint64_t n, m, t;
	enum sweep_strategy strategy;
	uint64_t width;
	uint64_t connections; /* OPT_AUTO: as many as the width */
	enum loop_clock clock;
	const char *simulator;
	uint64_t seed;
	uint64_t latency_us;
	uint64_t write_limit;
	uint64_t burst;
	int on_limit;
};

struct bench_result {
	struct bench_cell cell;
	uint64_t expected; /* the formula, without retries */
	uint64_t driver;   /* attempts that the driver put on the wire */
	struct bench_counts server; /* of the sweep's window */
	uint64_t revision_requests;
	uint64_t tag_requests;
	uint64_t us;
	uint64_t cpu_us; /* of this process in the sweep */
	bool has_model;
	uint64_t model_us;
	uint64_t objects_before;
	uint64_t objects_after;
	uint64_t rejected; /* as the driver saw it */
	uint64_t retries;
	uint64_t unseen; /* attempts that the server never saw */
	uint64_t failed; /* victims that are still there */
	uint64_t mark_requests;
	uint64_t mark_us;
	bool is_audited; /* formula, driver and server agree */
	char audit[128]; /* "ok", or which numbers differ */
};

/* Runs the cell from an empty simulator to the audit. */
int bench_cell_run(const struct bench_cell *cell, struct bench_result *r,
    struct err *err) MUST_CHECK;

#endif
