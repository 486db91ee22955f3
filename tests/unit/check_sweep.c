/* SPDX-License-Identifier: MIT */
/* sweep: what changed is kept, what is gone is fine, what fails stops the later
 * sections, and a run that was killed is finished by the next one. */
#include <stdio.h>
#include <string.h>

#include "src/storage/mem_store.h"
#include "tests/support/maker.h"
#include "tests/support/rig.h"
#include "tests/support/scene.h"
#include "tests/support/suite.h"

/* An image that stays; an untagged one, once tagged v1, that goes; garbage. */
struct stage {
	struct rig rig;
	struct image kept, doomed;
	struct text garbage;
};

static void
set_stage(struct stage *st, enum sweep_strategy strategy)
{
	rig_init(&st->rig, 11, true);
	st->rig.opts.sweep.strategy = strategy;
	scene_image(st->rig.mem, "a", "v1", "kept", &st->kept);
	scene_image(st->rig.mem, "a", NULL, "doomed", &st->doomed);
	scene_index(st->rig.mem, "a", "v1", &st->doomed.manifest);
	st->garbage = scene_blob(st->rig.mem, "garbage");
}

static uint64_t
in_section(const struct stage *st, enum plan_section section,
    enum storage_verdict verdict)
{
	return st->rig.gc.report.verdicts[section][verdict];
}

START_TEST(the_formula_is_one_request_or_two_a_victim)
{
	ck_assert_uint_eq(sweep_formula(SWEEP_DELETE, 391), 391);
	ck_assert_uint_eq(sweep_formula(SWEEP_LIST_DELETE, 391), 782);
	ck_assert_uint_eq(sweep_formula(SWEEP_LIST_DELETE, 0), 0);
	ck_assert_uint_eq(sweep_formula(SWEEP_LIST_DELETE, 1ULL << 40),
	    1ULL << 41);
}
END_TEST

START_TEST(sections_are_swept_in_order_and_counted)
{
	struct stage st;
	int strategy;

	for (strategy = 0; strategy < 2; strategy++) {
		set_stage(&st, (enum sweep_strategy)strategy);
		rig_collect(&st.rig);
		ck_assert_uint_eq(in_section(&st, PLAN_TAGS, STORAGE_OK), 1);
		ck_assert_uint_eq(in_section(&st, PLAN_REVISIONS, STORAGE_OK),
		    1);
		ck_assert_uint_eq(in_section(&st, PLAN_BLOBS, STORAGE_OK), 4);
		ck_assert_uint_eq(sweep_count(&st.rig.gc.report, STORAGE_OK),
		    6);
		ck_assert_uint_eq(st.rig.gc.report.requests[PLAN_BLOBS],
		    strategy == SWEEP_DELETE ? 4 : 8);
		ck_assert_uint_eq(st.rig.gc.report.deleted_bytes,
		    strlen(st.doomed.body) + strlen("config of doomed") +
			strlen("layer of doomed") + strlen("garbage"));
		ck_assert_uint_eq(st.rig.gc.report.strays, 0);
		rig_release(&st.rig);
	}
}
END_TEST

/* --- between plan and sweep --- */

START_TEST(a_link_that_changed_is_kept_and_no_blob_is_tried)
{
	struct stage st;
	int strategy;

	for (strategy = 0; strategy < 2; strategy++) {
		set_stage(&st, (enum sweep_strategy)strategy);
		ck_assert_int_eq(rig_plan(&st.rig), 0);
		scene_revision(st.rig.mem, "a", &st.doomed.manifest);
		ck_assert_int_eq(rig_sweep(&st.rig), 0);
		ck_assert_uint_eq(in_section(&st, PLAN_REVISIONS,
				      STORAGE_CHANGED),
		    1);
		ck_assert_uint_eq(st.rig.gc.report.failed, 1);
		ck_assert_uint_eq(st.rig.gc.report.not_tried, 4);
		ck_assert(
		    scene_has_revision(st.rig.mem, "a", &st.doomed.manifest));
		ck_assert(scene_has_blob(st.rig.mem, &st.doomed.manifest));
		ck_assert(scene_has_blob(st.rig.mem, &st.doomed.layer));
		ck_assert(scene_has_blob(st.rig.mem, &st.garbage));
		ck_assert_int_eq(st.rig.gc.report.failures.v[0].verdict,
		    STORAGE_CHANGED);
		rig_release(&st.rig);
	}
}
END_TEST

START_TEST(a_tag_link_that_changed_saves_its_revision_and_blobs)
{
	struct stage st;

	set_stage(&st, SWEEP_DELETE);
	ck_assert_int_eq(rig_plan(&st.rig), 0);
	scene_tag(st.rig.mem, "a", "v1", &st.doomed.manifest);
	ck_assert_int_eq(rig_sweep(&st.rig), 0);
	ck_assert(scene_has_index(st.rig.mem, "a", "v1", &st.doomed.manifest));
	ck_assert(scene_has_revision(st.rig.mem, "a", &st.doomed.manifest));
	ck_assert(scene_has_blob(st.rig.mem, &st.doomed.manifest));
	ck_assert_uint_eq(st.rig.gc.report.not_tried, 5);
	rig_release(&st.rig);
}
END_TEST

START_TEST(a_blob_that_was_pushed_again_is_kept_and_the_others_go)
{
	struct stage st;

	set_stage(&st, SWEEP_DELETE);
	ck_assert_int_eq(rig_plan(&st.rig), 0);
	scene_remove(st.rig.mem, "%s", scene_blob_name(&st.garbage).s);
	scene_blob(st.rig.mem, "garbage");
	ck_assert_int_eq(rig_sweep(&st.rig), 0);
	ck_assert(scene_has_blob(st.rig.mem, &st.garbage));
	ck_assert(!scene_has_blob(st.rig.mem, &st.doomed.layer));
	ck_assert_uint_eq(in_section(&st, PLAN_BLOBS, STORAGE_CHANGED), 1);
	ck_assert_uint_eq(in_section(&st, PLAN_BLOBS, STORAGE_OK), 3);
	rig_release(&st.rig);
}
END_TEST

START_TEST(what_is_gone_already_counts_as_success)
{
	struct stage st;
	uint64_t bytes;

	set_stage(&st, SWEEP_DELETE);
	ck_assert_int_eq(rig_plan(&st.rig), 0);
	bytes = st.rig.gc.plan.bytes;
	scene_remove(st.rig.mem,
	    "repositories/a/_manifests/revisions/sha256/%s/link",
	    scene_hex(&st.doomed.manifest));
	scene_remove(st.rig.mem, "%s", scene_blob_name(&st.garbage).s);
	ck_assert_int_eq(rig_sweep(&st.rig), 0);
	ck_assert_uint_eq(in_section(&st, PLAN_REVISIONS, STORAGE_GONE), 1);
	ck_assert_uint_eq(in_section(&st, PLAN_BLOBS, STORAGE_GONE), 1);
	ck_assert_uint_eq(in_section(&st, PLAN_BLOBS, STORAGE_OK), 3);
	ck_assert_uint_eq(st.rig.gc.report.failed, 0);
	ck_assert_uint_eq(st.rig.gc.report.deleted_bytes,
	    bytes - strlen("garbage"));
	rig_release(&st.rig);
}
END_TEST

START_TEST(a_second_sweep_of_the_same_plan_finds_everything_gone)
{
	struct stage st;

	set_stage(&st, SWEEP_LIST_DELETE);
	rig_collect(&st.rig);
	sweep_report_release(&st.rig.gc.report);
	sweep_report_init(&st.rig.gc.report);
	ck_assert_int_eq(rig_sweep(&st.rig), 0);
	ck_assert_uint_eq(sweep_count(&st.rig.gc.report, STORAGE_GONE), 6);
	ck_assert_uint_eq(st.rig.gc.report.failed, 0);
	rig_release(&st.rig);
}
END_TEST

/* --- failures --- */

START_TEST(a_failing_delete_leaves_the_later_sections_untried)
{
	static const enum storage_verdict verdicts[] = { STORAGE_HELD,
		STORAGE_DENIED, STORAGE_THROTTLED, STORAGE_FAILED,
		STORAGE_CANCELLED };
	/* After 0 deletes the tag fails, after 1 the revision, then blobs. */
	static const uint64_t not_tried[] = { 5, 4, 0, 0, 0, 0 };
	unsigned long nth;

	for (nth = 0; nth < 6; nth++) {
		enum storage_verdict verdict = verdicts[nth % 5];
		struct stage st;

		set_stage(&st, SWEEP_DELETE);
		st.rig.rule = (struct faulty_rule){
			.kinds = 1U << STORAGE_DELETE,
			.skip = nth,
			.count = 1,
			.verdict = verdict,
			.code = ERR_DENIED,
		};
		rig_collect(&st.rig);
		ck_assert_uint_eq(st.rig.gc.report.failed, 1);
		ck_assert_uint_eq(st.rig.gc.report.failures.n, 1);
		ck_assert_uint_eq(st.rig.gc.report.not_tried, not_tried[nth]);
		ck_assert_uint_eq(sweep_count(&st.rig.gc.report, verdict), 1);
		ck_assert_uint_eq(sweep_count(&st.rig.gc.report, STORAGE_OK),
		    5 - not_tried[nth]);
		rig_release(&st.rig);
	}
}
END_TEST

START_TEST(when_every_delete_fails_the_sweep_still_ends)
{
	struct stage st;
	int i;

	set_stage(&st, SWEEP_LIST_DELETE);
	for (i = 0; i < 1500; i++) {
		char body[32];

		snprintf(body, sizeof(body), "orphan %d", i);
		scene_blob(st.rig.mem, body);
	}
	st.rig.rule = (struct faulty_rule){
		.kinds = 1U << STORAGE_DELETE,
		.skip = 2,
		.count = ~0UL,
		.verdict = STORAGE_FAILED,
		.code = ERR_NET,
	};
	rig_collect(&st.rig);
	ck_assert_uint_eq(st.rig.gc.report.failed, 1504);
	ck_assert_uint_eq(st.rig.gc.report.failures.n, SWEEP_FAILURES_MAX);
	ck_assert_str_ne(st.rig.gc.report.failures.v[999].why, "");
	ck_assert_uint_eq(st.rig.gc.report.not_tried, 0);
	ck_assert_uint_eq(st.rig.watch.in_flight, 0);
	rig_release(&st.rig);
}
END_TEST

/* The List is for the report alone; the Delete names its generation anyway. */
START_TEST(a_list_that_fails_does_not_save_the_victim)
{
	struct stage st;

	set_stage(&st, SWEEP_LIST_DELETE);
	st.rig.rule = (struct faulty_rule){
		.kinds = 1U << STORAGE_LIST,
		.skip = 2, /* the mark's */
		.count = ~0UL,
		.verdict = STORAGE_FAILED,
		.code = ERR_NET,
	};
	rig_collect(&st.rig);
	ck_assert_uint_eq(sweep_count(&st.rig.gc.report, STORAGE_OK), 6);
	ck_assert_uint_eq(st.rig.gc.report.strays, 0);
	rig_release(&st.rig);
}
END_TEST

START_TEST(a_cancelled_sweep_sends_no_further_delete)
{
	struct stage st;

	set_stage(&st, SWEEP_LIST_DELETE);
	st.rig.rule = (struct faulty_rule){
		.kinds = 1U << STORAGE_LIST,
		.skip = 2,
		.count = ~0UL,
		.verdict = STORAGE_CANCELLED,
		.code = ERR_CANCELLED,
	};
	rig_collect(&st.rig);
	ck_assert_uint_eq(st.rig.watch.deletes, 0);
	ck_assert_uint_eq(st.rig.gc.report.failed, 1);
	ck_assert_uint_eq(st.rig.gc.report.failures.v[0].verdict,
	    STORAGE_CANCELLED);
	ck_assert_uint_eq(st.rig.gc.report.only_listed, 1);
	ck_assert_uint_eq(st.rig.gc.report.not_tried, 6);
	rig_release(&st.rig);
}
END_TEST

/* --- strays --- */

START_TEST(strays_beside_a_victim_are_reported_and_never_deleted)
{
	struct stage st;
	struct text blob;
	char folder[200];

	set_stage(&st, SWEEP_LIST_DELETE);
	blob = scene_blob_name(&st.garbage);
	snprintf(folder, sizeof(folder), "%.*s", (int)strlen(blob.s) - 4,
	    blob.s);
	scene_put(st.rig.mem, "x", "%snotes", folder);
	scene_put(st.rig.mem, "x", "%sdata.bak", folder);
	scene_put(st.rig.mem, "x",
	    "repositories/a/_manifests/revisions/sha256/%s/old",
	    scene_hex(&st.doomed.manifest));
	rig_collect(&st.rig);
	ck_assert_uint_eq(st.rig.gc.report.strays, 3);
	ck_assert(scene_has(st.rig.mem, "%snotes", folder));
	ck_assert(scene_has(st.rig.mem, "%sdata.bak", folder));
	ck_assert(!scene_has_blob(st.rig.mem, &st.garbage));
	ck_assert_uint_eq(st.rig.watch.deletes, 6);
	rig_release(&st.rig);
}
END_TEST

/* --- killed and run again --- */

/* Every delete from the kth on is lost: the process was killed there.  The
 * next run starts from what is left. */
static void
kill_and_rerun(struct maker *r, uint64_t seed, unsigned long k,
    bool delete_untagged)
{
	const char *wrong;
	struct rig rig;

	rig_init(&rig, seed, delete_untagged);
	rig.opts.root = maker_root(r);
	rig.opts.sweep.strategy = (enum sweep_strategy)(seed & 1);
	maker_fill(r, rig.mem);
	rig.rule = (struct faulty_rule){
		.kinds = 1U << STORAGE_DELETE,
		.skip = k,
		.count = ~0UL,
		.verdict = STORAGE_FAILED,
		.code = ERR_NET,
	};
	rig_collect(&rig);
	wrong = maker_loss(r, rig.mem);
	ck_assert_msg(wrong == NULL, "seed %llu, killed at %lu: %s is lost",
	    (unsigned long long)seed, k, wrong);
	rig_again(&rig);
	rig.rule.count = 0;
	rig_collect(&rig);
	ck_assert_uint_eq(rig.gc.report.failed, 0);
	wrong = maker_difference(r, rig.mem);
	ck_assert_msg(wrong == NULL, "seed %llu, killed at %lu: %s is wrong",
	    (unsigned long long)seed, k, wrong);
	rig_release(&rig);
}

START_TEST(a_sweep_killed_after_any_delete_is_finished_by_the_next)
{
	unsigned long k;
	uint64_t seed;

	for (seed = 0; seed < 80; seed++) {
		struct maker *r = maker_new(seed, 1 + seed % 2);

		maker_judge(r, seed & 2);
		for (k = 0; k < maker_victims(r); k++)
			kill_and_rerun(r, seed, k, seed & 2);
		maker_free(r);
	}
}
END_TEST

/* The answer is lost but the object is gone: success for the next run. */
START_TEST(a_delete_whose_answer_is_lost_is_found_gone)
{
	struct stage st;

	set_stage(&st, SWEEP_DELETE);
	st.rig.rule = (struct faulty_rule){
		.kinds = 1U << STORAGE_DELETE,
		.skip = 2,
		.count = 4,
		.is_acted = true,
		.verdict = STORAGE_FAILED,
		.code = ERR_NET,
	};
	rig_collect(&st.rig);
	ck_assert_uint_eq(st.rig.gc.report.failed, 4);
	rig_again(&st.rig);
	rig_collect(&st.rig);
	ck_assert_uint_eq(plan_count(&st.rig.gc.plan), 0);
	ck_assert(scene_has_blob(st.rig.mem, &st.kept.layer));
	rig_release(&st.rig);
}
END_TEST

int
main(void)
{
	return suite_run("sweep", the_formula_is_one_request_or_two_a_victim,
	    sections_are_swept_in_order_and_counted,
	    a_link_that_changed_is_kept_and_no_blob_is_tried,
	    a_tag_link_that_changed_saves_its_revision_and_blobs,
	    a_blob_that_was_pushed_again_is_kept_and_the_others_go,
	    what_is_gone_already_counts_as_success,
	    a_second_sweep_of_the_same_plan_finds_everything_gone,
	    a_failing_delete_leaves_the_later_sections_untried,
	    when_every_delete_fails_the_sweep_still_ends,
	    a_list_that_fails_does_not_save_the_victim,
	    a_cancelled_sweep_sends_no_further_delete,
	    strays_beside_a_victim_are_reported_and_never_deleted,
	    a_sweep_killed_after_any_delete_is_finished_by_the_next,
	    a_delete_whose_answer_is_lost_is_found_gone, NULL);
}
