/* SPDX-License-Identifier: MIT */
/*
 * The driver with a credential: whose token a request carries, what a 401 does,
 * and what happens when no token is to be had.  Store and token endpoint are two
 * servers by TLS.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/auth/cred.h"
#include "src/auth/token.h"
#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/gcs/gcs.h"
#include "src/net/files.h"
#include "src/storage/storage.h"
#include "tests/support/raw_server.h"
#include "tests/support/suite.h"
#include "tests/support/tls_server.h"
#include "tests/unit/auth_world.h"

enum { MANY = 1500, WIDTH = 1000 };

#define TOKEN(t) "{\"access_token\":\"" t "\",\"expires_in\":3599}"

static struct loop *loop;
static struct tls_server *server, *endpoint;
static struct token_source *tokens;
static struct storage *store;

/* Nobody listens there: the port takes a privilege. */
#define NOBODY "https://127.0.0.1:1/token"

/* What the file holds, in text, or else a user of the endpoint. */
static struct cred *
make_credential(const char *text)
{
	char file[] = "/tmp/check_gcs_token.XXXXXX";
	struct cred_opts opts = { .file = file };
	struct err err = ERR_INIT;
	struct cred *cred;
	FILE *f = fdopen(mkstemp(file), "w");

	ck_assert_ptr_nonnull(f);
	if (text != NULL)
		fputs(text, f);
	else
		fprintf(f,
		    "{\"type\":\"authorized_user\",\"client_id\":\"c\","
		    "\"client_secret\":\"s\",\"refresh_token\":\"r\","
		    "\"token_uri\":\"%s/token\"}",
		    tls_server_url(endpoint));
	fclose(f);
	cred = cred_find(&opts, &err);
	unlink(file);
	ck_assert_msg(cred != NULL, "%s", err.text);
	return cred;
}

static void
start_as(const char *text)
{
	struct token_opts token_opts = { .user_agent = "check" };
	struct err err = ERR_INIT;
	struct gcs_opts opts;

	loop = loop_new(LOOP_VIRTUAL);
	server = tls_server_start(loop);
	endpoint = tls_server_start(loop);
	token_opts.ca_file = tls_server_ca_file(endpoint);
	tokens = token_open(loop, make_credential(text), &token_opts);
	gcs_defaults(&opts);
	opts.endpoint = tls_server_url(server);
	opts.ca_file = tls_server_ca_file(server);
	opts.bucket = "demo";
	opts.connections = WIDTH;
	opts.tokens = tokens;
	store = gcs_open(loop, &opts, &err);
	ck_assert_msg(store != NULL, "%s", err.text);
}

static void
start(void)
{
	start_as(NULL);
}

static void
stop(void)
{
	storage_close(store);
	token_close(tokens);
	tls_server_stop(server);
	tls_server_stop(endpoint);
	loop_free(loop);
}

/* Deletes n objects at once; answers how many ended so. */
static size_t
delete_many(size_t n, enum storage_verdict verdict, struct err *last)
{
	struct storage_op *ops = mem_zalloc(n, sizeof(*ops)), *op;
	size_t count = 0, i;
	char name[32];

	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "object/%zu", i);
		storage_op_init(&ops[i]);
		storage_ask_delete(&ops[i], name);
		storage_if_generation(&ops[i], 1);
		storage_submit(store, &ops[i]);
	}
	while ((op = storage_reap(store)) != NULL) {
		count += op->verdict == verdict;
		*last = op->err;
	}
	for (i = 0; i < n; i++)
		storage_op_release(&ops[i]);
	free(ops);
	return count;
}

/* Requests that carried that token. */
static size_t
carried(const char *token)
{
	struct raw_server *raw = tls_server_raw(server);
	char line[64];
	size_t n = 0, i;

	snprintf(line, sizeof(line), "\r\nAuthorization: Bearer %s\r\n", token);
	for (i = 0; i < raw_server_heads(raw); i++)
		n += strstr(raw_server_head(raw, i), line) != NULL;
	return n;
}

START_TEST(a_token_that_expires_with_many_in_flight_is_refreshed_once)
{
	struct err last = ERR_INIT;
	size_t i;

	/* Both ends of each connection are here, and what is behind its TLS. */
	ck_assert_uint_eq(files_fit(4 * WIDTH), 4 * WIDTH);
	start();
	raw_server_answer(tls_server_raw(endpoint), 200, TOKEN("old"));
	raw_server_answer(tls_server_raw(endpoint), 200, TOKEN("new"));
	/* First all connections are made, so that then as many requests leave
	 * at once, long before a new token can be had. */
	for (i = 0; i < 2 * WIDTH; i++)
		raw_server_answer(tls_server_raw(server), i < WIDTH ? 204 : 401,
		    "");
	raw_server_answer(tls_server_raw(server), 204, "");
	ck_assert_uint_eq(delete_many(WIDTH, STORAGE_OK, &last), WIDTH);
	ck_assert_uint_eq(token_calls(tokens), 1);
	ck_assert_uint_eq(delete_many(MANY, STORAGE_OK, &last), MANY);
	ck_assert_uint_eq(token_calls(tokens), 2);
	ck_assert_uint_eq(raw_server_heads(tls_server_raw(endpoint)), 2);
	ck_assert_uint_eq(carried("old"), 2 * WIDTH);
	ck_assert_uint_eq(carried("new"), MANY);
	stop();
}
END_TEST

START_TEST(a_second_401_is_the_last_word)
{
	struct err last = ERR_INIT;

	start();
	raw_server_answer(tls_server_raw(endpoint), 200, TOKEN("t"));
	raw_server_answer(tls_server_raw(server), 401,
	    "{\"error\":{\"message\":\"Invalid Credentials\"}}");
	ck_assert_uint_eq(delete_many(3, STORAGE_DENIED, &last), 3);
	ck_assert_int_eq(last.code, ERR_AUTH);
	ck_assert_ptr_nonnull(strstr(last.text, "Invalid Credentials; "));
	ck_assert_ptr_nonnull(
	    strstr(last.text, "; the credentials are not accepted"));
	ck_assert_uint_le(raw_server_heads(tls_server_raw(server)), 6);
	ck_assert_uint_le(token_calls(tokens), 3);
	stop();
}
END_TEST

START_TEST(without_a_token_nothing_leaves)
{
	struct err last = ERR_INIT;

	start();
	raw_server_answer(tls_server_raw(endpoint), 400,
	    "{\"error\":\"invalid_grant\",\"error_description\":\"Bad "
	    "Request\"}");
	raw_server_answer(tls_server_raw(server), 204, "");
	ck_assert_uint_eq(delete_many(50, STORAGE_DENIED, &last), 50);
	ck_assert_int_eq(last.code, ERR_AUTH);
	ck_assert_ptr_nonnull(strstr(last.text, "invalid_grant"));
	ck_assert_uint_eq(raw_server_heads(tls_server_raw(server)), 0);
	stop();
}
END_TEST

START_TEST(a_token_that_only_we_have_signed_is_no_proof_of_a_way_to_others)
{
	char *key = auth_key_file("{\"token_uri\":\"" NOBODY "\"}");
	struct err last = ERR_INIT;
	uint64_t begun;

	start_as(key);
	raw_server_answer(tls_server_raw(server), 401, "");
	begun = loop_now(loop);
	ck_assert_uint_eq(delete_many(3, STORAGE_FAILED, &last), 3);
	ck_assert_int_eq(last.code, ERR_NET);
	ck_assert_ptr_nonnull(strstr(last.text, "no token from 127.0.0.1: "));
	ck_assert_uint_lt(loop_now(loop) - begun, UINT64_C(60000000));
	stop();
	free(key);
}
END_TEST

int
main(void)
{
	auth_make_keys();
	return suite_run("gcs token",
	    a_token_that_expires_with_many_in_flight_is_refreshed_once,
	    a_second_401_is_the_last_word, without_a_token_nothing_leaves,
	    a_token_that_only_we_have_signed_is_no_proof_of_a_way_to_others,
	    NULL);
}
