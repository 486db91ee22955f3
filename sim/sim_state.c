/* SPDX-License-Identifier: MIT */
/* What happens to all buckets at once is in the data file when it is done. */
#include "sim/sim_state.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/events.h"
#include "sim/sim_priv.h"
#include "sim/rollback.h"
#include "sim/snapshot.h"
#include "sim/store.h"

uint64_t
sim_kept_buckets(const struct sim *sim)
{
	const struct bucket *b;
	uint64_t n = 0;

	for (b = sim->world.buckets; b != NULL; b = b->next)
		n += b->is_from_file;
	return n;
}

bool
sim_was_kept(const struct sim *sim, const char *bucket)
{
	const struct bucket *b = world_find(&sim->world, bucket,
	    strlen(bucket));

	return b != NULL && b->is_from_file;
}

int
sim_snapshot(struct sim *sim, const char *name, struct err *err)
{
	if (!snapshot_is_name(name, strlen(name)))
		return err_set(err, ERR_USAGE,
		    "snapshot '%s': want a name=, 1 to %d of A-Z, a-z, 0-9, "
		    "'.', '_' and '-'",
		    name, SNAPSHOT_NAME_MAX);
	snapshot_take(&sim->snapshots, name, &sim->world);
	return 0;
}

static int
no_snapshot(const char *name, struct err *err)
{
	return err_set(err, ERR_NOT_FOUND,
	    "there is no snapshot '%s'; GET /_sim/snapshots names them all",
	    name);
}

/* Answers of another past are not repeated. */
static void
roll_back(struct sim *sim, const struct world *as)
{
	rollback_world(&sim->world, as);
	replay_release(&sim->replay);
	replay_init(&sim->replay);
}

int
sim_restore(struct sim *sim, const char *name, struct err *err)
{
	const struct snapshot *s = snapshot_find(sim->snapshots, name);

	if (s == NULL)
		return no_snapshot(name, err);
	roll_back(sim, &s->world);
	events_state(sim->events, "restore", name);
	return sim_keep(sim, err);
}

int
sim_forget(struct sim *sim, const char *name, struct err *err)
{
	return snapshot_remove(&sim->snapshots, name) ? 0
						      : no_snapshot(name, err);
}

int
sim_save(const struct sim *sim, struct buf *out, struct err *err)
{
	return store_write_image(&sim->world, out, err);
}

int
sim_load(struct sim *sim, const void *bytes, size_t n, struct err *err)
{
	struct world then = { 0 };
	int rc = store_read_image(bytes, n, &then, err);

	if (rc == 0)
		roll_back(sim, &then);
	world_release(&then);
	if (rc != 0)
		return -1;
	events_state(sim->events, "load", "");
	return sim_keep(sim, err);
}

int
sim_restart(struct sim *sim, struct err *err)
{
	struct world first = { 0 };
	int rc = origin_fill(&sim->origin, &first, loop_wall(sim->loop), err);

	if (rc == 0)
		roll_back(sim, &first);
	world_release(&first);
	events_state(sim->events, "start", "");
	return rc == 0 ? sim_keep(sim, err) : -1;
}

int
sim_reseed(struct sim *sim, struct err *err)
{
	if (sim_restart(sim, err) != 0)
		return -1;
	sim_reset_counts(sim);
	sim->answers = 0;
	return 0;
}

int
sim_delete_all(struct sim *sim, struct err *err)
{
	const struct world nothing = { 0 };

	roll_back(sim, &nothing);
	events_state(sim->events, "delete_all", "");
	return sim_keep(sim, err);
}
