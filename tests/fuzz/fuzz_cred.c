/* SPDX-License-Identifier: MIT */
/*
 * cred: a credential file, and the first request that it leads to.
 */
#include <string.h>

#include "src/auth/cred_priv.h"
#include "src/auth/reply.h"
#include "src/auth/subject.h"
#include "src/net/url.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "cred";

#define WALL_US UINT64_C(1767225600000000)

/* Shorter ones are words of the error itself. */
enum { SECRET_MIN = 12 };

/* A member that is a secret, unless the text has it elsewhere too. */
static void
check_secret(const json_t *file, const char *name, const char *text, size_t n,
    const struct err *err)
{
	const char *secret = cred_member(file, name), *first;
	size_t len = secret != NULL ? strlen(secret) : 0;

	if (len < SECRET_MIN)
		return;
	first = memmem(text, n, secret, len);
	if (first == NULL ||
	    memmem(first + 1, n - (size_t)(first + 1 - text), secret, len) !=
		NULL)
		return;
	LAW(strstr(err->text, secret) == NULL, "an error shows no secret");
}

static void
check_refusal(const char *text, size_t n, const struct err *err)
{
	static const char *const secrets[] = { "private_key", "refresh_token",
		"client_secret" };
	json_t *file = json_loadb(text, n, 0, NULL);
	size_t i;

	fuzz_is_refusal(err, ERR_CONFIG);
	LAW(strncmp(err->text, "K.json", 6) == 0, "a refusal names the file");
	for (i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		check_secret(file, secrets[i], text, n, err);
	json_decref(file);
}

static void
check_request(const struct http_request *req)
{
	const char *c;
	size_t i;

	LAW(url_path(req->url) != NULL, "what is asked is a URL");
	LAW(url_is_https(req->url) || (!req->is_secret && req->is_direct),
	    "what is secret goes by https, what is not by no proxy");
	LAW(url_is_https(req->url) || subject_is_near(req->url),
	    "plain http stays on the link");
	for (i = 0; i < HTTP_HEADERS_MAX && req->headers[i] != NULL; i++) {
		LAW(strchr(req->headers[i], ':') != NULL, "a header is a line");
		for (c = req->headers[i]; *c != '\0'; c++)
			LAW((unsigned char)*c >= ' ' && *c != 0x7f,
			    "no header has a line's end");
	}
}

static void
check_cred(struct cred *c)
{
	struct http_request req;
	struct cred_token token;
	struct err err = ERR_INIT;

	http_request_init(&req);
	cred_token_init(&token);
	LAW(cred_is_host_name(cred_universe(c)), "a universe is a domain");
	LAW(cred_quota_project(c) == NULL ||
		cred_is_project(cred_quota_project(c)),
	    "a quota project may stand in a header");
	switch (cred_begin(c, WALL_US, false, &req, &token, &err)) {
	case CRED_ASK:
		check_request(&req);
		break;
	case CRED_DONE:
		LAW(reply_is_token(token.text.data, token.text.len),
		    "a token may stand in a header");
		break;
	case CRED_FAILED:
		fuzz_is_reason(err.text);
		break;
	}
	cred_token_release(&token);
	http_request_release(&req);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct cred_origin origin = { "K.json", SCOPE_STORAGE, 0 };
	struct err err = ERR_INIT;
	struct cred *c = cred_parse((const char *)data, n, &origin, &err);

	if (c != NULL)
		check_cred(c);
	else
		check_refusal((const char *)data, n, &err);
	cred_free(c);
	return 0;
}
