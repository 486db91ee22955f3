/* SPDX-License-Identifier: MIT */
/* verify: what is taken away is missed, by the tags that need it and no others.
 */
#include "src/registry/verify.h"

#include <stdio.h>
#include <string.h>

#include "src/storage/mem_store.h"
#include "tests/support/maker.h"
#include "tests/support/rig.h"
#include "tests/support/scene.h"
#include "tests/support/suite.h"

static void
begin(struct rig *rig)
{
	rig_init(rig, 1, false);
	rig->opts.mark.is_query = true;
}

static void
check(struct rig *rig, struct verify *v)
{
	ck_assert_msg(rig_plan(rig) == 0, "%s", rig->err.text);
	verify_init(v, &rig->gc.mark);
}

static void
end(struct rig *rig, struct verify *v)
{
	verify_release(v);
	rig_release(rig);
}

static void
take_away(struct rig *rig, const struct text *digest)
{
	scene_remove(rig->mem, "%s", scene_blob_name(digest).s);
}

static uint32_t
node_of(const struct rig *rig, const struct text *text)
{
	struct digest d;

	ck_assert_int_eq(digest_parse(text->s, strlen(text->s), &d), 0);
	return inventory_find(&rig->gc.mark.inv, &d);
}

START_TEST(a_whole_registry_has_nothing_to_tell)
{
	struct image one, two;
	struct verify v;
	struct rig rig;

	begin(&rig);
	scene_image(rig.mem, "a", "v1", "one", &one);
	scene_image(rig.mem, "b", "v1", "two", &two);
	check(&rig, &v);
	ck_assert_uint_eq(v.holes.n + v.faults.n + v.dangling.n, 0);
	ck_assert_uint_eq(v.tags, 2);
	ck_assert_uint_eq(v.broken_tags, 0);
	ck_assert_uint_eq(v.manifests, 2);
	ck_assert_uint_eq(v.blobs, 6);
	end(&rig, &v);
}
END_TEST

START_TEST(a_missing_layer_is_told_once_with_a_way_to_it)
{
	struct image image, whole;
	const struct text *children[1] = { &image.manifest };
	struct verify_path path = { { 0 } };
	const struct tag *tag;
	struct text list;
	struct verify v;
	struct rig rig;

	begin(&rig);
	scene_image(rig.mem, "a", NULL, "torn", &image);
	scene_image(rig.mem, "a", "whole", "whole", &whole);
	list = scene_list(rig.mem, children, 1);
	scene_revision(rig.mem, "a", &list);
	scene_tag(rig.mem, "a", "v2", &list);
	scene_tag(rig.mem, "a", "v1", &list);
	take_away(&rig, &image.layer);
	check(&rig, &v);
	ck_assert_uint_eq(v.holes.n, 1);
	ck_assert_uint_eq(v.holes.v[0].node, node_of(&rig, &image.layer));
	ck_assert_uint_eq(v.holes.v[0].needed_by, 1);
	ck_assert(!v.holes.v[0].is_manifest && !v.holes.v[0].is_corrupt);
	ck_assert_uint_eq(v.tags, 3);
	ck_assert_uint_eq(v.broken_tags, 2);
	tag = &rig.gc.mark.inv.tags
		   .v[verify_path_to(&v, v.holes.v[0].node, &path)];
	ck_assert_str_eq(tag->name, "v1");
	ck_assert_uint_eq(path.nodes.n, 3);
	ck_assert_uint_eq(path.nodes.v[0], node_of(&rig, &list));
	ck_assert_uint_eq(path.nodes.v[1], node_of(&rig, &image.manifest));
	vec_release(&path.nodes);
	end(&rig, &v);
}
END_TEST

START_TEST(a_missing_manifest_and_a_missing_child_are_manifests)
{
	struct image tagged, child;
	const struct text *children[1] = { &child.manifest };
	struct text list;
	struct verify v;
	struct rig rig;

	begin(&rig);
	scene_image(rig.mem, "a", "v1", "tagged", &tagged);
	scene_image(rig.mem, "a", NULL, "child", &child);
	list = scene_list(rig.mem, children, 1);
	scene_revision(rig.mem, "a", &list);
	scene_tag(rig.mem, "a", "v2", &list);
	take_away(&rig, &tagged.manifest);
	take_away(&rig, &child.manifest);
	check(&rig, &v);
	ck_assert_uint_eq(v.holes.n, 2);
	ck_assert_uint_eq(v.holes.v[0].node, node_of(&rig, &child.manifest));
	ck_assert_uint_eq(v.holes.v[0].needed_by, 1);
	ck_assert_uint_eq(v.holes.v[1].needed_by, 0);
	ck_assert(v.holes.v[0].is_manifest && v.holes.v[1].is_manifest);
	ck_assert_uint_eq(v.broken_tags, 2);
	ck_assert_uint_eq(v.dangling.n, 0);
	end(&rig, &v);
}
END_TEST

START_TEST(a_manifest_with_other_bytes_is_damage_and_not_the_end)
{
	struct image image;
	struct verify v;
	struct rig rig;

	begin(&rig);
	scene_image(rig.mem, "a", "v1", "one", &image);
	scene_put(rig.mem, "{}", "%s", scene_blob_name(&image.manifest).s);
	check(&rig, &v);
	ck_assert(rig_has_damage(&rig, "do not hash to its digest"));
	ck_assert_uint_eq(v.holes.n, 1);
	ck_assert(v.holes.v[0].is_corrupt);
	ck_assert_uint_eq(v.broken_tags, 1);
	verify_release(&v);
	rig_again(&rig);
	rig.opts.mark.is_query = false;
	ck_assert_int_ne(rig_plan(&rig), 0); /* who deletes must not go on */
	ck_assert_int_eq(rig.err.code, ERR_CORRUPT);
	rig_release(&rig);
}
END_TEST

START_TEST(a_link_that_says_nothing_does_not_end_a_query)
{
	struct image image;
	struct rig rig;

	begin(&rig);
	scene_image(rig.mem, "a", "v1", "one", &image);
	scene_put(rig.mem, "?", "repositories/a/_manifests/revisions/x/link");
	ck_assert_int_eq(rig_plan(&rig), 0);
	ck_assert_uint_eq(rig.gc.mark.damages.n, 1);
	rig_again(&rig);
	rig.opts.mark.is_query = false;
	ck_assert_int_ne(rig_plan(&rig), 0);
	rig_release(&rig);
}
END_TEST

START_TEST(a_tag_may_be_at_fault_itself)
{
	struct image image;
	struct verify v;
	struct rig rig;

	begin(&rig);
	scene_image(rig.mem, "a", "good", "one", &image);
	scene_index(rig.mem, "a", "empty", &image.manifest);
	scene_put(rig.mem, "?",
	    "repositories/a/_manifests/tags/bad/current/link");
	scene_tag(rig.mem, "b", "strange", &image.manifest);
	check(&rig, &v);
	ck_assert_uint_eq(v.holes.n, 0);
	ck_assert_uint_eq(v.faults.n, 3);
	ck_assert_int_eq(v.faults.v[0].fault, VERIFY_BAD_LINK);
	ck_assert_int_eq(v.faults.v[1].fault, VERIFY_NO_CURRENT);
	ck_assert_int_eq(v.faults.v[2].fault, VERIFY_NO_REVISION);
	ck_assert_uint_eq(v.tags, 4);
	ck_assert_uint_eq(v.broken_tags, 2);
	end(&rig, &v);
}
END_TEST

START_TEST(what_no_tag_needs_is_noted_and_no_damage)
{
	struct image gone, torn;
	struct verify v;
	struct rig rig;

	begin(&rig);
	scene_image(rig.mem, "a", NULL, "gone", &gone);
	scene_image(rig.mem, "a", NULL, "torn", &torn);
	take_away(&rig, &gone.manifest);
	take_away(&rig, &torn.layer);
	check(&rig, &v);
	ck_assert_uint_eq(v.holes.n + v.faults.n + v.broken_tags, 0);
	ck_assert_uint_eq(v.dangling.n, 1);
	ck_assert_uint_eq(v.broken_untagged, 1);
	end(&rig, &v);
}
END_TEST

/* The mark begins at second 1000; a manifest or a link of that second may name
 * what came after its place was listed. */
START_TEST(what_was_pushed_meanwhile_is_not_judged)
{
	struct image image;
	char link[300];
	struct verify v;
	struct rig rig;
	int round;

	for (round = 0; round < 3; round++) {
		begin(&rig);
		mem_store_set_wall(rig.mem, 999000000);
		scene_image(rig.mem, "a", "v1", "one", &image);
		take_away(&rig, &image.layer);
		snprintf(link, sizeof(link),
		    "docker/registry/v2/repositories/a/_manifests/revisions/"
		    "sha256/%s/link",
		    scene_hex(&image.manifest));
		if (round == 1)
			mem_store_set_created(rig.mem, link, 1000500000);
		if (round == 2) {
			snprintf(link, sizeof(link), "docker/registry/v2/%s",
			    scene_blob_name(&image.manifest).s);
			mem_store_set_created(rig.mem, link, 1001000000);
		}
		mem_store_set_wall(rig.mem, 1000900000);
		check(&rig, &v);
		ck_assert_uint_eq(v.holes.n, round == 0);
		ck_assert_uint_eq(v.broken_tags, round == 0);
		ck_assert_uint_eq(v.meanwhile, round != 0);
		end(&rig, &v);
	}
}
END_TEST

/* --- random registries --- */

/* Can it be pulled?  Naive recursion; the makers' manifests do not nest for
 * ever. */
static bool
is_whole(const struct mark *m, uint32_t n, unsigned depth)
{
	const struct node *node = &m->inv.nodes.v[n];
	uint32_t e;

	if (node->blob_generation == 0)
		return false;
	for (e = node->edges; depth > 0 && e != 0;
	     e = m->graph.edges.v[e].next) {
		const struct graph_edge *edge = &m->graph.edges.v[e];

		if (edge->reason == GRAPH_CHILD &&
		    !is_whole(m, edge->to, depth - 1))
			return false;
		if (edge->reason == GRAPH_NEEDED &&
		    m->inv.nodes.v[edge->to].blob_generation == 0)
			return false;
	}
	return true;
}

static void
check_tags(const struct rig *rig, const struct verify *v)
{
	const struct mark *m = &rig->gc.mark;
	uint64_t broken = 0;
	size_t i, k;

	for (i = 0; i < m->inv.tags.n; i++) {
		const struct tag *t = &m->inv.tags.v[i];
		bool is_broken = t->has_current && !is_whole(m, t->current, 16);

		for (k = 0; k < v->faults.n; k++)
			is_broken |= v->faults.v[k].tag == i &&
			    v->faults.v[k].fault != VERIFY_NO_CURRENT;
		broken += is_broken;
	}
	ck_assert_uint_eq(v->broken_tags, broken);
	ck_assert_uint_eq(v->tags, m->inv.tags.n);
}

static void
check_paths(const struct rig *rig, const struct verify *v)
{
	const struct inventory *inv = &rig->gc.mark.inv;
	struct verify_path path = { { 0 } };
	size_t i;

	for (i = 0; i < v->holes.n; i++) {
		uint32_t node = v->holes.v[i].node;
		uint32_t tag = verify_path_to(v, node, &path);

		ck_assert_uint_eq(inv->nodes.v[node].blob_generation, 0);
		ck_assert_uint_ge(path.nodes.n, 1);
		ck_assert_uint_eq(path.nodes.v[0], inv->tags.v[tag].current);
		ck_assert_uint_eq(path.nodes.v[path.nodes.n - 1], node);
	}
	vec_release(&path.nodes);
}

START_TEST(of_random_registries_with_holes_the_right_tags_are_broken)
{
	uint64_t seed, holes = 0;
	size_t i;

	for (seed = 0; seed < 150; seed++) {
		struct maker *r = maker_new(seed, 2);
		struct verify v;
		struct rig rig;

		rig_init(&rig, seed, false);
		rig.opts.mark.is_query = true;
		rig.opts.root = maker_root(r);
		for (i = 0; i < maker_count(r); i++) {
			if (strstr(maker_name(r, i), "/blobs/") != NULL &&
			    (i + seed) % 7 == 0)
				maker_set_absent(r, i, true);
		}
		maker_fill(r, rig.mem);
		check(&rig, &v);
		check_tags(&rig, &v);
		check_paths(&rig, &v);
		holes += v.holes.n;
		end(&rig, &v);
		maker_free(r);
	}
	ck_assert_uint_gt(holes, 100);
}
END_TEST

int
main(void)
{
	return suite_run("verify", a_whole_registry_has_nothing_to_tell,
	    a_missing_layer_is_told_once_with_a_way_to_it,
	    a_missing_manifest_and_a_missing_child_are_manifests,
	    a_manifest_with_other_bytes_is_damage_and_not_the_end,
	    a_link_that_says_nothing_does_not_end_a_query,
	    a_tag_may_be_at_fault_itself,
	    what_no_tag_needs_is_noted_and_no_damage,
	    what_was_pushed_meanwhile_is_not_judged,
	    of_random_registries_with_holes_the_right_tags_are_broken, NULL);
}
