/* SPDX-License-Identifier: MIT */
/*
 * gcsweep's sweep alone: the engine and the driver as a collection has them,
 * with all their promises, on blobs that are known beforehand.
 *
 *	sweep URL BUCKET WIDTH|auto [CA-FILE [BATCHES]] <objects
 *
 * A line of standard input is the name of a blob and its generation.  They are
 * the plan when the clock starts.  With auto the pace is found as by -j auto.  An
 * https URL is verified by CA-FILE ("-": there is none), and where
 * GOOGLE_ACCESS_TOKEN is set its requests carry that token.  In so many batches
 * the same driver sends the plan, one after the other.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/watch.h"
#include "src/auth/cred.h"
#include "src/auth/token.h"
#include "src/base/loop.h"
#include "src/cli/stack.h"
#include "src/gcs/gcs.h"
#include "src/registry/gc.h"
#include "src/storage/storage.h"
#include "src/storage/tally.h"

enum { LINE_MAX_BYTES = 8192, AUTO_WIDTH = 1000 };

struct bench {
	struct gc gc;
	struct stack_opts stack_opts;
	struct stack stack;
	size_t batches;
	unsigned width; /* connections, chosen for the first batch */
};

static void
read_plan(struct gc *gc)
{
	struct storage_object object = { .size = 1 };
	struct inventory_entry entry;
	char line[LINE_MAX_BYTES], *space;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		if ((space = strchr(line, ' ')) == NULL)
			continue;
		*space = '\0';
		object.name = line;
		object.generation = strtoull(space + 1, NULL, 10);
		inventory_add(&gc->mark.inv, &object, 0, &entry);
	}
	plan_all_blobs(&gc->plan, &gc->mark);
}

/* As whom, if anybody: a token is for https alone. */
static int
log_in(struct stack_opts *opts, struct loop *loop, struct err *err)
{
	struct token_opts token_opts = {
		.ca_file = opts->ca_file,
		.user_agent = "gcsweep",
	};
	struct cred_opts cred_opts = { 0 };
	struct cred *cred;

	if (strncmp(opts->endpoint, "https://", 8) != 0 ||
	    getenv("GOOGLE_ACCESS_TOKEN") == NULL)
		return 0;
	if ((cred = cred_find(&cred_opts, err)) == NULL)
		return -1;
	opts->tokens = token_open(loop, cred, &token_opts);
	return 0;
}

static unsigned
width_of(const struct stack *st)
{
	struct gcs_status status;

	stack_status(st, &status);
	return status.connections;
}

/* The plan is cut in equal parts: each is sent as if it were all. */
static int
send_batches(struct bench *b, struct err *err)
{
	struct gc *gc = &b->gc;
	uint32_t *all = gc->plan.victims[PLAN_BLOBS].v;
	size_t n = gc->plan.victims[PLAN_BLOBS].n, i;
	int rc = 0;

	for (i = 0; i < b->batches && rc == 0; i++) {
		gc->plan.victims[PLAN_BLOBS].v = all + n * i / b->batches;
		gc->plan.victims[PLAN_BLOBS].n = n * (i + 1) / b->batches -
		    n * i / b->batches;
		stack_expect(&b->stack, plan_count(&gc->plan));
		if (i == 0)
			b->width = width_of(&b->stack);
		rc = gc_sweep(gc, b->stack.store, err);
	}
	gc->plan.victims[PLAN_BLOBS].v = all;
	gc->plan.victims[PLAN_BLOBS].n = n;
	return rc;
}

static void
tell(const struct bench *b, const struct watch *w)
{
	const struct tally *tally = stack_tally(&b->stack);

	printf("answers %" PRIu64 " ok %" PRIu64 " ", tally->attempts,
	    sweep_count(&b->gc.report, STORAGE_OK));
	watch_print(w);
	printf(" width %u rejected %" PRIu64 "\n", b->width, tally->rejected);
}

static int
sweep(struct bench *b, struct err *err)
{
	struct loop *loop;
	struct watch w;
	int rc;

	watch_start(&w);
	loop = loop_new(LOOP_REAL);
	rc = log_in(&b->stack_opts, loop, err);
	if (rc == 0)
		rc = stack_open(&b->stack, loop, &b->stack_opts, err);
	if (rc == 0) {
		rc = send_batches(b, err);
		if (rc == 0)
			tell(b, &w);
		stack_close(&b->stack);
	}
	if (rc == 0 && b->gc.report.failed != 0)
		rc = err_set(err, ERR_NET, "%" PRIu64 " blobs are still there",
		    b->gc.report.failed);
	token_close(b->stack_opts.tokens);
	loop_free(loop);
	return rc;
}

static int
parse(struct bench *b, struct gc_opts *opts, int argc, char **argv)
{
	bool is_auto;
	int width;

	if (argc < 4 || argc > 6)
		return -1;
	is_auto = strcmp(argv[3], "auto") == 0;
	width = is_auto ? AUTO_WIDTH : atoi(argv[3]);
	b->batches = argc > 5 ? strtoul(argv[5], NULL, 10) : 1;
	if (width < 1 || b->batches < 1)
		return -1;
	opts->sweep.width = (unsigned)width;
	b->stack_opts = (struct stack_opts){
		.endpoint = argv[1],
		.bucket = argv[2],
		.connections = (unsigned)width,
		.ca_file = argc > 4 && strcmp(argv[4], "-") != 0 ? argv[4]
								 : NULL,
		.seed = 1,
		.pace = is_auto ? PACE_AUTO : PACE_OFF,
	};
	return 0;
}

int
main(int argc, char **argv)
{
	struct gc_opts opts = {
		.root = "",
		.sweep = { .strategy = SWEEP_DELETE },
	};
	struct bench b = { 0 };
	struct err err = ERR_INIT;
	int rc;

	if (parse(&b, &opts, argc, argv) != 0) {
		fputs("usage: sweep URL BUCKET WIDTH|auto [CA-FILE [BATCHES]] "
		      "<objects\n",
		    stderr);
		return 2;
	}
	rc = gc_init(&b.gc, &opts, &err);
	if (rc == 0) {
		b.stack_opts.delete_under = b.gc.mark.inv.paths.prefix;
		read_plan(&b.gc);
		rc = sweep(&b, &err);
	}
	if (rc != 0)
		fprintf(stderr, "sweep: %s\n", err.text);
	gc_release(&b.gc);
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
