/* SPDX-License-Identifier: MIT */
/*
 * The child's standard output is a pipe: its first line says where it listens,
 * so nothing has to be polled.  It is told to die with us.
 */
#include "src/cli/bench_child.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/sim.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/net/client.h"

#define READY "gcs-sim ready "

enum { STATS_MAX = 1 << 20, TIMEOUT_US = 30 * 1000 * 1000 };

/* A simulator that fills ten million objects takes half a minute. */
enum { READY_MS = 120 * 1000 };

struct bench_child {
	pid_t pid;
	char url[128];
};

/* The file that was named, or the one beside gcsweep, or the one in PATH. */
static void
find_simulator(const char *named, char path[PATH_MAX])
{
	ssize_t n;
	char *slash;

	if (named != NULL) {
		snprintf(path, PATH_MAX, "%s", named);
		return;
	}
	n = readlink("/proc/self/exe", path, PATH_MAX - 16);
	path[n > 0 ? n : 0] = '\0';
	if ((slash = strrchr(path, '/')) != NULL) {
		strcpy(slash + 1, "gcs-sim");
		if (access(path, X_OK) == 0)
			return;
	}
	strcpy(path, "gcs-sim");
}

/* Its options are ours to set; GCS_SIM_READ_LIMIT from outside would be a
 * limiter that no table tells of. */
static void
forget_variables(void)
{
	char **from = environ, **to = environ;

	for (; *from != NULL; from++) {
		if (!str_starts(*from, "GCS_SIM_"))
			*to++ = *from;
	}
	*to = NULL;
}

static _Noreturn void
become_simulator(const struct bench_server_opts *opts, const char *path,
    pid_t parent)
{
	static const char *const verdicts[] = { [SIM_ON_LIMIT_429] = "429",
		[SIM_ON_LIMIT_QUEUE] = "queue",
		[SIM_ON_LIMIT_503] = "503" };
	char latency[32], limit[32], burst[32], seed[32];
	const char *unlimited[] = { path, "--registry", opts->registry,
		"--bucket", BENCH_BUCKET, "--latency", latency, "--seed", seed,
		NULL };
	const char *limited[] = { path, "--registry", opts->registry,
		"--bucket", BENCH_BUCKET, "--latency", latency, "--seed", seed,
		"--write-limit", limit, "--burst", burst, "--on-limit",
		verdicts[opts->on_limit], NULL };
	const char **argv = opts->write_limit > 0 ? limited : unlimited;

	snprintf(latency, sizeof(latency), "%" PRIu64 "us", opts->latency_us);
	snprintf(limit, sizeof(limit), "%" PRIu64, opts->write_limit);
	snprintf(burst, sizeof(burst), "%" PRIu64, opts->burst);
	snprintf(seed, sizeof(seed), "%" PRIu64, opts->seed);
	forget_variables();
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() == parent)
		execvp(path, (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* Reads up to the first line break; -1 at an end, or after a silence. */
static int
read_line(int fd, char *line, size_t size)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	size_t n = 0;

	while (n + 1 < size) {
		if (poll(&wait, 1, READY_MS) <= 0 || read(fd, line + n, 1) != 1)
			return -1;
		if (line[n] == '\n')
			break;
		n++;
	}
	line[n] = '\0';
	return 0;
}

/* Reads "gcs-sim ready URL ..." from the pipe. */
static int
read_ready_line(struct bench_child *c, int fd)
{
	char line[512];
	const char *url = line + strlen(READY);
	int rc = read_line(fd, line, sizeof(line));

	close(fd);
	if (rc != 0 || !str_starts(line, READY))
		return -1;
	snprintf(c->url, sizeof(c->url), "%.*s", (int)strcspn(url, " "), url);
	return 0;
}

struct bench_child *
bench_child_start(const struct bench_server_opts *opts, struct err *err)
{
	struct bench_child *c = mem_zalloc(1, sizeof(*c));
	pid_t parent = getpid();
	char path[PATH_MAX];
	int fds[2];

	find_simulator(opts->simulator, path);
	if (pipe2(fds, O_CLOEXEC) != 0 || (c->pid = fork()) < 0) {
		err_set(err, ERR_CONFIG, "cannot start %s: %s", path,
		    strerror(errno));
		free(c);
		return NULL;
	}
	if (c->pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		become_simulator(opts, path, parent);
	}
	close(fds[1]);
	if (read_ready_line(c, fds[0]) != 0) {
		err_set(err, ERR_CONFIG,
		    "%s did not start; --simulator FILE names gcs-sim", path);
		kill(c->pid, SIGKILL); /* it may be anything */
		bench_child_stop(c);
		return NULL;
	}
	return c;
}

void
bench_child_stop(struct bench_child *c)
{
	if (c == NULL)
		return;
	kill(c->pid, SIGTERM);
	while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	free(c);
}

const char *
bench_child_url(const struct bench_child *c)
{
	return c->url;
}

/* --- asking it --- */

/* One request on a connection of its own; content is the answer's body. */
static int
ask(struct bench_child *c, struct loop *loop, enum http_method method,
    const char *path, struct buf *content, struct err *err)
{
	struct http_opts opts = {
		.connections = 1,
		.total_timeout_us = TIMEOUT_US,
		.user_agent = "gcsweep-bench",
	};
	struct http_client *client = http_client_open(loop, &opts);
	struct http_request req;
	char url[256];
	int rc = 0;

	snprintf(url, sizeof(url), "%s%s", c->url, path);
	http_request_init(&req);
	req.method = method;
	req.url = url;
	req.max_content = STATS_MAX;
	http_client_submit(client, &req);
	while (rc == 0 && http_client_reap(client) == NULL)
		rc = loop_step(loop, err);
	if (rc == 0 && (req.outcome != HTTP_ANSWERED || req.status / 100 != 2))
		rc = err_set(err, ERR_NET, "%s: HTTP %d %s", url, req.status,
		    req.detail);
	if (rc == 0)
		buf_add(content, req.content.data, req.content.len);
	http_client_close(client);
	http_request_release(&req);
	return rc;
}

static uint64_t
number(json_t *object, const char *key)
{
	return (uint64_t)json_integer_value(json_object_get(object, key));
}

static void
read_stats(json_t *stats, struct bench_counts *out)
{
	json_t *requests = json_object_get(stats, "requests");
	json_t *bucket;
	size_t i;
	int kind;

	for (kind = 0; kind < STORAGE_KINDS; kind++)
		out->requests[kind] = number(requests,
		    storage_kind_name((enum storage_kind)kind));
	out->total = number(requests, "total");
	out->rejected = number(stats, "rejected");
	out->peak_in_flight = number(stats, "peak_in_flight");
	out->objects = 0;
	json_array_foreach (json_object_get(stats, "buckets"), i, bucket) {
		const char *name = json_string_value(
		    json_object_get(bucket, "name"));

		if (name != NULL && strcmp(name, BENCH_BUCKET) == 0)
			out->objects = number(bucket, "objects");
	}
}

int
bench_child_count(struct bench_child *c, struct loop *loop,
    struct bench_counts *out, struct err *err)
{
	struct buf content;
	json_t *stats = NULL;
	int rc;

	buf_init(&content, STATS_MAX);
	rc = ask(c, loop, HTTP_GET, "/_sim/stats", &content, err);
	if (rc == 0) {
		stats = json_loadb(content.data, content.len, 0, NULL);
		if (json_is_object(stats))
			read_stats(stats, out);
		else
			rc = err_set(err, ERR_PROTOCOL,
			    "%s/_sim/stats: not a JSON object", c->url);
	}
	json_decref(stats);
	buf_release(&content);
	return rc;
}

int
bench_child_reset(struct bench_child *c, struct loop *loop, struct err *err)
{
	struct buf content;
	int rc;

	buf_init(&content, STATS_MAX);
	rc = ask(c, loop, HTTP_POST, "/_sim/reset", &content, err);
	buf_release(&content);
	return rc;
}
