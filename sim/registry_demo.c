/* SPDX-License-Identifier: MIT */
/*
 * The run that started it all: 1079 objects, 6.771 GB; with untagged manifests
 * deleted, 351 blobs, 20 revision links and 20 tag references go, and 688
 * objects of 2.528 GB stay.
 *
 * 20 repositories have one tag each.  `latest` moved from an old image to a
 * new one; all 40 images stand on one base layer.
 *
 *	blobs kept	20 manifests + 20 configs + 1 base + 108 layers = 149
 *	blobs dead	20 manifests + 20 configs + 311 layers          = 351
 *	links		40 revisions + 40 index + 20 current
 *			+ 20 base + 108 + 311 layers + 40 configs       = 579
 *
 * Sizes are drawn, then scaled so that both totals are exact to the byte.
 */
#include "sim/registry_priv.h"

#include <stdlib.h>

#include "src/base/mem.h"

enum {
	REPOSITORIES = 20,
	OLD_OWN = 311,
	NEW_OWN = 108,
	OLD_MANY = 11, /* repositories whose old image has 16, not 15 */
	NEW_MANY = 8,  /* whose new image has 6, not 5 */
	LINK_BYTES = 71,
	BASE_BYTES = 28565893,
	/* What the last layer of a set gets at first, and nearly at last: the
	 * manifests' own lengths depend on its number of digits. */
	LAST_BYTES = 20000000
};

static const uint64_t TOTAL_BYTES = 6771000000U;
static const uint64_t KEPT_BYTES = 2528000000U;

static const char *const repositories[REPOSITORIES] = {
	"team-a/api",
	"team-a/web",
	"team-a/worker",
	"team-a/tools/migrate",
	"team-b/api",
	"team-b/frontend",
	"team-b/reports",
	"team-b/reports/pdf",
	"payments/gateway",
	"payments/ledger",
	"payments/fraud/model",
	"search/indexer",
	"search/query",
	"infra/proxy",
	"infra/backup",
	"infra/ci/runner",
	"infra/ci/cache",
	"data/ingest",
	"data/warehouse",
	"docs",
};

struct demo {
	struct layer base;
	struct image images[REPOSITORIES];
};

/* Every image is the base and its own layers. */
static void
draw_images(struct registry *r, struct demo *demo, size_t own, size_t many)
{
	struct image *image;
	size_t i, j;

	for (i = 0; i < REPOSITORIES; i++) {
		image = &demo->images[i];
		image->is_oci = i % 2 == 1;
		image->config = registry_draw_config(r);
		image->n = 1 + own + (i < many);
		image->layers = mem_alloc(image->n * sizeof(*image->layers));
		image->layers[0] = demo->base;
		for (j = 1; j < image->n; j++) {
			image->layers[j].digest = registry_draw_digest(r);
			/* A weight for now. */
			image->layers[j].size = 1000 +
			    rng_below(&r->rng, 1000000);
		}
	}
}

static struct layer *
last_layer(struct demo *demo)
{
	struct image *image = &demo->images[REPOSITORIES - 1];

	return &image->layers[image->n - 1];
}

/* Own layers only. */
static uint64_t
sum_layers(const struct demo *demo)
{
	uint64_t sum = 0;
	size_t i, j;

	for (i = 0; i < REPOSITORIES; i++) {
		for (j = 1; j < demo->images[i].n; j++)
			sum += demo->images[i].layers[j].size;
	}
	return sum;
}

static uint64_t
sum_manifests_and_configs(struct registry *r, const struct demo *demo)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < REPOSITORIES; i++) {
		registry_format_manifest(&demo->images[i], &r->text);
		sum += r->text.len + demo->images[i].config.size;
	}
	return sum;
}

/* Turns weights into sizes so that layers, manifests and configs have this
 * many bytes together. */
static void
scale(struct registry *r, struct demo *demo, uint64_t bytes)
{
	struct layer *last = last_layer(demo);
	uint64_t weights = sum_layers(demo) - last->size;
	uint64_t share = bytes - LAST_BYTES;
	size_t i, j;

	for (i = 0; i < REPOSITORIES; i++) {
		for (j = 1; j < demo->images[i].n; j++) {
			struct layer *layer = &demo->images[i].layers[j];

			layer->size = (uint64_t)((double)share *
			    (double)layer->size / (double)weights);
		}
	}
	last->size = LAST_BYTES;
	last->size = bytes - sum_manifests_and_configs(r, demo) -
	    (sum_layers(demo) - LAST_BYTES);
}

static void
put_images(struct registry *r, const struct demo *demo, bool is_new)
{
	const struct image *image;
	struct digest d;
	size_t i, j;

	for (i = 0; i < REPOSITORIES; i++) {
		image = &demo->images[i];
		for (j = 1; j < image->n; j++)
			registry_put_blob(r, &image->layers[j]);
		registry_put_blob(r, &image->config);
		registry_link_layers(r, repositories[i], image);
		d = registry_put_manifest(r, image);
		registry_link_revision(r, repositories[i], &d);
		registry_link_index(r, repositories[i], "latest", &d);
		if (is_new)
			registry_link_current(r, repositories[i], "latest", &d);
	}
}

static void
release(struct demo *demo)
{
	size_t i;

	for (i = 0; i < REPOSITORIES; i++)
		free(demo->images[i].layers);
}

void
registry_fill_demo(struct registry *r)
{
	struct demo old_images, new_images;
	uint64_t dead = TOTAL_BYTES - KEPT_BYTES;
	/* A deleted image takes its revision and its index link along. */
	uint64_t dead_links = 2 * REPOSITORIES * LINK_BYTES;
	uint64_t kept_links = 539 * LINK_BYTES;

	old_images.base.digest = registry_draw_digest(r);
	old_images.base.size = BASE_BYTES;
	new_images.base = old_images.base;
	draw_images(r, &old_images, OLD_OWN / REPOSITORIES, OLD_MANY);
	draw_images(r, &new_images, NEW_OWN / REPOSITORIES, NEW_MANY);
	scale(r, &old_images, dead - dead_links);
	scale(r, &new_images, KEPT_BYTES - kept_links - BASE_BYTES);
	registry_put_blob(r, &old_images.base);
	put_images(r, &old_images, false);
	put_images(r, &new_images, true);
	release(&old_images);
	release(&new_images);
}
