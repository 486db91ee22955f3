/* SPDX-License-Identifier: MIT */
#include "tests/driver/gcs_driver.h"

#include <check.h>
#include <stdlib.h>

#include "sim/gcssim.h"
#include "src/base/mem.h"
#include "src/gcs/gcs.h"
#include "src/storage/storage.h"

struct gcs_driver {
	struct loop *loop;
	struct gcssim *sim;
};

struct storage *
gcs_driver_open(enum loop_clock clock, void **state)
{
	struct gcs_driver *d = mem_zalloc(1, sizeof(*d));
	struct gcssim_opts sim;
	struct gcs_opts gcs;
	struct storage *store;
	struct err err = ERR_INIT;

	d->loop = loop_new(clock);
	gcssim_defaults(&sim);
	sim.registry = "manifests=1"; /* so that the bucket exists */
	sim.bucket = "demo";
	sim.latency = gcssim_constant(clock == LOOP_VIRTUAL ? 42000 : 0);
	d->sim = gcssim_start_on(d->loop, &sim, &err);
	ck_assert_msg(d->sim != NULL, "%s", err.text);
	gcs_defaults(&gcs);
	gcs.endpoint = gcssim_url(d->sim);
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
	struct gcssim_counts counts;

	gcssim_counts(d->sim, &counts);
	ck_assert_uint_eq(counts.requests[GCSSIM_BUCKET], 0);
	ck_assert_uint_eq(counts.requests[GCSSIM_OTHER], 0);
	storage_close(store);
	gcssim_stop(d->sim);
	loop_free(d->loop);
	free(d);
}
