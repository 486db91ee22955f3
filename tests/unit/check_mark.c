/* SPDX-License-Identifier: MIT */
/* mark: what it reads, how often, in how many requests, and hostile pages. */
#include <stdio.h>
#include <string.h>

#include "src/storage/answer.h"
#include "src/storage/mem_store.h"
#include "tests/support/rig.h"
#include "tests/support/scene.h"
#include "tests/support/suite.h"

/* Two listings, one GET a revision link, a current link, a manifest. */
START_TEST(each_link_and_each_manifest_is_read_once)
{
	int mode;

	for (mode = 0; mode < 2; mode++) {
		struct image one, two;
		struct rig rig;

		rig_init(&rig, 1, mode);
		scene_image(rig.mem, "a", "v1", "one", &one);
		scene_image(rig.mem, "a", "v2", "two", &two);
		scene_revision(rig.mem, "b", &one.manifest);
		scene_tag(rig.mem, "b", "v1", &one.manifest);
		ck_assert_int_eq(rig_plan(&rig), 0);
		ck_assert_uint_eq(tally_of(rig.tally)->requests[STORAGE_LIST],
		    2);
		ck_assert_uint_eq(tally_of(rig.tally)->requests[STORAGE_GET],
		    3 + 2 + (mode ? 3 : 0));
		ck_assert_uint_eq(rig.gc.mark.manifests_read, 2);
		ck_assert_uint_eq(rig.gc.mark.inv.revisions.n, 3);
		ck_assert_uint_eq(rig.gc.mark.relisted, 0);
		rig_release(&rig);
	}
}
END_TEST

static uint64_t
gets(const struct rig *rig)
{
	return tally_of(rig->tally)->requests[STORAGE_GET];
}

/* 80 images, each under 80 tags: 2 x 7 pages of links and one GET an image. */
START_TEST(links_whose_md5_the_listing_tells_are_not_read)
{
	char label[16], tag[32];
	struct image image;
	struct rig rig;
	int i, k;

	rig_init(&rig, 2, true);
	for (i = 0; i < 80; i++) {
		snprintf(label, sizeof(label), "image%d", i);
		scene_image(rig.mem, "a", NULL, label, &image);
		for (k = 0; k < 80; k++) {
			snprintf(tag, sizeof(tag), "v%d.%d", i, k);
			scene_tag(rig.mem, "a", tag, &image.manifest);
		}
	}
	rig.opts.mark.width = 64;
	ck_assert_int_eq(rig_plan(&rig), 0);
	ck_assert_uint_eq(gets(&rig), 80);
	ck_assert_uint_le(tally_of(rig.tally)->attempts, 100);
	ck_assert_uint_eq(rig.gc.plan.kept.manifests, 80);
	rig_release(&rig);
}
END_TEST

/* Whatever the tag names: only what no repository shows must be read. */
START_TEST(a_tag_that_names_what_nobody_shows_is_read)
{
	struct image here, there;
	struct text stranger;
	struct rig rig;

	rig_init(&rig, 2, true);
	scene_image(rig.mem, "a", "here", "one", &here);
	scene_image(rig.mem, "b", NULL, "two", &there);
	scene_put(rig.mem, there.manifest.s,
	    "repositories/a/_manifests/tags/there/current/link");
	ck_assert_int_eq(rig_plan(&rig), 0);
	ck_assert_uint_eq(gets(&rig), 2); /* the manifests */
	ck_assert_uint_eq(rig.gc.plan.kept.blobs, 6);
	ck_assert(rig_has_damage(&rig, "tags/there/current/link"));
	rig_again(&rig);

	stranger = scene_blob(rig.mem, "{}");
	scene_put(rig.mem, stranger.s,
	    "repositories/a/_manifests/tags/odd/current/link");
	ck_assert_int_eq(rig_plan(&rig), 0);
	ck_assert_uint_eq(gets(&rig), 4); /* the link, and what it names */
	ck_assert(rig_has_damage(&rig, "tags/odd/current/link"));
	ck_assert_uint_eq(rig.gc.plan.kept.blobs, 7);
	rig_release(&rig);
}
END_TEST

/* A repository is listed again while tags wait for the end of all listings. */
START_TEST(tags_of_a_repository_listed_again_are_found)
{
	struct image image;
	struct rig rig;
	char label[16];
	uint64_t seed;
	int i;

	for (seed = 0; seed < 40; seed += 2) {
		rig_init(&rig, seed, true);
		rig.watch.page_limit = 3;
		rig.lent.page_limit = 3;
		for (i = 0; i < 5; i++) {
			snprintf(label, sizeof(label), "v%d", i);
			scene_image(rig.mem, i % 2 ? "b" : "a", label, label,
			    &image);
		}
		rig.rule = (struct faulty_rule){
			.kinds = 1U << STORAGE_GET,
			.count = 1,
			.verdict = STORAGE_GONE,
			.code = ERR_NOT_FOUND,
		};
		ck_assert_int_eq(rig_plan(&rig), 0);
		ck_assert_uint_eq(rig.gc.mark.relisted, 1);
		ck_assert_uint_eq(gets(&rig), 5);
		ck_assert_uint_eq(rig.gc.plan.kept.manifests, 5);
		ck_assert_uint_eq(rig.gc.mark.damages.n, 0);
		rig_release(&rig);
	}
}
END_TEST

START_TEST(the_width_is_used_and_never_passed)
{
	static const unsigned widths[] = { 1, 3, 16 };
	size_t i;
	int k;

	for (i = 0; i < 3; i++) {
		struct rig rig;

		rig_init(&rig, i, true);
		rig.opts.mark.width = widths[i];
		for (k = 0; k < 30; k++) {
			struct image image;
			char label[16];

			snprintf(label, sizeof(label), "v%d", k);
			scene_image(rig.mem, "a", label, label, &image);
		}
		ck_assert_int_eq(rig_plan(&rig), 0);
		ck_assert_uint_eq(mem_store_peak(rig.mem), widths[i]);
		rig_release(&rig);
	}
}
END_TEST

START_TEST(a_list_alone_reads_no_object)
{
	struct err err = ERR_INIT;
	struct image image;
	struct mark mark;
	struct rig rig;

	rig_init(&rig, 1, true);
	scene_image(rig.mem, "a", "v1", "one", &image);
	scene_image(rig.mem, "a", NULL, "two", &image);
	ck_assert_int_eq(rig_plan(&rig), 0); /* builds the stack */
	tally_reset(rig.tally);
	ck_assert_int_eq(mark_init(&mark, "", &err), 0);
	ck_assert_int_eq(mark_list(&mark, rig.top, 1, &err), 0);
	ck_assert_uint_eq(tally_of(rig.tally)->requests[STORAGE_GET], 0);
	ck_assert_uint_eq(mark.inv.revisions.n, 2);
	ck_assert_uint_eq(mark.inv.tag_indexes.n, 1);
	ck_assert_uint_eq(mark.inv.objects, 10);
	mark_release(&mark);
	rig_release(&rig);
}
END_TEST

START_TEST(a_repository_listed_again_is_counted_once)
{
	struct image image;
	struct rig rig;

	rig_init(&rig, 1, true);
	scene_image(rig.mem, "a", "v1", "one", &image);
	rig.rule = (struct faulty_rule){
		.kinds = 1U << STORAGE_GET,
		.count = 1,
		.verdict = STORAGE_GONE,
		.code = ERR_NOT_FOUND,
	};
	ck_assert_int_eq(rig_plan(&rig), 0);
	ck_assert_uint_eq(rig.gc.mark.relisted, 1);
	ck_assert_uint_eq(rig.gc.mark.inv.objects, 6);
	ck_assert_uint_eq(rig.gc.plan.kept.manifests, 1);
	ck_assert_uint_eq(rig.gc.plan.kept.blobs, 3);
	rig_release(&rig);
}
END_TEST

/* --- pages that no honest server sends --- */

static void
repeat_page(void *arg, struct storage_op *op)
{
	(void)arg;
	if (op->kind == STORAGE_LIST) {
		buf_clear(&op->page.next);
		buf_adds(&op->page.next, "again");
	}
}

static void
swap_names(void *arg, struct storage_op *op)
{
	struct storage_object *v = op->page.objects.v, first;

	(void)arg;
	if (op->kind != STORAGE_LIST || op->page.objects.n < 2)
		return;
	first = v[0];
	v[0] = v[1];
	v[1] = first;
}

START_TEST(a_listing_that_makes_no_sense_ends_the_mark)
{
	void (*const tricks[])(void *, struct storage_op *) = { repeat_page,
		swap_names };
	size_t i;

	for (i = 0; i < 2; i++) {
		struct image image;
		struct rig rig;

		rig_init(&rig, 1, false);
		scene_image(rig.mem, "a", "v1", "one", &image);
		scene_blob(rig.mem, "garbage");
		rig.watch.on_settled = tricks[i];
		ck_assert_int_eq(rig_plan(&rig), -1);
		ck_assert_int_eq(rig.err.code, ERR_PROTOCOL);
		ck_assert_uint_eq(rig.watch.deletes, 0);
		rig_release(&rig);
	}
}
END_TEST

/* Names from outside the registry, slipped into the listing of the blobs. */
static void
slip_in(void *arg, struct storage_op *op)
{
	static const char *const names[] = {
		"other/docker/registry/v2/blobs/sha256/00/0/data",
		"secret",
		"zz/../docker/registry/v2/blobs",
	};
	size_t i;

	(void)arg;
	if (op->kind != STORAGE_LIST || !strstr(op->name.data, "blobs"))
		return;
	for (i = 0; i < 3; i++)
		storage_page_add(&op->page, names[i], 1, 1, 1);
}

START_TEST(names_from_outside_are_never_deleted)
{
	struct image image;
	struct rig rig;

	rig_init(&rig, 1, false);
	scene_image(rig.mem, "a", "v1", "one", &image);
	rig.watch.on_settled = slip_in;
	mem_store_put(rig.mem, "secret", "x", 1);
	rig_collect(&rig);
	ck_assert_uint_eq(rig.watch.deletes, 0);
	ck_assert_uint_eq(rig.gc.mark.inv.foreign, 3);
	rig_release(&rig);
}
END_TEST

int
main(void)
{
	return suite_run("mark", each_link_and_each_manifest_is_read_once,
	    links_whose_md5_the_listing_tells_are_not_read,
	    a_tag_that_names_what_nobody_shows_is_read,
	    tags_of_a_repository_listed_again_are_found,
	    the_width_is_used_and_never_passed, a_list_alone_reads_no_object,
	    a_repository_listed_again_is_counted_once,
	    a_listing_that_makes_no_sense_ends_the_mark,
	    names_from_outside_are_never_deleted, NULL);
}
