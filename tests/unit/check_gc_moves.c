/* SPDX-License-Identifier: MIT */
/* gc while the bucket moves: reads that find nothing, objects that vanish just
 * before they are read, pushes between the listings. */
#include <stdio.h>
#include <string.h>

#include "src/storage/mem_store.h"
#include "tests/support/maker.h"
#include "tests/support/rig.h"
#include "tests/support/scene.h"
#include "tests/support/suite.h"

#define WALL UINT64_C(1800000000000000)

static void
prepare(struct rig *rig, const struct maker *r, uint64_t seed,
    bool delete_untagged)
{
	rig_init(rig, seed, delete_untagged);
	rig->opts.root = maker_root(r);
	rig->opts.mark.width = 1 + seed % 16;
	rig->watch.page_limit = seed % 4 * 5;
	rig->rule.kinds = 1U << STORAGE_GET;
	maker_fill(r, rig->mem);
}

/* --- a GET that says 404 once, of an object that is there --- */

static void
miss_one(struct maker *r, uint64_t seed, bool delete_untagged,
    unsigned long nth, unsigned long *reads)
{
	const char *wrong;
	struct rig rig;

	prepare(&rig, r, seed, delete_untagged);
	rig.rule.skip = nth;
	rig.rule.count = 1;
	rig.rule.verdict = STORAGE_GONE;
	rig.rule.code = ERR_NOT_FOUND;
	rig_collect(&rig);
	wrong = maker_difference(r, rig.mem);
	ck_assert_msg(wrong == NULL,
	    "seed %llu, untagged %d, GET %lu said gone: %s is wrong",
	    (unsigned long long)seed, delete_untagged, nth, wrong);
	ck_assert_uint_eq(rig.watch.deletes, maker_victims(r));
	*reads = faulty_seen(rig.faulty);
	rig_release(&rig);
}

START_TEST(a_404_for_an_object_that_is_there_changes_nothing)
{
	unsigned long nth, reads;
	uint64_t seed;
	int untagged;

	for (seed = 0; seed < 60; seed++) {
		struct maker *r = maker_new(seed, 1 + seed % 3);

		for (untagged = 0; untagged < 2; untagged++) {
			maker_judge(r, untagged);
			reads = 1;
			for (nth = 0; nth < reads; nth++)
				miss_one(r, seed, untagged, nth, &reads);
		}
		maker_free(r);
	}
}
END_TEST

START_TEST(an_object_that_is_never_there_ends_the_mark)
{
	struct image image;
	struct rig rig;

	rig_init(&rig, 1, false);
	scene_image(rig.mem, "a", "v1", "one", &image);
	scene_blob(rig.mem, "garbage");
	rig.rule = (struct faulty_rule){
		.kinds = 1U << STORAGE_GET,
		.count = ~0UL,
		.verdict = STORAGE_GONE,
		.code = ERR_NOT_FOUND,
	};
	ck_assert_int_eq(rig_plan(&rig), -1);
	ck_assert_msg(rig.err.code == ERR_CORRUPT, "%s", rig.err.text);
	ck_assert_uint_eq(rig.watch.deletes, 0);
	ck_assert_uint_lt(faulty_seen(rig.faulty), 20);
	rig_release(&rig);
}
END_TEST

/* A child of an index that no repository calls a revision is found through
 * the index alone, so nobody else asks for it a second time. */
START_TEST(a_404_for_a_child_without_a_link_loses_nothing)
{
	unsigned long nth;

	for (nth = 0; nth < 4; nth++) {
		const struct text *children[1];
		struct text index;
		struct image child;
		struct rig rig;

		rig_init(&rig, nth, false);
		scene_image_body(rig.mem, "child", "", &child);
		scene_blob(rig.mem, child.body);
		children[0] = &child.manifest;
		index = scene_list(rig.mem, children, 1);
		scene_revision(rig.mem, "a", &index);
		rig.rule = (struct faulty_rule){
			.kinds = 1U << STORAGE_GET,
			.skip = nth,
			.count = 1,
			.verdict = STORAGE_GONE,
			.code = ERR_NOT_FOUND,
		};
		rig_collect(&rig);
		ck_assert_msg(scene_has_blob(rig.mem, &child.layer),
		    "GET %lu said gone: the child's layer is lost", nth);
		ck_assert_uint_eq(rig.watch.deletes, 0);
		rig_release(&rig);
	}
}
END_TEST

/* --- an object that is taken away just before it is read --- */

struct thief {
	struct rig *rig;
	const char *name;
	bool has_struck;
};

static void
steal(void *arg, struct storage_op *op)
{
	struct thief *thief = arg;

	if (thief->has_struck || op->kind != STORAGE_GET ||
	    strcmp(op->name.data, thief->name) != 0)
		return;
	mem_store_remove(thief->rig->mem, thief->name);
	thief->has_struck = true;
}

static bool
steal_one(struct maker *r, size_t i, uint64_t seed, bool delete_untagged)
{
	struct thief thief = { .name = maker_name(r, i) };
	const char *lost;
	struct rig rig;

	prepare(&rig, r, seed, delete_untagged);
	thief.rig = &rig;
	rig.watch.on_submit = steal;
	rig.watch.arg = &thief;
	if (rig_plan(&rig) == 0)
		ck_assert_int_eq(rig_sweep(&rig), 0);
	else
		ck_assert_msg(rig.err.code == ERR_CORRUPT, "%s", rig.err.text);
	maker_set_absent(r, i, thief.has_struck);
	maker_judge(r, delete_untagged);
	lost = maker_loss(r, rig.mem);
	ck_assert_msg(lost == NULL,
	    "seed %llu, untagged %d, %s stolen: %s is lost",
	    (unsigned long long)seed, delete_untagged, thief.name, lost);
	maker_set_absent(r, i, false);
	rig_release(&rig);
	return thief.has_struck;
}

START_TEST(an_object_that_vanishes_before_it_is_read_costs_no_other)
{
	size_t i, struck = 0;
	uint64_t seed;

	for (seed = 0; seed < 60; seed++) {
		struct maker *r = maker_new(seed, 1 + seed % 3);

		for (i = 0; i < maker_count(r); i++) {
			struck += steal_one(r, i, seed, false);
			struck += steal_one(r, i, seed, true);
		}
		maker_free(r);
	}
	ck_assert_uint_gt(struck, 600);
}
END_TEST

/* --- a repository that is listed again while its listing goes on --- */

/* The repositories' listing is cut at every place, and each GET in turn finds
 * nothing: what the next page shows has been shown by the new listing too. */
START_TEST(a_repository_across_two_pages_survives_being_listed_again)
{
	size_t limit;
	unsigned long nth;

	for (limit = 1; limit < 12; limit++) {
		for (nth = 0; nth < 12; nth++) {
			struct image one, two;
			struct rig rig;

			rig_init(&rig, nth, true);
			scene_image(rig.mem, "a", "v1", "one", &one);
			scene_image(rig.mem, "a", "v2", "two", &two);
			rig.opts.mark.width = 1 + nth % 3;
			rig.watch.page_limit = limit;
			rig.rule = (struct faulty_rule){
				.kinds = 1U << STORAGE_GET,
				.skip = nth,
				.count = 1,
				.verdict = STORAGE_GONE,
				.code = ERR_NOT_FOUND,
			};
			rig_collect(&rig);
			ck_assert_msg(rig.watch.deletes == 0,
			    "pages of %zu, GET %lu said gone: %llu live "
			    "objects deleted",
			    limit, nth, (unsigned long long)rig.watch.deletes);
			rig_release(&rig);
		}
	}
}
END_TEST

/* --- pushes --- */

struct pusher {
	struct rig *rig;
	unsigned lists; /* seen */
	unsigned at;    /* strikes when so many were */
	struct image image;
};

/* An image over an old layer that nothing named until now. */
static void
push(void *arg, struct storage_op *op)
{
	struct pusher *p = arg;
	struct storage *mem = p->rig->mem;

	if (op->kind != STORAGE_LIST || ++p->lists != p->at)
		return;
	scene_blob(mem, p->image.body);
	scene_blob(mem, "config of pushed");
	scene_revision(mem, "a", &p->image.manifest);
	scene_tag(mem, "a", "v2", &p->image.manifest);
}

START_TEST(a_push_between_the_listings_keeps_the_layer_that_it_reuses)
{
	int untagged;

	for (untagged = 0; untagged < 2; untagged++) {
		struct pusher p = { .at = 2 };
		struct image old;
		struct text garbage;
		struct rig rig;

		rig_init(&rig, 3, untagged);
		p.rig = &rig;
		rig.watch.on_submit = push;
		rig.watch.arg = &p;
		scene_image(rig.mem, "a", "v1", "old", &old);
		scene_image_body(rig.mem, "pushed", "", &p.image);
		scene_remove(rig.mem, "%s", scene_blob_name(&p.image.config).s);
		garbage = scene_blob(rig.mem, "garbage");
		rig_collect(&rig);
		ck_assert(scene_has_blob(rig.mem, &p.image.layer));
		ck_assert(scene_has_blob(rig.mem, &p.image.config));
		ck_assert(scene_has_blob(rig.mem, &p.image.manifest));
		ck_assert(scene_has_revision(rig.mem, "a", &p.image.manifest));
		ck_assert(!scene_has_blob(rig.mem, &garbage));
		ck_assert_uint_eq(rig.watch.deletes, 1);
		rig_release(&rig);
	}
}
END_TEST

/* Uploaded after the blobs were listed, its manifest still to come: nothing
 * names it, yet it is no candidate. */
static void
upload(void *arg, struct storage_op *op)
{
	struct rig *rig = arg;

	if (op->kind == STORAGE_LIST && strstr(op->name.data, "repositories"))
		scene_blob(rig->mem, "fresh");
}

START_TEST(a_blob_that_comes_after_its_listing_is_no_candidate)
{
	struct text fresh = scene_digest("fresh", 5);
	struct image old;
	struct rig rig;

	rig_init(&rig, 3, false);
	scene_image(rig.mem, "a", "v1", "old", &old);
	rig.watch.on_submit = upload;
	rig.watch.arg = &rig;
	rig_collect(&rig);
	ck_assert(scene_has_blob(rig.mem, &fresh));
	ck_assert_uint_eq(rig.watch.deletes, 0);
	rig_release(&rig);
}
END_TEST

/* A whole image, tag and all, pushed while the parts of a listing are on their
 * way: tags may have been shown before it, and revisions after it. */
static void
push_all(void *arg, struct storage_op *op)
{
	struct pusher *p = arg;
	struct storage *mem = p->rig->mem;

	if (op->kind != STORAGE_LIST || ++p->lists != p->at)
		return;
	mem_store_set_wall(mem, WALL + 2000000);
	scene_image(mem, "a", "new", "pushed", &p->image);
}

START_TEST(a_push_between_the_parts_of_a_listing_stays_whatever_the_age)
{
	unsigned i, seed, at, struck = 0;

	for (seed = 0; seed < 6; seed++) {
		for (at = 2; at < 80; at += 3) {
			struct pusher p = { .at = at };
			struct image old;
			struct rig rig;
			char body[16];

			rig_init(&rig, seed, true);
			mem_store_set_wall(rig.mem, WALL);
			p.rig = &rig;
			rig.watch.on_submit = push_all;
			rig.watch.arg = &p;
			rig.watch.page_limit = 3;
			for (i = 0; i < 40; i++) {
				snprintf(body, sizeof(body), "old%u", i);
				scene_image(rig.mem, "a", body, body, &old);
			}
			rig_collect(&rig);
			ck_assert_uint_eq(rig.watch.deletes, 0);
			struck += p.lists >= at;
			rig_release(&rig);
		}
	}
	ck_assert_uint_gt(struck, 100);
}
END_TEST

int
main(void)
{
	return suite_run("gc_moves",
	    a_404_for_an_object_that_is_there_changes_nothing,
	    an_object_that_is_never_there_ends_the_mark,
	    a_404_for_a_child_without_a_link_loses_nothing,
	    an_object_that_vanishes_before_it_is_read_costs_no_other,
	    a_repository_across_two_pages_survives_being_listed_again,
	    a_push_between_the_listings_keeps_the_layer_that_it_reuses,
	    a_blob_that_comes_after_its_listing_is_no_candidate,
	    a_push_between_the_parts_of_a_listing_stays_whatever_the_age, NULL);
}
