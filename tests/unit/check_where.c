/* SPDX-License-Identifier: MIT */
/* where: endpoint x environment x --credentials, each row of the rules. */
#include "src/cli/where.h"

#include <string.h>

#include "src/base/str.h"
#include "tests/support/suite.h"

#define EMULATOR "http://127.0.0.1:4443"
#define SECURE   "https://storage.example.com:8443"
#define GOOGLE   "https://storage.googleapis.com"

struct row {
	const char *endpoint;
	bool is_emulator_host;
	const char *credentials;
	const char *base; /* NULL: refused, */
	const char *word; /* and the line has this word */
	bool is_emulator, has_credentials;
};

static const struct row rows[] = {
	{ NULL, false, NULL, GOOGLE, NULL, false, true },
	{ NULL, false, "k.json", GOOGLE, NULL, false, true },
	{ NULL, false, "none", NULL, "name an --endpoint", false, false },
	{ EMULATOR, true, NULL, EMULATOR, NULL, true, false },
	{ EMULATOR, true, "none", EMULATOR, NULL, true, false },
	{ EMULATOR, true, "k.json", NULL, "unset it", false, false },
	{ EMULATOR, false, NULL, EMULATOR, NULL, true, false },
	{ EMULATOR, false, "none", EMULATOR, NULL, true, false },
	{ EMULATOR, false, "k.json", NULL, "say https://", false, false },
	/* Without a scheme it is an emulator's, as everywhere. */
	{ "127.0.0.1:4443", false, NULL, EMULATOR, NULL, true, false },
	{ "127.0.0.1:4443", true, "k.json", NULL, "unset it", false, false },
	{ SECURE, false, NULL, SECURE, NULL, false, true },
	{ SECURE, false, "k.json", SECURE, NULL, false, true },
	{ SECURE, false, "none", SECURE, NULL, false, false },
	/* The variable names an emulator, whatever its scheme. */
	{ SECURE, true, NULL, SECURE, NULL, true, false },
	{ SECURE, true, "none", SECURE, NULL, true, false },
	{ SECURE, true, "k.json", NULL, "unset it", false, false },
	{ "ftp://127.0.0.1:1", false, NULL, NULL, "scheme", false, false },
};

START_TEST(the_rules_hold_row_by_row)
{
	struct err err = ERR_INIT;
	struct where w;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct where_asked asked = { r->endpoint, r->is_emulator_host,
			r->credentials };

		rc = where_choose(&asked, &w, &err);
		ck_assert_msg((rc == 0) == (r->base != NULL), "row %zu: %s", i,
		    err.text);
		if (rc != 0) {
			ck_assert_int_eq(err.code, ERR_USAGE);
			ck_assert_msg(strstr(err.text, r->word) != NULL,
			    "row %zu: %s", i, err.text);
			continue;
		}
		ck_assert_int_eq(where_settle(&w, "googleapis.com", &err), 0);
		ck_assert_str_eq(w.base, r->base);
		ck_assert_msg(w.is_emulator == r->is_emulator, "row %zu", i);
		ck_assert_msg(w.has_credentials == r->has_credentials,
		    "row %zu", i);
		ck_assert_int_eq(w.is_secure, str_starts(w.base, "https:"));
	}
}
END_TEST

START_TEST(no_row_sends_a_credential_to_an_emulator)
{
	static const char *const endpoints[] = { NULL, EMULATOR, SECURE };
	static const char *const credentials[] = { NULL, "none", "k.json" };
	struct err err = ERR_INIT;
	struct where w;
	int i;

	for (i = 0; i < 18; i++) {
		struct where_asked asked = { endpoints[i % 3], i / 9 != 0,
			credentials[i / 3 % 3] };

		if (asked.is_emulator_host && asked.endpoint == NULL)
			continue;
		if (where_choose(&asked, &w, &err) != 0)
			continue;
		ck_assert(
		    !w.has_credentials || (w.is_secure && !w.is_emulator));
	}
}
END_TEST

START_TEST(another_universe_has_its_own_host)
{
	struct where_asked asked = { NULL, false, NULL };
	struct err err = ERR_INIT;
	struct where w;

	ck_assert_int_eq(where_choose(&asked, &w, &err), 0);
	ck_assert_int_eq(where_settle(&w, "example.goog", &err), 0);
	ck_assert_str_eq(w.base, "https://storage.example.goog");
}
END_TEST

START_TEST(a_universe_that_is_no_domain_is_refused)
{
	static const char *const bad[] = { "", "a b", "x/y", "x@y", "x?y",
		"x#y", "x\r\ny", "x:99999" };
	struct where_asked asked = { NULL, false, NULL };
	struct err err = ERR_INIT;
	struct where w;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(where_choose(&asked, &w, &err), 0);
		ck_assert_msg(where_settle(&w, bad[i], &err) == -1, "%s -> %s",
		    bad[i], w.base);
		ck_assert_ptr_nonnull(strstr(err.text, "universe_domain"));
	}
}
END_TEST

int
main(void)
{
	return suite_run("where", the_rules_hold_row_by_row,
	    no_row_sends_a_credential_to_an_emulator,
	    another_universe_has_its_own_host,
	    a_universe_that_is_no_domain_is_refused, NULL);
}
