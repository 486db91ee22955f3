/* SPDX-License-Identifier: MIT */
/*
 * Items are contents (layers, configs, manifests); an item names only items
 * made before it, so the graph has no cycle but those through "subject".
 * Objects are names in the bucket, each with a role that ties it to an item
 * and a repository.
 */
#include "tests/support/maker.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/storage/mem_store.h"
#include "tests/support/maker_priv.h"

enum { BODY_MAX = 64 * 1024, DEPTH_MAX = 3 };

static bool
one_in(struct maker *r, unsigned n)
{
	return rng_below(&r->rng, n) == 0;
}

static uint32_t
up_to(struct maker *r, size_t n)
{
	return (uint32_t)rng_below(&r->rng, n + 1);
}

static uint32_t
pick(struct maker *r, size_t n)
{
	return (uint32_t)rng_below(&r->rng, n);
}

/* --- items --- */

/* Takes what stands in r->text as the item's bytes. */
static uint32_t
finish_item(struct maker *r, struct item *item)
{
	unsigned alg = one_in(r, 12) ? DIGEST_SHA512 : DIGEST_SHA256;
	struct digest d;
	size_t i;
	int at;

	assert(!r->text.full);
	item->body = arena_strndup(&r->arena, r->text.data, r->text.len);
	item->size = r->text.len;
	digest_compute(alg, item->body, item->size, &d);
	at = sprintf(item->digest,
	    "%s:", alg == DIGEST_SHA512 ? "sha512" : "sha256");
	for (i = 0; i < (alg == DIGEST_SHA512 ? 64 : 32); i++)
		at += sprintf(item->digest + at, "%02x", d.raw[i]);
	*vec_push(&r->items) = *item;
	return (uint32_t)r->items.n - 1;
}

static uint32_t
make_blob(struct maker *r, const char *what)
{
	struct item item = { .subject = NONE };

	buf_clear(&r->text);
	buf_addf(&r->text, "%s %zu %016llx", what, r->items.n,
	    (unsigned long long)rng_next(&r->rng));
	item.is_foreign = strcmp(what, "layer") == 0 && one_in(r, 10);
	return finish_item(r, &item);
}

static void
name(struct maker *r, struct item *item, uint32_t target)
{
	*vec_push(&item->names) = target;
	buf_addf(&r->text, "\"%s\"", r->items.v[target].digest);
}

/* Some annotations name digests: of layers, or of other manifests. */
static void
add_tail(struct maker *r, struct item *item)
{
	if (one_in(r, 8)) {
		buf_adds(&r->text, ",\"annotations\":{\"base\":");
		name(r, item, pick(r, r->items.n));
		buf_adds(&r->text, "}");
	}
	if (item->subject != NONE) {
		buf_adds(&r->text, ",\"subject\":{\"size\":7,\"digest\":");
		name(r, item, item->subject);
		buf_adds(&r->text, "}");
	}
	buf_addf(&r->text, ",\"serial\":%zu}", r->items.n);
}

static void
add_layers(struct maker *r, struct item *item, const uint32_t *pool,
    size_t pool_size, const char *key)
{
	uint32_t i, n = 1 + up_to(r, 2);

	for (i = 0; i < n; i++) {
		buf_addf(&r->text, "%s{\"%s\":", i ? "," : "", key);
		name(r, item, pool[pick(r, pool_size)]);
		buf_adds(&r->text, "}");
	}
}

/* "": without a media type, which is legal too. */
static void
begin_manifest(struct maker *r, const char *media_type)
{
	buf_clear(&r->text);
	buf_adds(&r->text, "{\"schemaVersion\":2,");
	if (media_type[0] != '\0')
		buf_addf(&r->text, "\"mediaType\":\"%s\",", media_type);
}

static uint32_t
make_image(struct maker *r, const uint32_t *pool, size_t pool_size,
    uint32_t subject)
{
	static const char *const types[] = {
		"application/vnd.docker.distribution.manifest.v2+json",
		"application/vnd.oci.image.manifest.v1+json",
		"",
		"application/vnd.example.thing",
	};
	struct item item = { .is_manifest = true, .subject = subject };
	uint32_t config;

	if (subject == NONE && one_in(r, 6)) {
		buf_clear(&r->text);
		buf_adds(&r->text, "{\"schemaVersion\":1,\"fsLayers\":[");
		add_layers(r, &item, pool, pool_size, "blobSum");
		buf_adds(&r->text, "]");
		add_tail(r, &item);
		return finish_item(r, &item);
	}
	config = make_blob(r, "config");
	begin_manifest(r, types[pick(r, 4)]);
	buf_adds(&r->text, "\"config\":{\"digest\":");
	name(r, &item, config);
	buf_adds(&r->text, "},\"layers\":[");
	add_layers(r, &item, pool, pool_size, "digest");
	buf_adds(&r->text, "]");
	add_tail(r, &item);
	return finish_item(r, &item);
}

/* Its children are images and indexes that are not yet as deep as may be. */
static uint32_t
make_index(struct maker *r, const uint32_t *manifests, size_t count)
{
	static const char *const types[] = {
		"application/vnd.docker.distribution.manifest.list.v2+json",
		"application/vnd.oci.image.index.v1+json",
		"",
	};
	struct item item = { .is_manifest = true, .subject = NONE };
	uint32_t i, n = 1 + up_to(r, 2), child;
	bool is_first = true;

	begin_manifest(r, types[pick(r, 3)]);
	buf_adds(&r->text, "\"manifests\":[");
	for (i = 0; i < n; i++) {
		child = manifests[pick(r, count)];
		if (r->items.v[child].depth >= DEPTH_MAX)
			continue;
		if (item.depth <= r->items.v[child].depth)
			item.depth = r->items.v[child].depth + 1;
		buf_addf(&r->text, "%s{\"digest\":", is_first ? "" : ",");
		is_first = false;
		name(r, &item, child);
		*vec_push(&item.children) = child;
		buf_adds(&r->text, "}");
	}
	buf_adds(&r->text, "]");
	add_tail(r, &item);
	return finish_item(r, &item);
}

/* --- objects --- */

static struct object *
add_object(struct maker *r, enum role role, uint32_t repo, uint32_t item,
    const char *body, size_t size)
{
	struct object *o = vec_push(&r->objects);

	assert(!r->text.full);
	*o = (struct object){
		.name = arena_strndup(&r->arena, r->text.data, r->text.len),
		.body = body,
		.size = size,
		.role = role,
		.repo = repo,
		.item = item,
	};
	return o;
}

/* Starts a name in r->text: below the prefix, or in a repository. */
static void
begin_name(struct maker *r, uint32_t repo)
{
	buf_clear(&r->text);
	buf_adds(&r->text, r->prefix);
	if (repo != NONE)
		buf_addf(&r->text, "repositories/%s/", r->repos[repo]);
}

static void
add_digest_path(struct maker *r, uint32_t item)
{
	const char *digest = r->items.v[item].digest;

	buf_addf(&r->text, "%.6s/%s", digest, digest + 7);
}

static void
add_blob(struct maker *r, uint32_t i)
{
	const struct item *item = &r->items.v[i];

	if (item->is_foreign)
		return;
	begin_name(r, NONE);
	buf_addf(&r->text, "blobs/%.6s/%.2s/%s/data", item->digest,
	    item->digest + 7, item->digest + 7);
	add_object(r, BLOB, NONE, i, item->body, item->size);
}

static void
add_link(struct maker *r, enum role role, uint32_t repo, uint32_t item,
    const char *folder)
{
	const char *digest = r->items.v[item].digest;

	begin_name(r, repo);
	buf_adds(&r->text, folder);
	if (role != CURRENT)
		add_digest_path(r, item);
	buf_adds(&r->text, "/link");
	add_object(r, role, repo, item, digest, strlen(digest));
}

/* A manifest with its layer links in a repository, once. */
static void
place(struct maker *r, uint32_t repo, uint32_t manifest)
{
	const struct item *item = &r->items.v[manifest];
	size_t i;

	if (maker_has_revision(r, repo, manifest))
		return;
	add_link(r, REVISION, repo, manifest, "_manifests/revisions/");
	for (i = 0; i < item->names.n; i++) {
		if (!r->items.v[item->names.v[i]].is_manifest && !one_in(r, 6))
			add_link(r, LAYER, repo, item->names.v[i], "_layers/");
	}
}

/* A tag with a history, sometimes with an index link that nothing matches. */
static void
add_tag(struct maker *r, uint32_t repo, unsigned serial,
    const uint32_t *manifests, size_t count)
{
	static const char *const forms[] = { "v1.", "latest-", "A_",
		"sha256-" };
	uint32_t item, current = NONE, i, n = 1 + up_to(r, 2);
	char tag[64], folder[128];

	snprintf(tag, sizeof(tag), "%s%u", forms[serial % 4], serial);
	snprintf(folder, sizeof(folder), "_manifests/tags/%s/index/", tag);
	for (i = 0; i < n; i++) {
		item = manifests[pick(r, count)];
		if (!maker_has_revision(r, repo, item) && !one_in(r, 8))
			continue;
		add_link(r, INDEX, repo, item, folder);
		if (maker_has_revision(r, repo, item))
			current = item;
	}
	if (current == NONE || one_in(r, 12))
		return;
	snprintf(folder, sizeof(folder), "_manifests/tags/%s/current", tag);
	add_link(r, CURRENT, repo, current, folder);
}

static void
add_bystander(struct maker *r, uint32_t repo, const char *tail)
{
	begin_name(r, repo);
	buf_adds(&r->text, tail);
	add_object(r, BYSTANDER, repo, NONE, tail, strlen(tail));
}

static void
add_bystanders(struct maker *r)
{
	static const char *const tails[] = { "blobs/README",
		"blobs/sha256/zz/zz/data", "blobs/sha256/ab/", "repositories/",
		"repositories/empty/", "repositories/notes.txt", "zz-after",
		"" };
	static const char *const uploads[] = { "_uploads/0c2b/data",
		"_uploads/0c2b/startedat", "_uploads/0c2b/hashstates/sha256/0",
		"_layers/", "plain.txt", "_manifests/revisions/README",
		"_manifests/tags/v0/", "_manifests/tags/v0/current/link.bak" };
	size_t i;

	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		if (one_in(r, 3) && (tails[i][0] != '\0' || r->prefix[0]))
			add_bystander(r, NONE, tails[i]);
	}
	for (i = 0; i < sizeof(uploads) / sizeof(uploads[0]); i++) {
		if (one_in(r, 3))
			add_bystander(r, pick(r, r->repo_count), uploads[i]);
	}
	buf_clear(&r->text);
	buf_addf(&r->text, "elsewhere/%s", r->objects.v[0].name);
	add_object(r, BYSTANDER, NONE, NONE, "foreign", 7);
}

/* --- a whole registry --- */

static void
choose_repos(struct maker *r)
{
	static const char *const names[] = { "a", "a/b", "a/b/c", "a-b", "a.b",
		"a/b-c", "library/debian", "team/app", "x__y/z--1",
		"Host.example:5000/team/app", "zz" };
	size_t count = sizeof(names) / sizeof(names[0]), i;

	for (i = 0; i < count; i++) {
		if (one_in(r, 3))
			r->repos[r->repo_count++] = names[i];
	}
	if (r->repo_count == 0)
		r->repos[r->repo_count++] = names[pick(r, count)];
}

/* Fills list with the items that are manifests; answers how many. */
static size_t
list_manifests(const struct maker *r, uint32_t *list)
{
	size_t n = 0, i;

	for (i = 0; i < r->items.n; i++) {
		if (r->items.v[i].is_manifest)
			list[n++] = (uint32_t)i;
	}
	return n;
}

static void
make_items(struct maker *r, unsigned scale)
{
	uint32_t pool[256], list[1024], i, n = 3 + up_to(r, 4 * scale);
	size_t count;

	assert(scale >= 1 && scale <= 32);
	for (i = 0; i < n; i++)
		pool[i] = make_blob(r, "layer");
	for (i = 1 + up_to(r, 5 * scale); i > 0; i--)
		make_image(r, pool, n, NONE);
	for (i = up_to(r, 3 * scale); i > 0; i--) {
		count = list_manifests(r, list);
		make_index(r, list, count);
	}
	for (i = up_to(r, 2 * scale); i > 0; i--) {
		count = list_manifests(r, list);
		make_image(r, pool, n, list[pick(r, count)]);
	}
	for (i = up_to(r, 3 * scale); i > 0; i--)
		make_blob(r, "orphan");
}

static int
compare_objects(const void *a, const void *b)
{
	return strcmp(((const struct object *)a)->name,
	    ((const struct object *)b)->name);
}

static void
sort_objects(struct maker *r)
{
	size_t i, n = 0;

	qsort(r->objects.v, r->objects.n, sizeof(*r->objects.v),
	    compare_objects);
	for (i = 0; i < r->objects.n; i++) {
		if (n == 0 ||
		    strcmp(r->objects.v[n - 1].name, r->objects.v[i].name) != 0)
			r->objects.v[n++] = r->objects.v[i];
	}
	r->objects.n = n;
}

static void
place_items(struct maker *r, unsigned scale)
{
	uint32_t list[1024], i, repo, k;
	size_t count = list_manifests(r, list);

	for (i = 0; i < r->items.n; i++)
		add_blob(r, i);
	for (i = 0; i < count; i++) {
		if (one_in(r, 9))
			continue; /* an orphan, or a child without a link */
		place(r, pick(r, r->repo_count), list[i]);
		if (one_in(r, 4))
			place(r, pick(r, r->repo_count), list[i]);
	}
	for (repo = 0; repo < r->repo_count; repo++) {
		for (k = up_to(r, 3 * scale); k > 0; k--)
			add_tag(r, repo, k, list, count);
	}
}

struct maker *
maker_new(uint64_t seed, unsigned scale)
{
	static const char *const roots[] = { "", "root", "/some/where/" };
	static const char *const prefixes[] = { "", "root/", "some/where/" };
	struct maker *r = mem_zalloc(1, sizeof(*r));
	uint32_t i;

	rng_init(&r->rng, seed);
	buf_init(&r->text, BODY_MAX);
	i = pick(r, 3);
	r->root = roots[i];
	buf_addf(&r->text, "%sdocker/registry/v2/", prefixes[i]);
	r->prefix = arena_strndup(&r->arena, r->text.data, r->text.len);
	choose_repos(r);
	make_items(r, scale);
	place_items(r, scale);
	add_bystanders(r);
	sort_objects(r);
	return r;
}

void
maker_free(struct maker *r)
{
	size_t i;

	for (i = 0; i < r->items.n; i++) {
		vec_release(&r->items.v[i].names);
		vec_release(&r->items.v[i].children);
	}
	vec_release(&r->items);
	vec_release(&r->objects);
	arena_release(&r->arena);
	buf_release(&r->text);
	free(r);
}

void
maker_fill(const struct maker *r, struct storage *mem)
{
	size_t i;

	for (i = 0; i < r->objects.n; i++) {
		const struct object *o = &r->objects.v[i];

		if (o->is_absent)
			continue;
		mem_store_put(mem, o->name, o->body, o->size);
		if (r->has_ages)
			mem_store_set_created(mem, o->name, o->created_us);
	}
}
