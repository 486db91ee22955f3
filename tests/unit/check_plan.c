/* SPDX-License-Identifier: MIT */
/* plan: which objects, in which section, by what name and generation. */
#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/storage/mem_store.h"
#include "tests/support/maker.h"
#include "tests/support/rig.h"
#include "tests/support/scene.h"
#include "tests/support/suite.h"

static uint64_t
count(const struct rig *rig, enum plan_section section)
{
	return rig->gc.plan.victims[section].n;
}

START_TEST(bytes_and_counts_are_those_of_the_bucket)
{
	struct image kept, doomed;
	struct rig rig;

	rig_init(&rig, 1, true);
	scene_image(rig.mem, "a", "v1", "kept", &kept);
	scene_image(rig.mem, "a", NULL, "doomed", &doomed);
	scene_index(rig.mem, "a", "v1", &doomed.manifest);
	scene_index(rig.mem, "a", "v2", &doomed.manifest);
	scene_index(rig.mem, "b", "v2", &doomed.manifest); /* no revision */
	ck_assert_int_eq(rig_plan(&rig), 0);
	ck_assert_uint_eq(count(&rig, PLAN_TAGS), 2);
	ck_assert_uint_eq(count(&rig, PLAN_REVISIONS), 1);
	ck_assert_uint_eq(count(&rig, PLAN_BLOBS), 3);
	ck_assert_uint_eq(plan_count(&rig.gc.plan), 6);
	ck_assert_uint_eq(rig.gc.plan.bytes,
	    strlen(doomed.body) + strlen("config of doomed") +
		strlen("layer of doomed"));
	ck_assert_uint_eq(rig.gc.plan.kept.blobs, 3);
	ck_assert_uint_eq(rig.gc.plan.kept.manifests, 1);
	ck_assert_uint_eq(rig.gc.plan.kept.bytes,
	    strlen(kept.body) + strlen("config of kept") +
		strlen("layer of kept"));
	rig_release(&rig);
}
END_TEST

/* A victim's name and generation are those of the object that is meant. */
START_TEST(every_victim_is_an_object_that_goes_by_its_own_generation)
{
	uint64_t seed, generation;
	int section;
	size_t i;

	for (seed = 0; seed < 100; seed++) {
		struct maker *r = maker_new(seed, 2);
		struct storage_op op;
		struct buf name;
		struct rig rig;

		rig_init(&rig, seed, true);
		rig.opts.root = maker_root(r);
		maker_fill(r, rig.mem);
		ck_assert_int_eq(rig_plan(&rig), 0);
		buf_init(&name, 4096);
		storage_op_init(&op);
		for (section = 0; section < PLAN_SECTIONS; section++) {
			for (i = 0; i < rig.gc.plan.victims[section].n; i++) {
				ck_assert_int_eq(plan_victim(&rig.gc.plan,
						     &rig.gc.mark.inv,
						     (enum plan_section)section,
						     i, &name, &generation,
						     &rig.err),
				    0);
				storage_ask_delete(&op, name.data);
				storage_if_generation(&op, generation);
				storage_submit(rig.mem, &op);
				ck_assert_ptr_eq(storage_reap(rig.mem), &op);
				ck_assert_int_eq(op.verdict, STORAGE_OK);
			}
		}
		maker_judge(r, true);
		ck_assert_ptr_null(maker_difference(r, rig.mem));
		storage_op_release(&op);
		buf_release(&name);
		rig_release(&rig);
		maker_free(r);
	}
}
END_TEST

START_TEST(all_manifests_and_all_blobs_are_what_was_listed)
{
	struct image tagged, untagged;
	struct plan manifests, blobs;
	struct rig rig;

	rig_init(&rig, 1, false);
	scene_image(rig.mem, "a", "v1", "tagged", &tagged);
	scene_image(rig.mem, "b/c", NULL, "untagged", &untagged);
	ck_assert_int_eq(rig_plan(&rig), 0);
	ck_assert_uint_eq(plan_count(&rig.gc.plan), 0);
	plan_init(&manifests);
	plan_init(&blobs);
	plan_all_manifests(&manifests, &rig.gc.mark);
	plan_all_blobs(&blobs, &rig.gc.mark);
	ck_assert_uint_eq(manifests.victims[PLAN_TAGS].n, 1);
	ck_assert_uint_eq(manifests.victims[PLAN_REVISIONS].n, 2);
	ck_assert_uint_eq(manifests.victims[PLAN_BLOBS].n, 0);
	ck_assert_uint_eq(plan_count(&blobs), 6);
	plan_release(&manifests);
	plan_release(&blobs);
	rig_release(&rig);
}
END_TEST

START_TEST(sections_have_names)
{
	ck_assert_str_eq(plan_section_name(PLAN_TAGS), "tag reference");
	ck_assert_str_eq(plan_section_name(PLAN_REVISIONS), "manifest");
	ck_assert_str_eq(plan_section_name(PLAN_BLOBS), "blob");
}
END_TEST

int
main(void)
{
	return suite_run("plan", bytes_and_counts_are_those_of_the_bucket,
	    every_victim_is_an_object_that_goes_by_its_own_generation,
	    all_manifests_and_all_blobs_are_what_was_listed,
	    sections_have_names, NULL);
}
