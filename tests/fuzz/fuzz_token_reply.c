/* SPDX-License-Identifier: MIT */
/*
 * token_reply: a status on the first line, and the answer of a token endpoint
 * behind it, read as OAuth's and as the IAM API's.
 */
#include <stdlib.h>
#include <string.h>

#include "src/auth/cred_priv.h"
#include "src/auth/reply.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "token_reply";

#define WALL_US UINT64_C(1767225600000000)
#define SECRET  "ya29-secret-0123456789abcdef"

static void
check_form(int status, const char *body, size_t n, enum reply_form form)
{
	char where[] = "K.json";
	struct cred c = { .where = where };
	struct http_request req;
	struct cred_token token;
	struct err err = ERR_INIT;
	struct cred_turn turn = { WALL_US, false, &req, &token, &err };

	http_request_init(&req);
	cred_token_init(&token);
	req.url = "https://sts.googleapis.com/v1/token";
	req.headers[0] = "Authorization: Bearer " SECRET;
	req.outcome = HTTP_ANSWERED;
	req.status = status;
	buf_add(&req.content, body, n);
	if (reply_take_token(&c, &turn, form) == 0) {
		LAW(status / 100 == 2, "a token comes with success");
		LAW(reply_is_token(token.text.data, token.text.len),
		    "a token may stand in a header");
		LAW(token.expires_us >= WALL_US + UINT64_C(1000000) &&
			token.expires_us <= WALL_US + UINT64_C(43200) * 1000000,
		    "a life is between a second and twelve hours");
	} else {
		fuzz_is_reason(err.text);
		LAW(err.code == ERR_AUTH || err.code == ERR_NET ||
			err.code == ERR_PROTOCOL,
		    "a failure passes or does not");
		LAW(strstr(err.text, SECRET) == NULL,
		    "an error shows no secret");
	}
	cred_token_release(&token);
	http_request_release(&req);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *body;
	size_t n_body;
	char *first = fuzz_first_line(data, n, &body, &n_body);
	int status;

	if (first == NULL)
		return 0;
	status = atoi(first) % 1000;
	check_form(status, body, n_body, REPLY_OAUTH);
	check_form(status, body, n_body, REPLY_IAM);
	free(first);
	return 0;
}
