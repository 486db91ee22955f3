/* SPDX-License-Identifier: MIT */
/*
 * Between the files of the conformance suite: a store under test, watched, and
 * the cases.
 */
#ifndef TESTS_DRIVER_CONFORMANCE_PRIV_H
#define TESTS_DRIVER_CONFORMANCE_PRIV_H

#include <check.h>
#include <stddef.h>
#include <stdint.h>

#include "src/storage/storage.h"

/* Stands between a case and the store and counts: what comes back was in
 * flight, once. */
struct watched {
	struct storage storage; /* what cases use */
	struct storage *inner;
	void *state;
	struct storage_op op; /* for cases that need one */
	VEC(struct storage_op *) flying;
	size_t name_max; /* bytes */
	size_t peak;
	size_t settled;
};

/* op, already asked, from submit to reap, with nothing else in flight. */
enum storage_verdict watched_run(struct watched *w, struct storage_op *op);

/* The usual questions with w->op.  put must succeed and answers the
 * generation. */
uint64_t watched_put(struct watched *w, const char *name, const char *text);
enum storage_verdict watched_get(struct watched *w, const char *name);
enum storage_verdict watched_delete(struct watched *w, const char *name);
void watched_list(struct watched *w, const char *prefix, const char *token);

/* Puts n empty objects, PREFIX00000 and so on, many at once. */
void watched_put_many(struct watched *w, const char *prefix, size_t n);

typedef void conformance_case(struct watched *w);

/* conformance_objects.c */
conformance_case conformance_round_trip;
conformance_case conformance_absent;
conformance_case conformance_bodies;
conformance_case conformance_body_limit;
conformance_case conformance_generations;
conformance_case conformance_counters;
conformance_case conformance_prefixes;
conformance_case conformance_order;
conformance_case conformance_hostile_names;
conformance_case conformance_all_bytes;
conformance_case conformance_bad_names;

/* conformance_many.c */
conformance_case conformance_pages;
conformance_case conformance_delete_while_listing;
conformance_case conformance_delete_few;
conformance_case conformance_delete_missing;
conformance_case conformance_delete_none;
conformance_case conformance_delete_failures;
conformance_case conformance_delete_wide;
conformance_case conformance_cancel;
conformance_case conformance_cancel_half;

/* conformance_path.c */
conformance_case conformance_path_subtree;
conformance_case conformance_path_absent;
conformance_case conformance_path_pages;

#endif
