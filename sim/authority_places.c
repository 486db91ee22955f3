/* SPDX-License-Identifier: MIT */
/*
 * Where tokens are to be had.  One door serves all that production has at four
 * names:
 *
 *	POST /token		oauth2.googleapis.com
 *	POST /v1/token		sts.googleapis.com
 *	POST /v1/projects/-/serviceAccounts/EMAIL:generateAccessToken
 *				iamcredentials.googleapis.com
 *	GET /computeMetadata/v1/...	metadata.google.internal
 */
#include "sim/authority.h"

#include <string.h>

#include "sim/authority_priv.h"
#include "sim/method.h"
#include "sim/operations.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "src/base/str.h"

bool
authority_serves(const struct route *route)
{
	return method_is_of_auth(route->op);
}

static enum operation
find_place(enum http_method method, const char *path, size_t n)
{
	static const char accounts[] = "/v1/projects/-/serviceAccounts/";
	static const char metadata[] = "/computeMetadata/";

	if (n >= sizeof(metadata) - 1 && str_starts(path, metadata))
		return OP_AUTH_METADATA;
	if (method != HTTP_POST)
		return OP_NONE;
	if (str_is(path, n, "/token"))
		return OP_AUTH_TOKEN;
	if (str_is(path, n, "/v1/token"))
		return OP_AUTH_STS;
	return n >= sizeof(accounts) - 1 && str_starts(path, accounts)
	    ? OP_AUTH_IMPERSONATE
	    : OP_NONE;
}

bool
authority_takes(struct authority *a, struct route *route,
    enum http_method method, const char *target, uint32_t *nth)
{
	size_t n = strcspn(target, "?#");
	enum operation op;

	/* POST /token?delete is of a bucket with that name. */
	if (a == NULL || (str_is(target, n, "/token") && target[n] != '\0'))
		return false;
	op = find_place(method, target, n);
	if (op == OP_NONE)
		return false;
	route_parse(route, method, target);
	route->op = op;
	route->kind = SIM_OTHER;
	*nth = (uint32_t)++a->asked[op - OP_AUTH_TOKEN];
	return true;
}

void
authority_answer(struct authority *a, const struct ask *ask,
    struct reply *reply)
{
	static void (*const answers[AUTHORITY_PLACES])(struct authority * a,
	    const struct ask *ask, struct reply *reply) = { authority_grant,
		authority_exchange, authority_impersonate, authority_metadata };

	reply_clear(reply, true);
	answers[ask->route->op - OP_AUTH_TOKEN](a, ask, reply);
}

void
authority_end_head(const struct route *route, struct buf *head)
{
	if (route->op == OP_AUTH_METADATA)
		buf_adds(head,
		    "Metadata-Flavor: Google\r\n"
		    "Server: Metadata Server for GCE\r\n"
		    "X-XSS-Protection: 0\r\nX-Frame-Options: SAMEORIGIN\r\n");
	else
		buf_adds(head,
		    "Cache-Control: no-cache, no-store, max-age=0, "
		    "must-revalidate\r\nPragma: no-cache\r\nVary: Origin\r\n"
		    "Vary: X-Origin\r\nVary: Referer\r\n"
		    "Server: scaffolding on HTTPServer2\r\n");
}
