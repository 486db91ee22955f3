/* SPDX-License-Identifier: MIT */
/* plan_head: times as they are written, and a plan that is not to be applied
 * here or now. */
#include <string.h>

#include "src/registry/plan_file.h"
#include "tests/support/suite.h"

#define HOUR_US (UINT64_C(3600) * 1000000)

START_TEST(times_are_read_as_they_were_written)
{
	static const char *const bad[] = { "", "now", "2026-02-28",
		"2026-02-28T23:59:59", "2026-02-28T23:59:59Z ",
		"2026-13-28T23:59:59Z", "1969-12-31T23:59:59Z" };
	char text[PLAN_TIME_MAX];
	uint64_t us = 7, seconds;
	size_t i;

	ck_assert_str_eq(plan_time_format(text, 0), "1970-01-01T00:00:00Z");
	for (seconds = 1; seconds < UINT32_MAX; seconds = 3 * seconds + 1) {
		plan_time_format(text, seconds * 1000000 + 999999);
		ck_assert_int_eq(plan_time_parse(text, &us), 0);
		ck_assert_uint_eq(us, seconds * 1000000);
	}
	us = 7;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(plan_time_parse(bad[i], &us) == -1, "%s", bad[i]);
	ck_assert_uint_eq(us, 7);
}
END_TEST

static void
check(const struct plan_head *here, uint64_t hours, uint64_t max_hours,
    const char *words)
{
	static const struct plan_head plan = {
		.bucket = "demo",
		.root = "/some/root/",
		.endpoint = "https://storage.googleapis.com",
		.created_us = 1000000 * HOUR_US,
	};
	struct err err = ERR_INIT;
	int rc = plan_head_check(&plan, here,
	    plan.created_us + hours * HOUR_US - HOUR_US, max_hours * HOUR_US,
	    &err);

	if (words == NULL) {
		ck_assert_msg(rc == 0, "%s", err.text);
		return;
	}
	ck_assert_int_eq(rc, -1);
	ck_assert_int_eq(err.code, ERR_REFUSED);
	ck_assert_msg(strstr(err.text, words) != NULL, "%s", err.text);
}

START_TEST(a_plan_is_for_one_bucket_and_one_day)
{
	struct plan_head here = { .bucket = "demo",
		.root = "some/root",
		.endpoint = "https://storage.googleapis.com" };

	check(&here, 1, 24, NULL);
	check(&here, 25, 24, NULL);
	check(&here, 26, 24,
	    "made at 2084-01-29T16:00:00Z, and now it is "
	    "2084-01-30T17:00:00Z: older than 24h; make a new plan, or say "
	    "--max-plan-age");
	check(&here, 26, 0, NULL);
	check(&here, 0, 24, NULL); /* our clock is slow */
	here.root = "some/rooted";
	check(&here, 1, 24, "the root \"/some/root/\", and this is \"some/ro");
	here.root = "";
	check(&here, 1, 24, "the root");
	here.root = "some/root";
	here.bucket = "demo2";
	check(&here, 1, 24, "the bucket demo, and this is demo2");
	here.bucket = "demo";
	here.endpoint = "http://127.0.0.1:1";
	here.is_emulator = true;
	check(&here, 1, 24, "a bucket in the real service");
}
END_TEST

START_TEST(every_state_has_a_word_of_its_own)
{
	int a, b;

	for (a = 0; a < PLAN_STATES; a++) {
		for (b = 0; b < a; b++)
			ck_assert_str_ne(plan_state_name((enum plan_state)a),
			    plan_state_name((enum plan_state)b));
	}
}
END_TEST

int
main(void)
{
	return suite_run("plan_head", times_are_read_as_they_were_written,
	    a_plan_is_for_one_bucket_and_one_day,
	    every_state_has_a_word_of_its_own, NULL);
}
