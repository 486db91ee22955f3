/* SPDX-License-Identifier: MIT */
/*
 * gcsweep's mark alone, against gcs-sim in another process:
 *
 *	mark URL BUCKET WIDTH [list]
 *
 * prints what was asked for and what it took, a word and a number a line.  With
 * `list` only the listings are read, WIDTH of them at once.  Or in one process
 * with a simulator, on the virtual clock:
 *
 *	mark virtual REGISTRY WIDTH LATENCY-MS READ-LIMIT [list]
 *
 * where READ-LIMIT is a second's lists and reads, 0 for as many as there are.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/watch.h"
#include "sim/sim.h"
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
	printf("store_s %.3f\n", (double)(t->last_us - t->first_us) / 1e6);
	printf("wall_s %.3f\ncpu_s %.3f\npeak_kib %lu\n",
	    watch_clock(CLOCK_MONOTONIC) - w->wall,
	    watch_clock(CLOCK_PROCESS_CPUTIME_ID) - w->cpu, watch_peak_kib());
}

struct bench {
	struct loop *loop;
	struct stack_opts stack;
	struct mark_opts mark;
	bool is_listing_only;
};

static int
run(const struct bench *b, struct err *err)
{
	struct stack stack = { 0 };
	struct mark mark;
	struct watch w;
	int rc;

	watch_start(&w);
	rc = mark_init(&mark, "", err);
	if (rc == 0)
		rc = stack_open(&stack, b->loop, &b->stack, err);
	if (rc == 0)
		rc = b->is_listing_only
		    ? mark_list(&mark, stack.store, b->mark.width, err)
		    : mark_run(&mark, stack.store, &b->mark, err);
	if (rc == 0)
		tell(&mark, stack_tally(&stack), &w);
	stack_close(&stack);
	mark_release(&mark);
	return rc;
}

static int
run_virtual(struct bench *b, const char *registry, uint64_t latency_ms,
    uint64_t read_limit, struct err *err)
{
	struct sim_opts opts;
	struct sim *sim;
	int rc;

	sim_defaults(&opts);
	opts.registry = registry;
	opts.latency = sim_constant(latency_ms * 1000);
	opts.read_limit = read_limit;
	if ((sim = sim_start_on(b->loop, &opts, err)) == NULL)
		return -1;
	b->stack.endpoint = sim_url(sim);
	b->stack.bucket = "demo";
	rc = run(b, err);
	sim_stop(sim);
	return rc;
}

int
main(int argc, char **argv)
{
	bool is_virtual = argc > 1 && strcmp(argv[1], "virtual") == 0;
	struct bench b = {
		.stack = { .delete_under = "docker/", .seed = 1 },
		.mark = { .delete_untagged = true },
		.is_listing_only = strcmp(argv[argc - 1], "list") == 0,
	};
	struct err err = ERR_INIT;
	uint64_t width, latency_ms = 0, limit = 0;
	int rc;

	argc -= b.is_listing_only;
	if (argc != (is_virtual ? 6 : 4) ||
	    str_parse_u64(argv[3], &width) != 0 || width == 0 ||
	    (is_virtual &&
		(str_parse_u64(argv[4], &latency_ms) != 0 ||
		    str_parse_u64(argv[5], &limit) != 0))) {
		fprintf(stderr,
		    "usage: mark URL BUCKET WIDTH [list]\n       mark virtual "
		    "REGISTRY WIDTH LATENCY-MS READ-LIMIT [list]\n");
		return EXIT_FAILURE;
	}
	b.loop = loop_new(is_virtual ? LOOP_VIRTUAL : LOOP_REAL);
	b.stack.endpoint = argv[1];
	b.stack.bucket = argv[2];
	b.stack.connections = b.mark.width = (unsigned)width;
	rc = is_virtual ? run_virtual(&b, argv[2], latency_ms, limit, &err)
			: run(&b, &err);
	if (rc != 0)
		fprintf(stderr, "mark: %s\n", err.text);
	loop_free(b.loop);
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
