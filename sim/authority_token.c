/* SPDX-License-Identifier: MIT */
/*
 * The token endpoint, which takes signed assertions and refresh tokens, and the
 * security token service, which takes what workloads show.  Forms come in; what
 * is refused is told in OAuth's words and Google's sentences.
 */
#include "sim/authority_priv.h"

#include <stdio.h>
#include <string.h>

#include "sim/json_out.h"
#include "sim/operations.h"
#include "sim/permission.h"
#include "sim/query.h"
#include "sim/reply.h"
#include "src/base/buf.h"

enum { VALUE_MAX = 64 * 1024, MESSAGE_MAX = 512 };

/* A form, and one value of it at a time. */
struct form {
	struct query query;
	struct buf value;
};

static void
form_init(struct form *f, const struct ask *ask)
{
	buf_init(&f->value, VALUE_MAX);
	query_parse(&f->query, ask->body_len > 0 ? ask->body : "",
	    ask->body_len);
}

/* Valid until the next; "" when it is absent or none. */
static const char *
form_get(struct form *f, const char *key)
{
	if (query_text(&f->query, key, &f->value) != 0)
		buf_clear(&f->value);
	return f->value.data;
}

static void
add(struct json_out *w, const char *key, const char *text)
{
	json_key(w, key);
	json_str(w, text);
}

static void
refuse(struct reply *reply, int status, const char *error, const char *text)
{
	struct json_out w;

	reply_clear(reply, true);
	reply->status = status;
	json_init(&w, &reply->body, true, NULL);
	json_open(&w, '{');
	add(&w, "error", error);
	add(&w, "error_description", text);
	json_close(&w, '}');
	json_end(&w);
}

static void
give(struct authority *a, const struct authority_principal *who,
    unsigned scopes, const char *issued, uint64_t wall_us, struct reply *reply)
{
	const struct authority_token *t = authority_issue(a, who, scopes,
	    a->lifetime_us, wall_us);
	struct json_out w;

	json_init(&w, &reply->body, true, NULL);
	json_open(&w, '{');
	add(&w, "access_token", t->text);
	if (issued != NULL)
		add(&w, "issued_token_type", issued);
	json_key(&w, "expires_in");
	json_u64(&w, authority_tell_lifetime(a->lifetime_us));
	add(&w, "token_type", "Bearer");
	json_close(&w, '}');
	json_end(&w);
}

/* --- the token endpoint --- */

static void
take_assertion(struct authority *a, const struct ask *ask, struct form *f,
    struct reply *reply)
{
	const char *text = form_get(f, "assertion");
	struct authority_claim claim;
	struct authority_doubt why;

	if (*text == '\0')
		refuse(reply, 400, "invalid_request",
		    "Missing required parameter: assertion");
	else if (!authority_believe(a, text, strlen(text), true,
		     ask_header(ask, "Host"), ask->wall_us, &claim, &why))
		refuse(reply,
		    strcmp(why.error, "unauthorized_client") == 0 ? 401 : 400,
		    why.error, why.text);
	else
		give(a, claim.who, claim.scopes, NULL, ask->wall_us, reply);
}

static void
take_refresh(struct authority *a, const struct ask *ask, struct form *f,
    struct reply *reply)
{
	const struct authority_principal *p;

	if (strcmp(form_get(f, "client_id"), authority_client_id) != 0) {
		refuse(reply, 401, "invalid_client",
		    "The OAuth client was not found.");
		return;
	}
	if (strcmp(form_get(f, "client_secret"), authority_client_secret) !=
	    0) {
		refuse(reply, 401, "invalid_client",
		    "The provided client secret is invalid.");
		return;
	}
	p = authority_find_secret(a, AUTHORITY_USER,
	    form_get(f, "refresh_token"));
	if (p == NULL)
		refuse(reply, 400, "invalid_grant", "Bad Request");
	else if (p->is_revoked)
		refuse(reply, 400, "invalid_grant",
		    "Token has been expired or revoked.");
	else
		give(a, p, SCOPE_ALL, NULL, ask->wall_us, reply);
}

void
authority_grant(struct authority *a, const struct ask *ask, struct reply *reply)
{
	const char *kind;
	struct form f;

	form_init(&f, ask);
	kind = form_get(&f, "grant_type");
	if (strcmp(kind, "urn:ietf:params:oauth:grant-type:jwt-bearer") == 0)
		take_assertion(a, ask, &f, reply);
	else if (strcmp(kind, "refresh_token") == 0)
		take_refresh(a, ask, &f, reply);
	else if (*kind == '\0')
		refuse(reply, 400, "invalid_request",
		    "Missing required parameter: grant_type");
	else
		refuse(reply, 400, "unsupported_grant_type",
		    "Invalid grant_type.");
	buf_release(&f.value);
}

/* --- the security token service --- */

static const char access_token[] =
    "urn:ietf:params:oauth:token-type:access_token";

/* What has one right value, or some. */
static const struct {
	const char *key;
	const char *values[4];
	const char *error;
} fixed[] = {
	{ "grant_type", { "urn:ietf:params:oauth:grant-type:token-exchange" },
	    "unsupported_grant_type" },
	{ "requested_token_type", { access_token }, "invalid_request" },
	{ "subject_token_type",
	    { "urn:ietf:params:oauth:token-type:jwt",
		"urn:ietf:params:oauth:token-type:id_token",
		"urn:ietf:params:oauth:token-type:saml2" },
	    "invalid_request" },
	{ "audience", { authority_audience }, "invalid_target" },
};

static bool
is_one_of(const char *text, const char *const values[4])
{
	size_t i;

	for (i = 0; i < 4 && values[i] != NULL; i++) {
		if (strcmp(text, values[i]) == 0)
			return true;
	}
	return false;
}

static bool
check_exchange(struct form *f, struct reply *reply)
{
	char text[MESSAGE_MAX];
	size_t i;

	for (i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		if (is_one_of(form_get(f, fixed[i].key), fixed[i].values))
			continue;
		snprintf(text, sizeof(text), "Invalid value for \"%s\".",
		    fixed[i].key);
		refuse(reply, 400, fixed[i].error, text);
		return false;
	}
	return true;
}

static void
exchange(struct authority *a, const struct ask *ask, struct form *f,
    struct reply *reply)
{
	const struct authority_principal *p;
	unsigned scopes;

	if (!check_exchange(f, reply))
		return;
	if (permission_scopes(form_get(f, "scope"), &scopes) != 0 ||
	    scopes == 0) {
		refuse(reply, 400, "invalid_scope",
		    "Invalid value for \"scope\".");
		return;
	}
	p = authority_find_secret(a, AUTHORITY_WORKLOAD,
	    form_get(f, "subject_token"));
	if (p == NULL)
		refuse(reply, 400, "invalid_grant",
		    "The subject token is not that of a workload that is "
		    "known.");
	else if (p->is_revoked)
		refuse(reply, 400, "invalid_grant",
		    "The subject token has been revoked.");
	else
		give(a, p, scopes, access_token, ask->wall_us, reply);
}

void
authority_exchange(struct authority *a, const struct ask *ask,
    struct reply *reply)
{
	struct form f;

	form_init(&f, ask);
	exchange(a, ask, &f, reply);
	buf_release(&f.value);
}
