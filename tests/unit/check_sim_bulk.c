/* SPDX-License-Identifier: MIT */
/* bulk: objects by formula, alone and among those of a bucket. */
#include "sim/bulk.h"

#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/cursor.h"
#include "sim/object.h"
#include "src/base/arena.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

static const char prefix[] = "docker/registry/v2/blobs/sha256/";

static const char *
name_of(const struct bulk *k, uint64_t i, struct arena *room)
{
	return object_name(bulk_object(k, i, room));
}

START_TEST(numbers_run_in_the_order_of_names_and_names_find_their_numbers)
{
	static const uint64_t sizes[] = { 1, 2, 3, 255, 256, 1000, 65537 };
	struct arena room = ARENA_INIT;
	const char *name, *before;
	struct bulk *k;
	size_t i, n;
	uint64_t at;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		k = bulk_new(prefix, sizes[i], i, 5, 100);
		before = "";
		arena_reset(&room);
		for (at = 0; at < k->n; at++) {
			name = name_of(k, at, &room);
			n = strlen(name);
			ck_assert_int_lt(strcmp(before, name), 0);
			ck_assert_uint_eq(bulk_find(k, name, n), at);
			ck_assert_uint_eq(bulk_seek(k, name, n), at);
			ck_assert_uint_eq(bulk_seek(k, name, n - 1), at);
			before = name;
		}
		bulk_free(k);
	}
	arena_release(&room);
}
END_TEST

START_TEST(a_name_is_a_blob_s_path)
{
	struct arena room = ARENA_INIT;
	struct bulk *k = bulk_new(prefix, 100, 1, 5, 100);
	const struct object *o = bulk_object(k, 42, &room);
	const char *rest = object_name(o) + strlen(prefix);

	ck_assert_int_eq(strncmp(object_name(o), prefix, strlen(prefix)), 0);
	ck_assert_uint_eq(strspn(rest, "0123456789abcdef"), 2);
	ck_assert_int_eq(rest[2], '/');
	ck_assert_int_eq(strncmp(rest, rest + 3, 2), 0);
	ck_assert_uint_eq(strspn(rest + 3, "0123456789abcdef"), 64);
	ck_assert_str_eq(rest + 67, "/data");
	ck_assert_uint_eq(o->size, 5);
	ck_assert_uint_eq(o->generation, 142);
	bulk_free(k);
	arena_release(&room);
}
END_TEST

/* Any text that is not a name: before, behind and between. */
START_TEST(seeking_any_text_is_as_good_as_looking_at_every_name)
{
	static const char letters[] = "0189abcfg/:~\x01\xff";
	struct arena room = ARENA_INIT;
	struct bulk *k = bulk_new(prefix, 300, 7, 5, 100);
	char probe[200];
	struct rng rng;
	uint64_t want;
	size_t n, j;
	int i;

	rng_init(&rng, 1);
	for (i = 0; i < 300; i += 3)
		bulk_remove(k, (uint64_t)i);
	ck_assert_uint_eq(k->left, 200);
	for (i = 0; i < 2000; i++) {
		arena_reset(&room);
		n = strlen(prefix) - (size_t)rng_below(&rng, 3) % 2;
		memcpy(probe, prefix, n);
		if (rng_below(&rng, 2) == 0) {
			j = (size_t)rng_below(&rng, k->n);
			strcpy(probe, name_of(k, j, &room));
			n = strlen(prefix) + (size_t)rng_below(&rng, 73);
		}
		for (j = (size_t)rng_below(&rng, 4); j > 0; j--)
			probe[n++] = letters[rng_below(&rng, 14)];
		probe[n] = '\0';
		for (want = 0; want < k->n; want++) {
			if (want % 3 != 0 &&
			    strcmp(name_of(k, want, &room), probe) >= 0)
				break;
		}
		ck_assert_msg(bulk_seek(k, probe, n) == want, "%s", probe);
	}
	bulk_free(k);
	arena_release(&room);
}
END_TEST

START_TEST(all_can_go_and_a_copy_keeps_its_own)
{
	struct bulk *k = bulk_new(prefix, 130, 3, 5, 100), *copy;
	uint64_t i;

	bulk_remove(k, 129);
	copy = bulk_dup(k);
	for (i = bulk_next(k, 0); i < k->n; i = bulk_next(k, 0))
		bulk_remove(k, i);
	ck_assert_uint_eq(k->left, 0);
	ck_assert_uint_eq(copy->left, 129);
	ck_assert_uint_eq(bulk_next(copy, 128), 128);
	ck_assert_uint_eq(bulk_next(copy, 129), 130);
	bulk_free(k);
	bulk_free(copy);
}
END_TEST

/* Number i, found in the bucket. */
static struct object *
find(struct bucket *b, uint64_t i)
{
	const struct object *o = bulk_object(b->bulk, i, b->room);

	return bucket_find(b, object_name(o), o->name_len);
}

static uint64_t
count(struct bucket *b, enum cursor_over over)
{
	const struct object *o, *last = NULL;
	struct cursor c;
	uint64_t n = 0;

	cursor_init(&c, b, over);
	for (o = cursor_seek(&c, "", 0, 0); o != NULL; o = cursor_next(&c)) {
		ck_assert(last == NULL ||
		    object_compare_name(last, object_name(o), o->name_len) <
			0 ||
		    last->generation < o->generation);
		last = o;
		n++;
	}
	return n;
}

START_TEST(what_happens_to_them_makes_objects_of_them)
{
	struct bucket *b = bucket_new("bulk", 0);
	struct object *o;
	char name[200];

	bucket_set_bulk(b, bulk_new(prefix, 100, 3, 5, 100));
	bucket_put(b, "a", 1, 7, 1, NULL);
	bucket_put(b, "z", 1, 7, 2, NULL);
	ck_assert_uint_eq(bucket_objects(b), 102);
	ck_assert_uint_eq(bucket_bytes(b), 514);
	ck_assert_uint_eq(count(b, CURSOR_LIVE), 102);

	o = bucket_change(b, find(b, 10), NULL, 5);
	ck_assert_uint_eq(o->metageneration, 2);
	ck_assert_uint_gt(o->height, 0);
	ck_assert_uint_eq(bucket_objects(b), 102);

	bucket_delete(b, find(b, 20), 1000);
	strcpy(name, object_name(bulk_object(b->bulk, 20, b->room)));
	ck_assert_ptr_null(bucket_find(b, name, strlen(name)));
	ck_assert_uint_eq(count(b, CURSOR_SOFT_DELETED), 1);
	b->config.has_versioning = true;
	bucket_delete(b, find(b, 30), 1000);
	ck_assert_uint_eq(count(b, CURSOR_VERSIONS), 101);
	strcpy(name, object_name(find(b, 40)));
	bucket_publish(b, name, strlen(name), 9, 1000, NULL, NULL);
	ck_assert_uint_eq(count(b, CURSOR_VERSIONS), 102);
	ck_assert_uint_eq(count(b, CURSOR_LIVE), 100);
	bucket_begin(b);
	bucket_forget(b, find(b, 50));
	ck_assert_uint_eq(bucket_objects(b), 99);
	ck_assert_uint_eq(count(b, CURSOR_LIVE), 99);
	bucket_free(b);
}
END_TEST

int
main(void)
{
	return suite_run("sim_bulk",
	    numbers_run_in_the_order_of_names_and_names_find_their_numbers,
	    a_name_is_a_blob_s_path,
	    seeking_any_text_is_as_good_as_looking_at_every_name,
	    all_can_go_and_a_copy_keeps_its_own,
	    what_happens_to_them_makes_objects_of_them, NULL);
}
