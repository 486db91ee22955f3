/* SPDX-License-Identifier: MIT */
#include "tests/driver/gcs_driver.h"

#include <check.h>
#include <stdlib.h>

#include "sim/sim.h"
#include "src/base/mem.h"
#include "src/gcs/gcs.h"
#include "src/storage/storage.h"

struct gcs_driver {
	struct loop *loop;
	struct sim *sim;
};

struct storage *
gcs_driver_open(enum loop_clock clock, void **state)
{
	struct gcs_driver *d = mem_zalloc(1, sizeof(*d));
	struct sim_opts sim;
	struct gcs_opts gcs;
	struct storage *store;
	struct err err = ERR_INIT;

	d->loop = loop_new(clock);
	sim_defaults(&sim);
	sim.registry = "manifests=1"; /* so that the bucket exists */
	sim.bucket = "demo";
	sim.latency = sim_constant(clock == LOOP_VIRTUAL ? 42000 : 0);
	d->sim = sim_start_on(d->loop, &sim, &err);
	ck_assert_msg(d->sim != NULL, "%s", err.text);
	gcs_defaults(&gcs);
	gcs.endpoint = sim_url(d->sim);
	gcs.bucket = "demo";
	gcs.connections = 100;
	store = gcs_open(d->loop, &gcs, &err);
	ck_assert_msg(store != NULL, "%s", err.text);
	*state = d;
	return store;
}

void
gcs_driver_close(struct storage *store, void *state)
{
	struct gcs_driver *d = state;
	struct sim_counts counts;

	sim_counts(d->sim, &counts);
	ck_assert_uint_eq(counts.requests[SIM_BUCKET], 0);
	ck_assert_uint_eq(counts.requests[SIM_OTHER], 0);
	storage_close(store);
	sim_stop(d->sim);
	loop_free(d->loop);
	free(d);
}
