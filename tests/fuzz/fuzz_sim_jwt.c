/* SPDX-License-Identifier: MIT */
/*
 * sim_jwt: what is shown for a token: as a signed token, as a permission or
 * scopes, and as the body of each place where tokens are to be had.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/authority.h"
#include "sim/authority_jwt.h"
#include "sim/authority_priv.h"
#include "sim/operations.h"
#include "sim/permission.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "sim/sim.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_jwt";

#define NOW 1767225600000000

static const char *
find_header(const void *from, const char *name)
{
	(void)from;
	return strcmp(name, "Authorization") == 0 ? "Bearer told" : NULL;
}

static void
read_token(const struct authority *a, const char *text, size_t n)
{
	struct authority_jwt jwt;
	struct authority_claim claim;
	struct authority_doubt why;

	if (authority_jwt_parse(&jwt, text, n) == 0) {
		LAW(json_is_object(jwt.head) && json_is_object(jwt.claims),
		    "head and claims are objects");
		LAW(jwt.text_n < n && jwt.text[jwt.text_n] == '.',
		    "what is signed ends before a dot");
		LAW(jwt.iat >= -1 && jwt.exp >= -1, "times are none, or so");
	}
	authority_jwt_release(&jwt);
	LAW(!authority_believe(a, text, n, true, "h", NOW, &claim, &why),
	    "nobody is believed who is not known");
	fuzz_is_reason(why.text);
}

static void
read_words(const char *text)
{
	struct err err = ERR_INIT;
	unsigned scopes;
	uint64_t set;

	if (permission_parse(text, &set, &err) != 0)
		fuzz_is_refusal(&err, ERR_USAGE);
	LAW(permission_scopes(text, &scopes) != 0 || scopes <= SCOPE_ALL,
	    "scopes are those that there are");
}

/* Whatever is asked: an answer in JSON, and a token for nobody who has nothing to
 * show. */
static void
ask(struct authority *a, const char *target, const uint8_t *data, size_t n)
{
	struct route route;
	struct reply reply;
	struct ask question = { .route = &route,
		.headers = { find_header, NULL, NULL },
		.body = data,
		.body_len = n,
		.wall_us = NOW };
	uint32_t nth;
	json_t *body;

	route_init(&route);
	reply_init(&reply);
	LAW(authority_takes(a, &route, HTTP_POST, target, &nth),
	    "it is a place for tokens");
	authority_answer(a, &question, &reply);
	LAW(reply.status == 200 || (reply.status >= 400 && reply.status < 500),
	    "no form brings it into trouble");
	LAW(reply.status != 200 || route.op == OP_AUTH_IMPERSONATE,
	    "who is not known gets no token");
	body = json_loadb(reply.body.data, reply.body.len, 0, NULL);
	LAW(json_is_object(body), "an answer is an object in JSON");
	json_decref(body);
	reply_release(&reply);
	route_release(&route);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = fuzz_string(data, n);
	struct sim_opts opts;
	struct err err = ERR_INIT;
	struct authority *a;

	sim_defaults(&opts);
	opts.auth = SIM_AUTH_STRICT;
	opts.tokens.v[opts.tokens.n++] = "told";
	a = authority_new(&opts, &err);
	read_token(a, (const char *)data, n);
	read_words(text);
	ask(a, "/token", data, n);
	ask(a, "/v1/token", data, n);
	ask(a,
	    "/v1/projects/-/serviceAccounts/default@gcs-sim.iam."
	    "gserviceaccount.com:generateAccessToken",
	    data, n);
	authority_free(a);
	free(text);
	return 0;
}
