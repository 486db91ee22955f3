/* SPDX-License-Identifier: MIT */
/* A token that somebody else got.  It is used as it is until it is refused. */
#include "src/auth/cred_priv.h"

#include <string.h>

#include "src/auth/reply.h"

struct token_cred {
	struct cred base;
	struct buf text;
};

static enum cred_step
token_begin(struct cred *c, struct cred_turn *turn)
{
	const struct token_cred *t = (const struct token_cred *)c;

	if (turn->is_refused) {
		err_set(turn->err, ERR_AUTH,
		    "%s: the token was refused, and there is no way to get "
		    "another",
		    c->where);
		return CRED_FAILED;
	}
	buf_clear(&turn->token->text);
	buf_add(&turn->token->text, t->text.data, t->text.len);
	turn->token->expires_us = UINT64_MAX;
	return CRED_DONE;
}

static void
token_release(struct cred *c)
{
	buf_wipe(&((struct token_cred *)c)->text);
}

struct cred *
cred_new_token(const char *text, const struct cred_origin *origin,
    struct err *err)
{
	static const struct cred_type type = {
		.kind = CRED_TOKEN,
		.begin = token_begin,
		.release = token_release,
	};
	struct token_cred *t;

	if (!reply_is_token(text, strlen(text))) {
		err_set(err, ERR_CONFIG,
		    "%s is no access token: it is to be 1 to %d printable "
		    "characters without a space",
		    origin->where, CRED_TOKEN_MAX);
		return NULL;
	}
	t = cred_new(sizeof(*t), &type, origin);
	buf_init_secret(&t->text, CRED_TOKEN_MAX);
	buf_adds(&t->text, text);
	return &t->base;
}
