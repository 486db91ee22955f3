/* SPDX-License-Identifier: MIT */
/* What all kinds have in common: a place, a name, and a request that they fill. */
#include "src/auth/cred.h"

#include <stdlib.h>
#include <string.h>

#include "src/auth/cred_priv.h"
#include "src/base/mem.h"
#include "src/net/url.h"

/* No URL of Google's comes near. */
enum { URL_MAX = 4096 };

const char *
cred_kind_name(enum cred_kind kind)
{
	static const char *const names[] = {
		[CRED_TOKEN] = "access_token",
		[CRED_SERVICE_ACCOUNT] = "service_account",
		[CRED_USER] = "authorized_user",
		[CRED_IMPERSONATED] = "impersonated_service_account",
		[CRED_EXTERNAL] = "external_account",
		[CRED_METADATA] = "metadata_server",
	};

	return names[kind];
}

void
cred_token_init(struct cred_token *token)
{
	buf_init_secret(&token->text, CRED_TOKEN_MAX);
	token->expires_us = 0;
}

void
cred_token_release(struct cred_token *token)
{
	buf_wipe(&token->text);
}

void *
cred_new(size_t size, const struct cred_type *type,
    const struct cred_origin *origin)
{
	struct cred *c = mem_zalloc(1, size);

	c->type = type;
	c->where = mem_strdup(origin->where);
	c->source = mem_strdup(origin->where);
	c->universe = mem_strdup(UNIVERSE_DEFAULT);
	c->scope = origin->scope;
	buf_init(&c->url, URL_MAX);
	buf_init_secret(&c->line, CRED_TOKEN_MAX + 64);
	buf_init_secret(&c->body, CRED_BODY_MAX);
	return c;
}

void
cred_free(struct cred *c)
{
	if (c == NULL)
		return;
	if (c->type->release != NULL)
		c->type->release(c);
	buf_release(&c->url);
	buf_wipe(&c->line);
	buf_wipe(&c->body);
	free(c->where);
	free(c->source);
	free(c->email);
	free(c->quota_project);
	free(c->universe);
	free(c);
}

enum cred_kind
cred_kind(const struct cred *c)
{
	return c->type->kind;
}

const char *
cred_source(const struct cred *c)
{
	return c->source;
}

const char *
cred_email(const struct cred *c)
{
	return c->email;
}

const char *
cred_quota_project(const struct cred *c)
{
	return c->quota_project;
}

const char *
cred_universe(const struct cred *c)
{
	return c->universe;
}

bool
cred_can_refresh(const struct cred *c)
{
	return c->type->can_refresh;
}

void
cred_add_field(struct buf *form, const char *name, const char *value)
{
	if (form->len != 0)
		buf_addc(form, '&');
	buf_addf(form, "%s=", name);
	url_add_encoded(form, value, strlen(value));
}

enum cred_step
cred_ask(struct cred *c, struct cred_turn *turn, bool json)
{
	struct http_request *req = turn->req;
	bool has_body = c->body.len != 0;

	req->method = has_body ? HTTP_POST : HTTP_GET;
	req->url = c->url.data;
	req->body = has_body ? c->body.data : NULL;
	req->length = c->body.len;
	req->content_type = !has_body ? NULL
	    : json                    ? "application/json"
				      : "application/x-www-form-urlencoded";
	req->max_content = CRED_REPLY_MAX;
	memset(req->headers, 0, sizeof(req->headers));
	if (c->line.len != 0)
		req->headers[0] = c->line.data;
	req->is_secret = true;
	req->is_direct = false;
	return CRED_ASK;
}

enum cred_step
cred_begin(struct cred *c, uint64_t wall_us, bool is_refused,
    struct http_request *req, struct cred_token *token, struct err *err)
{
	struct cred_turn turn = { wall_us, is_refused, req, token, err };

	buf_clear(&c->line);
	buf_clear(&c->body);
	return c->type->begin(c, &turn);
}

enum cred_step
cred_take(struct cred *c, uint64_t wall_us, struct http_request *req,
    struct cred_token *token, struct err *err)
{
	struct cred_turn turn = { wall_us, false, req, token, err };

	/* What was sent is needed no longer; the URL is, to name who said it. */
	return c->type->take(c, &turn);
}
