/* SPDX-License-Identifier: MIT */
/* gc on odd layouts: what is missing, what is empty, names that no registry
 * would write; and the guard against a mark that found nothing. */
#include <string.h>

#include "src/storage/mem_store.h"
#include "tests/support/rig.h"
#include "tests/support/scene.h"
#include "tests/support/suite.h"

START_TEST(an_empty_bucket_is_nothing_to_do)
{
	int mode;

	for (mode = 0; mode < 2; mode++) {
		struct rig rig;

		rig_init(&rig, 1, mode);
		rig.opts.guards.allow_empty_mark = false;
		rig_collect(&rig);
		ck_assert_uint_eq(plan_count(&rig.gc.plan), 0);
		rig_release(&rig);
	}
}
END_TEST

START_TEST(links_without_any_blob_stop_nothing)
{
	struct text d = scene_digest("x", 1);
	struct rig rig;

	rig_init(&rig, 1, true);
	scene_revision(rig.mem, "a", &d);
	scene_tag(rig.mem, "a", "v1", &d);
	rig_collect(&rig);
	ck_assert_uint_eq(mem_store_count(rig.mem), 3);
	ck_assert_uint_eq(rig.gc.mark.dangling, 1);
	rig_release(&rig);
}
END_TEST

START_TEST(a_repository_without_manifests_is_left_as_it_is)
{
	struct image image;
	struct text layer;
	struct rig rig;

	rig_init(&rig, 1, true);
	scene_image(rig.mem, "b", "v1", "b", &image);
	layer = scene_blob(rig.mem, "a pushed layer");
	scene_put(rig.mem, layer.s, "repositories/a/_layers/sha256/%s/link",
	    scene_hex(&layer));
	scene_put(rig.mem, "x", "repositories/a/_uploads/77/data");
	rig_collect(&rig);
	ck_assert(!scene_has_blob(rig.mem, &layer));
	ck_assert(scene_has(rig.mem, "repositories/a/_layers/sha256/%s/link",
	    scene_hex(&layer)));
	ck_assert(scene_has(rig.mem, "repositories/a/_uploads/77/data"));
	ck_assert(scene_has_blob(rig.mem, &image.layer));
	rig_release(&rig);
}
END_TEST

/* Upstream stops (2.8) or leaves a hole (main) when the folder is missing. */
START_TEST(a_repository_without_tags_has_only_untagged_manifests)
{
	struct image a, b;
	struct rig rig;

	rig_init(&rig, 1, true);
	scene_image(rig.mem, "a", NULL, "a", &a);
	scene_image(rig.mem, "b", "v1", "b", &b);
	rig_collect(&rig);
	ck_assert(!scene_has_revision(rig.mem, "a", &a.manifest));
	ck_assert(!scene_has_blob(rig.mem, &a.manifest));
	ck_assert(scene_has_revision(rig.mem, "b", &b.manifest));
	ck_assert(scene_has_blob(rig.mem, &b.layer));
	rig_release(&rig);
}
END_TEST

START_TEST(placeholder_objects_and_strangers_stay)
{
	static const char *const names[] = { "repositories/", "repositories/x/",
		"repositories/a/", "blobs/", "blobs/sha256/",
		"blobs/sha256/ab/", "blobs/sha256/ab/cd/data",
		"repositories/a/_manifests/", "repositories/_manifests/x",
		"repositories/a/_manifests/revisions/",
		"repositories/a/_manifests/tags/v1/",
		"repositories/a/_manifests/tags/v1/index/sha256/ab/link",
		"repositories/a/readme", "notes", "repositories/x/y" };
	size_t i, before;
	int mode;

	for (mode = 0; mode < 2; mode++) {
		struct image image;
		struct rig rig;

		rig_init(&rig, 1, mode);
		scene_image(rig.mem, "a", "v1", "a", &image);
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			scene_put(rig.mem, "", "%s", names[i]);
		before = mem_store_count(rig.mem);
		rig_collect(&rig);
		ck_assert_uint_eq(mem_store_count(rig.mem), before);
		rig_release(&rig);
	}
}
END_TEST

START_TEST(a_repository_with_a_name_of_nobodys_is_kept_whole)
{
	static const char *const names[] = { "Bad/Name", "UPPER", "a..b/x",
		"-a", "a/B", "a-/b", "a b", "a_b_", "a//b" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct image odd, good;
		struct rig rig;

		rig_init(&rig, i, true);
		scene_image(rig.mem, names[i], "v1", "odd", &odd);
		scene_image(rig.mem, names[i], NULL, "odd2", &odd);
		scene_image(rig.mem, "good", NULL, "good", &good);
		rig_collect(&rig);
		ck_assert_msg(scene_has_revision(rig.mem, names[i],
				  &odd.manifest) &&
			scene_has_blob(rig.mem, &odd.layer),
		    "%s is not whole", names[i]);
		ck_assert(!scene_has_revision(rig.mem, "good", &good.manifest));
		ck_assert(rig_has_damage(&rig, names[i]));
		rig_release(&rig);
	}
}
END_TEST

START_TEST(an_odd_link_under_revisions_keeps_all_manifests_of_its_repository)
{
	static const char *const tails[] = { "link", "sha256/zz/link",
		"sha256/link", "md5/ab/link" };
	size_t i;

	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		struct image untagged, elsewhere;
		struct rig rig;

		rig_init(&rig, i, true);
		scene_image(rig.mem, "a", NULL, "untagged", &untagged);
		scene_image(rig.mem, "b", NULL, "elsewhere", &elsewhere);
		scene_put(rig.mem, untagged.layer.s,
		    "repositories/a/_manifests/revisions/%s", tails[i]);
		rig_collect(&rig);
		ck_assert(scene_has_revision(rig.mem, "a", &untagged.manifest));
		ck_assert(scene_has_blob(rig.mem, &untagged.layer));
		ck_assert(scene_has(rig.mem,
		    "repositories/a/_manifests/revisions/%s", tails[i]));
		ck_assert(!scene_has_blob(rig.mem, &elsewhere.layer));
		ck_assert(rig_has_damage(&rig, tails[i]));
		rig_release(&rig);
	}
}
END_TEST

START_TEST(an_odd_link_keeps_what_its_body_names)
{
	struct image image, other;
	struct rig rig;

	rig_init(&rig, 1, true);
	scene_image(rig.mem, "b", "v1", "other", &other);
	scene_image_body(rig.mem, "image", "", &image);
	image.manifest = scene_blob(rig.mem, image.body);
	scene_put(rig.mem, image.manifest.s,
	    "repositories/a/_manifests/revisions/odd/link");
	rig_collect(&rig);
	ck_assert(scene_has_blob(rig.mem, &image.manifest));
	ck_assert(scene_has_blob(rig.mem, &image.config));
	ck_assert(scene_has_blob(rig.mem, &image.layer));
	rig_release(&rig);
}
END_TEST

START_TEST(an_odd_link_that_names_nothing_ends_the_mark)
{
	static const char *const bodies[] = { "", "sha256:x", "blake3:00" };
	struct image image;
	struct rig rig;
	size_t i;

	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		rig_init(&rig, i, true);
		scene_image(rig.mem, "a", "v1", "image", &image);
		scene_blob(rig.mem, "garbage");
		scene_put(rig.mem, bodies[i],
		    "repositories/a/_manifests/revisions/blake3/00/link");
		ck_assert_int_eq(rig_plan(&rig), -1);
		ck_assert_int_eq(rig.err.code, ERR_CORRUPT);
		rig_release(&rig);
	}
}
END_TEST

START_TEST(a_signature_of_an_old_registry_is_kept_without_a_fuss)
{
	struct image image;
	struct text signature;
	struct rig rig;

	rig_init(&rig, 1, true);
	scene_image(rig.mem, "a", "v1", "image", &image);
	signature = scene_blob(rig.mem, "no manifest, and no JSON either");
	scene_put(rig.mem, signature.s,
	    "repositories/a/_manifests/revisions/sha256/%s/signatures/sha256/"
	    "%s/link",
	    scene_hex(&image.manifest), scene_hex(&signature));
	rig_collect(&rig);
	ck_assert(scene_has_blob(rig.mem, &signature));
	ck_assert_uint_eq(rig.gc.mark.damages.n, 0);
	rig_release(&rig);
}
END_TEST

/* Its revision goes all the same; its name is never sent. */
START_TEST(an_index_link_of_a_tag_with_an_odd_name_stays)
{
	static const char *const tags[] = { "a tag", ".", "..", "-x", "a:b",
		"\xc3\xa9" };
	size_t i;

	for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		struct image untagged, tagged;
		struct rig rig;

		rig_init(&rig, i, true);
		scene_image(rig.mem, "a", "v1", "tagged", &tagged);
		scene_image(rig.mem, "a", NULL, "untagged", &untagged);
		scene_index(rig.mem, "a", tags[i], &untagged.manifest);
		scene_index(rig.mem, "a", "v1", &untagged.manifest);
		rig_collect(&rig);
		ck_assert(
		    scene_has_index(rig.mem, "a", tags[i], &untagged.manifest));
		ck_assert(
		    !scene_has_index(rig.mem, "a", "v1", &untagged.manifest));
		ck_assert(
		    !scene_has_revision(rig.mem, "a", &untagged.manifest));
		ck_assert(scene_has_blob(rig.mem, &tagged.layer));
		rig_release(&rig);
	}
}
END_TEST

START_TEST(a_tag_with_an_odd_name_still_keeps_its_manifest)
{
	struct image image;
	struct rig rig;

	rig_init(&rig, 2, true);
	scene_image(rig.mem, "a", "an odd tag", "image", &image);
	rig_collect(&rig);
	ck_assert_uint_eq(rig.watch.deletes, 0);
	rig_release(&rig);
}
END_TEST

/* --- what is empty is suspicious --- */

START_TEST(a_registry_where_nothing_is_live_is_refused)
{
	struct image image;
	struct rig rig;

	rig_init(&rig, 1, true);
	rig.opts.guards.allow_empty_mark = false;
	scene_image(rig.mem, "a", NULL, "a", &image);
	ck_assert_int_eq(rig_plan(&rig), -1);
	ck_assert_int_eq(rig.err.code, ERR_REFUSED);
	ck_assert_uint_eq(rig.watch.deletes, 0);
	rig_again(&rig);
	rig.opts.guards.allow_empty_mark = true;
	rig_collect(&rig);
	ck_assert_uint_eq(mem_store_count(rig.mem), 0);
	rig_release(&rig);
}
END_TEST

START_TEST(blobs_under_repositories_that_lost_their_links_are_refused)
{
	struct text layer;
	struct rig rig;

	rig_init(&rig, 1, false);
	rig.opts.guards.allow_empty_mark = false;
	layer = scene_blob(rig.mem, "layer");
	scene_put(rig.mem, layer.s, "repositories/a/_layers/sha256/%s/link",
	    scene_hex(&layer));
	ck_assert_int_eq(rig_plan(&rig), -1);
	ck_assert_int_eq(rig.err.code, ERR_REFUSED);
	rig_release(&rig);
}
END_TEST

START_TEST(blobs_without_any_repository_are_refused)
{
	struct text signature;
	struct rig rig;

	rig_init(&rig, 1, false);
	rig.opts.guards.allow_empty_mark = false;
	scene_blob(rig.mem, "an empty listing of repositories looks like this");
	ck_assert_int_eq(rig_plan(&rig), -1);
	ck_assert_int_eq(rig.err.code, ERR_REFUSED);
	/* A signature that is left over is no sign of life. */
	rig_again(&rig);
	rig.opts.guards.allow_empty_mark = false;
	signature = scene_blob(rig.mem, "signature");
	scene_put(rig.mem, signature.s,
	    "repositories/a/_manifests/revisions/sha256/%s/signatures/sha256/"
	    "%s/link",
	    scene_hex(&signature), scene_hex(&signature));
	ck_assert_int_eq(rig_plan(&rig), -1);
	ck_assert_int_eq(rig.err.code, ERR_REFUSED);
	rig_release(&rig);
}
END_TEST

START_TEST(another_rootdirectory_is_another_registry)
{
	struct image image;
	struct rig rig;
	size_t before;

	rig_init(&rig, 1, true);
	rig.opts.root = "other";
	scene_image(rig.mem, "a", NULL, "a", &image);
	before = mem_store_count(rig.mem);
	rig_collect(&rig);
	ck_assert_uint_eq(mem_store_count(rig.mem), before);
	ck_assert_uint_eq(rig.gc.mark.inv.objects, 0);
	rig_release(&rig);
}
END_TEST

int
main(void)
{
	return suite_run("gc_layout", an_empty_bucket_is_nothing_to_do,
	    links_without_any_blob_stop_nothing,
	    a_repository_without_manifests_is_left_as_it_is,
	    a_repository_without_tags_has_only_untagged_manifests,
	    placeholder_objects_and_strangers_stay,
	    a_repository_with_a_name_of_nobodys_is_kept_whole,
	    an_odd_link_under_revisions_keeps_all_manifests_of_its_repository,
	    an_odd_link_keeps_what_its_body_names,
	    an_odd_link_that_names_nothing_ends_the_mark,
	    a_signature_of_an_old_registry_is_kept_without_a_fuss,
	    an_index_link_of_a_tag_with_an_odd_name_stays,
	    a_tag_with_an_odd_name_still_keeps_its_manifest,
	    a_registry_where_nothing_is_live_is_refused,
	    blobs_under_repositories_that_lost_their_links_are_refused,
	    blobs_without_any_repository_are_refused,
	    another_rootdirectory_is_another_registry, NULL);
}
