/* SPDX-License-Identifier: MIT */
/* store: files that cannot be had, and a disk that is full. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sim/bucket.h"
#include "sim/sim.h"
#include "sim/store.h"
#include "sim/world.h"
#include "src/base/mem.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"
#include "tests/unit/sim_file.h"

/* --- what cannot be --- */

static void
refuses(const char *what)
{
	struct err err = ERR_INIT;
	struct world w = { 0 };

	ck_assert_ptr_null(store_open(file_path(), &w, &err));
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.text, file_path()));
	ck_assert_msg(strstr(err.text, what) != NULL, "%s", err.text);
	world_release(&w);
}

static void
store_one(void)
{
	struct world w;
	struct store *s = file_open(&w);

	bucket_publish(world_add(&w, "one", 0), "a/b", 3, 1, 1,
	    payload_new("x", 1), NULL);
	file_commit(s);
	store_close(s);
	world_release(&w);
}

START_TEST(a_file_that_is_not_ours_is_refused)
{
	struct world w;
	struct store *s;
	int fd;

	file_set_up();
	fd = open(file_path(), O_WRONLY | O_CREAT, 0600);
	ck_assert_int_eq((int)write(fd, "hello hello hello\n", 18), 18);
	close(fd);
	refuses("is no data file");
	unlink(file_path());
	file_change("CREATE TABLE x(y)");
	refuses("something else");
	unlink(file_path());
	file_change("PRAGMA application_id=4711");
	refuses("something else");
	unlink(file_path());
	store_one();
	file_change("PRAGMA user_version=3");
	refuses("format 3");
	file_change("PRAGMA user_version=2");
	s = file_open(&w);
	refuses("in use");
	store_close(s);
	world_release(&w);
	file_tear_down();
}
END_TEST

START_TEST(a_file_of_the_first_format_is_taken_over)
{
	struct world w;
	struct store *s;

	file_set_up();
	store_one();
	file_change("ALTER TABLE world DROP COLUMN keys");
	file_change("PRAGMA user_version=1");
	s = file_open(&w);
	ck_assert_ptr_nonnull(world_find(&w, "one", 3));
	world_set_keys(&w, mem_strdup("{}"));
	file_commit(s);
	store_close(s);
	world_release(&w);
	ck_assert_int_eq(file_count("PRAGMA user_version"), 2);
	s = file_open(&w);
	ck_assert_str_eq(w.keys, "{}");
	store_close(s);
	world_release(&w);
	file_tear_down();
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
		{ "INSERT INTO bulks VALUES('two','p',1,1,1,1)",
		    "no bucket two" },
		{ "INSERT INTO bulks VALUES('one','p',0,1,1,1)", "formula" },
		{ "INSERT INTO bulk_gone VALUES('one',1)", "more is gone" },
		{ "INSERT INTO uploads VALUES('i',1,9,'one','n','','',NULL,"
		  "NULL,0,0,0,NULL,0)",
		    "upload of n" },
		{ "INSERT INTO uploads VALUES('i',1,0,'one','n','','',NULL,"
		  "NULL,5,0,0,NULL,0)",
		    "upload of n" },
		{ "INSERT INTO uploads VALUES('i',1,1,'one','n','','',NULL,"
		  "NULL,0,0,0,NULL,0)",
		    "upload of n" },
		{ "INSERT INTO xml_uploads VALUES('i',1,'one','',NULL)",
		    "multipart upload of " },
		{ "INSERT INTO xml_uploads VALUES('i',1,'one','n',x'41')",
		    "multipart upload of n" },
		{ "INSERT INTO xml_uploads VALUES(hex(zeroblob(24)),1,'one',"
		  "'n',NULL)",
		    "multipart upload of n" },
		{ "INSERT INTO xml_uploads VALUES('i',1,'one','n',NULL);"
		  "INSERT INTO xml_parts VALUES('i',1,1,7)",
		    "multipart upload of n" },
		{ "INSERT INTO xml_uploads VALUES('i',1,'one','n',NULL);"
		  "INSERT INTO xml_parts VALUES('i',0,1,1)",
		    "multipart upload of n" },
		{ "INSERT INTO xml_uploads VALUES('i',1,'one','n',NULL);"
		  "INSERT INTO xml_parts VALUES('i',10001,1,1)",
		    "multipart upload of n" },
		{ "UPDATE payloads SET size = 2", "bytes are missing" },
		{ "UPDATE payloads SET size = -1", "bytes are missing" },
		/* more than any machine has */
		{ "UPDATE payloads SET size = 1 << 60", "bytes are missing" },
		{ "INSERT INTO uploads VALUES('i',1,0,'one','n','','',NULL,"
		  "NULL,1 << 60,0,0,NULL,0)",
		    "upload of n" },
		{ "UPDATE payloads SET bytes = x'7878'", "too many bytes" },
		{ "UPDATE payloads SET md5 = x'00'", "bytes are missing" },
		{ "UPDATE payloads SET md5 = NULL", "belong to nothing" },
	};
	size_t i;

	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		file_set_up();
		store_one();
		file_change(changes[i][0]);
		refuses(changes[i][1]);
		file_tear_down();
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
	struct sim_opts opts;
	struct sim_world w;
	int failures = 0, n = 0, i;

	file_set_up();
	sim_defaults(&opts);
	opts.make_bucket = true;
	opts.data = file_path();
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
	ck_assert_uint_eq(sim_objects(w.sim, "demo", NULL), (uint64_t)n);
	ck_assert_int_eq(put(&w, n), 200);
	sim_world_stop(&w);
	file_tear_down();
}
END_TEST

int
main(void)
{
	return suite_run("sim_store_file", a_file_that_is_not_ours_is_refused,
	    a_file_of_the_first_format_is_taken_over,
	    a_file_that_was_changed_by_hand_is_refused,
	    what_cannot_be_written_is_never_acknowledged, NULL);
}
