/* SPDX-License-Identifier: MIT */
/* graph: what is reached is marked, however deep, round or crossed it is. */
#include <string.h>

#include "src/base/rng.h"
#include "src/registry/graph.h"
#include "src/registry/inventory.h"
#include "src/registry/manifest.h"
#include "tests/support/suite.h"

struct world {
	struct inventory inv;
	struct graph g;
};

static void
begin(struct world *w)
{
	struct err err = ERR_INIT;

	ck_assert_int_eq(inventory_init(&w->inv, "", &err), 0);
	graph_init(&w->g);
}

static void
end(struct world *w)
{
	graph_release(&w->g);
	inventory_release(&w->inv);
}

static struct digest
digest_of(uint32_t i)
{
	struct digest d = { .alg = DIGEST_SHA256 };

	memcpy(d.raw, &i, sizeof(i));
	memcpy(d.raw + 4, &i, sizeof(i));
	return d;
}

static uint32_t
node(struct world *w, uint32_t i)
{
	struct digest d = digest_of(i);

	return inventory_node(&w->inv, &d);
}

/* Manifest i names (and as a child too, if it says so) another; subject -1:
 * none. */
static void
add(struct world *w, uint32_t i, const uint32_t *names, size_t n,
    bool are_children, int64_t subject)
{
	struct manifest m;
	size_t k;

	manifest_init(&m);
	for (k = 0; k < n; k++) {
		*vec_push(&m.names) = digest_of(names[k]);
		if (are_children)
			*vec_push(&m.children) = digest_of(names[k]);
	}
	if (subject >= 0) {
		m.has_subject = true;
		m.subject = digest_of((uint32_t)subject);
		*vec_push(&m.names) = m.subject;
	}
	graph_add_manifest(&w->g, &w->inv, node(w, i), &m);
	manifest_release(&m);
}

static bool
is_marked(struct world *w, uint32_t i)
{
	return w->inv.nodes.v[node(w, i)].is_marked;
}

static bool
is_pulled(struct world *w, uint32_t i)
{
	return w->inv.nodes.v[node(w, i)].is_pulled;
}

static void
set_revision(struct world *w, uint32_t i)
{
	uint32_t n = node(w, i); /* which may move the nodes */

	w->inv.nodes.v[n].is_revision = true;
}

START_TEST(without_roots_nothing_is_live)
{
	struct world w;

	begin(&w);
	add(&w, 1, (uint32_t[]){ 2, 3 }, 2, true, -1);
	graph_walk(&w.g, &w.inv);
	ck_assert_uint_eq(w.g.marked, 0);
	ck_assert(!is_marked(&w, 1) && !is_marked(&w, 2));
	end(&w);
}
END_TEST

START_TEST(a_root_keeps_what_it_names_and_is_not_pulled_itself)
{
	struct world w;

	begin(&w);
	add(&w, 1, (uint32_t[]){ 2, 3 }, 2, false, -1);
	graph_add_root(&w.g, node(&w, 1));
	graph_add_root(&w.g, node(&w, 1));
	graph_walk(&w.g, &w.inv);
	ck_assert_uint_eq(w.g.marked, 3);
	ck_assert(!is_pulled(&w, 1));
	ck_assert(is_pulled(&w, 2) && is_marked(&w, 3));
	end(&w);
}
END_TEST

START_TEST(a_circle_of_manifests_ends)
{
	struct world w;

	begin(&w);
	add(&w, 1, (uint32_t[]){ 2 }, 1, true, -1);
	add(&w, 2, (uint32_t[]){ 3 }, 1, true, -1);
	add(&w, 3, (uint32_t[]){ 1, 3 }, 2, true, -1);
	graph_add_root(&w.g, node(&w, 2));
	graph_walk(&w.g, &w.inv);
	ck_assert_uint_eq(w.g.marked, 3);
	ck_assert(is_pulled(&w, 2));
	end(&w);
}
END_TEST

START_TEST(a_chain_of_100000_is_walked_to_its_end)
{
	enum { LENGTH = 100000 };
	struct world w;
	uint32_t i, next;

	begin(&w);
	for (i = 0; i < LENGTH; i++) {
		next = i + 1;
		add(&w, i, &next, 1, true, -1);
	}
	graph_add_root(&w.g, node(&w, 0));
	graph_walk(&w.g, &w.inv);
	ck_assert_uint_eq(w.g.marked, LENGTH + 1);
	ck_assert(is_marked(&w, LENGTH));
	end(&w);
}
END_TEST

START_TEST(a_chain_of_100000_referrers_lives_with_its_first_subject)
{
	enum { LENGTH = 100000 };
	struct world w;
	uint32_t i;

	begin(&w);
	for (i = LENGTH; i > 0; i--) {
		set_revision(&w, i);
		add(&w, i, NULL, 0, false, i - 1);
	}
	graph_add_root(&w.g, node(&w, 0));
	graph_walk(&w.g, &w.inv);
	ck_assert_uint_eq(w.g.marked, LENGTH + 1);
	ck_assert(is_pulled(&w, LENGTH));
	end(&w);
}
END_TEST

START_TEST(a_referrer_that_is_no_revision_is_nobodys)
{
	struct world w;

	begin(&w);
	add(&w, 5, (uint32_t[]){ 6 }, 1, false, 1);
	graph_add_root(&w.g, node(&w, 1));
	graph_walk(&w.g, &w.inv);
	ck_assert(!is_marked(&w, 5) && !is_marked(&w, 6));
	end(&w);
}
END_TEST

/* A digest in an annotation keeps that blob; what lies behind it only if it is
 * a revision. */
START_TEST(what_is_merely_named_is_walked_on_from_only_if_it_is_a_revision)
{
	int mode;

	for (mode = 0; mode < 2; mode++) {
		struct world w;

		begin(&w);
		add(&w, 1, (uint32_t[]){ 2 }, 1, false, -1);
		add(&w, 2, (uint32_t[]){ 3 }, 1, false, -1);
		if (mode == 1)
			set_revision(&w, 2);
		graph_add_root(&w.g, node(&w, 1));
		graph_walk(&w.g, &w.inv);
		ck_assert(is_marked(&w, 2));
		ck_assert_int_eq(is_marked(&w, 3), mode);
		end(&w);
	}
}
END_TEST

START_TEST(what_is_first_named_and_then_a_child_is_walked)
{
	int order;

	for (order = 0; order < 2; order++) {
		uint32_t first = order ? 10 : 11, second = order ? 11 : 10;
		struct world w;

		begin(&w);
		add(&w, 10, (uint32_t[]){ 2 }, 1, false, -1);
		add(&w, 11, (uint32_t[]){ 2 }, 1, true, -1);
		add(&w, 2, (uint32_t[]){ 3 }, 1, false, -1);
		graph_add_root(&w.g, node(&w, first));
		graph_add_root(&w.g, node(&w, second));
		graph_walk(&w.g, &w.inv);
		ck_assert(is_marked(&w, 3));
		ck_assert_uint_eq(w.g.marked, 4);
		end(&w);
	}
}
END_TEST

/* Of names, children and needs, all of which may repeat. */
START_TEST(a_digest_has_one_edge_and_two_if_it_is_child_and_need)
{
	struct manifest m;
	struct world w;
	uint32_t i;

	begin(&w);
	manifest_init(&m);
	for (i = 0; i < 12; i++) {
		*vec_push(&m.names) = digest_of(10 + i % 4);
		*vec_push(&m.children) = digest_of(11 + i % 2);
		*vec_push(&m.needs) = digest_of(12 + i % 2);
	}
	graph_add_manifest(&w.g, &w.inv, node(&w, 1), &m);
	ck_assert_uint_eq(w.g.edges.n, 1 + 5); /* [0] is none */
	set_revision(&w, 1);
	add(&w, 11, (uint32_t[]){ 20 }, 1, false, -1);
	add(&w, 12, (uint32_t[]){ 21 }, 1, false, -1);
	add(&w, 13, (uint32_t[]){ 22 }, 1, false, -1);
	graph_add_root(&w.g, node(&w, 1));
	graph_walk(&w.g, &w.inv);
	for (i = 10; i < 14; i++)
		ck_assert(is_marked(&w, i));
	ck_assert(is_marked(&w, 20) && is_marked(&w, 21));
	ck_assert(!is_marked(&w, 22)); /* a layer is no manifest */
	manifest_release(&m);
	end(&w);
}
END_TEST

/* --- holes --- */

static void
set_blob(struct world *w, uint32_t i, uint32_t created_s)
{
	uint32_t n = node(w, i);

	w->inv.nodes.v[n].blob_generation = 1;
	w->inv.nodes.v[n].blob_created_s = created_s;
}

/* Manifest i, written at second i, needs a blob and has a child. */
static void
add_needy(struct world *w, uint32_t i, uint32_t need, uint32_t child)
{
	struct manifest m;

	manifest_init(&m);
	*vec_push(&m.names) = digest_of(99); /* missing, and merely named */
	*vec_push(&m.needs) = digest_of(need);
	*vec_push(&m.needs) = digest_of(need);
	*vec_push(&m.children) = digest_of(child);
	graph_add_manifest(&w->g, &w->inv, node(w, i), &m);
	set_blob(w, i, i);
	manifest_release(&m);
}

static void
expect_holes(struct world *w, uint32_t before_s, uint64_t manifests,
    uint64_t needed, uint64_t children)
{
	struct graph_holes holes;

	graph_find_holes(&w->g, &w->inv, before_s, 2, &holes);
	ck_assert_uint_eq(holes.manifests, manifests);
	ck_assert_uint_eq(holes.needed, needed);
	ck_assert_uint_eq(holes.children, children);
	ck_assert_uint_eq(holes.first.n,
	    (needed > 2 ? 2 : needed) + (children > 2 ? 2 : children));
	vec_release(&holes.first);
}

START_TEST(what_live_manifests_lack_is_told_layers_and_children_apart)
{
	struct graph_holes holes;
	struct world w;

	begin(&w);
	add_needy(&w, 1, 50, 60);
	add_needy(&w, 2, 51, 61);
	add_needy(&w, 3, 50, 62);
	add_needy(&w, 4, 52, 63); /* dead */
	set_blob(&w, 51, 1);
	set_blob(&w, 60, 1);
	graph_add_root(&w.g, node(&w, 1));
	graph_add_root(&w.g, node(&w, 2));
	graph_add_root(&w.g, node(&w, 3));
	graph_walk(&w.g, &w.inv);
	expect_holes(&w, 0, 2, 2, 2);
	expect_holes(&w, 3, 1, 1, 1); /* 3 is as young as the listing */
	graph_find_holes(&w.g, &w.inv, 2, 9, &holes);
	ck_assert_uint_eq(holes.first.n, 1);
	ck_assert_uint_eq(holes.first.v[0].manifest, node(&w, 1));
	ck_assert_uint_eq(holes.first.v[0].target, node(&w, 50));
	ck_assert_int_eq(holes.first.v[0].reason, GRAPH_NEEDED);
	vec_release(&holes.first);
	/* What was not listed itself came later. */
	w.inv.nodes.v[node(&w, 1)].blob_generation = 0;
	expect_holes(&w, 3, 0, 0, 1);
	end(&w);
}
END_TEST

START_TEST(of_many_holes_the_first_are_kept_and_all_counted)
{
	struct world w;
	uint32_t i;

	begin(&w);
	for (i = 1; i <= 20; i++) {
		add_needy(&w, i, 100 + i, 200 + i);
		graph_add_root(&w.g, node(&w, i));
	}
	graph_walk(&w.g, &w.inv);
	expect_holes(&w, 0, 20, 20, 20);
	end(&w);
}
END_TEST

/* Random graphs against repetition until nothing changes. */
START_TEST(random_graphs_are_marked_as_naive_repetition_marks_them)
{
	enum { NODES = 40, EDGES = 60 };
	uint64_t seed;

	for (seed = 0; seed < 500; seed++) {
		uint32_t from[EDGES], to[EDGES], i, k;
		bool live[NODES] = { false };
		struct world w;
		struct rng r;

		begin(&w);
		rng_init(&r, seed);
		for (i = 0; i < EDGES; i++) {
			from[i] = (uint32_t)rng_below(&r, NODES);
			to[i] = (uint32_t)rng_below(&r, NODES);
			add(&w, from[i], &to[i], 1, true, -1);
		}
		for (i = 0; i < 3; i++) {
			k = (uint32_t)rng_below(&r, NODES);
			live[k] = true;
			graph_add_root(&w.g, node(&w, k));
		}
		for (k = 0; k < NODES; k++) {
			for (i = 0; i < EDGES; i++)
				live[to[i]] |= live[from[i]];
		}
		graph_walk(&w.g, &w.inv);
		for (i = 0; i < NODES; i++)
			ck_assert_msg(is_marked(&w, i) == live[i],
			    "seed %llu, node %u", (unsigned long long)seed, i);
		end(&w);
	}
}
END_TEST

int
main(void)
{
	return suite_run("graph", without_roots_nothing_is_live,
	    a_root_keeps_what_it_names_and_is_not_pulled_itself,
	    a_circle_of_manifests_ends, a_chain_of_100000_is_walked_to_its_end,
	    a_chain_of_100000_referrers_lives_with_its_first_subject,
	    a_referrer_that_is_no_revision_is_nobodys,
	    what_is_merely_named_is_walked_on_from_only_if_it_is_a_revision,
	    what_is_first_named_and_then_a_child_is_walked,
	    a_digest_has_one_edge_and_two_if_it_is_child_and_need,
	    what_live_manifests_lack_is_told_layers_and_children_apart,
	    of_many_holes_the_first_are_kept_and_all_counted,
	    random_graphs_are_marked_as_naive_repetition_marks_them, NULL);
}
