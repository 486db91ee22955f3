/* SPDX-License-Identifier: MIT */
/*
 * The one table of gcs-sim's options.  What a row cannot check by itself (a
 * latency that may be left out, an address) is checked when the simulator's own
 * options are filled.
 */
#include "sim/settings.h"

#include "sim/sim.h"
#include "sim/limiter.h"
#include "sim/listen.h"

/* A day. */
#define TIMEOUT_MAX 86400000000U

static const char *const on_limit_choices[] = { "429", "queue", "503", NULL };
static const char *const multidelete_choices[] = { "error", "deleted", NULL };
static const char *const cost_choices[] = { "per-key", "per-request", NULL };
static const char *const missing_choices[] = { "404", "412", NULL };

#define AT(member) .offset = offsetof(struct settings, member), .mask = 1

static const struct opt rows[] = {
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
	    .arg = "NAME",
	    .help = "the bucket that is filled, or is there and empty; demo "
		    "is filled when none is named" },
	{ .name = "root",
	    .type = OPT_STRING,
	    AT(root),
	    .arg = "PREFIX",
	    .help = "the registry's rootdirectory in it" },
	{ .name = "registry-from",
	    .type = OPT_STRING,
	    AT(registry_from),
	    .arg = "DIR[=BUCKET]",
	    .help = "fill a bucket with the files below a folder, such as a "
		    "registry's rootdirectory; the last = is the cut" },
	{ .name = "keep-mtime",
	    .type = OPT_FLAG,
	    AT(keep_mtime),
	    .help = "its objects are as old as the files, not of 2020" },
	{ .name = "data",
	    .type = OPT_STRING,
	    AT(data),
	    .arg = "FILE",
	    .help = "keep the buckets there, in SQLite's format; what is "
		    "answered survives the end of the process; a bucket that "
		    "it has already is not filled again" },
	{ .name = "seed",
	    .type = OPT_UINT,
	    AT(seed),
	    .max = UINT64_MAX,
	    .def = "1",
	    .arg = "N",
	    .help = "of everything random" },
	{ .name = "latency",
	    .type = OPT_STRING,
	    AT(latency),
	    .def = "0",
	    .arg = "DELAY",
	    .help = "how long each request takes, such as 42ms" },
	{ .name = "latency-list",
	    .type = OPT_STRING,
	    AT(latency_list),
	    .arg = "DELAY",
	    .help = "the same for lists alone" },
	{ .name = "latency-get",
	    .type = OPT_STRING,
	    AT(latency_get),
	    .arg = "DELAY",
	    .help = "for reads of objects" },
	{ .name = "latency-put",
	    .type = OPT_STRING,
	    AT(latency_put),
	    .arg = "DELAY",
	    .help = "for uploads" },
	{ .name = "latency-delete",
	    .type = OPT_STRING,
	    AT(latency_delete),
	    .arg = "DELAY",
	    .help = "for deletes" },
	{ .name = "jitter",
	    .type = OPT_STRING,
	    AT(jitter),
	    .arg = "PERCENT",
	    .help = "spread each constant latency by this much either way, "
		    "such as 10%" },
	{ .name = "write-limit",
	    .type = OPT_RATE,
	    AT(write_limit),
	    .min = 1,
	    .max = LIMITER_MAX,
	    .def = "off",
	    .arg = "R|off",
	    .help =
		"uploads and deletes per second and bucket, such as 1000/s" },
	{ .name = "read-limit",
	    .type = OPT_RATE,
	    AT(read_limit),
	    .min = 1,
	    .max = LIMITER_MAX,
	    .def = "off",
	    .arg = "R|off",
	    .help = "lists and reads per second and bucket, such as 1000/s" },
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
	    .arg = "429|queue|503",
	    .help = "reject what is over a limit, or let it wait" },
	{ .name = "missing-precondition",
	    .type = OPT_CHOICE,
	    AT(missing_precondition),
	    .choices = missing_choices,
	    .def = "404",
	    .arg = "404|412",
	    .help = "the answer to a delete with ifGenerationMatch of what is "
		    "not there" },
	{ .name = "multidelete-missing",
	    .type = OPT_CHOICE,
	    AT(multidelete_missing),
	    .choices = multidelete_choices,
	    .def = "error",
	    .arg = "error|deleted",
	    .help = "what a multi-object delete says of a key that is not "
		    "there: NoSuchKey, or that it is deleted" },
	{ .name = "multidelete-cost",
	    .type = OPT_CHOICE,
	    AT(multidelete_cost),
	    .choices = cost_choices,
	    .def = "per-key",
	    .arg = "per-key|per-request",
	    .help = "how many writes it is for --write-limit" },
	{ .name = "max-connections",
	    .type = OPT_UINT,
	    AT(max_connections),
	    .min = 1,
	    .max = 1000000,
	    .def = "auto",
	    .arg = "N|auto",
	    .help = "whoever comes beyond them is answered 503; auto: as many "
		    "as the limit of open files allows, and the others wait" },
	{ .name = "header-timeout",
	    .type = OPT_DURATION,
	    AT(header_timeout),
	    .max = TIMEOUT_MAX,
	    .def = "10s",
	    .arg = "D",
	    .help = "a request's head must be here after this long, or it is "
		    "answered 408; 0: any time" },
	{ .name = "body-timeout",
	    .type = OPT_DURATION,
	    AT(body_timeout),
	    .max = TIMEOUT_MAX,
	    .def = "30s",
	    .arg = "D",
	    .help = "in each such time a request's body must bring 1 KiB for "
		    "each second of it, or it is answered 408; 0: at any "
		    "pace" },
	{ .name = "access-log",
	    .type = OPT_STRING,
	    AT(access_log),
	    .arg = "FILE",
	    .help = "append a JSON line for each request" },
	{ .name = "allow-remote",
	    .type = OPT_FLAG,
	    AT(allow_remote),
	    .help = "listen on an address that others can reach" },
	{ .name = "parent-pid",
	    .type = OPT_UINT,
	    AT(parent_pid),
	    .min = 1,
	    .max = INT32_MAX,
	    .arg = "PID",
	    .help = "end, as by SIGTERM, when this process has ended; the "
		    "process is meant and not its number, except where the "
		    "system has no pidfds" },
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

const struct opt_table settings_table = { rows, "GCS_SIM_" };

/* A latency, when it was typed. */
static int
parse_latency(const struct settings *v, const char *name, const char *text,
    struct sim_delay *out, struct err *err)
{
	if (text == NULL || sim_parse_delay(text, out, err) == 0)
		return 0;
	return opt_wrap(&v->said, name, err);
}

static int
fill_latency(const struct settings *v, struct sim_opts *opts, struct err *err)
{
	struct sim_delay *kind = opts->kind_latency;

	if (v->jitter != NULL &&
	    sim_parse_jitter(v->jitter, &opts->jitter, err) != 0)
		return opt_wrap(&v->said, "jitter", err);
	if (parse_latency(v, "latency", v->latency, &opts->latency, err) != 0 ||
	    parse_latency(v, "latency-list", v->latency_list, &kind[SIM_LIST],
		err) != 0 ||
	    parse_latency(v, "latency-get", v->latency_get, &kind[SIM_GET],
		err) != 0 ||
	    parse_latency(v, "latency-put", v->latency_put, &kind[SIM_PUT],
		err) != 0 ||
	    parse_latency(v, "latency-delete", v->latency_delete,
		&kind[SIM_DELETE], err) != 0)
		return -1;
	return 0;
}

static int
check_listen(const struct settings *v, struct err *err)
{
	int is_local = listen_is_loopback(v->listen, err);

	if (is_local == 0 && !v->allow_remote)
		return err_set(err, ERR_USAGE,
		    "--listen %s can be reached from elsewhere, and nothing "
		    "here asks for a password; say --allow-remote to mean it",
		    v->listen);
	return is_local < 0 ? -1 : 0;
}

/* A spread of nothing would be silence where somebody waits for noise. */
static int
check_jitter(const struct settings *v, const struct sim_opts *opts,
    struct err *err)
{
	bool has_constant = opts->latency.us > 0 &&
	    opts->latency.shape == SIM_CONSTANT;
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++)
		has_constant |= opts->kind_latency[kind].us > 0 &&
		    opts->kind_latency[kind].shape == SIM_CONSTANT;
	return has_constant
	    ? 0
	    : opt_refuse(&v->said, "jitter",
		  "spreads a constant latency, and there is none; say "
		  "--latency 42ms, for example",
		  err);
}

/* Options that would be taken and do nothing are refused. */
static int
check_uses(const struct settings *v, struct err *err)
{
	bool has_limit = v->write_limit > 0 || v->read_limit > 0;
	int rc = 0;

	if (!has_limit)
		rc = opt_refuse(&v->said, "burst",
		    "goes with --write-limit or --read-limit", err);
	if (rc == 0 && !has_limit)
		rc = opt_refuse(&v->said, "on-limit",
		    "goes with --write-limit or --read-limit", err);
	if (rc == 0 && v->write_limit == 0)
		rc = opt_refuse(&v->said, "multidelete-cost",
		    "goes with --write-limit", err);
	if (rc == 0 && v->registry == NULL)
		rc = opt_refuse(&v->said, "root", "goes with --registry", err);
	if (rc == 0 && v->registry_from == NULL)
		rc = opt_refuse(&v->said, "keep-mtime",
		    "goes with --registry-from", err);
	return rc;
}

int
settings_fill(const struct settings *v, struct sim_opts *opts, struct err *err)
{
	sim_defaults(opts);
	opts->listen = v->listen;
	opts->seed = v->seed;
	opts->registry = v->registry;
	if (v->bucket != NULL)
		opts->bucket = v->bucket;
	opts->make_bucket = v->bucket != NULL;
	if (v->root != NULL)
		opts->root = v->root;
	opts->registry_from = v->registry_from;
	opts->keep_mtime = v->keep_mtime;
	opts->data = v->data;
	opts->write_limit = v->write_limit;
	opts->read_limit = v->read_limit;
	opts->burst = v->burst;
	opts->on_limit = (enum sim_on_limit)v->on_limit;
	opts->multidelete_forgives = v->multidelete_missing == 1;
	opts->multidelete_is_one_write = v->multidelete_cost == 1;
	opts->missing_is_412 = v->missing_precondition == 1;
	opts->max_connections = v->max_connections == OPT_AUTO
	    ? 0
	    : v->max_connections;
	opts->head_timeout_us = v->header_timeout;
	opts->body_timeout_us = v->body_timeout;
	opts->access_log = v->access_log;
	if (check_uses(v, err) != 0 || fill_latency(v, opts, err) != 0 ||
	    check_jitter(v, opts, err) != 0)
		return -1;
	return check_listen(v, err);
}
