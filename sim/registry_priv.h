/* SPDX-License-Identifier: MIT */
/* Writing one registry; for registry.c, registry_demo.c, registry_spec.c and
 * registry_synth.c only. */
#ifndef SIM_REGISTRY_PRIV_H
#define SIM_REGISTRY_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/hash.h"
#include "src/base/buf.h"
#include "src/base/err.h"
#include "src/base/rng.h"

struct bucket;

struct digest {
	char hex[HASH_SHA256_HEX + 1];
};

/* A layer or a config: a digest and a size, no bytes. */
struct layer {
	struct digest digest;
	uint64_t size;
};

struct image {
	bool is_oci; /* else docker schema 2 */
	struct layer config;
	struct layer *layers;
	size_t n;
};

struct registry {
	struct bucket *bucket;
	struct rng rng;
	uint64_t made;   /* objects so far, for their generations */
	struct buf root; /* "root/docker/registry/v2/" */
	struct buf name; /* work space */
	struct buf text;
};

void registry_init(struct registry *r, struct bucket *b, const char *root,
    uint64_t seed);
void registry_release(struct registry *r);

/* A random digest, and a config of a few kB. */
struct digest registry_draw_digest(struct registry *r);
struct layer registry_draw_config(struct registry *r);

/* Replaces *out by the image's manifest. */
void registry_format_manifest(const struct image *image, struct buf *out);

void registry_put_blob(struct registry *r, const struct layer *layer);

/* n blobs of that size by formula. */
void registry_put_bulk(struct registry *r, uint64_t n, uint64_t size);

/* Stores the manifest; answers its digest. */
struct digest registry_put_manifest(struct registry *r,
    const struct image *image);

/* Links, each an object of its own; one that is there already stays. */
void registry_link_revision(struct registry *r, const char *repository,
    const struct digest *d);
void registry_link_layer(struct registry *r, const char *repository,
    const struct digest *d);
void registry_link_index(struct registry *r, const char *repository,
    const char *tag, const struct digest *d);
void registry_link_current(struct registry *r, const char *repository,
    const char *tag, const struct digest *d);

/* Links an image's layers and config in a repository. */
void registry_link_layers(struct registry *r, const char *repository,
    const struct image *image);

/* The merge request's run: 1079 objects of 6.771 GB, of which 688 and 2.528 GB
 * stay. */
void registry_fill_demo(struct registry *r);

struct registry_spec {
	uint64_t repos;
	uint64_t manifests; /* over all repositories */
	uint64_t layers;    /* per manifest */
	uint64_t tags;      /* index references per manifest */
	uint64_t untagged;  /* percent of the manifests */
	uint64_t shared;    /* percent of the layer references */
	uint64_t blob;      /* bytes of a layer */
	uint64_t orphans;   /* blobs that nothing names */
	uint64_t bulk;      /* further ones, by formula: a bit of memory each */
	uint64_t kept;      /* tagged manifests in a repository `kept` */
};

int registry_spec_parse(struct registry_spec *out, const char *text,
    struct err *err) MUST_CHECK;
void registry_fill_spec(struct registry *r, const struct registry_spec *spec);

#endif
