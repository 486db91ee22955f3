/* SPDX-License-Identifier: MIT */
/*
 * What a listing of the bucket showed, in memory: blobs, repositories,
 * revisions, tags.  Everything refers to everything by index.  A digest is
 * stored once, as a node; names of objects are not stored but written again
 * when they are needed.
 */
#ifndef REGISTRY_INVENTORY_H
#define REGISTRY_INVENTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/arena.h"
#include "src/base/hmap.h"
#include "src/base/vec.h"
#include "src/registry/digest.h"
#include "src/registry/node.h"
#include "src/registry/paths.h"

struct buf;
struct storage_object;

struct repository {
	const char *name;
	uint32_t epoch;      /* grows each time it is listed again */
	bool has_valid_name; /* else nothing of it is deleted */
	bool keeps_all;      /* a damaged tag: every revision stays */
	uint32_t uploads;    /* begun and not finished */
	uint64_t upload_bytes;
};

struct revision {
	uint32_t repository;
	uint32_t epoch; /* of the listing that showed it */
	uint32_t node;
	bool is_root;    /* a tag, plain mode or damage keeps it */
	bool is_young;   /* its link is */
	bool is_lasting; /* it stays, whatever its age and that of others */
	uint32_t created_s;
	uint64_t generation;
};

struct tag {
	uint32_t repository;
	uint32_t epoch;
	const char *name;
	bool has_current;
	uint32_t current; /* node that current/link names; HMAP_NONE: unread */
};

struct tag_index {
	uint32_t tag;
	uint32_t node;
	uint32_t created_s;
	bool is_young;
	uint64_t generation;
};

struct inventory {
	struct paths paths;
	uint64_t secret;    /* of its tables; no result depends on it */
	struct arena arena; /* names and digests */
	struct hmap node_map;
	struct hmap repository_map;
	struct hmap tag_map;
	uint32_t last_repository; /* seen, and the last tag: names come in */
	uint32_t last_tag;        /* order, so most often it is the same */
	VEC(struct node) nodes;
	VEC(struct repository) repositories;
	VEC(struct revision) revisions;
	VEC(struct tag) tags;
	VEC(struct tag_index) tag_indexes;
	uint64_t objects; /* listed, of any kind */
	uint64_t bytes;
	uint64_t foreign; /* of these: outside the layout */
	/* What was created from here on is young; on the server's clock, Unix
	 * epoch.  UINT64_MAX: nothing is. */
	uint64_t young_from_us;
	bool undated_is_young; /* what does not say when */
};

/* root as in paths_init, whose error it passes on. */
int inventory_init(struct inventory *inv, const char *root,
    struct err *err) MUST_CHECK;
void inventory_release(struct inventory *inv);

/* What inventory_add made of an object. */
struct inventory_entry {
	struct path path;
	uint32_t index; /* REVISION: of it; TAG_CURRENT: of its tag;
			   others of a repository: of the repository */
};

/* Takes one listed object in, in any order.  epoch: the repository's
 * when its listing began (0: that of all repositories).  What an older listing
 * still shows of a repository's manifests that are being listed again is counted
 * and left out (PATH_REPOSITORY), or it would be there twice. */
void inventory_add(struct inventory *inv, const struct storage_object *object,
    uint32_t epoch, struct inventory_entry *entry);

/* Forgets what was listed of a repository's manifests, before they are listed
 * again. */
void inventory_forget(struct inventory *inv, uint32_t repository);

/* The node of a digest, made if need be. */
uint32_t inventory_node(struct inventory *inv, const struct digest *d);

/* The node of a digest, or HMAP_NONE. */
uint32_t inventory_find(const struct inventory *inv, const struct digest *d);

void inventory_digest(const struct inventory *inv, uint32_t node,
    struct digest *out);

/* Was it shown by its repository's latest listing? */
bool inventory_has_revision(const struct inventory *inv,
    const struct revision *r);
bool inventory_has_tag(const struct inventory *inv, const struct tag *t);

/* Joins (repository, digest) with revisions: add revisions one by one, then
 * ask which one is there (HMAP_NONE: none). */
void inventory_index_revision(const struct inventory *inv, struct hmap *map,
    uint32_t revision);
uint32_t inventory_indexed_revision(const struct inventory *inv,
    const struct hmap *map, uint32_t repository, uint32_t node);

/* The parts of a name, ready for path_format. */
struct path inventory_blob_path(const struct inventory *inv, uint32_t node);
struct path inventory_revision_path(const struct inventory *inv,
    const struct revision *r);
struct path inventory_layer_path(const struct inventory *inv,
    uint32_t repository, uint32_t node);
struct path inventory_tag_index_path(const struct inventory *inv,
    const struct tag_index *ti);
struct path inventory_current_path(const struct inventory *inv,
    const struct tag *t);

#endif
