/* SPDX-License-Identifier: MIT */
/*
 * gcsweep's mark alone, against gcs-sim in another process:
 *
 *	mark URL BUCKET WIDTH [list]
 *
 * prints what was asked for and what it took, a word and a number a line.  With
 * `list` only the listings are read, WIDTH of them at once.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/watch.h"
#include "src/base/loop.h"
#include "src/base/str.h"
#include "src/cli/stack.h"
#include "src/registry/mark.h"
#include "src/storage/storage.h"
#include "src/storage/tally.h"

static void
tell(const struct mark *m, const struct tally *t, const struct watch *w)
{
	uint64_t blobs = 0;
	size_t i;

	for (i = 0; i < m->inv.nodes.n; i++)
		blobs += m->inv.nodes.v[i].blob_generation != 0;
	printf("objects %" PRIu64 "\nblobs %" PRIu64 "\nmanifests %" PRIu64
	       "\nlists %" PRIu64 "\ngets %" PRIu64 "\nrejected %" PRIu64 "\n",
	    m->inv.objects, blobs, m->manifests_read, t->requests[STORAGE_LIST],
	    t->requests[STORAGE_GET], t->rejected);
	printf("wall_s %.3f\ncpu_s %.3f\npeak_kib %lu\n",
	    watch_clock(CLOCK_MONOTONIC) - w->wall,
	    watch_clock(CLOCK_PROCESS_CPUTIME_ID) - w->cpu, watch_peak_kib());
}

static int
run(const struct stack_opts *opts, const struct mark_opts *mark_opts,
    bool is_listing_only, struct err *err)
{
	struct loop *loop = loop_new(LOOP_REAL);
	struct stack stack;
	struct mark mark;
	struct watch w;
	int rc;

	watch_start(&w);
	rc = mark_init(&mark, "", err);
	if (rc == 0)
		rc = stack_open(&stack, loop, opts, err);
	if (rc == 0) {
		rc = is_listing_only
		    ? mark_list(&mark, stack.store, mark_opts->width, err)
		    : mark_run(&mark, stack.store, mark_opts, err);
		if (rc == 0)
			tell(&mark, stack_tally(&stack), &w);
		stack_close(&stack);
	}
	mark_release(&mark);
	loop_free(loop);
	return rc;
}

int
main(int argc, char **argv)
{
	struct stack_opts opts = { .delete_under = "docker/", .seed = 1 };
	struct mark_opts mark_opts = { .delete_untagged = true };
	struct err err = ERR_INIT;
	uint64_t width;

	if (argc < 4 || argc > 5 || str_parse_u64(argv[3], &width) != 0 ||
	    width == 0 || (argc == 5 && strcmp(argv[4], "list") != 0)) {
		fprintf(stderr, "usage: mark URL BUCKET WIDTH [list]\n");
		return EXIT_FAILURE;
	}
	opts.endpoint = argv[1];
	opts.bucket = argv[2];
	opts.connections = mark_opts.width = (unsigned)width;
	if (run(&opts, &mark_opts, argc == 5, &err) == 0)
		return EXIT_SUCCESS;
	fprintf(stderr, "mark: %s\n", err.text);
	return EXIT_FAILURE;
}
