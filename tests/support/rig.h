/* SPDX-License-Identifier: MIT */
/*
 * A collection on a bench: store, faults, counts and a watchman stacked on each
 * other, and a struct gc on top.
 *
 *	watch    sees every submit and completion; may shorten list pages; may
 *		 call a hook that does mischief
 *	tally    counts
 *	faulty   fails what the rule says (the zero rule: nothing)
 *	mem      a store from mem_store
 */
#ifndef TESTS_SUPPORT_RIG_H
#define TESTS_SUPPORT_RIG_H

#include "src/registry/gc.h"
#include "src/storage/faulty.h"
#include "src/storage/tally.h"

/* What the watchman sees, and what he does. */
struct watch {
	/* Set by the test. */
	size_t page_limit; /* objects on a list page; 0: as the store has it */
	void (*on_submit)(void *arg, struct storage_op *op);
	void (*on_settled)(void *arg, struct storage_op *op);
	void *arg;
	/* Counted. */
	uint64_t deletes; /* submitted */
	uint64_t bare;    /* of these: without a generation */
	uint64_t writes;  /* PUTs submitted */
	uint64_t in_flight;
	uint64_t peak;
	uint64_t strangers; /* settled without having been in flight */
};

/* Wraps inner, which stays the caller's, as watch does. */
struct storage *watch_new(struct storage *inner, struct watch *watch);

struct rig {
	struct gc_opts opts; /* set by rig_init, changed by the test */
	struct faulty_rule rule;
	struct watch watch;
	struct watch
	    lent; /* between faulty and mem, which outlives the stack */
	struct storage *mem;
	struct storage *faulty;
	struct storage *tally;
	struct storage *top;
	struct gc gc;
	struct err err;
};

/* A rig with an empty store whose order is drawn from the seed; widths 8,
 * strategy delete, no guard against what the caller makes.  With an even seed
 * listings tell the MD5 of objects, with an odd one not unless rig_tell_md5 is
 * called. */
void rig_init(struct rig *rig, uint64_t seed, bool delete_untagged);
void rig_tell_md5(struct rig *rig);
void rig_md5(const void *data, size_t n, uint8_t md5[]);
void rig_release(struct rig *rig);

/* gc_init and gc_plan; the answer is gc_plan's. */
int rig_plan(struct rig *rig);

/* The same with gc_resume. */
int rig_resume(struct rig *rig, struct plan_file *file);

/* gc_sweep with a fresh tally. */
int rig_sweep(struct rig *rig);

/* Plan and sweep; asserts that both answer 0. */
void rig_collect(struct rig *rig);

/* Forgets the collection and the stack, keeps the objects: for another run,
 * perhaps by another rule. */
void rig_again(struct rig *rig);

/* Is a damage noted whose line has this in it? */
bool rig_has_damage(const struct rig *rig, const char *what);

#endif
