/* SPDX-License-Identifier: MIT */
/*
 * gcsweep's sweep alone: the engine and the driver as a collection has them,
 * with all their promises, on blobs that are known beforehand.
 *
 *	sweep URL BUCKET CONNECTIONS <objects
 *
 * A line of standard input is the name of a blob and its generation.  They are
 * the plan when the clock starts.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/watch.h"
#include "src/base/loop.h"
#include "src/cli/stack.h"
#include "src/registry/gc.h"
#include "src/storage/storage.h"
#include "src/storage/tally.h"

enum { LINE_MAX_BYTES = 8192 };

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

static int
sweep(struct gc *gc, const struct stack_opts *opts, struct err *err)
{
	struct loop *loop;
	struct stack stack = { 0 };
	struct watch w;
	int rc;

	watch_start(&w);
	loop = loop_new(LOOP_REAL);
	rc = stack_open(&stack, loop, opts, err);
	if (rc == 0)
		rc = gc_sweep(gc, stack.store, err);
	if (rc == 0) {
		printf("answers %" PRIu64 " ok %" PRIu64 " ",
		    stack_tally(&stack)->attempts,
		    sweep_count(&gc->report, STORAGE_OK));
		watch_print(&w);
		printf("\n");
		rc = gc->report.failed == 0
		    ? 0
		    : err_set(err, ERR_NET, "%" PRIu64 " blobs are still there",
			  gc->report.failed);
	}
	stack_close(&stack);
	loop_free(loop);
	return rc;
}

int
main(int argc, char **argv)
{
	struct gc_opts opts = {
		.root = "",
		.sweep = { .strategy = SWEEP_DELETE },
	};
	struct stack_opts stack_opts = { .seed = 1 };
	struct err err = ERR_INIT;
	struct gc gc;
	int rc;

	if (argc != 4 || atoi(argv[3]) < 1) {
		fputs("usage: sweep URL BUCKET CONNECTIONS <objects\n", stderr);
		return 2;
	}
	stack_opts.endpoint = argv[1];
	stack_opts.bucket = argv[2];
	opts.sweep.width = stack_opts.connections = (unsigned)atoi(argv[3]);
	rc = gc_init(&gc, &opts, &err);
	if (rc == 0) {
		stack_opts.delete_under = gc.mark.inv.paths.prefix;
		read_plan(&gc);
		rc = sweep(&gc, &stack_opts, &err);
	}
	if (rc != 0)
		fprintf(stderr, "sweep: %s\n", err.text);
	gc_release(&gc);
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
