/* SPDX-License-Identifier: MIT */
/*
 * A key.  A token that we sign ourselves costs no call at all, and Google takes
 * it for its own APIs (google.aip.dev/auth/4111).  Where one is refused, the key
 * signs an assertion instead, which the token endpoint exchanges; from then on
 * that is how it is done.
 *
 *	begin -> DONE (self-signed)
 *	begin, is_refused -> ASK (exchange) -> DONE
 */
#include "src/auth/cred_priv.h"

#include <stdlib.h>
#include <string.h>

#include "src/auth/jwt.h"
#include "src/auth/reply.h"
#include "src/base/mem.h"

#define TOKEN_URI_DEFAULT "https://oauth2.googleapis.com/token"
#define GRANT             "urn:ietf:params:oauth:grant-type:jwt-bearer"

/* Google takes no longer life than an hour, and no beginning that lies in its
 * future: a clock may be ahead of Google's by this much. */
enum { LIFE_S = 3600, SLACK_S = 10 };

struct service_account {
	struct cred base;
	struct evp_pkey_st *key;
	char *key_id;
	char *token_uri;
	bool is_exchanging;
};

static int
sign(const struct service_account *sa, const json_t *claims, struct buf *out,
    struct err *err)
{
	char *text = json_dumps(claims, JSON_COMPACT);
	int rc = jwt_sign(sa->key, sa->key_id, text, out);

	free(text);
	if (rc != 0)
		return err_set(err, ERR_CONFIG,
		    "%s: private_key cannot sign a token", sa->base.where);
	return 0;
}

/* For storage the audience is the API; for anything else there is a scope, which
 * every API of Google's takes. */
static enum cred_step
sign_token(struct service_account *sa, struct cred_turn *turn)
{
	struct cred *c = &sa->base;
	json_int_t now = (json_int_t)(turn->wall_us / 1000000) - SLACK_S;
	json_t *claims = json_pack("{s:s, s:s, s:I, s:I}", "iss", c->email,
	    "sub", c->email, "iat", now, "exp", now + LIFE_S);
	int rc;

	if (strcmp(c->scope, SCOPE_STORAGE) == 0)
		json_object_set_new(claims, "aud",
		    json_sprintf("https://storage.%s/", c->universe));
	else
		json_object_set_new(claims, "scope", json_string(c->scope));
	buf_clear(&turn->token->text);
	rc = sign(sa, claims, &turn->token->text, turn->err);
	json_decref(claims);
	turn->token->expires_us = (uint64_t)(now + LIFE_S) * 1000000;
	return rc == 0 ? CRED_DONE : CRED_FAILED;
}

static enum cred_step
ask_exchange(struct service_account *sa, struct cred_turn *turn)
{
	struct cred *c = &sa->base;
	json_int_t now = (json_int_t)(turn->wall_us / 1000000) - SLACK_S;
	json_t *claims = json_pack("{s:s, s:s, s:s, s:I, s:I}", "iss", c->email,
	    "scope", c->scope, "aud", sa->token_uri, "iat", now, "exp",
	    now + LIFE_S);
	int rc;

	cred_add_field(&c->body, "grant_type", GRANT);
	buf_adds(&c->body, "&assertion=");
	rc = sign(sa, claims, &c->body, turn->err);
	json_decref(claims);
	if (rc != 0)
		return CRED_FAILED;
	buf_clear(&c->url);
	buf_adds(&c->url, sa->token_uri);
	return cred_ask(c, turn, false);
}

static enum cred_step
account_begin(struct cred *c, struct cred_turn *turn)
{
	struct service_account *sa = (struct service_account *)c;

	sa->is_exchanging |= turn->is_refused;
	if (!sa->is_exchanging)
		return sign_token(sa, turn);
	if (sa->token_uri != NULL)
		return ask_exchange(sa, turn);
	err_set(turn->err, ERR_AUTH,
	    "%s: a self-signed token was refused, and it has no token_uri to "
	    "exchange one at",
	    c->where);
	return CRED_FAILED;
}

static enum cred_step
account_take(struct cred *c, struct cred_turn *turn)
{
	return reply_take_token(c, turn, REPLY_OAUTH) == 0 ? CRED_DONE
							   : CRED_FAILED;
}

static void
account_release(struct cred *c)
{
	struct service_account *sa = (struct service_account *)c;

	jwt_key_free(sa->key);
	free(sa->key_id);
	free(sa->token_uri);
}

/* Elsewhere than in the default universe there is no default. */
static const char *
find_token_uri(const json_t *file)
{
	const char *uri = cred_member(file, "token_uri");
	const char *universe = cred_member(file, "universe_domain");

	if (uri == NULL &&
	    (universe == NULL || strcmp(universe, UNIVERSE_DEFAULT) == 0))
		return TOKEN_URI_DEFAULT;
	return uri;
}

struct cred *
cred_parse_service_account(const json_t *file, const struct cred_origin *origin,
    struct err *err)
{
	static const struct cred_type type = {
		.kind = CRED_SERVICE_ACCOUNT,
		.can_refresh = true,
		.begin = account_begin,
		.take = account_take,
		.release = account_release,
	};
	static const char *const needed[] = { "client_email", "private_key",
		"private_key_id", NULL };
	const char *uri = find_token_uri(file), *why;
	struct service_account *sa;
	struct evp_pkey_st *key;

	if (cred_need(file, origin->where, needed, err) != 0)
		return NULL;
	if (uri != NULL &&
	    cred_check_url(uri, origin->where, "token_uri", err) != 0)
		return NULL;
	if ((key = jwt_key_parse(cred_member(file, "private_key"), &why)) ==
	    NULL) {
		err_set(err, ERR_CONFIG, "%s: private_key %s", origin->where,
		    why);
		return NULL;
	}
	sa = cred_new(sizeof(*sa), &type, origin);
	sa->key = key;
	sa->key_id = mem_strdup(cred_member(file, "private_key_id"));
	sa->base.email = mem_strdup(cred_member(file, "client_email"));
	if (uri != NULL)
		sa->token_uri = mem_strdup(uri);
	return &sa->base;
}
