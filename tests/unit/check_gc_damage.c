/* SPDX-License-Identifier: MIT */
/* gc meets damage: it keeps more, never less, says so, and stops where it
 * cannot know.  Built twice: with listings that tell the MD5 of links, damage is
 * found all the same. */
#include <stdio.h>
#include <string.h>

#include "src/registry/manifest.h"
#include "src/storage/mem_store.h"
#include "tests/support/maker.h"
#include "tests/support/rig.h"
#include "tests/support/scene.h"
#include "tests/support/suite.h"

/* Two images, the first tagged, and a blob of nobody's. */
struct stage {
	struct rig rig;
	struct image tagged, untagged;
	struct text garbage;
};

static void
set_stage(struct stage *st, bool delete_untagged)
{
	rig_init(&st->rig, 7, delete_untagged);
#ifdef WITH_MD5
	rig_tell_md5(&st->rig);
#endif
	scene_image(st->rig.mem, "a", "v1", "tagged", &st->tagged);
	scene_image(st->rig.mem, "a", NULL, "untagged", &st->untagged);
	st->garbage = scene_blob(st->rig.mem, "garbage");
}

static bool
has_image(struct storage *mem, const char *repo, const struct image *image)
{
	return scene_has_blob(mem, &image->manifest) &&
	    scene_has_blob(mem, &image->config) &&
	    scene_has_blob(mem, &image->layer) &&
	    (repo == NULL || scene_has_revision(mem, repo, &image->manifest));
}

static void
expect_stop(struct stage *st, enum err_code code)
{
	size_t before = mem_store_count(st->rig.mem);

	ck_assert_int_eq(rig_plan(&st->rig), -1);
	ck_assert_msg(st->rig.err.code == code, "%s", st->rig.err.text);
	ck_assert_uint_eq(st->rig.watch.deletes, 0);
	ck_assert_uint_eq(mem_store_count(st->rig.mem), before);
}

START_TEST(without_damage_the_untagged_image_and_the_garbage_go)
{
	struct stage st;

	set_stage(&st, true);
	rig_collect(&st.rig);
	ck_assert(has_image(st.rig.mem, "a", &st.tagged));
	ck_assert(!scene_has_blob(st.rig.mem, &st.untagged.manifest));
	ck_assert(!scene_has_blob(st.rig.mem, &st.untagged.layer));
	ck_assert(!scene_has_revision(st.rig.mem, "a", &st.untagged.manifest));
	ck_assert(!scene_has_blob(st.rig.mem, &st.garbage));
	ck_assert_uint_eq(st.rig.gc.mark.damages.n, 0);
	rig_release(&st.rig);
}
END_TEST

/* --- links --- */

START_TEST(a_bad_revision_link_keeps_the_manifest_of_its_path)
{
	char newline[200], tail[200], upper[200];
	const char *bodies[] = { "", "\n", "sha256", "sha256:", "x", newline,
		tail, upper, "sha256:00",
		"md5:00112233445566778899aabbccddeeff" };
	size_t i, mode;
	char *p;

	for (i = 0; i < 2 * sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct stage st;

		mode = i & 1;
		set_stage(&st, mode);
		snprintf(newline, sizeof(newline), "%s\n",
		    st.untagged.manifest.s);
		snprintf(tail, sizeof(tail), "%s0", st.untagged.manifest.s);
		snprintf(upper, sizeof(upper), "%s", st.untagged.manifest.s);
		for (p = upper + 7; *p != '\0'; p++)
			*p = *p >= 'a' ? (char)(*p - 32) : *p;
		scene_put(st.rig.mem, bodies[i / 2],
		    "repositories/a/_manifests/revisions/sha256/%s/link",
		    scene_hex(&st.untagged.manifest));
		rig_collect(&st.rig);
		ck_assert_msg(has_image(st.rig.mem, "a", &st.untagged),
		    "link '%s', untagged %zu: lost", bodies[i / 2], mode);
		ck_assert(has_image(st.rig.mem, "a", &st.tagged));
		ck_assert(!scene_has_blob(st.rig.mem, &st.garbage));
		ck_assert_uint_eq(st.rig.gc.mark.damages.n, 1);
		ck_assert(
		    rig_has_damage(&st.rig, scene_hex(&st.untagged.manifest)));
		rig_release(&st.rig);
	}
}
END_TEST

START_TEST(a_revision_link_with_another_digest_keeps_both)
{
	int mode;

	for (mode = 0; mode < 2; mode++) {
		struct image other;
		struct stage st;

		set_stage(&st, mode);
		scene_image_body(st.rig.mem, "other", "", &other);
		scene_blob(st.rig.mem, other.body);
		scene_put(st.rig.mem, other.manifest.s,
		    "repositories/a/_manifests/revisions/sha256/%s/link",
		    scene_hex(&st.untagged.manifest));
		rig_collect(&st.rig);
		ck_assert(has_image(st.rig.mem, "a", &st.untagged));
		ck_assert(has_image(st.rig.mem, NULL, &other));
		ck_assert(!scene_has_blob(st.rig.mem, &st.garbage));
		ck_assert(rig_has_damage(&st.rig, "both are kept"));
		rig_release(&st.rig);
	}
}
END_TEST

START_TEST(a_link_longer_than_any_digest_stops_the_mark)
{
	struct stage st;
	char body[400];

	set_stage(&st, false);
	memset(body, 'a', sizeof(body) - 1);
	body[sizeof(body) - 1] = '\0';
	scene_put(st.rig.mem, body,
	    "repositories/a/_manifests/revisions/sha256/%s/link",
	    scene_hex(&st.untagged.manifest));
	expect_stop(&st, ERR_PROTOCOL);
	rig_release(&st.rig);
}
END_TEST

START_TEST(a_bad_current_link_keeps_every_manifest_of_its_repository)
{
	static const char *const bodies[] = { "", "v1", "sha256:xyz", "\n" };
	size_t i;

	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct image elsewhere;
		struct stage st;

		set_stage(&st, true);
		scene_image(st.rig.mem, "b", NULL, "elsewhere", &elsewhere);
		scene_put(st.rig.mem, bodies[i],
		    "repositories/a/_manifests/tags/broken/current/link");
		rig_collect(&st.rig);
		ck_assert(has_image(st.rig.mem, "a", &st.tagged));
		ck_assert(has_image(st.rig.mem, "a", &st.untagged));
		ck_assert(!has_image(st.rig.mem, "b", &elsewhere));
		ck_assert(!scene_has_blob(st.rig.mem, &st.garbage));
		ck_assert(rig_has_damage(&st.rig, "tags/broken/current/link"));
		rig_release(&st.rig);
	}
}
END_TEST

START_TEST(a_tag_of_an_unknown_digest_keeps_what_it_names)
{
	struct image unlinked;
	struct stage st;
	struct text nowhere = scene_digest("nowhere", 7);

	set_stage(&st, true);
	scene_image_body(st.rig.mem, "unlinked", "", &unlinked);
	scene_blob(st.rig.mem, unlinked.body);
	scene_tag(st.rig.mem, "a", "v2", &unlinked.manifest);
	scene_tag(st.rig.mem, "a", "v3", &nowhere);
	rig_collect(&st.rig);
	ck_assert(has_image(st.rig.mem, NULL, &unlinked));
	ck_assert(scene_has_index(st.rig.mem, "a", "v2", &unlinked.manifest));
	ck_assert(scene_has_index(st.rig.mem, "a", "v3", &nowhere));
	ck_assert(!scene_has_blob(st.rig.mem, &st.untagged.manifest));
	ck_assert(rig_has_damage(&st.rig, "tags/v2/current/link"));
	ck_assert(rig_has_damage(&st.rig, "tags/v3/current/link"));
	ck_assert_uint_eq(st.rig.gc.mark.damages.n, 2);
	rig_release(&st.rig);
}
END_TEST

START_TEST(a_revision_whose_blob_is_gone_stops_nothing)
{
	struct stage st;

	set_stage(&st, false);
	scene_remove(st.rig.mem, "%s",
	    scene_blob_name(&st.untagged.manifest).s);
	rig_collect(&st.rig);
	ck_assert(has_image(st.rig.mem, "a", &st.tagged));
	ck_assert(scene_has_revision(st.rig.mem, "a", &st.untagged.manifest));
	ck_assert(!scene_has_blob(st.rig.mem, &st.untagged.layer));
	ck_assert_uint_eq(st.rig.gc.mark.dangling, 1);
	rig_release(&st.rig);
	set_stage(&st, true);
	scene_remove(st.rig.mem, "%s", scene_blob_name(&st.tagged.manifest).s);
	rig_collect(&st.rig);
	ck_assert(scene_has_revision(st.rig.mem, "a", &st.tagged.manifest));
	ck_assert(rig_has_damage(&st.rig, "its manifest is missing"));
	rig_release(&st.rig);
}
END_TEST

/* --- manifests --- */

START_TEST(a_flipped_byte_in_any_manifest_stops_the_mark)
{
	uint64_t seed;
	size_t i, n, flipped = 0;

	for (seed = 0; seed < 40; seed++) {
		struct maker *r = maker_new(seed, 2);

		for (i = 0; i < maker_count(r); i++) {
			const char *bytes = maker_bytes(r, i, &n);
			char copy[8192];
			struct rig rig;

			if (bytes[0] != '{')
				continue;
			memcpy(copy, bytes, n);
			copy[seed * 7 % n] ^= 1;
			rig_init(&rig, seed, seed & 1);
			rig.opts.root = maker_root(r);
			maker_fill(r, rig.mem);
			mem_store_put(rig.mem, maker_name(r, i), copy, n);
			if (rig_plan(&rig) == 0) {
				/* Nobody calls it a manifest. */
				ck_assert_int_eq(rig_sweep(&rig), 0);
				maker_judge(r, seed & 1);
				ck_assert_ptr_null(
				    maker_difference(r, rig.mem));
			} else {
				ck_assert_int_eq(rig.err.code, ERR_CORRUPT);
				ck_assert_uint_eq(rig.watch.deletes, 0);
				flipped++;
			}
			rig_release(&rig);
		}
		maker_free(r);
	}
	ck_assert_uint_gt(flipped, 200);
}
END_TEST

START_TEST(a_manifest_that_is_not_json_stops_the_mark)
{
	static const char *const bodies[] = { "", "{", "not json", "[]", "{}x",
		"\"text\"", "{\"a\":\"\xff\"}", "null" };
	size_t i;

	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct stage st;
		struct text bad;

		set_stage(&st, i & 1);
		bad = scene_blob(st.rig.mem, bodies[i]);
		scene_revision(st.rig.mem, "z", &bad);
		expect_stop(&st, ERR_CORRUPT);
		ck_assert(strstr(st.rig.err.text, bad.s) != NULL);
		rig_release(&st.rig);
	}
}
END_TEST

START_TEST(a_child_that_is_no_manifest_and_no_revision_is_only_a_blob)
{
	struct stage st;
	struct text layer, index;
	const struct text *children[1] = { &layer };

	set_stage(&st, true);
	layer = scene_blob(st.rig.mem, "a cache's layer");
	index = scene_list(st.rig.mem, children, 1);
	scene_revision(st.rig.mem, "cache", &index);
	scene_tag(st.rig.mem, "cache", "buildcache", &index);
	rig_collect(&st.rig);
	ck_assert(scene_has_blob(st.rig.mem, &layer));
	ck_assert(!scene_has_blob(st.rig.mem, &st.garbage));
	rig_release(&st.rig);
}
END_TEST

/* Build caches are indexes whose children are layers, of any size. */
START_TEST(a_child_larger_than_any_manifest_is_only_a_blob)
{
	struct stage st;
	struct text layer = scene_digest("5 MiB", 5), index;
	const struct text *children[1] = { &layer };
	char name[300];

	set_stage(&st, true);
	snprintf(name, sizeof(name), "docker/registry/v2/%s",
	    scene_blob_name(&layer).s);
	mem_store_load(st.rig.mem, name, MANIFEST_MAX + 1);
	index = scene_list(st.rig.mem, children, 1);
	scene_revision(st.rig.mem, "cache", &index);
	scene_tag(st.rig.mem, "cache", "buildcache", &index);
	rig_collect(&st.rig);
	ck_assert(scene_has_blob(st.rig.mem, &layer));
	ck_assert(!scene_has_blob(st.rig.mem, &st.garbage));
	rig_release(&st.rig);
}
END_TEST

START_TEST(a_revision_larger_than_any_manifest_stops_the_mark)
{
	struct text large = scene_digest("5 MiB", 5);
	struct stage st;
	char name[300];

	set_stage(&st, false);
	snprintf(name, sizeof(name), "docker/registry/v2/%s",
	    scene_blob_name(&large).s);
	mem_store_load(st.rig.mem, name, MANIFEST_MAX + 1);
	scene_revision(st.rig.mem, "a", &large);
	expect_stop(&st, ERR_CORRUPT);
	rig_release(&st.rig);
}
END_TEST

/* --- a manifest that is given up by name --- */

/* Spoils the tagged image's manifest in one of these ways. */
enum spoiling { WRONG_BYTES, EMPTY, NO_JSON, TOO_LARGE, SPOILINGS };

static struct text
spoil(struct stage *st, enum spoiling how)
{
	static const char *const bodies[SPOILINGS] = { "{}", "", "no JSON" };
	struct text t = st->tagged.manifest;
	char name[300];

	if (how == NO_JSON || how == TOO_LARGE)
		t = scene_digest(bodies[NO_JSON], strlen(bodies[NO_JSON]));
	snprintf(name, sizeof(name), "docker/registry/v2/%s",
	    scene_blob_name(&t).s);
	if (how == TOO_LARGE)
		mem_store_load(st->rig.mem, name, MANIFEST_MAX + 1);
	else
		mem_store_put(st->rig.mem, name, bodies[how],
		    strlen(bodies[how]));
	if (how == NO_JSON || how == TOO_LARGE) {
		scene_revision(st->rig.mem, "a", &t);
		scene_tag(st->rig.mem, "a", "v1", &t);
	}
	return t;
}

static void
ignore(struct stage *st, struct digest *d, const struct text *t)
{
	ck_assert_int_eq(digest_parse(t->s, strlen(t->s), d), 0);
	st->rig.opts.mark.ignored = d;
	st->rig.opts.mark.ignored_n = 1;
}

START_TEST(a_damaged_manifest_ends_the_mark_and_is_told_with_the_way_out)
{
	char way[300];
	int how, mode;

	for (how = 0; how < 2 * SPOILINGS; how++) {
		struct stage st;
		struct text t;

		mode = how % 2;
		set_stage(&st, mode);
		t = spoil(&st, (enum spoiling)(how / 2));
		expect_stop(&st, ERR_CORRUPT);
		snprintf(way, sizeof(way), "--ignore-manifest %s", t.s);
		ck_assert_msg(strstr(st.rig.err.text, way) != NULL, "%s",
		    st.rig.err.text);
		rig_release(&st.rig);
	}
}
END_TEST

START_TEST(a_damaged_manifest_that_is_given_up_stays_and_keeps_nothing)
{
	int how, mode;

	for (how = 0; how < 2 * SPOILINGS; how++) {
		struct stage st;
		struct digest d;
		struct text t;

		mode = how % 2;
		set_stage(&st, mode);
		t = spoil(&st, (enum spoiling)(how / 2));
		ignore(&st, &d, &t);
		rig_collect(&st.rig);
		ck_assert(rig_has_damage(&st.rig, scene_blob_name(&t).s));
		ck_assert_uint_eq(st.rig.gc.mark.damages.n, 1);
		ck_assert(scene_has_blob(st.rig.mem, &t));
		ck_assert(scene_has_revision(st.rig.mem, "a", &t));
		ck_assert(!scene_has_blob(st.rig.mem, &st.garbage));
		if (how / 2 <= EMPTY) /* nothing else named its layer */
			ck_assert(
			    !scene_has_blob(st.rig.mem, &st.tagged.layer));
		ck_assert_int_eq(scene_has_blob(st.rig.mem, &st.untagged.layer),
		    !mode);
		rig_release(&st.rig);
	}
}
END_TEST

/* It may be that no tag names it: damage keeps more. */
START_TEST(an_untagged_manifest_that_is_given_up_stays_too)
{
	struct stage st;
	struct digest d;
	char name[300];

	set_stage(&st, true);
	snprintf(name, sizeof(name), "docker/registry/v2/%s",
	    scene_blob_name(&st.untagged.manifest).s);
	mem_store_put(st.rig.mem, name, "x", 1);
	ignore(&st, &d, &st.untagged.manifest);
	rig_collect(&st.rig);
	ck_assert(scene_has_revision(st.rig.mem, "a", &st.untagged.manifest));
	ck_assert(scene_has_blob(st.rig.mem, &st.untagged.manifest));
	ck_assert(!scene_has_blob(st.rig.mem, &st.untagged.layer));
	ck_assert(has_image(st.rig.mem, "a", &st.tagged));
	rig_release(&st.rig);
}
END_TEST

/* Mended since, or never damaged: it keeps what it names, and is no damage. */
START_TEST(a_sound_manifest_is_never_given_up)
{
	struct stage st;
	struct digest d;

	set_stage(&st, true);
	ignore(&st, &d, &st.tagged.manifest);
	rig_collect(&st.rig);
	ck_assert(has_image(st.rig.mem, "a", &st.tagged));
	ck_assert_uint_eq(st.rig.gc.mark.damages.n, 0);
	rig_release(&st.rig);
}
END_TEST

/* Nor is one that we were not allowed to read, or did not get. */
START_TEST(giving_up_excuses_no_read_that_failed)
{
	static const enum err_code codes[] = { ERR_DENIED, ERR_NET,
		ERR_THROTTLED, ERR_AUTH };
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct stage st;
		struct digest d;

		set_stage(&st, true);
		ignore(&st, &d, &st.tagged.manifest);
		st.rig.rule = (struct faulty_rule){
			.kinds = 1U << STORAGE_GET,
			.count = 1000,
			.verdict = codes[i] == ERR_DENIED ? STORAGE_DENIED
							  : STORAGE_FAILED,
			.code = codes[i],
		};
		expect_stop(&st, codes[i]);
		rig_release(&st.rig);
	}
}
END_TEST

/* Whether it is read as an index's child before or after some later page shows
 * that it is a revision must make no difference. */
START_TEST(a_broken_revision_that_is_also_a_child_stops_the_mark_in_any_order)
{
	size_t limit;

	for (limit = 0; limit < 12; limit++) {
		const struct text *children[1];
		struct text broken, index;
		struct stage st;

		set_stage(&st, true);
		broken = scene_blob(st.rig.mem, "no manifest");
		children[0] = &broken;
		index = scene_list(st.rig.mem, children, 1);
		scene_revision(st.rig.mem, "a", &index);
		scene_tag(st.rig.mem, "a", "list", &index);
		scene_revision(st.rig.mem, "z", &broken);
		st.rig.watch.page_limit = limit;
		st.rig.opts.mark.width = 1;
		expect_stop(&st, ERR_CORRUPT);
		rig_release(&st.rig);
	}
}
END_TEST

START_TEST(an_unknown_media_type_keeps_all_that_it_names)
{
	struct stage st;
	struct text blob, artifact;
	char body[512];

	set_stage(&st, true);
	blob = scene_blob(st.rig.mem, "an artifact's blob");
	snprintf(body, sizeof(body),
	    "{\"schemaVersion\":7,\"mediaType\":\"application/x-future\","
	    "\"things\":[[{\"hash\":\"%s\"}]]}",
	    blob.s);
	artifact = scene_blob(st.rig.mem, body);
	scene_revision(st.rig.mem, "a", &artifact);
	scene_tag(st.rig.mem, "a", "future", &artifact);
	rig_collect(&st.rig);
	ck_assert(scene_has_blob(st.rig.mem, &blob));
	ck_assert(scene_has_blob(st.rig.mem, &artifact));
	ck_assert_uint_eq(st.rig.gc.mark.unknown_manifests, 1);
	ck_assert(!scene_has_blob(st.rig.mem, &st.garbage));
	rig_release(&st.rig);
}
END_TEST

int
main(void)
{
	return suite_run("gc_damage",
	    without_damage_the_untagged_image_and_the_garbage_go,
	    a_bad_revision_link_keeps_the_manifest_of_its_path,
	    a_revision_link_with_another_digest_keeps_both,
	    a_link_longer_than_any_digest_stops_the_mark,
	    a_bad_current_link_keeps_every_manifest_of_its_repository,
	    a_tag_of_an_unknown_digest_keeps_what_it_names,
	    a_revision_whose_blob_is_gone_stops_nothing,
	    a_flipped_byte_in_any_manifest_stops_the_mark,
	    a_manifest_that_is_not_json_stops_the_mark,
	    a_child_that_is_no_manifest_and_no_revision_is_only_a_blob,
	    a_child_larger_than_any_manifest_is_only_a_blob,
	    a_revision_larger_than_any_manifest_stops_the_mark,
	    a_damaged_manifest_ends_the_mark_and_is_told_with_the_way_out,
	    a_damaged_manifest_that_is_given_up_stays_and_keeps_nothing,
	    an_untagged_manifest_that_is_given_up_stays_too,
	    a_sound_manifest_is_never_given_up,
	    giving_up_excuses_no_read_that_failed,
	    a_broken_revision_that_is_also_a_child_stops_the_mark_in_any_order,
	    an_unknown_media_type_keeps_all_that_it_names, NULL);
}
