/* SPDX-License-Identifier: MIT */
/* Sessions of resumable uploads as the world keeps them: how they are found,
 * how they grow, when they go, and what a watcher hears. */
#include <stdlib.h>
#include <string.h>

#include "sim/change.h"
#include "sim/meta.h"
#include "sim/object.h"
#include "sim/session.h"
#include "sim/world.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

#define DAY_US ((uint64_t)24 * 3600 * 1000000)

static struct upload_session *
begin(struct world *w, const char *bucket, uint64_t wall_us)
{
	return session_start(w, bucket, "x", "a=b", "", NULL, wall_us);
}

START_TEST(each_of_many_is_found_by_its_id)
{
	enum { MANY = 5000 };
	struct world w = { 0 };
	struct upload_session **all = mem_zalloc(MANY, sizeof(*all));
	int i;

	ck_assert_ptr_null(session_find(&w, "", 0));
	for (i = 0; i < MANY; i++) /* at two instants */
		all[i] = begin(&w, "demo", i < MANY / 2 ? 1 : 2);
	for (i = 0; i < MANY; i++)
		ck_assert_ptr_eq(session_find(&w, all[i]->id, 2), all[i]);
	ck_assert_ptr_null(session_find(&w, "", 2));
	ck_assert_ptr_null(session_find(&w, "ABPtcPr", 2));
	for (i = 0; i < MANY; i += 2) {
		session_forget(&w, all[i]);
		all[i] = NULL;
	}
	for (i = 1; i < MANY; i += 2)
		ck_assert_ptr_eq(session_find(&w, all[i]->id, 2), all[i]);
	ck_assert_uint_eq(w.sessions.n, MANY / 2);
	world_release(&w);
	free(all);
}
END_TEST

START_TEST(a_session_lives_for_a_week)
{
	struct world w = { 0 };
	struct upload_session *first = begin(&w, "demo", DAY_US);
	struct upload_session *second = begin(&w, "demo", 2 * DAY_US);
	char id[SESSION_ID_MAX];

	memcpy(id, first->id, sizeof(id));
	ck_assert_ptr_eq(session_find(&w, id, 8 * DAY_US - 1), first);
	ck_assert_ptr_null(session_find(&w, id, 8 * DAY_US));
	ck_assert_ptr_eq(session_find(&w, second->id, 9 * DAY_US - 1), second);
	ck_assert_uint_eq(w.sessions.n, 1);
	second = begin(&w, "demo", 9 * DAY_US);
	ck_assert_ptr_eq(session_find(&w, second->id, 9 * DAY_US), second);
	ck_assert_uint_eq(w.sessions.n, 1);
	world_release(&w);
}
END_TEST

START_TEST(bytes_grow_as_they_come_and_never_as_announced)
{
	struct world w = { 0 };
	struct upload_session *u = begin(&w, "demo", 1);
	const struct payload *p;
	struct payload *whole, *shared;
	struct rng rng;
	char piece[5000];
	size_t n, total = 0;
	int i;

	u->has_total = true;
	u->total = INT64_MAX;
	rng_init(&rng, 1);
	whole = payload_alloc(2000 * sizeof(piece));
	for (i = 0; i < 2000; i++) {
		n = rng_below(&rng, sizeof(piece) + 1);
		rng_fill(&rng, piece, n);
		memcpy(whole->bytes + total, piece, n);
		session_append(u, piece, n);
		total += n;
		ck_assert_uint_eq(u->bytes->size, total);
		ck_assert_uint_ge(u->room, total);
		ck_assert_uint_le(u->room, 2 * total + SESSION_CHUNK);
	}
	whole->size = total;
	payload_hash(whole);
	shared = session_share(u);
	p = u->bytes;
	ck_assert_ptr_eq(p, shared);
	ck_assert_uint_eq(p->users, 2);
	ck_assert_uint_eq(u->room, total);
	ck_assert_uint_eq(p->crc32c, whole->crc32c);
	ck_assert_mem_eq(p->md5, whole->md5, sizeof(p->md5));
	payload_free(shared);
	payload_free(whole);
	world_release(&w);
}
END_TEST

START_TEST(a_known_total_is_never_passed)
{
	static char piece[3 * SESSION_CHUNK];
	struct world w = { 0 };
	struct upload_session *u = begin(&w, "demo", 1);

	u->has_total = true;
	u->total = sizeof(piece) + SESSION_CHUNK + 10;
	session_append(u, piece, sizeof(piece));
	session_append(u, piece, SESSION_CHUNK);
	session_append(u, piece, 10);
	ck_assert_uint_eq(u->room, u->total);
	ck_assert_uint_eq(u->bytes->size, u->total);
	world_release(&w);
}
END_TEST

/* What it became is kept, without its bytes. */
START_TEST(an_end_gives_the_bytes_back)
{
	struct world w = { 0 };
	struct upload_session *u = begin(&w, "demo", 1);
	struct upload_session *v = begin(&w, "demo", 1);
	struct object *o;

	session_append(u, "hello", 5);
	o = object_new("x", 1, 0, 5, 77, session_share(u), NULL);
	session_end(u, o);
	ck_assert_uint_eq(o->payload->users, 1);
	ck_assert_int_eq(u->state, SESSION_DONE);
	ck_assert_ptr_null(u->bytes);
	ck_assert_uint_eq(u->object->generation, 77);
	ck_assert_uint_eq(u->object->size, 5);
	ck_assert_uint_eq(u->object->payload->size, 0);
	ck_assert_uint_eq(u->object->payload->crc32c, o->payload->crc32c);
	object_free(o);
	session_append(v, "hello", 5);
	session_end(v, NULL);
	ck_assert_int_eq(v->state, SESSION_CANCELLED);
	ck_assert_ptr_null(v->bytes);
	world_release(&w);
}
END_TEST

static void
note(void *arg, const struct upload_session *u)
{
	buf_addf(arg, "%s %d %zu\n", u->bucket, (int)u->state,
	    u->bytes != NULL ? u->bytes->size : 0);
}

static void
note_gone(void *arg, const struct upload_session *u)
{
	buf_addf(arg, "gone %s\n", u->bucket);
}

START_TEST(a_watcher_hears_of_everything)
{
	struct buf heard;
	struct change_watcher watcher = { .on_upload = note,
		.on_upload_gone = note_gone,
		.arg = &heard };
	struct world w = { .watcher = &watcher };
	struct upload_session *u;

	buf_init(&heard, 4096);
	u = begin(&w, "a", 1);
	session_touch(&w, u);
	session_append(u, "hello", 5);
	session_touch(&w, u);
	session_end(u, NULL);
	session_touch(&w, u);
	begin(&w, "b", 2);
	begin(&w, "a", 3);
	begin(&w, "c", 4);
	session_forget_bucket(&w, "a");
	session_find(&w, "", 7 * DAY_US + 2);
	ck_assert_str_eq(heard.data,
	    "a 0 0\na 0 5\na 2 0\ngone a\ngone a\ngone b\n");
	world_release(&w);
	buf_release(&heard);
}
END_TEST

START_TEST(what_was_stored_elsewhere_is_found_again)
{
	struct world w = { 0 }, again = { 0 };
	struct upload_session *u = begin(&w, "demo", 5), *copy;

	session_append(u, "hello", 5);
	copy = mem_zalloc(1, sizeof(*copy));
	memcpy(copy->id, u->id, sizeof(copy->id));
	copy->started_us = u->started_us;
	copy->bucket = mem_strdup(u->bucket);
	copy->name = mem_strdup(u->name);
	copy->query = mem_strdup(u->query);
	copy->promised = mem_strdup(u->promised);
	copy->bytes = payload_alloc(5);
	copy->room = 5;
	memcpy(copy->bytes->bytes, "hello", 5);
	session_load(&again, copy);
	ck_assert_ptr_eq(session_find(&again, u->id, 5), copy);
	session_append(copy, " world", 6);
	ck_assert_mem_eq(copy->bytes->bytes, "hello world", 11);
	world_release(&w);
	world_release(&again);
}
END_TEST

int
main(void)
{
	return suite_run("sim_session", each_of_many_is_found_by_its_id,
	    a_session_lives_for_a_week,
	    bytes_grow_as_they_come_and_never_as_announced,
	    a_known_total_is_never_passed, an_end_gives_the_bytes_back,
	    a_watcher_hears_of_everything,
	    what_was_stored_elsewhere_is_found_again, NULL);
}
