/* SPDX-License-Identifier: MIT */
/* Nothing here prints: what is to be said goes to main. */
#include "sim/serve.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/sim_state.h"
#include "sim/profile.h"
#include "sim/settings.h"
#include "sim/whole_file.h"
#include "src/base/buf.h"
#include "src/base/opt.h"
#include "src/base/str.h"

enum {
	/* What is in flight at the first signal has this long to end. */
	DRAIN_US = 5000000,
	DRAIN_LOOK_US = 10000
};

/* The port and a newline, complete from the moment the file is there. */
static int
write_port(const char *option, const char *path, const char *url,
    struct err *err)
{
	struct buf text;
	int rc;

	buf_init(&text, 16);
	buf_addf(&text, "%s\n", strrchr(url, ':') + 1);
	rc = whole_file_write(path, &text, err);
	buf_release(&text);
	return rc == 0 ? 0 : err_wrap(err, "%s", option);
}

static void
on_look(void *arg)
{
	struct server *s = arg;

	if (sim_is_drained(s->sim) || loop_now(s->loop) >= s->stop_by)
		loop_stop(s->loop);
	else
		loop_timer_set(&s->look, loop_now(s->loop) + DRAIN_LOOK_US);
}

static void
drain(struct server *s)
{
	s->stop_by = loop_now(s->loop) + DRAIN_US;
	sim_drain(s->sim);
	on_look(s);
}

static void
on_signal(void *arg)
{
	struct server *s = arg;

	if (s->stop_by != 0)
		loop_stop(s->loop);
	else
		drain(s);
}

/* A server that cannot keep what it is told is of no use any more, and its
 * memory is ahead of the file.  exec's command is served to its end: with 503. */
static void
on_failure(void *arg, const char *text)
{
	struct server *s = arg;

	err_set(&s->failure, ERR_CONFIG,
	    "%s; what was acknowledged before is in it, nothing after that",
	    text);
	if (s->hears && s->stop_by == 0)
		drain(s);
}

/* From the loop only, where SIGTERM is looked after by serve or exec. */
static void
on_orphaned(void *arg)
{
	(void)arg;
	raise(SIGTERM);
}

int
server_open(struct server *s, const struct settings *set,
    void (*on_warning)(void *arg, const char *text), struct err *err)
{
	memset(s, 0, sizeof(*s));
	s->opts = set->opts;
	s->opts.on_warning = on_warning;
	s->opts.on_failure = on_failure;
	s->opts.failure_arg = s;
	getrlimit(RLIMIT_NOFILE, &s->files);
	s->loop = loop_new(LOOP_REAL);
	loop_timer_init(&s->look, s->loop, on_look, s);
	if (set->parent_pid != 0 &&
	    parent_watch(&s->parent, s->loop, (pid_t)set->parent_pid,
		on_orphaned, NULL, err) != 0)
		return err_wrap(err, "--parent-pid");
	s->sim = sim_start_on(s->loop, &s->opts, err);
	return s->sim != NULL ? 0 : -1;
}

void
server_hear(struct server *s)
{
	s->hears = true;
	loop_on_signal(s->loop, SIGTERM, on_signal, s);
	loop_on_signal(s->loop, SIGINT, on_signal, s);
}

int
server_write_port(const struct server *s, const struct settings *set,
    struct err *err)
{
	if (set->tls_port_file != NULL &&
	    write_port("--tls-port-file", set->tls_port_file,
		sim_tls_url(s->sim), err) != 0)
		return -1;
	if (set->port_file == NULL)
		return 0;
	return write_port("--port-file", set->port_file, sim_url(s->sim), err);
}

void
server_close(struct server *s)
{
	loop_timer_cancel(&s->look);
	parent_release(&s->parent);
	sim_stop(s->sim);
	loop_free(s->loop);
}

int
server_run(struct server *s, struct err *err)
{
	return loop_run(s->loop, err) == 0 ? server_check(s, err) : -1;
}

int
server_check(const struct server *s, struct err *err)
{
	if (s->failure.code == ERR_NONE)
		return 0;
	*err = s->failure;
	return -1;
}

/* --- the ready line --- */

/* Latencies as requests have them, so with the jitter. */
static void
add_delay(struct buf *out, const char *what, const struct sim_delay *delay,
    uint64_t jitter)
{
	struct sim_delay d = sim_jittered(*delay, delay->us > 0 ? jitter : 0);

	if (d.shape == SIM_UNSET)
		return;
	buf_adds(out, what);
	sim_add_delay(&d, out);
}

static void
add_latencies(const struct sim_opts *opts, struct buf *out)
{
	static const struct {
		enum sim_kind kind;
		const char *what;
	} rows[] = {
		{ SIM_LIST, ", lists " },
		{ SIM_GET, ", gets " },
		{ SIM_PUT, ", puts " },
		{ SIM_DELETE, ", deletes " },
		{ SIM_BUCKET, ", buckets " },
		{ SIM_OTHER, ", others " },
	};
	size_t i;

	add_delay(out, "latency ", &opts->latency, opts->jitter);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		add_delay(out, rows[i].what, &opts->kind_latency[rows[i].kind],
		    opts->jitter);
}

static void
add_price(struct buf *out, const char *what, const char *each, uint64_t us)
{
	if (us == 0)
		return;
	buf_adds(out, what);
	sim_add_time(us, out);
	buf_adds(out, each);
}

static void
add_prices(const struct sim_prices *p, struct buf *out)
{
	static const char *const ways[] = { "", ", TCP set-up ",
		", TLS set-up " };

	add_price(out, ", ", " an entry", p->entry_us);
	add_price(out, ", ", " a MiB", p->mib_us);
	add_price(out, ways[p->handshake], "", cost_setup(p, 1));
	if (p->bandwidth > 0) {
		buf_adds(out, ", bandwidth ");
		sim_bandwidth_grammar.format(&p->bandwidth, out);
	}
}

static void
add_rate(struct buf *out, const char *what, uint64_t rate)
{
	if (rate > 0)
		buf_addf(out, ", %s %llu/s", what, (unsigned long long)rate);
}

/* An option as it would be typed, if that had to be. */
static void
add_option(const struct settings *set, const char *name, struct buf *out)
{
	const struct opt *row = settings_table.rows;
	struct buf value;

	while (strcmp(row->name, name) != 0)
		row++;
	buf_init(&value, 64);
	opt_format(row, set, &value);
	if (strcmp(value.data, row->def) != 0)
		buf_addf(out, ", %s %s", name, value.data);
	buf_release(&value);
}

static void
add_options(const struct sim_opts *opts, struct buf *out)
{
	static const char *const names[] = { "ramp", "ramp-share", "ramp-decay",
		"ramp-max-writes", "ramp-max-reads", "object-limit",
		"object-burst", "bucket-limit", "bucket-burst", "range-bytes",
		"range-write-limit", "range-read-limit", "range-burst",
		"limit-latency", "limit-503", "limit-retry-after",
		"max-streams", "max-resets" };
	const struct settings set = { .opts = *opts };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add_option(&set, names[i], out);
}

static void
add_limits(const struct sim_opts *opts, struct buf *out)
{
	static const char *const verdicts[] = { "", ", queued", ", with 503" };

	add_rate(out, "writes", opts->write_limit);
	add_rate(out, "reads", opts->read_limit);
	if (opts->write_limit > 0 || opts->read_limit > 0)
		buf_addf(out, ", burst %llu", (unsigned long long)opts->burst);
	buf_adds(out, verdicts[opts->on_limit]);
	add_options(opts, out);
	if (opts->max_connections > 0)
		buf_addf(out, ", %llu connections",
		    (unsigned long long)opts->max_connections);
}

static void
add_timeout(struct buf *out, const char *what, const char *none, uint64_t us)
{
	struct sim_delay timeout = sim_constant(us);

	buf_adds(out, us == 0 ? none : what);
	if (us > 0)
		sim_add_delay(&timeout, out);
}

/* How long heads and bodies may take, where it is not as always. */
static void
add_timeouts(const struct sim_opts *opts, struct buf *out)
{
	struct sim_opts usual;

	sim_defaults(&usual);
	if (opts->head_timeout_us != usual.head_timeout_us)
		add_timeout(out, ", heads within ", ", heads within any time",
		    opts->head_timeout_us);
	if (opts->body_timeout_us != usual.body_timeout_us)
		add_timeout(out, ", 1 KiB/s of a body within ",
		    ", bodies at any pace", opts->body_timeout_us);
}

static void
add_data(const struct server *s, struct buf *out)
{
	uint64_t n = sim_kept_buckets(s->sim);

	if (s->opts.data != NULL)
		buf_addf(out, ", data %s with %llu bucket%s", s->opts.data,
		    (unsigned long long)n, n == 1 ? "" : "s");
}

static void
add_bucket(const struct server *s, const char *bucket, struct buf *out)
{
	char size[STR_SIZE_MAX];
	uint64_t objects, bytes;

	objects = sim_objects(s->sim, bucket, &bytes);
	buf_addf(out, ", bucket %s%s: %llu objects, %s", bucket,
	    sim_was_kept(s->sim, bucket) ? " kept as it was" : "",
	    (unsigned long long)objects, str_format_size(size, bytes));
}

void
server_add_ready(const struct server *s, struct buf *line)
{
	const struct sim_opts *opts = &s->opts;

	buf_addf(line, "gcs-sim ready %s (", sim_url(s->sim));
	if (sim_tls_url(s->sim) != NULL)
		buf_addf(line, "TLS %s, ", sim_tls_url(s->sim));
	if (opts->profile != 0)
		buf_addf(line, "profile %s, ", profile_names[opts->profile]);
	add_latencies(opts, line);
	add_prices(&opts->prices, line);
	add_limits(opts, line);
	add_timeouts(opts, line);
	if (opts->access_log != NULL)
		buf_addf(line, ", access log %s", opts->access_log);
	add_data(s, line);
	if (opts->registry != NULL)
		add_bucket(s, opts->bucket, line);
	if (opts->registry_from != NULL)
		add_bucket(s, sim_from_bucket(opts), line);
	buf_addc(line, ')');
}
