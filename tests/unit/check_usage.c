/* SPDX-License-Identifier: MIT */
/* usage: every blob in one sum, and in that of each repository that needs it. */
#include "src/registry/usage.h"

#include <string.h>

#include "tests/support/maker.h"
#include "tests/support/rig.h"
#include "tests/support/scene.h"
#include "tests/support/suite.h"

static void
begin(struct rig *rig, bool delete_untagged)
{
	rig_init(rig, 1, delete_untagged);
	rig->opts.mark.is_query = true;
}

static const char *
name_of(const struct rig *rig, const struct usage *u, size_t i)
{
	const struct inventory *inv = &rig->gc.mark.inv;

	return inv->repositories.v[u->repositories.v[i].repository].name;
}

static uint64_t
bytes_of(const struct image *image, const char *label)
{
	return strlen(image->body) + strlen("config of ") + strlen(label) +
	    strlen("layer of ") + strlen(label);
}

START_TEST(what_two_repositories_need_is_shared_and_counted_once)
{
	struct image common, own, doomed;
	struct usage u;
	struct rig rig;

	begin(&rig, true);
	scene_image(rig.mem, "b", "v1", "common", &common);
	scene_revision(rig.mem, "a", &common.manifest);
	scene_tag(rig.mem, "a", "v1", &common.manifest);
	scene_tag(rig.mem, "a", "v2", &common.manifest);
	scene_image(rig.mem, "a", "v3", "own", &own);
	scene_image(rig.mem, "a", NULL, "doomed", &doomed);
	scene_put(rig.mem, "", "repositories/c/_layers/x");
	scene_put(rig.mem, "now", "repositories/c/_uploads/u1/startedat");
	scene_put(rig.mem, "12345", "repositories/c/_uploads/u1/data");
	scene_put(rig.mem, "now", "repositories/c/_uploads/u2/startedat");
	ck_assert_int_eq(rig_plan(&rig), 0);
	usage_init(&u, &rig.gc.mark);

	ck_assert_uint_eq(u.repositories.n, 3);
	ck_assert_str_eq(name_of(&rig, &u, 0), "a");
	ck_assert_str_eq(name_of(&rig, &u, 1), "b");
	ck_assert_str_eq(name_of(&rig, &u, 2), "c");
	ck_assert_uint_eq(u.repositories.v[0].tags, 3);
	ck_assert_uint_eq(u.repositories.v[0].manifests, 2);
	ck_assert_uint_eq(u.repositories.v[0].all.blobs, 6);
	ck_assert_uint_eq(u.repositories.v[0].own.blobs, 3);
	ck_assert_uint_eq(u.repositories.v[0].own.bytes, bytes_of(&own, "own"));
	ck_assert_uint_eq(u.repositories.v[1].all.bytes,
	    bytes_of(&common, "common"));
	ck_assert_uint_eq(u.repositories.v[1].own.blobs, 0);
	ck_assert_uint_eq(u.repositories.v[2].uploads, 2);
	ck_assert_uint_eq(u.repositories.v[2].upload_bytes, 11);
	ck_assert_uint_eq(u.repositories.v[2].all.blobs, 0);
	ck_assert_uint_eq(u.tags, 4);
	ck_assert_uint_eq(u.manifests, 3);
	ck_assert_uint_eq(u.going_manifests, 1);
	ck_assert_uint_eq(u.uploads, 2);
	ck_assert_uint_eq(u.shared.bytes, bytes_of(&common, "common"));
	ck_assert_uint_eq(u.own.bytes, bytes_of(&own, "own"));
	ck_assert_uint_eq(u.going.bytes, bytes_of(&doomed, "doomed"));
	ck_assert_uint_eq(u.other.blobs, 0);
	usage_release(&u);
	rig_release(&rig);
}
END_TEST

START_TEST(an_empty_bucket_has_no_usage)
{
	struct usage u;
	struct rig rig;

	begin(&rig, false);
	ck_assert_int_eq(rig_plan(&rig), 0);
	usage_init(&u, &rig.gc.mark);
	ck_assert_uint_eq(u.repositories.n, 0);
	ck_assert_uint_eq(u.own.blobs + u.shared.blobs + u.going.blobs, 0);
	usage_release(&u);
	rig_release(&rig);
}
END_TEST

/* A tag names a manifest that is no revision of its repository: it is kept, and
 * belongs to nobody. */
START_TEST(what_damage_keeps_is_told_apart)
{
	struct image image;
	struct usage u;
	struct rig rig;

	begin(&rig, true);
	scene_image(rig.mem, "a", NULL, "stray", &image);
	scene_tag(rig.mem, "b", "v1", &image.manifest);
	ck_assert_int_eq(rig_plan(&rig), 0);
	usage_init(&u, &rig.gc.mark);
	ck_assert_uint_eq(u.other.blobs, 3);
	ck_assert_uint_eq(u.going.blobs, 0);
	usage_release(&u);
	rig_release(&rig);
}
END_TEST

/* --- random registries --- */

/* Which nodes one repository reaches, by naive repetition. */
static void
spread(const struct mark *m, uint32_t repository, uint8_t *reached)
{
	bool is_changed = true;
	uint32_t n, e;
	size_t i;

	memset(reached, 0, m->inv.nodes.n);
	for (i = 0; i < m->inv.revisions.n; i++) {
		const struct revision *r = &m->inv.revisions.v[i];

		if (r->repository == repository && mark_keeps(m, r))
			reached[r->node] = 2;
	}
	while (is_changed) {
		is_changed = false;
		for (n = 0; n < m->inv.nodes.n; n++) {
			for (e = m->inv.nodes.v[n].edges; e != 0;
			     e = m->graph.edges.v[e].next) {
				const struct graph_edge *edge =
				    &m->graph.edges.v[e];
				bool is_revision =
				    m->inv.nodes.v[edge->to].is_revision;
				uint8_t as = is_revision ||
					edge->reason == GRAPH_CHILD
				    ? 2
				    : 1;

				if (edge->reason == GRAPH_REFERRER
					? reached[n] == 0 || !is_revision
					: reached[n] < 2)
					continue;
				is_changed |= reached[edge->to] < as;
				if (reached[edge->to] < as)
					reached[edge->to] = as;
			}
		}
	}
}

static void
check_sums(const struct rig *rig, const struct usage *u)
{
	const struct inventory *inv = &rig->gc.mark.inv;
	uint8_t *reached = mem_zalloc(inv->nodes.n, 1);
	uint8_t *owners = mem_zalloc(inv->nodes.n, 1);
	uint64_t bytes, shared = 0, going = 0, listed = 0;
	size_t i, n;

	for (i = 0; i < u->repositories.n; i++) {
		spread(&rig->gc.mark, u->repositories.v[i].repository, reached);
		bytes = 0;
		for (n = 0; n < inv->nodes.n; n++) {
			if (reached[n] != 0)
				bytes += inv->nodes.v[n].blob_size;
			owners[n] += reached[n] != 0;
		}
		ck_assert_uint_eq(u->repositories.v[i].all.bytes, bytes);
		ck_assert(
		    i == 0 || u->repositories.v[i - 1].all.bytes >= bytes);
	}
	for (n = 0; n < inv->nodes.n; n++) {
		listed += inv->nodes.v[n].blob_size;
		if (owners[n] > 1)
			shared += inv->nodes.v[n].blob_size;
		if (owners[n] == 0 && !inv->nodes.v[n].is_marked)
			going += inv->nodes.v[n].blob_size;
	}
	ck_assert_uint_eq(u->shared.bytes, shared);
	ck_assert_uint_eq(u->going.bytes, going);
	ck_assert_uint_eq(u->going.bytes, rig->gc.plan.bytes);
	ck_assert_uint_eq(u->own.bytes + u->shared.bytes + u->other.bytes +
		u->going.bytes,
	    listed);
	free(reached);
	free(owners);
}

START_TEST(of_random_registries_the_sums_are_those_of_naive_walks)
{
	uint64_t seed;

	for (seed = 0; seed < 100; seed++) {
		struct maker *r = maker_new(seed, 2);
		struct usage u;
		struct rig rig;

		rig_init(&rig, seed, seed % 2 == 0);
		rig.opts.mark.is_query = true;
		rig.opts.root = maker_root(r);
		maker_fill(r, rig.mem);
		ck_assert_int_eq(rig_plan(&rig), 0);
		usage_init(&u, &rig.gc.mark);
		check_sums(&rig, &u);
		usage_release(&u);
		rig_release(&rig);
		maker_free(r);
	}
}
END_TEST

int
main(void)
{
	return suite_run("usage",
	    what_two_repositories_need_is_shared_and_counted_once,
	    an_empty_bucket_has_no_usage, what_damage_keeps_is_told_apart,
	    of_random_registries_the_sums_are_those_of_naive_walks, NULL);
}
