/* SPDX-License-Identifier: MIT */
/*
 * A registry from numbers.  Manifests are dealt to the repositories in turn;
 * the untagged ones are spread evenly within each.
 *
 * Every manifest has `tags` index references under tags of its own.  A tagged
 * manifest is the current one of its tags.  The tags of an untagged manifest
 * have moved on to a tagged one of the same repository, which then has an
 * index reference for them too; without such a one they have no current link.
 * So with untagged=100% a collection deletes `manifests` revision links and
 * exactly manifests x tags references.
 */
#include "sim/registry_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "src/base/mem.h"

enum { REPOSITORY_MAX = 48, TAG_MAX = 48, KEPT_LAYERS = 2 };

struct synth {
	struct registry *r;
	const struct registry_spec *spec;
	struct layer *pool; /* shared layers */
	size_t pool_size;
	struct layer *layers;   /* of the image in work */
	struct digest *digests; /* of the repository in work */
	uint64_t dealt;         /* manifests so far */
	uint64_t refs;          /* layer references so far */
};

/* Of the first n of many things, how many are chosen when percent of total
 * are, spread evenly. */
static uint64_t
chosen(uint64_t n, uint64_t count, uint64_t total)
{
	return total == 0 ? 0 : n * count / total;
}

static struct layer
draw_layer(struct synth *s)
{
	return (struct layer){ registry_draw_digest(s->r), s->spec->blob };
}

/* The image's layers: some of the pool, the rest its own (and stored). */
static void
draw_layers(struct synth *s, struct image *image)
{
	uint64_t percent = s->spec->shared, at = 0;
	size_t i;

	if (s->pool_size > 0)
		at = rng_below(&s->r->rng, s->pool_size);
	for (i = 0; i < image->n; i++, s->refs++) {
		if (chosen(s->refs + 1, percent, 100) >
		    chosen(s->refs, percent, 100)) {
			image->layers[i] = s->pool[at++ % s->pool_size];
			continue;
		}
		image->layers[i] = draw_layer(s);
		registry_put_blob(s->r, &image->layers[i]);
	}
}

static struct digest
put_image(struct synth *s, const char *repository, struct image *image)
{
	struct digest d;

	image->is_oci = s->dealt++ % 2 == 1;
	image->config = registry_draw_config(s->r);
	registry_put_blob(s->r, &image->config);
	registry_link_layers(s->r, repository, image);
	d = registry_put_manifest(s->r, image);
	registry_link_revision(s->r, repository, &d);
	return d;
}

/* Is the manifest with this number, over all repositories, current nowhere? */
static bool
is_untagged(const struct synth *s, uint64_t number)
{
	uint64_t total = s->spec->manifests;
	uint64_t count = (total * s->spec->untagged + 50) / 100;

	return chosen(number + 1, count, total) > chosen(number, count, total);
}

/* current: where the tags point now, or NULL. */
static void
put_tags(struct synth *s, const char *repository, uint64_t k,
    const struct digest *d, const struct digest *current)
{
	char tag[TAG_MAX];
	uint64_t t;

	for (t = 0; t < s->spec->tags; t++) {
		snprintf(tag, sizeof(tag), "v%llu.%llu",
		    (unsigned long long)(k + 1), (unsigned long long)t);
		registry_link_index(s->r, repository, tag, d);
		if (current == NULL)
			continue;
		if (current != d)
			registry_link_index(s->r, repository, tag, current);
		registry_link_current(s->r, repository, tag, current);
	}
}

/* Manifests first..first+n-1 of the whole registry are this repository's. */
static void
fill_repository(struct synth *s, const char *repository, uint64_t first,
    uint64_t n)
{
	struct image image = { .layers = s->layers,
		.n = (size_t)s->spec->layers };
	const struct digest *tagged = NULL;
	uint64_t k;

	for (k = 0; k < n; k++) {
		draw_layers(s, &image);
		s->digests[k] = put_image(s, repository, &image);
		if (tagged == NULL && !is_untagged(s, first + k))
			tagged = &s->digests[k];
	}
	for (k = 0; k < n; k++) {
		if (!is_untagged(s, first + k))
			tagged = &s->digests[k];
		put_tags(s, repository, k, &s->digests[k], tagged);
	}
}

static void
fill_repositories(struct synth *s)
{
	uint64_t repos = s->spec->repos, total = s->spec->manifests;
	uint64_t i, n, first = 0;
	char name[REPOSITORY_MAX];

	for (i = 0; i < repos; i++, first += n) {
		n = total / repos + (i < total % repos);
		snprintf(name, sizeof(name), "team-%c/app-%llu",
		    (int)('a' + i % 8), (unsigned long long)(i + 1));
		fill_repository(s, name, first, n);
	}
}

static void
fill_kept(struct synth *s)
{
	struct layer layers[KEPT_LAYERS];
	struct image image = { .layers = layers, .n = KEPT_LAYERS };
	struct digest d;
	char tag[TAG_MAX];
	uint64_t k;
	size_t i;

	for (k = 0; k < s->spec->kept; k++) {
		for (i = 0; i < KEPT_LAYERS; i++) {
			layers[i] = draw_layer(s);
			registry_put_blob(s->r, &layers[i]);
		}
		d = put_image(s, "kept", &image);
		snprintf(tag, sizeof(tag), "v%llu",
		    (unsigned long long)(k + 1));
		registry_link_index(s->r, "kept", tag, &d);
		registry_link_current(s->r, "kept", tag, &d);
	}
}

static void
draw_pool(struct synth *s)
{
	uint64_t refs = s->spec->manifests * s->spec->layers;
	size_t i;

	if (s->spec->shared == 0 || refs == 0)
		return;
	s->pool_size = (size_t)(refs * s->spec->shared / 400);
	if (s->pool_size == 0)
		s->pool_size = 1;
	s->pool = mem_alloc(s->pool_size * sizeof(*s->pool));
	for (i = 0; i < s->pool_size; i++) {
		s->pool[i] = draw_layer(s);
		registry_put_blob(s->r, &s->pool[i]);
	}
}

void
registry_fill_spec(struct registry *r, const struct registry_spec *spec)
{
	struct synth s = { .r = r, .spec = spec };
	struct layer orphan;
	uint64_t i;

	s.layers = mem_alloc(((size_t)spec->layers + 1) * sizeof(*s.layers));
	s.digests = mem_alloc(
	    ((size_t)(spec->manifests / spec->repos) + 1) * sizeof(*s.digests));
	draw_pool(&s);
	fill_repositories(&s);
	fill_kept(&s);
	for (i = 0; i < spec->orphans; i++) {
		orphan = draw_layer(&s);
		registry_put_blob(r, &orphan);
	}
	if (spec->bulk > 0)
		registry_put_bulk(r, spec->bulk, spec->blob);
	free(s.pool);
	free(s.layers);
	free(s.digests);
}
