/* SPDX-License-Identifier: MIT */
/* gc: what is young stays, and so does what it needs; how much of it is kept for
 * that alone is counted. */
#include <stdio.h>
#include <string.h>

#include "src/storage/mem_store.h"
#include "tests/support/rig.h"
#include "tests/support/scene.h"
#include "tests/support/suite.h"

#define WALL UINT64_C(1800000000000000)
#define DAY  UINT64_C(86400000000)
/* The first page is heard when the store's own clock has moved a little. */
#define OLD (WALL - DAY - 1000000)

static void
begin(struct rig *rig, bool delete_untagged)
{
	rig_init(rig, 1, delete_untagged);
	rig->opts.mark.min_age_us = DAY;
	/* What is put from here on is old, until it is said otherwise. */
	mem_store_set_wall(rig->mem, OLD);
}

static void
run(struct rig *rig)
{
	mem_store_set_wall(rig->mem, WALL);
	rig_collect(rig);
}

/* folder: below the layout, with its slash. */
static void
make(struct rig *rig, uint64_t created_us, const char *folder,
    const struct text *digest)
{
	char name[640];

	snprintf(name, sizeof(name), "docker/registry/v2/%ssha256/%s/link",
	    folder, scene_hex(digest));
	mem_store_set_created(rig->mem, name, created_us);
}

static void
make_blob(struct rig *rig, uint64_t created_us, const struct text *digest)
{
	struct text blob = scene_blob_name(digest);
	char name[640];

	snprintf(name, sizeof(name), "docker/registry/v2/%s", blob.s);
	mem_store_set_created(rig->mem, name, created_us);
}

#define REVISION "repositories/a/_manifests/revisions/"
#define INDEX    "repositories/a/_manifests/tags/v1/index/"
#define LAYER    "repositories/b/c/_layers/"

START_TEST(young_blobs_stay_and_old_ones_go)
{
	struct text old, young, unknown;
	struct rig rig;

	begin(&rig, false);
	old = scene_blob(rig.mem, "old");
	young = scene_blob(rig.mem, "young");
	unknown = scene_blob(rig.mem, "says no time");
	make_blob(&rig, WALL, &young);
	make_blob(&rig, 0, &unknown);
	run(&rig);
	ck_assert(!scene_has_blob(rig.mem, &old));
	ck_assert(scene_has_blob(rig.mem, &young));
	ck_assert(scene_has_blob(rig.mem, &unknown));
	ck_assert_uint_eq(rig.gc.plan.kept.young_blobs, 2);
	ck_assert_uint_eq(rig.gc.plan.kept.young_bytes,
	    strlen("young") + strlen("says no time"));
	ck_assert_uint_eq(rig.gc.plan.kept.blobs, 2);
	rig_release(&rig);
}
END_TEST

/* Not older than the limit is young: to the microsecond, by the clock that the
 * server told. */
START_TEST(the_limit_itself_is_young)
{
	struct text at, before;
	struct rig rig;

	begin(&rig, false);
	at = scene_blob(rig.mem, "at");
	before = scene_blob(rig.mem, "before");
	mem_store_set_wall(rig.mem, WALL);
	ck_assert_int_eq(rig_plan(&rig), 0);
	make_blob(&rig, rig.gc.mark.inv.young_from_us, &at);
	make_blob(&rig, rig.gc.mark.inv.young_from_us - 1, &before);
	ck_assert_uint_eq(rig.gc.mark.inv.young_from_us,
	    rig.gc.mark.server_us - DAY);
	rig_again(&rig);
	/* The same instant once more. */
	mem_store_set_wall(rig.mem, WALL);
	rig_collect(&rig);
	ck_assert(scene_has_blob(rig.mem, &at));
	ck_assert(!scene_has_blob(rig.mem, &before));
	rig_release(&rig);
}
END_TEST

START_TEST(a_young_untagged_manifest_keeps_all_that_it_names)
{
	struct image young, old, tagged;
	struct rig rig;

	begin(&rig, true);
	scene_image(rig.mem, "a", "v1", "tagged", &tagged);
	scene_image(rig.mem, "a", NULL, "young", &young);
	scene_image(rig.mem, "a", NULL, "old", &old);
	make(&rig, WALL, REVISION, &young.manifest);
	run(&rig);
	ck_assert(scene_has_revision(rig.mem, "a", &young.manifest));
	ck_assert(scene_has_blob(rig.mem, &young.manifest));
	ck_assert(scene_has_blob(rig.mem, &young.layer));
	ck_assert(!scene_has_revision(rig.mem, "a", &old.manifest));
	ck_assert(!scene_has_blob(rig.mem, &old.layer));
	ck_assert_uint_eq(rig.gc.plan.kept.manifests, 2);
	ck_assert_uint_eq(rig.gc.plan.kept.young_manifests, 1);
	ck_assert_uint_eq(rig.gc.plan.kept.young_blobs, 3);
	ck_assert_uint_eq(rig.gc.plan.kept.young_links, 0);
	rig_release(&rig);
}
END_TEST

/* A tag that was moved to it and away again writes no link but the index's. */
START_TEST(a_young_tag_reference_keeps_its_manifest)
{
	struct image moved, now;
	struct rig rig;

	begin(&rig, true);
	scene_image(rig.mem, "a", NULL, "moved", &moved);
	scene_image(rig.mem, "a", "v1", "now", &now);
	scene_index(rig.mem, "a", "v1", &moved.manifest);
	scene_index(rig.mem, "a", "v2", &moved.manifest);
	scene_index(rig.mem, "b", "v1", &moved.manifest);
	make(&rig, WALL, INDEX, &moved.manifest);
	run(&rig);
	ck_assert(scene_has_revision(rig.mem, "a", &moved.manifest));
	ck_assert(scene_has_index(rig.mem, "a", "v1", &moved.manifest));
	ck_assert(scene_has_index(rig.mem, "a", "v2", &moved.manifest));
	ck_assert_uint_eq(rig.watch.deletes, 0);
	ck_assert_uint_eq(rig.gc.plan.kept.young_links, 2);
	ck_assert_uint_eq(rig.gc.plan.kept.young_manifests, 1);
	rig_release(&rig);
}
END_TEST

START_TEST(a_reference_in_another_repository_keeps_nothing)
{
	struct image untagged, tagged;
	struct rig rig;

	begin(&rig, true);
	scene_image(rig.mem, "b", "v1", "tagged", &tagged);
	scene_image(rig.mem, "b", NULL, "untagged", &untagged);
	scene_index(rig.mem, "a", "v1", &untagged.manifest);
	make(&rig, WALL, INDEX, &untagged.manifest);
	run(&rig);
	ck_assert(!scene_has_revision(rig.mem, "b", &untagged.manifest));
	rig_release(&rig);
}
END_TEST

/* A push that finds an old layer writes nothing but its link. */
START_TEST(a_blob_with_a_young_layer_link_stays)
{
	struct text reused, stale;
	struct rig rig;

	begin(&rig, false);
	reused = scene_blob(rig.mem, "found by a push");
	stale = scene_blob(rig.mem, "linked long ago");
	scene_put(rig.mem, reused.s, LAYER "sha256/%s/link",
	    scene_hex(&reused));
	scene_put(rig.mem, stale.s, LAYER "sha256/%s/link", scene_hex(&stale));
	make(&rig, WALL, LAYER, &reused);
	run(&rig);
	ck_assert(scene_has_blob(rig.mem, &reused));
	ck_assert(!scene_has_blob(rig.mem, &stale));
	ck_assert_uint_eq(rig.gc.plan.kept.young_blobs, 1);
	rig_release(&rig);
}
END_TEST

START_TEST(what_is_live_anyway_is_not_counted_as_young)
{
	struct image image, sharing;
	struct rig rig;

	begin(&rig, true);
	mem_store_set_wall(rig.mem, WALL); /* all of it is young */
	scene_image(rig.mem, "a", "v1", "shared", &image);
	scene_image_body(rig.mem, "shared", ",\"more\":1", &sharing);
	scene_blob(rig.mem, sharing.body);
	scene_revision(rig.mem, "a", &sharing.manifest);
	run(&rig);
	ck_assert_uint_eq(rig.watch.deletes, 0);
	ck_assert_uint_eq(rig.gc.plan.kept.manifests, 2);
	ck_assert_uint_eq(rig.gc.plan.kept.young_manifests, 1);
	ck_assert_uint_eq(rig.gc.plan.kept.blobs, 4);
	ck_assert_uint_eq(rig.gc.plan.kept.young_blobs, 1);
	ck_assert_uint_eq(rig.gc.plan.kept.young_bytes, strlen(sharing.body));
	rig_release(&rig);
}
END_TEST

START_TEST(without_a_minimum_age_none_matters)
{
	struct image image, tagged;
	struct text orphan, unknown;
	struct rig rig;

	begin(&rig, true);
	rig.opts.mark.min_age_us = 0;
	mem_store_set_wall(rig.mem, WALL);
	scene_image(rig.mem, "a", "v1", "tagged", &tagged);
	scene_image(rig.mem, "a", NULL, "young", &image);
	orphan = scene_blob(rig.mem, "young");
	scene_put(rig.mem, orphan.s, LAYER "sha256/%s/link",
	    scene_hex(&orphan));
	unknown = scene_blob(rig.mem, "says no time");
	make_blob(&rig, 0, &unknown);
	run(&rig);
	ck_assert(!scene_has_revision(rig.mem, "a", &image.manifest));
	ck_assert(!scene_has_blob(rig.mem, &orphan));
	ck_assert(!scene_has_blob(rig.mem, &unknown));
	ck_assert_uint_eq(rig.gc.plan.kept.young_manifests, 0);
	ck_assert_uint_eq(rig.gc.plan.kept.young_blobs, 0);
	rig_release(&rig);
}
END_TEST

START_TEST(a_server_that_tells_no_time_is_refused)
{
	struct rig rig;

	rig_init(&rig, 1, false);
	rig.opts.mark.min_age_us = DAY;
	scene_blob(rig.mem, "orphan");
	ck_assert_int_eq(rig_plan(&rig), -1);
	ck_assert_int_eq(rig.err.code, ERR_REFUSED);
	ck_assert_ptr_nonnull(strstr(rig.err.text, "--min-age 0"));
	ck_assert_uint_eq(rig.watch.deletes, 0);
	rig_release(&rig);
}
END_TEST

/* --- why the rest goes --- */

static const char *
why(const struct rig *rig, enum plan_section section, const struct text *digest)
{
	const struct plan *plan = &rig->gc.plan;
	const struct inventory *inv = &rig->gc.mark.inv;
	struct digest want, got;
	uint32_t node, v;
	size_t i;

	ck_assert_int_eq(digest_parse(digest->s, strlen(digest->s), &want), 0);
	for (i = 0; i < plan->victims[section].n; i++) {
		v = plan->victims[section].v[i];
		node = section == PLAN_BLOBS    ? v
		    : section == PLAN_REVISIONS ? inv->revisions.v[v].node
						: inv->tag_indexes.v[v].node;
		inventory_digest(inv, node, &got);
		if (digest_equal(&want, &got))
			return plan_reason_text(
			    plan_reason(plan, &rig->gc.mark, section, i));
	}
	return "it stays";
}

START_TEST(every_victim_has_its_reason)
{
	struct image doomed, kept;
	struct text orphan;
	struct rig rig;

	begin(&rig, true);
	scene_image(rig.mem, "a", "v1", "kept", &kept);
	scene_image(rig.mem, "a", NULL, "doomed", &doomed);
	scene_index(rig.mem, "a", "v1", &doomed.manifest);
	orphan = scene_blob(rig.mem, "orphan");
	run(&rig);
	ck_assert_str_eq(why(&rig, PLAN_TAGS, &doomed.manifest),
	    "its manifest goes");
	ck_assert_str_eq(why(&rig, PLAN_REVISIONS, &doomed.manifest),
	    "no tag names it");
	ck_assert_str_eq(why(&rig, PLAN_BLOBS, &doomed.manifest),
	    "it is a manifest that goes");
	ck_assert_str_eq(why(&rig, PLAN_BLOBS, &doomed.layer),
	    "only manifests that go name it");
	ck_assert_str_eq(why(&rig, PLAN_BLOBS, &orphan), "nothing names it");
	ck_assert_str_eq(why(&rig, PLAN_BLOBS, &kept.layer), "it stays");
	rig_release(&rig);
}
END_TEST

int
main(void)
{
	return suite_run("gc_young", young_blobs_stay_and_old_ones_go,
	    the_limit_itself_is_young,
	    a_young_untagged_manifest_keeps_all_that_it_names,
	    a_young_tag_reference_keeps_its_manifest,
	    a_reference_in_another_repository_keeps_nothing,
	    a_blob_with_a_young_layer_link_stays,
	    what_is_live_anyway_is_not_counted_as_young,
	    without_a_minimum_age_none_matters,
	    a_server_that_tells_no_time_is_refused, every_victim_has_its_reason,
	    NULL);
}
