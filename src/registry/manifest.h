/* SPDX-License-Identifier: MIT */
/*
 * What a manifest keeps alive: every digest that it names, anywhere.
 *
 * The structure is read for what the digests alone do not tell: which kind of
 * manifest it is, which references are manifests themselves, and whose
 * referrer it is (OCI "subject").  Specifications: Docker image manifest
 * v2 schema 1 and 2, OCI image-spec v1.1 manifest.md and image-index.md.
 */
#ifndef REGISTRY_MANIFEST_H
#define REGISTRY_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/err.h"
#include "src/base/vec.h"
#include "src/registry/digest.h"

/* The registry accepts no larger manifest (distribution, 4 MiB). */
enum { MANIFEST_MAX = 4 * 1024 * 1024 };

enum manifest_kind {
	MANIFEST_SCHEMA1, /* Docker v2 schema 1, signed or not */
	MANIFEST_IMAGE,   /* Docker v2 schema 2, OCI image manifest */
	MANIFEST_INDEX,   /* Docker manifest list, OCI image index */
	MANIFEST_UNKNOWN, /* some other JSON object: all it names is kept */
	MANIFEST_NONE     /* no JSON object: it was not parsed */
};

enum { MANIFEST_KINDS = MANIFEST_NONE + 1 };

struct manifest {
	enum manifest_kind kind;
	VEC(struct digest) names;    /* every digest in it; may repeat */
	VEC(struct digest) children; /* of these: manifests[].digest */
	/* Of these: the config and the layers that are stored here, without
	 * which it cannot be pulled.  Foreign layers are not, and indexes and
	 * unknown kinds need nothing. */
	VEC(struct digest) needs;
	bool has_subject;
	struct digest subject;
};

void manifest_init(struct manifest *m);
void manifest_release(struct manifest *m);

/* Replaces *m by what the bytes say.  ERR_CORRUPT when they are not one JSON
 * object (broken, truncated, trailing text, nested too deep); m->names holds
 * what could be found all the same, and m->kind is MANIFEST_NONE. */
int manifest_parse(struct manifest *m, const char *data, size_t n,
    struct err *err) MUST_CHECK;

#endif
