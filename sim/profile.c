/* SPDX-License-Identifier: MIT */
/*
 * A profile goes through the option table like anything that is typed, and
 * leaves no trace of who said it: a row of it that another option makes useless
 * is no mistake of anybody's.
 */
#include "sim/profile.h"

#include <stddef.h>

#include "sim/settings.h"
#include "src/base/opt_assign.h"

struct row {
	const char *name; /* NULL ends the list */
	const char *text;
};

/* Of a bucket at first, and of each name in it, as Google documents them. */
/* clang-format off */
#define DOCUMENTED_LIMITS \
	{ "write-limit", "1000/s" }, \
	{ "read-limit", "5000/s" }, \
	{ "ramp", "20m" }, \
	{ "object-limit", "1/s" }, \
	{ "bucket-limit", "30/m" }
/* clang-format on */

const char *const profile_names[] = { "local", "in-region", "eu-west1-2020",
	NULL };

/* On the machine of whoever asks. */
static const struct row local[] = { { NULL, NULL } };

/* A virtual machine of the bucket's region. */
static const struct row in_region[] = {
	{ "latency", "37ms" },
	{ "latency-per-entry", "90us" },
	{ "rtt", "1ms" },
	{ "handshake", "tls" },
	DOCUMENTED_LIMITS,
	{ NULL, NULL },
};

/* A desk in Europe, and a bucket in europe-west1, as measured in 2020. */
static const struct row eu_west1_2020[] = {
	{ "latency", "63ms" },
	{ "latency-per-entry", "90us" },
	{ "rtt", "42ms" },
	{ "handshake", "tls" },
	DOCUMENTED_LIMITS,
	{ NULL, NULL },
};

/* In the order of the names. */
static const struct row *const profiles[] = { local, in_region, eu_west1_2020 };

int
profile_apply(struct settings *v, struct err *err)
{
	const struct opt_said said = v->said;
	const struct row *r;
	int rc = 0;

	for (r = profiles[v->opts.profile]; r->name != NULL && rc == 0; r++) {
		if (!opt_is_spoken(&said, r->name))
			rc = opt_assign(&settings_table, SETTINGS_LINE, r->name,
			    r->text, v, err);
	}
	v->said = said;
	return rc;
}
