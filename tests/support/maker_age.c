/* SPDX-License-Identifier: MIT */
/*
 * Ages and damage, on top of a registry that is whole.  Both draw from a seed of
 * their own, so that the registry of a seed is the same with them and without.
 */
#include "tests/support/maker.h"

#include <string.h>

#include "tests/support/maker_priv.h"

#define HOUR UINT64_C(3600000000)

void
maker_set_ages(struct maker *r, uint64_t seed, uint64_t wall_us,
    uint64_t min_age_us)
{
	uint64_t from = wall_us - min_age_us, young;
	struct rng rng;
	size_t i;

	rng_init(&rng, seed);
	young = rng_below(&rng, 4); /* of 8: none at all to many */
	r->has_ages = true;
	r->young_from_us = from;
	for (i = 0; i < r->objects.n; i++) {
		struct object *o = &r->objects.v[i];

		if (rng_below(&rng, 8) >= young)
			o->created_us = from - 1 - rng_below(&rng, 2) * HOUR;
		else if (rng_below(&rng, 16) == 0)
			o->created_us = 0;
		else
			o->created_us = from + rng_below(&rng, 2) * HOUR;
	}
}

void
maker_ignore_ages(struct maker *r, bool is_ignored)
{
	r->ignores_ages = is_ignored;
}

static void
set_body(struct maker *r, struct object *o, const char *body)
{
	o->size = strlen(body);
	o->body = arena_strndup(&r->arena, body, o->size);
}

static void
break_link(struct maker *r, struct object *o, struct rng *rng)
{
	static const char *const bodies[] = { "", "sha256:", "garbage",
		"sha256:0123", "\n" };

	if (o->role == CURRENT || rng_below(rng, 2) == 0) {
		o->damage = NO_DIGEST;
		set_body(r, o, bodies[rng_below(rng, 5)]);
		return;
	}
	o->other = (uint32_t)rng_below(rng, r->items.n);
	o->damage = o->other == o->item ? SOUND : OTHER_DIGEST;
	set_body(r, o, r->items.v[o->other].digest);
}

/* A layer or config; what a manifest names as a child may not be there anyway. */
static bool
is_layer(const struct maker *r, const struct object *o)
{
	return o->role == BLOB && !r->items.v[o->item].is_manifest;
}

unsigned
maker_damage(struct maker *r, uint64_t seed)
{
	unsigned n = 0;
	struct rng rng;
	size_t i;

	rng_init(&rng, seed);
	for (i = 0; i < r->objects.n; i++) {
		struct object *o = &r->objects.v[i];

		if (is_layer(r, o) && rng_below(&rng, 20) == 0)
			o->is_absent = true;
		if ((o->role == REVISION || o->role == CURRENT) &&
		    rng_below(&rng, 10) == 0) {
			break_link(r, o, &rng);
			n += o->damage != SOUND;
		}
	}
	return n;
}

bool
maker_corrupt(struct maker *r)
{
	size_t i;

	for (i = 0; i < r->objects.n; i++) {
		struct object *o = &r->objects.v[i];

		if (o->role != BLOB || o->is_absent ||
		    !r->items.v[o->item].is_manifest ||
		    !maker_has_revision(r, NONE, o->item))
			continue;
		set_body(r, o, "{\"schemaVersion\":2}");
		return true;
	}
	return false;
}
