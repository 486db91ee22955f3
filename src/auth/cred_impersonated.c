/* SPDX-License-Identifier: MIT */
/*
 * One credential that may act as another account: the source gets its token,
 * however many requests that takes, and with that the IAM API is asked for ours.
 */
#include "src/auth/cred_priv.h"

#include <stdlib.h>

#include "src/auth/impersonate.h"
#include "src/auth/reply.h"

struct impersonated {
	struct cred base;
	struct cred *from;
	struct impersonation im;
	bool is_asking; /* the IAM API, no longer the source */
	bool is_refused_source;
};

static enum cred_step
go_on(struct impersonated *ic, enum cred_step step, struct cred_turn *turn)
{
	if (step != CRED_DONE)
		return step;
	ic->is_asking = true;
	return impersonation_ask(&ic->im, &ic->base, turn);
}

/* A refused token says nothing about the source, whose own token the IAM API
 * took; that one was refused if the IAM API said so. */
static enum cred_step
impersonated_begin(struct cred *c, struct cred_turn *turn)
{
	struct impersonated *ic = (struct impersonated *)c;

	ic->is_asking = false;
	return go_on(ic,
	    cred_begin(ic->from, turn->wall_us, ic->is_refused_source,
		turn->req, turn->token, turn->err),
	    turn);
}

static enum cred_step
impersonated_take(struct cred *c, struct cred_turn *turn)
{
	struct impersonated *ic = (struct impersonated *)c;
	bool was_refused;

	if (!ic->is_asking)
		return go_on(ic,
		    cred_take(ic->from, turn->wall_us, turn->req, turn->token,
			turn->err),
		    turn);
	was_refused = turn->req->outcome == HTTP_ANSWERED &&
	    turn->req->status == 401;
	if (was_refused && !ic->is_refused_source &&
	    cred_can_refresh(ic->from)) {
		ic->is_refused_source = true;
		return cred_begin(c, turn->wall_us, true, turn->req,
		    turn->token, turn->err);
	}
	return reply_take_token(c, turn, REPLY_IAM) == 0 ? CRED_DONE
							 : CRED_FAILED;
}

static void
impersonated_release(struct cred *c)
{
	struct impersonated *ic = (struct impersonated *)c;

	cred_free(ic->from);
	impersonation_release(&ic->im);
}

struct cred *
cred_parse_impersonated(const json_t *file, const struct cred_origin *origin,
    struct err *err)
{
	static const struct cred_type type = {
		.kind = CRED_IMPERSONATED,
		.can_refresh = true,
		.begin = impersonated_begin,
		.take = impersonated_take,
		.release = impersonated_release,
	};
	static const char *const needed[] = {
		"service_account_impersonation_url", NULL
	};
	const json_t *from = json_object_get(file, "source_credentials");
	struct cred_origin inner = { origin->where, SCOPE_CLOUD,
		origin->depth + 1 };
	struct impersonated *ic;

	if (cred_need(file, origin->where, needed, err) != 0)
		return NULL;
	if (!json_is_object(from)) {
		err_set(err, ERR_CONFIG, "%s: it has no source_credentials",
		    origin->where);
		return NULL;
	}
	ic = cred_new(sizeof(*ic), &type, origin);
	if (impersonation_init(&ic->im, file,
		json_object_get(file, "delegates"), 0, origin->scope,
		origin->where, err) != 0 ||
	    (ic->from = cred_parse_value(from, &inner, err)) == NULL) {
		cred_free(&ic->base);
		return NULL;
	}
	ic->base.email = impersonation_email(&ic->im);
	return &ic->base;
}
