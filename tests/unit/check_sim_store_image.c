/* SPDX-License-Identifier: MIT */
/* store: images, of worlds without a simulator. */
#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/bulk.h"
#include "sim/http.h"
#include "sim/store.h"
#include "sim/world.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_file.h"

enum { LONG = 20 * 1024 * 1024 };

START_TEST(objects_by_formula_stay_a_formula)
{
	struct err err = ERR_INIT;
	struct world from = { 0 }, to = { 0 };
	struct buf image;
	struct bucket *b = world_add(&from, "demo", 1);

	bucket_set_bulk(b, bulk_new("docker/", 1000000, 7, 100, 1000));
	bulk_remove(b->bulk, 0);
	bulk_remove(b->bulk, 999999);
	buf_init(&image, HTTP_MAX_BODY);
	ck_assert_int_eq(store_write_image(&from, &image, &err), 0);
	ck_assert_uint_lt(image.len, 128 * 1024);
	ck_assert_msg(store_read_image(image.data, image.len, &to, &err) == 0,
	    "%s", err.text);
	ck_assert(bulk_is_same(b->bulk, to.buckets->bulk));
	buf_release(&image);
	world_release(&from);
	world_release(&to);
}
END_TEST

/* It takes two rows, and the one behind it another. */
START_TEST(long_bytes_come_back_and_are_written_once)
{
	struct err err = ERR_INIT;
	struct world from = { 0 }, to = { 0 };
	struct bucket *b = world_add(&from, "demo", 1);
	struct payload *p = payload_alloc(LONG);
	const struct object *x, *y;
	struct buf image;

	memset(p->bytes, 'x', LONG);
	payload_hash(p);
	p->stored = 4711;
	p->stored_at = 4712;
	bucket_publish(b, "a", 1, LONG, 1, payload_share(p), NULL);
	bucket_publish(b, "b", 1, 1, 2, payload_new("y", 1), NULL);
	bucket_publish(b, "c", 1, LONG, 3, p, NULL);
	buf_init(&image, HTTP_MAX_BODY);
	ck_assert_int_eq(store_write_image(&from, &image, &err), 0);
	ck_assert_uint_eq(p->stored, 4711);
	ck_assert_uint_eq(p->stored_at, 4712);
	ck_assert_uint_lt(image.len, LONG + LONG / 2);
	ck_assert_msg(store_read_image(image.data, image.len, &to, &err) == 0,
	    "%s", err.text);
	x = bucket_find(to.buckets, "a", 1);
	y = bucket_find(to.buckets, "c", 1);
	ck_assert_ptr_eq(x->payload, y->payload);
	ck_assert_uint_eq(x->payload->stored, 0);
	ck_assert_uint_eq(x->payload->size, LONG);
	ck_assert_int_eq(memcmp(x->payload->bytes, p->bytes, LONG), 0);
	ck_assert_int_eq(bucket_find(to.buckets, "b", 1)->payload->bytes[0],
	    'y');
	buf_release(&image);
	world_release(&from);
	world_release(&to);
}
END_TEST

START_TEST(a_world_without_buckets_has_its_last_generation)
{
	struct err err = ERR_INIT;
	struct world from = { 0 }, to = { 0 };
	struct buf image;

	from.last_generation = 12345;
	buf_init(&image, HTTP_MAX_BODY);
	ck_assert_int_eq(store_write_image(&from, &image, &err), 0);
	ck_assert_msg(store_read_image(image.data, image.len, &to, &err) == 0,
	    "%s", err.text);
	ck_assert_uint_eq(to.last_generation, 12345);
	ck_assert_ptr_null(to.buckets);
	ck_assert_ptr_null(to.keys);
	buf_release(&image);
	world_release(&from);
	world_release(&to);
}
END_TEST

START_TEST(a_file_of_the_first_format_is_taken)
{
	struct err err = ERR_INIT;
	struct world w = { 0 };
	struct buf image;
	struct store *s;

	file_set_up();
	s = file_open(&w);
	bucket_publish(world_add(&w, "one", 0), "a/b", 3, 1, 1,
	    payload_new("x", 1), NULL);
	file_commit(s);
	store_close(s);
	world_release(&w);
	file_change("ALTER TABLE world DROP COLUMN keys");
	file_change("PRAGMA user_version=1");
	buf_init(&image, HTTP_MAX_BODY);
	file_read(&image);
	w = (struct world){ 0 };
	ck_assert_msg(store_read_image(image.data, image.len, &w, &err) == 0,
	    "%s", err.text);
	ck_assert_ptr_nonnull(bucket_find(w.buckets, "a/b", 3));
	world_release(&w);
	file_tear_down();
	buf_release(&image);
}
END_TEST

START_TEST(what_is_larger_than_there_is_room_for_is_said_to_be)
{
	struct err err = ERR_INIT;
	struct world w = { 0 };
	struct buf image;
	char *bytes = mem_zalloc(1, 1024 * 1024);

	bucket_publish(world_add(&w, "one", 0), "a", 1, 1024 * 1024, 1,
	    payload_new(bytes, 1024 * 1024), NULL);
	buf_init(&image, 512 * 1024);
	ck_assert_int_eq(store_write_image(&w, &image, &err), -1);
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.text, "more than 524288 bytes"));
	ck_assert_uint_eq(image.len, 0);
	buf_release(&image);
	world_release(&w);
	free(bytes);
}
END_TEST

int
main(void)
{
	return suite_run("sim_store_image", objects_by_formula_stay_a_formula,
	    long_bytes_come_back_and_are_written_once,
	    a_world_without_buckets_has_its_last_generation,
	    a_file_of_the_first_format_is_taken,
	    what_is_larger_than_there_is_room_for_is_said_to_be, NULL);
}
