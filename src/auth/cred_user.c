/* SPDX-License-Identifier: MIT */
/* A person, as `gcloud auth application-default login` leaves it: a refresh
 * token that is exchanged for one token after the other. */
#include "src/auth/cred_priv.h"

#include <stdlib.h>
#include <string.h>

#include "src/auth/reply.h"
#include "src/base/mem.h"

#define TOKEN_URI_DEFAULT "https://oauth2.googleapis.com/token"

struct user {
	struct cred base;
	char *token_uri;
	struct buf form; /* the same each time */
};

static enum cred_step
user_begin(struct cred *c, struct cred_turn *turn)
{
	const struct user *u = (const struct user *)c;

	buf_clear(&c->url);
	buf_adds(&c->url, u->token_uri);
	buf_add(&c->body, u->form.data, u->form.len);
	return cred_ask(c, turn, false);
}

static enum cred_step
user_take(struct cred *c, struct cred_turn *turn)
{
	return reply_take_token(c, turn, REPLY_OAUTH) == 0 ? CRED_DONE
							   : CRED_FAILED;
}

static void
user_release(struct cred *c)
{
	struct user *u = (struct user *)c;

	free(u->token_uri);
	buf_wipe(&u->form);
}

static const char *
find_token_uri(const json_t *file, const char *where, struct err *err)
{
	const char *uri = cred_member(file, "token_uri");
	const char *universe = cred_member(file, "universe_domain");

	if (uri != NULL)
		return cred_check_url(uri, where, "token_uri", err) == 0 ? uri
									 : NULL;
	if (universe == NULL || strcmp(universe, UNIVERSE_DEFAULT) == 0)
		return TOKEN_URI_DEFAULT;
	err_set(err, ERR_CONFIG,
	    "%s: it has no token_uri, which universe_domain %.60s needs", where,
	    universe);
	return NULL;
}

struct cred *
cred_parse_user(const json_t *file, const struct cred_origin *origin,
    struct err *err)
{
	static const struct cred_type type = {
		.kind = CRED_USER,
		.can_refresh = true,
		.begin = user_begin,
		.take = user_take,
		.release = user_release,
	};
	static const char *const needed[] = { "client_id", "client_secret",
		"refresh_token", NULL };
	const char *uri;
	struct user *u;
	size_t i;

	if (cred_need(file, origin->where, needed, err) != 0 ||
	    (uri = find_token_uri(file, origin->where, err)) == NULL)
		return NULL;
	u = cred_new(sizeof(*u), &type, origin);
	u->token_uri = mem_strdup(uri);
	buf_init_secret(&u->form, CRED_BODY_MAX);
	cred_add_field(&u->form, "grant_type", "refresh_token");
	for (i = 0; needed[i] != NULL; i++)
		cred_add_field(&u->form, needed[i],
		    cred_member(file, needed[i]));
	return &u->base;
}
