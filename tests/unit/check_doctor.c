/* SPDX-License-Identifier: MIT */
/* doctor: from each fact to its finding, and what it says to do. */
#include "src/cli/doctor.h"

#include <string.h>

#include "tests/support/suite.h"

static struct finding f;

static void
says(enum finding_level level, const char *text, const char *advice)
{
	ck_assert_msg(f.level == level, "%s: %s", finding_level_name(f.level),
	    f.text);
	ck_assert_msg(strstr(f.text, text) != NULL, "%s", f.text);
	if (advice == NULL)
		ck_assert_str_eq(f.advice, "");
	else
		ck_assert_msg(strstr(f.advice, advice) != NULL, "%s", f.advice);
	ck_assert_ptr_null(strchr(f.text, '\n'));
}

START_TEST(a_missing_permission_names_the_command_that_grants_it)
{
	size_t i;

	for (i = 0; i < DOCTOR_PERMISSIONS; i++) {
		doctor_permission(i, true, "demo", NULL, &f);
		says(FINDING_OK, "granted, to ", NULL);
		ck_assert_str_eq(f.what, doctor_permissions[i]);
		doctor_permission(i, false, "demo", NULL, &f);
		says(i < 3 ? FINDING_FAIL : FINDING_WARN, "not granted",
		    "add-iam-policy-binding gs://demo --member=MEMBER "
		    "--role=roles/storage.");
		ck_assert_int_eq(f.code, ERR_DENIED);
	}
	doctor_permission(2, false, "demo", "serviceAccount:a@b", &f);
	says(FINDING_FAIL, "to delete", "--member=serviceAccount:a@b --role");
}
END_TEST

START_TEST(a_plain_bucket_is_all_well)
{
	struct gcs_bucket b = { .location = "EU", .storage_class = "STANDARD" };
	size_t i;

	for (i = 0; i < DOCTOR_POLICIES; i++) {
		doctor_policy(i, &b, "demo", &f);
		says(FINDING_OK, "", NULL);
	}
	says(FINDING_OK, "EU, STANDARD, access is also by lists", NULL);
}
END_TEST

START_TEST(each_policy_that_keeps_what_is_deleted_warns)
{
	struct gcs_bucket b = { .soft_delete_s = 604800,
		.retention_s = 5400,
		.has_versioning = true,
		.has_default_hold = true,
		.is_uniform = true };

	doctor_policy(0, &b, "demo", &f);
	says(FINDING_WARN, "frees no money for 7 days",
	    "gs://demo --clear-soft-delete");
	doctor_policy(1, &b, "demo", &f);
	says(FINDING_WARN, "noncurrent", "gs://demo --no-versioning");
	doctor_policy(2, &b, "demo", &f);
	says(FINDING_WARN, "younger than 90 minutes cannot be deleted",
	    "--clear-retention-period");
	doctor_policy(3, &b, "demo", &f);
	says(FINDING_WARN, "event-based hold", "--no-default-event-based-hold");
	doctor_policy(4, &b, "demo", &f);
	says(FINDING_OK, "of unknown location, of unknown class", NULL);
	b.is_retention_locked = true;
	b.retention_s = 86400;
	doctor_policy(2, &b, "demo", &f);
	says(FINDING_WARN, "younger than 1 day cannot", NULL);
	b.retention_s = 0;
	b.has_object_retention = true;
	doctor_policy(2, &b, "demo", &f);
	says(FINDING_WARN, "retention of their own", NULL);
}
END_TEST

START_TEST(a_clock_may_be_off_by_half_a_minute)
{
	static const struct {
		uint64_t server_s;
		enum finding_level level;
		const char *text;
	} rows[] = {
		{ 1000000, FINDING_OK, "within 30 s" },
		{ 1000030, FINDING_OK, "within 30 s" },
		{ 999970, FINDING_OK, "within 30 s" },
		{ 1000031, FINDING_WARN, "31 s behind the server's" },
		{ 999969, FINDING_WARN, "31 s ahead of the server's" },
		{ 1000300, FINDING_WARN, "300 s behind" },
		{ 1000301, FINDING_FAIL, "301 s behind the server's, so" },
		{ 1, FINDING_FAIL, "999999 s ahead of" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		doctor_clock(rows[i].server_s, 1000000999999, &f);
		says(rows[i].level, rows[i].text,
		    rows[i].level == FINDING_OK ? NULL : "NTP");
	}
	ck_assert_int_eq(f.code, ERR_CONFIG);
	doctor_clock(0, 1000000999999, &f);
	says(FINDING_WARN, "told no date", NULL);
}
END_TEST

START_TEST(latency_tells_the_width_that_it_asks_for)
{
	uint64_t took[] = { 90000, 10, 42000, 41000, 43000 }, fast[] = { 200 };

	doctor_latency(took, 5, &f);
	says(FINDING_OK, "median 42.0 ms of 5 reads", NULL);
	says(FINDING_OK, "take 42.00 s one at a time, and 1.04 s", NULL);
	says(FINDING_OK, "42 in flight", NULL);
	doctor_latency(fast, 1, &f);
	says(FINDING_OK, "which is 1 in flight", NULL);
}
END_TEST

START_TEST(the_first_credential_wins_and_the_others_are_named)
{
	struct doctor_candidate c[] = { { "A", false }, { "B", true },
		{ "C", true }, { "D", true } };

	finding_set(&f, FINDING_OK, "B is it");
	doctor_add_losers(c, 4, &f);
	ck_assert_str_eq(f.text, "B is it; passed over: C, D");
	c[2].is_there = c[3].is_there = false;
	finding_set(&f, FINDING_OK, "B is it");
	doctor_add_losers(c, 4, &f);
	ck_assert_str_eq(f.text, "B is it");
	c[1].is_there = false;
	doctor_add_losers(c, 4, &f);
	ck_assert_str_eq(f.text, "B is it");
}
END_TEST

int
main(void)
{
	return suite_run("doctor",
	    a_missing_permission_names_the_command_that_grants_it,
	    a_plain_bucket_is_all_well,
	    each_policy_that_keeps_what_is_deleted_warns,
	    a_clock_may_be_off_by_half_a_minute,
	    latency_tells_the_width_that_it_asks_for,
	    the_first_credential_wins_and_the_others_are_named, NULL);
}
