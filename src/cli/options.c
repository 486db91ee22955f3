/* SPDX-License-Identifier: MIT */
/*
 * One row an option.  A row whose meaning differs between commands stands once
 * for each, under the same name.
 */
#include "src/cli/options.h"

#include <stddef.h>

#define AT(member) .offset = offsetof(struct options, member)

/* The merge request of 2020 ran up to this many deletes at once. */
#define WIDTH_MAX 1000

/* In microseconds; well below the driver's limit on silence, 30 s. */
#define LATENCY_MAX 20000000

/* More than any client can send. */
#define RATE_MAX 1000000

#define DAY 86400000000

/* Ten years. */
#define AGE_MAX (3650 * DAY)

/* Those who choose what goes, who delete, who do either; who only ask; who read
 * a registry (src/cli/run.h), who go to a bucket. */
#define PLANS    (CMD_GC | CMD_PLAN)
#define SWEEPS   (CMD_GC | CMD_APPLY)
#define COLLECTS (PLANS | SWEEPS)
#define QUERIES  (CMD_EXPLAIN | CMD_DF | CMD_CHECK)
#define MARKS    (COLLECTS | QUERIES)
#define REAL     (MARKS | CMD_DOCTOR)
#define ALL      (REAL | CMD_SHOW | CMD_BENCH)

static const char *const gc_strategies[] = { "list-delete", "delete", NULL };
static const char *const bench_strategies[] = { "list-delete", "delete", "both",
	"auto", NULL };
static const char *const versions[] = { "1.1", "2", NULL };
static const char *const tables[] = { "blobs", "manifests", "overall", "2x2",
	"limiter", "latency", NULL };
static const char *const clocks[] = { "real", "virtual", NULL };
static const char *const progresses[] = { "auto", "bar", "plain", "none",
	NULL };
static const char *const on_limits[] = { "429", "queue", "503", "auto", NULL };

static int
parse_limit(const char *text, void *value, struct err *err)
{
	return guard_limit_parse(text, value, err);
}

static void
format_limit(const void *value, struct buf *out)
{
	guard_limit_format(value, out);
}

static const struct opt_grammar limit_grammar = {
	.size = sizeof(struct guard_limit),
	.parse = parse_limit,
	.format = format_limit,
};

/* clang-format off */
static const struct opt rows[] = {
	{ "dry-run", 'n', OPT_FLAG, AT(dry_run), .mask = SWEEPS,
	  .help = "mark and plan; send no request that changes anything" },
	{ "dry-run", 'd', OPT_FLAG, AT(dry_run), .mask = SWEEPS,
	  .help = "the same, as registry garbage-collect spells it" },
	{ "delete-untagged", 'm', OPT_FLAG, AT(delete_untagged), .mask = PLANS,
	  .help = "also delete manifests that no tag names any more" },
	{ "delete-untagged", 'm', OPT_FLAG, AT(delete_untagged),
	  .mask = CMD_EXPLAIN | CMD_DF,
	  .help = "as gc with it would: what no tag names any more goes" },
	{ "yes", 'y', OPT_FLAG, AT(yes), .mask = SWEEPS,
	  .help = "delete without asking" },
	{ "allow-empty-mark", 0, OPT_FLAG, AT(allow_empty_mark), .mask = COLLECTS,
	  .help = "go on though nothing at all is marked live" },
	{ "allow-missing", 0, OPT_FLAG, AT(allow_missing), .mask = COLLECTS,
	  .help = "go on though live manifests name blobs that are not there" },
	{ "max-delete", 0, OPT_VALUE, AT(max_delete), .mask = COLLECTS,
	  .arg = "N|P%", .grammar = &limit_grammar, .def = "50%",
	  .help = "refuse when more would go: objects, or a share of those "
		  "listed" },
	{ "min-age", 0, OPT_DURATION, AT(min_age_us),
	  .mask = PLANS | CMD_EXPLAIN | CMD_DF,
	  .arg = "TIME", .max = AGE_MAX, .def = "24h",
	  .help = "younger objects stay, and what they need; by the server's "
		  "clock; 0: age does not matter" },
	{ "max-skew", 0, OPT_DURATION, AT(max_skew_us), .mask = COLLECTS,
	  .arg = "TIME", .min = 1000000, .max = DAY, .def = "5m",
	  .has_off = true,
	  .help = "refuse when the clock here is further off the server's; "
		  "off: any" },
	{ "require-readonly", 0, OPT_FLAG, AT(require_readonly), .mask = SWEEPS,
	  .help = "refuse, unless the registry's configuration says that it "
		  "takes no writes" },
	{ "cache", 0, OPT_STRING, AT(cache),
	  .mask = COLLECTS | CMD_EXPLAIN | CMD_DF, .arg = "FILE",
	  .help = "keep there what manifests name, and read them once and no "
		  "more" },
	{ "ignore-manifest", 0, OPT_STRINGS, AT(ignore_manifest),
	  .mask = COLLECTS, .arg = "DIGEST",
	  .help = "give up what this manifest keeps, if it is damaged; it "
		  "stays itself; may be said many times" },
	{ "output", 'o', OPT_STRING, AT(output), .mask = PLANS,
	  .arg = "FILE", .help = "also write the plan to a file, which apply "
				 "takes and show reads" },
	{ "max-plan-age", 0, OPT_DURATION, AT(max_plan_age_us),
	  .mask = CMD_APPLY, .arg = "TIME", .min = 1000, .max = AGE_MAX,
	  .def = "24h", .has_off = true,
	  .help = "refuse a plan that is older; off: any" },
	{ "endpoint", 0, OPT_STRING, AT(endpoint), .mask = REAL,
	  .arg = "URL", .env = "STORAGE_EMULATOR_HOST",
	  .help = "where to; http:// is an emulator, which is sent no "
		  "credential; else Google" },
	{ "credentials", 0, OPT_STRING, AT(credentials), .mask = REAL,
	  .arg = "FILE", .help = "who asks: a key or another credential's file; "
				 "or none; else as Google's tools find it" },
	{ "strict-permissions", 0, OPT_FLAG, AT(strict_permissions),
	  .mask = REAL, .help = "refuse a credential's file that others can "
				"read" },
	{ "quota-project", 0, OPT_STRING, AT(quota_project), .mask = REAL,
	  .arg = "PROJECT", .help = "who is billed for the requests" },
	{ "ca-file", 0, OPT_STRING, AT(ca_file), .mask = REAL,
	  .arg = "FILE", .help = "whom to trust over https, instead of the "
				 "system's list" },
	{ "http", 0, OPT_CHOICE, AT(http), .mask = REAL,
	  .arg = "VERSION", .choices = versions, .def = "1.1",
	  .help = "1.1; 2 is refused, with the reason" },
	{ "mark-width", 0, OPT_UINT, AT(mark_width), .mask = MARKS,
	  .arg = "N", .min = 1, .max = WIDTH_MAX, .def = "64",
	  .help = "reads in flight at once while marking" },

	{ "table", 0, OPT_CHOICE, AT(table), .mask = CMD_BENCH,
	  .arg = "NAME", .choices = tables, .def = "2x2",
	  .help = "blobs, manifests, overall, 2x2, limiter or latency" },
	{ "clock", 0, OPT_CHOICE, AT(clock), .mask = CMD_BENCH,
	  .arg = "C", .choices = clocks, .def = "virtual",
	  .help = "virtual: exact, in no time; real: gcs-sim as a child" },
	{ "n", 0, OPT_UINT, AT(n), .mask = CMD_BENCH,
	  .arg = "N", .min = 1, .max = 10000000, .def = "auto",
	  .help = "blobs to delete" },
	{ "m", 0, OPT_UINT, AT(m), .mask = CMD_BENCH,
	  .arg = "M", .min = 1, .max = 1000000, .def = "auto",
	  .help = "manifests to delete" },
	{ "t", 0, OPT_UINT, AT(t), .mask = CMD_BENCH,
	  .arg = "T", .min = 0, .max = 1000, .def = "auto",
	  .help = "tag references of each manifest" },
	{ "latency", 0, OPT_DURATION, AT(latency_us), .mask = CMD_BENCH,
	  .arg = "TIME", .min = 0, .max = LATENCY_MAX, .def = "auto",
	  .help = "of each request, up to 20s; auto: 42ms, and in the table "
		  "latency each of 0, 10, 42 and 100 ms" },
	{ "write-limit", 0, OPT_RATE, AT(write_limit), .mask = CMD_BENCH,
	  .arg = "RATE", .min = 1, .max = 1000000, .def = "auto",
	  .help = "writes a second that the bucket takes; auto: 1000/s for "
		  "the table limiter, else off" },
	{ "burst", 0, OPT_UINT, AT(burst), .mask = CMD_BENCH,
	  .arg = "B", .min = 1, .max = 1000000, .def = "auto",
	  .help = "writes that a rested bucket takes at once; auto: 1000" },
	{ "on-limit", 0, OPT_CHOICE, AT(on_limit), .mask = CMD_BENCH,
	  .arg = "WHAT", .choices = on_limits, .def = "auto",
	  .help = "over the limit: 429 and 503 reject, queue waits; auto: "
		  "queue" },
	{ "simulator", 0, OPT_STRING, AT(simulator), .mask = CMD_BENCH,
	  .arg = "FILE", .help = "gcs-sim for the real clock; else the one "
				 "beside gcsweep, else the one in PATH" },

	{ "strategy", 0, OPT_CHOICE, AT(strategy), .mask = COLLECTS,
	  .arg = "S", .choices = gc_strategies, .def = "delete",
	  .help = "list-delete (2N requests) or delete (N)" },
	{ "strategy", 0, OPT_CHOICE, AT(strategy), .mask = CMD_BENCH,
	  .arg = "S", .choices = bench_strategies, .def = "auto",
	  .help = "list-delete, delete or both; auto: both, but delete in the "
		  "table limiter" },
	{ "concurrency", 'j', OPT_UINT, AT(concurrency), .mask = COLLECTS | CMD_BENCH,
	  .arg = "N", .min = 1, .max = WIDTH_MAX, .def = "auto",
	  .help = "deletes in flight at once, up to 1000; auto: as many as the "
		  "rate asks for" },
	{ "rate", 0, OPT_RATE, AT(rate), .mask = SWEEPS,
	  .arg = "N", .min = 1, .max = RATE_MAX, .def = "auto",
	  .help = "deletes a second at most; auto: finds what the bucket takes; "
		  "off: no pace before the first 429, as with a number of -j" },
	{ "max-connections", 0, OPT_UINT, AT(max_connections), .mask = MARKS | CMD_BENCH,
	  .arg = "K", .min = 1, .max = WIDTH_MAX, .def = "auto",
	  .help = "connections at most; auto: as many as are in flight" },
	{ "seed", 0, OPT_UINT, AT(seed), .mask = MARKS | CMD_BENCH,
	  .arg = "N", .min = 0, .max = UINT64_MAX - 1, .def = "1",
	  .help = "of everything random" },

	{ "json", 0, OPT_FLAG, AT(json), .mask = ALL, .rival = "markdown",
	  .help = "one JSON object a line" },
	{ "csv", 0, OPT_FLAG, AT(csv), .mask = CMD_SHOW, .rival = "json",
	  .help = "a table of what is still to go: bucket, name, generation "
		  "and more" },
	{ "markdown", 0, OPT_FLAG, AT(markdown), .mask = CMD_BENCH,
	  .help = "the tables for a page on GitHub" },
	{ "quiet", 'q', OPT_FLAG, AT(quiet), .mask = COLLECTS,
	  .rival = "verbose",
	  .help = "print only what went wrong" },
	{ "quiet", 'q', OPT_FLAG, AT(quiet), .mask = QUERIES,
	  .help = "no first line and no progress; check: only what is wrong" },
	{ "verbose", 'v', OPT_FLAG, AT(verbose), .mask = COLLECTS,
	  .help = "also name every object that goes; and how fast, and why" },
	{ "progress", 0, OPT_CHOICE, AT(progress), .mask = MARKS,
	  .arg = "HOW", .choices = progresses, .def = "auto",
	  .help = "bar, plain or none, on standard error; auto: bar on a "
		  "terminal, none with --quiet, else plain" },
	{ "progress-every", 0, OPT_DURATION, AT(progress_every_us),
	  .mask = MARKS, .arg = "TIME", .min = 100000, .max = DAY,
	  .def = "10s",
	  .help = "between plain lines, 100ms to 24h" },
	{ "hgrm", 0, OPT_STRING, AT(hgrm), .mask = SWEEPS,
	  .arg = "FILE", .help = "write the sweep's latencies, in ms, as text "
				 "that HdrHistogram's plotters read" },
	{ "metrics", 0, OPT_STRING, AT(metrics), .mask = COLLECTS,
	  .arg = "FILE", .help = "write what the run came to, for Prometheus' "
				 "textfile collector, also when it fails" },
	{ "help", 'h', OPT_ACTION, AT(help), .mask = ALL,
	  .help = "print this" },
	{ "version", 0, OPT_ACTION, AT(version), .mask = ALL,
	  .help = "print which gcsweep this is" },
	{ .name = NULL },
};
/* clang-format on */

const struct opt_table options_table = { rows, "GCSWEEP_" };
