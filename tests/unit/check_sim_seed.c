/* SPDX-License-Identifier: MIT */
/* registries: totals, layout, determinism, and what a spec may say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/hash.h"
#include "sim/object.h"
#include "sim/registry.h"
#include "src/base/str.h"
#include "tests/support/suite.h"

static const char root[] = "docker/registry/v2/";

static struct bucket *
fill(const char *spec, const char *prefix, uint64_t seed)
{
	struct bucket *b = bucket_new("registry", 0);
	struct err err = ERR_INIT;

	ck_assert_msg(registry_fill(b, spec, prefix, seed, &err) == 0, "%s: %s",
	    spec, err.text);
	return b;
}

static const char *
after_root(const struct object *o)
{
	ck_assert(str_starts(object_name(o), root));
	return object_name(o) + strlen(root);
}

struct tally {
	uint64_t blobs, manifests, revisions, index, current, layers;
};

static void
count(const struct bucket *b, struct tally *t)
{
	const struct object *o;
	const char *name;

	memset(t, 0, sizeof(*t));
	for (o = index_seek(&b->live, "", 0, 0); o != NULL; o = index_next(o)) {
		name = after_root(o);
		if (str_starts(name, "blobs/sha256/")) {
			t->blobs++;
			t->manifests += o->payload != NULL;
			continue;
		}
		ck_assert(str_starts(name, "repositories/"));
		ck_assert(str_ends(name, "/link"));
		if (strstr(name, "/_manifests/revisions/sha256/") != NULL)
			t->revisions++;
		else if (strstr(name, "/index/sha256/") != NULL)
			t->index++;
		else if (str_ends(name, "/current/link"))
			t->current++;
		else if (strstr(name, "/_layers/sha256/") != NULL)
			t->layers++;
		else
			ck_abort_msg("%s", name);
	}
}

/* Is the link's digest, or the last hex in the path, named by a current link
 * of the same repository? */
static bool
is_current(const struct bucket *b, const char *hex, const char *repository,
    size_t repository_len)
{
	const struct object *o = index_seek(&b->live, repository,
	    repository_len, 0);

	for (; o != NULL &&
	     strncmp(object_name(o), repository, repository_len) == 0;
	     o = index_next(o)) {
		if (str_ends(object_name(o), "/current/link") &&
		    memcmp(o->payload->bytes + strlen("sha256:"), hex,
			HASH_SHA256_HEX) == 0)
			return true;
	}
	return false;
}

/* The hex in ".../sha256/<hex>/link". */
static const char *
hex_of(const struct object *o)
{
	return object_name(o) + o->name_len - strlen("/link") - HASH_SHA256_HEX;
}

static bool
is_named_by(const struct object *manifest, const struct object *blob)
{
	/* "<hex>/data" */
	const char *hex = object_name(blob) + blob->name_len - strlen("/data") -
	    HASH_SHA256_HEX;
	char want[HASH_SHA256_HEX + 1];
	char *text = strndup(manifest->payload->bytes, manifest->payload->size);
	bool found;

	memcpy(want, hex, HASH_SHA256_HEX);
	want[HASH_SHA256_HEX] = '\0';
	found = strstr(text, want) != NULL;
	free(text);
	return found;
}

static struct object *
blob_of(const struct bucket *b, const char *hex)
{
	char name[200];

	snprintf(name, sizeof(name), "%sblobs/sha256/%.2s/%.64s/data", root,
	    hex, hex);
	return bucket_find(b, name, strlen(name));
}

/* What a collection that deletes untagged manifests would do, the long way. */
struct sweep {
	const struct object *kept[100];
	size_t n;
	uint64_t blobs, revisions, index, bytes;
};

static void
mark(const struct bucket *b, struct sweep *s)
{
	const struct object *o;
	const char *at, *hex;
	bool is_revision;

	for (o = index_seek(&b->live, "", 0, 0); o != NULL; o = index_next(o)) {
		at = strstr(object_name(o), "/_manifests/revisions/");
		is_revision = at != NULL;
		if (at == NULL &&
		    strstr(object_name(o), "/index/sha256/") != NULL)
			at = strstr(object_name(o), "/_manifests/tags/");
		if (at == NULL)
			continue;
		hex = hex_of(o);
		if (!is_current(b, hex, object_name(o),
			(size_t)(at - object_name(o)) + strlen("/_m"))) {
			s->revisions += is_revision;
			s->index += !is_revision;
			s->bytes += o->size;
		} else if (is_revision) {
			ck_assert_ptr_nonnull(blob_of(b, hex));
			s->kept[s->n++] = blob_of(b, hex);
		}
	}
}

static void
sweep(const struct bucket *b, struct sweep *s)
{
	const struct object *o;
	bool is_kept;
	size_t i;

	memset(s, 0, sizeof(*s));
	mark(b, s);
	for (o = index_seek(&b->live, "", 0, 0); o != NULL; o = index_next(o)) {
		if (!str_ends(object_name(o), "/data"))
			continue;
		for (i = 0, is_kept = false; i < s->n && !is_kept; i++)
			is_kept = s->kept[i] == o || is_named_by(s->kept[i], o);
		s->blobs += !is_kept;
		s->bytes += is_kept ? 0 : o->size;
	}
}

START_TEST(demo_is_the_run_that_started_it_all)
{
	struct bucket *b;
	struct tally t;
	struct sweep s;
	uint64_t seed;

	for (seed = 1; seed <= 5; seed++) {
		b = fill("demo", "", seed);
		ck_assert_uint_eq(bucket_objects(b), 1079);
		ck_assert_uint_eq(bucket_bytes(b), 6771000000);
		count(b, &t);
		ck_assert_uint_eq(t.blobs, 500);
		ck_assert_uint_eq(t.manifests, 40);
		ck_assert_uint_eq(t.revisions, 40);
		ck_assert_uint_eq(t.index, 40);
		ck_assert_uint_eq(t.current, 20);
		ck_assert_uint_eq(t.layers, 479);
		sweep(b, &s);
		ck_assert_uint_eq(s.blobs, 351);
		ck_assert_uint_eq(s.revisions, 20);
		ck_assert_uint_eq(s.index, 20);
		ck_assert_uint_eq(bucket_bytes(b) - s.bytes, 2528000000);
		bucket_free(b);
	}
}
END_TEST

START_TEST(manifests_hash_to_their_digests_and_links_are_exact)
{
	struct bucket *b = fill("demo", "", 7);
	const struct object *o;
	char hex[HASH_SHA256_HEX + 1];

	for (o = index_seek(&b->live, "", 0, 0); o != NULL; o = index_next(o)) {
		if (o->payload == NULL)
			continue;
		ck_assert_uint_eq(o->size, o->payload->size);
		if (!str_ends(object_name(o), "/data")) {
			ck_assert_uint_eq(o->size, 71);
			ck_assert_mem_eq(o->payload->bytes, "sha256:", 7);
			if (!str_ends(object_name(o), "/current/link"))
				ck_assert_mem_eq(o->payload->bytes + 7,
				    hex_of(o), HASH_SHA256_HEX);
			continue;
		}
		hash_sha256_hex(o->payload->bytes, o->payload->size, hex);
		ck_assert_ptr_eq(blob_of(b, hex), o);
	}
	bucket_free(b);
}
END_TEST

static uint64_t
fingerprint(const struct bucket *b)
{
	const struct object *o;
	struct object_hashes hashes;
	uint64_t h = 0;

	for (o = index_seek(&b->live, "", 0, 0); o != NULL; o = index_next(o)) {
		h = rng_hash(object_name(o), o->name_len, h);
		h = rng_hash(&o->generation, sizeof(o->generation), h);
		h = rng_hash(&o->size, sizeof(o->size), h);
		object_hashes(o, &hashes);
		h = rng_hash(hashes.md5, sizeof(hashes.md5), h);
		ck_assert_uint_ge(o->generation, 1582243200000000);
		ck_assert_uint_lt(o->generation, 1582243200000000 + 100000);
	}
	return h;
}

START_TEST(the_same_seed_gives_the_same_bytes)
{
	static const char *const specs[] = { "demo",
		"repos=3,manifests=40,tags=2,untagged=30%,shared=50%,"
		"orphans=10" };
	struct bucket *a, *b, *c;
	size_t i;

	for (i = 0; i < 2; i++) {
		a = fill(specs[i], "", 42);
		b = fill(specs[i], "", 42);
		c = fill(specs[i], "", 43);
		ck_assert_uint_eq(fingerprint(a), fingerprint(b));
		ck_assert_uint_ne(fingerprint(a), fingerprint(c));
		bucket_free(a);
		bucket_free(b);
		bucket_free(c);
	}
}
END_TEST

START_TEST(a_root_directory_stands_in_front_of_every_name)
{
	struct bucket *b = fill("repos=2", "/my/root/", 1);
	const struct object *o;

	ck_assert_uint_gt(bucket_objects(b), 0);
	for (o = index_seek(&b->live, "", 0, 0); o != NULL; o = index_next(o))
		ck_assert(
		    str_starts(object_name(o), "my/root/docker/registry/v2/"));
	bucket_free(b);
}
END_TEST

START_TEST(untagged_manifests_with_tags_are_exactly_m_and_m_times_t)
{
	static const struct {
		const char *spec;
		uint64_t manifests, tags, kept;
	} rows[] = {
		{ "manifests=20,tags=3,untagged=100%", 20, 3, 0 },
		{ "manifests=7,tags=10,untagged=100%,repos=3,kept=2", 7, 10,
		    2 },
		{ "manifests=5,tags=0,untagged=100%,kept=1", 5, 0, 1 },
	};
	struct bucket *b;
	struct tally t;
	struct sweep s;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		b = fill(rows[i].spec, "", 1);
		count(b, &t);
		sweep(b, &s);
		ck_assert_uint_eq(s.revisions, rows[i].manifests);
		ck_assert_uint_eq(s.index, rows[i].manifests * rows[i].tags);
		ck_assert_uint_eq(t.revisions,
		    rows[i].manifests + rows[i].kept);
		ck_assert_uint_eq(t.current, rows[i].kept);
		ck_assert_uint_eq(s.n, rows[i].kept);
		/* A kept image is its manifest, config and two layers. */
		ck_assert_uint_eq(t.blobs - s.blobs, 4 * rows[i].kept);
		bucket_free(b);
	}
}
END_TEST

START_TEST(a_moved_tag_names_a_tagged_manifest_of_its_repository)
{
	struct bucket *b =
	    fill("repos=3,manifests=41,layers=2,tags=2,untagged=30%", "", 3);
	struct tally t;
	struct sweep s;

	count(b, &t);
	sweep(b, &s);
	/* 30% of 41, rounded: 12 untagged.  Each tag of an untagged one has a
	 * reference of the one that took it. */
	ck_assert_uint_eq(s.revisions, 12);
	ck_assert_uint_eq(s.index, 12 * 2);
	ck_assert_uint_eq(t.index, 41 * 2 + 12 * 2);
	ck_assert_uint_eq(t.current, 41 * 2);
	/* Manifest, config and two own layers each. */
	ck_assert_uint_eq(t.blobs, 41 * 4);
	ck_assert_uint_eq(s.blobs, 12 * 4);
	bucket_free(b);
}
END_TEST

START_TEST(shared_layers_are_stored_once_and_orphans_are_named_by_nothing)
{
	struct bucket *b =
	    fill("manifests=40,layers=4,shared=50%,orphans=10,blob=3MB", "", 5);
	struct tally t;
	struct sweep s;

	count(b, &t);
	sweep(b, &s);
	/* 80 of 160 references are shared, from a pool of 160*50/400 = 20. */
	ck_assert_uint_eq(t.blobs, 40 + 40 + 80 + 20 + 10);
	ck_assert_uint_ge(s.blobs, 10);
	ck_assert_uint_le(s.blobs, 10 + 20);
	ck_assert_uint_le(t.layers, 40 + 80 + 20);
	bucket_free(b);
}
END_TEST

START_TEST(what_a_spec_may_not_say)
{
	static const char *const rows[][2] = {
		{ "", "registry ''" },
		{ "foo=1", "registry 'foo=1'" },
		{ "repos", "registry 'repos'" },
		{ "repos=1,", "registry ''" },
		{ "repos=0", "repos='0': want 1 to 100000" },
		{ "repos=100001", "1 to 100000" },
		{ "repos=-1", "repos='-1'" },
		{ "manifests=1000001", "0 to 1000000" },
		{ "layers=101", "0 to 100" },
		{ "tags=x", "tags='x'" },
		{ "untagged=101%", "untagged='101%': want 0% to 100%" },
		{ "shared=", "shared=''" },
		{ "blob=0", "blob='0': want 1B to 1TB" },
		{ "blob=2TB", "1B to 1TB" },
		{ "orphans=10000001", "0 to 10000000" },
		{ "kept=1001", "0 to 1000" },
		{ "kept=11111111111111111111111111111111111111111", "kept=" },
		{ "Demo", "want demo or KEY=VALUE" },
	};
	struct bucket *b = bucket_new("bad", 0);
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_int_eq(registry_fill(b, rows[i][0], "", 1, &err), -1);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_msg(strstr(err.text, rows[i][1]) != NULL,
		    "'%s' gave: %s", rows[i][0], err.text);
	}
	ck_assert_uint_eq(bucket_objects(b), 0);
	ck_assert_int_eq(registry_fill(b, "manifests=0", "", 1, &err), 0);
	ck_assert_uint_eq(bucket_objects(b), 0);
	bucket_free(b);
}
END_TEST

int
main(void)
{
	return suite_run("sim_seed", demo_is_the_run_that_started_it_all,
	    manifests_hash_to_their_digests_and_links_are_exact,
	    the_same_seed_gives_the_same_bytes,
	    a_root_directory_stands_in_front_of_every_name,
	    untagged_manifests_with_tags_are_exactly_m_and_m_times_t,
	    a_moved_tag_names_a_tagged_manifest_of_its_repository,
	    shared_layers_are_stored_once_and_orphans_are_named_by_nothing,
	    what_a_spec_may_not_say, NULL);
}
