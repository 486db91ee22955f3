/* SPDX-License-Identifier: MIT */
/*
 * The one table of gcs-sim's options.  What a row cannot check by itself
 * (what goes together, an address) is checked when all is said:
 * settings_settle.c.
 */
#include "sim/settings.h"

#include "sim/sim.h"
#include "sim/bill.h"
#include "sim/journal.h"
#include "sim/rate.h"
#include "sim/profile.h"

/* A day. */
#define TIMEOUT_MAX 86400000000U

/* A minute, for each of a thousand entries or MiB. */
#define PRICE_MAX 60000000U

static const char *const on_limit_choices[] = { "429", "queue", "503", NULL };
static const char *const multidelete_choices[] = { "error", "deleted", NULL };
static const char *const cost_choices[] = { "per-key", "per-request", NULL };
static const char *const handshake_choices[] = { "off", "tcp", "tls", NULL };
static const char *const retention_choices[] = { "enforced", "ignored", NULL };
static const char *const auth_choices[] = { "off", "token", "strict", NULL };
static const char *const missing_choices[] = { "404", "412", NULL };

#define AT(member)                                   \
	.offset = offsetof(struct settings, member), \
	.mask = SETTINGS_LINE | SETTINGS_LIBRARY | SETTINGS_SIM
/* Also while it runs. */
#define LIVE(member)                                              \
	.offset = offsetof(struct settings, opts.member),         \
	.mask = SETTINGS_LINE | SETTINGS_LIBRARY | SETTINGS_SIM | \
	    SETTINGS_LIVE
/* Of what is around the simulator, where that is of use. */
#define AROUND(member, where) \
	.offset = offsetof(struct settings, member), .mask = (where)

/* Of a kind of requests. */
#define LATENCY(word, kind, text)                                        \
	{                                                                \
		.name = "latency-" word, .type = OPT_VALUE,              \
		.grammar = &sim_delay_grammar, LIVE(kind_latency[kind]), \
		.arg = "DELAY", .help = text                             \
	}
/* Of a bucket, in whole requests a second. */
#define LIMIT(option, member, text)                                         \
	{                                                                   \
		.name = option, .type = OPT_RATE, LIVE(member), .min = 1,   \
		.max = RATE_MAX, .def = "off", .arg = "R|off", .help = text \
	}
#define BURST(option, member, tokens, text)                               \
	{                                                                 \
		.name = option, .type = OPT_UINT, LIVE(member), .min = 1, \
		.max = RATE_MAX, .def = tokens, .arg = "N", .help = text  \
	}
/* As slow as 30/m. */
#define RATE(option, member, text)                                        \
	{                                                                 \
		.name = option, .type = OPT_VALUE,                        \
		.grammar = &sim_rate_grammar, LIVE(member), .def = "off", \
		.arg = "R|off", .help = text                              \
	}
/* Of what is counted, from nothing on; from the start on. */
#define COUNT(option, member, most, usual, text)                    \
	{                                                           \
		.name = option, .type = OPT_UINT, AT(opts.member),  \
		.max = most, .def = usual, .arg = "N", .help = text \
	}

static const struct opt rows[] = {
	{ .name = "listen",
	    .type = OPT_STRING,
	    AT(opts.listen),
	    .def = "127.0.0.1:0",
	    .arg = "ADDRESS:PORT",
	    .help = "where to listen; port 0 takes a free one" },
	{ .name = "port-file",
	    .type = OPT_STRING,
	    AROUND(port_file, SETTINGS_LINE | SETTINGS_CTL),
	    .arg = "FILE",
	    .help = "write the port there when it answers; ctl reads it" },
	{ .name = "tls-listen",
	    .type = OPT_STRING,
	    AT(opts.tls_listen),
	    .arg = "ADDRESS:PORT",
	    .help = "where to speak TLS, besides; with a certificate that is "
		    "made at the start, or that of --tls-cert" },
	{ .name = "tls-port-file",
	    .type = OPT_STRING,
	    AROUND(tls_port_file, SETTINGS_LINE),
	    .arg = "FILE",
	    .help = "write its port there" },
	{ .name = "ca-file",
	    .type = OPT_STRING,
	    AT(opts.ca_file),
	    .arg = "FILE",
	    .help = "write there, as PEM, what clients must trust to talk "
		    "TLS: another certificate at each start" },
	{ .name = "tls-cert",
	    .type = OPT_STRING,
	    AT(opts.tls_cert),
	    .arg = "FILE",
	    .help = "a certificate of your own, as PEM, with those that lead "
		    "to its authority" },
	{ .name = "tls-key",
	    .type = OPT_STRING,
	    AT(opts.tls_key),
	    .arg = "FILE",
	    .help = "and its private key, without a password" },
	{ .name = "registry",
	    .type = OPT_STRING,
	    AT(opts.registry),
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
	    AT(opts.registry_from),
	    .arg = "DIR[=BUCKET]",
	    .help = "fill a bucket with the files below a folder, such as a "
		    "registry's rootdirectory; the last = is the cut" },
	{ .name = "keep-mtime",
	    .type = OPT_FLAG,
	    AT(opts.keep_mtime),
	    .help = "its objects are as old as the files, not of 2020" },
	{ .name = "data",
	    .type = OPT_STRING,
	    AT(opts.data),
	    .arg = "FILE",
	    .help = "keep the buckets there, in SQLite's format; what is "
		    "answered survives the end of the process; a bucket that "
		    "it has already is not filled again" },
	{ .name = "seed",
	    .type = OPT_UINT,
	    AT(opts.seed),
	    .max = UINT64_MAX,
	    .def = "1",
	    .arg = "N",
	    .help = "of everything random" },
	{ .name = "profile",
	    .type = OPT_CHOICE,
	    .choices = profile_names,
	    AT(opts.profile),
	    .def = "local",
	    .arg = "NAME",
	    .help = "local (nothing costs time), in-region or eu-west1-2020: "
		    "what requests cost there, as defaults for the options "
		    "below that are not said" },
	{ .name = "latency",
	    .type = OPT_VALUE,
	    .grammar = &sim_delay_grammar,
	    LIVE(latency),
	    .def = "0",
	    .arg = "DELAY",
	    .help = "how long each request takes, such as 42ms" },
	LATENCY("list", SIM_LIST, "the same for lists alone"),
	LATENCY("get", SIM_GET, "for reads of objects"),
	LATENCY("put", SIM_PUT, "for uploads"),
	LATENCY("delete", SIM_DELETE, "for deletes"),
	LATENCY("bucket", SIM_BUCKET, "for buckets themselves"),
	LATENCY("other", SIM_OTHER,
	    "for batches, and for what is no request of the API"),
	{ .name = "latency-per-entry",
	    .type = OPT_DURATION,
	    LIVE(prices.entry_us),
	    .max = PRICE_MAX,
	    .def = "0s",
	    .arg = "D",
	    .help = "and as much longer for each object or prefix that is "
		    "listed" },
	{ .name = "latency-per-mib",
	    .type = OPT_DURATION,
	    LIVE(prices.mib_us),
	    .max = PRICE_MAX,
	    .def = "0s",
	    .arg = "D",
	    .help = "and for each MiB of a body, in proportion" },
	{ .name = "rtt",
	    .type = OPT_DURATION,
	    LIVE(prices.rtt_us),
	    .max = TIMEOUT_MAX,
	    .def = "0s",
	    .arg = "D",
	    .help = "a round trip, for --handshake; not in any latency" },
	{ .name = "handshake",
	    .type = OPT_CHOICE,
	    .choices = handshake_choices,
	    LIVE(prices.handshake),
	    .def = "off",
	    .arg = "off|tcp|tls",
	    .help = "a connection's first request waits for its set-up, too: "
		    "one round trip for TCP, two with TLS 1.3" },
	{ .name = "bandwidth",
	    .type = OPT_VALUE,
	    .grammar = &sim_bandwidth_grammar,
	    LIVE(prices.bandwidth),
	    .def = "off",
	    .arg = "B|off",
	    .help = "bytes a second of each connection, either way, such as "
		    "100MB/s" },
	{ .name = "jitter",
	    .type = OPT_VALUE,
	    .grammar = &sim_jitter_grammar,
	    LIVE(jitter),
	    .arg = "PERCENT",
	    .help = "spread each constant latency by this much either way, "
		    "such as 10%" },
	LIMIT("write-limit", write_limit,
	    "uploads and deletes per second and bucket, such as 1000/s"),
	LIMIT("read-limit", read_limit,
	    "lists and reads per second and bucket, such as 1000/s"),
	BURST("burst", burst, "1000", "requests a rested bucket takes at once"),
	{ .name = "ramp",
	    .type = OPT_DURATION,
	    LIVE(ramp_us),
	    .min = 1000000,
	    .max = TIMEOUT_MAX,
	    .def = "off",
	    .arg = "D|off",
	    .help =
		"a bucket's limits double in this time, 20m in production, while it is busy" },
	{ .name = "ramp-share",
	    .type = OPT_VALUE,
	    .grammar = &sim_share_grammar,
	    LIVE(ramp_share),
	    .def = "80%",
	    .arg = "PERCENT",
	    .help =
		"a load above this share of its present limit makes it busy" },
	{ .name = "ramp-decay",
	    .type = OPT_DURATION,
	    LIVE(ramp_decay_us),
	    .min = 1000000,
	    .max = TIMEOUT_MAX,
	    .def = "20m",
	    .arg = "D",
	    .help =
		"its limits are halved after this long in which half of them would have done" },
	LIMIT("ramp-max-writes", ramp_max_writes,
	    "where the ramp of --write-limit ends"),
	LIMIT("ramp-max-reads", ramp_max_reads,
	    "where that of --read-limit does"),
	RATE("object-limit", object_limit,
	    "writes of each object's name, 1/s in production"),
	BURST("object-burst", object_burst, "1",
	    "that a rested name takes at once"),
	RATE("bucket-limit", bucket_limit,
	    "buckets created and deleted, 30/m in production"),
	BURST("bucket-burst", bucket_burst, "1", "of them at once"),
	{ .name = "range-bytes",
	    .type = OPT_UINT,
	    LIVE(range_bytes),
	    .max = 1024,
	    .def = "0",
	    .arg = "N",
	    .help =
		"names of a bucket that begin with the same N bytes are one range of keys; 0: there are no ranges" },
	RATE("range-write-limit", range_write_limit, "writes to each range"),
	RATE("range-read-limit", range_read_limit, "reads of objects in each"),
	BURST("range-burst", range_burst, "100",
	    "that a rested range takes at once"),
	{ .name = "on-limit",
	    .type = OPT_CHOICE,
	    LIVE(on_limit),
	    .choices = on_limit_choices,
	    .def = "429",
	    .arg = "429|queue|503",
	    .help = "reject what is over a limit, or let it wait" },
	{ .name = "limit-latency",
	    .type = OPT_DURATION,
	    LIVE(limit_latency_us),
	    .max = TIMEOUT_MAX,
	    .def = "0s",
	    .arg = "D",
	    .help = "a rejection takes that much longer" },
	{ .name = "limit-503",
	    .type = OPT_VALUE,
	    .grammar = &sim_share_grammar,
	    LIVE(limit_503),
	    .def = "0%",
	    .arg = "PERCENT",
	    .help = "so many of the rejections are 503, and not 429" },
	{ .name = "limit-retry-after",
	    .type = OPT_DURATION,
	    LIVE(limit_retry_after_us),
	    .min = 1000000,
	    .max = TIMEOUT_MAX,
	    .def = "off",
	    .arg = "D|off",
	    .help = "rejections have a Retry-After, in whole seconds" },
	{ .name = "missing-precondition",
	    .type = OPT_CHOICE,
	    LIVE(missing_is_412),
	    .choices = missing_choices,
	    .def = "404",
	    .arg = "404|412",
	    .help = "the answer to a delete with ifGenerationMatch of what is "
		    "not there" },
	{ .name = "multidelete-missing",
	    .type = OPT_CHOICE,
	    LIVE(multidelete_forgives),
	    .choices = multidelete_choices,
	    .def = "error",
	    .arg = "error|deleted",
	    .help = "what a multi-object delete says of a key that is not "
		    "there: NoSuchKey, or that it is deleted" },
	{ .name = "multidelete-cost",
	    .type = OPT_CHOICE,
	    LIVE(multidelete_is_one_write),
	    .choices = cost_choices,
	    .def = "per-key",
	    .arg = "per-key|per-request",
	    .help = "how many writes it is for --write-limit" },
	{ .name = "retention",
	    .type = OPT_CHOICE,
	    LIVE(retention_is_ignored),
	    .choices = retention_choices,
	    .def = "enforced",
	    .arg = "enforced|ignored",
	    .help = "are objects kept from deletes and overwriting by it?  "
		    "suites made for the storage testbench want it ignored" },
	{ .name = "fault",
	    .type = OPT_STRINGS,
	    AT(opts.faults),
	    .arg = "RULE",
	    .help = "something goes wrong with some of the requests, such as "
		    "'DELETE 503 rate=20%'; may be said 32 times, and a RULE "
		    "may be several with ; between" },
	{ .name = "faults",
	    .type = OPT_STRING,
	    AT(opts.fault_plan),
	    .arg = "FILE",
	    .help = "more such rules, one a line" },
	{ .name = "max-connections",
	    .type = OPT_UINT,
	    AT(opts.max_connections),
	    .min = 1,
	    .max = 1000000,
	    .def = "auto",
	    .arg = "N|auto",
	    .help = "whoever comes beyond them is answered 503; auto: as many "
		    "as the limit of open files allows, and the others wait" },
	COUNT("max-streams", max_streams, INT32_MAX, "100",
	    "requests at once on a connection of HTTP/2, which is spoken "
	    "inside of TLS; 0: HTTP/1.1 alone is"),
	COUNT("max-resets", max_resets, RATE_MAX, "1000",
	    "of them that a client may reset at once, and in each half a "
	    "minute, before it is sent away; 0: any number"),
	{ .name = "header-timeout",
	    .type = OPT_DURATION,
	    AT(opts.head_timeout_us),
	    .max = TIMEOUT_MAX,
	    .def = "10s",
	    .arg = "D",
	    .help = "a request's head must be here after this long, or it is "
		    "answered 408; 0: any time" },
	{ .name = "body-timeout",
	    .type = OPT_DURATION,
	    AT(opts.body_timeout_us),
	    .max = TIMEOUT_MAX,
	    .def = "30s",
	    .arg = "D",
	    .help = "in each such time a request's body must bring 1 KiB for "
		    "each second of it, or it is answered 408; 0: at any "
		    "pace" },
	{ .name = "auth",
	    .type = OPT_CHOICE,
	    AT(opts.auth),
	    .choices = auth_choices,
	    .def = "off",
	    .arg = "off|token|strict",
	    .help = "who asks for anything must show a token, or is answered "
		    "401; strict: and all of it is verified as in "
		    "production" },
	{ .name = "token",
	    .type = OPT_STRINGS,
	    AROUND(opts.tokens, SETTINGS_LINE | SETTINGS_LIBRARY),
	    .arg = "T[=PERMS]",
	    .help = "an access token that is good; PERMS is admin, viewer, gc "
		    "or permissions, with commas between; may be said 32 "
		    "times" },
	{ .name = "service-account",
	    .type = OPT_STRINGS,
	    AT(opts.service_accounts),
	    .arg = "FILE[=PERMS]",
	    .help = "a key file, as of gcs-sim keygen; what it signs is "
		    "believed; may be said 32 times" },
	{ .name = "token-lifetime",
	    .type = OPT_DURATION,
	    LIVE(token_lifetime_us),
	    .min = 1000000,
	    .max = 43200000000,
	    .def = "1h",
	    .arg = "D",
	    .help = "of the access tokens that are given" },
	{ .name = "price-class-a",
	    .type = OPT_VALUE,
	    .grammar = &sim_price_grammar,
	    LIVE(tariff.class_a),
	    .def = "$0.005/1k",
	    .arg = "PRICE",
	    .help = "what operations cost that write or list, such as "
		    "'$0.05/10k'; off: nothing" },
	{ .name = "price-class-b",
	    .type = OPT_VALUE,
	    .grammar = &sim_price_grammar,
	    LIVE(tariff.class_b),
	    .def = "$0.0004/1k",
	    .arg = "PRICE",
	    .help = "the same for those that read; deletes are free" },
	{ .name = "journal",
	    .type = OPT_VALUE,
	    .grammar = &sim_journal_grammar,
	    LIVE(journal),
	    .def = "1000000",
	    .arg = "N|all|off",
	    .help = "the newest requests that are kept, for /_sim/requests "
		    "and /_sim/har; counts are exact in any case" },
	{ .name = "access-log",
	    .type = OPT_STRING,
	    AT(opts.access_log),
	    .arg = "FILE",
	    .help = "append a JSON line for each request" },
	{ .name = "allow-remote",
	    .type = OPT_FLAG,
	    AROUND(allow_remote, SETTINGS_LINE | SETTINGS_LIBRARY),
	    .help = "listen on an address that others can reach" },
	{ .name = "parent-pid",
	    .type = OPT_UINT,
	    AROUND(parent_pid, SETTINGS_LINE),
	    .min = 1,
	    .max = INT32_MAX,
	    .arg = "PID",
	    .help = "end, as by SIGTERM, when this process has ended; the "
		    "process is meant and not its number, except where the "
		    "system has no pidfds" },
	{ .name = "url",
	    .type = OPT_STRING,
	    AROUND(url, SETTINGS_CTL),
	    .env = "STORAGE_EMULATOR_HOST",
	    .rival = "port-file",
	    .arg = "URL",
	    .help = "the simulator to talk to, as its ready line says it" },
	{ .name = "timeout",
	    .type = OPT_DURATION,
	    AROUND(timeout_us, SETTINGS_CTL),
	    .min = 1000,
	    .max = TIMEOUT_MAX,
	    .def = "30s",
	    .arg = "D",
	    .help = "so long to wait for its answer, or, by `ctl wait`, for "
		    "the simulator" },
	{ .name = "help",
	    .letter = 'h',
	    .type = OPT_ACTION,
	    AROUND(help, SETTINGS_LINE | SETTINGS_CTL),
	    .help = "print this and exit" },
	{ .name = "version",
	    .type = OPT_ACTION,
	    AROUND(version, SETTINGS_LINE | SETTINGS_CTL),
	    .help = "print the version and exit" },
	{ .name = NULL },
};

const struct opt_table settings_table = { rows, "GCS_SIM_" };

void
settings_take(struct settings *v, const struct sim_opts *opts)
{
	const struct settings from = { .opts = *opts };
	const struct opt *row;

	for (row = rows; row->name != NULL; row++) {
		if (row->mask & SETTINGS_LIVE)
			opt_copy(row, v, &from);
	}
}
