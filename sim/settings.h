/* SPDX-License-Identifier: MIT */
/*
 * THE option table of the simulator: what a row is called, its grammar, range
 * and default, wherever it is said: on gcs-sim's command line, in the
 * environment, or while it runs.
 */
#ifndef SIM_SETTINGS_H
#define SIM_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/sim_opts.h"
#include "src/base/err.h"
#include "src/base/opt.h"

/* Masks of rows. */
enum {
	SETTINGS_LINE = 1,   /* on the command line */
	SETTINGS_LIVE = 2,   /* while it runs */
	SETTINGS_LIBRARY = 4 /* in gcssim_start */
};

struct settings {
	struct opt_said said;
	struct sim_opts opts; /* whose strings are borrowed */
	const char *bucket;
	const char *root;
	const char *port_file;
	bool allow_remote;
	uint64_t parent_pid; /* 0: nobody's */
	bool help;
	bool version;
};

extern const struct opt_table settings_table;

/* After opt_parse: fills what no row can fill by itself, and refuses what makes
 * no sense together. */
int settings_settle(struct settings *v, struct err *err) MUST_CHECK;

/* The part of it that looks at limits. */
int settings_check_limits(const struct settings *v, struct err *err) MUST_CHECK;

#endif
