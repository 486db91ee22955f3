/* SPDX-License-Identifier: MIT */
/* The state as a file: out of one simulator and into another, which then answers
 * as the first did, and what is refused. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/http.h"
#include "sim/sim.h"
#include "sim/sim_state.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"
#include "tests/unit/sim_file.h"

enum { HEADER_FORMAT = 60, HEADER_ID = 68 };

static struct sim_world world;

static void
start(const char *registry, const char *data)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = registry;
	opts.make_bucket = true;
	opts.data = data;
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
}

static const struct sim_answer *
ask(const char *method, const char *target, const char *body)
{
	size_t n = sim_client_ask(world.client, method, target, body);

	sim_client_run(world.client);
	return sim_client_answer(world.client, n);
}

static void
done(const char *method, const char *target, const char *body)
{
	const struct sim_answer *a = ask(method, target, body);

	ck_assert_msg(a->status / 100 == 2, "%s %s: %d %s", method, target,
	    a->status, a->body.data);
}

static void
put(const char *name, const char *bytes)
{
	char target[128];

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=%s", name);
	done("POST", target, bytes);
}

/* All that can be listed, and the bytes of what is named; to free(). */
static char *
everything(void)
{
	static const char *const targets[] = { "/b?project=p&projection=full",
		"/b/demo/iam", "/b/demo/notificationConfigs",
		"/storage/v1/projects/p/hmacKeys",
		"/b/demo/o?versions=true&projection=full",
		"/b/demo/o?softDeleted=true", "/b/demo/o/a?alt=media",
		"/b/demo/o/b?alt=media", "/b/old/o?versions=true" };
	struct buf out;
	size_t i;

	buf_init(&out, 64 * 1024 * 1024);
	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		buf_adds(&out, ask("GET", targets[i], NULL)->body.data);
	return buf_steal(&out);
}

/* Every kind of thing that there is. */
static void
fill(void)
{
	done("POST", "/b?project=p",
	    "{\"name\":\"old\",\"versioning\":{\"enabled\":true},"
	    "\"labels\":{\"a\":\"b\"}}");
	done("PATCH", "/b/demo", "{\"versioning\":{\"enabled\":true}}");
	put("a", "first");
	put("a", "second");
	put("b", "bytes");
	put("c", "");
	done("POST", "/b/demo/o/b/copyTo/b/demo/o/b2", "");
	done("PATCH", "/b/demo/o/b",
	    "{\"metadata\":{\"k\":\"v\"},\"contentType\":\"text/x\"}");
	done("PATCH", "/b/demo", "{\"versioning\":{\"enabled\":false}}");
	done("DELETE", "/b/demo/o/c", NULL);
	done("POST", "/b/demo/acl",
	    "{\"entity\":\"user-ann\",\"role\":\"READER\"}");
	done("POST", "/b/demo/o/a/acl",
	    "{\"entity\":\"user-bob\",\"role\":\"READER\"}");
	done("POST", "/b/demo/notificationConfigs",
	    "{\"topic\":\"//pubsub.googleapis.com/projects/p/topics/t\","
	    "\"payload_format\":\"NONE\"}");
	done("POST",
	    "/storage/v1/projects/p/hmacKeys?serviceAccountEmail=ann@x", "");
}

/* The state of the simulator that runs. */
static void
save(struct buf *out)
{
	struct err err = ERR_INIT;

	buf_init(out, HTTP_MAX_BODY);
	ck_assert_msg(sim_save(world.sim, out, &err) == 0, "%s", err.text);
}

static void
load(const struct buf *image)
{
	struct err err = ERR_INIT;

	ck_assert_msg(sim_load(world.sim, image->data, image->len, &err) == 0,
	    "%s", err.text);
}

static void
is_everything(const char *was)
{
	char *is = everything();

	ck_assert_str_eq(is, was);
	free(is);
}

/* --- there and back --- */

START_TEST(another_simulator_has_all_of_it)
{
	struct buf image, again;
	char *was;

	start("manifests=2,bulk=30", NULL);
	fill();
	was = everything();
	ck_assert_ptr_nonnull(strstr(was, "user-bob"));
	ck_assert_ptr_nonnull(strstr(was, "ann@x"));
	ck_assert_ptr_nonnull(strstr(was, "hardDeleteTime"));
	ck_assert_ptr_nonnull(strstr(was, "timeDeleted"));
	save(&image);
	is_everything(was);
	sim_world_stop(&world);
	start(NULL, NULL);
	put("other", "x");
	load(&image);
	is_everything(was);
	ck_assert_str_eq(ask("GET", "/b/demo/o/a?alt=media", NULL)->body.data,
	    "second");
	/* Twice the same comes out, and from a copy too. */
	save(&again);
	ck_assert_uint_eq(again.len, image.len);
	ck_assert_int_eq(memcmp(again.data, image.data, image.len), 0);
	sim_world_stop(&world);
	buf_release(&again);
	buf_release(&image);
	free(was);
}
END_TEST

START_TEST(the_file_is_one_that_data_takes_and_the_other_way_round)
{
	struct buf image;
	char *was;
	FILE *f;

	start("manifests=2,bulk=30", NULL);
	fill();
	was = everything();
	save(&image);
	sim_world_stop(&world);
	file_set_up();
	f = fopen(file_path(), "w");
	ck_assert_uint_eq(fwrite(image.data, 1, image.len, f), image.len);
	ck_assert_int_eq(fclose(f), 0);
	start(NULL, file_path());
	is_everything(was);
	put("new", "x");
	free(was);
	was = everything();
	sim_world_stop(&world);
	/* It has been written since, and says that there may be a journal. */
	buf_clear(&image);
	file_read(&image);
	start(NULL, NULL);
	load(&image);
	is_everything(was);
	sim_world_stop(&world);
	file_tear_down();
	buf_release(&image);
	free(was);
}
END_TEST

/* What comes back is written there, bytes too, although the image had them in
 * rows of its own. */
START_TEST(the_data_file_follows)
{
	struct buf image;
	char *was;

	file_set_up();
	start("manifests=2,bulk=30", file_path());
	fill();
	save(&image);
	was = everything();
	done("DELETE", "/b/demo/o/b", NULL);
	done("DELETE", "/b/demo/o/b2", NULL);
	put("a", "third");
	put("z", "last");
	load(&image);
	is_everything(was);
	put("z", "new");
	done("DELETE", "/b/demo/o/z", NULL);
	free(was);
	was = everything();
	sim_world_stop(&world);
	start(NULL, file_path());
	is_everything(was);
	sim_world_stop(&world);
	file_tear_down();
	buf_release(&image);
	free(was);
}
END_TEST

START_TEST(uploads_in_the_middle_stay_where_they_are)
{
	struct buf image;
	char target[256];
	const char *at;

	start(NULL, NULL);
	at = strstr(ask("POST",
			"/upload/storage/v1/b/demo/o?uploadType=resumable"
			"&name=up",
			"")
			->head.data,
	    "upload_id=");
	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/demo/o?uploadType=resumable&%.*s",
	    (int)strcspn(at, "\r"), at);
	save(&image);
	load(&image);
	done("PUT", target, "x");
	ck_assert(sim_has(world.sim, "demo", "up"));
	sim_world_stop(&world);
	buf_release(&image);
}
END_TEST

/* --- by HTTP --- */

static size_t
send_image(const struct buf *image)
{
	struct buf request;
	size_t n;

	buf_init(&request, HTTP_MAX_BODY);
	buf_addf(&request,
	    "PUT /_sim/state HTTP/1.1\r\nHost: x\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    image->len);
	buf_add(&request, image->data, image->len);
	n = sim_client_raw(world.client, request.data, request.len);
	buf_release(&request);
	sim_client_run(world.client);
	return n;
}

START_TEST(it_comes_and_goes_by_http_and_is_not_counted)
{
	const struct sim_answer *a;
	struct buf image;

	start("manifests=2", NULL);
	put("a", "x");
	a = ask("GET", "/_sim/state", NULL);
	ck_assert_int_eq(a->status, 200);
	ck_assert(sim_answer_has(a, "Content-Type: application/vnd.sqlite3"));
	buf_init(&image, HTTP_MAX_BODY);
	buf_add(&image, a->body.data, a->body.len);
	put("b", "y");
	ck_assert_int_eq(sim_client_answer(world.client, send_image(&image))
			     ->status,
	    204);
	ck_assert(sim_has(world.sim, "demo", "a"));
	ck_assert(!sim_has(world.sim, "demo", "b"));
	ck_assert_uint_eq(sim_count(world.sim, SIM_PUT), 2);
	ck_assert_uint_eq(sim_count(world.sim, SIM_OTHER), 0);
	ck_assert_int_eq(ask("POST", "/_sim/state", "x")->status, 405);
	ck_assert_int_eq(ask("PUT", "/_sim/state", "x")->status, 400);
	ck_assert(sim_has(world.sim, "demo", "a"));
	sim_world_stop(&world);
	buf_release(&image);
}
END_TEST

/* --- what is refused --- */

/* That image is, with these words, and nothing has changed. */
static void
refuses(const void *bytes, size_t n, const char *what)
{
	struct err err = ERR_INIT;

	ck_assert_int_eq(sim_load(world.sim, bytes, n, &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_msg(strstr(err.text, what) != NULL, "%s", err.text);
	ck_assert_msg(strstr(err.text, "(null)") == NULL, "%s", err.text);
	ck_assert(sim_has(world.sim, "demo", "kept"));
}

/* One of the simulator that runs, changed by SQL. */
static void
refuses_changed(const char *sql, const char *what)
{
	struct buf image;
	sqlite3_int64 n = 0;
	unsigned char *bytes;
	sqlite3 *db;

	save(&image);
	bytes = sqlite3_malloc64(image.len);
	memcpy(bytes, image.data, image.len);
	ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_deserialize(db, "main", bytes,
			     (sqlite3_int64)image.len, (sqlite3_int64)image.len,
			     SQLITE_DESERIALIZE_FREEONCLOSE |
				 SQLITE_DESERIALIZE_RESIZEABLE),
	    SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK,
	    "%s: %s", sql, sqlite3_errmsg(db));
	bytes = sqlite3_serialize(db, "main", &n, 0);
	refuses(bytes, (size_t)n, what);
	sqlite3_free(bytes);
	sqlite3_close(db);
	buf_release(&image);
}

START_TEST(what_is_no_such_file_is_refused_whole)
{
	static const char text[] = "hello, this is a text of more than a "
				   "hundred bytes, as the header of a file of "
				   "SQLite's would have, and then some more";
	struct buf image;

	start("manifests=2", NULL);
	put("kept", "x");
	save(&image);
	refuses("", 0, "the image is empty");
	refuses(text, sizeof(text), "no data file of gcs-sim");
	refuses(image.data, 99, "no data file of gcs-sim");
	refuses(image.data, 100, "image");
	refuses(image.data, image.len / 2, "malformed");
	image.data[HEADER_ID] ^= 1;
	refuses(image.data, image.len, "a database of something else");
	image.data[HEADER_ID] ^= 1;
	image.data[HEADER_FORMAT + 3] = 9;
	refuses(image.data, image.len, "the image has format 9");
	buf_release(&image);
	sim_world_stop(&world);
}
END_TEST

START_TEST(what_was_changed_by_hand_is_refused_whole)
{
	static const char *const changes[][2] = {
		{ "DROP TABLE versions", "its tables" },
		{ "CREATE TABLE more(x)", "its tables" },
		{ "CREATE INDEX more ON payloads(size)", "its tables" },
		{ "CREATE TRIGGER t AFTER INSERT ON world BEGIN SELECT 1; END",
		    "its tables" },
		/* a name that may be NULL */
		{ "DROP TABLE buckets; CREATE TABLE buckets(name, created, "
		  "updated, metageneration, versioning, "
		  "default_event_based_hold, soft_delete_s, soft_delete_since, "
		  "retention_s, retention_since, retention_is_locked, extra);"
		  "INSERT INTO buckets(extra) VALUES('')",
		    "its tables" },
		/* one that never ends */
		{ "DROP TABLE world; CREATE VIEW world AS WITH RECURSIVE "
		  "n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) "
		  "SELECT i AS last_generation, 'x' AS keys FROM n",
		    "its tables" },
		{ "UPDATE buckets SET name = 'A B'", "no bucket is named A B" },
		{ "UPDATE versions SET size = size + 1", "at object" },
		{ "UPDATE payloads SET size = 1 << 60", "bytes are missing" },
		{ "DELETE FROM payloads", "at object" },
		{ "DELETE FROM buckets", "no bucket demo" },
		{ "PRAGMA writable_schema=1; UPDATE sqlite_schema SET "
		  "rootpage = 999 WHERE name = 'versions'",
		    "image" },
	};
	size_t i;

	start("manifests=2", NULL);
	put("kept", "x");
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		refuses_changed(changes[i][0], changes[i][1]);
	sim_world_stop(&world);
}
END_TEST

/* Any byte may be wrong: it is refused, or taken by the simulator, which then
 * answers. */
START_TEST(a_byte_that_is_wrong_ends_nothing)
{
	struct err err;
	struct buf image;
	size_t at, step;
	int taken = 0, refused = 0;

	start("manifests=2", NULL);
	put("kept", "x");
	save(&image);
	step = image.len / 600 + 1;
	for (at = 0; at < image.len; at += at < 100 ? 1 : step) {
		err = (struct err)ERR_INIT;
		image.data[at] ^= 0x55;
		if (sim_load(world.sim, image.data, image.len, &err) == 0)
			taken++;
		else
			refused++;
		image.data[at] ^= 0x55;
		ck_assert_int_eq(ask("GET", "/b?project=p", NULL)->status, 200);
		ck_assert_int_ne(ask("GET", "/b/demo/o", NULL)->status, 0);
	}
	ck_assert_int_gt(taken, 0);
	ck_assert_int_gt(refused, 0);
	load(&image);
	ck_assert(sim_has(world.sim, "demo", "kept"));
	sim_world_stop(&world);
	buf_release(&image);
}
END_TEST

int
main(void)
{
	return suite_run("sim_state", another_simulator_has_all_of_it,
	    the_file_is_one_that_data_takes_and_the_other_way_round,
	    the_data_file_follows, uploads_in_the_middle_stay_where_they_are,
	    it_comes_and_goes_by_http_and_is_not_counted,
	    what_is_no_such_file_is_refused_whole,
	    what_was_changed_by_hand_is_refused_whole,
	    a_byte_that_is_wrong_ends_nothing, NULL);
}
