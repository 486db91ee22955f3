/* SPDX-License-Identifier: MIT */
/*
 * What gcs-sim was told: its option table and the values that come of it.  Both
 * commands, serve and exec, take every row.
 */
#ifndef SIM_SETTINGS_H
#define SIM_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"
#include "src/base/opt.h"

struct sim_opts;

struct settings {
	struct opt_said said;
	const char *listen;
	const char *port_file;
	const char *registry;
	const char *bucket;
	const char *root;
	const char *registry_from;
	bool keep_mtime;
	const char *data;
	uint64_t seed;
	const char *latency;
	const char *latency_list;
	const char *latency_get;
	const char *latency_put;
	const char *latency_delete;
	const char *jitter;
	uint64_t write_limit;
	uint64_t read_limit;
	uint64_t burst;
	int on_limit;
	int missing_precondition;
	int multidelete_missing;
	int multidelete_cost;
	uint64_t max_connections;
	uint64_t header_timeout;
	uint64_t body_timeout;
	const char *access_log;
	bool allow_remote;
	uint64_t parent_pid; /* 0: nobody's */
	bool help;
	bool version;
};

/* For opt_parse and opt_help, with mask 1. */
extern const struct opt_table settings_table;

/* The simulator's options, which borrow the settings' strings. */
int settings_fill(const struct settings *v, struct sim_opts *opts,
    struct err *err) MUST_CHECK;

#endif
