/* SPDX-License-Identifier: MIT */
/* guards: what makes a plan doubtful stops it, with a message that says how to
 * go on; what does not, does not. */
#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/storage/mem_store.h"
#include "tests/support/rig.h"
#include "tests/support/scene.h"
#include "tests/support/suite.h"

/* A tagged image and as many blobs that nothing names: 6 objects and those. */
enum { KEPT = 6 };
#define WALL UINT64_C(1800000000000000)

static void
fill(struct rig *rig, unsigned orphans)
{
	struct image image;
	char body[32];
	unsigned i;

	rig_init(rig, 1, false);
	scene_image(rig->mem, "a", "v1", "kept", &image);
	for (i = 0; i < orphans; i++) {
		snprintf(body, sizeof(body), "orphan %u", i);
		scene_blob(rig->mem, body);
	}
	ck_assert_uint_eq(mem_store_count(rig->mem), KEPT + orphans);
}

static void
expect_refused(struct rig *rig, const char *seen, const char *override)
{
	ck_assert_int_eq(rig_plan(rig), -1);
	ck_assert_int_eq(rig->err.code, ERR_REFUSED);
	ck_assert_msg(strstr(rig->err.text, seen) != NULL, "%s", rig->err.text);
	ck_assert_msg(strstr(rig->err.text, override) != NULL, "%s",
	    rig->err.text);
	ck_assert_ptr_null(strchr(rig->err.text, '\n'));
	ck_assert_uint_eq(rig->watch.deletes + rig->watch.writes, 0);
	rig_again(rig);
}

static void
expect_taken(struct rig *rig)
{
	ck_assert_msg(rig_plan(rig) == 0, "%s", rig->err.text);
	rig_again(rig);
}

/* --- how much --- */

static struct guard_limit
limit(const char *text)
{
	struct guard_limit out;
	struct err err = ERR_INIT;

	ck_assert_msg(guard_limit_parse(text, &out, &err) == 0, "%s", err.text);
	return out;
}

START_TEST(a_limit_is_a_number_or_a_share_and_reads_back)
{
	static const char *const good[] = { "50%", "12.5%", "0%", "100%",
		"0.0001%", "0", "1000", "18446744073709551615" };
	static const char *const bad[] = { "", "%", "-1", "100.1%", "50 %",
		"5e1%", "1.5", "x", "50%%", "1k", "0x10" };
	struct guard_limit out;
	struct err err = ERR_INIT;
	struct buf text;
	size_t i;

	buf_init(&text, 64);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		out = limit(good[i]);
		buf_clear(&text);
		guard_limit_format(&out, &text);
		ck_assert_str_eq(text.data, good[i]);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(guard_limit_parse(bad[i], &out, &err) == -1, "%s",
		    bad[i]);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(err.text, "such as 50%"));
	}
	buf_release(&text);
}
END_TEST

START_TEST(more_than_a_share_of_what_was_listed_is_refused)
{
	struct rig rig;

	fill(&rig, KEPT + 1); /* 7 of 13 */
	rig.opts.guards.max_delete = limit("50%");
	expect_refused(&rig, "7 of the 13 objects listed would go",
	    "--max-delete 7 or 100%");
	rig.opts.guards.max_delete = limit("53.8%");
	expect_refused(&rig, "--max-delete is 53.8%", "--max-delete 7");
	rig.opts.guards.max_delete = limit("53.9%");
	expect_taken(&rig);
	rig_release(&rig);
	fill(&rig, KEPT); /* exactly half */
	rig.opts.guards.max_delete = limit("50%");
	expect_taken(&rig);
	rig.opts.guards.max_delete = limit("0%");
	expect_refused(&rig, "6 of the 12", "100%");
	rig_release(&rig);
}
END_TEST

START_TEST(more_than_a_number_of_objects_is_refused)
{
	struct rig rig;

	fill(&rig, 3);
	rig.opts.guards.max_delete = limit("2");
	expect_refused(&rig, "3 of the 9 objects listed would go",
	    "--max-delete 3");
	rig.opts.guards.max_delete = limit("0");
	expect_refused(&rig, "--max-delete is 0", "--max-delete 3");
	rig.opts.guards.max_delete = limit("3");
	expect_taken(&rig);
	rig_release(&rig);
}
END_TEST

/* Whatever was listed twice or counted once too little. */
START_TEST(all_of_it_is_never_too_much)
{
	struct rig rig;

	fill(&rig, 0);
	ck_assert_int_eq(rig_plan(&rig), 0);
	plan_all_blobs(&rig.gc.plan, &rig.gc.mark);
	rig.gc.mark.inv.objects = 1;
	rig.opts.guards.max_delete = limit("99.9999%");
	ck_assert_int_eq(guards_check(&rig.opts.guards, &rig.gc.mark,
			     &rig.gc.plan, &rig.err),
	    -1);
	rig.opts.guards.max_delete = limit("100%");
	ck_assert_int_eq(guards_check(&rig.opts.guards, &rig.gc.mark,
			     &rig.gc.plan, &rig.err),
	    0);
	rig_release(&rig);
}
END_TEST

/* --- clocks --- */

static void
fill_at(struct rig *rig, int64_t ahead_us)
{
	fill(rig, 1);
	mem_store_set_wall(rig->mem, WALL);
	rig->opts.guards.wall_us = WALL + (uint64_t)ahead_us;
	rig->opts.guards.max_skew_us = 300000000;
}

/* The first page takes the store some steps of its clock, which are a matter of
 * microseconds. */
START_TEST(clocks_that_differ_too_much_are_refused)
{
	struct rig rig;

	fill_at(&rig, 420000000);
	expect_refused(&rig, "the clock here is 7m ahead of the server's",
	    "--max-skew off");
	rig.opts.guards.max_skew_us = 0;
	expect_taken(&rig);
	rig_release(&rig);
	fill_at(&rig, -7200000000);
	expect_refused(&rig, "behind the server's", "--max-skew off");
	rig_release(&rig);
	fill_at(&rig, 299000000);
	expect_taken(&rig);
	rig.opts.guards.wall_us = WALL - 299000000;
	expect_taken(&rig);
	rig.opts.guards.wall_us = 0; /* not known */
	expect_taken(&rig);
	rig_release(&rig);
}
END_TEST

START_TEST(time_spent_waiting_for_the_first_page_is_no_skew)
{
	struct rig rig;

	fill_at(&rig, 0);
	ck_assert_int_eq(rig_plan(&rig), 0);
	rig.gc.mark.heard_us = rig.gc.mark.began_us + 600000000;
	rig.gc.mark.server_us = WALL + 600000000;
	ck_assert_int_eq(guards_check(&rig.opts.guards, &rig.gc.mark,
			     &rig.gc.plan, &rig.err),
	    0);
	rig.gc.mark.server_us = WALL;
	ck_assert_int_eq(guards_check(&rig.opts.guards, &rig.gc.mark,
			     &rig.gc.plan, &rig.err),
	    -1);
	rig_release(&rig);
}
END_TEST

/* --- what is missing --- */

START_TEST(a_blob_that_a_live_manifest_needs_must_be_there)
{
	struct image image;
	struct text name, orphan;
	struct rig rig;

	fill(&rig, 1);
	scene_image(rig.mem, "a", "v2", "holey", &image);
	name = scene_blob_name(&image.layer);
	scene_remove(rig.mem, "%s", name.s);
	rig.opts.guards.allow_missing = false;
	expect_refused(&rig, "(1 in 1)", "--allow-missing");
	expect_refused(&rig, image.layer.s, image.manifest.s);
	rig.opts.guards.allow_missing = true;
	expect_taken(&rig);
	/* Nothing would go: then nothing is at stake. */
	rig.opts.guards.allow_missing = false;
	orphan = scene_digest("orphan 0", 8);
	name = scene_blob_name(&orphan);
	scene_remove(rig.mem, "%s", name.s);
	expect_taken(&rig);
	rig_release(&rig);
}
END_TEST

START_TEST(a_hole_in_what_goes_is_none)
{
	struct image image;
	struct text name;
	struct rig rig;

	fill(&rig, 1);
	scene_image(rig.mem, "a", NULL, "holey", &image);
	name = scene_blob_name(&image.layer);
	scene_remove(rig.mem, "%s", name.s);
	rig.opts.guards.allow_missing = false;
	rig.opts.mark.delete_untagged = true;
	expect_taken(&rig);
	rig_release(&rig);
}
END_TEST

START_TEST(an_index_may_be_sparse)
{
	const struct text *children[2];
	struct image image;
	struct text list, name;
	struct rig rig;

	fill(&rig, 1);
	scene_image(rig.mem, "a", NULL, "child", &image);
	name = scene_digest("no manifest of ours", 19);
	children[0] = &image.manifest;
	children[1] = &name;
	list = scene_list(rig.mem, children, 2);
	scene_revision(rig.mem, "a", &list);
	rig.opts.guards.allow_missing = false;
	ck_assert_int_eq(rig_plan(&rig), 0);
	ck_assert_uint_eq(rig.gc.mark.holes.children, 1);
	ck_assert_uint_eq(rig.gc.mark.holes.needed, 0);
	rig_release(&rig);
}
END_TEST

/* --- which, and when not --- */

START_TEST(nothing_live_is_refused_unless_it_is_allowed)
{
	struct rig rig;

	rig_init(&rig, 1, false);
	rig.opts.guards.allow_empty_mark = false;
	scene_blob(rig.mem, "orphan");
	expect_refused(&rig, "not one manifest is live", "--allow-empty-mark");
	rig.opts.guards.allow_empty_mark = true;
	expect_taken(&rig);
	rig_release(&rig);
}
END_TEST

START_TEST(what_makes_the_mark_doubtful_speaks_first)
{
	struct rig rig;

	rig_init(&rig, 1, false);
	scene_blob(rig.mem, "orphan");
	mem_store_set_wall(rig.mem, WALL);
	rig.opts.guards = (struct guard_opts){
		.max_delete = limit("0"),
		.max_skew_us = 1000000,
		.wall_us = WALL + 5000000,
	};
	expect_refused(&rig, "the clock here", "--max-skew");
	rig.opts.guards.wall_us = WALL;
	expect_refused(&rig, "not one manifest", "--allow-empty-mark");
	rig.opts.guards.allow_empty_mark = true;
	expect_refused(&rig, "1 of the 1", "--max-delete");
	rig_release(&rig);
}
END_TEST

START_TEST(a_plan_without_victims_is_never_refused)
{
	struct rig rig;

	fill(&rig, 0);
	mem_store_set_wall(rig.mem, WALL);
	rig.opts.guards = (struct guard_opts){
		.max_delete = limit("0"),
		.max_skew_us = 1000000,
		.wall_us = 1,
	};
	expect_taken(&rig);
	rig_release(&rig);
	rig_init(&rig, 1, true);
	rig.opts.guards = (struct guard_opts){ .max_delete = limit("0") };
	expect_taken(&rig);
	rig_release(&rig);
}
END_TEST

int
main(void)
{
	return suite_run("guards",
	    a_limit_is_a_number_or_a_share_and_reads_back,
	    more_than_a_share_of_what_was_listed_is_refused,
	    more_than_a_number_of_objects_is_refused,
	    all_of_it_is_never_too_much,
	    clocks_that_differ_too_much_are_refused,
	    time_spent_waiting_for_the_first_page_is_no_skew,
	    a_blob_that_a_live_manifest_needs_must_be_there,
	    a_hole_in_what_goes_is_none, an_index_may_be_sparse,
	    nothing_live_is_refused_unless_it_is_allowed,
	    what_makes_the_mark_doubtful_speaks_first,
	    a_plan_without_victims_is_never_refused, NULL);
}
