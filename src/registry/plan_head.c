/* SPDX-License-Identifier: MIT */
/* What can be said of a plan without opening it: the words for its states, and
 * whether it may be applied here and now. */
#include "src/registry/plan_file.h"

#include <string.h>
#include <time.h>

#include "src/base/str.h"

enum { SECOND_US = 1000000 };

const char *
plan_state_name(enum plan_state state)
{
	static const char *const names[PLAN_STATES] = {
		[PLAN_PENDING] = "pending",
		[PLAN_DELETED] = "deleted",
		[PLAN_GONE] = "gone",
		[PLAN_CHANGED] = "changed",
		[PLAN_KEPT] = "kept",
		[PLAN_FAILED] = "failed",
		[PLAN_SKIP] = "skip",
	};

	return names[state];
}

const char *
plan_time_format(char out[PLAN_TIME_MAX], uint64_t us)
{
	time_t seconds = (time_t)(us / SECOND_US);
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL ||
	    strftime(out, PLAN_TIME_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		strcpy(out, "?");
	return out;
}

int
plan_time_parse(const char *text, uint64_t *us)
{
	struct tm tm = { 0 };
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	time_t seconds;

	if (end == NULL || *end != '\0' || (seconds = timegm(&tm)) < 0)
		return -1;
	*us = (uint64_t)seconds * SECOND_US;
	return 0;
}

/* Slashes around a rootdirectory mean nothing. */
static bool
is_same_root(const char *a, const char *b)
{
	size_t a_len, b_len;

	a += strspn(a, "/");
	b += strspn(b, "/");
	a_len = strlen(a);
	b_len = strlen(b);
	while (a_len > 0 && a[a_len - 1] == '/')
		a_len--;
	while (b_len > 0 && b[b_len - 1] == '/')
		b_len--;
	return a_len == b_len && memcmp(a, b, a_len) == 0;
}

static int
check_age(const struct plan_head *head, uint64_t now_us, uint64_t max_age_us,
    struct err *err)
{
	char made[PLAN_TIME_MAX], now[PLAN_TIME_MAX], age[STR_DURATION_MAX];

	if (max_age_us == 0 || now_us <= head->created_us ||
	    now_us - head->created_us <= max_age_us)
		return 0;
	return err_set(err, ERR_REFUSED,
	    "the plan was made at %s, and now it is %s: older than %s; make a "
	    "new plan, or say --max-plan-age",
	    plan_time_format(made, head->created_us),
	    plan_time_format(now, now_us),
	    str_format_duration(age, max_age_us));
}

int
plan_head_check(const struct plan_head *head, const struct plan_head *here,
    uint64_t now_us, uint64_t max_age_us, struct err *err)
{
	static const char *const whose[] = { "the real service",
		"an emulator" };

	if (head->is_emulator != here->is_emulator)
		return err_set(err, ERR_REFUSED,
		    "the plan is of a bucket in %s (%s), and this is %s (%s)",
		    whose[head->is_emulator], head->endpoint,
		    whose[here->is_emulator], here->endpoint);
	if (strcmp(head->bucket, here->bucket) != 0)
		return err_set(err, ERR_REFUSED,
		    "the plan is of the bucket %s, and this is %s",
		    head->bucket, here->bucket);
	if (!is_same_root(head->root, here->root))
		return err_set(err, ERR_REFUSED,
		    "the plan is of the root \"%s\", and this is \"%s\"",
		    head->root, here->root);
	return check_age(head, now_us, max_age_us, err);
}
