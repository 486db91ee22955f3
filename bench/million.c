/* SPDX-License-Identifier: MIT */
/*
 * The engine alone on a large registry: marks and sweeps a bucket of a million
 * objects (or as many as the first argument says) that lives in memory, and
 * prints objects, deletes, seconds and the peak of resident memory, the
 * store's own memory apart.  Nine of ten objects are garbage: layers that no
 * manifest names.  The rest are images of ten layers each.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/watch.h"
#include "src/base/buf.h"
#include "src/base/rng.h"
#include "src/base/str.h"
#include "src/registry/digest.h"
#include "src/registry/gc.h"
#include "src/storage/mem_store.h"
#include "src/storage/storage.h"

enum { LAYERS = 10, PER_IMAGE = LAYERS + 3, REPOSITORIES = 1000 };

struct filling {
	struct storage *store;
	struct rng rng;
	struct buf name;
	struct buf body;
};

static void
name_blob(struct filling *f, const struct digest *d)
{
	buf_clear(&f->name);
	buf_addf(&f->name, "docker/registry/v2/blobs/sha256/%02x/", d->raw[0]);
	digest_format_hex(d, &f->name);
	buf_adds(&f->name, "/data");
}

/* Bytes are never read of a layer, so its digest is any digest. */
static void
add_layer(struct filling *f, struct digest *d)
{
	d->alg = DIGEST_SHA256;
	rng_fill(&f->rng, d->raw, 32);
	name_blob(f, d);
	mem_store_load(f->store, f->name.data, 12000000);
}

/* A name in one of the repositories, for which a link's body follows. */
static void
add_link(struct filling *f, uint64_t image, const char *folder,
    const struct digest *d)
{
	struct buf link;

	buf_clear(&f->name);
	buf_addf(&f->name,
	    "docker/registry/v2/repositories/team/app%03u/_manifests/%s",
	    (unsigned)(image % REPOSITORIES), folder);
	if (!str_ends(folder, "/current")) {
		buf_adds(&f->name, "/sha256/");
		digest_format_hex(d, &f->name);
	}
	buf_adds(&f->name, "/link");
	buf_init(&link, 256);
	digest_format(d, &link);
	mem_store_load_bytes(f->store, f->name.data, link.data, link.len);
	buf_release(&link);
}

static void
add_image(struct filling *f, uint64_t image)
{
	struct digest d;
	char folder[64];
	int i;

	buf_clear(&f->body);
	buf_adds(&f->body, "{\"schemaVersion\":2,\"layers\":[");
	for (i = 0; i < LAYERS; i++) {
		add_layer(f, &d);
		buf_addf(&f->body, "%s{\"digest\":\"", i ? "," : "");
		digest_format(&d, &f->body);
		buf_adds(&f->body, "\"}");
	}
	buf_adds(&f->body, "]}");
	digest_compute(DIGEST_SHA256, f->body.data, f->body.len, &d);
	name_blob(f, &d);
	mem_store_load_bytes(f->store, f->name.data, f->body.data, f->body.len);
	add_link(f, image, "revisions", &d);
	snprintf(folder, sizeof(folder), "tags/v%" PRIu64 "/current",
	    image / REPOSITORIES);
	add_link(f, image, folder, &d);
}

static struct storage *
fill(uint64_t objects)
{
	struct filling f = { .store = mem_store_new(1) };
	uint64_t images = objects / 10 / PER_IMAGE, i;
	struct digest d;

	rng_init(&f.rng, 1);
	buf_init(&f.name, STORAGE_NAME_MAX);
	buf_init(&f.body, 64 * 1024);
	for (i = 0; i < images; i++)
		add_image(&f, i);
	for (i = images * PER_IMAGE; i < objects; i++)
		add_layer(&f, &d);
	buf_release(&f.name);
	buf_release(&f.body);
	return f.store;
}

static int
collect(struct gc *gc, struct storage *store, struct err *err)
{
	double begin = watch_clock(CLOCK_MONOTONIC), marked, swept;

	if (gc_plan(gc, store, err) != 0)
		return -1;
	marked = watch_clock(CLOCK_MONOTONIC);
	if (gc_sweep(gc, store, err) != 0)
		return -1;
	swept = watch_clock(CLOCK_MONOTONIC);
	printf("deletes %" PRIu64 "\nmark_s %.2f\nsweep_s %.2f\n",
	    sweep_count(&gc->report, STORAGE_OK), marked - begin,
	    swept - marked);
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct gc_opts opts = {
		.root = "",
		.mark = { .delete_untagged = true, .width = 64 },
		.sweep = { .strategy = SWEEP_DELETE, .width = 1000 },
		.guards = { .max_delete = GUARD_LIMIT_NONE },
	};
	struct err err = ERR_INIT;
	uint64_t objects = 1000000;
	struct storage *store;
	unsigned long store_kib;
	struct gc gc;
	int rc;

	if (argc > 2 || (argc == 2 && str_parse_u64(argv[1], &objects) != 0)) {
		fprintf(stderr, "usage: million [OBJECTS]\n");
		return EXIT_FAILURE;
	}
	store = fill(objects);
	store_kib = watch_peak_kib();
	printf("objects %zu\n", mem_store_count(store));
	rc = gc_init(&gc, &opts, &err);
	if (rc == 0)
		rc = collect(&gc, store, &err);
	if (rc != 0)
		fprintf(stderr, "%s\n", err.text);
	printf("left %zu\nstore_mib %lu\npeak_mib %lu\n",
	    mem_store_count(store), store_kib / 1024, watch_peak_kib() / 1024);
	gc_release(&gc);
	storage_close(store);
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
