/* SPDX-License-Identifier: MIT */
/*
 * THE option table: from it come the command line, the environment, the ranges
 * and --help of every command.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/opt.h"
#include "src/registry/guards.h"

/* Commands, as bits of struct opt's mask. */
enum {
	CMD_GC = 1,
	CMD_BENCH = 2,
	CMD_DOCTOR = 4,
	CMD_PLAN = 8,
	CMD_APPLY = 16,
	CMD_SHOW = 32,
	CMD_EXPLAIN = 64,
	CMD_DF = 128,
	CMD_CHECK = 256
};

enum bench_table {
	BENCH_BLOBS,
	BENCH_MANIFESTS,
	BENCH_OVERALL,
	BENCH_2X2,
	BENCH_LIMITER,
	BENCH_LATENCY
};

enum bench_strategy {
	BENCH_LIST_DELETE, /* as enum sweep_strategy */
	BENCH_DELETE,
	BENCH_BOTH,
	BENCH_STRATEGY_AUTO /* both; in the table limiter, delete */
};

enum http_version { HTTP_VERSION_1_1, HTTP_VERSION_2 };

/* Behind the last of enum sim_on_limit. */
enum { BENCH_ON_LIMIT_AUTO = 3 };

/* What was said, or its default.  OPT_AUTO where nothing was. */
struct options {
	struct opt_said said;

	bool help;
	bool version;
	bool json;
	bool quiet;
	bool verbose;

	/* gc, plan and apply */
	const char *output;
	uint64_t max_plan_age_us; /* 0: off */
	bool dry_run;
	bool delete_untagged;
	bool yes;
	bool allow_empty_mark;
	bool allow_missing;
	struct guard_limit max_delete;
	uint64_t min_age_us;
	uint64_t max_skew_us; /* 0: off */
	bool require_readonly;
	const char *cache;
	struct opt_strings ignore_manifest;
	uint64_t mark_width;
	uint64_t rate; /* a second; 0: off; OPT_AUTO */
	int progress;  /* enum progress_mode */
	uint64_t progress_every_us;
	const char *hgrm;
	const char *metrics;

	/* show */
	bool csv;

	/* these and doctor */
	const char *endpoint;
	const char *credentials;
	bool strict_permissions;
	const char *quota_project;
	const char *ca_file;
	int http; /* enum http_version */

	/* gc and bench */
	int strategy; /* enum sweep_strategy; bench: enum bench_strategy */
	uint64_t concurrency;
	uint64_t max_connections;
	uint64_t seed;

	/* bench */
	bool markdown;
	int table;
	int clock; /* 0: real, 1: virtual, as enum loop_clock */
	uint64_t n, m, t;
	uint64_t latency_us; /* or OPT_AUTO */
	uint64_t write_limit;
	uint64_t burst;
	int on_limit; /* enum sim_on_limit, or BENCH_ON_LIMIT_AUTO */
	const char *simulator;
};

extern const struct opt_table options_table;

#endif
