/* SPDX-License-Identifier: MIT */
/* target: gs://BUCKET[/ROOT], and what is not. */
#include <string.h>

#include "src/cli/target.h"
#include "tests/support/suite.h"

static char command[] = "gc";

static int
parse(struct target *t, const char *operand, struct err *err)
{
	char copy[512];
	char *argv[] = { command, copy, NULL };

	strcpy(copy, operand);
	return target_parse(t, 2, argv, err);
}

START_TEST(takes_a_bucket_and_a_root_apart)
{
	static const struct {
		const char *operand, *bucket, *root;
	} rows[] = {
		{ "gs://abc", "abc", "" },
		{ "gs://abc/", "abc", "" },
		{ "gs://my-bucket.example_1/a/b/", "my-bucket.example_1",
		    "a/b/" },
		{ "gs://abc//x", "abc", "/x" },
		{ "gs://a1c/gs://x", "a1c", "gs://x" },
	};
	struct err err = ERR_INIT;
	struct target t;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_int_eq(parse(&t, rows[i].operand, &err), 0);
		ck_assert_str_eq(t.bucket, rows[i].bucket);
		ck_assert_str_eq(t.root, rows[i].root);
		target_release(&t);
	}
}
END_TEST

START_TEST(refuses_what_is_no_registry)
{
	static const char *const bad[] = { "", "gs:/abc", "abc", "gs://",
		"gs://ab", "gs:///abc", "gs://ABC", "gs://-abc", "gs://abc-",
		"gs://a b", "gs://a\nb", "s3://abc", "config.yml",
		"gs://abc?x=1", "gs://\xc3\xa9\xc3\xa9\xc3\xa9" };
	struct err err = ERR_INIT;
	struct target t;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(parse(&t, bad[i], &err) == -1, "%s", bad[i]);
		ck_assert_int_eq(err.code, ERR_USAGE);
	}
}
END_TEST

START_TEST(takes_exactly_one)
{
	char one[] = "gs://abc", two[] = "gs://def";
	char *none[] = { command, NULL }, *both[] = { command, one, two, NULL };
	struct err err = ERR_INIT;
	struct target t;

	ck_assert_int_eq(target_parse(&t, 1, none, &err), -1);
	ck_assert_int_eq(target_parse(&t, 3, both, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "gs://def"));
}
END_TEST

int
main(void)
{
	return suite_run("target", takes_a_bucket_and_a_root_apart,
	    refuses_what_is_no_registry, takes_exactly_one, NULL);
}
