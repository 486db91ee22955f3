/* SPDX-License-Identifier: MIT */
/*
 * Stopping: after the flag is up nothing more is submitted, the counts of what
 * was are exact, and the next run finishes the job.
 */
#include "src/storage/tally.h"
#include "tests/support/maker.h"
#include "tests/support/rig.h"
#include "tests/support/suite.h"

enum { SEEDS = 80 };

/* Raises the flag when so many operations have settled. */
struct stopper {
	struct rig *rig;
	bool stop;
	bool cancels; /* also what is in flight, as a second signal does */
	uint64_t settled, at;
	uint64_t late; /* submitted after the flag was up */
};

static void
on_submit(void *arg, struct storage_op *op)
{
	struct stopper *s = arg;

	(void)op;
	s->late += s->stop;
}

static void
on_settled(void *arg, struct storage_op *op)
{
	struct stopper *s = arg;

	(void)op;
	if (s->settled++ != s->at)
		return;
	s->stop = true;
	if (s->cancels)
		storage_cancel(s->rig->top);
}

static void
hire(struct stopper *s, struct rig *rig)
{
	s->rig = rig;
	rig->opts.mark.stop = rig->opts.sweep.stop = &s->stop;
	rig->watch.on_submit = on_submit;
	rig->watch.on_settled = on_settled;
	rig->watch.arg = s;
}

static void
dismiss(struct stopper *s, struct rig *rig)
{
	s->stop = false;
	rig->opts.mark.stop = rig->opts.sweep.stop = NULL;
	rig->watch.on_submit = NULL;
	rig->watch.on_settled = NULL;
}

static void
set_up(struct rig *rig, struct maker *r, uint64_t seed)
{
	rig_init(rig, seed, seed & 2);
	rig->opts.root = maker_root(r);
	rig->opts.sweep.strategy = (enum sweep_strategy)(seed & 1);
	maker_fill(r, rig->mem);
	maker_judge(r, seed & 2);
}

/* The next run ends where an undisturbed one would have. */
static void
finish_the_job(struct rig *rig, struct maker *r, uint64_t seed)
{
	const char *wrong;

	rig_again(rig);
	rig_collect(rig);
	ck_assert_uint_eq(rig->gc.report.failed, 0);
	wrong = maker_difference(r, rig->mem);
	ck_assert_msg(wrong == NULL, "seed %llu: %s is wrong",
	    (unsigned long long)seed, wrong);
}

/* --- the sweep --- */

static void
check_counts(const struct rig *rig, uint64_t seed, uint64_t at)
{
	const struct sweep_report *r = &rig->gc.report;
	const struct tally *t = tally_of(rig->tally);
	uint64_t victims = plan_count(&rig->gc.plan), told = r->not_tried;
	int v;

	for (v = 0; v < STORAGE_VERDICTS; v++)
		told += sweep_count(r, (enum storage_verdict)v);
	ck_assert_msg(told == victims, "seed %llu, stopped at %llu",
	    (unsigned long long)seed, (unsigned long long)at);
	ck_assert_msg(t->ops[STORAGE_LIST] + t->ops[STORAGE_DELETE] ==
		sweep_formula(rig->opts.sweep.strategy,
		    victims - r->not_tried) +
		    r->only_listed + r->unsent,
	    "seed %llu, stopped at %llu: the audit would cry wolf",
	    (unsigned long long)seed, (unsigned long long)at);
	/* What a stop kept from leaving was asked for, and not tried. */
	ck_assert_uint_ge(t->ops[STORAGE_DELETE], victims - r->not_tried);
	ck_assert_uint_le(t->ops[STORAGE_DELETE],
	    victims - r->not_tried + r->unsent);
	ck_assert_uint_eq(t->unsent, r->unsent);
	ck_assert_uint_eq(rig->watch.in_flight, 0);
}

static void
stop_the_sweep(struct maker *r, uint64_t seed, uint64_t at, bool cancels)
{
	struct stopper s = { .at = ~UINT64_C(0), .cancels = cancels };
	struct rig rig;

	set_up(&rig, r, seed);
	hire(&s, &rig);
	ck_assert_int_eq(rig_plan(&rig), 0);
	s.settled = 0;
	s.at = at;
	ck_assert_int_eq(rig_sweep(&rig), 0);
	ck_assert(s.stop);
	ck_assert_uint_eq(s.late, 0);
	check_counts(&rig, seed, at);
	if (!cancels)
		ck_assert_uint_eq(rig.gc.report.failed, 0);
	dismiss(&s, &rig);
	finish_the_job(&rig, r, seed);
	rig_release(&rig);
}

START_TEST(a_stopped_sweep_sends_no_more_and_its_counts_are_exact)
{
	uint64_t seed, at;
	int cancels;

	for (seed = 0; seed < SEEDS; seed++) {
		struct maker *r = maker_new(seed, 1 + seed % 2);
		uint64_t ops;

		maker_judge(r, seed & 2);
		ops = sweep_formula((enum sweep_strategy)(seed & 1),
		    maker_victims(r));
		for (at = 0; at < ops; at++) {
			for (cancels = 0; cancels < 2; cancels++)
				stop_the_sweep(r, seed, at, cancels);
		}
		maker_free(r);
	}
}
END_TEST

START_TEST(a_sweep_stopped_before_it_begins_sends_nothing)
{
	uint64_t seed;

	for (seed = 0; seed < SEEDS; seed++) {
		struct maker *r = maker_new(seed, 1);
		struct stopper s = { .at = ~UINT64_C(0) };
		struct rig rig;

		set_up(&rig, r, seed);
		hire(&s, &rig);
		ck_assert_int_eq(rig_plan(&rig), 0);
		s.stop = true;
		ck_assert_int_eq(rig_sweep(&rig), 0);
		ck_assert_uint_eq(s.late, 0);
		ck_assert_uint_eq(rig.gc.report.not_tried,
		    plan_count(&rig.gc.plan));
		rig_release(&rig);
		maker_free(r);
	}
}
END_TEST

/* --- the mark --- */

START_TEST(a_stopped_mark_reads_no_more_and_forbids_the_sweep)
{
	uint64_t seed;

	for (seed = 0; seed < SEEDS; seed++) {
		struct maker *r = maker_new(seed, 1 + seed % 2);
		uint64_t at, reads = ~UINT64_C(0);

		/* The first reads, of listings, then of all kinds. */
		for (at = 0; at < reads && at < 20; at++) {
			struct stopper s = { .at = at, .cancels = at & 1 };
			struct rig rig;

			set_up(&rig, r, seed);
			hire(&s, &rig);
			ck_assert_int_eq(rig_plan(&rig), -1);
			ck_assert_int_eq(rig.err.code, ERR_CANCELLED);
			ck_assert_uint_eq(s.late, 0);
			ck_assert_uint_eq(rig.watch.in_flight, 0);
			ck_assert_uint_eq(rig.watch.deletes, 0);
			dismiss(&s, &rig);
			finish_the_job(&rig, r, seed);
			reads = rig.gc.mark.pages.done + rig.gc.mark.reads.done;
			rig_release(&rig);
		}
		maker_free(r);
	}
}
END_TEST

START_TEST(a_mark_counts_what_it_knows_and_what_is_done)
{
	uint64_t seed;

	for (seed = 0; seed < SEEDS; seed++) {
		struct maker *r = maker_new(seed, 1 + seed % 3);
		const struct mark *m;
		struct rig rig;

		set_up(&rig, r, seed);
		rig.watch.page_limit = 1 + seed % 5;
		ck_assert_int_eq(rig_plan(&rig), 0);
		m = &rig.gc.mark;
		ck_assert_uint_eq(m->pages.known, m->pages.done);
		ck_assert_uint_eq(m->reads.known, m->reads.done);
		ck_assert_uint_eq(m->pages.done,
		    tally_of(rig.tally)->ops[STORAGE_LIST]);
		ck_assert_uint_eq(m->reads.done,
		    tally_of(rig.tally)->ops[STORAGE_GET]);
		rig_release(&rig);
		maker_free(r);
	}
}
END_TEST

int
main(void)
{
	return suite_run("stop",
	    a_stopped_sweep_sends_no_more_and_its_counts_are_exact,
	    a_sweep_stopped_before_it_begins_sends_nothing,
	    a_stopped_mark_reads_no_more_and_forbids_the_sweep,
	    a_mark_counts_what_it_knows_and_what_is_done, NULL);
}
