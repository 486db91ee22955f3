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
	SETTINGS_LINE = 1,    /* on the command line of serve and exec */
	SETTINGS_LIVE = 2,    /* while it runs */
	SETTINGS_LIBRARY = 4, /* in gcssim_start */
	SETTINGS_SIM = 8,     /* of the simulator, not of what is around it */
	SETTINGS_CTL = 16     /* on the command line of ctl */
};

struct settings {
	struct opt_said said;
	struct sim_opts opts; /* whose strings are borrowed */
	const char *bucket;
	const char *root;
	const char *port_file;
	const char *tls_port_file;
	bool allow_remote;
	uint64_t parent_pid; /* 0: nobody's */
	const char *url;     /* ctl's; or NULL */
	uint64_t timeout_us;
	bool help;
	bool version;
};

extern const struct opt_table settings_table;

/* After opt_parse: fills what no row can fill by itself, and refuses what makes
 * no sense together. */
int settings_settle(struct settings *v, struct err *err) MUST_CHECK;

/* The part of it that looks at limits. */
int settings_check_limits(const struct settings *v, struct err *err) MUST_CHECK;

/* The part of it that is about what may change while it runs: refuses what was
 * said and would do nothing. */
int settings_check_uses(const struct settings *v, struct err *err) MUST_CHECK;

/* Takes over what may change as it is in opts; strings stay borrowed. */
void settings_take(struct settings *v, const struct sim_opts *opts);

#endif
