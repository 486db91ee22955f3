/* SPDX-License-Identifier: MIT */
/* authority: where tokens come from, and when they end. */
#include "sim/authority.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_auth.h"
#include "tests/unit/sim_signer.h"

/* When a virtual clock begins: 2026-01-01T00:00:00Z. */
#define BEGIN 1767225600

static const char cloud[] = "https://www.googleapis.com/auth/cloud-platform";
static const char bearer_grant[] =
    "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";

static struct sim_signer *
signer(const char *query)
{
	auth_credentials(query);
	return sim_signer_new(auth_answer->body.data);
}

/* Claims as they should be, from the moment at on; more: others, ",..." */
static char *
sign(const struct sim_signer *s, int64_t at, int64_t for_s, const char *more)
{
	struct buf head, claims, token;
	char *text;

	buf_init(&head, 1024);
	buf_init(&claims, 4096);
	buf_init(&token, 16384);
	buf_addf(&head, "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
	    sim_signer_key_id(s));
	buf_addf(&claims, "{\"iss\":\"%s\",\"iat\":%lld,\"exp\":%lld%s}",
	    sim_signer_email(s), (long long)at, (long long)(at + for_s), more);
	sim_signer_sign(s, head.data, claims.data, &token);
	text = buf_steal(&token);
	buf_release(&head);
	buf_release(&claims);
	return text;
}

/* What makes a token that is shown itself. */
static char *
sign_self(const struct sim_signer *s, int64_t at, int64_t for_s)
{
	char more[512];

	snprintf(more, sizeof(more),
	    ",\"sub\":\"%s\",\"aud\":\"https://storage.googleapis.com/\"",
	    sim_signer_email(s));
	return sign(s, at, for_s, more);
}

static int
exchange(const char *assertion)
{
	struct buf form;
	int status;

	buf_init(&form, 1 << 16);
	buf_addf(&form, "assertion=%s&grant_type=%s", assertion, bearer_grant);
	status = auth_ask("POST", "/token", "", form.data);
	buf_release(&form);
	return status;
}

START_TEST(a_signed_token_is_believed_itself)
{
	struct sim_signer *s;
	char *token;
	size_t n;

	auth_start(SIM_AUTH_STRICT);
	s = signer("kind=service_account&role=gc");
	token = sign_self(s, BEGIN, 3600);
	ck_assert_int_eq(auth_ask_as(token, "GET", AUTH_LIST), 200);
	ck_assert_int_eq(auth_ask_as(token, "DELETE", "/b/demo/o/x"), 404);
	/* Another's signature is none: one letter of it, or of what is signed. */
	n = strlen(token);
	token[n - 20] = token[n - 20] == 'A' ? 'B' : 'A';
	ck_assert_int_eq(auth_ask_as(token, "GET", AUTH_LIST), 401);
	free(token);
	ck_assert_uint_eq(auth_counted("granted"), 0);
	sim_signer_free(s);
	auth_stop();
}
END_TEST

/* What is refused, shown itself, and in which mode. */
START_TEST(a_signed_token_must_be_in_order)
{
	static const struct {
		int64_t at, for_s;
		const char *more; /* E: the email */
		int token, strict;
	} rows[] = {
		{ 0, 3600, ",\"sub\":\"E\",\"aud\":\"http://h/\"", 200, 200 },
		{ 0, 3600, ",\"sub\":\"E\",\"aud\":\"https://h\"", 200, 200 },
		{ 0, 3600, ",\"sub\":\"E\",\"aud\":\"https://other/\"", 200,
		    401 },
		{ 0, 3600, ",\"sub\":\"E\"", 200, 401 },
		{ 0, 3600, ",\"aud\":\"http://h/\"", 200, 401 },
		{ 0, 3600, ",\"sub\":\"xE\",\"aud\":\"http://h/\"", 200, 401 },
		{ 0, 3601, ",\"sub\":\"E\",\"aud\":\"http://h/\"", 200, 401 },
		{ 301, 100, ",\"sub\":\"E\",\"aud\":\"http://h/\"", 200, 401 },
		{ 300, 100, ",\"sub\":\"E\",\"aud\":\"http://h/\"", 200, 200 },
		{ -100, 100, ",\"sub\":\"E\",\"aud\":\"http://h/\"", 401, 401 },
		{ -100, 101, ",\"sub\":\"E\",\"aud\":\"http://h/\"", 200, 200 },
		{ 0, 60,
		    ",\"sub\":\"E\",\"scope\":\"https://www.googleapis.com/"
		    "auth/devstorage.read_only\"",
		    200, 200 },
		{ 0, 60, ",\"sub\":\"E\",\"scope\":\"nonsense\"", 200, 401 },
	};
	struct sim_signer *s;
	char more[512];
	char *token;
	const char *cut;
	size_t i;
	int mode;

	for (mode = SIM_AUTH_TOKEN; mode <= SIM_AUTH_STRICT; mode++) {
		auth_start((enum sim_auth)mode);
		s = signer("kind=service_account");
		for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			cut = strstr(rows[i].more, "E\"");
			snprintf(more, sizeof(more), "%.*s%s%s",
			    cut != NULL ? (int)(cut - rows[i].more) : 0,
			    rows[i].more,
			    cut != NULL ? sim_signer_email(s) : "",
			    cut != NULL ? cut + 1 : rows[i].more);
			token = sign(s, BEGIN + rows[i].at, rows[i].for_s,
			    more);
			ck_assert_msg(auth_ask_as(token, "GET", AUTH_LIST) ==
				(mode == SIM_AUTH_STRICT ? rows[i].strict
							 : rows[i].token),
			    "row %zu, mode %d: %d", i, mode,
			    auth_answer->status);
			free(token);
		}
		sim_signer_free(s);
		auth_stop();
	}
}
END_TEST

START_TEST(scopes_narrow_what_a_token_may_when_it_is_strict)
{
	static const char more[] =
	    ",\"aud\":\"https://oauth2.googleapis.com/token\",\"scope\":"
	    "\"https://www.googleapis.com/auth/devstorage.read_only\"";
	struct sim_signer *s;
	char *assertion, *token;

	auth_start(SIM_AUTH_STRICT);
	s = signer("kind=service_account");
	assertion = sign(s, BEGIN, 3600, more);
	ck_assert_int_eq(exchange(assertion), 200);
	token = auth_said("access_token");
	ck_assert_int_eq(auth_ask_as(token, "GET", AUTH_LIST), 200);
	ck_assert_int_eq(auth_ask_as(token, "DELETE", "/b/demo/o/x"), 403);
	auth_has("Provided scope(s) are not authorized");
	free(token);
	free(assertion);
	sim_signer_free(s);
	auth_stop();
}
END_TEST

START_TEST(an_assertion_is_exchanged_or_refused_in_googles_words)
{
	static const struct {
		int64_t at, for_s;
		const char *more;
		const char *error, *text;
	} rows[] = {
		{ 0, 3601, "\",\"scope\":\"S\"", "invalid_grant",
		    "Invalid JWT: Token must be a short-lived token (60 "
		    "minutes) and in a reasonable timeframe." },
		{ 0, 60, "x\",\"scope\":\"S\"", "invalid_grant",
		    "Invalid JWT: Failed audience check." },
		{ 0, 60, "\"", "invalid_scope",
		    "Empty or missing scope not allowed." },
		{ 0, 60, "\",\"scope\":\"S x\"", "invalid_scope",
		    "Invalid OAuth scope" },
		{ 0, 60, "\",\"scope\":\"S\",\"sub\":\"other@example.com\"",
		    "unauthorized_client", "Client is unauthorized" },
		{ 0, 60, "\",\"scope\":\"S\"", NULL, NULL },
	};
	struct sim_signer *s;
	char *assertion, *cut;
	struct buf more;
	size_t i;

	auth_start(SIM_AUTH_STRICT);
	s = signer("kind=service_account");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_init(&more, 1024);
		cut = strchr(rows[i].more, 'S');
		buf_adds(&more, ",\"aud\":\"http://h/token");
		if (cut != NULL)
			buf_addf(&more, "%.*s%s%s", (int)(cut - rows[i].more),
			    rows[i].more, cloud, cut + 1);
		else
			buf_adds(&more, rows[i].more);
		assertion = sign(s, BEGIN + rows[i].at, rows[i].for_s,
		    more.data);
		ck_assert_msg(exchange(assertion) ==
			(rows[i].error == NULL ? 200
				: strstr(rows[i].error, "_client") != NULL
				? 401
				: 400),
		    "row %zu: %s", i, auth_answer->body.data);
		auth_has(
		    rows[i].error != NULL ? rows[i].error : "access_token");
		auth_has(rows[i].text != NULL ? rows[i].text
					      : "\"expires_in\": 3599");
		free(assertion);
		buf_release(&more);
	}
	ck_assert_int_eq(exchange("nonsense"), 400);
	ck_assert_int_eq(exchange(""), 400);
	auth_has("invalid_request");
	ck_assert_int_eq(auth_ask("POST", "/token", "", "grant_type=password"),
	    400);
	auth_has("unsupported_grant_type");
	ck_assert_uint_eq(auth_counted("token"), 9);
	ck_assert_uint_eq(auth_counted("granted"), 1);
	sim_signer_free(s);
	auth_stop();
}
END_TEST

START_TEST(who_is_not_known_cannot_sign)
{
	struct sim_signer *s;
	char *token;

	auth_start(SIM_AUTH_STRICT);
	s = signer("kind=service_account");
	token = sign_self(s, BEGIN, 3600);
	/* The same name, with another key by now. */
	auth_credentials("kind=service_account");
	ck_assert_int_eq(exchange(token), 400);
	auth_has("Invalid JWT Signature.");
	ck_assert_int_eq(auth_ask_as(token, "GET", AUTH_LIST), 401);
	auth_stop();
	auth_start(SIM_AUTH_STRICT);
	ck_assert_int_eq(exchange(token), 400);
	auth_has("Invalid grant: account not found");
	free(token);
	sim_signer_free(s);
	auth_stop();
}
END_TEST

static int
refresh(const char *client, const char *secret, const char *token)
{
	char form[1024];

	snprintf(form, sizeof(form),
	    "grant_type=refresh_token&client_id=%s&client_secret=%s"
	    "&refresh_token=%s",
	    client, secret, token);
	return auth_ask("POST", "/token", "", form);
}

START_TEST(a_user_refreshes_until_he_is_revoked)
{
	char *client, *secret, *token, *access;

	auth_start(SIM_AUTH_STRICT);
	auth_credentials("kind=authorized_user&role=viewer");
	client = auth_said("client_id");
	secret = auth_said("client_secret");
	token = auth_said("refresh_token");
	ck_assert_int_eq(refresh(client, secret, token), 200);
	access = auth_said("access_token");
	ck_assert_int_eq(auth_ask_as(access, "GET", AUTH_LIST), 200);
	ck_assert_int_eq(refresh("x", secret, token), 401);
	auth_has("invalid_client");
	ck_assert_int_eq(refresh(client, "x", token), 401);
	ck_assert_int_eq(refresh(client, secret, "x"), 400);
	auth_has("invalid_grant");
	auth_tell("/_sim/auth/revoke?email=user@example.com");
	ck_assert_int_eq(auth_ask_as(access, "GET", AUTH_LIST), 401);
	ck_assert_int_eq(refresh(client, secret, token), 400);
	auth_has("Token has been expired or revoked.");
	auth_tell("/_sim/auth/restore?email=user@example.com");
	ck_assert_int_eq(refresh(client, secret, token), 200);
	free(client), free(secret), free(token), free(access);
	auth_stop();
}
END_TEST

START_TEST(a_workload_exchanges_what_it_shows_and_may_become_another)
{
	static const char target[] = "/v1/projects/-/serviceAccounts/"
				     "impersonated@gcs-sim.iam.gserviceaccount."
				     "com:generateAccessToken";
	static const char wish[] =
	    "{\"scope\":[\"https://www.googleapis.com/auth/"
	    "devstorage.read_write\"],\"lifetime\":\"600s\"}";
	char form[1024], header[512], *audience, *token;
	const char *subject;

	auth_start(SIM_AUTH_STRICT);
	auth_credentials("kind=impersonated_service_account&role=gc");
	auth_credentials("kind=external_account&role=admin");
	audience = auth_said("audience");
	ck_assert_int_eq(auth_ask("GET",
			     "/_sim/auth/subject?email="
			     "workload@example.com",
			     "", ""),
	    200);
	subject = auth_answer->body.data;
	snprintf(form, sizeof(form),
	    "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
	    "&requested_token_type=urn:ietf:params:oauth:token-type:"
	    "access_token&subject_token_type=urn:ietf:params:oauth:token-type:"
	    "jwt&scope=%s&audience=%s&subject_token=%s",
	    cloud, audience, subject);
	ck_assert_int_eq(auth_ask("POST", "/v1/token", "", form), 200);
	auth_has("issued_token_type");
	token = auth_said("access_token");
	ck_assert_int_eq(auth_ask("POST", target, "", wish), 401);
	auth_has("UNAUTHENTICATED");
	snprintf(header, sizeof(header), "Authorization: Bearer %s\r\n", token);
	free(token);
	ck_assert_int_eq(auth_ask("POST", target, header, wish), 200);
	auth_has("\"expireTime\": \"2026-01-01T00:10:00Z\"");
	token = auth_said("accessToken");
	ck_assert_int_eq(auth_ask_as(token, "DELETE", "/b/demo/o/x"), 404);
	ck_assert_int_eq(auth_ask_as(token, "PATCH", "/b/demo/o/x"), 403);
	auth_has("impersonated@");
	ck_assert_int_eq(auth_ask("POST", target, header, "{}"), 400);
	ck_assert_int_eq(auth_ask("POST", target, header,
			     "{\"scope\":[\"https://www.googleapis.com/auth/"
			     "iam\"],\"lifetime\":\"600000ms\"}"),
	    400);
	auth_has("lifetime");
	ck_assert_int_eq(auth_ask("POST",
			     "/v1/projects/-/serviceAccounts/x:"
			     "generateAccessToken",
			     header, wish),
	    404);
	auth_tell(
	    "/_sim/auth/deny?permission=iam.serviceAccounts.getAccessToken"
	    "&email=workload@example.com");
	ck_assert_int_eq(auth_ask("POST", target, header, wish), 403);
	auth_has("PERMISSION_DENIED");
	ck_assert_int_eq(auth_ask("POST", "/v1/token", "", "grant_type=x"),
	    400);
	ck_assert_uint_eq(auth_counted("impersonate"), 6);
	ck_assert_uint_eq(auth_counted("sts"), 2);
	free(token);
	free(audience);
	auth_stop();
}
END_TEST

START_TEST(with_a_new_key_the_old_one_is_no_good_any_more)
{
	struct sim_signer *old, *new;
	char *shown, *other, *token;

	auth_start(SIM_AUTH_TOKEN);
	old = signer("kind=service_account");
	shown = sign_self(old, BEGIN, 3600);
	other = sign_self(old, BEGIN, 3601);
	ck_assert_int_eq(auth_ask_as(shown, "GET", AUTH_LIST), 200);
	ck_assert_int_eq(exchange(other), 200);
	token = auth_said("access_token");
	new = signer("kind=service_account");
	ck_assert_int_eq(auth_ask_as(shown, "GET", AUTH_LIST), 401);
	ck_assert_int_eq(auth_ask_as(other, "GET", AUTH_LIST), 401);
	ck_assert_int_eq(exchange(other), 400);
	/* What was given for it is a token of its own. */
	ck_assert_int_eq(auth_ask_as(token, "GET", AUTH_LIST), 200);
	free(shown);
	shown = sign_self(new, BEGIN, 3600);
	ck_assert_int_eq(auth_ask_as(shown, "GET", AUTH_LIST), 200);
	free(shown);
	free(other);
	free(token);
	sim_signer_free(old);
	sim_signer_free(new);
	auth_stop();
}
END_TEST

START_TEST(a_token_that_is_told_has_all_scopes_whatever_it_had)
{
	struct sim_signer *s;
	char target[256], *token;

	auth_start(SIM_AUTH_STRICT);
	s = signer("kind=service_account");
	token = sign(s, BEGIN, 3600,
	    ",\"aud\":\"http://h/token\",\"scope\":\"https://www.googleapis.com/"
	    "auth/devstorage.read_only\"");
	ck_assert_int_eq(exchange(token), 200);
	free(token);
	token = auth_said("access_token");
	ck_assert_int_eq(auth_ask_as(token, "DELETE", "/b/demo/o/x"), 403);
	snprintf(target, sizeof(target), "/_sim/auth/token?token=%s", token);
	auth_tell(target);
	ck_assert_int_eq(auth_ask_as(token, "DELETE", "/b/demo/o/x"), 404);
	free(token);
	sim_signer_free(s);
	auth_stop();
}
END_TEST

START_TEST(credentials_that_are_refused_change_nothing)
{
	static const char subject[] = "/_sim/auth/subject";
	char *before;

	auth_start(SIM_AUTH_STRICT);
	auth_credentials("kind=external_account");
	ck_assert_int_eq(auth_ask("GET", subject, "", ""), 200);
	before = mem_strdup(auth_answer->body.data);
	ck_assert_int_eq(auth_ask("POST",
			     "/_sim/auth/credentials?kind=external_account"
			     "&source=somewhere",
			     "", ""),
	    400);
	auth_has("source 'somewhere': want url or file:PATH");
	ck_assert_int_eq(auth_ask("GET", subject, "", ""), 200);
	ck_assert_str_eq(auth_answer->body.data, before);
	free(before);
	auth_stop();
}
END_TEST

START_TEST(a_machine_asks_its_metadata_server)
{
	static const char flavor[] = "Metadata-Flavor: Google\r\n";
	char *token;

	auth_start(SIM_AUTH_STRICT);
	ck_assert_int_eq(auth_ask("GET", AUTH_META "token", "", ""), 403);
	ck_assert_int_eq(auth_ask("GET", AUTH_META "token",
			     "Metadata-Flavor: Google\r\n"
			     "X-Forwarded-For: 10.0.0.1\r\n",
			     ""),
	    403);
	ck_assert_int_eq(auth_ask("GET", AUTH_META "token", flavor, ""), 200);
	ck_assert(sim_answer_has(auth_answer, "Metadata-Flavor: Google"));
	ck_assert(
	    sim_answer_has(auth_answer, "Server: Metadata Server for GCE"));
	token = auth_said("access_token");
	ck_assert_int_eq(auth_ask_as(token, "GET", AUTH_LIST), 200);
	free(token);
	ck_assert_int_eq(auth_ask("GET", AUTH_META "email", flavor, ""), 200);
	auth_has("default@gcs-sim.iam.gserviceaccount.com");
	ck_assert_int_eq(auth_ask("GET", AUTH_META "?recursive=true", flavor,
			     ""),
	    200);
	auth_has("\"aliases\"");
	ck_assert_int_eq(auth_ask("GET",
			     "/computeMetadata/v1/universe/universe-domain",
			     flavor, ""),
	    200);
	ck_assert_str_eq(auth_answer->body.data, "googleapis.com");
	ck_assert_int_eq(auth_ask("GET", "/computeMetadata/v1/nothing", flavor,
			     ""),
	    404);
	ck_assert_int_eq(auth_ask("GET", AUTH_META "token?scopes=x", flavor,
			     ""),
	    400);
	ck_assert_int_eq(auth_ask("GET", "/", flavor, ""), 200);
	ck_assert(sim_answer_has(auth_answer, "Metadata-Flavor: Google"));
	ck_assert_uint_eq(auth_counted("metadata"), 8);
	auth_stop();
}
END_TEST

/* An hour in no time. */
static void
on_due(void *arg)
{
	loop_unpark(arg);
}

static void
pass(uint64_t us)
{
	struct loop_timer timer;
	struct err err = ERR_INIT;

	loop_timer_init(&timer, auth_world.loop, on_due, auth_world.loop);
	loop_park(auth_world.loop);
	loop_timer_set(&timer, loop_now(auth_world.loop) + us);
	while (loop_timer_is_set(&timer))
		ck_assert_msg(loop_step(auth_world.loop, &err) == 0, "%s",
		    err.text);
}

START_TEST(tokens_end_by_the_simulators_clock_or_when_they_are_told_to)
{
	static const char flavor[] = "Metadata-Flavor: Google\r\n";
	char *token;

	auth_start(SIM_AUTH_TOKEN);
	ck_assert_int_eq(auth_ask("PATCH", "/_sim/config", "",
			     "{\"token-lifetime\": \"3s\"}"),
	    200);
	ck_assert_int_eq(auth_ask("GET", AUTH_META "token", flavor, ""), 200);
	auth_has("\"expires_in\":2");
	token = auth_said("access_token");
	pass(2999999);
	ck_assert_int_eq(auth_ask_as(token, "GET", AUTH_LIST), 200);
	pass(1);
	ck_assert_int_eq(auth_ask_as(token, "GET", AUTH_LIST), 401);
	free(token);
	auth_tell(
	    "/_sim/auth/expire?email=token-1@gcs-sim.iam.gserviceaccount.com");
	ck_assert_int_eq(auth_ask_as("told", "GET", AUTH_LIST), 401);
	ck_assert_int_eq(auth_ask_as("reader", "GET", AUTH_LIST), 200);
	auth_tell("/_sim/auth/expire");
	ck_assert_int_eq(auth_ask_as("reader", "GET", AUTH_LIST), 401);
	auth_tell("/_sim/auth/token?token=told");
	ck_assert_int_eq(auth_ask_as("told", "GET", AUTH_LIST), 200);
	auth_stop();
}
END_TEST

START_TEST(a_signed_token_that_has_ended_has_ended_in_any_spelling)
{
	struct sim_signer *s;
	char *token, *last;

	auth_start(SIM_AUTH_STRICT);
	s = signer("kind=service_account");
	token = sign_self(s, BEGIN, 3600);
	ck_assert_int_eq(auth_ask_as(token, "GET", AUTH_LIST), 200);
	auth_tell("/_sim/auth/expire");
	ck_assert_int_eq(auth_ask_as(token, "GET", AUTH_LIST), 401);
	/* Of its last letter four bits stand for nothing. */
	last = token + strlen(token) - 1;
	ck_assert_ptr_nonnull(strchr("AQgw", *last));
	*last = (char)(*last + 1);
	ck_assert_int_eq(auth_ask_as(token, "GET", AUTH_LIST), 401);
	free(token);
	sim_signer_free(s);
	auth_stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_grants", a_signed_token_is_believed_itself,
	    a_signed_token_must_be_in_order,
	    scopes_narrow_what_a_token_may_when_it_is_strict,
	    an_assertion_is_exchanged_or_refused_in_googles_words,
	    who_is_not_known_cannot_sign, a_user_refreshes_until_he_is_revoked,
	    a_workload_exchanges_what_it_shows_and_may_become_another,
	    with_a_new_key_the_old_one_is_no_good_any_more,
	    a_token_that_is_told_has_all_scopes_whatever_it_had,
	    credentials_that_are_refused_change_nothing,
	    a_machine_asks_its_metadata_server,
	    tokens_end_by_the_simulators_clock_or_when_they_are_told_to,
	    a_signed_token_that_has_ended_has_ended_in_any_spelling, NULL);
}
