/* SPDX-License-Identifier: MIT */
/* explain: the nearest tag, all tags, and the plan's own verdict. */
#include "src/registry/explain.h"

#include <stdio.h>
#include <string.h>

#include "src/storage/mem_store.h"
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

/* The answer to a question about what is planned; the node must be there. */
static void
ask(struct rig *rig, const char *text, struct explain *x)
{
	struct explain_question q;
	uint32_t node;

	ck_assert_int_eq(explain_parse(text, &q, &rig->err), 0);
	ck_assert_int_eq(explain_find(&q, &rig->gc.mark, &node, &rig->err), 0);
	ck_assert_uint_ne(node, HMAP_NONE);
	explain_init(x, &rig->gc.mark, node, rig->opts.mark.delete_untagged);
}

static const struct tag *
root_tag(const struct rig *rig, const struct explain *x)
{
	ck_assert_int_eq(x->root, EXPLAIN_TAG);
	return &rig->gc.mark.inv.tags.v[x->root_index];
}

START_TEST(a_layer_is_kept_by_the_nearest_of_its_tags)
{
	const struct text *children[2];
	struct image image, other;
	struct explain x;
	struct text list;
	struct rig rig;

	begin(&rig, true);
	scene_image(rig.mem, "demo/app", NULL, "one", &image);
	scene_image(rig.mem, "demo/app", NULL, "two", &other);
	children[0] = &image.manifest;
	children[1] = &other.manifest;
	list = scene_list(rig.mem, children, 2);
	scene_revision(rig.mem, "demo/app", &list);
	scene_tag(rig.mem, "demo/app", "a-multi", &list);
	scene_tag(rig.mem, "demo/app", "v2", &image.manifest);
	scene_tag(rig.mem, "demo/app", "v1", &image.manifest);
	ck_assert_int_eq(rig_plan(&rig), 0);

	ask(&rig, image.layer.s, &x);
	ck_assert_int_eq(x.verdict, EXPLAIN_KEPT);
	ck_assert_str_eq(root_tag(&rig, &x)->name, "v1");
	ck_assert_uint_eq(x.root_tags, 3);
	ck_assert_uint_eq(x.path.n, 2);
	ck_assert_uint_eq(x.path.v[1].node, x.node);
	ck_assert_uint_eq(x.path.v[1].reason, GRAPH_NEEDED);
	ck_assert_uint_eq(x.namers.n, 1);
	ck_assert_uint_eq(x.namers.v[0], x.path.v[0].node);
	explain_release(&x);

	ask(&rig, other.config.s, &x);
	ck_assert_str_eq(root_tag(&rig, &x)->name, "a-multi");
	ck_assert_uint_eq(x.root_tags, 1);
	ck_assert_uint_eq(x.path.n, 3);
	ck_assert_uint_eq(x.path.v[1].reason, GRAPH_CHILD);
	explain_release(&x);
	rig_release(&rig);
}
END_TEST

START_TEST(what_goes_goes_for_a_reason)
{
	struct image kept, doomed;
	struct explain x;
	struct text alone;
	struct rig rig;

	begin(&rig, true);
	scene_image(rig.mem, "a", "v1", "kept", &kept);
	scene_image(rig.mem, "a", NULL, "doomed", &doomed);
	scene_index(rig.mem, "a", "v1", &doomed.manifest);
	alone = scene_blob(rig.mem, "nobody's");
	ck_assert_int_eq(rig_plan(&rig), 0);

	ask(&rig, doomed.manifest.s, &x);
	ck_assert_int_eq(x.verdict, EXPLAIN_ELIGIBLE);
	ck_assert_int_eq(x.why, EXPLAIN_NO_TAG);
	ck_assert_int_eq(x.root, EXPLAIN_NOTHING);
	ck_assert_uint_eq(x.revisions.n, 1);
	ck_assert_uint_eq(x.tags.n, 0);
	ck_assert_uint_eq(x.tag_indexes.n, 1);
	explain_release(&x);

	ask(&rig, doomed.layer.s, &x);
	ck_assert_int_eq(x.verdict, EXPLAIN_ELIGIBLE);
	ck_assert_int_eq(x.why, EXPLAIN_ONLY_DEAD);
	ck_assert_uint_eq(x.namers.n, 1);
	ck_assert(!explain_is_live(&rig.gc.mark, x.namers.v[0]));
	explain_release(&x);

	ask(&rig, alone.s, &x);
	ck_assert_int_eq(x.verdict, EXPLAIN_ELIGIBLE);
	ck_assert_int_eq(x.why, EXPLAIN_UNNAMED);
	explain_release(&x);

	ask(&rig, kept.manifest.s, &x);
	ck_assert_int_eq(x.verdict, EXPLAIN_KEPT);
	ck_assert_uint_eq(x.path.n, 1);
	ck_assert_uint_eq(x.tags.n, 1);
	ck_assert_uint_eq(x.tag_indexes.n, 0);
	explain_release(&x);
	rig_release(&rig);
}
END_TEST

START_TEST(an_untagged_manifest_stays_where_untagged_ones_do)
{
	struct image image;
	struct explain x;
	struct rig rig;

	begin(&rig, false);
	scene_image(rig.mem, "a", NULL, "untagged", &image);
	ck_assert_int_eq(rig_plan(&rig), 0);
	ask(&rig, image.layer.s, &x);
	ck_assert_int_eq(x.verdict, EXPLAIN_KEPT);
	ck_assert_int_eq(x.root, EXPLAIN_UNTAGGED);
	ck_assert_uint_eq(x.root_tags, 0);
	ck_assert_uint_eq(x.path.n, 2);
	explain_release(&x);
	rig_release(&rig);
}
END_TEST

START_TEST(a_signature_is_kept_through_its_subject)
{
	struct image image, signature;
	struct explain x;
	char extra[256];
	struct rig rig;

	begin(&rig, true);
	scene_image(rig.mem, "a", "v1", "signed", &image);
	snprintf(extra, sizeof(extra), ",\"subject\":{\"digest\":\"%s\"}",
	    image.manifest.s);
	scene_image_body(rig.mem, "signature", extra, &signature);
	scene_blob(rig.mem, signature.body);
	scene_revision(rig.mem, "a", &signature.manifest);
	ck_assert_int_eq(rig_plan(&rig), 0);

	ask(&rig, signature.layer.s, &x);
	ck_assert_str_eq(root_tag(&rig, &x)->name, "v1");
	ck_assert_uint_eq(x.path.n, 3);
	ck_assert_uint_eq(x.path.v[1].reason, GRAPH_REFERRER);
	explain_release(&x);

	ask(&rig, image.manifest.s, &x);
	ck_assert_uint_eq(x.referrers.n, 1);
	ck_assert_uint_eq(x.namers.n, 0);
	explain_release(&x);
	rig_release(&rig);
}
END_TEST

START_TEST(what_is_named_and_not_there_is_absent)
{
	struct image image;
	struct explain x;
	struct rig rig;

	begin(&rig, true);
	scene_image(rig.mem, "a", "v1", "torn", &image);
	scene_remove(rig.mem, "%s", scene_blob_name(&image.layer).s);
	ck_assert_int_eq(rig_plan(&rig), 0);
	ask(&rig, image.layer.s, &x);
	ck_assert_int_eq(x.verdict, EXPLAIN_ABSENT);
	ck_assert_str_eq(root_tag(&rig, &x)->name, "v1");
	explain_release(&x);
	rig_release(&rig);
}
END_TEST

/* The registry keeps a layer by its sha256 that was pushed by its sha512. */
START_TEST(a_layer_of_two_digests_is_kept_by_either_name)
{
	char sha512[8 + 128 + 1] = "sha512:", body[512];
	struct text layer, manifest;
	struct explain x;
	struct rig rig;

	begin(&rig, true);
	memset(sha512 + 7, 'a', 128);
	sha512[7 + 128] = '\0';
	layer = scene_blob(rig.mem, "a layer");
	scene_put(rig.mem, layer.s, "repositories/a/_layers/sha512/%s/link",
	    sha512 + 7);
	snprintf(body, sizeof(body),
	    "{\"schemaVersion\":2,\"layers\":[{\"digest\":\"%s\"}]}", sha512);
	manifest = scene_blob(rig.mem, body);
	scene_revision(rig.mem, "a", &manifest);
	scene_tag(rig.mem, "a", "v1", &manifest);
	ck_assert_int_eq(rig_plan(&rig), 0);

	ask(&rig, layer.s, &x);
	ck_assert_int_eq(x.verdict, EXPLAIN_KEPT);
	ck_assert_str_eq(root_tag(&rig, &x)->name, "v1");
	ck_assert_uint_eq(x.path.v[1].reason, GRAPH_NEEDED);
	ck_assert_uint_eq(x.alias, HMAP_NONE);
	explain_release(&x);
	ask(&rig, sha512, &x);
	ck_assert_int_eq(x.verdict, EXPLAIN_ABSENT);
	ck_assert_uint_ne(x.alias, HMAP_NONE);
	explain_release(&x);
	rig_release(&rig);
}
END_TEST

/* At second 100,000 with an age of 50,000: what is made at 90,000 is young, and
 * so is what a young manifest names. */
START_TEST(what_is_young_stays_for_that_alone)
{
	struct text blob, old;
	struct image image;
	struct explain x;
	struct rig rig;

	begin(&rig, true);
	rig.opts.mark.min_age_us = 50000000000;
	mem_store_set_wall(rig.mem, 10000000000);
	old = scene_blob(rig.mem, "old");
	scene_image_body(rig.mem, "image", "", &image);
	mem_store_set_wall(rig.mem, 90000000000);
	blob = scene_blob(rig.mem, "young");
	scene_blob(rig.mem, image.body);
	scene_revision(rig.mem, "a", &image.manifest);
	mem_store_set_wall(rig.mem, 100000000000);
	ck_assert_int_eq(rig_plan(&rig), 0);

	ask(&rig, blob.s, &x);
	ck_assert_int_eq(x.verdict, EXPLAIN_YOUNG);
	ck_assert_int_eq(x.root, EXPLAIN_NOTHING);
	explain_release(&x);
	ask(&rig, image.layer.s, &x);
	ck_assert_int_eq(x.verdict, EXPLAIN_YOUNG);
	ck_assert_int_eq(x.root, EXPLAIN_YOUNG_LINK);
	ck_assert_uint_eq(x.path.n, 2);
	explain_release(&x);
	ask(&rig, old.s, &x);
	ck_assert_int_eq(x.verdict, EXPLAIN_ELIGIBLE);
	explain_release(&x);
	rig_release(&rig);
}
END_TEST

/* --- questions --- */

static int
find(struct rig *rig, const char *text, uint32_t *node)
{
	struct explain_question q;

	err_clear(&rig->err);
	ck_assert_msg(explain_parse(text, &q, &rig->err) == 0, "%s", text);
	return explain_find(&q, &rig->gc.mark, node, &rig->err);
}

START_TEST(a_digest_is_known_by_as_much_as_no_other_has)
{
	char text[200], name[64];
	struct text first = { "" };
	struct image image;
	uint32_t node, same;
	struct rig rig;
	int i;

	begin(&rig, true);
	scene_image(rig.mem, "demo/app", "v1", "one", &image);
	for (i = 0; i < 40; i++) { /* more than there are first digits */
		snprintf(name, sizeof(name), "blob %d", i);
		first = scene_blob(rig.mem, name);
	}
	ck_assert_int_eq(rig_plan(&rig), 0);
	ck_assert_int_eq(find(&rig, first.s, &node), 0);
	ck_assert_uint_ne(node, HMAP_NONE);
	for (i = 64; i > 12; i--) {
		snprintf(text, sizeof(text), "%.*s", 7 + i, first.s);
		ck_assert_int_eq(find(&rig, text, &same), 0);
		ck_assert_uint_eq(same, node);
		ck_assert_int_eq(find(&rig, text + 7, &same), 0);
		ck_assert_uint_eq(same, node);
	}
	snprintf(text, sizeof(text), "demo/app:v1");
	ck_assert_int_eq(find(&rig, text, &node), 0);
	snprintf(text, sizeof(text), "demo/app@%.20s", image.manifest.s);
	ck_assert_int_eq(find(&rig, text, &same), 0);
	ck_assert_uint_eq(same, node);
	snprintf(text, sizeof(text), "demo/app@%.20s", image.layer.s);
	ck_assert_int_eq(find(&rig, text, &same), 0);
	ck_assert_uint_eq(same, HMAP_NONE);
	ck_assert_int_eq(find(&rig, "demo/app:v2", &same), 0);
	ck_assert_uint_eq(same, HMAP_NONE);
	ck_assert_int_eq(find(&rig, "demo:v1", &same), 0);
	ck_assert_uint_eq(same, HMAP_NONE);
	rig_release(&rig);
}
END_TEST

START_TEST(an_ambiguous_beginning_is_refused_and_says_of_whom)
{
	char name[64];
	uint32_t node;
	struct rig rig;
	int digit, i, refused = 0;

	begin(&rig, true);
	for (i = 0; i < 400; i++) {
		snprintf(name, sizeof(name), "blob %d", i);
		scene_blob(rig.mem, name);
	}
	ck_assert_int_eq(rig_plan(&rig), 0);
	for (digit = 0; digit < 16; digit++) {
		snprintf(name, sizeof(name), "%x", digit);
		refused += find(&rig, name, &node) != 0;
		ck_assert_int_eq(rig.err.code, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(rig.err.text, "say more of it"));
		ck_assert_ptr_nonnull(strstr(rig.err.text, ", ..."));
	}
	ck_assert_int_eq(refused, 16);
	rig_release(&rig);
}
END_TEST

START_TEST(words_that_mean_nothing_are_refused)
{
	static const char *const wrong[] = {
		"",
		":",
		"@",
		"app",
		"app:",
		":v1",
		"App:v1",
		"app:v 1",
		"app@v1",
		"app@",
		"sha256:",
		"sha256:ABCDEF",
		"a@b@sha256:ab",
		"gs://bucket",
		"01234567890123456789012345678901234567890123456789"
		"012345678901234567890123456789012345678901234567890"
		"0123456789012345678901234567890",
	};
	struct explain_question q;
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		ck_assert_msg(explain_parse(wrong[i], &q, &err) != 0, "%s",
		    wrong[i]);
		ck_assert_int_eq(err.code, ERR_USAGE);
	}
}
END_TEST

/* --- random registries --- */

enum { NEVER = UINT32_MAX };

struct reached {
	uint32_t as_named; /* the fewest steps, or NEVER */
	uint32_t as_manifest;
};

static bool
lower(uint32_t *to, uint32_t steps)
{
	if (steps >= *to)
		return false;
	*to = steps;
	return true;
}

/* All that one root reaches, by naive repetition of the graph's rules. */
static void
spread(const struct mark *m, uint32_t root, struct reached *r)
{
	bool is_changed = true;
	uint32_t n, e;

	memset(r, 0xff, m->inv.nodes.n * sizeof(*r));
	r[root].as_manifest = 0;
	while (is_changed) {
		is_changed = false;
		for (n = 0; n < m->inv.nodes.n; n++) {
			for (e = m->inv.nodes.v[n].edges; e != 0;
			     e = m->graph.edges.v[e].next) {
				const struct graph_edge *edge =
				    &m->graph.edges.v[e];
				bool is_revision =
				    m->inv.nodes.v[edge->to].is_revision;
				uint32_t from = r[n].as_manifest;
				uint32_t *to = is_revision ||
					edge->reason == GRAPH_CHILD
				    ? &r[edge->to].as_manifest
				    : &r[edge->to].as_named;

				if (edge->reason == GRAPH_REFERRER &&
				    r[n].as_named < from)
					from = r[n].as_named;
				if (from == NEVER ||
				    (edge->reason == GRAPH_REFERRER &&
					!is_revision))
					continue;
				is_changed |= lower(to, from + 1);
			}
		}
	}
}

static uint32_t
steps_to(const struct reached *r, uint32_t n)
{
	return r[n].as_named < r[n].as_manifest ? r[n].as_named
						: r[n].as_manifest;
}

static bool
has_edge(const struct mark *m, uint32_t from, uint32_t to)
{
	uint32_t e;

	for (e = m->inv.nodes.v[from].edges; e != 0;
	     e = m->graph.edges.v[e].next) {
		if (m->graph.edges.v[e].to == to)
			return true;
	}
	return false;
}

static bool
is_victim(const struct rig *rig, uint32_t node)
{
	size_t i;

	for (i = 0; i < rig->gc.plan.victims[PLAN_BLOBS].n; i++) {
		if (rig->gc.plan.victims[PLAN_BLOBS].v[i] == node)
			return true;
	}
	return false;
}

/* Of each tag that is a root: how far it is to each node. */
static void
count_tags(const struct mark *m, uint32_t *tags, uint32_t *nearest)
{
	struct reached *r = mem_zalloc(m->inv.nodes.n, sizeof(*r));
	uint32_t n;
	size_t i;

	for (n = 0; n < m->inv.nodes.n; n++) {
		tags[n] = 0;
		nearest[n] = NEVER;
	}
	for (i = 0; i < m->inv.tags.n; i++) {
		uint32_t root = m->inv.tags.v[i].current;

		if (root == HMAP_NONE || !m->inv.nodes.v[root].is_walked)
			continue;
		spread(m, root, r);
		for (n = 0; n < m->inv.nodes.n; n++) {
			tags[n] += steps_to(r, n) != NEVER;
			lower(&nearest[n], steps_to(r, n));
		}
	}
	free(r);
}

static void
check_node(const struct rig *rig, uint32_t node, uint32_t tags,
    uint32_t nearest)
{
	const struct mark *m = &rig->gc.mark;
	struct explain x;
	size_t i;

	explain_init(&x, m, node, rig->opts.mark.delete_untagged);
	ck_assert_uint_eq(x.root_tags, tags);
	if (m->inv.nodes.v[node].blob_generation != 0)
		ck_assert_int_eq(x.verdict,
		    is_victim(rig, node) ? EXPLAIN_ELIGIBLE : EXPLAIN_KEPT);
	ck_assert_int_eq(x.root == EXPLAIN_NOTHING,
	    !m->inv.nodes.v[node].is_marked);
	ck_assert_int_eq(x.root == EXPLAIN_TAG, tags > 0);
	if (x.root == EXPLAIN_TAG)
		ck_assert_uint_eq(x.path.n, nearest + 1);
	for (i = 0; i < x.path.n; i++)
		ck_assert(i == 0 ||
		    has_edge(m, x.path.v[i - 1].node, x.path.v[i].node));
	if (x.path.n > 0)
		ck_assert_uint_eq(x.path.v[x.path.n - 1].node, node);
	explain_release(&x);
}

START_TEST(of_random_registries_every_digest_is_explained_as_the_plan_has_it)
{
	uint32_t *tags, *nearest, n;
	uint64_t seed;

	for (seed = 0; seed < 80; seed++) {
		struct maker *r = maker_new(seed, 1);
		struct rig rig;

		rig_init(&rig, seed, seed % 2 == 0);
		rig.opts.mark.is_query = true;
		rig.opts.root = maker_root(r);
		maker_fill(r, rig.mem);
		ck_assert_int_eq(rig_plan(&rig), 0);
		tags = mem_zalloc(rig.gc.mark.inv.nodes.n, sizeof(*tags));
		nearest = mem_zalloc(rig.gc.mark.inv.nodes.n, sizeof(*nearest));
		count_tags(&rig.gc.mark, tags, nearest);
		for (n = 0; n < rig.gc.mark.inv.nodes.n; n++)
			check_node(&rig, n, tags[n], nearest[n]);
		free(tags);
		free(nearest);
		rig_release(&rig);
		maker_free(r);
	}
}
END_TEST

int
main(void)
{
	return suite_run("explain", a_layer_is_kept_by_the_nearest_of_its_tags,
	    what_goes_goes_for_a_reason,
	    an_untagged_manifest_stays_where_untagged_ones_do,
	    a_signature_is_kept_through_its_subject,
	    what_is_named_and_not_there_is_absent,
	    a_layer_of_two_digests_is_kept_by_either_name,
	    what_is_young_stays_for_that_alone,
	    a_digest_is_known_by_as_much_as_no_other_has,
	    an_ambiguous_beginning_is_refused_and_says_of_whom,
	    words_that_mean_nothing_are_refused,
	    of_random_registries_every_digest_is_explained_as_the_plan_has_it,
	    NULL);
}
