/* SPDX-License-Identifier: MIT */
/*
 * A test to copy: a program of yours that sends its requests itself, against
 * the installed libgcssim.  It needs Check, and whatever your program needs:
 *
 *	cc check_with_gcssim.c -o check_with_gcssim \
 *	    $(pkg-config --cflags --libs gcssim check libcurl)
 *
 * remove_object() stands for what you test: it deletes an object, and tries
 * again when the storage is in trouble.  What it is worth, counts tell: they are
 * exact, and nothing here waits or guesses.
 */
#include <check.h>
#include <curl/curl.h>
#include <gcssim.h>
#include <stdio.h>
#include <stdlib.h>

/* --- what is tested --- */

enum { TRIES = 3 };

static size_t
ignore_body(char *data, size_t size, size_t n, void *arg)
{
	(void)data, (void)arg;
	return size * n;
}

/* The status, or 0 when no answer came. */
static long
send_delete(const char *url)
{
	CURL *curl = curl_easy_init();
	long status = 0;

	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "DELETE");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore_body);
	if (curl_easy_perform(curl) == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	return status;
}

/* 0 when the object is gone: one that was not there is as good. */
static int
remove_object(const char *bucket, const char *name)
{
	char url[1024];
	long status = 0;
	int i;

	snprintf(url, sizeof(url), "%s/storage/v1/b/%s/o/%s",
	    getenv("STORAGE_EMULATOR_HOST"), bucket, name);
	for (i = 0; i < TRIES && (status == 0 || status >= 500); i++)
		status = send_delete(url);
	return status == 204 || status == 404 ? 0 : -1;
}

/* --- the tests --- */

static struct gcssim *sim;
static struct gcssim_error err;

/*
 * A checked fixture (tcase_add_checked_fixture): Check forks for each test and
 * runs setup in the child.  A simulator that an unchecked one had started would
 * have stayed with the parent, and the tests could not ask it for its counts.
 */
static void
setup(void)
{
	static const char *const settings[] = { "bucket=photos", "latency=1ms",
		NULL };

	sim = gcssim_start(settings, &err);
	ck_assert_msg(sim != NULL, "%s", err.text);
	ck_assert_int_eq(setenv("STORAGE_EMULATOR_HOST", gcssim_url(sim), 1),
	    0);
}

static void
teardown(void)
{
	gcssim_stop(sim);
}

START_TEST(one_delete_is_one_request)
{
	ck_assert_int_eq(remove_object("photos", "cat"), 0);
	ck_assert_uint_eq(gcssim_count(sim, "DELETE"), 1);
	ck_assert_uint_eq(gcssim_count(sim, "total"), 1);
}
END_TEST

START_TEST(a_server_in_trouble_is_asked_again)
{
	ck_assert_int_eq(gcssim_fail_next(sim, "DELETE", 2, 503, &err), 0);
	ck_assert_int_eq(remove_object("photos", "cat"), 0);
	ck_assert_uint_eq(gcssim_count(sim, "DELETE"), 3);
	ck_assert_uint_eq(gcssim_pending(sim), 0);
}
END_TEST

/* What a scope counts, and one line says what was expected of it. */
START_TEST(two_photos_cost_two_deletes_and_nothing_else)
{
	ck_assert_int_eq(remove_object("photos", "dog"), 0);
	ck_assert_int_eq(gcssim_scope_open(sim, "cats", &err), 0);
	ck_assert_int_eq(remove_object("photos", "cat"), 0);
	ck_assert_int_eq(remove_object("photos", "kitten"), 0);
	ck_assert_int_eq(gcssim_scope_close(sim, "cats", &err), 0);
	ck_assert_msg(gcssim_expect(sim, "scope=cats&DELETE:404=2&total=2",
			  &err) == 0,
	    "%s", err.text);
}
END_TEST

START_TEST(but_not_for_ever)
{
	ck_assert_int_eq(gcssim_fail_next(sim, "DELETE", 100, 503, &err), 0);
	ck_assert_int_ne(remove_object("photos", "cat"), 0);
	ck_assert_uint_eq(gcssim_count(sim, "DELETE"), TRIES);
}
END_TEST

/* The delete takes effect, but nobody hears of it. */
START_TEST(a_lost_answer_costs_one_request)
{
	ck_assert_int_eq(gcssim_fail_after(sim, "DELETE", 1, 0, &err), 0);
	ck_assert_int_eq(remove_object("photos", "cat"), 0);
	ck_assert_uint_eq(gcssim_count(sim, "DELETE"), 2);
}
END_TEST

START_TEST(what_is_forbidden_is_not_asked_again)
{
	ck_assert_int_eq(gcssim_fail_next(sim, "DELETE", 1, 403, &err), 0);
	ck_assert_int_ne(remove_object("photos", "cat"), 0);
	ck_assert_uint_eq(gcssim_count(sim, "DELETE"), 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("photos");
	TCase *cases = tcase_create("photos");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, one_delete_is_one_request);
	tcase_add_test(cases, two_photos_cost_two_deletes_and_nothing_else);
	tcase_add_test(cases, a_server_in_trouble_is_asked_again);
	tcase_add_test(cases, but_not_for_ever);
	tcase_add_test(cases, a_lost_answer_costs_one_request);
	tcase_add_test(cases, what_is_forbidden_is_not_asked_again);
	tcase_set_timeout(cases, 60); /* a guard against hangs */
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-"); /* automake reads it; people can, too */
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
