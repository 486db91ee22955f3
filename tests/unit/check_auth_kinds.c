/* SPDX-License-Identifier: MIT */
/* cred: each kind asks what Google's documents say, and ends with a token. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/auth_world.h"

#define IAM_URL                                             \
	"https://iamcredentials.googleapis.com/v1/projects" \
	"/-/serviceAccounts/gc@p.iam.gserviceaccount.com:generateAccessToken"
#define USER                                                         \
	"{\"type\":\"authorized_user\",\"client_id\":\"c&1\","       \
	"\"client_secret\":\"s=2\",\"refresh_token\":\"1//refresh\"" \
	",\"quota_project_id\":\"paying\"}"
#define EXTERNAL(source, more)                                             \
	"{\"type\":\"external_account\",\"audience\":\"//iam/pool\","      \
	"\"subject_token_type\":\"urn:ietf:params:oauth:token-type:jwt\"," \
	"\"token_url\":\"https://sts.googleapis.com/v1/token\","           \
	"\"credential_source\":" source more "}"

static void
is_token(const struct auth_play *p, const char *text, uint64_t life_s)
{
	ck_assert_str_eq(p->token.text.data, text);
	ck_assert_uint_eq(p->token.expires_us, AUTH_WALL_US + life_s * 1000000);
}

static void
has_field(const struct auth_play *p, const char *name, const char *value)
{
	char *found = auth_play_field(p, name);

	ck_assert_msg(found != NULL, "no %s", name);
	ck_assert_str_eq(found, value);
	free(found);
}

static void
has_claim(const json_t *claims, const char *name, const char *value)
{
	ck_assert_str_eq(json_string_value(json_object_get(claims, name)),
	    value);
}

START_TEST(a_key_signs_its_own_token_for_the_storage_of_its_universe)
{
	char *file = auth_key_file("{\"universe_domain\":\"cloud.example\"}");
	struct auth_play p;
	json_t *claims, *header;

	auth_play_init(&p, file);
	ck_assert_int_eq(auth_play_begin(&p, false), CRED_DONE);
	is_token(&p, p.token.text.data, 3590);
	claims = auth_read_jwt(p.token.text.data, p.token.text.len, &header);
	has_claim(header, "alg", "RS256");
	has_claim(header, "kid", "k1");
	has_claim(claims, "aud", "https://storage.cloud.example/");
	has_claim(claims, "iss", "sweeper@p.iam.gserviceaccount.com");
	has_claim(claims, "sub", "sweeper@p.iam.gserviceaccount.com");
	ck_assert_int_eq(json_integer_value(json_object_get(claims, "exp")) -
		json_integer_value(json_object_get(claims, "iat")),
	    3600);
	ck_assert_ptr_null(json_object_get(claims, "scope"));
	ck_assert_str_eq(cred_universe(p.c), "cloud.example");
	json_decref(claims);
	json_decref(header);
	auth_play_release(&p);
	free(file);
}
END_TEST

START_TEST(a_key_whose_own_token_is_refused_exchanges_from_then_on)
{
	char *file = auth_key_file(NULL), *assertion;
	struct auth_play p;
	json_t *claims, *header;
	int i;

	auth_play_init(&p, file);
	ck_assert_int_eq(auth_play_begin(&p, false), CRED_DONE);
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(auth_play_begin(&p, i == 0), CRED_ASK);
		ck_assert_str_eq(p.req.url,
		    "https://oauth2.googleapis.com/token");
		ck_assert(p.req.is_secret && p.req.method == HTTP_POST);
		has_field(&p, "grant_type",
		    "urn:ietf:params:oauth:grant-type:jwt-bearer");
		assertion = auth_play_field(&p, "assertion");
		claims = auth_read_jwt(assertion, strlen(assertion), &header);
		has_claim(claims, "aud", "https://oauth2.googleapis.com/token");
		has_claim(claims, "scope", SCOPE_STORAGE);
		json_decref(claims);
		json_decref(header);
		free(assertion);
		ck_assert_int_eq(auth_play_answer(&p, 200,
				     "{\"access_token\":\"ya29.x\","
				     "\"expires_in\":3599,\"token_type\":"
				     "\"Bearer\"}"),
		    CRED_DONE);
		is_token(&p, "ya29.x", 3599);
	}
	auth_play_release(&p);
	free(file);
}
END_TEST

START_TEST(a_key_of_another_universe_without_token_uri_cannot_exchange)
{
	char *file = auth_key_file("{\"universe_domain\":\"cloud.example\","
				   "\"token_uri\":null}");
	struct auth_play p;

	auth_play_init(&p, file);
	ck_assert_int_eq(auth_play_begin(&p, true), CRED_FAILED);
	ck_assert_int_eq(p.err.code, ERR_AUTH);
	ck_assert_ptr_nonnull(strstr(p.err.text, "token_uri"));
	auth_play_release(&p);
	free(file);
}
END_TEST

START_TEST(a_user_exchanges_the_refresh_token_each_time)
{
	struct auth_play p;
	int i;

	auth_play_init(&p, USER);
	ck_assert_str_eq(cred_quota_project(p.c), "paying");
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(auth_play_begin(&p, false), CRED_ASK);
		ck_assert_str_eq(p.req.url,
		    "https://oauth2.googleapis.com/token");
		ck_assert(p.req.is_secret);
		ck_assert_str_eq(p.req.content_type,
		    "application/x-www-form-urlencoded");
		has_field(&p, "grant_type", "refresh_token");
		has_field(&p, "client_id", "c&1");
		has_field(&p, "client_secret", "s=2");
		has_field(&p, "refresh_token", "1//refresh");
		ck_assert_int_eq(auth_play_answer(&p, 200,
				     "{\"access_token\":\"t\"}"),
		    CRED_DONE);
		is_token(&p, "t", 300);
	}
	auth_play_release(&p);
}
END_TEST

START_TEST(an_impersonated_account_asks_with_the_token_of_its_source)
{
	struct auth_play p;

	auth_play_init(&p,
	    "{\"type\":\"impersonated_service_account\",\"delegates\":[\"d\"],"
	    "\"service_account_impersonation_url\":\"" IAM_URL "\","
	    "\"source_credentials\":" USER "}");
	ck_assert_str_eq(cred_email(p.c), "gc@p.iam.gserviceaccount.com");
	ck_assert_int_eq(auth_play_begin(&p, false), CRED_ASK);
	has_field(&p, "refresh_token", "1//refresh");
	ck_assert_int_eq(auth_play_answer(&p, 200,
			     "{\"access_token\":\"of-user\"}"),
	    CRED_ASK);
	ck_assert_str_eq(p.req.url, IAM_URL);
	ck_assert(p.req.is_secret);
	ck_assert_str_eq(p.req.headers[0], "Authorization: Bearer of-user");
	ck_assert_str_eq(p.req.content_type, "application/json");
	ck_assert_str_eq(p.req.body,
	    "{\"scope\":[\"" SCOPE_STORAGE "\"],\"lifetime\":\"3600s\","
	    "\"delegates\":[\"d\"]}");
	ck_assert_int_eq(auth_play_answer(&p, 200,
			     "{\"accessToken\":\"of-gc\",\"expireTime\":"
			     "\"2026-01-01T01:00:00Z\"}"),
	    CRED_DONE);
	is_token(&p, "of-gc", 3600);
	auth_play_release(&p);
}
END_TEST

START_TEST(a_source_whose_own_token_the_iam_api_refuses_tries_the_exchange)
{
	char *key = auth_key_file(NULL), *file = NULL;
	struct auth_play p;
	json_t *claims, *header;

	ck_assert_int_gt(asprintf(&file,
			     "{\"type\":\"impersonated_service_account\","
			     "\"service_account_impersonation_url\":\"%s\","
			     "\"source_credentials\":%s}",
			     IAM_URL, key),
	    0);
	auth_play_init(&p, file);
	ck_assert_int_eq(auth_play_begin(&p, false), CRED_ASK);
	claims = auth_read_jwt(p.req.headers[0] + 22,
	    strlen(p.req.headers[0] + 22), &header);
	has_claim(claims, "scope", SCOPE_CLOUD);
	ck_assert_ptr_null(json_object_get(claims, "aud"));
	json_decref(claims);
	json_decref(header);
	ck_assert_int_eq(auth_play_answer(&p, 401, ""), CRED_ASK);
	ck_assert_str_eq(p.req.url, "https://oauth2.googleapis.com/token");
	ck_assert_int_eq(auth_play_answer(&p, 200,
			     "{\"access_token\":\"exchanged\"}"),
	    CRED_ASK);
	ck_assert_str_eq(p.req.url, IAM_URL);
	ck_assert_int_eq(auth_play_answer(&p, 401, ""), CRED_FAILED);
	ck_assert_int_eq(p.err.code, ERR_AUTH);
	auth_play_release(&p);
	free(file);
	free(key);
}
END_TEST

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

START_TEST(an_external_account_reads_its_file_anew_each_time)
{
	char path[] = "/tmp/check_auth_XXXXXX", text[1000];
	int fd = mkstemp(path);
	struct auth_play p;

	close(fd);
	write_file(path, "subject-1\n");
	snprintf(text, sizeof(text), EXTERNAL("{\"file\":\"%s\"}", ""), path);
	auth_play_init(&p, text);
	ck_assert_int_eq(auth_play_begin(&p, false), CRED_ASK);
	ck_assert_str_eq(p.req.url, "https://sts.googleapis.com/v1/token");
	has_field(&p, "subject_token", "subject-1");
	has_field(&p, "audience", "//iam/pool");
	has_field(&p, "scope", SCOPE_STORAGE);
	has_field(&p, "grant_type",
	    "urn:ietf:params:oauth:grant-type:token-exchange");
	ck_assert_int_eq(auth_play_answer(&p, 200,
			     "{\"access_token\":\"federated\"}"),
	    CRED_DONE);
	write_file(path, "subject-2");
	ck_assert_int_eq(auth_play_begin(&p, false), CRED_ASK);
	has_field(&p, "subject_token", "subject-2");
	unlink(path);
	ck_assert_int_eq(auth_play_begin(&p, false), CRED_FAILED);
	ck_assert_int_eq(p.err.code, ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(p.err.text, path));
	auth_play_release(&p);
}
END_TEST

START_TEST(an_external_account_fetches_exchanges_and_impersonates)
{
	struct auth_play p;

	auth_play_init(&p,
	    EXTERNAL("{\"url\":\"http://169.254.169.254/t?x=1\",\"headers\":"
		     "{\"Metadata\":\"True\"},\"format\":{\"type\":\"json\","
		     "\"subject_token_field_name\":\"id\"}}",
		",\"service_account_impersonation_url\":\"" IAM_URL "\","
		"\"service_account_impersonation\":"
		"{\"token_lifetime_seconds\":1200}"));
	ck_assert_int_eq(auth_play_begin(&p, false), CRED_ASK);
	ck_assert_str_eq(p.req.url, "http://169.254.169.254/t?x=1");
	ck_assert(!p.req.is_secret && p.req.is_direct);
	ck_assert_str_eq(p.req.headers[0], "Metadata: True");
	ck_assert_int_eq(auth_play_answer(&p, 200, "{\"id\":\"subject\"}"),
	    CRED_ASK);
	ck_assert(p.req.is_secret && !p.req.is_direct);
	ck_assert_ptr_null(p.req.headers[0]);
	has_field(&p, "subject_token", "subject");
	has_field(&p, "scope", SCOPE_CLOUD);
	ck_assert_int_eq(auth_play_answer(&p, 200,
			     "{\"access_token\":\"federated\"}"),
	    CRED_ASK);
	ck_assert_str_eq(p.req.headers[0], "Authorization: Bearer federated");
	ck_assert_ptr_nonnull(strstr(p.req.body, "\"1200s\""));
	ck_assert_int_eq(auth_play_answer(&p, 200,
			     "{\"accessToken\":\"gc\",\"expireTime\":"
			     "\"2026-01-01T00:20:00.5Z\"}"),
	    CRED_DONE);
	is_token(&p, "gc", 1200);
	auth_play_release(&p);
}
END_TEST

static void
init_metadata(struct auth_play *p, bool wants_who)
{
	struct cred_origin origin = { "the metadata server", SCOPE_STORAGE, 0 };

	err_clear(&p->err);
	http_request_init(&p->req);
	cred_token_init(&p->token);
	p->c = cred_new_metadata(NULL, wants_who, &origin, &p->err);
	ck_assert_ptr_nonnull(p->c);
}

START_TEST(the_metadata_server_is_asked_once_for_a_token)
{
	struct auth_play p;

	init_metadata(&p, false);
	ck_assert_int_eq(auth_play_begin(&p, false), CRED_ASK);
	ck_assert_str_eq(p.req.url,
	    "http://169.254.169.254/computeMetadata/v1/instance/"
	    "service-accounts/default/token");
	ck_assert_str_eq(p.req.headers[0], "Metadata-Flavor: Google");
	ck_assert(p.req.is_direct && !p.req.is_secret);
	ck_assert_int_eq(auth_play_answer(&p, 200,
			     "{\"access_token\":\"m\",\"expires_in\":1000}"),
	    CRED_DONE);
	is_token(&p, "m", 1000);
	ck_assert_int_eq(auth_play_begin(&p, false), CRED_ASK);
	ck_assert_int_eq(auth_play_answer(&p, 404, ""), CRED_FAILED);
	ck_assert_int_eq(p.err.code, ERR_AUTH);
	auth_play_release(&p);
}
END_TEST

START_TEST(the_metadata_server_says_who_it_is_if_that_is_wanted)
{
	struct auth_play p;

	init_metadata(&p, true);
	ck_assert_int_eq(auth_play_begin(&p, false), CRED_ASK);
	ck_assert_int_eq(auth_play_answer(&p, 200, "vm@p\n"), CRED_ASK);
	ck_assert_int_eq(auth_play_answer(&p, 404, "no"), CRED_ASK);
	ck_assert_int_eq(auth_play_answer(&p, 200, "{\"access_token\":\"m\"}"),
	    CRED_DONE);
	ck_assert_str_eq(cred_email(p.c), "vm@p");
	ck_assert_str_eq(cred_universe(p.c), "googleapis.com");
	auth_play_release(&p);
}
END_TEST

START_TEST(an_answer_without_the_flavor_is_nobodys)
{
	struct auth_play p;

	init_metadata(&p, false);
	auth_play_begin(&p, false);
	p.req.outcome = HTTP_ANSWERED;
	p.req.status = 200;
	p.req.is_flavored = false;
	buf_adds(&p.req.content, "{\"access_token\":\"evil\"}");
	ck_assert_int_eq(cred_take(p.c, AUTH_WALL_US, &p.req, &p.token, &p.err),
	    CRED_FAILED);
	ck_assert_int_eq(p.err.code, ERR_AUTH);
	ck_assert_ptr_nonnull(strstr(p.err.text, "Metadata-Flavor"));
	ck_assert_str_eq(p.token.text.data, "");
	auth_play_release(&p);
}
END_TEST

START_TEST(three_silences_mean_that_there_is_no_metadata_server)
{
	struct auth_play p;
	int i;

	init_metadata(&p, false);
	for (i = 0; i < 3; i++) {
		auth_play_begin(&p, false);
		p.req.outcome = HTTP_TIMEOUT;
		ck_assert_int_eq(cred_take(p.c, AUTH_WALL_US, &p.req, &p.token,
				     &p.err),
		    CRED_FAILED);
		ck_assert_int_eq(p.err.code, i < 2 ? ERR_NET : ERR_AUTH);
	}
	ck_assert_ptr_nonnull(strstr(p.err.text, "--credentials"));
	auth_play_release(&p);
}
END_TEST

int
main(void)
{
	auth_make_keys();
	return suite_run("auth kinds",
	    a_key_signs_its_own_token_for_the_storage_of_its_universe,
	    a_key_whose_own_token_is_refused_exchanges_from_then_on,
	    a_key_of_another_universe_without_token_uri_cannot_exchange,
	    a_user_exchanges_the_refresh_token_each_time,
	    an_impersonated_account_asks_with_the_token_of_its_source,
	    a_source_whose_own_token_the_iam_api_refuses_tries_the_exchange,
	    an_external_account_reads_its_file_anew_each_time,
	    an_external_account_fetches_exchanges_and_impersonates,
	    the_metadata_server_is_asked_once_for_a_token,
	    the_metadata_server_says_who_it_is_if_that_is_wanted,
	    an_answer_without_the_flavor_is_nobodys,
	    three_silences_mean_that_there_is_no_metadata_server, NULL);
}
