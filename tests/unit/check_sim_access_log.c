/* SPDX-License-Identifier: MIT */
/* access_log: a line for every answer, each of them JSON, none lost. */
#include "sim/access_log.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/rng.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

enum { TEXT_MAX = 1 << 26 };

static struct sim_world world;
static char path[64];
static struct buf text; /* what the file holds */
static struct buf warnings;

static void
on_warning(void *arg, const char *what)
{
	ck_assert_ptr_eq(arg, &world);
	buf_addf(&warnings, "%s\n", what);
}

/* Options for an empty bucket `demo` and a fresh file. */
static void
prepare(struct sim_opts *opts)
{
	int fd;

	snprintf(path, sizeof(path), "access_log.XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	buf_init(&text, TEXT_MAX);
	buf_init(&warnings, 10000);
	sim_defaults(opts);
	opts->registry = "manifests=0";
	opts->latency = sim_constant(42000);
	opts->access_log = path;
	opts->on_warning = on_warning;
	opts->warning_arg = &world;
}

static void
finish(void)
{
	unlink(path);
	buf_release(&text);
	buf_release(&warnings);
}

static const char *
read_log(void)
{
	FILE *f = fopen(path, "r");
	char piece[4096];
	size_t n;

	ck_assert_ptr_nonnull(f);
	buf_clear(&text);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&text, piece, n);
	fclose(f);
	return text.data;
}

/* How many lines; each must be an object in JSON. */
static size_t
count_lines(void)
{
	const char *at = read_log(), *end;
	json_error_t error;
	json_t *line;
	size_t n;

	for (n = 0; *at != '\0'; n++, at = end + 1) {
		end = strchr(at, '\n');
		ck_assert_ptr_nonnull(end);
		line = json_loadb(at, (size_t)(end - at), JSON_ALLOW_NUL,
		    &error);
		ck_assert_msg(json_is_object(line), "%s: %.*s", error.text,
		    (int)(end - at), at);
		json_decref(line);
	}
	return n;
}

START_TEST(a_line_says_what_was_asked_and_how_it_went)
{
	struct sim_fault reset = { SIM_DELETE, 1, 0, false };
	struct err err = ERR_INIT;
	struct sim_opts opts;

	prepare(&opts);
	opts.write_limit = 1;
	opts.burst = 1;
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
	sim_client_ask(world.client, "POST",
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=a%20%22b",
	    "hello");
	sim_client_run(world.client);
	sim_client_get(world.client, "GET", "/b/demo/o/a%20%22b?alt=media");
	sim_client_get(world.client, "DELETE", "/b/demo/o/x");
	sim_client_get(world.client, "GET", "/_sim/stats");
	sim_client_get(world.client, "HEAD", "/storage/v1/nowhere");
	ck_assert_int_eq(sim_fail_next(world.sim, &reset, &err), 0);
	while (loop_now(world.loop) < 1000000)
		sim_client_get(world.client, "GET", "/b/demo/o/x?alt=media");
	sim_client_get(world.client, "DELETE", "/b/demo/o/x");
	read_log();
	ck_assert_ptr_nonnull(strstr(text.data,
	    "{\"time\":\"2026-01-01T00:00:00.084000Z\",\"kind\":\"GET\","
	    "\"method\":\"GET\",\"bucket\":\"demo\",\"name\":\"a \\\"b\","
	    "\"nth\":1,\"status\":200,\"bytes\":5,\"took_us\":42000,"
	    "\"latency_us\":42000,\"queued_us\":0,\"limited\":false,"
	    "\"fault\":false}\n"));
	ck_assert_ptr_nonnull(strstr(text.data, "\"status\":429,\"bytes\":"));
	ck_assert_ptr_nonnull(strstr(text.data, "\"limited\":true,"));
	ck_assert_ptr_nonnull(strstr(text.data,
	    "\"kind\":\"OTHER\",\"method\":\"HEAD\",\"bucket\":\"\","
	    "\"name\":\"/storage/v1/nowhere\",\"nth\":1,\"status\":404,\"bytes\":0,"));
	ck_assert_ptr_nonnull(strstr(text.data,
	    "\"nth\":2,\"status\":0,\"bytes\":0,\"took_us\":42000,"
	    "\"latency_us\":42000,\"queued_us\":0,\"limited\":false,"
	    "\"fault\":true}\n"));
	ck_assert_ptr_null(strstr(text.data, "_sim"));
	sim_world_stop(&world);
	ck_assert_str_eq(warnings.data, "");
	finish();
}
END_TEST

START_TEST(every_method_has_its_name)
{
	static const char *const methods[] = { "GET", "POST", "PUT", "PATCH",
		"DELETE", "HEAD", "OPTIONS" };
	struct sim_opts opts;
	char want[40];
	size_t i;

	prepare(&opts);
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		sim_client_get(world.client, methods[i], "/nowhere");
	read_log();
	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		snprintf(want, sizeof(want), "\"method\":\"%s\"", methods[i]);
		ck_assert_msg(strstr(text.data, want) != NULL, "%s", want);
	}
	sim_world_stop(&world);
	finish();
}
END_TEST

/* What the journal counts is in the log, also when nothing acted on it. */
START_TEST(a_refused_head_and_a_lost_upload_have_their_lines)
{
	static const char refused[] =
	    "DELETE /b/demo/o/x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
	    "\r\nabc";
	static const char lost[] =
	    "POST /upload/storage/v1/b/demo/o?uploadType=media&name=y HTTP/1.1"
	    "\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc";
	struct sim_counts counts;
	struct err err = ERR_INIT;
	struct sim_opts opts;

	prepare(&opts);
	sim_world_start(&world, LOOP_REAL, &opts, 1);
	sim_client_get(world.client, "DELETE", "/b/demo/o/z");
	sim_client_raw(world.client, refused, strlen(refused));
	sim_client_run(world.client);
	sim_client_raw(world.client, lost, strlen(lost));
	sim_client_start(world.client);
	do {
		ck_assert_int_eq(loop_step(world.loop, &err), 0);
		sim_counts(world.sim, &counts);
	} while (counts.in_flight == 0);
	sim_client_hang_up(world.client);
	while (counts.in_flight > 0) {
		ck_assert_int_eq(loop_step(world.loop, &err), 0);
		sim_counts(world.sim, &counts);
	}
	sim_world_stop(&world);
	ck_assert_uint_eq(counts.total, 3);
	ck_assert_uint_eq(count_lines(), counts.total);
	/* Nothing of the DELETE before, though its place is used again. */
	ck_assert_ptr_nonnull(
	    strstr(text.data, "\"nth\":1,\"status\":400,\"bytes\":0,"));
	ck_assert_ptr_nonnull(
	    strstr(strstr(text.data, "\"status\":400"), "\"latency_us\":0,"));
	ck_assert_ptr_nonnull(strstr(text.data,
	    "\"kind\":\"PUT\",\"method\":\"POST\",\"bucket\":\"demo\","
	    "\"name\":\"y\",\"nth\":1,\"status\":0,\"bytes\":0,"));
	finish();
}
END_TEST

START_TEST(what_is_in_flight_at_the_end_has_its_lines_too)
{
	static const char lost[] =
	    "POST /upload/storage/v1/b/demo/o?uploadType=media&name=y "
	    "HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf";
	struct sim_counts counts;
	struct sim_opts opts;
	struct err err = ERR_INIT;

	prepare(&opts);
	opts.latency = sim_constant(SIM_DELAY_MAX);
	sim_world_start(&world, LOOP_REAL, &opts, 2);
	sim_client_raw(world.client, lost, strlen(lost));
	sim_client_ask(world.client, "DELETE", "/storage/v1/b/demo/o/x", NULL);
	sim_client_start(world.client);
	do {
		ck_assert_int_eq(loop_step(world.loop, &err), 0);
		sim_counts(world.sim, &counts);
	} while (counts.in_flight < 2);
	sim_world_stop(&world);
	ck_assert_uint_eq(count_lines(), 2);
	ck_assert_ptr_nonnull(
	    strstr(text.data, "\"name\":\"y\",\"nth\":1,\"status\":0,"));
	ck_assert_ptr_nonnull(
	    strstr(text.data, "\"name\":\"x\",\"nth\":1,\"status\":0,"));
	finish();
}
END_TEST

START_TEST(what_waited_for_a_token_says_how_long)
{
	struct sim_opts opts;

	prepare(&opts);
	opts.write_limit = 10;
	opts.burst = 1;
	opts.on_limit = SIM_ON_LIMIT_QUEUE;
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
	sim_client_get(world.client, "DELETE", "/b/demo/o/x");
	sim_client_get(world.client, "DELETE", "/b/demo/o/x");
	ck_assert_ptr_nonnull(strstr(read_log(),
	    "\"took_us\":100000,\"latency_us\":42000,\"queued_us\":58000,"));
	sim_world_stop(&world);
	finish();
}
END_TEST

START_TEST(every_line_is_json_whatever_bytes_a_name_has)
{
	struct sim_opts opts;
	struct rng rng;
	struct buf target;
	int seed, i;

	prepare(&opts);
	buf_init(&target, 10000);
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
	for (seed = 1; seed <= 300; seed++) {
		rng_init(&rng, (uint64_t)seed);
		buf_clear(&target);
		buf_adds(&target, "/b/");
		for (i = 0; i < 3; i++)
			buf_addf(&target, "%%%02X",
			    (unsigned)rng_below(&rng, 256));
		buf_adds(&target, "/o/");
		for (i = 0; i < 40; i++)
			buf_addf(&target, "%%%02X",
			    (unsigned)rng_below(&rng, 256));
		sim_client_get(world.client, "DELETE", target.data);
	}
	ck_assert_uint_eq(count_lines(), 300);
	sim_world_stop(&world);
	buf_release(&target);
	finish();
}
END_TEST

/* One write a turn may hold many lines; names as long as a head may be make
 * them pass what is gathered at most. */
START_TEST(nothing_is_lost_and_the_file_is_appended_to)
{
	enum { REQUESTS = 2000, LONG = 20000 };
	struct sim_opts opts;
	struct sim_counts counts;
	struct buf target;
	int run, i;

	prepare(&opts);
	buf_init(&target, LONG + 100);
	for (run = 0; run < 2; run++) {
		sim_world_start(&world, run == 0 ? LOOP_VIRTUAL : LOOP_REAL,
		    &opts, 200);
		for (i = 0; i < REQUESTS; i++) {
			buf_clear(&target);
			buf_addf(&target, "/b/demo/o/x%d", i);
			while (i % 20 == 0 && target.len < LONG)
				buf_adds(&target, "%01%FF");
			sim_client_ask(world.client, "DELETE", target.data,
			    NULL);
		}
		sim_client_run(world.client);
		sim_counts(world.sim, &counts);
		ck_assert_uint_eq(counts.total, REQUESTS);
		sim_world_stop(&world);
		ck_assert_uint_eq(count_lines(), (size_t)(run + 1) * REQUESTS);
	}
	buf_release(&target);
	finish();
}
END_TEST

START_TEST(on_the_virtual_clock_two_runs_log_the_same_lines)
{
	struct sim_opts opts;
	struct buf first;
	char target[64];
	int run, i;

	buf_init(&first, TEXT_MAX);
	for (run = 0; run < 2; run++) {
		prepare(&opts);
		opts.jitter = 300000;
		sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
		for (i = 0; i < 100; i++) {
			snprintf(target, sizeof(target), "/b/demo/o/x%d", i);
			sim_client_get(world.client, "DELETE", target);
		}
		sim_world_stop(&world);
		if (run == 0)
			buf_adds(&first, read_log());
		else
			ck_assert_str_eq(first.data, read_log());
		finish();
	}
	buf_release(&first);
}
END_TEST

START_TEST(a_file_that_cannot_be_opened_starts_no_simulator)
{
	static const char *const paths[] = { "no/such/folder/log", "." };
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct sim_opts opts;
	struct err err;
	size_t i;

	sim_defaults(&opts);
	for (i = 0; i < 2; i++) {
		err_clear(&err);
		opts.access_log = paths[i];
		ck_assert_ptr_null(sim_start_on(loop, &opts, &err));
		ck_assert_int_eq(err.code, ERR_CONFIG);
		ck_assert_ptr_nonnull(strstr(err.text, paths[i]));
		ck_assert_ptr_nonnull(strstr(err.text, "access log"));
	}
	loop_free(loop);
}
END_TEST

START_TEST(a_full_disk_is_one_warning_and_the_service_goes_on)
{
	struct sim_opts opts;
	int i;

	prepare(&opts);
	opts.access_log = "/dev/full";
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
	for (i = 0; i < 5; i++)
		ck_assert_int_eq(sim_client_get(world.client, "DELETE",
				     "/b/demo/o/x")
				     ->status,
		    404);
	sim_world_stop(&world);
	ck_assert_str_eq(warnings.data,
	    "cannot write to the access log /dev/full: No space left on "
	    "device; it ends here\n");
	finish();
}
END_TEST

START_TEST(without_a_listener_a_full_disk_is_silent)
{
	struct sim_opts opts;

	prepare(&opts);
	opts.access_log = "/dev/full";
	opts.on_warning = NULL;
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
	sim_client_get(world.client, "DELETE", "/b/demo/o/x");
	sim_client_get(world.client, "DELETE", "/b/demo/o/x");
	sim_world_stop(&world);
	finish();
}
END_TEST

int
main(void)
{
	return suite_run("sim_access_log",
	    a_line_says_what_was_asked_and_how_it_went,
	    every_method_has_its_name,
	    a_refused_head_and_a_lost_upload_have_their_lines,
	    what_is_in_flight_at_the_end_has_its_lines_too,
	    what_waited_for_a_token_says_how_long,
	    every_line_is_json_whatever_bytes_a_name_has,
	    nothing_is_lost_and_the_file_is_appended_to,
	    on_the_virtual_clock_two_runs_log_the_same_lines,
	    a_file_that_cannot_be_opened_starts_no_simulator,
	    a_full_disk_is_one_warning_and_the_service_goes_on,
	    without_a_listener_a_full_disk_is_silent, NULL);
}
