/* SPDX-License-Identifier: MIT */
/*
 * What callers may ask of a simulator that runs.  Each question has its run_
 * function, which the thread of the simulator calls, alone with it.
 */
#include "sim/gcssim.h"

#include <stddef.h>
#include <string.h>

#include "sim/gcssim_priv.h"
#include "sim/settings_text.h"
#include "sim/sim_counts.h"
#include "sim/sim_state.h"

/* For what answers a number, and cannot fail by itself. */
static uint64_t
ask_number(struct gcssim *sim, void (*run)(void *arg), struct question *q)
{
	return ask_thread(sim, run, q, NULL) == 0 ? q->number : GCSSIM_NONE;
}

/* --- settings, and how it is --- */

static void
run_set(void *arg)
{
	struct question *q = arg;
	struct settings wanted = q->sim->settings;

	settings_take(&wanted, sim_options(q->sim->sim));
	q->rc = settings_change(&wanted, q->settings, &q->err);
	if (q->rc == 0)
		q->rc = sim_configure(q->sim->sim, &wanted.opts, &q->err);
	if (q->rc == 0)
		q->sim->settings = wanted;
}

int
gcssim_set(struct gcssim *sim, const char *const *settings,
    struct gcssim_error *err)
{
	struct question q = { .settings = settings };

	return ask_thread(sim, run_set, &q, err);
}

static void
run_check(void *arg)
{
	struct question *q = arg;

	q->err = q->sim->trouble;
	q->rc = q->err.code == ERR_NONE ? 0 : -1;
}

int
gcssim_check(struct gcssim *sim, struct gcssim_error *err)
{
	struct question q = { 0 };

	return ask_thread(sim, run_check, &q, err);
}

/* --- counts --- */

/* Answers -1 for a word that is none. */
static int
find_kind(const char *word)
{
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++) {
		if (strcmp(sim_kind_name((enum sim_kind)kind), word) == 0)
			return kind;
	}
	return -1;
}

#define COUNT(name)                                      \
	{                                                \
#name, offsetof(struct sim_counts, name) \
	}

static const struct {
	const char *word;
	size_t offset;
} count_rows[] = { COUNT(total), COUNT(rejected), COUNT(faults),
	COUNT(replayed), COUNT(connections), COUNT(refused), COUNT(in_flight),
	COUNT(peak_in_flight) };

static uint64_t
find_count(const struct sim_counts *counts, const char *word)
{
	int kind = find_kind(word);
	size_t i;

	if (kind >= 0)
		return counts->requests[kind];
	for (i = 0; i < sizeof(count_rows) / sizeof(count_rows[0]); i++) {
		if (strcmp(count_rows[i].word, word) == 0)
			return *(const uint64_t *)((const char *)counts +
			    count_rows[i].offset);
	}
	return GCSSIM_NONE;
}

/* Words of the whole run come first: scopes do not know them all. */
static void
run_count(void *arg)
{
	struct question *q = arg;
	struct sim_counts counts;

	sim_counts(q->sim->sim, &counts);
	q->number = find_count(&counts, q->text);
	if (q->number == GCSSIM_NONE)
		q->number = sim_scope_count(q->sim->sim, "", q->text);
}

uint64_t
gcssim_count(struct gcssim *sim, const char *what)
{
	struct question q = { .text = what };

	return ask_number(sim, run_count, &q);
}

static void
run_reset(void *arg)
{
	struct question *q = arg;

	sim_reset_counts(q->sim->sim);
}

int
gcssim_reset(struct gcssim *sim, struct gcssim_error *err)
{
	struct question q = { 0 };

	return ask_thread(sim, run_reset, &q, err);
}

/* --- scopes --- */

_Static_assert(SIM_NO_COUNT == GCSSIM_NONE, "no count is the same in both");

static void
run_scope_open(void *arg)
{
	struct question *q = arg;

	q->rc = sim_scope_open(q->sim->sim, q->name, false, &q->err);
}

int
gcssim_scope_open(struct gcssim *sim, const char *name,
    struct gcssim_error *err)
{
	struct question q = { .name = name };

	return ask_thread(sim, run_scope_open, &q, err);
}

static void
run_scope_close(void *arg)
{
	struct question *q = arg;

	q->rc = sim_scope_close(q->sim->sim, q->name, &q->err);
}

int
gcssim_scope_close(struct gcssim *sim, const char *name,
    struct gcssim_error *err)
{
	struct question q = { .name = name };

	return ask_thread(sim, run_scope_close, &q, err);
}

static void
run_scope_count(void *arg)
{
	struct question *q = arg;

	q->number = sim_scope_count(q->sim->sim, q->name, q->text);
}

uint64_t
gcssim_scope_count(struct gcssim *sim, const char *scope, const char *key)
{
	struct question q = { .name = scope != NULL ? scope : "", .text = key };

	return ask_number(sim, run_scope_count, &q);
}

static void
run_expect(void *arg)
{
	struct question *q = arg;

	q->rc = sim_expect(q->sim->sim, q->text, &q->err);
}

int
gcssim_expect(struct gcssim *sim, const char *query, struct gcssim_error *err)
{
	struct question q = { .text = query };

	return ask_thread(sim, run_expect, &q, err);
}

/* --- trouble on demand --- */

static void
run_fail(void *arg)
{
	struct question *q = arg;

	q->rc = sim_fail_next(q->sim->sim, &q->fault, &q->err);
}

static int
fail(struct gcssim *sim, const char *kind_name, struct sim_fault fault,
    struct gcssim_error *err)
{
	struct question q = { .fault = fault };
	int kind = find_kind(kind_name);

	if (kind < 0) {
		err_set(&q.err, ERR_USAGE,
		    "no requests are called '%.80s': want LIST, GET, PUT, "
		    "DELETE, BUCKET or OTHER",
		    kind_name);
		return tell_caller(err, &q.err);
	}
	q.fault.kind = (enum sim_kind)kind;
	return ask_thread(sim, run_fail, &q, err);
}

int
gcssim_fail_next(struct gcssim *sim, const char *kind, uint64_t times,
    int status, struct gcssim_error *err)
{
	return fail(sim, kind,
	    (struct sim_fault){ .times = times, .status = status }, err);
}

int
gcssim_fail_after(struct gcssim *sim, const char *kind, uint64_t times,
    int status, struct gcssim_error *err)
{
	return fail(sim, kind,
	    (struct sim_fault){ .times = times,
		.status = status,
		.has_acted = true },
	    err);
}

static void
run_pending(void *arg)
{
	struct question *q = arg;

	q->number = sim_faults_pending(q->sim->sim);
}

uint64_t
gcssim_pending(struct gcssim *sim)
{
	struct question q = { 0 };

	return ask_number(sim, run_pending, &q);
}

static void
run_add_faults(void *arg)
{
	struct question *q = arg;

	q->rc = sim_add_faults(q->sim->sim, q->text, &q->err);
}

int
gcssim_add_faults(struct gcssim *sim, const char *rules,
    struct gcssim_error *err)
{
	struct question q = { .text = rules };

	return ask_thread(sim, run_add_faults, &q, err);
}

static void
run_remove_faults(void *arg)
{
	struct question *q = arg;

	q->rc = sim_remove_faults(q->sim->sim, q->text, &q->err);
}

int
gcssim_remove_faults(struct gcssim *sim, const char *id,
    struct gcssim_error *err)
{
	struct question q = { .text = id };

	return ask_thread(sim, run_remove_faults, &q, err);
}

static void
run_fired(void *arg)
{
	struct question *q = arg;

	q->number = sim_faults_fired(q->sim->sim, q->text);
}

uint64_t
gcssim_fired(struct gcssim *sim, const char *id)
{
	struct question q = { .text = id };

	return ask_number(sim, run_fired, &q);
}

/* --- what is in the buckets --- */

static void
run_fill(void *arg)
{
	struct question *q = arg;

	q->rc = sim_fill(q->sim->sim, q->bucket, q->registry, q->root, &q->err);
}

int
gcssim_fill(struct gcssim *sim, const char *bucket, const char *registry,
    const char *root, struct gcssim_error *err)
{
	struct question q = { .bucket = bucket,
		.registry = registry,
		.root = root != NULL ? root : "" };

	return ask_thread(sim, run_fill, &q, err);
}

static void
run_objects(void *arg)
{
	struct question *q = arg;

	q->number = sim_objects(q->sim->sim, q->bucket, NULL);
}

uint64_t
gcssim_objects(struct gcssim *sim, const char *bucket)
{
	struct question q = { .bucket = bucket };

	return ask_number(sim, run_objects, &q);
}

static void
run_bytes(void *arg)
{
	struct question *q = arg;

	sim_objects(q->sim->sim, q->bucket, &q->number);
}

uint64_t
gcssim_bytes(struct gcssim *sim, const char *bucket)
{
	struct question q = { .bucket = bucket };

	return ask_number(sim, run_bytes, &q);
}

static void
run_has(void *arg)
{
	struct question *q = arg;

	q->number = sim_has(q->sim->sim, q->bucket, q->name);
}

int
gcssim_has(struct gcssim *sim, const char *bucket, const char *name)
{
	struct question q = { .bucket = bucket, .name = name };

	return ask_thread(sim, run_has, &q, NULL) == 0 ? (int)q.number : -1;
}

/* --- all buckets as a whole --- */

static void
run_snapshot(void *arg)
{
	struct question *q = arg;

	q->rc = sim_snapshot(q->sim->sim, q->text, &q->err);
}

int
gcssim_snapshot(struct gcssim *sim, const char *name, struct gcssim_error *err)
{
	struct question q = { .text = name };

	return ask_thread(sim, run_snapshot, &q, err);
}

static void
run_restore(void *arg)
{
	struct question *q = arg;

	q->rc = sim_restore(q->sim->sim, q->text, &q->err);
}

int
gcssim_restore(struct gcssim *sim, const char *name, struct gcssim_error *err)
{
	struct question q = { .text = name };

	return ask_thread(sim, run_restore, &q, err);
}

static void
run_forget(void *arg)
{
	struct question *q = arg;

	q->rc = sim_forget(q->sim->sim, q->text, &q->err);
}

int
gcssim_forget(struct gcssim *sim, const char *name, struct gcssim_error *err)
{
	struct question q = { .text = name };

	return ask_thread(sim, run_forget, &q, err);
}

static void
run_restart(void *arg)
{
	struct question *q = arg;

	q->rc = sim_restart(q->sim->sim, &q->err);
}

int
gcssim_restart(struct gcssim *sim, struct gcssim_error *err)
{
	struct question q = { 0 };

	return ask_thread(sim, run_restart, &q, err);
}
