/* SPDX-License-Identifier: MIT */
/* store: what was committed is there again, all of it and nothing else. */
#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/bulk.h"
#include "sim/meta.h"
#include "sim/rollback.h"
#include "sim/session.h"
#include "sim/store.h"
#include "sim/world.h"
#include "src/base/arena.h"
#include "src/base/mem.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_file.h"

enum { LONG = 40 * 1024 * 1024 };

/* --- worlds --- */

static void
check_same_object(const struct object *a, const struct object *b)
{
	ck_assert_str_eq(object_name(a), object_name(b));
	ck_assert_uint_eq(a->generation, b->generation);
	ck_assert_uint_eq(a->size, b->size);
	ck_assert_uint_eq(a->updated_us, b->updated_us);
	ck_assert_uint_eq(a->ended_us, b->ended_us);
	ck_assert_uint_eq(a->hard_delete_us, b->hard_delete_us);
	ck_assert_uint_eq(a->metageneration, b->metageneration);
	ck_assert_uint_eq(a->state, b->state);
	ck_assert_int_eq(a->payload == NULL, b->payload == NULL);
	ck_assert_int_eq(a->meta == NULL, b->meta == NULL);
	if (a->payload != NULL) {
		ck_assert_uint_eq(a->payload->size, b->payload->size);
		ck_assert_uint_eq(a->payload->crc32c, b->payload->crc32c);
		ck_assert_mem_eq(a->payload->md5, b->payload->md5, HASH_MD5);
		ck_assert_int_eq(memcmp(a->payload->bytes, b->payload->bytes,
				     a->payload->size),
		    0);
	}
	if (a->meta != NULL) {
		ck_assert_uint_eq(meta_size(a->meta), meta_size(b->meta));
		ck_assert_mem_eq(a->meta, b->meta, meta_size(a->meta));
	}
}

static void
check_same_index(const struct index *a, const struct index *b)
{
	const struct object *x = a->head[0], *y = b->head[0];

	ck_assert_uint_eq(a->n, b->n);
	ck_assert_uint_eq(a->bytes, b->bytes);
	for (; x != NULL && y != NULL; x = index_next(x), y = index_next(y))
		check_same_object(x, y);
	ck_assert_ptr_eq(x, y);
}

static void
check_same_config(const struct bucket *x, const struct bucket *y)
{
	const struct bucket_config *a = &x->config, *b = &y->config;

	ck_assert_uint_eq(x->created_us, y->created_us);
	ck_assert_uint_eq(x->updated_us, y->updated_us);
	ck_assert_uint_eq(x->metageneration, y->metageneration);
	ck_assert_int_eq(a->has_versioning, b->has_versioning);
	ck_assert_int_eq(a->default_event_based_hold,
	    b->default_event_based_hold);
	ck_assert_int_eq(a->retention_is_locked, b->retention_is_locked);
	ck_assert_uint_eq(a->soft_delete_s, b->soft_delete_s);
	ck_assert_uint_eq(a->soft_delete_since_us, b->soft_delete_since_us);
	ck_assert_uint_eq(a->retention_s, b->retention_s);
	ck_assert_uint_eq(a->retention_since_us, b->retention_since_us);
	ck_assert_pstr_eq(a->extra, b->extra);
}

static void
check_same_upload(const struct upload_session *a,
    const struct upload_session *b)
{
	ck_assert_str_eq(a->id, b->id);
	ck_assert_uint_eq(a->started_us, b->started_us);
	ck_assert_int_eq(a->state, b->state);
	ck_assert_str_eq(a->bucket, b->bucket);
	ck_assert_str_eq(a->name, b->name);
	ck_assert_int_eq(a->object == NULL, b->object == NULL);
	if (a->object != NULL)
		check_same_object(a->object, b->object);
	if (a->state != SESSION_OPEN)
		return;
	ck_assert_str_eq(a->query, b->query);
	ck_assert_str_eq(a->promised, b->promised);
	ck_assert_int_eq(a->meta == NULL, b->meta == NULL);
	ck_assert_int_eq(a->has_total, b->has_total);
	ck_assert_uint_eq(a->total, b->total);
	ck_assert_uint_eq(a->bytes->size, b->bytes->size);
	ck_assert_int_eq(memcmp(a->bytes->bytes, b->bytes->bytes,
			     a->bytes->size),
	    0);
}

static void
check_same_uploads(const struct world *a, const struct world *b)
{
	const struct upload_session *x = a->sessions.oldest;
	const struct upload_session *y = b->sessions.oldest;

	for (; x != NULL && y != NULL; x = x->newer, y = y->newer)
		check_same_upload(x, y);
	ck_assert_ptr_eq(x, y);
}

static void
check_same(const struct world *a, const struct world *b)
{
	const struct bucket *x = a->buckets, *y = b->buckets;

	ck_assert_uint_eq(a->last_generation, b->last_generation);
	ck_assert_pstr_eq(a->keys, b->keys);
	for (; x != NULL && y != NULL; x = x->next, y = y->next) {
		ck_assert_str_eq(x->name, y->name);
		check_same_config(x, y);
		check_same_index(&x->live, &y->live);
		check_same_index(&x->noncurrent, &y->noncurrent);
		check_same_index(&x->soft_deleted, &y->soft_deleted);
		ck_assert(bulk_is_same(x->bulk, y->bulk));
	}
	ck_assert_ptr_eq(x, y);
}

/* --- one of each --- */

static struct meta *
some_meta(void)
{
	struct meta_draft d = { .temporary_hold = true,
		.event_based_hold = true,
		.components = 3,
		.retained_from_us = 77 };
	struct meta *m;
	size_t i;

	for (i = 0; i < META_TEXTS; i++)
		d.text[i] = "text";
	d.text[META_CONTENT_TYPE] = "";
	meta_draft_set(&d, "", "empty key");
	meta_draft_set(&d, "contentType", "no type");
	meta_draft_set(&d, "latin", "\xe9");
	m = meta_new(&d);
	meta_draft_release(&d);
	return m;
}

START_TEST(whatever_a_bucket_can_have_is_there_again)
{
	struct world w, again;
	struct store *s;
	struct bucket *b;
	struct object *o;
	struct rng rng;
	char *bytes = mem_alloc(LONG);

	rng_init(&rng, 1);
	rng_fill(&rng, bytes, LONG);
	file_set_up();
	s = file_open(&w);
	b = world_add(&w, "full", 1000);
	b->config = (struct bucket_config){ .has_versioning = true,
		.default_event_based_hold = true,
		.retention_is_locked = true,
		.soft_delete_s = 9,
		.soft_delete_since_us = 8,
		.retention_s = 7,
		.retention_since_us = 6,
		.extra = mem_strdup("{\"labels\":{}}") };
	b->updated_us = 2000;
	b->metageneration = 4;
	bucket_touch(b);
	bucket_publish(b, "a", 1, 3, 11, payload_new("one", 3), NULL);
	o = bucket_publish(b, "a", 1, 3, 12, payload_new("two", 3),
	    some_meta());
	bucket_publish(b, "b", 1, 3, 13, payload_share(o->payload), NULL);
	bucket_publish(b, "\xc3\xa9", 2, 0, 14, payload_new("", 0), NULL);
	bucket_publish(b, "virtual", 7, 1234567, 15, NULL, NULL);
	bucket_publish(b, "long", 4, LONG, 16, payload_new(bytes, LONG), NULL);
	bucket_delete_version(b, bucket_find_version(b, "a", 1, 11), 5000);
	bucket_delete(b, bucket_find(b, "b", 1), 6000);
	bucket_change(b, bucket_find(b, "virtual", 7), some_meta(), 7000);
	world_add(&w, "empty", 3000);
	world_set_keys(&w, mem_strdup("{\"GOOG1\":{}}"));
	w.last_generation = 99;
	file_commit(s);
	store_close(s);
	s = file_open(&again);
	check_same(&w, &again);
	ck_assert_ptr_eq(bucket_find(again.buckets->next, "a", 1)->payload,
	    bucket_find_version(again.buckets->next, "b", 1, 13)->payload);
	ck_assert_uint_eq(again.buckets->next->next_expiry_us, 9005000);
	store_close(s);
	world_release(&w);
	world_release(&again);
	free(bytes);
	file_tear_down();
}
END_TEST

START_TEST(uploads_under_way_go_on_where_they_were)
{
	struct world w, again;
	struct store *s;
	struct upload_session *u;
	struct bucket *b;
	char *bytes = mem_zalloc(1, LONG);

	file_set_up();
	s = file_open(&w);
	b = world_add(&w, "uploads", 0);
	u = session_start(&w, "uploads", "done", "a=b", "", some_meta(), 10);
	session_append(u, "hello", 5);
	session_touch(&w, u);
	session_end(u,
	    bucket_publish(b, "done", 4, 5, 20, session_share(u), some_meta()));
	session_touch(&w, u);
	u = session_start(&w, "uploads", "gone", "", "", NULL, 30);
	session_touch(&w, u);
	session_end(u, NULL);
	session_touch(&w, u);
	u = session_start(&w, "uploads", "open", "x=y", "{}", some_meta(), 40);
	u->has_total = true;
	u->total = 2 * (uint64_t)LONG;
	session_touch(&w, u);
	session_append(u, bytes, LONG);
	session_touch(&w, u);
	session_append(u, "more", 4);
	session_touch(&w, u);
	u = session_start(&w, "uploads", "late", "", "", NULL, 50);
	session_touch(&w, u);
	file_commit(s);
	store_close(s);
	s = file_open(&again);
	check_same_uploads(&w, &again);
	world_release(&w);
	/* And on. */
	u = again.sessions.oldest->newer->newer;
	session_append(u, "last", 4);
	session_touch(&again, u);
	session_forget(&again, again.sessions.oldest);
	file_commit(s);
	store_close(s);
	s = file_open(&w);
	check_same_uploads(&again, &w);
	world_remove(&w, w.buckets);
	file_commit(s);
	store_close(s);
	ck_assert_int_eq(file_count("SELECT count(*) FROM uploads"), 0);
	ck_assert_int_eq(file_count("SELECT count(*) FROM upload_bytes"), 0);
	world_release(&w);
	world_release(&again);
	free(bytes);
	file_tear_down();
}
END_TEST

START_TEST(bytes_go_with_the_last_version_that_has_them)
{
	struct payload *kept = payload_new("shared", 6);
	struct world w;
	struct store *s;
	struct bucket *b;

	file_set_up();
	s = file_open(&w);
	b = world_add(&w, "bytes", 0);
	b->config.soft_delete_s = 0;
	bucket_publish(b, "a", 1, 6, 1, payload_share(kept), NULL);
	bucket_publish(b, "b", 1, 6, 2, payload_share(kept), NULL);
	bucket_delete(b, bucket_find(b, "a", 1), 3);
	file_commit(s);
	bucket_delete(b, bucket_find(b, "b", 1), 3);
	file_commit(s);
	/* They are in memory yet, and come back. */
	bucket_publish(b, "c", 1, 6, 4, kept, NULL);
	file_commit(s);
	store_close(s);
	world_release(&w);
	ck_assert_int_eq(file_count("SELECT count(*) FROM payloads"), 1);
	s = file_open(&w);
	ck_assert_mem_eq(w.buckets->live.head[0]->payload->bytes, "shared", 6);
	world_remove(&w, w.buckets);
	file_commit(s);
	store_close(s);
	ck_assert_int_eq(file_count("SELECT count(*) FROM payloads"), 0);
	ck_assert_int_eq(file_count("SELECT count(*) FROM versions"), 0);
	file_tear_down();
}
END_TEST

/* --- any --- */

static void
change_bulk(struct bucket *b, struct rng *rng, uint64_t now)
{
	struct arena room;
	uint64_t i;
	struct object *o;

	if (b->bulk == NULL) {
		bucket_set_bulk(b, bulk_new("bulk/", 200, rng_next(rng), 7, 9));
		return;
	}
	i = bulk_next(b->bulk, rng_below(rng, b->bulk->n));
	if (i == b->bulk->n)
		return;
	arena_init(&room);
	o = bulk_object(b->bulk, i, &room);
	if (rng_below(rng, 3) == 0)
		bucket_change(b, o, some_meta(), now);
	else
		bucket_delete(b, o, now);
	arena_release(&room);
}

static void
change_something(struct world *w, struct rng *rng)
{
	char name[2] = { (char)('a' + rng_below(rng, 5)), '\0' };
	struct bucket *b = w->buckets;
	uint64_t now = world_generation(w, 1000000 + rng_below(rng, 100));
	struct object *o;

	if (b == NULL || (b->next == NULL && rng_below(rng, 10) == 0)) {
		world_add(w,
		    world_find(w, "here", 4) == NULL ? "here" : "there", now);
		return;
	}
	if (b->next != NULL && rng_below(rng, 2) == 0)
		b = b->next;
	if (rng_below(rng, 4) == 0) {
		change_bulk(b, rng, now);
		return;
	}
	o = bucket_find(b, name, 1);
	switch (rng_below(rng, o == NULL ? 3 : 6)) {
	case 0:
		b->config.has_versioning = rng_below(rng, 2) == 0;
		b->config.soft_delete_s = rng_below(rng, 2) * 60;
		bucket_touch(b);
		break;
	case 1:
		if (rng_below(rng, 20) == 0)
			world_remove(w, b);
		else
			bucket_expire(b, now + rng_below(rng, 100000000));
		break;
	case 3:
		bucket_change(b, o, rng_below(rng, 2) == 0 ? some_meta() : NULL,
		    now);
		break;
	case 4:
		bucket_delete(b, o, now);
		break;
	case 5:
		bucket_delete_version(b, o, now);
		break;
	default:
		bucket_publish(b, name, 1, 2, now,
		    o != NULL && rng_below(rng, 2) == 0
			? payload_share(o->payload)
			: payload_new(&now, 2),
		    NULL);
	}
}

START_TEST(what_was_committed_last_is_what_is_there)
{
	struct world w, last;
	struct store *s;
	struct rng rng;
	uint64_t seed;
	int i;

	for (seed = 1; seed <= 60; seed++) {
		rng_init(&rng, seed);
		file_set_up();
		last = (struct world){ 0 };
		s = file_open(&w);
		for (i = 0; i < 60; i++) {
			change_something(&w, &rng);
			if (rng_below(&rng, 4) == 0) {
				file_commit(s);
				rollback_world(&last, &w);
			}
			if (rng_below(&rng, 10) > 0)
				continue;
			store_close(s);
			world_release(&w);
			s = file_open(&w);
			check_same(&last, &w);
		}
		store_close(s);
		world_release(&w);
		world_release(&last);
		ck_assert_int_eq(
		    file_count("SELECT count(*) FROM payloads WHERE id NOT IN "
			       "(SELECT payload FROM versions)"),
		    0);
		file_tear_down();
	}
}
END_TEST

int
main(void)
{
	return suite_run("sim_store", whatever_a_bucket_can_have_is_there_again,
	    uploads_under_way_go_on_where_they_were,
	    bytes_go_with_the_last_version_that_has_them,
	    what_was_committed_last_is_what_is_there, NULL);
}
