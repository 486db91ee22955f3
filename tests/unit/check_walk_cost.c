/* SPDX-License-Identifier: MIT */
/* walk_cost: what was counted on upstream's wire, and a walk like upstream's,
 * step by step, over registries of many shapes. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/arena.h"
#include "src/base/buf.h"
#include "src/base/rng.h"
#include "src/base/vec.h"
#include "src/registry/walk_cost.h"
#include "src/storage/mem_store.h"
#include "tests/support/rig.h"
#include "tests/support/suite.h"

/* --- a registry, as names and bytes --- */

struct file {
	const char *name;
	const char *body;
};

struct world {
	struct arena arena;
	VEC(struct file) files;
	struct rng rng;
	struct rig rig;
};

static void
world_begin(struct world *w, uint64_t seed, bool delete_untagged)
{
	memset(w, 0, sizeof(*w));
	rng_init(&w->rng, seed);
	rig_init(&w->rig, seed, delete_untagged);
}

static void
world_end(struct world *w)
{
	rig_release(&w->rig);
	vec_release(&w->files);
	arena_release(&w->arena);
}

static void PRINTF_LIKE(3, 4)
    add(struct world *w, const char *body, const char *format, ...)
{
	char name[1024];
	va_list ap;
	int n = snprintf(name, sizeof(name), "docker/registry/v2/");

	va_start(ap, format);
	n += vsnprintf(name + n, sizeof(name) - (size_t)n, format, ap);
	va_end(ap);
	*vec_push(&w->files) = (struct file){
		arena_strndup(&w->arena, name, (size_t)n),
		arena_strndup(&w->arena, body, strlen(body)),
	};
}

static const char *
hex_of(const struct digest *d)
{
	static char hex[2 * DIGEST_RAW_MAX + 1];
	size_t i;

	for (i = 0; i < digest_size(d->alg); i++)
		snprintf(hex + 2 * i, 3, "%02x", d->raw[i]);
	return hex;
}

static void
add_blob(struct world *w, const struct digest *d, const char *body)
{
	const char *hex = hex_of(d);

	add(w, body, "blobs/%s/%.2s/%s/data", digest_alg_name(d->alg), hex,
	    hex);
}

static void
add_layers(struct world *w, unsigned n)
{
	char body[32];
	struct digest d;

	while (n-- > 0) {
		snprintf(body, sizeof(body), "%016llx",
		    (unsigned long long)rng_next(&w->rng));
		digest_compute(DIGEST_SHA256, body, strlen(body), &d);
		add_blob(w, &d, body);
	}
}

/* tags of them are named v0, v1, ...; a manifest of no blob dangles. */
static void
add_manifest(struct world *w, unsigned alg, const char *repo, int tag,
    bool has_blob)
{
	char body[32], link[8 + 2 * DIGEST_RAW_MAX];
	struct digest d;

	snprintf(body, sizeof(body), "{\"x\":\"%016llx\"}",
	    (unsigned long long)rng_next(&w->rng));
	digest_compute(alg, body, strlen(body), &d);
	if (has_blob)
		add_blob(w, &d, body);
	snprintf(link, sizeof(link), "%s:%s", digest_alg_name(alg), hex_of(&d));
	add(w, link, "repositories/%s/_manifests/revisions/%s/%s/link", repo,
	    digest_alg_name(alg), hex_of(&d));
	if (tag < 0)
		return;
	add(w, link, "repositories/%s/_manifests/tags/v%d/current/link", repo,
	    tag);
	add(w, link, "repositories/%s/_manifests/tags/v%d/index/%s/%s/link",
	    repo, tag, digest_alg_name(alg), hex_of(&d));
}

static void
add_repository(struct world *w, const char *repo)
{
	add(w, "", "repositories/%s/_layers/sha256/00/link", repo);
}

static void
add_images(struct world *w, const char *repo, unsigned images, unsigned layers)
{
	unsigned i;

	add_repository(w, repo);
	for (i = 0; i < images; i++) {
		add_manifest(w, DIGEST_SHA256, repo, (int)i, true);
		add_layers(w, layers + 1);
	}
}

static int
compare_files(const void *a, const void *b)
{
	const struct file *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static struct walk_cost
cost_of(struct world *w)
{
	struct walk_cost cost;
	size_t i;

	qsort(w->files.v, w->files.n, sizeof(*w->files.v), compare_files);
	for (i = 0; i < w->files.n; i++)
		mem_store_load_bytes(w->rig.mem, w->files.v[i].name,
		    w->files.v[i].body, strlen(w->files.v[i].body));
	ck_assert_msg(rig_plan(&w->rig) == 0, "%s", w->rig.err.text);
	walk_cost_mark(&w->rig.gc.mark.inv, w->rig.opts.mark.delete_untagged,
	    &cost);
	return cost;
}

/* --- upstream's walk, over names --- */

struct walk {
	const struct world *w;
	bool delete_untagged;
	struct walk_cost c;
};

enum found { NOTHING, FOLDER, FILE_FOUND };

static const struct file *
find(const struct world *w, const char *name)
{
	size_t i;

	for (i = 0; i < w->files.n; i++) {
		if (strcmp(w->files.v[i].name, name) == 0)
			return &w->files.v[i];
	}
	return NULL;
}

/* Is the file this path, or below it? */
static bool
is_below(const struct file *f, const char *path)
{
	size_t n = strlen(path);

	return strncmp(f->name, path, n) == 0 &&
	    (f->name[n] == '/' || f->name[n] == '\0');
}

static enum found
look(struct walk *k, const char *path)
{
	size_t i;

	if (find(k->w, path) != NULL) {
		k->c.gets++;
		return FILE_FOUND;
	}
	k->c.misses++;
	k->c.lists++;
	for (i = 0; i < k->w->files.n; i++) {
		if (is_below(&k->w->files.v[i], path))
			return FOLDER;
	}
	return NOTHING;
}

/* The child of a folder behind the one given ("": the first); false: none. */
static bool
next_child(const struct world *w, const char *path, char *child, size_t size)
{
	size_t i = 0, n = strlen(path), len;

	if (child[0] != '\0') {
		while (!is_below(&w->files.v[i], child))
			i++;
		while (i < w->files.n && is_below(&w->files.v[i], child))
			i++;
	}
	for (; i < w->files.n; i++) {
		if (!is_below(&w->files.v[i], path))
			continue;
		len = n + 1 + strcspn(w->files.v[i].name + n + 1, "/");
		ck_assert_uint_lt(len, size);
		memcpy(child, w->files.v[i].name, len);
		child[len] = '\0';
		return true;
	}
	return false;
}

static uint64_t
list(struct walk *k, const char *path)
{
	char child[1024] = "";
	uint64_t n = 0;

	while (next_child(k->w, path, child, sizeof(child)))
		n++;
	k->c.lists += n <= 1000 ? 1 : (n + 999) / 1000;
	return n;
}

typedef bool visit_fn(struct walk *k, const char *path, enum found found);

static void
walk(struct walk *k, const char *path, visit_fn *visit)
{
	char child[1024] = "";
	enum found found;

	list(k, path);
	while (next_child(k->w, path, child, sizeof(child))) {
		found = look(k, child);
		if (visit(k, child, found) && found == FOLDER)
			walk(k, child, visit);
	}
}

static bool
see_blob(struct walk *k, const char *path, enum found found)
{
	(void)k, (void)path, (void)found;
	return true;
}

/* Does a tag of this repository name the manifest?  Asks each. */
static bool
is_tagged(struct walk *k, const char *revision, const char *digest)
{
	char tags[1024], child[1024] = "", name[1100];
	bool is = false;

	snprintf(tags, sizeof(tags), "%.*s/tags",
	    (int)(strstr(revision, "/revisions") - revision), revision);
	list(k, tags);
	while (next_child(k->w, tags, child, sizeof(child))) {
		snprintf(name, sizeof(name), "%s/current/link", child);
		k->c.gets++;
		is |= strcmp(find(k->w, name)->body, digest) == 0;
	}
	if (!is)
		list(k, tags);
	return is;
}

static bool
see_revision(struct walk *k, const char *path, enum found found)
{
	char data[1024];
	const char *digest, *colon;

	if (found == FOLDER)
		return true;
	digest = find(k->w, path)->body;
	colon = strchr(digest, ':');
	k->c.gets += 2; /* read, and read again */
	snprintf(data, sizeof(data),
	    "docker/registry/v2/blobs/%.*s/%.2s/%s/data", (int)(colon - digest),
	    digest, colon + 1, colon + 1);
	if (look(k, data) != FILE_FOUND)
		return true;
	if (!k->delete_untagged || is_tagged(k, path, digest))
		k->c.gets += 3;
	return true;
}

static bool
see_repository(struct walk *k, const char *path, enum found found)
{
	const char *last = strrchr(path, '/') + 1;
	char revisions[1024];

	(void)found;
	if (strcmp(last, "_layers") == 0) {
		snprintf(revisions, sizeof(revisions),
		    "%.*s_manifests/revisions", (int)(last - path), path);
		walk(k, revisions, see_revision);
	}
	return last[0] != '_';
}

static struct walk_cost
walked(const struct world *w)
{
	struct walk k = {
		.w = w,
		.delete_untagged = w->rig.opts.mark.delete_untagged,
	};

	walk(&k, "docker/registry/v2/blobs", see_blob);
	walk(&k, "docker/registry/v2/repositories", see_repository);
	return k.c;
}

/* --- what was measured --- */

/* The folders of two digits vary with the digests: of many seeds the mean. */
static double
mean_of(unsigned images, unsigned layers, unsigned orphans, bool untagged)
{
	enum { SEEDS = 30 };
	uint64_t seed, sum = 0;

	for (seed = 0; seed < SEEDS; seed++) {
		struct walk_cost cost;
		struct world w;

		world_begin(&w, seed, untagged);
		add_images(&w, "repo", images, layers);
		add_layers(&w, orphans);
		cost = cost_of(&w);
		sum += walk_cost_requests(&cost);
		world_end(&w);
	}
	return (double)sum / SEEDS;
}

static void
expect_near(double got, double measured)
{
	ck_assert_msg(got > 0.98 * measured && got < 1.02 * measured,
	    "%.1f where %.1f was measured", got, measured);
}

START_TEST(it_says_what_was_counted_on_upstreams_wire)
{
	expect_near(mean_of(10, 2, 0, false), 384);
	expect_near(mean_of(10, 2, 0, true), 494);
	expect_near(mean_of(80, 2, 0, false), 2650);
	expect_near(mean_of(80, 2, 0, true), 9134);
	expect_near(mean_of(1, 2, 4000, false), 16800);
}
END_TEST

START_TEST(an_image_more_and_a_layer_more_cost_what_was_counted)
{
	double ten = mean_of(10, 2, 0, false);

	expect_near((mean_of(12, 2, 0, false) - ten) / 2, 36.5);
	expect_near((mean_of(10, 4, 0, false) - ten) / 20, 6.4);
}
END_TEST

/* --- against the walk --- */

static void
expect_walk(struct world *w)
{
	struct walk_cost got = cost_of(w), want = walked(w);

	ck_assert_uint_eq(got.lists, want.lists);
	ck_assert_uint_eq(got.gets, want.gets);
	ck_assert_uint_eq(got.misses, want.misses);
	ck_assert_uint_eq(got.deletes, 0);
}

START_TEST(it_agrees_with_a_walk_of_many_shapes)
{
	static const char *const repos[] = { "a", "a/b", "a-b", "a-b/c/d", "ab",
		"x/y/z", "x/y", "x.y", "a/b/c", "q/r" };
	uint64_t seed;
	unsigned i, k;

	for (seed = 0; seed < 60; seed++) {
		struct world w;
		int tag;

		world_begin(&w, seed, seed % 2);
		add_layers(&w, (unsigned)rng_below(&w.rng, 20));
		for (i = 0; i < sizeof(repos) / sizeof(repos[0]); i++) {
			if (rng_below(&w.rng, 3) == 0)
				continue;
			add_repository(&w, repos[i]);
			tag = 0;
			add_manifest(&w, DIGEST_SHA256, repos[i], tag++, true);
			for (k = rng_below(&w.rng, 6); k > 0; k--)
				add_manifest(&w,
				    (unsigned)rng_below(&w.rng, DIGEST_ALGS),
				    repos[i], rng_below(&w.rng, 2) ? tag++ : -1,
				    rng_below(&w.rng, 5) > 0);
		}
		if (w.files.n > 0 && w.rig.opts.mark.delete_untagged)
			add_images(&w, "tagged", 1, 1);
		expect_walk(&w);
		world_end(&w);
	}
}
END_TEST

/* A List answers 1000 at once. */
START_TEST(long_folders_take_more_than_one_list)
{
	unsigned images;

	for (images = 999; images <= 1001; images++) {
		struct walk_cost cost;
		struct world w;

		world_begin(&w, 1, true);
		add_images(&w, "a", images, 0);
		cost = cost_of(&w);
		/* All but 3 lists see a folder that was looked for, of which
		 * 2 are not entered; then the tags, for each image. */
		ck_assert_uint_eq(cost.lists - 2 * cost.misses - 1,
		    images > 1000 ? 2 * images + 1 : images);
		world_end(&w);
	}
}
END_TEST

/* --- the sweep, and money --- */

/* In a repository of 20 tags 20 manifests go, each named by one tag's index. */
START_TEST(the_sweep_looks_for_every_tag_of_the_repository)
{
	struct walk_cost cost;
	struct world w;
	int i;

	world_begin(&w, 1, true);
	add_images(&w, "a", 20, 1);
	for (i = 0; i < 20; i++)
		add_manifest(&w, DIGEST_SHA256, "a", -1, true);
	cost_of(&w);
	walk_cost_sweep(&w.rig.gc.mark.inv, &w.rig.gc.plan, &cost);
	ck_assert_uint_eq(cost.misses, 20 * 20);
	ck_assert_uint_eq(cost.deletes, 20 + 20 + 2 * 20); /* layers are dead */
	ck_assert_uint_eq(cost.lists, cost.misses + cost.deletes);
	ck_assert_uint_eq(cost.gets, 0);
	world_end(&w);
}
END_TEST

START_TEST(lists_and_gets_cost_money_and_what_is_not_there_is_free)
{
	struct walk_cost cost = { .lists = 10000, .gets = 20000 };

	ck_assert_uint_eq(walk_cost_nanodollars(&cost), 50000000 + 8000000);
	cost.misses = cost.deletes = 1000000;
	ck_assert_uint_eq(walk_cost_nanodollars(&cost), 58000000);
	ck_assert_uint_eq(walk_cost_requests(&cost), 2030000);
}
END_TEST

int
main(void)
{
	return suite_run("walk_cost",
	    it_says_what_was_counted_on_upstreams_wire,
	    an_image_more_and_a_layer_more_cost_what_was_counted,
	    it_agrees_with_a_walk_of_many_shapes,
	    long_folders_take_more_than_one_list,
	    the_sweep_looks_for_every_tag_of_the_repository,
	    lists_and_gets_cost_money_and_what_is_not_there_is_free, NULL);
}
