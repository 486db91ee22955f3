/* SPDX-License-Identifier: MIT */
/*
 * The flush is an event of libevent's that the first line makes active: it
 * runs behind the callbacks that are already due, so a thousand answers of one
 * turn cost one write, and one that comes alone is in the file at once.  It is
 * no timer of the loop's, because those move a virtual clock.
 */
#include "sim/access_log.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/json_out.h"
#include "src/base/buf.h"
#include "src/base/mem.h"

enum {
	ENOUGH = 64 * 1024, /* to be written without waiting for more */
	/* A name of the longest head, escaped, and ENOUGH before it. */
	LINES_MAX = 1024 * 1024
};

struct access_log {
	int fd; /* -1: given up */
	char *path;
	struct event *flush;
	struct buf lines;
	void (*on_warning)(void *arg, const char *text);
	void *warning_arg;
	struct access_clock clock;
};

static void
give_up(struct access_log *log, int error)
{
	struct buf text;

	close(log->fd);
	log->fd = -1;
	if (log->on_warning == NULL)
		return;
	buf_init(&text, LINES_MAX);
	buf_addf(&text, "cannot write to the access log %s: %s; it ends here",
	    log->path, strerror(error));
	log->on_warning(log->warning_arg, text.data);
	buf_release(&text);
}

static void
write_lines(struct access_log *log)
{
	const char *at = log->lines.data;
	size_t left = log->lines.len;
	ssize_t n;

	while (log->fd >= 0 && left > 0) {
		n = write(log->fd, at, left);
		if (n < 0 && errno != EINTR) {
			give_up(log, errno);
		} else if (n > 0) {
			at += n;
			left -= (size_t)n;
		}
	}
	buf_clear(&log->lines);
}

static void
on_flush(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	write_lines(arg);
}

struct access_log *
access_log_open(struct event_base *base, const struct sim_opts *opts,
    struct err *err)
{
	struct access_log *log;
	int fd = open(opts->access_log,
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0) {
		err_set(err, ERR_CONFIG, "cannot open the access log %s: %s",
		    opts->access_log, strerror(errno));
		return NULL;
	}
	log = mem_zalloc(1, sizeof(*log));
	log->fd = fd;
	log->path = mem_strdup(opts->access_log);
	log->on_warning = opts->on_warning;
	log->warning_arg = opts->warning_arg;
	log->flush = evtimer_new(base, on_flush, log);
	buf_init(&log->lines, LINES_MAX);
	return log;
}

void
access_log_close(struct access_log *log)
{
	if (log == NULL)
		return;
	write_lines(log);
	if (log->fd >= 0)
		close(log->fd);
	event_free(log->flush);
	buf_release(&log->lines);
	free(log->path);
	free(log);
}

/* RFC 3339 in UTC with microseconds; all but these once a second. */
static void
add_time(struct access_clock *clock, struct json_out *w, uint64_t wall_us)
{
	time_t second = (time_t)(wall_us / 1000000);
	char text[sizeof(clock->date) + sizeof(".000000Z")];
	struct tm tm;

	if (second != clock->second || clock->date[0] == '\0') {
		gmtime_r(&second, &tm);
		strftime(clock->date, sizeof(clock->date), "%Y-%m-%dT%H:%M:%S",
		    &tm);
		clock->second = second;
	}
	snprintf(text, sizeof(text), "%s.%06uZ", clock->date,
	    (unsigned)(wall_us % 1000000));
	json_key(w, "time");
	json_str(w, text);
}

static void
add_number(struct json_out *w, const char *key, uint64_t v)
{
	json_key(w, key);
	json_u64(w, v);
}

static void
add_flag(struct json_out *w, const char *key, bool v)
{
	json_key(w, key);
	json_bool(w, v);
}

void
access_line_add(struct access_clock *clock, const struct access_entry *e,
    struct buf *out)
{
	struct json_out w;

	json_init(&w, out, false, NULL);
	json_open(&w, '{');
	add_time(clock, &w, e->wall_us);
	json_key(&w, "kind");
	json_str(&w, sim_kind_name(e->kind));
	json_key(&w, "method");
	json_str(&w, http_method_name(e->method));
	json_key(&w, "bucket");
	json_text(&w, e->bucket->data, e->bucket->len);
	json_key(&w, "name");
	json_text(&w, e->name->data, e->name->len);
	add_number(&w, "nth", e->nth);
	add_number(&w, "status", (uint64_t)e->status);
	add_number(&w, "bytes", e->bytes);
	add_number(&w, "took_us", e->took_us);
	add_number(&w, "latency_us", e->latency_us);
	add_number(&w, "queued_us", e->queued_us);
	add_flag(&w, "limited", e->is_limited);
	add_flag(&w, "fault", e->is_fault);
	json_close(&w, '}');
	json_end(&w);
}

void
access_log_add(struct access_log *log, const struct access_entry *e)
{
	if (log->fd < 0)
		return;
	if (log->lines.len == 0)
		event_active(log->flush, EV_TIMEOUT, 0);
	access_line_add(&log->clock, e, &log->lines);
	if (log->lines.len >= ENOUGH)
		write_lines(log);
}
