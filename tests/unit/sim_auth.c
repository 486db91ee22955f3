/* SPDX-License-Identifier: MIT */
#include "tests/unit/sim_auth.h"

#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "src/base/mem.h"

struct sim_world auth_world;
const struct sim_answer *auth_answer;

void
auth_start(enum sim_auth mode)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.auth = mode;
	opts.tokens.v[0] = "told";
	opts.tokens.v[1] = "reader=viewer";
	opts.tokens.n = 2;
	sim_world_start(&auth_world, LOOP_VIRTUAL, &opts, 1);
}

void
auth_stop(void)
{
	sim_world_stop(&auth_world);
}

/* headers: lines that end in CRLF. */
int
auth_ask(const char *method, const char *target, const char *headers,
    const char *body)
{
	struct buf text;
	size_t n;

	buf_init(&text, 1 << 20);
	buf_addf(&text,
	    "%s %s HTTP/1.1\r\nHost: h\r\n%sContent-Length: %zu\r\n\r\n%s",
	    method, target, headers, strlen(body), body);
	n = sim_client_raw(auth_world.client, text.data, text.len);
	buf_release(&text);
	sim_client_run(auth_world.client);
	auth_answer = sim_client_answer(auth_world.client, n);
	return auth_answer->status;
}

int
auth_ask_as(const char *token, const char *method, const char *target)
{
	struct buf line;
	int status;

	buf_init(&line, 1 << 16);
	buf_addf(&line, "Authorization: Bearer %s\r\n", token);
	status = auth_ask(method, target, line.data, "");
	buf_release(&line);
	return status;
}

void
auth_has(const char *text)
{
	ck_assert_msg(strstr(auth_answer->body.data, text) != NULL, "%s in %s",
	    text, auth_answer->body.data);
}

/* A text in the last answer, to free(). */
char *
auth_said(const char *key)
{
	json_t *root = json_loads(auth_answer->body.data, 0, NULL);
	char *text;

	ck_assert_msg(json_is_string(json_object_get(root, key)), "%s in %s",
	    key, auth_answer->body.data);
	text = mem_strdup(json_string_value(json_object_get(root, key)));
	json_decref(root);
	return text;
}

uint64_t
auth_counted(const char *key)
{
	json_t *root;
	uint64_t n;

	ck_assert_int_eq(auth_ask("GET", "/_sim/stats", "", ""), 200);
	root = json_loads(auth_answer->body.data, 0, NULL);
	n = (uint64_t)json_integer_value(
	    json_object_get(json_object_get(root, "auth"), key));
	json_decref(root);
	return n;
}

void
auth_tell(const char *target)
{
	ck_assert_msg(auth_ask("POST", target, "", "") == 204, "%s: %s", target,
	    auth_answer->body.data);
}

void
auth_credentials(const char *query)
{
	char target[256];

	snprintf(target, sizeof(target), "/_sim/auth/credentials?%s", query);
	ck_assert_msg(auth_ask("POST", target, "", "") == 200, "%s",
	    auth_answer->body.data);
}
