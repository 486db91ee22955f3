/* SPDX-License-Identifier: MIT */
/* inventory: what a listing showed, by index, and what a new listing undoes. */
#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/registry/inventory.h"
#include "src/storage/storage.h"
#include "tests/support/suite.h"

static const char hex[] =
    "00aabbccddeeff00112233445566778899aabbccddeeff001122334455667788";

static void
begin(struct inventory *inv)
{
	struct err err = ERR_INIT;

	ck_assert_int_eq(inventory_init(inv, "", &err), 0);
}

/* "%s" in the format stands for the digits. */
static struct inventory_entry
add(struct inventory *inv, uint32_t epoch, uint64_t generation,
    const char *head, const char *tail)
{
	struct inventory_entry entry;
	char name[1024];

	snprintf(name, sizeof(name), "docker/registry/v2/%s%s%s", head,
	    tail[0] != '\0' ? hex : "", tail);
	inventory_add(inv,
	    &(struct storage_object){
		.name = name,
		.generation = generation,
		.size = 10,
	    },
	    epoch, &entry);
	return entry;
}

static const char *
formatted(const struct inventory *inv, struct path path)
{
	static struct buf out;

	buf_release(&out);
	buf_init(&out, 2048);
	path_format(&inv->paths, &path, &out);
	return out.data + inv->paths.prefix_len;
}

START_TEST(a_blob_is_a_node_with_size_and_generation)
{
	struct inventory inv;
	struct digest d, back;
	uint32_t n;

	begin(&inv);
	add(&inv, 0, 77, "blobs/sha256/00/", "/data");
	ck_assert_uint_eq(inv.nodes.n, 1);
	ck_assert_int_eq(digest_parse_parts("sha256", 6, hex, 64, &d), 0);
	n = inventory_find(&inv, &d);
	ck_assert_uint_eq(n, 0);
	ck_assert_uint_eq(inventory_node(&inv, &d), n);
	ck_assert_uint_eq(inv.nodes.v[n].blob_generation, 77);
	ck_assert_uint_eq(inv.nodes.v[n].blob_size, 10);
	inventory_digest(&inv, n, &back);
	ck_assert(digest_equal(&d, &back));
	d.raw[31] ^= 1;
	ck_assert_uint_eq(inventory_find(&inv, &d), HMAP_NONE);
	d.raw[31] ^= 1;
	d.alg = DIGEST_SHA512; /* the same first bytes */
	ck_assert_uint_eq(inventory_find(&inv, &d), HMAP_NONE);
	inventory_release(&inv);
}
END_TEST

START_TEST(links_are_indexed_and_their_names_written_again)
{
	struct inventory inv;
	struct inventory_entry e;

	begin(&inv);
	e = add(&inv, 0, 5, "repositories/a/b/_manifests/revisions/sha256/",
	    "/link");
	ck_assert_int_eq(e.path.kind, PATH_REVISION);
	ck_assert_str_eq(formatted(&inv,
			     inventory_revision_path(&inv,
				 &inv.revisions.v[e.index])),
	    "repositories/a/b/_manifests/revisions/sha256/"
	    "00aabbccddeeff00112233445566778899aabbccddeeff001122334455667788"
	    "/link");
	e = add(&inv, 0, 6, "repositories/a/b/_manifests/tags/v1/current/link",
	    "");
	ck_assert_int_eq(e.path.kind, PATH_TAG_CURRENT);
	ck_assert(inv.tags.v[e.index].has_current);
	ck_assert_str_eq(formatted(&inv,
			     inventory_current_path(&inv,
				 &inv.tags.v[e.index])),
	    "repositories/a/b/_manifests/tags/v1/current/link");
	add(&inv, 0, 7, "repositories/a/b/_manifests/tags/v1/index/sha256/",
	    "/link");
	ck_assert_uint_eq(inv.tags.n, 1);
	ck_assert_uint_eq(inv.tag_indexes.n, 1);
	ck_assert_uint_eq(inv.tag_indexes.v[0].generation, 7);
	ck_assert_str_eq(formatted(&inv,
			     inventory_tag_index_path(&inv,
				 &inv.tag_indexes.v[0])),
	    "repositories/a/b/_manifests/tags/v1/index/sha256/"
	    "00aabbccddeeff00112233445566778899aabbccddeeff001122334455667788"
	    "/link");
	ck_assert_uint_eq(inv.repositories.n, 1);
	ck_assert_str_eq(inv.repositories.v[0].name, "a/b");
	ck_assert_uint_eq(inv.nodes.n, 1);
	ck_assert(inv.nodes.v[0].is_revision);
	ck_assert_uint_eq(inv.nodes.v[0].blob_generation, 0);
	inventory_release(&inv);
}
END_TEST

START_TEST(everything_is_counted_and_strangers_apart)
{
	struct inventory inv;

	begin(&inv);
	add(&inv, 0, 1, "blobs/", "");
	add(&inv, 0, 1, "repositories/x/", "");
	add(&inv, 0, 1, "repositories/x/_uploads/1/data", "");
	add(&inv, 0, 1, "blobs/sha256/00/", "/data");
	ck_assert_uint_eq(inv.objects, 4);
	ck_assert_uint_eq(inv.bytes, 40);
	ck_assert_uint_eq(inv.foreign, 2);
	ck_assert_uint_eq(inv.repositories.n, 1);
	inventory_release(&inv);
}
END_TEST

START_TEST(the_same_tag_in_two_repositories_is_two_tags)
{
	struct inventory inv;

	begin(&inv);
	add(&inv, 0, 1, "repositories/a/_manifests/tags/v1/current/link", "");
	add(&inv, 0, 1, "repositories/b/_manifests/tags/v1/current/link", "");
	add(&inv, 0, 1, "repositories/b/_manifests/tags/v10/current/link", "");
	ck_assert_uint_eq(inv.tags.n, 3);
	ck_assert_uint_eq(inv.repositories.n, 2);
	inventory_release(&inv);
}
END_TEST

/* Parts of a listing come in any order, and a cut may go through a tag. */
START_TEST(the_objects_of_a_tag_may_come_apart)
{
	struct inventory inv;
	struct inventory_entry e;

	begin(&inv);
	add(&inv, 0, 1, "repositories/a/_manifests/tags/v1/index/sha256/",
	    "/link");
	add(&inv, 0, 1, "repositories/b/_manifests/tags/v1/current/link", "");
	add(&inv, 0, 1, "repositories/a/_manifests/tags/v2/current/link", "");
	e = add(&inv, 0, 1, "repositories/a/_manifests/tags/v1/current/link",
	    "");
	ck_assert_uint_eq(inv.tags.n, 3);
	ck_assert_uint_eq(e.index, inv.tag_indexes.v[0].tag);
	ck_assert(inv.tags.v[e.index].has_current);
	inventory_forget(&inv, 0);
	e = add(&inv, 1, 1, "repositories/a/_manifests/tags/v1/current/link",
	    "");
	ck_assert_uint_eq(e.index, 3); /* it is another now */
	inventory_release(&inv);
}
END_TEST

START_TEST(a_new_listing_undoes_the_old_one)
{
	struct inventory inv;
	struct inventory_entry old, stale, new;

	begin(&inv);
	old = add(&inv, 0, 1, "repositories/a/_manifests/revisions/sha256/",
	    "/link");
	add(&inv, 0, 1, "repositories/a/_manifests/tags/v1/current/link", "");
	inv.repositories.v[0].keeps_all = true;
	inventory_forget(&inv, 0);
	ck_assert(!inv.repositories.v[0].keeps_all);
	ck_assert(!inventory_has_revision(&inv, &inv.revisions.v[old.index]));
	ck_assert(!inventory_has_tag(&inv, &inv.tags.v[0]));
	/* What the old listing still has to show is not taken in. */
	stale = add(&inv, 0, 1, "repositories/a/_manifests/revisions/sha256/",
	    "/link");
	ck_assert_int_eq(stale.path.kind, PATH_REPOSITORY);
	ck_assert_uint_eq(inv.revisions.n, 1);
	/* Of layers there is no new one. */
	stale = add(&inv, 0, 1, "repositories/a/_layers/sha256/", "/link");
	ck_assert_int_eq(stale.path.kind, PATH_LAYER);
	new = add(&inv, 1, 2, "repositories/a/_manifests/revisions/sha256/",
	    "/link");
	ck_assert_int_eq(new.path.kind, PATH_REVISION);
	ck_assert(inventory_has_revision(&inv, &inv.revisions.v[new.index]));
	ck_assert_uint_eq(inv.revisions.v[new.index].generation, 2);
	add(&inv, 1, 1, "repositories/a/_manifests/tags/v1/current/link", "");
	ck_assert(inventory_has_tag(&inv, &inv.tags.v[1]));
	inventory_release(&inv);
}
END_TEST

START_TEST(revisions_are_found_by_repository_and_digest)
{
	struct inventory inv;
	struct inventory_entry a, b;
	struct hmap map;

	begin(&inv);
	hmap_init(&map);
	a = add(&inv, 0, 1, "repositories/a/_manifests/revisions/sha256/",
	    "/link");
	b = add(&inv, 0, 1, "repositories/b/_manifests/revisions/sha256/",
	    "/link");
	inventory_index_revision(&inv, &map, a.index);
	ck_assert_uint_eq(inventory_indexed_revision(&inv, &map, 0, 0),
	    a.index);
	ck_assert_uint_eq(inventory_indexed_revision(&inv, &map, 1, 0),
	    HMAP_NONE);
	inventory_index_revision(&inv, &map, b.index);
	ck_assert_uint_eq(inventory_indexed_revision(&inv, &map, 1, 0),
	    b.index);
	hmap_release(&map);
	inventory_release(&inv);
}
END_TEST

START_TEST(a_bad_root_is_refused_and_can_be_released)
{
	struct err err = ERR_INIT;
	struct inventory inv;

	ck_assert_int_eq(inventory_init(&inv, "a\nb", &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	inventory_release(&inv);
}
END_TEST

int
main(void)
{
	return suite_run("inventory", a_blob_is_a_node_with_size_and_generation,
	    links_are_indexed_and_their_names_written_again,
	    everything_is_counted_and_strangers_apart,
	    the_same_tag_in_two_repositories_is_two_tags,
	    the_objects_of_a_tag_may_come_apart,
	    a_new_listing_undoes_the_old_one,
	    revisions_are_found_by_repository_and_digest,
	    a_bad_root_is_refused_and_can_be_released, NULL);
}
