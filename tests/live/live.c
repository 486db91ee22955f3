/* SPDX-License-Identifier: MIT */
/*
 * live [OPTIONS] gs://BUCKET[/PREFIX] REPORT
 *
 * Runs the conformance suite of the seam on a real bucket, as the credential
 * that gcsweep would find, and writes down what the documents leave open.
 * Options are those of gcsweep doctor.
 *
 * What keeps it from doing harm: everything happens below PREFIX/
 * gcsweep-check-live-<random>/, made up here; it begins only when nothing is
 * there (nor below PREFIX, if one is given); every name is put below it by
 * scratch.c, and the driver refuses deletes of all others.  At the end nothing
 * of it is left, or the status is 1.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "src/base/buf.h"
#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/base/start.h"
#include "src/cli/login.h"
#include "src/cli/options.h"
#include "src/cli/target.h"
#include "src/gcs/ask.h"
#include "src/gcs/gcs.h"
#include "src/storage/delete_path.h"
#include "src/storage/storage.h"
#include "tests/driver/conformance.h"
#include "tests/live/probe.h"
#include "tests/live/scratch.h"

enum {
	PREFIX_MAX = 256,
	CASE_MAX = 16, /* "/" and a process id */
	PROJECT_MAX = 160,
	CONNECTIONS = 64,
	BURST = 3000
};

/* Check's tests take no argument, and each is a process of its own. */
static struct live {
	struct options opts;
	struct target target;
	char prefix[PREFIX_MAX]; /* of the run, without its last slash */
	char below[PREFIX_MAX + CASE_MAX]; /* of one case, with it */
} live;

static int
fail(const struct err *err)
{
	fprintf(stderr, "live: %s\n", err->text);
	return EXIT_FAILURE;
}

/* --- the prefix --- */

/* Only names that mean the same in a URL, in XML and in JSON. */
static bool
is_plain(const char *s)
{
	return s[strspn(s,
		   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		   "0123456789._-/")] == '\0';
}

static int
make_prefix(struct err *err)
{
	const char *root = live.target.root;
	size_t n = strlen(root);
	uint64_t number;

	while (n > 0 && root[n - 1] == '/')
		n--;
	if (!is_plain(root) || n + 64 > PREFIX_MAX)
		return err_set(err, ERR_USAGE,
		    "a prefix is short, and of letters, digits and . _ - /");
	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return err_set(err, ERR_CONFIG, "no random numbers");
	snprintf(live.prefix, sizeof(live.prefix),
	    "%.*s%sgcsweep-check-live-%016" PRIx64, (int)n, root,
	    n > 0 ? "/" : "", number);
	return 0;
}

/* --- sessions --- */

/* Each process, and each step of the first one, has a loop and a login of its
 * own: nothing is shared across a fork. */
struct session {
	struct loop *loop;
	struct login login;
	const char *line; /* Authorization, or NULL */
};

static int
open_session(struct session *s, struct err *err)
{
	s->loop = loop_new(LOOP_REAL);
	if (login_choose(&s->login, &live.opts, &live.target, err) != 0 ||
	    login_find(&s->login, s->loop, false, err) != 0)
		return -1;
	return login_wait(&s->login, s->loop, NULL, &s->line, err);
}

static void
close_session(struct session *s)
{
	login_release(&s->login);
	loop_free(s->loop);
}

static int
ask_any(const char *prefix, bool *is_any, struct err *err)
{
	struct gcs_ask_opts opts = { .bucket = live.target.bucket,
		.ca_file = live.opts.ca_file };
	struct session s = { 0 };
	struct gcs_asked how;
	struct gcs_ask *ask;
	char *line;
	int rc = open_session(&s, err);

	if (rc == 0) {
		opts.base = s.login.where.base;
		/* The source's line stands only until the loop turns. */
		line = s.line != NULL ? mem_strdup(s.line) : NULL;
		opts.authorization = line;
		opts.quota_project = login_quota_project(&s.login);
		ask = gcs_ask_open(s.loop, &opts);
		rc = gcs_ask_any(ask, prefix, is_any, &how, err);
		gcs_ask_close(ask);
		free(line);
	}
	close_session(&s);
	return rc;
}

static int
expect_empty(const char *prefix, struct err *err)
{
	bool is_any;

	if (ask_any(prefix, &is_any, err) != 0)
		return err_wrap(err, "gs://%s", live.target.bucket);
	if (is_any)
		return err_set(err, ERR_REFUSED,
		    "there is something below gs://%s/%s already; name a "
		    "prefix of which nothing is there",
		    live.target.bucket, prefix);
	return 0;
}

/* --- the store under test --- */

static struct storage *
open_driver(struct session *s, struct err *err)
{
	struct gcs_opts opts;

	if (open_session(s, err) != 0)
		return NULL;
	gcs_defaults(&opts);
	opts.endpoint = s->login.where.base;
	opts.bucket = live.target.bucket;
	opts.connections = CONNECTIONS;
	opts.delete_under = live.prefix;
	opts.tokens = s->login.tokens;
	opts.quota_project = login_quota_project(&s->login);
	opts.ca_file = live.opts.ca_file;
	return gcs_open(s->loop, &opts, err);
}

static struct storage *
open_case(void **state)
{
	struct session *s = mem_zalloc(1, sizeof(*s));
	struct err err = ERR_INIT;
	struct storage *driver = open_driver(s, &err);

	if (driver == NULL)
		exit(fail(&err));
	snprintf(live.below, sizeof(live.below), "%s/%ld/", live.prefix,
	    (long)getpid());
	*state = s;
	return scratch_new(driver, live.below);
}

static void
close_case(struct storage *store, void *state)
{
	storage_close(store);
	close_session(state);
	free(state);
}

/* --- the story --- */

/* What was made goes, and that it went is looked at. */
static int
tidy(struct err *err)
{
	struct session s = { 0 };
	struct storage *driver = open_driver(&s, err);
	uint64_t deleted = 0;
	int rc = -1;

	if (driver != NULL)
		rc = delete_path(driver, live.prefix, CONNECTIONS, &deleted,
		    err);
	if (rc != 0 && err->code == ERR_NOT_FOUND)
		rc = 0; /* nothing was left */
	storage_close(driver);
	close_session(&s);
	if (rc == 0)
		rc = expect_empty(live.prefix, err);
	printf("# %" PRIu64 " objects tidied away\n", deleted);
	return rc;
}

static int
probe(FILE *report, struct err *err)
{
	char below[PREFIX_MAX + CASE_MAX], payer[PROJECT_MAX], *line = NULL;
	struct probe_opts opts = {
		.bucket = live.target.bucket,
		.prefix = below,
		.ca_file = live.opts.ca_file,
		.burst = BURST,
	};
	struct session s = { 0 };
	const char *project;
	int rc = open_session(&s, err);

	if (rc == 0) {
		project = login_quota_project(&s.login);
		snprintf(below, sizeof(below), "%s/probe/", live.prefix);
		snprintf(payer, sizeof(payer), "x-goog-user-project: %s",
		    project != NULL ? project : "");
		opts.base = s.login.where.base;
		if (s.line != NULL)
			opts.authorization = line = mem_strdup(s.line);
		opts.quota_project = project != NULL ? payer : NULL;
		rc = probe_run(s.loop, &opts, report, err);
		free(line);
	}
	close_session(&s);
	return rc;
}

static int
write_report(const char *path, struct err *err)
{
	FILE *report = fopen(path, "w");
	int rc;

	if (report == NULL)
		return err_set(err, ERR_CONFIG, "%s cannot be written", path);
	rc = probe(report, err);
	if (fclose(report) != 0 && rc == 0)
		rc = err_set(err, ERR_CONFIG, "%s cannot be written", path);
	return rc;
}

static int
run(const char *path, struct err *err)
{
	struct conformance_driver driver = {
		.name = "driver gcs, a real bucket",
		.open = open_case,
		.close = close_case,
	};
	struct err tidied = ERR_INIT;
	int status, rc;

	/* The longest of a case's prefixes, so that its names have room. */
	driver.prefix_len = strlen(live.prefix) + CASE_MAX;
	printf("# all of it below gs://%s/%s/\n", live.target.bucket,
	    live.prefix);
	fflush(stdout);
	status = conformance_run(&driver);
	rc = write_report(path, err);
	if (tidy(&tidied) != 0) {
		fprintf(stderr, "live: gs://%s/%s is not empty: %s\n",
		    live.target.bucket, live.prefix, tidied.text);
		status = EXIT_FAILURE;
	}
	if (rc != 0)
		return -1;
	printf("# report: %s\n", path);
	return status;
}

/* The prefix that was named, if one was, must be a folder of nothing. */
static int
expect_fresh(struct err *err)
{
	char folder[PREFIX_MAX + 1];
	const char *root = live.target.root;
	size_t n = strlen(root);

	if (n == 0)
		return 0;
	snprintf(folder, sizeof(folder), "%s%s", root,
	    root[n - 1] == '/' ? "" : "/");
	return expect_empty(folder, err);
}

static int
open_live(int argc, char **argv, struct err *err)
{
	if (target_parse(&live.target, argc, argv, err) != 0 ||
	    make_prefix(err) != 0 || expect_fresh(err) != 0)
		return -1;
	return expect_empty(live.prefix, err);
}

int
main(int argc, char **argv)
{
	struct err err = ERR_INIT;
	const char *report;
	int operands, status;

	start_afresh();
	if (opt_parse(&options_table, CMD_DOCTOR, argc, argv, &live.opts,
		&operands, &err) != 0)
		return fail(&err);
	if (argc - operands != 2) {
		fputs("usage: live [OPTIONS] gs://BUCKET[/PREFIX] REPORT\n",
		    stderr);
		return EXIT_FAILURE;
	}
	report = argv[operands + 1];
	argv[operands - 1] = argv[0];
	if (open_live(2, argv + operands - 1, &err) != 0)
		status = fail(&err);
	else if ((status = run(report, &err)) == -1)
		status = fail(&err);
	target_release(&live.target);
	return status;
}
