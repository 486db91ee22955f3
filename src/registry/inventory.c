/* SPDX-License-Identifier: MIT */
/*
 * A million blobs must fit into a few hundred bytes each at most, so a node is
 * 40 bytes plus 33 of digest, and a link is a handful of indices.  Nothing is
 * ever removed: a repository that is listed again gets a new epoch, and what
 * carries an older one no longer counts.
 */
#include "src/registry/inventory.h"

#include <string.h>
#include <sys/random.h>

#include "src/base/mem.h"
#include "src/base/rng.h"
#include "src/base/str.h"
#include "src/storage/storage.h"

int
inventory_init(struct inventory *inv, const char *root, struct err *err)
{
	memset(inv, 0, sizeof(*inv));
	inv->young_from_us = UINT64_MAX;
	/* Without it a run is only slower for whoever chose his digests. */
	if (getrandom(&inv->secret, sizeof(inv->secret), 0) < 0)
		inv->secret = 0;
	return paths_init(&inv->paths, root, err);
}

void
inventory_release(struct inventory *inv)
{
	paths_release(&inv->paths);
	arena_release(&inv->arena);
	hmap_release(&inv->node_map);
	hmap_release(&inv->repository_map);
	hmap_release(&inv->tag_map);
	vec_release(&inv->nodes);
	vec_release(&inv->repositories);
	vec_release(&inv->revisions);
	vec_release(&inv->tags);
	vec_release(&inv->tag_indexes);
}

/* --- nodes --- */

static bool
is_node(const void *ctx, uint32_t entry, const void *key)
{
	const struct inventory *inv = ctx;
	const struct digest *d = key;
	const uint8_t *packed = inv->nodes.v[entry].digest;

	return packed[0] == d->alg &&
	    memcmp(packed + 1, d->raw, digest_size(d->alg)) == 0;
}

uint32_t
inventory_find(const struct inventory *inv, const struct digest *d)
{
	return hmap_find(&inv->node_map, digest_hash(d, inv->secret), is_node,
	    inv, d);
}

uint32_t
inventory_node(struct inventory *inv, const struct digest *d)
{
	uint32_t i = inventory_find(inv, d);
	char packed[1 + DIGEST_RAW_MAX];

	if (i != HMAP_NONE)
		return i;
	packed[0] = (char)d->alg;
	memcpy(packed + 1, d->raw, digest_size(d->alg));
	i = (uint32_t)inv->nodes.n;
	*vec_push(&inv->nodes) = (struct node){
		.digest = (const uint8_t *)arena_strndup(&inv->arena, packed,
		    1 + digest_size(d->alg)),
	};
	hmap_add(&inv->node_map, digest_hash(d, inv->secret), i);
	return i;
}

void
inventory_digest(const struct inventory *inv, uint32_t node, struct digest *out)
{
	const uint8_t *packed = inv->nodes.v[node].digest;

	out->alg = packed[0];
	memcpy(out->raw, packed + 1, digest_size(out->alg));
}

/* --- repositories and what is in them --- */

struct name {
	const char *s;
	size_t n;
};

static bool
is_repository(const void *ctx, uint32_t entry, const void *key)
{
	const struct inventory *inv = ctx;
	const struct name *name = key;

	return str_is(name->s, name->n, inv->repositories.v[entry].name);
}

static uint32_t
repository_of(struct inventory *inv, const struct path *path)
{
	struct name name = { path->repo, path->repo_len };
	uint32_t i = inv->last_repository;
	uint64_t hash;

	if (i < inv->repositories.n && is_repository(inv, i, &name))
		return i;
	hash = rng_hash(name.s, name.n, inv->secret);
	i = hmap_find(&inv->repository_map, hash, is_repository, inv, &name);
	if (i != HMAP_NONE)
		return inv->last_repository = i;
	i = (uint32_t)inv->repositories.n;
	*vec_push(&inv->repositories) = (struct repository){
		.name = arena_strndup(&inv->arena, name.s, name.n),
		.has_valid_name = path_is_repository_name(name.s, name.n),
	};
	hmap_add(&inv->repository_map, hash, i);
	return inv->last_repository = i;
}

struct tag_key {
	uint32_t repository;
	uint32_t epoch;
	struct name name;
};

static bool
is_tag(const void *ctx, uint32_t entry, const void *key)
{
	const struct inventory *inv = ctx;
	const struct tag_key *k = key;
	const struct tag *t = &inv->tags.v[entry];

	return t->repository == k->repository && t->epoch == k->epoch &&
	    str_is(k->name.s, k->name.n, t->name);
}

/* The objects of a tag may be shown by two parts of a listing. */
static uint32_t
tag_of(struct inventory *inv, uint32_t repository, const struct path *path)
{
	struct tag_key key = {
		.repository = repository,
		.epoch = inv->repositories.v[repository].epoch,
		.name = { path->tag, path->tag_len },
	};
	uint32_t i = inv->last_tag;
	uint64_t hash;

	if (i < inv->tags.n && is_tag(inv, i, &key))
		return i;
	hash = rng_hash(key.name.s, key.name.n,
	    inv->secret + repository + ((uint64_t)key.epoch << 32));
	i = hmap_find(&inv->tag_map, hash, is_tag, inv, &key);
	if (i != HMAP_NONE)
		return inv->last_tag = i;
	i = (uint32_t)inv->tags.n;
	*vec_push(&inv->tags) = (struct tag){
		.repository = repository,
		.epoch = key.epoch,
		.name = arena_strndup(&inv->arena, key.name.s, key.name.n),
		.current = HMAP_NONE,
	};
	hmap_add(&inv->tag_map, hash, i);
	return inv->last_tag = i;
}

static bool
is_young(const struct inventory *inv, const struct storage_object *object)
{
	return object->created_us == 0
	    ? inv->undated_is_young
	    : object->created_us >= inv->young_from_us;
}

static uint32_t
created_s(const struct storage_object *object)
{
	return (uint32_t)(object->created_us / 1000000);
}

static uint32_t
add_revision(struct inventory *inv, uint32_t repository, uint32_t node,
    const struct storage_object *object)
{
	inv->nodes.v[node].is_revision = true;
	*vec_push(&inv->revisions) = (struct revision){
		.repository = repository,
		.epoch = inv->repositories.v[repository].epoch,
		.node = node,
		.is_young = is_young(inv, object),
		.created_s = created_s(object),
		.generation = object->generation,
	};
	return (uint32_t)inv->revisions.n - 1;
}

/* A push that re-uses an old blob writes nothing but this link: it makes the
 * blob as young as it is itself, whichever repository it is in. */
static void
see_layer(struct inventory *inv, const struct digest *d,
    const struct storage_object *object)
{
	uint32_t node; /* which may move the others, so first of all */

	if (!is_young(inv, object))
		return;
	node = inventory_node(inv, d);
	inv->nodes.v[node].is_young = true;
}

/* repositories/<name>/_uploads/<uuid>/...: each has one object that tells when
 * it began.  It is listed once: only manifests are listed again. */
static void
see_upload(struct repository *r, const struct path *path,
    const struct storage_object *object)
{
	if (!str_starts(path->repo + path->repo_len, "/_uploads/"))
		return;
	r->upload_bytes += object->size;
	r->uploads += str_ends(object->name, "/startedat");
}

static uint32_t
add_below_repository(struct inventory *inv, struct path *path,
    const struct storage_object *object, uint32_t epoch)
{
	uint32_t repository = repository_of(inv, path), tag;

	see_upload(&inv->repositories.v[repository], path, object);
	if (path->kind == PATH_LAYER)
		see_layer(inv, &path->digest, object);
	else if (inv->repositories.v[repository].epoch != epoch)
		path->kind = PATH_REPOSITORY;
	switch (path->kind) {
	case PATH_REVISION:
		return add_revision(inv, repository,
		    inventory_node(inv, &path->digest), object);
	case PATH_TAG_CURRENT:
		tag = tag_of(inv, repository, path);
		inv->tags.v[tag].has_current = true;
		return tag;
	case PATH_TAG_INDEX:
		tag = tag_of(inv, repository, path);
		*vec_push(&inv->tag_indexes) = (struct tag_index){
			.tag = tag,
			.node = inventory_node(inv, &path->digest),
			.is_young = is_young(inv, object),
			.created_s = created_s(object),
			.generation = object->generation,
		};
		return repository;
	default:
		return repository;
	}
}

void
inventory_add(struct inventory *inv, const struct storage_object *object,
    uint32_t epoch, struct inventory_entry *entry)
{
	struct path *path = &entry->path;
	struct node *node;
	uint32_t i;

	path_parse(&inv->paths, object->name, path);
	inv->objects++;
	inv->bytes += object->size;
	entry->index = HMAP_NONE;
	if (path->kind == PATH_FOREIGN) {
		inv->foreign++;
	} else if (path->kind == PATH_BLOB) {
		i = inventory_node(inv, &path->digest);
		node = &inv->nodes.v[i];
		node->blob_generation = object->generation;
		node->blob_size = object->size;
		node->blob_created_s = created_s(object);
		node->is_young |= is_young(inv, object);
	} else {
		entry->index = add_below_repository(inv, path, object, epoch);
	}
}

void
inventory_forget(struct inventory *inv, uint32_t repository)
{
	inv->repositories.v[repository].epoch++;
	inv->repositories.v[repository].keeps_all = false;
}

bool
inventory_has_revision(const struct inventory *inv, const struct revision *r)
{
	return r->epoch == inv->repositories.v[r->repository].epoch;
}

bool
inventory_has_tag(const struct inventory *inv, const struct tag *t)
{
	return t->epoch == inv->repositories.v[t->repository].epoch;
}

/* --- revisions by place --- */

struct place {
	uint32_t repository;
	uint32_t node;
};

static uint64_t
hash_place(const struct inventory *inv, struct place p)
{
	return rng_hash(&p, sizeof(p), inv->secret);
}

static bool
is_at_place(const void *ctx, uint32_t entry, const void *key)
{
	const struct inventory *inv = ctx;
	const struct place *p = key;
	const struct revision *r = &inv->revisions.v[entry];

	return r->repository == p->repository && r->node == p->node;
}

void
inventory_index_revision(const struct inventory *inv, struct hmap *map,
    uint32_t revision)
{
	const struct revision *r = &inv->revisions.v[revision];
	struct place p = { r->repository, r->node };

	hmap_add(map, hash_place(inv, p), revision);
}

uint32_t
inventory_indexed_revision(const struct inventory *inv, const struct hmap *map,
    uint32_t repository, uint32_t node)
{
	struct place p = { repository, node };

	return hmap_find(map, hash_place(inv, p), is_at_place, inv, &p);
}

/* --- names --- */

static struct path
path_in(const struct inventory *inv, enum path_kind kind, uint32_t repository)
{
	const char *name = inv->repositories.v[repository].name;

	return (struct path){
		.kind = kind,
		.repo = name,
		.repo_len = strlen(name),
	};
}

struct path
inventory_blob_path(const struct inventory *inv, uint32_t node)
{
	struct path path = { .kind = PATH_BLOB };

	inventory_digest(inv, node, &path.digest);
	return path;
}

struct path
inventory_revision_path(const struct inventory *inv, const struct revision *r)
{
	struct path path = path_in(inv, PATH_REVISION, r->repository);

	inventory_digest(inv, r->node, &path.digest);
	return path;
}

struct path
inventory_layer_path(const struct inventory *inv, uint32_t repository,
    uint32_t node)
{
	struct path path = path_in(inv, PATH_LAYER, repository);

	inventory_digest(inv, node, &path.digest);
	return path;
}

struct path
inventory_current_path(const struct inventory *inv, const struct tag *t)
{
	struct path path = path_in(inv, PATH_TAG_CURRENT, t->repository);

	path.tag = t->name;
	path.tag_len = strlen(t->name);
	return path;
}

struct path
inventory_tag_index_path(const struct inventory *inv,
    const struct tag_index *ti)
{
	const struct tag *t = &inv->tags.v[ti->tag];
	struct path path = inventory_current_path(inv, t);

	path.kind = PATH_TAG_INDEX;
	inventory_digest(inv, ti->node, &path.digest);
	return path;
}
