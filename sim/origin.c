/* SPDX-License-Identifier: MIT */
/* One registry, one folder, one bucket by name: each at most once. */
#include "sim/origin.h"

#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/sim.h"
#include "sim/registry.h"
#include "sim/tree.h"
#include "sim/world.h"
#include "src/base/mem.h"

/* Where and when buckets are made. */
struct site {
	struct world *world;
	uint64_t wall_us;
};

const char *
origin_find_cut(const char *registry_from)
{
	return strrchr(registry_from, '=');
}

static char *
copy(const char *text)
{
	return text != NULL ? mem_strdup(text) : NULL;
}

void
origin_init(struct origin *o, const struct sim_opts *opts)
{
	const char *from = opts->registry_from, *cut;

	*o = (struct origin){ .registry = copy(opts->registry),
		.bucket = copy(opts->bucket),
		.make_bucket = opts->make_bucket,
		.root = copy(opts->root),
		.keep_mtime = opts->keep_mtime,
		.seed = opts->seed };
	if (from == NULL)
		return;
	cut = origin_find_cut(from);
	o->folder = cut != NULL ? mem_strndup(from, (size_t)(cut - from))
				: mem_strdup(from);
	o->folder_bucket = mem_strdup(sim_from_bucket(opts));
}

void
origin_release(struct origin *o)
{
	free(o->registry);
	free(o->bucket);
	free(o->root);
	free(o->folder);
	free(o->folder_bucket);
}

int
origin_check_name(const char *bucket, struct err *err)
{
	if (bucket_is_name(bucket, strlen(bucket)))
		return 0;
	return err_set(err, ERR_USAGE,
	    "bucket '%s': want %d to %d of a-z, 0-9, '_' and '-', or up to %d "
	    "with '.' between",
	    bucket, BUCKET_NAME_MIN, BUCKET_PART_MAX, BUCKET_NAME_MAX);
}

/* *out is NULL when it is there already. */
static int
add_bucket(const struct site *s, const char *name, struct bucket **out,
    struct err *err)
{
	*out = NULL;
	if (origin_check_name(name, err) != 0)
		return -1;
	if (world_find(s->world, name, strlen(name)) == NULL)
		*out = world_add(s->world, name, s->wall_us);
	return 0;
}

static int
fill_registry(const struct origin *o, const struct site *s, struct err *err)
{
	struct bucket *b;

	if (registry_check(o->registry, o->root, err) != 0 ||
	    add_bucket(s, o->bucket, &b, err) != 0)
		return -1;
	return b == NULL ? 0
			 : registry_fill(b, o->registry, o->root, o->seed, err);
}

static int
fill_folder(const struct origin *o, const struct site *s, struct err *err)
{
	struct bucket *b;
	uint64_t last = 0;
	int rc;

	if (o->registry != NULL && strcmp(o->folder_bucket, o->bucket) == 0)
		return err_set(err, ERR_USAGE,
		    "bucket %s cannot be filled twice; name another for the "
		    "folder: DIR=BUCKET",
		    o->bucket);
	if (add_bucket(s, o->folder_bucket, &b, err) != 0)
		return -1;
	if (b == NULL)
		return 0;
	rc = tree_load(b, o->folder, o->keep_mtime, &last, err);
	/* A file may be newer than now; no generation is given twice. */
	if (last > s->world->last_generation)
		s->world->last_generation = last;
	return rc;
}

int
origin_fill(const struct origin *o, struct world *w, uint64_t wall_us,
    struct err *err)
{
	struct site s = { w, wall_us };
	struct bucket *b;

	if (o->registry != NULL && fill_registry(o, &s, err) != 0)
		return -1;
	if (o->folder != NULL && fill_folder(o, &s, err) != 0)
		return err_wrap(err, "--registry-from");
	return o->make_bucket ? add_bucket(&s, o->bucket, &b, err) : 0;
}
