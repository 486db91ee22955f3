/* SPDX-License-Identifier: MIT */
/* reply: whatever a token endpoint says becomes a sane token or one line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "tests/unit/auth_world.h"

#define USER                                                             \
	"{\"type\":\"authorized_user\",\"client_id\":\"c\","             \
	"\"client_secret\":\"SECRET-client-0123456\",\"refresh_token\":" \
	"\"SECRET-refresh-0123456\"}"

START_TEST(errors_come_in_googles_words_and_say_whether_they_pass)
{
	static const struct {
		int status;
		enum err_code code;
		const char *body, *says;
	} cases[] = {
		{ 400, ERR_AUTH,
		    "{\"error\":\"invalid_grant\",\"error_description\":"
		    "\"Invalid JWT Signature.\"}",
		    "K.json: oauth2.googleapis.com answered 400: "
		    "invalid_grant: Invalid JWT Signature." },
		{ 403, ERR_AUTH,
		    "{\"error\":{\"code\":403,\"message\":\"Permission "
		    "denied\",\"status\":\"PERMISSION_DENIED\"}}",
		    "403: PERMISSION_DENIED: Permission denied" },
		{ 400, ERR_NET, "{\"error\":\"server_error\"}",
		    "server_error" },
		{ 400, ERR_NET, "{\"error\":\"temporarily_unavailable\"}", "" },
		{ 400, ERR_NET, "{\"error\":\"internal_failure\"}", "" },
		{ 500, ERR_NET, "", "500: 0 bytes" },
		{ 503, ERR_NET, "<html>\n<b>down</b>", "503: 18 bytes" },
		{ 408, ERR_NET, "", "" },
		{ 429, ERR_NET, "{}", "" },
		{ 302, ERR_AUTH, "", "302" },
		{ 401, ERR_AUTH, "{\"error\":[1]}", "401" },
		{ 400, ERR_AUTH, "{\"error\":\"a\\r\\nb\\u001b[31m\"}",
		    "a??b?[31m" },
		{ 400, ERR_AUTH,
		    "{\"error\":\"bad token SECRET-refresh-0123456!\"}",
		    "bad token **********************!" },
		{ 400, ERR_AUTH, "{\"error\":\"xSECRET-refresh-0123456y\"}",
		    "x**********************y" },
		{ 200, ERR_PROTOCOL, "", "no JSON object" },
		{ 200, ERR_PROTOCOL, "<html>", "no JSON object" },
		{ 200, ERR_PROTOCOL, "{}", "has no token" },
		{ 200, ERR_PROTOCOL, "{\"access_token\":7}", "has no token" },
		{ 200, ERR_PROTOCOL, "{\"access_token\":\"\"}", "printable" },
		{ 200, ERR_PROTOCOL, "{\"access_token\":\"a b\"}",
		    "printable" },
		{ 200, ERR_PROTOCOL, "{\"access_token\":\"a\\r\\nX-Evil: 1\"}",
		    "printable" },
		{ 200, ERR_PROTOCOL, "{\"access_token\":\"\\u00e9\"}",
		    "printable" },
		{ 200, ERR_PROTOCOL,
		    "{\"access_token\":\"a\",\"token_type\":\"mac\"}",
		    "Bearer" },
	};
	struct auth_play p;
	size_t i;

	auth_play_init(&p, USER);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		auth_play_begin(&p, false);
		ck_assert_int_eq(auth_play_answer(&p, cases[i].status,
				     cases[i].body),
		    CRED_FAILED);
		ck_assert_int_eq(p.err.code, cases[i].code);
		ck_assert_msg(strstr(p.err.text, cases[i].says) != NULL, "%s",
		    p.err.text);
		ck_assert_ptr_null(strstr(p.err.text, "SECRET"));
		ck_assert_str_eq(p.token.text.data, "");
	}
	auth_play_release(&p);
}
END_TEST

START_TEST(trouble_on_the_way_passes_but_a_bad_certificate_does_not)
{
	static const struct {
		enum http_outcome outcome;
		enum err_code code;
	} cases[] = {
		{ HTTP_REFUSED, ERR_NET },
		{ HTTP_LOST, ERR_NET },
		{ HTTP_TIMEOUT, ERR_NET },
		{ HTTP_TOO_LARGE, ERR_PROTOCOL },
		{ HTTP_MALFORMED, ERR_PROTOCOL },
		{ HTTP_UNTRUSTED, ERR_AUTH },
		{ HTTP_UNSAFE, ERR_AUTH },
	};
	struct auth_play p;
	size_t i;

	auth_play_init(&p, USER);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		auth_play_begin(&p, false);
		p.req.outcome = cases[i].outcome;
		ck_assert_int_eq(cred_take(p.c, AUTH_WALL_US, &p.req, &p.token,
				     &p.err),
		    CRED_FAILED);
		ck_assert_int_eq(p.err.code, cases[i].code);
		ck_assert_ptr_nonnull(
		    strstr(p.err.text, "oauth2.googleapis.com"));
	}
	auth_play_release(&p);
}
END_TEST

START_TEST(a_life_is_between_a_second_and_twelve_hours)
{
	static const struct {
		const char *life;
		uint64_t us;
	} cases[] = {
		{ "3599", 3599000000 },
		{ "0", 1000000 },
		{ "-5", 1000000 },
		{ "1e300", UINT64_C(43200000000) },
		{ "9223372036854775807", UINT64_C(43200000000) },
		{ "1.5", 1500000 },
		{ "\"60\"", 1000000 },
		{ "null", 1000000 },
	};
	struct auth_play p;
	char body[100];
	size_t i;

	auth_play_init(&p, USER);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		auth_play_begin(&p, false);
		snprintf(body, sizeof(body),
		    "{\"access_token\":\"t\",\"expires_in\":%s}",
		    cases[i].life);
		ck_assert_int_eq(auth_play_answer(&p, 200, body), CRED_DONE);
		ck_assert_uint_eq(p.token.expires_us - AUTH_WALL_US,
		    cases[i].us);
	}
	auth_play_release(&p);
}
END_TEST

START_TEST(a_token_has_a_most_length)
{
	struct auth_play p;
	char *body;
	int i;

	auth_play_init(&p, USER);
	for (i = 0; i < 2; i++) {
		ck_assert_int_gt(asprintf(&body, "{\"access_token\":\"%0*d\"}",
				     CRED_TOKEN_MAX + i, 7),
		    0);
		auth_play_begin(&p, false);
		ck_assert_int_eq(auth_play_answer(&p, 200, body),
		    i == 0 ? CRED_DONE : CRED_FAILED);
		free(body);
	}
	auth_play_release(&p);
}
END_TEST

START_TEST(a_clock_that_is_off_is_named)
{
	struct auth_play p;

	auth_play_init(&p, USER);
	auth_play_begin(&p, false);
	p.req.date_s = AUTH_WALL_US / 1000000 - 4500;
	auth_play_answer(&p, 400, "{\"error\":\"invalid_grant\"}");
	ck_assert_ptr_nonnull(strstr(p.err.text, "clock is 4500 s ahead"));
	p.req.date_s = AUTH_WALL_US / 1000000 + 4500;
	auth_play_answer(&p, 400, "{\"error\":\"invalid_grant\"}");
	ck_assert_ptr_nonnull(strstr(p.err.text, "clock is 4500 s behind"));
	p.req.date_s = AUTH_WALL_US / 1000000 + 100;
	auth_play_answer(&p, 400, "{\"error\":\"invalid_grant\"}");
	ck_assert_ptr_null(strstr(p.err.text, "clock"));
	auth_play_release(&p);
}
END_TEST

int
main(void)
{
	return suite_run("auth reply",
	    errors_come_in_googles_words_and_say_whether_they_pass,
	    trouble_on_the_way_passes_but_a_bad_certificate_does_not,
	    a_life_is_between_a_second_and_twelve_hours,
	    a_token_has_a_most_length, a_clock_that_is_off_is_named, NULL);
}
