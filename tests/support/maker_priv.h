/* SPDX-License-Identifier: MIT */
/* The model, shared by maker.c (who fills it) and maker_oracle.c
 * (who judges it). */
#ifndef TESTS_SUPPORT_MAKER_PRIV_H
#define TESTS_SUPPORT_MAKER_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/arena.h"
#include "src/base/buf.h"
#include "src/base/rng.h"
#include "src/base/vec.h"
#include "src/registry/digest.h"

enum { NONE = UINT32_MAX };

struct item {
	char digest[8 + 2 * DIGEST_RAW_MAX]; /* "sha256:..." */
	const char *body;
	size_t size;
	bool is_manifest;
	bool is_foreign; /* named, never uploaded */
	VEC(uint32_t) names;
	VEC(uint32_t) children;
	uint32_t subject;
	unsigned depth;
	/* The oracle's. */
	bool has_blob;
	bool is_read; /* a manifest in somebody's live eyes */
	bool is_live;
	bool is_pulled; /* by a live manifest, or by its subject */
	bool is_young;  /* its blob, or a layer's link */
};

enum role { BYSTANDER, BLOB, REVISION, CURRENT, INDEX, LAYER };

enum damage { SOUND, NO_DIGEST, OTHER_DIGEST };

struct object {
	const char *name;
	const char *body;
	size_t size;
	enum role role;
	uint32_t repo;
	uint32_t item;
	uint64_t created_us; /* 0: not known, or there are no ages */
	enum damage damage;  /* of a link */
	uint32_t other;      /* OTHER_DIGEST: the item */
	bool is_absent;
	bool goes;
};

struct maker {
	struct rng rng;
	struct arena arena;
	const char *root;
	const char *prefix;
	VEC(struct item) items;
	VEC(struct object) objects;
	const char *repos[16];
	unsigned repo_count;
	bool has_ages;
	bool ignores_ages;
	uint64_t young_from_us;
	struct buf text; /* a name or a body in the making */
};

/* Has this repository (NONE: any) a link to this manifest? */
bool maker_has_revision(const struct maker *r, uint32_t repo, uint32_t item);

#endif
