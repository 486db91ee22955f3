/* SPDX-License-Identifier: MIT */
/* store: what was committed is there again, all of it and nothing else. */
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sim/bucket.h"
#include "sim/gcssim.h"
#include "sim/meta.h"
#include "sim/rollback.h"
#include "sim/store.h"
#include "sim/world.h"
#include "src/base/mem.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

enum { LONG = 40 * 1024 * 1024 };

static char folder[] = "/tmp/check_sim_store.XXXXXX";
static char path[64];

static void
set_up(void)
{
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/data", folder);
}

static void
tear_down(void)
{
	char wal[80];

	snprintf(wal, sizeof(wal), "%s-wal", path);
	unlink(path);
	unlink(wal);
	ck_assert_int_eq(rmdir(folder), 0);
}

/* --- worlds --- */

static struct store *
open_store(struct world *w)
{
	struct err err = ERR_INIT;
	struct store *s;

	*w = (struct world){ 0 };
	s = store_open(path, w, 0, &err);
	ck_assert_msg(s != NULL, "%s", err.text);
	return s;
}

static void
commit(struct store *s)
{
	struct err err = ERR_INIT;

	ck_assert_msg(store_commit(s, &err) == 0, "%s", err.text);
}

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
check_same(const struct world *a, const struct world *b)
{
	const struct bucket *x = a->buckets, *y = b->buckets;

	ck_assert_uint_eq(a->last_generation, b->last_generation);
	for (; x != NULL && y != NULL; x = x->next, y = y->next) {
		ck_assert_str_eq(x->name, y->name);
		check_same_config(x, y);
		check_same_index(&x->live, &y->live);
		check_same_index(&x->noncurrent, &y->noncurrent);
		check_same_index(&x->soft_deleted, &y->soft_deleted);
	}
	ck_assert_ptr_eq(x, y);
}

/* The number that a query of the file answers. */
static int
count(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *st;
	int n;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

static void
change_file(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
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
	set_up();
	s = open_store(&w);
	b = world_add(&w, "full", 5, 1000);
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
	world_add(&w, "empty", 5, 3000);
	w.last_generation = 99;
	commit(s);
	store_close(s);
	s = open_store(&again);
	check_same(&w, &again);
	ck_assert_ptr_eq(bucket_find(again.buckets->next, "a", 1)->payload,
	    bucket_find_version(again.buckets->next, "b", 1, 13)->payload);
	ck_assert_uint_eq(again.buckets->next->next_expiry_us, 9005000);
	store_close(s);
	world_release(&w);
	world_release(&again);
	free(bytes);
	tear_down();
}
END_TEST

START_TEST(bytes_go_with_the_last_version_that_has_them)
{
	struct payload *kept = payload_new("shared", 6);
	struct world w;
	struct store *s;
	struct bucket *b;

	set_up();
	s = open_store(&w);
	b = world_add(&w, "bytes", 0, 0);
	b->config.soft_delete_s = 0;
	bucket_publish(b, "a", 1, 6, 1, payload_share(kept), NULL);
	bucket_publish(b, "b", 1, 6, 2, payload_share(kept), NULL);
	bucket_delete(b, bucket_find(b, "a", 1), 3);
	commit(s);
	bucket_delete(b, bucket_find(b, "b", 1), 3);
	commit(s);
	/* They are in memory yet, and come back. */
	bucket_publish(b, "c", 1, 6, 4, kept, NULL);
	commit(s);
	store_close(s);
	world_release(&w);
	ck_assert_int_eq(count("SELECT count(*) FROM payloads"), 1);
	s = open_store(&w);
	ck_assert_mem_eq(w.buckets->live.head[0]->payload->bytes, "shared", 6);
	world_remove(&w, w.buckets);
	commit(s);
	store_close(s);
	ck_assert_int_eq(count("SELECT count(*) FROM payloads"), 0);
	ck_assert_int_eq(count("SELECT count(*) FROM versions"), 0);
	tear_down();
}
END_TEST

/* --- any --- */

static void
change_something(struct world *w, struct rng *rng)
{
	char name[2] = { (char)('a' + rng_below(rng, 5)), '\0' };
	struct bucket *b = w->buckets;
	uint64_t now = world_generation(w, 1000000 + rng_below(rng, 100));
	struct object *o;

	if (b == NULL || (b->next == NULL && rng_below(rng, 10) == 0)) {
		world_add(w,
		    world_find(w, "here", 4) == NULL ? "here" : "there", 0,
		    now);
		return;
	}
	if (b->next != NULL && rng_below(rng, 2) == 0)
		b = b->next;
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
		set_up();
		last = (struct world){ 0 };
		s = open_store(&w);
		for (i = 0; i < 60; i++) {
			change_something(&w, &rng);
			if (rng_below(&rng, 4) == 0) {
				commit(s);
				rollback_world(&last, &w, 0);
			}
			if (rng_below(&rng, 10) > 0)
				continue;
			store_close(s);
			world_release(&w);
			s = open_store(&w);
			check_same(&last, &w);
		}
		store_close(s);
		world_release(&w);
		world_release(&last);
		ck_assert_int_eq(
		    count("SELECT count(*) FROM payloads WHERE id NOT IN "
			  "(SELECT payload FROM versions)"),
		    0);
		tear_down();
	}
}
END_TEST

/* --- what cannot be --- */

static void
refuses(const char *what)
{
	struct err err = ERR_INIT;
	struct world w = { 0 };

	ck_assert_ptr_null(store_open(path, &w, 0, &err));
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.text, path));
	ck_assert_msg(strstr(err.text, what) != NULL, "%s", err.text);
	world_release(&w);
}

static void
store_one(void)
{
	struct world w;
	struct store *s = open_store(&w);

	bucket_publish(world_add(&w, "one", 0, 0), "a/b", 3, 1, 1,
	    payload_new("x", 1), some_meta());
	commit(s);
	store_close(s);
	world_release(&w);
}

START_TEST(a_file_that_is_not_ours_is_refused)
{
	struct world w;
	struct store *s;
	int fd;

	set_up();
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	ck_assert_int_eq((int)write(fd, "hello hello hello\n", 18), 18);
	close(fd);
	refuses("is no data file");
	unlink(path);
	change_file("CREATE TABLE x(y)");
	refuses("something else");
	unlink(path);
	change_file("PRAGMA application_id=4711");
	refuses("something else");
	unlink(path);
	store_one();
	change_file("PRAGMA user_version=2");
	refuses("format 2");
	change_file("PRAGMA user_version=1");
	s = open_store(&w);
	refuses("in use");
	store_close(s);
	world_release(&w);
	tear_down();
}
END_TEST

START_TEST(a_file_that_was_changed_by_hand_is_refused)
{
	static const char *const changes[][2] = {
		{ "UPDATE buckets SET name = 'A B'", "no bucket is named A B" },
		{ "UPDATE versions SET bucket = 'two'", "no bucket two" },
		{ "UPDATE versions SET name = x''", "object" },
		{ "UPDATE versions SET name = x'0a'", "object" },
		{ "UPDATE versions SET state = 3", "object a/b" },
		{ "UPDATE versions SET state = -1", "object a/b" },
		{ "UPDATE versions SET size = 2", "object a/b" },
		{ "UPDATE versions SET payload = 7", "object a/b" },
		{ "UPDATE versions SET meta = x'41'", "object a/b" },
		{ "UPDATE versions SET meta = x'41004200'", "object a/b" },
		/* componentCount, x */
		{ "UPDATE versions SET meta = "
		  "x'636f6d706f6e656e74436f756e74007800'",
		    "object a/b" },
		{ "UPDATE payloads SET size = 2", "bytes are missing" },
		{ "UPDATE payloads SET size = -1", "bytes are missing" },
		{ "UPDATE payloads SET bytes = x'7878'", "too many bytes" },
		{ "UPDATE payloads SET md5 = x'00'", "bytes are missing" },
		{ "UPDATE payloads SET md5 = NULL", "belong to nothing" },
	};
	size_t i;

	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		set_up();
		store_one();
		change_file(changes[i][0]);
		refuses(changes[i][1]);
		tear_down();
	}
}
END_TEST

/* --- a disk that is full --- */

static void
on_failure(void *arg, const char *text)
{
	ck_assert_ptr_nonnull(strstr(text, "cannot write to the data file"));
	++*(int *)arg;
}

static int
put(struct sim_world *w, int number)
{
	char target[80];
	size_t n;

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=n%04d", number);
	n = sim_client_ask(w->client, "POST", target, "0123456789");
	sim_client_run(w->client);
	return sim_client_answer(w->client, n)->status;
}

static int
get(struct sim_world *w, int number)
{
	char target[40];

	snprintf(target, sizeof(target), "/b/demo/o/n%04d", number);
	return sim_client_get(w->client, "GET", target)->status;
}

START_TEST(what_cannot_be_written_is_never_acknowledged)
{
	struct rlimit limit, small;
	struct gcssim_opts opts;
	struct sim_world w;
	int failures = 0, n = 0, i;

	set_up();
	gcssim_defaults(&opts);
	opts.make_bucket = true;
	opts.data = path;
	opts.on_failure = on_failure;
	opts.failure_arg = &failures;
	sim_world_start(&w, LOOP_VIRTUAL, &opts, 1);
	/* No file may be longer than this, so writing fails some day. */
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	small = limit;
	small.rlim_cur = 600 * 1024;
	setrlimit(RLIMIT_FSIZE, &small);
	while (put(&w, n) == 200)
		n++;
	ck_assert_int_gt(n, 10);
	ck_assert_int_eq(failures, 1);
	/* What it has in memory is not what is in the file. */
	ck_assert_int_eq(get(&w, 0), 503);
	ck_assert_int_eq(put(&w, n), 503);
	setrlimit(RLIMIT_FSIZE, &limit);
	ck_assert_int_eq(put(&w, n), 503);
	ck_assert_int_eq(failures, 1);
	sim_world_stop(&w);
	sim_world_start(&w, LOOP_VIRTUAL, &opts, 1);
	for (i = 0; i < n; i++)
		ck_assert_int_eq(get(&w, i), 200);
	ck_assert_uint_eq(gcssim_objects(w.sim, "demo", NULL), (uint64_t)n);
	ck_assert_int_eq(put(&w, n), 200);
	sim_world_stop(&w);
	tear_down();
}
END_TEST

int
main(void)
{
	return suite_run("sim_store", whatever_a_bucket_can_have_is_there_again,
	    bytes_go_with_the_last_version_that_has_them,
	    what_was_committed_last_is_what_is_there,
	    a_file_that_is_not_ours_is_refused,
	    a_file_that_was_changed_by_hand_is_refused,
	    what_cannot_be_written_is_never_acknowledged, NULL);
}
