/* SPDX-License-Identifier: MIT */
/* guard: what keeps a version, until when, and how it is said. */
#include "sim/guard.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/meta.h"
#include "sim/object.h"
#include "sim/reply.h"
#include "sim/rfc3339.h"
#include "sim/world.h"
#include "src/base/buf.h"
#include "tests/support/suite.h"

/* 2026-09-30T03:28:23.182378Z */
static const uint64_t born = 1790738903182378;
static const uint64_t hour = 3600000000;

static const struct world strict;

static struct object *
publish(struct bucket *b, const struct meta_draft *draft)
{
	return bucket_publish(b, "dir/x", 5, 1, born, NULL, meta_new(draft));
}

START_TEST(nothing_keeps_an_object_that_says_nothing)
{
	struct bucket *b = bucket_new("demo", born);
	struct meta_draft none = { 0 };

	ck_assert_int_eq(guard_of(&strict, b, NULL, born), GUARD_FREE);
	ck_assert_int_eq(guard_of(&strict, b, publish(b, &none), born),
	    GUARD_FREE);
	bucket_free(b);
}
END_TEST

START_TEST(holds_keep_it_whatever_the_time)
{
	struct bucket *b = bucket_new("demo", born);
	struct meta_draft draft = { .temporary_hold = true,
		.event_based_hold = true };
	struct object *o = publish(b, &draft);

	ck_assert_int_eq(guard_of(&strict, b, o, UINT64_MAX),
	    GUARD_TEMPORARY_HOLD);
	draft.temporary_hold = false;
	bucket_change(b, o, meta_new(&draft), born);
	ck_assert_int_eq(guard_of(&strict, b, o, UINT64_MAX),
	    GUARD_EVENT_BASED_HOLD);
	bucket_free(b);
}
END_TEST

START_TEST(the_policy_counts_from_creation_or_from_the_end_of_a_hold)
{
	struct bucket *b = bucket_new("demo", born);
	struct meta_draft draft = { 0 };
	struct object *o = publish(b, &draft);

	b->config.retention_s = 3600;
	ck_assert_uint_eq(guard_retained_until(b, o), born + hour);
	ck_assert_int_eq(guard_of(&strict, b, o, born + hour - 1),
	    GUARD_RETENTION);
	ck_assert_int_eq(guard_of(&strict, b, o, born + hour), GUARD_FREE);
	draft.event_based_hold = true;
	bucket_change(b, o, meta_new(&draft), born);
	ck_assert_uint_eq(guard_retained_until(b, o), 0);
	draft.event_based_hold = false;
	draft.retained_from_us = born + hour;
	bucket_change(b, o, meta_new(&draft), born);
	ck_assert_uint_eq(guard_retained_until(b, o), born + 2 * hour);
	bucket_free(b);
}
END_TEST

START_TEST(the_later_of_both_retentions_counts)
{
	struct bucket *b = bucket_new("demo", born);
	struct meta_draft draft = { 0 };
	char until[RFC3339_MAX];
	struct object *o;

	rfc3339_format_exact(born + 2 * hour, until);
	draft.text[META_RETENTION_MODE] = "Unlocked";
	draft.text[META_RETAIN_UNTIL] = until;
	o = publish(b, &draft);
	ck_assert_uint_eq(guard_retained_until(b, o), born + 2 * hour);
	b->config.retention_s = 3600;
	ck_assert_uint_eq(guard_retained_until(b, o), born + 2 * hour);
	b->config.retention_s = 3 * 3600;
	ck_assert_uint_eq(guard_retained_until(b, o), born + 3 * hour);
	bucket_free(b);
}
END_TEST

START_TEST(a_world_may_ignore_retention_but_not_holds)
{
	static const struct world lax = { .retention_is_ignored = true };
	struct bucket *b = bucket_new("demo", born);
	struct meta_draft draft = { 0 };
	struct object *o = publish(b, &draft);

	b->config.retention_s = 3600;
	ck_assert_int_eq(guard_of(&strict, b, o, born), GUARD_RETENTION);
	ck_assert_int_eq(guard_of(&lax, b, o, born), GUARD_FREE);
	ck_assert_uint_eq(guard_retained_until(b, o), born + hour);
	draft.temporary_hold = true;
	bucket_change(b, o, meta_new(&draft), born);
	ck_assert_int_eq(guard_of(&lax, b, o, born), GUARD_TEMPORARY_HOLD);
	bucket_free(b);
}
END_TEST

START_TEST(the_403_is_production_s)
{
	static const struct {
		struct meta_draft draft;
		const char *message, *reason;
	} rows[] = {
		{ { .temporary_hold = true },
		    "\"message\":\"Object 'demo/dir/x' is under active "
		    "Temporary hold and cannot be deleted, overwritten or "
		    "archived until hold is removed.\"",
		    "\"reason\":\"forbidden\"" },
		{ { .event_based_hold = true },
		    "is under active Event-Based hold and",
		    "\"reason\":\"forbidden\"" },
		{ { .components = 0 },
		    "\"message\":\"Object 'demo/dir/x' is subject to bucket's "
		    "retention policy or object retention and cannot be "
		    "deleted or overwritten until "
		    "2026-09-30T04:28:23.182378+00:00\"",
		    "\"reason\":\"retentionPolicyNotMet\"" },
	};
	struct bucket *b;
	struct reply reply;
	size_t i;

	reply_init(&reply);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		b = bucket_new("demo", born);
		b->config.retention_s = 3600;
		reply_clear(&reply, false);
		ck_assert(!guard_allows(&strict, b, publish(b, &rows[i].draft),
		    born, &reply));
		ck_assert_int_eq(reply.status, 403);
		ck_assert_ptr_nonnull(strstr(reply.body.data, rows[i].message));
		ck_assert_ptr_nonnull(strstr(reply.body.data, rows[i].reason));
		bucket_free(b);
	}
	reply_release(&reply);
}
END_TEST

int
main(void)
{
	return suite_run("sim_guard", nothing_keeps_an_object_that_says_nothing,
	    holds_keep_it_whatever_the_time,
	    the_policy_counts_from_creation_or_from_the_end_of_a_hold,
	    the_later_of_both_retentions_counts,
	    a_world_may_ignore_retention_but_not_holds, the_403_is_production_s,
	    NULL);
}
