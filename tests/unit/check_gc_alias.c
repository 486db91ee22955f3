/* SPDX-License-Identifier: MIT */
/* gc on layers that were pushed by another digest than the registry keeps them
 * by: sha512 in the manifest, sha256 in blobs/, and the link below _layers/ that
 * joins them. */
#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/storage/mem_store.h"
#include "tests/support/rig.h"
#include "tests/support/scene.h"
#include "tests/support/suite.h"

/* An image whose layer is stored by one digest and named by another. */
struct pushed {
	struct image image;
	struct text name; /* of its layer, in the manifest */
};

static struct text
sha512_of(const char *bytes)
{
	struct text text;
	struct digest d;
	struct buf buf;

	digest_compute(DIGEST_SHA512, bytes, strlen(bytes), &d);
	buf_init(&buf, sizeof(text.s));
	digest_format(&d, &buf);
	snprintf(text.s, sizeof(text.s), "%s", buf.data);
	buf_release(&buf);
	return text;
}

static void
put_alias(struct storage *mem, const char *repo, const struct text *name,
    const char *body)
{
	scene_put(mem, body, "repositories/%s/_layers/sha512/%s/link", repo,
	    scene_hex(name));
}

static void
push(struct storage *mem, const char *tag, struct pushed *out)
{
	struct image *image = &out->image;
	char body[sizeof(image->body)];
	char *at;

	scene_image_body(mem, "pushed", "", image);
	out->name = sha512_of("layer of pushed");
	at = strstr(image->body, image->layer.s);
	snprintf(body, sizeof(body), "%.*s%s%s", (int)(at - image->body),
	    image->body, out->name.s, at + strlen(image->layer.s));
	image->manifest = scene_blob(mem, body);
	scene_revision(mem, "a", &image->manifest);
	if (tag != NULL)
		scene_tag(mem, "a", tag, &image->manifest);
	put_alias(mem, "a", &out->name, image->layer.s);
}

START_TEST(a_layer_stays_that_its_image_names_by_another_digest)
{
	uint64_t seed;

	for (seed = 0; seed < 4; seed++) {
		struct text garbage;
		struct pushed p;
		struct rig rig;

		rig_init(&rig, seed, seed / 2);
		rig.opts.guards.allow_missing = false;
		push(rig.mem, "v1", &p);
		garbage = scene_blob(rig.mem, "garbage");
		rig_collect(&rig);
		ck_assert(scene_has_blob(rig.mem, &p.image.layer));
		ck_assert(!scene_has_blob(rig.mem, &garbage));
		ck_assert_uint_eq(rig.gc.mark.damages.n, 0);
		rig_release(&rig);
	}
}
END_TEST

START_TEST(it_goes_with_its_image)
{
	uint64_t seed;

	for (seed = 0; seed < 2; seed++) {
		struct image other;
		struct pushed p;
		struct rig rig;

		rig_init(&rig, seed, true);
		push(rig.mem, NULL, &p);
		scene_image(rig.mem, "a", "v1", "other", &other);
		rig_collect(&rig);
		ck_assert(!scene_has_blob(rig.mem, &p.image.manifest));
		ck_assert(!scene_has_blob(rig.mem, &p.image.layer));
		ck_assert(scene_has_blob(rig.mem, &other.layer));
		rig_release(&rig);
	}
}
END_TEST

START_TEST(links_that_disagree_are_all_believed)
{
	uint64_t seed;

	for (seed = 0; seed < 4; seed++) {
		struct text elsewhere;
		struct pushed p;
		struct rig rig;

		rig_init(&rig, seed, seed / 2);
		push(rig.mem, "v1", &p);
		elsewhere = scene_blob(rig.mem, "elsewhere");
		put_alias(rig.mem, "b", &p.name, elsewhere.s);
		put_alias(rig.mem, "c", &p.name, elsewhere.s);
		rig_collect(&rig);
		ck_assert(scene_has_blob(rig.mem, &p.image.layer));
		ck_assert(scene_has_blob(rig.mem, &elsewhere));
		rig_release(&rig);
	}
}
END_TEST

START_TEST(a_link_to_what_is_not_there_leaves_a_hole)
{
	uint64_t seed;

	for (seed = 0; seed < 2; seed++) {
		struct pushed p;
		struct rig rig;

		rig_init(&rig, seed, true);
		rig.opts.guards.allow_missing = false;
		push(rig.mem, "v1", &p);
		scene_remove(rig.mem, "%s", scene_blob_name(&p.image.layer).s);
		scene_blob(rig.mem, "garbage");
		ck_assert_int_eq(rig_plan(&rig), -1);
		ck_assert_int_eq(rig.err.code, ERR_REFUSED);
		ck_assert_uint_eq(rig.gc.mark.holes.needed, 1);
		ck_assert_ptr_nonnull(strstr(rig.err.text, p.image.layer.s));
		rig_release(&rig);
	}
}
END_TEST

START_TEST(a_link_that_holds_no_digest_is_named_and_leaves_a_hole)
{
	uint64_t seed;

	for (seed = 0; seed < 2; seed++) {
		struct pushed p;
		struct rig rig;

		rig_init(&rig, seed, true);
		rig.opts.guards.allow_missing = false;
		push(rig.mem, "v1", &p);
		put_alias(rig.mem, "a", &p.name, "");
		ck_assert_int_eq(rig_plan(&rig), -1);
		ck_assert_int_eq(rig.err.code, ERR_REFUSED);
		ck_assert(rig_has_damage(&rig, scene_hex(&p.name)));
		rig_release(&rig);
	}
}
END_TEST

/* What stays behind when a blob is swept: no request is spent on it where the
 * listing tells the MD5, and none on links of blobs that are there. */
START_TEST(a_link_of_its_own_digest_is_no_alias)
{
	uint64_t seed;

	for (seed = 0; seed < 2; seed++) {
		struct text gone = sha512_of("gone");
		struct image image;
		struct rig rig;

		rig_init(&rig, seed, false);
		scene_image(rig.mem, "a", "v1", "image", &image);
		put_alias(rig.mem, "a", &gone, gone.s);
		scene_put(rig.mem, image.layer.s,
		    "repositories/a/_layers/sha256/%s/link",
		    scene_hex(&image.layer));
		rig_collect(&rig);
		ck_assert_uint_eq(rig.gc.mark.graph.aliases.n, 0);
		ck_assert_uint_eq(rig.gc.mark.reads.known, seed == 0 ? 1 : 3);
		ck_assert_uint_eq(rig.gc.mark.damages.n, 0);
		rig_release(&rig);
	}
}
END_TEST

/* The API deletes layers link by link. */
static void
remove_alias(void *arg, struct storage_op *op)
{
	struct rig *rig = arg;

	if (op->kind == STORAGE_GET && strstr(op->name.data, "_layers") != NULL)
		mem_store_remove(rig->mem, op->name.data);
}

START_TEST(a_link_that_goes_meanwhile_is_no_alias)
{
	struct pushed p;
	struct rig rig;

	rig_init(&rig, 1, true);
	push(rig.mem, "v1", &p);
	rig.watch.on_submit = remove_alias;
	rig.watch.arg = &rig;
	ck_assert_int_eq(rig_plan(&rig), 0);
	ck_assert_uint_eq(rig.gc.mark.graph.aliases.n, 0);
	ck_assert_uint_eq(rig.gc.mark.holes.needed, 1);
	rig_release(&rig);
}
END_TEST

int
main(void)
{
	return suite_run("gc_alias",
	    a_layer_stays_that_its_image_names_by_another_digest,
	    it_goes_with_its_image, links_that_disagree_are_all_believed,
	    a_link_to_what_is_not_there_leaves_a_hole,
	    a_link_that_holds_no_digest_is_named_and_leaves_a_hole,
	    a_link_of_its_own_digest_is_no_alias,
	    a_link_that_goes_meanwhile_is_no_alias, NULL);
}
