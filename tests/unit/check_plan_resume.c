/* SPDX-License-Identifier: MIT */
/*
 * Resuming: wherever a sweep ended, and however much of its journal was lost,
 * the next one ends where an undisturbed run would have; what a reviewer took
 * off stays, and all that it names.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/base/rng.h"
#include "src/storage/mem_store.h"
#include "tests/unit/plan_world.h"

static int64_t
count_rows(const struct plan_world *w, const char *where)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM plan WHERE %s", where);
	return plan_world_ask(w->path, sql);
}

/* --- killed anywhere --- */

/* Stops the sweep after so many deletes, and makes a copy of the file as it is
 * some time before that: what a kill at that moment would have left, with later
 * deletes that it does not tell of. */
struct killer {
	struct plan_world *w;
	char copy[PLAN_PATH_MAX];
	bool stop, has_copy;
	uint64_t deletes, copy_at, stop_at;
};

static void
copy_file(const char *from, const char *to, const char *tail)
{
	char a[PLAN_PATH_MAX + 8], b[PLAN_PATH_MAX + 8];
	char *bytes;
	size_t n;

	snprintf(a, sizeof(a), "%s%s", from, tail);
	snprintf(b, sizeof(b), "%s%s", to, tail);
	if (access(a, F_OK) != 0)
		return;
	bytes = plan_world_read(a, &n);
	plan_world_write(b, bytes, n);
	free(bytes);
}

/* The store's clock is made to run, so that some of the journal is committed
 * before its batch is full. */
static void
on_settled(void *arg, struct storage_op *op)
{
	struct killer *k = arg;

	if (op->kind != STORAGE_DELETE)
		return;
	op->done_us = k->deletes * 300000;
	if (k->deletes++ == k->copy_at) {
		copy_file(k->w->path, k->copy, "");
		copy_file(k->w->path, k->copy, "-wal");
		k->has_copy = true;
	}
	k->stop |= k->deletes > k->stop_at;
}

static void
hire(struct killer *k, struct plan_world *w, struct rng *rng)
{
	memset(k, 0, sizeof(*k));
	k->w = w;
	snprintf(k->copy, sizeof(k->copy), "%s/copy.db", w->folder);
	k->stop_at = rng_below(rng, 40);
	k->copy_at = rng_below(rng, k->stop_at + 1);
	w->rig.watch.on_settled = on_settled;
	w->rig.watch.arg = k;
	w->rig.opts.sweep.stop = w->rig.gc.opts.sweep.stop = &k->stop;
}

/* The copy becomes the plan. */
static void
lose_the_tail(struct killer *k)
{
	struct plan_world *w = k->w;
	char wal[PLAN_PATH_MAX + 8];

	plan_world_close(w);
	w->rig.watch.on_settled = NULL;
	w->rig.opts.sweep.stop = NULL;
	if (!k->has_copy)
		return;
	unlink(w->path);
	copy_file(k->copy, w->path, "");
	copy_file(k->copy, w->path, "-wal");
	snprintf(wal, sizeof(wal), "%s-wal", k->copy);
	unlink(wal);
}

static void
expect_settled(struct plan_world *w, uint64_t seed)
{
	int64_t rows = plan_world_ask(w->path, "SELECT count(*) FROM victim");

	ck_assert_int_eq(rows, (int64_t)maker_victims(w->maker));
	ck_assert_msg(count_rows(w, "state IN ('deleted', 'gone')") == rows,
	    "seed %llu", (unsigned long long)seed);
	ck_assert_int_eq(count_rows(w,
			     "state = 'deleted' AND"
			     " (attempts <> 1 OR settled IS NULL)"),
	    0);
	ck_assert_int_eq(plan_world_ask(w->path,
			     "SELECT count(*) FROM outcome"),
	    0);
}

START_TEST(a_run_that_was_killed_anywhere_is_finished_by_the_next)
{
	struct plan_world w;
	struct killer k;
	struct rng rng;
	uint64_t seed, gone = 0;
	int rounds;

	for (seed = 0; seed < 150; seed++) {
		rng_init(&rng, seed);
		plan_world_init(&w, seed);
		w.rig.opts.sweep.width = 1 + (unsigned)rng_below(&rng, 12);
		w.rig.opts.sweep.strategy = (enum sweep_strategy)(seed & 1);
		plan_world_plan(&w);
		hire(&k, &w, &rng);
		ck_assert_int_eq(rig_sweep(&w.rig), 0);
		for (rounds = (int)rng_below(&rng, 4); rounds > 0; rounds--) {
			lose_the_tail(&k);
			rig_again(&w.rig);
			hire(&k, &w, &rng);
			ck_assert_int_eq(plan_world_resume(&w), 0);
			ck_assert_int_eq(rig_sweep(&w.rig), 0);
		}
		lose_the_tail(&k);
		rig_again(&w.rig);
		plan_world_apply(&w);
		plan_world_expect_oracle(&w, seed);
		expect_settled(&w, seed);
		gone += (uint64_t)count_rows(&w, "state = 'gone'");
		plan_world_release(&w);
	}
	ck_assert_uint_gt(gone, 300);
}
END_TEST

START_TEST(a_finished_plan_sends_nothing_more)
{
	struct plan_world w;

	plan_world_init(&w, 8);
	plan_world_plan(&w);
	plan_world_close(&w);
	rig_again(&w.rig);
	plan_world_apply(&w);
	rig_again(&w.rig);
	w.rig.watch.deletes = 0;
	plan_world_apply(&w);
	ck_assert_uint_eq(w.rig.watch.deletes, 0);
	plan_world_expect_oracle(&w, 8);
	expect_settled(&w, 8);
	plan_world_release(&w);
}
END_TEST

START_TEST(a_resume_that_is_not_swept_changes_nothing)
{
	struct plan_world w;
	size_t n, m;
	char *before, *after;

	plan_world_init(&w, 9);
	plan_world_plan(&w);
	plan_world_close(&w);
	before = plan_world_read(w.path, &n);
	mem_store_remove(w.rig.mem, maker_name(w.maker, 0));
	rig_again(&w.rig);
	ck_assert_int_eq(plan_world_resume(&w), 0);
	plan_world_close(&w);
	after = plan_world_read(w.path, &m);
	ck_assert_uint_eq(n, m);
	ck_assert_mem_eq(before, after, n);
	free(before);
	free(after);
	plan_world_release(&w);
}
END_TEST

/* --- what stays keeps what it names --- */

static bool
has_made(const struct maker *maker, const char *name)
{
	size_t i;

	for (i = 0; i < maker_count(maker); i++) {
		if (strcmp(maker_name(maker, i), name) == 0)
			return true;
	}
	return false;
}

/* Of what a surviving manifest names nothing is lost that was there at first. */
static void
expect_no_hole(struct rig *rig, const struct maker *maker, uint64_t seed)
{
	const struct inventory *inv = &rig->gc.mark.inv;
	const struct graph *g = &rig->gc.mark.graph;
	struct buf name;
	size_t i;
	uint32_t e;

	rig_again(rig);
	rig->opts.mark.delete_untagged = false;
	ck_assert_msg(rig_plan(rig) == 0, "%s", rig->err.text);
	rig->opts.mark.delete_untagged = true;
	buf_init(&name, 4096);
	for (i = 0; i < inv->revisions.n; i++) {
		const struct node *node =
		    &inv->nodes.v[inv->revisions.v[i].node];

		for (e = node->edges; e != 0; e = g->edges.v[e].next) {
			uint32_t to = g->edges.v[e].to;
			struct path path = inventory_blob_path(inv, to);

			path_format(&inv->paths, &path, &name);
			ck_assert_msg(inv->nodes.v[to].blob_generation != 0 ||
				!has_made(maker, name.data),
			    "seed %llu: a manifest that stayed lost %s",
			    (unsigned long long)seed, name.data);
		}
	}
	buf_release(&name);
}

START_TEST(what_a_reviewer_takes_off_stays_with_all_that_it_names)
{
	struct plan_world w;
	uint64_t seed, skipped = 0, kept = 0;
	char sql[160];

	for (seed = 0; seed < 150; seed++) {
		plan_world_init(&w, seed);
		plan_world_plan(&w);
		plan_world_close(&w);
		rig_again(&w.rig);
		snprintf(sql, sizeof(sql),
		    "UPDATE victim SET state = 'skip'"
		    " WHERE (row * 7919 + %u) %% 7 = 0",
		    (unsigned)seed);
		plan_world_sql(w.path, sql);
		plan_world_apply(&w);
		skipped += (uint64_t)count_rows(&w, "state = 'skip'");
		kept += (uint64_t)count_rows(&w, "state = 'kept'");
		ck_assert_int_eq(count_rows(&w,
				     "state NOT IN"
				     " ('skip', 'kept', 'deleted')"),
		    0);
		ck_assert_int_eq(count_rows(&w, "state <> 'deleted'"),
		    (int64_t)(mem_store_count(w.rig.mem) -
			(maker_count(w.maker) - maker_victims(w.maker))));
		ck_assert_ptr_null(maker_loss(w.maker, w.rig.mem));
		expect_no_hole(&w.rig, w.maker, seed);
		/* Whoever sets them to pending again has them too. */
		plan_world_sql(w.path,
		    "UPDATE victim SET state = 'pending'"
		    " WHERE state IN ('skip', 'kept')");
		rig_again(&w.rig);
		plan_world_apply(&w);
		plan_world_expect_oracle(&w, seed);
		plan_world_release(&w);
	}
	ck_assert_uint_gt(skipped, 100);
	ck_assert_uint_gt(kept, 50);
}
END_TEST

/* --- what became live --- */

/* Of half of the current links: as if the tags were pushed later, or now. */
static void
set_tags(struct plan_world *w, uint64_t seed, bool are_there)
{
	static const char end[] = "/current/link";
	struct rng rng;
	size_t i, n;
	const char *name, *bytes;

	rng_init(&rng, seed);
	for (i = 0; i < maker_count(w->maker); i++) {
		name = maker_name(w->maker, i);
		n = strlen(name);
		if (n < strlen(end) ||
		    strcmp(name + n - strlen(end), end) != 0 ||
		    rng_below(&rng, 2) == 0)
			continue;
		bytes = maker_bytes(w->maker, i, &n);
		maker_set_absent(w->maker, i, !are_there);
		if (are_there)
			mem_store_put(w->rig.mem, name, bytes, n);
		else
			mem_store_remove(w->rig.mem, name);
	}
	maker_judge(w->maker, true);
}

START_TEST(what_a_tag_names_since_the_plan_stays_with_all_that_it_names)
{
	struct plan_world w;
	uint64_t seed, kept = 0, deleted = 0;

	for (seed = 0; seed < 100; seed++) {
		plan_world_init(&w, seed);
		set_tags(&w, seed, false);
		plan_world_plan(&w);
		plan_world_close(&w);
		set_tags(&w, seed, true);
		rig_again(&w.rig);
		plan_world_apply(&w);
		plan_world_expect_oracle(&w, seed);
		ck_assert_int_eq(count_rows(&w,
				     "state NOT IN ('kept', 'deleted')"),
		    0);
		kept += (uint64_t)count_rows(&w, "state = 'kept'");
		deleted += (uint64_t)count_rows(&w, "state = 'deleted'");
		plan_world_release(&w);
	}
	ck_assert_uint_gt(kept, 100);
	ck_assert_uint_gt(deleted, 100);
}
END_TEST

/* --- a bucket that has moved on --- */

struct mover {
	struct plan_world *w;
	struct rng *rng;
	VEC(char *) removed;
	VEC(char *) rewritten;
};

static int
move_row(void *arg, const struct plan_row *row)
{
	struct mover *m = arg;
	struct storage *mem = m->w->rig.mem;
	size_t i, n;
	const char *bytes;

	for (i = 0; strcmp(maker_name(m->w->maker, i), row->name) != 0; i++)
		continue;
	switch (rng_below(m->rng, 8)) {
	case 0:
		mem_store_remove(mem, row->name);
		maker_set_absent(m->w->maker, i, true);
		*vec_push(&m->removed) = mem_strdup(row->name);
		break;
	case 1:
		bytes = maker_bytes(m->w->maker, i, &n);
		mem_store_put(mem, row->name, bytes, n);
		*vec_push(&m->rewritten) = mem_strdup(row->name);
		break;
	default:
		break;
	}
	return 0;
}

static void
expect_state(const struct plan_world *w, const char *name, const char *state)
{
	char sql[1600];

	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM plan WHERE name = '%s' AND state = '%s'",
	    name, state);
	ck_assert_msg(plan_world_ask(w->path, sql) == 1, "%s is not %s", name,
	    state);
}

static void
judge_move(struct mover *m)
{
	size_t i;

	for (i = 0; i < m->removed.n; i++) {
		expect_state(m->w, m->removed.v[i], "gone");
		free(m->removed.v[i]);
	}
	for (i = 0; i < m->rewritten.n; i++) {
		expect_state(m->w, m->rewritten.v[i], "changed");
		ck_assert(mem_store_has(m->w->rig.mem, m->rewritten.v[i]));
		free(m->rewritten.v[i]);
	}
	vec_release(&m->removed);
	vec_release(&m->rewritten);
}

START_TEST(what_is_gone_or_was_written_again_is_told_apart)
{
	struct plan_world w;
	struct rng rng;
	uint64_t seed;

	for (seed = 0; seed < 100; seed++) {
		struct mover m = { .w = &w, .rng = &rng };

		rng_init(&rng, seed);
		plan_world_init(&w, seed);
		plan_world_plan(&w);
		ck_assert_int_eq(plan_file_each(w.file, move_row, &m, &w.err),
		    0);
		maker_judge(w.maker, true);
		plan_world_close(&w);
		rig_again(&w.rig);
		plan_world_apply(&w);
		ck_assert_ptr_null(maker_loss(w.maker, w.rig.mem));
		judge_move(&m);
		ck_assert_int_eq(count_rows(&w, "state = 'pending'"), 0);
		/* The next collection takes what is left. */
		rig_again(&w.rig);
		rig_collect(&w.rig);
		plan_world_expect_oracle(&w, seed);
		plan_world_release(&w);
	}
}
END_TEST

/* --- deletes that fail --- */

START_TEST(what_failed_is_tried_again)
{
	struct plan_world w;
	uint64_t seed;
	unsigned long failed;

	for (seed = 0; seed < 40; seed++) {
		plan_world_init(&w, seed);
		w.rig.rule = (struct faulty_rule){
			.kinds = 1 << STORAGE_DELETE,
			.skip = seed % 4,
			.count = 1 + seed % 3,
			.verdict = seed % 2 ? STORAGE_HELD : STORAGE_FAILED,
			.code = ERR_NET,
		};
		plan_world_plan(&w);
		ck_assert_int_eq(rig_sweep(&w.rig), 0);
		plan_world_close(&w);
		failed = faulty_fired(w.rig.faulty);
		ck_assert_int_eq(count_rows(&w, "state = 'failed'"),
		    (int64_t)failed);
		w.rig.rule.count = 0;
		rig_again(&w.rig);
		plan_world_apply(&w);
		ck_assert_int_eq(count_rows(&w, "state <> 'deleted'"), 0);
		plan_world_expect_oracle(&w, seed);
		plan_world_release(&w);
	}
}
END_TEST

/* The run that failed to delete it was killed before its journal was folded;
 * the reviewer came after that. */
START_TEST(a_row_that_failed_and_was_taken_off_is_not_tried_again)
{
	struct plan_world w;

	plan_world_init(&w, 9);
	plan_world_plan(&w);
	plan_world_close(&w);
	rig_again(&w.rig);
	plan_world_sql(w.path,
	    "INSERT INTO outcome SELECT row, 'failed', 503, 4, 'then'"
	    " FROM victim;"
	    "UPDATE victim SET state = 'skip'");
	w.rig.watch.deletes = 0;
	plan_world_apply(&w);
	ck_assert_uint_eq(w.rig.watch.deletes, 0);
	ck_assert_int_eq(count_rows(&w, "state <> 'skip'"), 0);
	ck_assert_int_eq(count_rows(&w, "attempts <> 4"), 0);
	plan_world_release(&w);
}
END_TEST

int
main(void)
{
	return suite_run("plan_resume",
	    a_run_that_was_killed_anywhere_is_finished_by_the_next,
	    a_finished_plan_sends_nothing_more,
	    a_resume_that_is_not_swept_changes_nothing,
	    what_a_reviewer_takes_off_stays_with_all_that_it_names,
	    what_a_tag_names_since_the_plan_stays_with_all_that_it_names,
	    what_is_gone_or_was_written_again_is_told_apart,
	    what_failed_is_tried_again,
	    a_row_that_failed_and_was_taken_off_is_not_tried_again, NULL);
}
