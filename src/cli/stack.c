/* SPDX-License-Identifier: MIT */
/* The tally sits next to the driver, so that it counts what really left. */
#include "src/cli/stack.h"

#include <string.h>

#include "src/gcs/gcs.h"
#include "src/storage/dryrun.h"
#include "src/storage/storage.h"
#include "src/storage/tally.h"

int
stack_open(struct stack *st, struct loop *loop, const struct stack_opts *opts,
    struct err *err)
{
	struct gcs_opts gcs;
	struct storage *driver;

	memset(st, 0, sizeof(*st));
	gcs_defaults(&gcs);
	gcs.endpoint = opts->endpoint;
	gcs.bucket = opts->bucket;
	gcs.delete_under = opts->delete_under;
	gcs.connections = opts->connections;
	gcs.seed = opts->seed;
	gcs.tokens = opts->tokens;
	gcs.quota_project = opts->quota_project;
	gcs.ca_file = opts->ca_file;
	gcs.pace = opts->pace;
	if (opts->pace == PACE_CEILING)
		gcs.rate = (double)opts->rate;
	if (opts->is_patient)
		gcs.connect_timeout_us = gcs.idle_timeout_us =
		    gcs.total_timeout_us = 0;
	if ((driver = gcs_open(loop, &gcs, err)) == NULL)
		return -1;
	st->loop = loop;
	st->driver = driver;
	st->connections = gcs_connections(driver);
	st->counter = tally_new(driver);
	st->store = opts->is_dry_run ? dryrun_new(st->counter) : st->counter;
	return 0;
}

void
stack_close(struct stack *st)
{
	storage_close(st->store);
	st->store = st->counter = NULL;
	st->driver = NULL;
}

void
stack_expect(const struct stack *st, uint64_t n)
{
	gcs_expect(st->driver, n);
}

const struct tally *
stack_tally(const struct stack *st)
{
	return tally_of(st->counter);
}

const struct hist *
stack_latency(const struct stack *st)
{
	return tally_latency(st->counter);
}

void
stack_reset(struct stack *st)
{
	tally_reset(st->counter);
}

void
stack_status(const struct stack *st, struct gcs_status *out)
{
	gcs_status(st->driver, out);
}
