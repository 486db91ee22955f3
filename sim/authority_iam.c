/* SPDX-License-Identifier: MIT */
/* One account gets tokens for another, if it may. */
#include "sim/authority_priv.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/authority.h"
#include "sim/json_out.h"
#include "sim/operations.h"
#include "sim/percent.h"
#include "sim/permission.h"
#include "sim/reply.h"
#include "sim/rfc3339.h"
#include "sim/routes.h"
#include "src/base/buf.h"
#include "src/base/str.h"

enum { EMAIL_MAX = 512, SCOPES_MAX = 8192, BODY_MAX = 64 * 1024 };

#define SECOND 1000000U

/* As newer services word it. */
static void
refuse(struct reply *reply, int status, const char *word, const char *text)
{
	struct json_out w;

	reply_clear(reply, true);
	reply->status = status;
	json_init(&w, &reply->body, true, NULL);
	json_open(&w, '{');
	json_key(&w, "error");
	json_open(&w, '{');
	json_key(&w, "code");
	json_u64(&w, (uint64_t)status);
	json_key(&w, "message");
	json_str(&w, text);
	json_key(&w, "status");
	json_str(&w, word);
	json_close(&w, '}');
	json_close(&w, '}');
	json_end(&w);
}

/* Is it somebody who may? */
static bool
check_caller(struct authority *a, const struct ask *ask, struct reply *reply)
{
	const struct authority_ask who = { .route = ask->route,
		.headers = &ask->headers,
		.wall_us = ask->wall_us };
	struct authority_verdict v;

	authority_weigh(a, &who, &v);
	switch (v.finding) {
	case AUTHORITY_FINE:
		return true;
	case AUTHORITY_DENIED:
		refuse(reply, 403, "PERMISSION_DENIED",
		    "Permission 'iam.serviceAccounts.getAccessToken' denied on "
		    "resource (or it may not exist).");
		break;
	case AUTHORITY_NARROW:
		refuse(reply, 403, "PERMISSION_DENIED",
		    "Request had insufficient authentication scopes.");
		break;
	default:
		refuse(reply, 401, "UNAUTHENTICATED",
		    "Request had invalid authentication credentials. Expected "
		    "OAuth 2 access token, login cookie or other valid "
		    "authentication credential.");
		break;
	}
	return false;
}

/* Whose token is wanted, or NULL. */
static const struct authority_principal *
find_target(const struct authority *a, const struct ask *ask)
{
	static const char before[] = "/v1/projects/-/serviceAccounts/";
	static const char after[] = ":generateAccessToken";
	const struct buf *path = &ask->route->name;
	const struct authority_principal *p = NULL;
	struct buf email;

	buf_init(&email, EMAIL_MAX);
	if (percent_decode(&email, path->data + sizeof(before) - 1,
		path->len - (sizeof(before) - 1), false) == 0 &&
	    str_ends(email.data, after)) {
		email.data[email.len - (sizeof(after) - 1)] = '\0';
		p = authority_find(a, email.data);
	}
	buf_release(&email);
	return p != NULL && p->kind == AUTHORITY_SERVICE_ACCOUNT &&
		!p->is_revoked
	    ? p
	    : NULL;
}

/* "3600s"; -1: it is none, or too long. */
static int
read_lifetime(const json_t *body, uint64_t *us)
{
	const json_t *said = json_object_get(body, "lifetime");
	const char *text = json_string_value(said);

	if (said == NULL)
		return 0;
	if (text == NULL ||
	    strcmp(text + strspn(text, "0123456789."), "s") != 0 ||
	    str_parse_duration(text, us) != 0 || *us < SECOND ||
	    *us > 3600ULL * SECOND)
		return -1;
	return 0;
}

/* -1: there are none, or one is none. */
static int
read_scopes(const json_t *body, unsigned *scopes)
{
	const json_t *list = json_object_get(body, "scope");
	const char *text;
	struct buf all;
	size_t i;
	int rc = 0;

	buf_init(&all, SCOPES_MAX);
	for (i = 0; i < json_array_size(list); i++) {
		text = json_string_value(json_array_get(list, i));
		if (text == NULL || buf_addf(&all, "%s ", text) != 0)
			rc = -1;
	}
	if (rc == 0)
		rc = permission_scopes(all.data, scopes);
	buf_release(&all);
	return rc == 0 && *scopes != 0 ? 0 : -1;
}

static void
give(struct authority *a, const struct authority_principal *p, unsigned scopes,
    uint64_t lifetime_us, uint64_t wall_us, struct reply *reply)
{
	const struct authority_token *t = authority_issue(a, p, scopes,
	    lifetime_us, wall_us);
	char when[RFC3339_MAX];
	struct json_out w;

	/* Whole seconds, as production has them. */
	rfc3339_format(t->expires_us / SECOND * SECOND, when);
	memcpy(strchr(when, '.'), "Z", sizeof("Z"));
	json_init(&w, &reply->body, true, NULL);
	json_open(&w, '{');
	json_key(&w, "accessToken");
	json_str(&w, t->text);
	json_key(&w, "expireTime");
	json_str(&w, when);
	json_close(&w, '}');
	json_end(&w);
}

void
authority_impersonate(struct authority *a, const struct ask *ask,
    struct reply *reply)
{
	const struct authority_principal *p = find_target(a, ask);
	uint64_t lifetime_us = a->lifetime_us;
	unsigned scopes = 0;
	json_t *body;

	if (!check_caller(a, ask, reply))
		return;
	body = ask->body_len <= BODY_MAX
	    ? json_loadb(ask->body_len > 0 ? ask->body : "", ask->body_len, 0,
		  NULL)
	    : NULL;
	if (p == NULL)
		refuse(reply, 404, "NOT_FOUND",
		    "Not found; Gaia id not found for email");
	else if (!json_is_object(body))
		refuse(reply, 400, "INVALID_ARGUMENT",
		    "Invalid JSON payload received.");
	else if (read_scopes(body, &scopes) != 0)
		refuse(reply, 400, "INVALID_ARGUMENT",
		    "Request contains an invalid argument: scope");
	else if (read_lifetime(body, &lifetime_us) != 0)
		refuse(reply, 400, "INVALID_ARGUMENT",
		    "Request contains an invalid argument: lifetime");
	else
		give(a, p, scopes,
		    lifetime_us < a->lifetime_us ? lifetime_us : a->lifetime_us,
		    ask->wall_us, reply);
	json_decref(body);
}
