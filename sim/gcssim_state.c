/* SPDX-License-Identifier: MIT */
/* What happens to all buckets at once is in the data file when it is done. */
#include "sim/gcssim_state.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/gcssim_priv.h"

uint64_t
gcssim_kept_buckets(const struct gcssim *sim)
{
	const struct bucket *b;
	uint64_t n = 0;

	for (b = sim->world.buckets; b != NULL; b = b->next)
		n += b->is_from_file;
	return n;
}

bool
gcssim_was_kept(const struct gcssim *sim, const char *bucket)
{
	const struct bucket *b = world_find(&sim->world, bucket,
	    strlen(bucket));

	return b != NULL && b->is_from_file;
}
