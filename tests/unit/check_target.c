/* SPDX-License-Identifier: MIT */
/* target: gs://BUCKET[/ROOT] or a registry's configuration, and what is not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/target.h"
#include "src/cli/yaml.h"
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
	static const char *const bad[] = { "", "gs://", "gs://ab", "gs:///abc",
		"gs://ABC", "gs://-abc", "gs://abc-", "gs://a b", "gs://a\nb",
		"s3://abc", "https://x/abc", "gs://abc?x=1",
		"gs://\xc3\xa9\xc3\xa9\xc3\xa9" };
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

	unsetenv("REGISTRY_CONFIGURATION_PATH");
	ck_assert_int_eq(target_parse(&t, 1, none, &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.text, "gs://BUCKET[/ROOT]"));
	ck_assert_ptr_nonnull(strstr(err.text, "REGISTRY_CONFIGURATION_PATH"));
	ck_assert_int_eq(target_parse(&t, 3, both, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "gs://def"));
}
END_TEST

START_TEST(a_word_is_the_path_of_a_configuration)
{
	static const char *const paths[] = { "abc", "gs:/abc", "./config.yml",
		"gs" };
	struct err err = ERR_INIT;
	struct target t;
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		ck_assert_int_eq(parse(&t, paths[i], &err), -1);
		ck_assert_int_eq(err.code, ERR_CONFIG);
		ck_assert_ptr_eq(strstr(err.text, paths[i]), err.text);
		ck_assert_ptr_nonnull(strstr(err.text, "gs://BUCKET[/ROOT]"));
	}
}
END_TEST

/* What stands in a file of fixtures/config. */
static int
load(struct target *t, const char *name, struct err *err)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s.yml",
	    suite_source("fixtures/config"), name);
	return parse(t, path, err);
}

START_TEST(a_configuration_names_bucket_and_root)
{
	char path[512], *none[] = { command, NULL };
	struct err err = ERR_INIT;
	struct target t;

	ck_assert_int_eq(load(&t, "full", &err), 0);
	ck_assert_str_eq(t.bucket, "my-bucket");
	ck_assert_str_eq(t.root, "a/b");
	ck_assert(target_has_cache(&t));
	target_release(&t);
	snprintf(path, sizeof(path), "%s",
	    suite_source("fixtures/config/least.yml"));
	setenv("REGISTRY_CONFIGURATION_PATH", path, 1);
	ck_assert_int_eq(target_parse(&t, 1, none, &err), 0);
	ck_assert_str_eq(t.bucket, "my-bucket");
	ck_assert_str_eq(t.root, "");
	ck_assert(!target_has_cache(&t));
	target_release(&t);
	setenv("REGISTRY_STORAGE_GCS_BUCKET", "Other", 1);
	ck_assert_int_eq(target_parse(&t, 1, none, &err), -1);
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.text,
	    "REGISTRY_CONFIGURATION_PATH: REGISTRY_STORAGE_GCS_BUCKET: "
	    "storage.gcs.bucket: 'Other' is not a bucket's name"));
}
END_TEST

START_TEST(only_a_registry_that_says_so_is_read_only)
{
	static const struct {
		const char *name, *said;
	} rows[] = { { "least", "has no storage.maintenance.readonly" },
		{ "writable", "the registry takes writes" },
		{ "readonly-as-text", "a registry does not start with it" } };
	struct err err = ERR_INIT;
	struct target t;
	size_t i;

	ck_assert_int_eq(load(&t, "full", &err), 0);
	ck_assert_int_eq(target_check_readonly(&t, &err), 0);
	target_release(&t);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_int_eq(load(&t, rows[i].name, &err), 0);
		ck_assert_int_eq(target_check_readonly(&t, &err), -1);
		ck_assert_int_eq(err.code, ERR_REFUSED);
		ck_assert_ptr_nonnull(strstr(err.text, rows[i].said));
		ck_assert_ptr_nonnull(strstr(err.text,
		    "REGISTRY_STORAGE_MAINTENANCE_READONLY='{\"enabled\":true}'"));
		target_release(&t);
	}
	ck_assert_int_eq(parse(&t, "gs://abc", &err), 0);
	ck_assert_int_eq(target_check_readonly(&t, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "config.yml"));
	target_release(&t);
}
END_TEST

int
main(void)
{
	if (!yaml_is_built())
		return suite_run("target", takes_a_bucket_and_a_root_apart,
		    refuses_what_is_no_registry, takes_exactly_one,
		    a_word_is_the_path_of_a_configuration, NULL);
	return suite_run("target", takes_a_bucket_and_a_root_apart,
	    refuses_what_is_no_registry, takes_exactly_one,
	    a_word_is_the_path_of_a_configuration,
	    a_configuration_names_bucket_and_root,
	    only_a_registry_that_says_so_is_read_only, NULL);
}
