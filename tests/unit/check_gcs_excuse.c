/* SPDX-License-Identifier: MIT */
/* excuse: something to read comes out of whatever a server sends. */
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/rng.h"
#include "src/gcs/excuse.h"
#include "tests/support/suite.h"

START_TEST(reads_every_form_that_has_been_seen)
{
	static const struct {
		const char *body, *reason, *message;
	} cases[] = {
		{ "{\"error\":{\"code\":404,\"message\":\"No such object: B/N\","
		  "\"errors\":[{\"message\":\"No such object: B/N\",\"domain\":"
		  "\"global\",\"reason\":\"notFound\"}]}}",
		    "notFound", "No such object: B/N" },
		{ "{\"error\":{\"code\":\"503\",\"message\":{\"error\":"
		  "{\"message\":\"Retry Test: Caused a 503\"}}}}",
		    "", "Retry Test: Caused a 503" },
		{ "{\"error\":{\"message\":\"{\\\"error\\\":{\\\"message\\\":"
		  "\\\"inner\\\",\\\"errors\\\":[{\\\"reason\\\":\\\"r\\\"}]}}"
		  "\"}}",
		    "r", "inner" },
		{ "{\"error\":{\"errors\":[{\"message\":\"only here\","
		  "\"reason\":\"x\"}]}}",
		    "x", "only here" },
		{ "{\"error\":{\"status\":\"PERMISSION_DENIED\"}}",
		    "PERMISSION_DENIED",
		    "{\"error\":{\"status\":"
		    "\"PERMISSION_DENIED\"}}" },
		{ "{\"error\":\"invalid_grant\"}", "", "invalid_grant" },
		{ "{\"message\":\"plain\"}", "", "plain" },
		{ "\"just a string\"", "", "\"just a string\"" },
		{ "No such object: B/N", "", "No such object: B/N" },
		{ "<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>"
		  "Please reduce</Message></Error>",
		    "", "SlowDown Please reduce" },
		{ "<!DOCTYPE html>\n<html>\n<title>Error 502</title>\n</html>",
		    "", "Error 502" },
		{ "two\r\nlines\tand\x1b[31m colour\n", "",
		    "two lines and [31m colour" },
		{ "", "", "" },
		{ "{}", "", "{}" },
		{ "   \n ", "", "" },
	};
	struct gcs_excuse e;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		gcs_excuse_parse(cases[i].body, strlen(cases[i].body), &e);
		ck_assert_str_eq(e.reason, cases[i].reason);
		ck_assert_str_eq(e.message, cases[i].message);
	}
}
END_TEST

START_TEST(a_long_text_is_cut_between_characters)
{
	struct gcs_excuse e;
	char body[2000];
	size_t i;

	/* Two-byte characters, at both parities of the limit. */
	for (i = 0; i + 2 < sizeof(body); i += 2)
		memcpy(body + i, "\xc3\xa9", 2);
	gcs_excuse_parse(body, i, &e);
	ck_assert_uint_eq(strlen(e.message) % 2, 0);
	ck_assert_uint_gt(strlen(e.message), sizeof(e.message) - 6);
	body[0] = 'x';
	gcs_excuse_parse(body, 1, &e);
	ck_assert_str_eq(e.message, "x");
	memmove(body + 1, body + 2, i - 2);
	gcs_excuse_parse(body, i - 1, &e);
	ck_assert_uint_eq(strlen(e.message) % 2, 1);
}
END_TEST

START_TEST(garbage_becomes_one_printable_line)
{
	struct gcs_excuse e;
	struct rng rng;
	char body[6000];
	size_t n, k;
	int i;

	rng_init(&rng, 5);
	for (i = 0; i < 3000; i++) {
		n = rng_below(&rng, sizeof(body));
		rng_fill(&rng, body, n);
		if (i % 3 == 0 && n > 0)
			body[0] = '<';
		gcs_excuse_parse(body, n, &e);
		for (k = 0; e.message[k] != '\0'; k++)
			ck_assert((unsigned char)e.message[k] >= ' ' &&
			    e.message[k] != 0x7f);
	}
}
END_TEST

START_TEST(envelopes_within_envelopes_come_to_an_end)
{
	char *body = mem_zalloc(40001, 1);
	struct gcs_excuse e;
	size_t i;

	for (i = 0; i < 1000; i++)
		strcpy(body + 11 * i, "{\"message\":");
	strcpy(body + 11000, "\"deep\"");
	memset(body + 11006, '}', 1000);
	gcs_excuse_parse(body, 12006, &e);
	ck_assert_str_ne(e.message, "deep");
	free(body);
}
END_TEST

int
main(void)
{
	return suite_run("gcs excuse", reads_every_form_that_has_been_seen,
	    a_long_text_is_cut_between_characters,
	    garbage_becomes_one_printable_line,
	    envelopes_within_envelopes_come_to_an_end, NULL);
}
