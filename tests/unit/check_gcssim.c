/* SPDX-License-Identifier: MIT */
/*
 * The public library, as those outside the house use it: its own header, plain
 * blocking sockets, and the simulator in a thread behind them.
 */
#include "sim/gcssim.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/suite.h"

static _Thread_local struct gcssim_error err;

static struct gcssim *
start(const char *const *settings)
{
	struct gcssim *sim = gcssim_start(settings, &err);

	ck_assert_msg(sim != NULL, "%s", err.text);
	return sim;
}

/* One setting. */
static int
set(struct gcssim *sim, const char *setting)
{
	const char *const settings[] = { setting, NULL };

	return gcssim_set(sim, settings, &err);
}

/* --- a client --- */

static int
dial(const struct gcssim *sim)
{
	const char *port = strrchr(gcssim_url(sim), ':') + 1;
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((in_port_t)atoi(port)),
		.sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

/* The status of one request on a connection of its own; 0: it was reset, or
 * ended without an answer. */
static int
request(const struct gcssim *sim, const char *method, const char *target)
{
	char text[1024];
	int fd = dial(sim), status = 0;
	ssize_t n, len = 0;

	snprintf(text, sizeof(text),
	    "%s %s HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
	    "Connection: close\r\n\r\n",
	    method, target);
	ck_assert_int_eq(send(fd, text, strlen(text), MSG_NOSIGNAL),
	    (ssize_t)strlen(text));
	while (
	    (n = recv(fd, text + len, sizeof(text) - 1 - (size_t)len, 0)) > 0)
		len += n;
	text[len] = '\0';
	close(fd);
	sscanf(text, "HTTP/1.1 %d", &status);
	return status;
}

static int
remove_object(const struct gcssim *sim, const char *name)
{
	char target[200];

	snprintf(target, sizeof(target), "/storage/v1/b/demo/o/%s", name);
	return request(sim, "DELETE", target);
}

static int
put(const struct gcssim *sim, const char *name)
{
	char target[200];

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=%s", name);
	return request(sim, "POST", target);
}

/* --- life --- */

START_TEST(it_answers_when_start_returns)
{
	struct gcssim *sim = start(NULL);

	ck_assert_int_eq(strncmp(gcssim_url(sim), "http://127.0.0.1:", 17), 0);
	ck_assert_int_eq(request(sim, "GET", "/_sim/health"), 200);
	ck_assert_uint_eq(gcssim_count(sim, "total"), 0);
	ck_assert_int_eq(gcssim_check(sim, &err), 0);
	gcssim_stop(sim);
	gcssim_stop(NULL);
	ck_assert_str_ne(gcssim_version(), "");
}
END_TEST

/* Entries of a folder of /proc/self, but for the one that looks. */
static size_t
entries(const char *path)
{
	DIR *dir = opendir(path);
	size_t n = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

START_TEST(a_hundred_starts_and_stops_leave_nothing_behind)
{
	static const char *const settings[] = { "registry=manifests=1", NULL };
	size_t fds, threads, i;
	int fd;

	gcssim_stop(start(settings)); /* what libraries keep for good */
	fds = entries("/proc/self/fd");
	threads = entries("/proc/self/task");
	for (i = 0; i < 100; i++) {
		struct gcssim *sim = start(settings);

		/* One that is idle, and one in the middle of a request. */
		fd = dial(sim);
		ck_assert_int_eq(send(fd, "GET /", 5, MSG_NOSIGNAL), 5);
		ck_assert_int_eq(remove_object(sim, "x"), 404);
		gcssim_stop(sim);
		close(fd);
	}
	ck_assert_uint_eq(entries("/proc/self/fd"), fds);
	ck_assert_uint_eq(entries("/proc/self/task"), threads);
}
END_TEST

START_TEST(stop_ends_the_connections_that_are_open)
{
	static const char *const settings[] = { "latency=1h", NULL };
	static const char get[] =
	    "GET /storage/v1/b/demo HTTP/1.1\r\nHost: x\r\n\r\n";
	struct gcssim *sim = start(settings);
	int fd = dial(sim);
	char c;

	ck_assert_int_eq(send(fd, get, strlen(get), MSG_NOSIGNAL),
	    (ssize_t)strlen(get));
	while (gcssim_count(sim, "in_flight") == 0)
		continue;
	gcssim_stop(sim);
	ck_assert_int_le(recv(fd, &c, 1, 0), 0);
	close(fd);
}
END_TEST

START_TEST(several_simulators_know_nothing_of_each_other)
{
	static const char *const settings[] = { "bucket=demo", NULL };
	struct gcssim *one = start(settings), *other = start(settings);

	ck_assert_str_ne(gcssim_url(one), gcssim_url(other));
	ck_assert_int_eq(put(one, "a"), 200);
	ck_assert_int_eq(gcssim_has(one, "demo", "a"), 1);
	ck_assert_int_eq(gcssim_has(other, "demo", "a"), 0);
	gcssim_stop(one);
	ck_assert_int_eq(put(other, "b"), 200);
	ck_assert_uint_eq(gcssim_count(other, "PUT"), 1);
	gcssim_stop(other);
}
END_TEST

/* --- settings --- */

START_TEST(settings_are_refused_as_on_the_command_line)
{
	static const struct {
		const char *setting, *text;
	} rows[] = {
		{ "latency=soon", "--latency: 'soon': want a time" },
		{ "latnecy=1ms", "'latnecy'; latency is the nearest" },
		{ "latency", "latency needs a value: latency=DELAY" },
		{ "keep-mtime=maybe", "--keep-mtime 'maybe': want " },
		{ "keep-mtime", "--keep-mtime goes with --registry-from" },
		{ "burst=7", "--burst goes with --write-limit" },
		{ "listen=0.0.0.0:0", "say --allow-remote" },
		{ "port-file=x", "port-file is for the program gcs-sim alone" },
		{ "help", "help is for the program gcs-sim alone" },
		{ "registry-from=/nowhere", "/nowhere" },
		{ "data=/nowhere/data", "/nowhere/data" },
		{ "", "unknown option ''" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *const settings[] = { rows[i].setting, NULL };

		ck_assert_ptr_null(gcssim_start(settings, &err));
		ck_assert_msg(strstr(err.text, rows[i].text) != NULL, "%s: %s",
		    rows[i].setting, err.text);
		ck_assert_ptr_null(gcssim_start(settings, NULL));
	}
}
END_TEST

START_TEST(the_environment_sets_nothing)
{
	static const char *const settings[] = { "write-limit=1000/s",
		"burst=1000", NULL };
	struct gcssim *sim;

	setenv("GCS_SIM_LATENCY", "soon", 1);
	setenv("GCS_SIM_LATNECY", "1h", 1);
	sim = start(settings);
	ck_assert_int_eq(remove_object(sim, "x"), 404);
	gcssim_stop(sim);
}
END_TEST

START_TEST(settings_change_while_it_runs)
{
	char first[] = "bucket=demo";
	const char *const settings[] = { first, "write-limit=1000/s", NULL };
	static const char *const together[] = { "handshake=tcp", "rtt=1ms",
		NULL };
	static const char *const half[] = { "missing-precondition=404",
		"latency=soon", NULL };
	struct gcssim *sim = start(settings);

	memset(first, '?', sizeof(first) - 1); /* copied, so nobody's matter */
	ck_assert_int_eq(set(sim, "missing-precondition=412"), 0);
	ck_assert_int_eq(request(sim, "DELETE",
			     "/storage/v1/b/demo/o/x?ifGenerationMatch=1"),
	    412);
	ck_assert_int_eq(set(sim, "missing-precondition=413"), -1);
	ck_assert_ptr_nonnull(
	    strstr(err.text, "--missing-precondition '413': want"));
	ck_assert_int_eq(set(sim, "bucket=other"), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "bucket is said at the start"));
	ck_assert_int_eq(set(sim, "jitter=10%"), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "there is none"));
	ck_assert_int_eq(set(sim, "handshake=tcp"), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "goes with --rtt"));
	ck_assert_int_eq(gcssim_set(sim, together, &err), 0);
	ck_assert_int_eq(gcssim_set(sim, half, &err), -1);
	ck_assert_int_eq(set(sim, "latency=1ms"), 0);
	ck_assert_int_eq(set(sim, "jitter=10%"), 0);
	ck_assert_int_eq(request(sim, "DELETE",
			     "/storage/v1/b/demo/o/x?ifGenerationMatch=1"),
	    412);
	gcssim_stop(sim);
}
END_TEST

/* --- counts and faults --- */

START_TEST(counts_are_told_by_name)
{
	static const char *const settings[] = { "bucket=demo", NULL };
	static const char *const words[] = { "LIST", "GET", "BUCKET", "OTHER",
		"rejected", "faults", "replayed", "refused", "in_flight" };
	struct gcssim *sim = start(settings);
	size_t i;

	ck_assert_int_eq(put(sim, "a"), 200);
	ck_assert_int_eq(put(sim, "b"), 200);
	ck_assert_int_eq(remove_object(sim, "a"), 204);
	ck_assert_uint_eq(gcssim_count(sim, "PUT"), 2);
	ck_assert_uint_eq(gcssim_count(sim, "DELETE"), 1);
	ck_assert_uint_eq(gcssim_count(sim, "total"), 3);
	ck_assert_uint_eq(gcssim_count(sim, "connections"), 3);
	ck_assert_uint_eq(gcssim_count(sim, "peak_in_flight"), 1);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ck_assert_uint_eq(gcssim_count(sim, words[i]), 0);
	ck_assert(gcssim_count(sim, "DELETES") == GCSSIM_NONE);
	ck_assert_int_eq(gcssim_reset(sim, &err), 0);
	ck_assert_uint_eq(gcssim_count(sim, "total"), 0);
	ck_assert_uint_eq(gcssim_objects(sim, "demo"), 1);
	gcssim_stop(sim);
}
END_TEST

START_TEST(counts_have_the_keys_of_an_expectation)
{
	static const char *const settings[] = { "bucket=demo", NULL };
	struct gcssim *sim = start(settings);

	ck_assert_int_eq(put(sim, "a"), 200);
	ck_assert_int_eq(remove_object(sim, "a"), 204);
	ck_assert_int_eq(remove_object(sim, "a"), 404);
	ck_assert_uint_eq(gcssim_count(sim, "storage.objects.delete"), 2);
	ck_assert_uint_eq(gcssim_count(sim, "404"), 1);
	ck_assert_uint_eq(gcssim_count(sim, "DELETE:204"), 1);
	ck_assert_uint_eq(gcssim_count(sim, "class_a"), 1);
	ck_assert_uint_eq(gcssim_count(sim, "503"), 0);
	ck_assert(gcssim_count(sim, "DELETE:often") == GCSSIM_NONE);
	ck_assert(gcssim_count(sim, "") == GCSSIM_NONE);
	gcssim_stop(sim);
}
END_TEST

START_TEST(a_scope_counts_from_its_opening_to_its_closing)
{
	static const char *const settings[] = { "bucket=demo", NULL };
	struct gcssim *sim = start(settings);

	ck_assert_int_eq(put(sim, "a"), 200);
	ck_assert_int_eq(gcssim_scope_open(sim, "gc", &err), 0);
	ck_assert_int_eq(remove_object(sim, "a"), 204);
	ck_assert_int_eq(remove_object(sim, "a"), 404);
	ck_assert_int_eq(gcssim_scope_open(sim, "gc", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "'gc' is open already"));
	ck_assert_int_eq(gcssim_scope_close(sim, "gc", &err), 0);
	ck_assert_int_eq(remove_object(sim, "a"), 404);
	ck_assert_uint_eq(gcssim_scope_count(sim, "gc", "DELETE"), 2);
	ck_assert_uint_eq(gcssim_scope_count(sim, "gc", "total"), 2);
	ck_assert_uint_eq(gcssim_scope_count(sim, NULL, "total"), 4);
	ck_assert(gcssim_scope_count(sim, "gc", "often") == GCSSIM_NONE);
	ck_assert(gcssim_scope_count(sim, "cg", "total") == GCSSIM_NONE);
	ck_assert_int_eq(gcssim_scope_close(sim, "cg", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "no scope 'cg'"));
	ck_assert_int_eq(gcssim_scope_open(sim, "a b", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "want a name of 1 to 63"));
	ck_assert_int_eq(gcssim_reset(sim, &err), 0);
	ck_assert(gcssim_scope_count(sim, "gc", "total") == GCSSIM_NONE);
	gcssim_stop(sim);
}
END_TEST

START_TEST(an_expectation_is_met_or_the_difference_told)
{
	static const struct {
		const char *query, *text; /* NULL: it is met */
	} rows[] = {
		{ "scope=gc&DELETE=2&DELETE:404=1..&LIST=..2", NULL },
		{ "DELETE=2&PUT=1", NULL },
		{ "scope=gc&DELETE=3&total=2",
		    "DELETE: expected 3, had 2 (1 too few)" },
		{ "scope=gc&DELETE=..1",
		    "DELETE: expected ..1, had 2 (1 too many)" },
		{ "scope=cg&DELETE=2", "no scope 'cg'" },
		{ "scope=gc&DELTE=2", "'DELTE' counts nothing" },
		{ "DELETE=two", "DELETE=two: want a number" },
		{ "", "nothing is expected" },
	};
	static const char *const settings[] = { "bucket=demo", NULL };
	struct gcssim *sim = start(settings);
	size_t i;

	ck_assert_int_eq(put(sim, "a"), 200);
	ck_assert_int_eq(gcssim_scope_open(sim, "gc", &err), 0);
	ck_assert_int_eq(remove_object(sim, "a"), 204);
	ck_assert_int_eq(remove_object(sim, "a"), 404);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_int_eq(gcssim_expect(sim, rows[i].query, &err),
		    rows[i].text == NULL ? 0 : -1);
		ck_assert_msg(rows[i].text == NULL ||
			strstr(err.text, rows[i].text) != NULL,
		    "%s: %s", rows[i].query, err.text);
	}
	gcssim_stop(sim);
}
END_TEST

START_TEST(what_shall_fail_fails_before_or_after_it_acts)
{
	static const char *const settings[] = { "bucket=demo", NULL };
	struct gcssim *sim = start(settings);

	ck_assert_int_eq(put(sim, "a"), 200);
	ck_assert_int_eq(gcssim_fail_next(sim, "DELETE", 1, 503, &err), 0);
	ck_assert_int_eq(gcssim_fail_after(sim, "DELETE", 1, 0, &err), 0);
	ck_assert_uint_eq(gcssim_pending(sim), 2);
	ck_assert_int_eq(remove_object(sim, "a"), 503);
	ck_assert_int_eq(gcssim_has(sim, "demo", "a"), 1);
	ck_assert_int_eq(remove_object(sim, "a"), 0);
	ck_assert_int_eq(gcssim_has(sim, "demo", "a"), 0);
	ck_assert_uint_eq(gcssim_pending(sim), 0);
	ck_assert_uint_eq(gcssim_count(sim, "faults"), 2);
	ck_assert_int_eq(gcssim_fail_next(sim, "DELTE", 1, 503, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "'DELTE': want LIST, GET"));
	ck_assert_int_eq(gcssim_fail_next(sim, "GET", 0, 503, &err), -1);
	ck_assert_int_eq(gcssim_fail_next(sim, "GET", 1, 200, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "want 400 to 599"));
	gcssim_stop(sim);
}
END_TEST

START_TEST(rules_say_what_goes_wrong)
{
	static const char *const settings[] = { "bucket=demo",
		"fault=PUT 403 nth=1", "fault=DELETE 503 times=1 id=first",
		NULL };
	static const char *const bad[] = { "fault=PUT often", NULL };
	struct gcssim *sim = start(settings);

	ck_assert_int_eq(put(sim, "a"), 403);
	ck_assert_int_eq(put(sim, "a"), 200);
	ck_assert_int_eq(remove_object(sim, "a"), 503);
	ck_assert_int_eq(remove_object(sim, "a"), 204);
	ck_assert_uint_eq(gcssim_fired(sim, "first"), 1);
	ck_assert_uint_eq(gcssim_fired(sim, "second"), 0);
	ck_assert_int_eq(gcssim_add_faults(sim,
			     "DELETE 500 id=second\nPUT reset", &err),
	    0);
	ck_assert_int_eq(remove_object(sim, "a"), 500);
	ck_assert_int_eq(put(sim, "a"), 0);
	ck_assert_uint_eq(gcssim_fired(sim, "second"), 1);
	ck_assert_int_eq(gcssim_remove_faults(sim, "second", &err), 0);
	ck_assert_int_eq(gcssim_remove_faults(sim, "second", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "second"));
	ck_assert_int_eq(gcssim_remove_faults(sim, NULL, &err), 0);
	ck_assert_int_eq(put(sim, "a"), 200);
	ck_assert_int_eq(gcssim_add_faults(sim, "PUT often", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "often"));
	gcssim_stop(sim);
	ck_assert_ptr_null(gcssim_start(bad, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "often"));
}
END_TEST

/* --- state --- */

START_TEST(buckets_are_filled_kept_and_brought_back)
{
	struct gcssim *sim = start(NULL);
	uint64_t objects, bytes;

	ck_assert_uint_eq(gcssim_objects(sim, "demo"), 0);
	ck_assert_int_eq(gcssim_fill(sim, "demo", "manifests=2", NULL, &err),
	    0);
	objects = gcssim_objects(sim, "demo");
	bytes = gcssim_bytes(sim, "demo");
	ck_assert_uint_gt(objects, 2);
	ck_assert_uint_gt(bytes, objects);
	ck_assert_int_eq(gcssim_fill(sim, "demo", "manifests=2", "", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "fills an empty one"));
	ck_assert_int_eq(gcssim_snapshot(sim, "full", &err), 0);
	ck_assert_int_eq(put(sim, "a"), 200);
	ck_assert_uint_eq(gcssim_objects(sim, "demo"), objects + 1);
	ck_assert_int_eq(gcssim_restore(sim, "full", &err), 0);
	ck_assert_uint_eq(gcssim_objects(sim, "demo"), objects);
	ck_assert_uint_eq(gcssim_bytes(sim, "demo"), bytes);
	ck_assert_int_eq(gcssim_forget(sim, "full", &err), 0);
	ck_assert_int_eq(gcssim_restore(sim, "full", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "no snapshot 'full'"));
	ck_assert_int_eq(gcssim_snapshot(sim, "a/b", NULL), -1);
	ck_assert_int_eq(gcssim_restart(sim, &err), 0);
	ck_assert_uint_eq(gcssim_objects(sim, "demo"), 0);
	gcssim_stop(sim);
}
END_TEST

/* --- threads, signals, children --- */

enum { CALLERS = 8, ROUNDS = 50 };

static void *
use(void *arg)
{
	struct gcssim *sim = arg;
	size_t i;

	for (i = 0; i < ROUNDS; i++) {
		ck_assert_int_eq(remove_object(sim, "x"), 404);
		ck_assert_uint_ge(gcssim_count(sim, "DELETE"), i + 1);
		ck_assert_int_eq(set(sim, "latency=0"), 0);
		ck_assert_int_eq(set(sim, "latency=soon"), -1);
		ck_assert_int_eq(gcssim_has(sim, "demo", "x"), 0);
	}
	return NULL;
}

START_TEST(any_thread_may_ask)
{
	static const char *const settings[] = { "bucket=demo", NULL };
	struct gcssim *sim = start(settings);
	pthread_t threads[CALLERS];
	size_t i;

	for (i = 0; i < CALLERS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, use, sim),
		    0);
	for (i = 0; i < CALLERS; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_eq(gcssim_count(sim, "DELETE"), CALLERS * ROUNDS);
	gcssim_stop(sim);
}
END_TEST

/* A signal of the process goes to a thread that does not block it. */
START_TEST(signals_stay_with_the_program)
{
	struct gcssim *sim = start(NULL);
	sigset_t usr1;
	siginfo_t info;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &usr1, NULL);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	ck_assert_int_eq(request(sim, "GET", "/_sim/health"), 200);
	ck_assert_int_eq(sigwaitinfo(&usr1, &info), SIGUSR1);
	gcssim_stop(sim);
}
END_TEST

/* A status that no test program gives by itself. */
enum { FINE = 42 };

static void
be_a_child(struct gcssim *sim)
{
	static const char *const settings[] = { "bucket=demo", NULL };
	struct gcssim *mine;

	if (gcssim_count(sim, "PUT") != GCSSIM_NONE ||
	    gcssim_objects(sim, "demo") != GCSSIM_NONE ||
	    gcssim_has(sim, "demo", "a") != -1 ||
	    gcssim_scope_count(sim, NULL, "PUT") != GCSSIM_NONE ||
	    gcssim_expect(sim, "PUT=1", NULL) != -1 ||
	    gcssim_reset(sim, &err) != -1 ||
	    strstr(err.text, "this is a child of it") == NULL)
		_exit(1);
	gcssim_stop(sim);
	/* The parent's thread serves the child, too. */
	if (put(sim, "b") != 200)
		_exit(2);
	mine = gcssim_start(settings, &err);
	if (mine == NULL || put(mine, "c") != 200 ||
	    gcssim_count(mine, "PUT") != 1)
		_exit(3);
	gcssim_stop(mine);
	_exit(FINE);
}

START_TEST(a_child_is_told_that_it_has_none)
{
	static const char *const settings[] = { "bucket=demo", NULL };
	struct gcssim *sim = start(settings);
	pid_t pid;
	int status;

	ck_assert_int_eq(put(sim, "a"), 200);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		be_a_child(sim);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), FINE);
	ck_assert_uint_eq(gcssim_count(sim, "PUT"), 2);
	gcssim_stop(sim);
}
END_TEST

int
main(void)
{
	return suite_run("gcssim", it_answers_when_start_returns,
	    a_hundred_starts_and_stops_leave_nothing_behind,
	    stop_ends_the_connections_that_are_open,
	    several_simulators_know_nothing_of_each_other,
	    settings_are_refused_as_on_the_command_line,
	    the_environment_sets_nothing, settings_change_while_it_runs,
	    counts_are_told_by_name, counts_have_the_keys_of_an_expectation,
	    a_scope_counts_from_its_opening_to_its_closing,
	    an_expectation_is_met_or_the_difference_told,
	    what_shall_fail_fails_before_or_after_it_acts,
	    rules_say_what_goes_wrong, buckets_are_filled_kept_and_brought_back,
	    any_thread_may_ask, signals_stay_with_the_program,
	    a_child_is_told_that_it_has_none, NULL);
}
