/* SPDX-License-Identifier: MIT */
/*
 * The program gcs-sim: options, one line when it is ready, signals.  All it
 * does is in the library; this file alone prints.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/gcssim.h"
#include "sim/limiter.h"
#include "sim/listen.h"
#include "src/base/buf.h"
#include "src/base/loop.h"
#include "src/base/opt.h"
#include "src/base/str.h"

enum {
	EXIT_USAGE = 2,
	/* What is in flight at the first signal has this long to end. */
	DRAIN_US = 5000000,
	DRAIN_LOOK_US = 10000
};

struct values {
	struct opt_said said;
	const char *listen;
	const char *port_file;
	const char *registry;
	const char *bucket;
	const char *root;
	uint64_t seed;
	uint64_t latency;
	const char *latency_list;
	const char *latency_get;
	const char *latency_put;
	const char *latency_delete;
	uint64_t write_limit;
	uint64_t read_limit;
	uint64_t burst;
	int on_limit;
	uint64_t max_connections;
	bool allow_remote;
	bool help;
	bool version;
};

static const char *const on_limit_choices[] = { "429", "queue", NULL };

#define AT(member) .offset = offsetof(struct values, member), .mask = 1

static const struct opt options[] = {
	{ .name = "listen",
	    .type = OPT_STRING,
	    AT(listen),
	    .def = "127.0.0.1:0",
	    .arg = "ADDRESS:PORT",
	    .help = "where to listen; port 0 takes a free one" },
	{ .name = "port-file",
	    .type = OPT_STRING,
	    AT(port_file),
	    .arg = "FILE",
	    .help = "write the port there when it answers" },
	{ .name = "registry",
	    .type = OPT_STRING,
	    AT(registry),
	    .arg = "SPEC",
	    .help = "fill the bucket: demo, or repos=3,manifests=40,..." },
	{ .name = "bucket",
	    .type = OPT_STRING,
	    AT(bucket),
	    .def = "demo",
	    .arg = "NAME",
	    .help = "the bucket that --registry fills" },
	{ .name = "root",
	    .type = OPT_STRING,
	    AT(root),
	    .def = "",
	    .arg = "PREFIX",
	    .help = "the registry's rootdirectory in it" },
	{ .name = "seed",
	    .type = OPT_UINT,
	    AT(seed),
	    .max = UINT64_MAX,
	    .def = "1",
	    .arg = "N",
	    .help = "of everything random" },
	{ .name = "latency",
	    .type = OPT_DURATION,
	    AT(latency),
	    .max = GCSSIM_DELAY_MAX,
	    .def = "0",
	    .arg = "D",
	    .help = "how long each request takes, such as 42ms" },
	{ .name = "latency-list",
	    .type = OPT_STRING,
	    AT(latency_list),
	    .arg = "D",
	    .help = "the same for lists alone" },
	{ .name = "latency-get",
	    .type = OPT_STRING,
	    AT(latency_get),
	    .arg = "D",
	    .help = "for reads of objects" },
	{ .name = "latency-put",
	    .type = OPT_STRING,
	    AT(latency_put),
	    .arg = "D",
	    .help = "for uploads" },
	{ .name = "latency-delete",
	    .type = OPT_STRING,
	    AT(latency_delete),
	    .arg = "D",
	    .help = "for deletes" },
	{ .name = "write-limit",
	    .type = OPT_RATE,
	    AT(write_limit),
	    .max = LIMITER_MAX,
	    .def = "off",
	    .arg = "R|off",
	    .help = "uploads and deletes per second and bucket" },
	{ .name = "read-limit",
	    .type = OPT_RATE,
	    AT(read_limit),
	    .max = LIMITER_MAX,
	    .def = "off",
	    .arg = "R|off",
	    .help = "lists and reads per second and bucket" },
	{ .name = "burst",
	    .type = OPT_UINT,
	    AT(burst),
	    .min = 1,
	    .max = LIMITER_MAX,
	    .def = "1000",
	    .arg = "N",
	    .help = "requests a rested bucket takes at once" },
	{ .name = "on-limit",
	    .type = OPT_CHOICE,
	    AT(on_limit),
	    .choices = on_limit_choices,
	    .def = "429",
	    .arg = "429|queue",
	    .help = "reject what is over a limit, or let it wait" },
	{ .name = "max-connections",
	    .type = OPT_UINT,
	    AT(max_connections),
	    .min = 1,
	    .max = 1000000,
	    .def = "auto",
	    .arg = "N|auto",
	    .help = "at most; auto: what the fd limit allows" },
	{ .name = "allow-remote",
	    .type = OPT_FLAG,
	    AT(allow_remote),
	    .help = "listen on an address that others can reach" },
	{ .name = "help",
	    .letter = 'h',
	    .type = OPT_ACTION,
	    AT(help),
	    .help = "print this and exit" },
	{ .name = "version",
	    .type = OPT_ACTION,
	    AT(version),
	    .help = "print the version and exit" },
	{ .name = NULL },
};

static const struct opt_table table = { options, "GCS_SIM_" };

/* A latency of one kind, when it was typed. */
static int
parse_latency(const char *name, const char *text, struct gcssim_delay *out,
    struct err *err)
{
	if (text == NULL || gcssim_parse_delay(text, out, err) == 0)
		return 0;
	return err_wrap(err, "--%s", name);
}

static int
fill_opts(const struct values *v, struct gcssim_opts *opts, struct err *err)
{
	struct gcssim_delay *kind = opts->kind_latency;
	int is_local;

	gcssim_defaults(opts);
	opts->listen = v->listen;
	opts->seed = v->seed;
	opts->registry = v->registry;
	opts->bucket = v->bucket;
	opts->root = v->root;
	opts->latency = gcssim_constant(v->latency);
	opts->write_limit = v->write_limit;
	opts->read_limit = v->read_limit;
	opts->burst = v->burst;
	opts->on_limit = (enum gcssim_on_limit)v->on_limit;
	opts->max_connections = v->max_connections == OPT_AUTO
	    ? 0
	    : v->max_connections;
	if (parse_latency("latency-list", v->latency_list, &kind[GCSSIM_LIST],
		err) != 0 ||
	    parse_latency("latency-get", v->latency_get, &kind[GCSSIM_GET],
		err) != 0 ||
	    parse_latency("latency-put", v->latency_put, &kind[GCSSIM_PUT],
		err) != 0 ||
	    parse_latency("latency-delete", v->latency_delete,
		&kind[GCSSIM_DELETE], err) != 0)
		return -1;
	is_local = listen_is_loopback(v->listen, err);
	if (is_local == 0 && !v->allow_remote)
		return err_set(err, ERR_USAGE,
		    "--listen %s can be reached from elsewhere, and nothing "
		    "here asks for a password; say --allow-remote to mean it",
		    v->listen);
	return is_local < 0 ? -1 : 0;
}

/* --- what it says --- */

static void
add_limit(struct buf *out, const char *what, uint64_t rate)
{
	if (rate > 0)
		buf_addf(out, ", %s %llu/s", what, (unsigned long long)rate);
}

/* Whoever waits for the line must not wait for ever because it was lost. */
static int
end_output(struct err *err)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		return err_set(err, ERR_CONFIG,
		    "cannot write to standard output: %s", strerror(errno));
	return 0;
}

static int
print_ready(const struct gcssim *sim, const struct gcssim_opts *opts,
    struct err *err)
{
	char size[STR_SIZE_MAX];
	uint64_t objects, bytes;
	struct buf line;

	buf_init(&line, 1024);
	buf_addf(&line, "gcs-sim ready %s (", gcssim_url(sim));
	buf_adds(&line, "latency ");
	gcssim_add_delay(&opts->latency, &line);
	add_limit(&line, "writes", opts->write_limit);
	add_limit(&line, "reads", opts->read_limit);
	if (opts->write_limit > 0 || opts->read_limit > 0)
		buf_addf(&line, ", burst %llu",
		    (unsigned long long)opts->burst);
	if (opts->registry != NULL) {
		objects = gcssim_objects(sim, opts->bucket, &bytes);
		buf_addf(&line, ", bucket %s: %llu objects, %s", opts->bucket,
		    (unsigned long long)objects, str_format_size(size, bytes));
	}
	printf("%s)\n", line.data);
	buf_release(&line);
	return end_output(err);
}

/* The port and a newline, complete from the moment the file is there. */
static int
write_port(const char *path, const char *url, struct err *err)
{
	struct buf part;
	FILE *f;
	int rc = 0;

	buf_init(&part, 4096);
	buf_addf(&part, "%s.%ld.part", path, (long)getpid());
	f = fopen(part.data, "w");
	if (f == NULL || fprintf(f, "%s\n", strrchr(url, ':') + 1) < 0 ||
	    fflush(f) != 0 || rename(part.data, path) != 0)
		rc = err_set(err, ERR_CONFIG,
		    "cannot write the port file %s: %s", path, strerror(errno));
	if (f != NULL)
		fclose(f);
	if (rc != 0)
		unlink(part.data);
	buf_release(&part);
	return rc;
}

/* --- running --- */

struct server {
	struct loop *loop;
	struct gcssim *sim;
	struct loop_timer look;
	uint64_t stop_by; /* 0: not draining */
};

static void
on_look(void *arg)
{
	struct server *s = arg;

	if (gcssim_is_drained(s->sim) || loop_now(s->loop) >= s->stop_by)
		loop_stop(s->loop);
	else
		loop_timer_set(&s->look, loop_now(s->loop) + DRAIN_LOOK_US);
}

static void
on_signal(void *arg)
{
	struct server *s = arg;

	if (s->stop_by != 0) {
		loop_stop(s->loop);
		return;
	}
	s->stop_by = loop_now(s->loop) + DRAIN_US;
	gcssim_drain(s->sim);
	on_look(s);
}

static int
serve(const struct values *v, const struct gcssim_opts *opts, struct err *err)
{
	struct server s = { .loop = loop_new(LOOP_REAL) };
	int rc = -1;

	loop_timer_init(&s.look, s.loop, on_look, &s);
	s.sim = gcssim_start_on(s.loop, opts, err);
	if (s.sim != NULL &&
	    (v->port_file == NULL ||
		write_port(v->port_file, gcssim_url(s.sim), err) == 0)) {
		loop_on_signal(s.loop, SIGTERM, on_signal, &s);
		loop_on_signal(s.loop, SIGINT, on_signal, &s);
		rc = print_ready(s.sim, opts, err);
		if (rc == 0)
			rc = loop_run(s.loop, err);
	}
	loop_timer_cancel(&s.look);
	gcssim_stop(s.sim);
	loop_free(s.loop);
	return rc;
}

static int
print_help(struct err *err)
{
	struct buf text;

	buf_init(&text, 64 * 1024);
	buf_adds(&text,
	    "usage: gcs-sim [OPTIONS]\n\n"
	    "A fake Google Cloud Storage with latency, limits and exact "
	    "counts.\n\n");
	opt_help(&table, 1, &text);
	buf_adds(&text,
	    "\nSPEC: demo, or any of repos=N manifests=N layers=N tags=N "
	    "untagged=P%\nshared=P% blob=SIZE orphans=N kept=N, with commas "
	    "between.\n"
	    "Counts: GET /_sim/stats, /_sim/requests; POST /_sim/reset.\n");
	fputs(text.data, stdout);
	buf_release(&text);
	return end_output(err);
}

static int
complain(const struct err *err)
{
	const char *c;

	fputs("gcs-sim: ", stderr);
	for (c = err->text; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			fprintf(stderr, "\\x%02x", (unsigned char)*c);
		else
			fputc(*c, stderr);
	}
	fputc('\n', stderr);
	return err->code == ERR_USAGE ? EXIT_USAGE : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	struct values values = { 0 };
	struct gcssim_opts opts;
	struct err err = ERR_INIT;
	int operands;

	if (opt_parse(&table, 1, argc, argv, &values, &operands, &err) != 0) {
		complain(&err);
		return EXIT_USAGE;
	}
	if (values.help)
		return print_help(&err) == 0 ? EXIT_SUCCESS : complain(&err);
	if (values.version) {
		puts("gcs-sim " PACKAGE_VERSION);
		return end_output(&err) == 0 ? EXIT_SUCCESS : complain(&err);
	}
	if (operands < argc) {
		err_set(&err, ERR_USAGE, "unknown argument '%s' (see --help)",
		    argv[operands]);
		return complain(&err);
	}
	signal(SIGPIPE, SIG_IGN);
	if (fill_opts(&values, &opts, &err) != 0 ||
	    serve(&values, &opts, &err) != 0)
		return complain(&err);
	return EXIT_SUCCESS;
}
