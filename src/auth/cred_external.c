/* SPDX-License-Identifier: MIT */
/*
 * Workload identity: the token of another provider is exchanged for Google's.
 *
 *	begin -> [ASK subject] -> ASK exchange -> [ASK impersonation] -> DONE
 *
 * The subject token is fetched anew each time, since it is the one that others
 * renew; the description of where it is stays as it was read.
 */
#include "src/auth/cred_priv.h"

#include <stdlib.h>
#include <string.h>

#include "src/auth/impersonate.h"
#include "src/auth/reply.h"
#include "src/auth/subject.h"
#include "src/base/mem.h"

#define GRANT  "urn:ietf:params:oauth:grant-type:token-exchange"
#define WANTED "urn:ietf:params:oauth:token-type:access_token"

/* What the IAM API allows for a token's life, in seconds. */
enum { LIFETIME_MIN = 600, LIFETIME_MAX = 43200 };

struct external {
	struct cred base;
	struct subject subject;
	struct impersonation im; /* url NULL: no such step */
	char *token_url;
	char *audience;
	char *subject_type;
	char *options; /* JSON, or NULL */
	enum { FETCHING, EXCHANGING, IMPERSONATING } stage;
};

static enum cred_step
ask_exchange(struct external *x, const struct buf *subject,
    struct cred_turn *turn)
{
	struct cred *c = &x->base;

	x->stage = EXCHANGING;
	buf_clear(&c->url);
	buf_clear(&c->body);
	buf_adds(&c->url, x->token_url);
	cred_add_field(&c->body, "grant_type", GRANT);
	cred_add_field(&c->body, "requested_token_type", WANTED);
	cred_add_field(&c->body, "audience", x->audience);
	cred_add_field(&c->body, "scope",
	    x->im.url != NULL ? SCOPE_CLOUD : c->scope);
	cred_add_field(&c->body, "subject_token_type", x->subject_type);
	cred_add_field(&c->body, "subject_token", subject->data);
	if (x->options != NULL)
		cred_add_field(&c->body, "options", x->options);
	return cred_ask(c, turn, false);
}

static enum cred_step
external_begin(struct cred *c, struct cred_turn *turn)
{
	struct external *x = (struct external *)c;
	enum cred_step step = CRED_FAILED;
	struct buf subject;

	if (x->subject.url != NULL) {
		x->stage = FETCHING;
		subject_ask(&x->subject, turn);
		return CRED_ASK;
	}
	buf_init_secret(&subject, CRED_TOKEN_MAX);
	if (subject_read_file(&x->subject, c->where, &subject, turn->err) == 0)
		step = ask_exchange(x, &subject, turn);
	buf_release(&subject);
	return step;
}

static enum cred_step
take_subject(struct external *x, struct cred_turn *turn)
{
	enum cred_step step = CRED_FAILED;
	struct buf subject;

	buf_init_secret(&subject, CRED_TOKEN_MAX);
	if (reply_check(&x->base, turn) == 0 &&
	    subject_parse(&x->subject, x->base.where, turn->req->content.data,
		turn->req->content.len, &subject, turn->err) == 0)
		step = ask_exchange(x, &subject, turn);
	buf_release(&subject);
	return step;
}

static enum cred_step
external_take(struct cred *c, struct cred_turn *turn)
{
	struct external *x = (struct external *)c;

	if (x->stage == FETCHING)
		return take_subject(x, turn);
	if (reply_take_token(c, turn,
		x->stage == IMPERSONATING ? REPLY_IAM : REPLY_OAUTH) != 0)
		return CRED_FAILED;
	if (x->stage == IMPERSONATING || x->im.url == NULL)
		return CRED_DONE;
	x->stage = IMPERSONATING;
	return impersonation_ask(&x->im, c, turn);
}

static void
external_release(struct cred *c)
{
	struct external *x = (struct external *)c;

	subject_release(&x->subject);
	impersonation_release(&x->im);
	free(x->token_url);
	free(x->audience);
	free(x->subject_type);
	free(x->options);
}

static int
read_lifetime(const json_t *file, const char *where, unsigned *seconds,
    struct err *err)
{
	const json_t *life =
	    json_object_get(json_object_get(file,
				"service_account_impersonation"),
		"token_lifetime_seconds");
	json_int_t value = json_integer_value(life);

	*seconds = 0;
	if (life == NULL)
		return 0;
	if (!json_is_integer(life) || value < LIFETIME_MIN ||
	    value > LIFETIME_MAX)
		return err_set(err, ERR_CONFIG,
		    "%s: token_lifetime_seconds is not between %d and %d",
		    where, LIFETIME_MIN, LIFETIME_MAX);
	*seconds = (unsigned)value;
	return 0;
}

/* What a person's pool wants: whose quota it is. */
static void
take_options(struct external *x, const json_t *file)
{
	const char *project = cred_member(file, "workforce_pool_user_project");
	json_t *options;

	if (project == NULL)
		return;
	options = json_pack("{s:s}", "userProject", project);
	x->options = json_dumps(options, JSON_COMPACT);
	json_decref(options);
}

static int
fill(struct external *x, const json_t *file, const struct cred_origin *origin,
    struct err *err)
{
	const json_t *source = json_object_get(file, "credential_source");
	const char *where = origin->where;
	unsigned lifetime;

	if (cred_member(file, "client_id") != NULL)
		return err_set(err, ERR_CONFIG,
		    "%s: client_id: gcsweep does not authenticate as an OAuth "
		    "client here; make the file without it",
		    where);
	if (cred_check_url(cred_member(file, "token_url"), where, "token_url",
		err) != 0 ||
	    read_lifetime(file, where, &lifetime, err) != 0 ||
	    subject_init(&x->subject, source, where, err) != 0)
		return -1;
	x->token_url = mem_strdup(cred_member(file, "token_url"));
	x->audience = mem_strdup(cred_member(file, "audience"));
	x->subject_type = mem_strdup(cred_member(file, "subject_token_type"));
	take_options(x, file);
	if (json_object_get(file, "service_account_impersonation_url") == NULL)
		return 0;
	if (impersonation_init(&x->im, file, NULL, lifetime, origin->scope,
		where, err) != 0)
		return -1;
	x->base.email = impersonation_email(&x->im);
	return 0;
}

struct cred *
cred_parse_external(const json_t *file, const struct cred_origin *origin,
    struct err *err)
{
	static const struct cred_type type = {
		.kind = CRED_EXTERNAL,
		.can_refresh = true,
		.begin = external_begin,
		.take = external_take,
		.release = external_release,
	};
	static const char *const needed[] = { "audience", "subject_token_type",
		"token_url", NULL };
	struct external *x;

	if (cred_need(file, origin->where, needed, err) != 0)
		return NULL;
	x = cred_new(sizeof(*x), &type, origin);
	if (fill(x, file, origin, err) == 0)
		return &x->base;
	cred_free(&x->base);
	return NULL;
}
