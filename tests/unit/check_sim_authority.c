/* SPDX-License-Identifier: MIT */
/* authority: who asks, and what he may. */
#include "sim/authority.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/permission.h"
#include "src/base/mem.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_auth.h"

static const char cloud[] = "https://www.googleapis.com/auth/cloud-platform";

START_TEST(without_a_token_nobody_gets_anything)
{
	auth_start(SIM_AUTH_TOKEN);
	ck_assert_int_eq(auth_ask("GET", AUTH_LIST, "", ""), 401);
	auth_has(
	    "Anonymous caller does not have storage.objects.list access to the "
	    "Google Cloud Storage bucket.");
	auth_has("\"reason\": \"required\"");
	ck_assert(sim_answer_has(auth_answer,
	    "WWW-Authenticate: Bearer realm=\"https://accounts.google.com/\""));
	ck_assert_int_eq(auth_ask("GET", "/b/demo/o/x?alt=media", "", ""), 401);
	ck_assert_ptr_null(strstr(auth_answer->body.data, "{"));
	ck_assert_int_eq(auth_ask("GET", "/demo/x", "", ""), 403);
	auth_has("<Code>AccessDenied</Code>");
	auth_has("Anonymous caller does not have storage.objects.get access");
	ck_assert_int_eq(auth_ask("GET",
			     "/b/demo/iam/testPermissions?permissions=x", "",
			     ""),
	    401);
	auth_has("Login Required.");
	ck_assert_int_eq(auth_ask("GET", "/_sim/health", "", ""), 200);
	ck_assert_uint_eq(auth_counted("unknown"), 4);
	auth_stop();
}
END_TEST

START_TEST(a_token_that_is_none_is_invalid)
{
	static const char *const headers[] = {
		"Authorization: Bearer other\r\n",
		"Authorization: Bearer \r\n",
		"Authorization: Basic dG9sZA==\r\n",
		"Authorization: told\r\n",
		"Authorization: Bearer tol\r\n",
		"Authorization: Bearer a.b.c\r\n",
		"Authorization: Bearer ..\r\n",
		"Authorization: Bearer eyJ9.eyJ9.eyJ9\r\n",
	};
	size_t i;

	auth_start(SIM_AUTH_TOKEN);
	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		ck_assert_int_eq(auth_ask("GET", AUTH_LIST, headers[i], ""),
		    401);
		auth_has("\"Invalid Credentials\"");
		auth_has("\"authError\"");
		ck_assert(sim_answer_has(auth_answer,
		    "WWW-Authenticate: Bearer "
		    "realm=\"https://accounts.google.com/\", "
		    "error=\"invalid_token\""));
	}
	ck_assert_int_eq(auth_ask_as("other", "GET", "/demo/x"), 401);
	auth_has("<Code>AuthenticationRequired</Code>");
	auth_stop();
}
END_TEST

START_TEST(a_token_that_was_told_is_good_wherever_it_stands)
{
	auth_start(SIM_AUTH_STRICT);
	ck_assert_int_eq(auth_ask_as("told", "GET", AUTH_LIST), 200);
	ck_assert_int_eq(auth_ask("GET", AUTH_LIST,
			     "authorization: bearer told\r\n", ""),
	    200);
	ck_assert_int_eq(auth_ask("GET", AUTH_LIST "?access_token=told", "",
			     ""),
	    200);
	ck_assert_int_eq(auth_ask("GET", AUTH_LIST "?oauth_token=told", "", ""),
	    200);
	/* And nowhere else is it seen. */
	ck_assert_int_eq(auth_ask("GET", "/_sim/requests", "", ""), 200);
	ck_assert_ptr_null(strstr(auth_answer->body.data, "told"));
	auth_has("access_token=****\"");
	ck_assert_int_eq(auth_ask("GET", "/_sim/har", "", ""), 200);
	ck_assert_ptr_null(strstr(auth_answer->body.data, "told"));
	ck_assert_int_eq(auth_ask("GET", "/_sim/config", "", ""), 200);
	ck_assert_ptr_null(strstr(auth_answer->body.data, "told"));
	auth_stop();
}
END_TEST

START_TEST(who_may_not_is_told_which_permission_he_lacks)
{
	auth_start(SIM_AUTH_TOKEN);
	ck_assert_int_eq(auth_ask_as("reader", "GET", AUTH_LIST), 200);
	ck_assert_int_eq(auth_ask_as("reader", "DELETE", "/b/demo/o/x"), 403);
	auth_has(
	    "token-2@gcs-sim.iam.gserviceaccount.com does not have "
	    "storage.objects.delete access to the Google Cloud Storage object. "
	    "Permission 'storage.objects.delete' denied on resource (or it may "
	    "not exist).");
	auth_has("\"forbidden\"");
	ck_assert_int_eq(auth_ask_as("reader", "DELETE", "/demo/x"), 403);
	auth_has("<Code>AccessDenied</Code>");
	/* What is not there is no secret of his who may. */
	ck_assert_int_eq(auth_ask_as("told", "DELETE", "/b/demo/o/x"), 404);
	ck_assert_uint_eq(auth_counted("denied"), 2);
	auth_stop();
}
END_TEST

START_TEST(he_can_ask_what_he_may)
{
	static const char target[] =
	    "/b/demo/iam/testPermissions?permissions=storage.objects.list"
	    "&permissions=storage.objects.delete&permissions=objects.get";

	auth_start(SIM_AUTH_TOKEN);
	ck_assert_int_eq(auth_ask_as("reader", "GET", target), 200);
	auth_has("storage.objects.list");
	ck_assert_ptr_null(
	    strstr(auth_answer->body.data, "storage.objects.delete"));
	/* That is no name of a permission. */
	ck_assert_ptr_null(strstr(auth_answer->body.data, "objects.get"));
	ck_assert_int_eq(auth_ask_as("told", "GET", target), 200);
	auth_has("storage.objects.delete");
	auth_stop();
}
END_TEST

START_TEST(who_overwrites_must_be_allowed_to_delete)
{
	static const char target[] =
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=x";

	auth_start(SIM_AUTH_TOKEN);
	auth_tell("/_sim/auth/token?token=maker&permission=objects.create");
	ck_assert_int_eq(auth_ask_as("maker", "POST", target), 200);
	ck_assert_int_eq(auth_ask_as("maker", "POST", target), 403);
	auth_has("storage.objects.delete");
	ck_assert_int_eq(auth_ask_as("told", "POST", target), 200);
	auth_stop();
}
END_TEST

START_TEST(who_copies_must_be_allowed_to_read)
{
	static const char *const names[] = { "x-goog-copy-source",
		"x-amz-copy-source" };
	char lines[256];
	size_t i;

	auth_start(SIM_AUTH_TOKEN);
	auth_tell("/_sim/auth/token?token=maker&permission=objects.create");
	ck_assert_int_eq(auth_ask_as("told", "PUT", "/demo/x"), 200);
	ck_assert_int_eq(auth_ask_as("maker", "POST",
			     "/b/demo/o/x/copyTo/b/demo/o/y"),
	    403);
	auth_has("storage.objects.get");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(lines, sizeof(lines),
		    "Authorization: Bearer maker\r\n%s: /demo/x\r\n", names[i]);
		ck_assert_int_eq(auth_ask("PUT", "/demo/y", lines, ""), 403);
		auth_has("storage.objects.get");
	}
	auth_tell("/_sim/auth/token?token=maker&permission="
		  "objects.create,objects.get");
	ck_assert_int_eq(auth_ask("PUT", "/demo/y", lines, ""), 200);
	auth_stop();
}
END_TEST

START_TEST(what_is_cut_short_is_not_what_was_said)
{
	static const char flavor[] = "Metadata-Flavor: Google\r\n";
	struct buf text;
	char *secret;

	auth_start(SIM_AUTH_STRICT);
	auth_credentials("kind=authorized_user");
	secret = auth_said("refresh_token");
	buf_init(&text, 1 << 17);
	buf_addf(&text,
	    "grant_type=refresh_token&client_secret=gcs-sim-secret&client_id="
	    "gcs-sim.apps.googleusercontent.com&refresh_token=%s",
	    secret);
	ck_assert_int_eq(auth_ask("POST", "/token", "", text.data), 200);
	buf_adds(&text, "%00more");
	ck_assert_int_eq(auth_ask("POST", "/token", "", text.data), 400);
	ck_assert_int_eq(auth_ask("GET", AUTH_LIST "?access_token=told%00", "",
			     ""),
	    401);
	ck_assert_int_eq(auth_ask("GET", AUTH_META "token?scopes=%00", flavor,
			     ""),
	    400);
	/* More scopes than anybody reads are not all that there are. */
	buf_clear(&text);
	buf_adds(&text, AUTH_META "token?scopes=");
	while (text.len < 9000)
		buf_adds(&text, "openid,");
	ck_assert_int_eq(auth_ask("GET", text.data, flavor, ""), 400);
	ck_assert_int_eq(auth_ask("POST", "/_sim/auth/token?token=x%00y", "",
			     ""),
	    400);
	buf_release(&text);
	free(secret);
	auth_stop();
}
END_TEST

START_TEST(what_is_refused_costs_nothing_and_takes_no_fault)
{
	struct sim_counts counts;
	struct err err;

	auth_start(SIM_AUTH_TOKEN);
	ck_assert_int_eq(sim_add_faults(auth_world.sim, "LIST 503 nth=1", &err),
	    0);
	ck_assert_int_eq(auth_ask("GET", AUTH_LIST, "", ""), 401);
	ck_assert_int_eq(auth_ask_as("told", "GET", AUTH_LIST), 503);
	sim_counts(auth_world.sim, &counts);
	ck_assert_uint_eq(counts.faults, 1);
	ck_assert_uint_eq(counts.total, 2);
	auth_stop();
}
END_TEST

START_TEST(a_permission_is_taken_away_and_given_back_live)
{
	auth_start(SIM_AUTH_TOKEN);
	auth_tell("/_sim/auth/deny?permission=storage.objects.list");
	ck_assert_int_eq(auth_ask_as("told", "GET", AUTH_LIST), 403);
	auth_tell("/_sim/auth/allow?permission=viewer");
	ck_assert_int_eq(auth_ask_as("told", "GET", AUTH_LIST), 200);
	ck_assert_int_eq(auth_ask("POST",
			     "/_sim/auth/deny?permission=objects.lits", "", ""),
	    400);
	auth_has("objects.list is the nearest");
	ck_assert_int_eq(auth_ask("POST", "/_sim/auth/deny", "", ""), 400);
	auth_has("want permission=");
	ck_assert_int_eq(auth_ask("POST", "/_sim/auth/expire?email=x", "", ""),
	    404);
	ck_assert_int_eq(auth_ask("POST", "/_sim/auth/expire?permission=x", "",
			     ""),
	    400);
	ck_assert_int_eq(auth_ask("POST", "/_sim/auth/credentials?kind=x", "",
			     ""),
	    400);
	auth_stop();
}
END_TEST

START_TEST(rules_meet_who_asks_for_tokens_by_name_alone)
{
	static const char flavor[] = "Metadata-Flavor: Google\r\n";
	struct sim_counts counts;
	struct err err;

	auth_start(SIM_AUTH_TOKEN);
	ck_assert_int_eq(sim_add_faults(auth_world.sim,
			     "* 500 id=all; auth.metadata 503 nth=2-3; "
			     "auth.* cut at=5 nth=4",
			     &err),
	    0);
	ck_assert_int_eq(auth_ask("GET", AUTH_META "token", flavor, ""), 200);
	ck_assert_int_eq(auth_ask("GET", AUTH_META "token", flavor, ""), 503);
	ck_assert_int_eq(auth_ask("GET", AUTH_META "token", flavor, ""), 503);
	ck_assert_int_eq(auth_ask_as("told", "GET", AUTH_LIST), 500);
	ck_assert_uint_eq(sim_faults_fired(auth_world.sim, "all"), 1);
	sim_counts(auth_world.sim, &counts);
	ck_assert_uint_eq(counts.total, 1);
	ck_assert_uint_eq(counts.requests[SIM_LIST], 1);
	ck_assert_uint_eq(counts.in_flight, 0);
	ck_assert_uint_eq(auth_counted("metadata"), 3);
	auth_stop();
}
END_TEST

START_TEST(each_part_of_a_batch_says_who_asks)
{
	static const char body[] =
	    "--B\r\nContent-Type: application/http\r\n\r\n"
	    "DELETE /storage/v1/b/demo/o/x HTTP/1.1\r\n\r\n"
	    "--B\r\nContent-Type: application/http\r\n\r\n"
	    "DELETE /storage/v1/b/demo/o/x HTTP/1.1\r\n"
	    "Authorization: Bearer reader\r\n\r\n--B--\r\n";

	auth_start(SIM_AUTH_TOKEN);
	ck_assert_int_eq(auth_ask("POST", "/batch/storage/v1",
			     "Content-Type: multipart/mixed; boundary=B\r\n"
			     "Authorization: Bearer told\r\n",
			     body),
	    200);
	auth_has("HTTP/1.1 404");
	auth_has("HTTP/1.1 403");
	auth_stop();
}
END_TEST

START_TEST(an_hmac_key_that_is_known_will_do_unless_it_is_strict)
{
	static const char create[] =
	    "/projects/p/hmacKeys?serviceAccountEmail=x@example.com";
	char header[256], *id;
	json_t *root;
	int mode;

	for (mode = SIM_AUTH_TOKEN; mode <= SIM_AUTH_STRICT; mode++) {
		auth_start((enum sim_auth)mode);
		ck_assert_int_eq(auth_ask_as("told", "POST", create), 200);
		root = json_loads(auth_answer->body.data, 0, NULL);
		id = mem_strdup(json_string_value(
		    json_object_get(json_object_get(root, "metadata"),
			"accessId")));
		json_decref(root);
		snprintf(header, sizeof(header),
		    "Authorization: GOOG4-HMAC-SHA256 Credential=%s/2026/x, "
		    "Signature=0\r\n",
		    id);
		ck_assert_int_eq(auth_ask("GET", "/demo", header, ""),
		    mode == SIM_AUTH_TOKEN ? 200 : 403);
		ck_assert_int_eq(auth_ask("GET", AUTH_LIST, header, ""), 403);
		ck_assert_int_eq(auth_ask("GET", "/demo",
				     "Authorization: AWS unknown:x\r\n", ""),
		    403);
		auth_has("HMAC signatures are not verified");
		free(id);
		auth_stop();
	}
}
END_TEST

START_TEST(without_auth_there_is_nobody_to_ask)
{
	auth_start(SIM_AUTH_OFF);
	ck_assert_int_eq(auth_ask("GET", AUTH_LIST, "", ""), 200);
	ck_assert_int_eq(auth_ask("GET", AUTH_META "token",
			     "Metadata-Flavor: Google\r\n", ""),
	    404);
	ck_assert_int_eq(auth_ask("GET", "/_sim/auth", "", ""), 409);
	auth_has("--auth token or --auth strict");
	auth_stop();
}
END_TEST

START_TEST(words_are_permissions_roles_and_scopes_or_refused)
{
	struct err err = ERR_INIT;
	unsigned scopes;
	uint64_t set;

	ck_assert_int_eq(permission_parse("none", &set, &err), 0);
	ck_assert_uint_eq(set, 0);
	ck_assert_int_eq(permission_parse("admin", &set, &err), 0);
	ck_assert_uint_eq(set, PERMISSION_ALL);
	ck_assert_int_eq(permission_parse("objects.get,storage.objects.list",
			     &set, &err),
	    0);
	ck_assert_uint_eq(set,
	    permission_bit("storage.objects.get", 19) |
		permission_bit("storage.objects.list", 20));
	ck_assert_int_eq(permission_parse("", &set, &err), -1);
	ck_assert_int_eq(permission_parse("gc,", &set, &err), -1);
	ck_assert_int_eq(permission_parse("vewer", &set, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "viewer is the nearest"));
	ck_assert_int_eq(permission_scopes("", &scopes), 0);
	ck_assert_uint_eq(scopes, 0);
	ck_assert_int_eq(permission_scopes(cloud, &scopes), 0);
	ck_assert_uint_eq(scopes, SCOPE_ALL);
	ck_assert_int_eq(permission_scopes("cloud-platform", &scopes), -1);
}
END_TEST

int
main(void)
{
	return suite_run("sim_authority", without_a_token_nobody_gets_anything,
	    a_token_that_is_none_is_invalid,
	    a_token_that_was_told_is_good_wherever_it_stands,
	    who_may_not_is_told_which_permission_he_lacks,
	    he_can_ask_what_he_may, who_overwrites_must_be_allowed_to_delete,
	    who_copies_must_be_allowed_to_read,
	    what_is_cut_short_is_not_what_was_said,
	    what_is_refused_costs_nothing_and_takes_no_fault,
	    a_permission_is_taken_away_and_given_back_live,
	    rules_meet_who_asks_for_tokens_by_name_alone,
	    each_part_of_a_batch_says_who_asks,
	    an_hmac_key_that_is_known_will_do_unless_it_is_strict,
	    without_auth_there_is_nobody_to_ask,
	    words_are_permissions_roles_and_scopes_or_refused, NULL);
}
