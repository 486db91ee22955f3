/* SPDX-License-Identifier: MIT */
/*
 * Who asks for something of the API, whether he may have it, and how he is told
 * that he may not, in production's words.
 *
 * An HMAC signature is taken, where mode is token, for that of the key that it
 * names, if there is one: its secret is not kept, so nobody can verify it.
 */
#include "sim/authority.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/authority_priv.h"
#include "sim/operations.h"
#include "sim/percent.h"
#include "sim/permission.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "src/base/str.h"

enum { TEXT_MAX = 32 * 1024, MESSAGE_MAX = 2048 };

/* --- what he shows --- */

/* "Bearer T": T, however the word is written; NULL: it is something else. */
static const char *
find_bearer(const char *header)
{
	static const char word[] = "Bearer ";

	if (header == NULL || strncasecmp(header, word, sizeof(word) - 1) != 0)
		return NULL;
	header += sizeof(word) - 1;
	return header + strspn(header, " ");
}

/* A token as a parameter, in *out; false: there is none. */
static bool
find_parameter(const struct route *r, struct buf *out)
{
	static const char *const keys[] = { "access_token", "oauth_token" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (query_has(&r->query, keys[i]))
			return query_text(&r->query, keys[i], out) == 0;
	}
	return false;
}

/* The access id of an HMAC signature, in *out; false: there is none. */
static bool
find_access_id(const struct authority_ask *ask, const char *header,
    struct buf *out)
{
	static const char *const keys[] = { "X-Goog-Credential",
		"X-Amz-Credential", "GoogleAccessId" };
	const char *id = NULL;
	size_t i;

	buf_clear(out);
	if (header == NULL)
		header = "";
	if (str_starts(header, "GOOG4-HMAC-SHA256 ") ||
	    str_starts(header, "AWS4-HMAC-SHA256 ")) {
		id = strstr(header, "Credential=");
		id = id != NULL ? id + strlen("Credential=") : "";
	} else if (str_starts(header, "GOOG1 ") || str_starts(header, "AWS ")) {
		id = strchr(header, ' ') + 1;
	}
	for (i = 0; id == NULL && i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (query_has(&ask->route->query, keys[i]))
			return query_text(&ask->route->query, keys[i], out) ==
			    0;
	}
	return id != NULL && buf_adds(out, id) == 0;
}

static bool
is_active(const char *keys, const char *id)
{
	json_t *all = keys != NULL ? json_loads(keys, 0, NULL) : NULL;
	const char *state = json_string_value(
	    json_object_get(json_object_get(all, id), "state"));
	bool is = state != NULL && strcmp(state, "ACTIVE") == 0;

	json_decref(all);
	return is;
}

/* --- who he is --- */

/* A signed one is remembered, as is what becomes of it. */
static void
weigh_signed(struct authority *a, const struct authority_ask *ask,
    const char *text, size_t n, struct authority_token **out)
{
	const char *host = ask->headers->find(ask->headers->from, "Host");
	struct authority_claim claim;
	struct authority_doubt why;

	if (authority_believe(a, text, n, false, host, ask->wall_us, &claim,
		&why))
		*out = authority_keep_signed(a, text, n, &claim, ask->wall_us);
}

static const struct authority_token *
weigh_token(struct authority *a, const struct authority_ask *ask,
    const char *text, size_t n)
{
	struct authority_token *t = authority_find_token(a, text, n);

	if (t == NULL && memchr(text, '.', n) != NULL)
		weigh_signed(a, ask, text, n, &t);
	if (t == NULL || t->is_revoked || t->expires_us <= ask->wall_us ||
	    t->who->is_revoked)
		return NULL;
	return t;
}

/* --- what he may --- */

/* An XML PUT reads, too, when it copies. */
static const char *
find_other(const struct authority_ask *ask, const struct permission_need *need)
{
	const struct ask_headers *h = ask->headers;

	if (ask->route->op == OP_XML_PUT &&
	    (h->find(h->from, "x-goog-copy-source") != NULL ||
		h->find(h->from, "x-amz-copy-source") != NULL))
		return "storage.objects.get";
	return need->other;
}

static void
weigh_permissions(const struct authority *a, const struct authority_ask *ask,
    const struct authority_token *t, struct authority_verdict *out)
{
	const struct permission_need *need = permission_need(ask->route->op);
	const char *const wanted[] = { need->name, find_other(ask, need),
		need->overwrites && ask->overwrites ? "storage.objects.delete"
						    : NULL };
	size_t i;

	out->who = t->who;
	if (a->mode == SIM_AUTH_STRICT && !(need->scopes & t->scopes)) {
		out->finding = AUTHORITY_NARROW;
		return;
	}
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (wanted[i] == NULL ||
		    authority_has(t->who, wanted[i], strlen(wanted[i])))
			continue;
		out->finding = AUTHORITY_DENIED;
		out->permission = wanted[i];
		return;
	}
}

static void
weigh_signature(const struct authority *a, const struct authority_ask *ask,
    struct buf *id, struct authority_verdict *out)
{
	id->data[strcspn(id->data, "/:,")] = '\0';
	if (!route_is_xml(ask->route) || a->mode == SIM_AUTH_STRICT ||
	    !is_active(ask->keys, id->data))
		out->finding = AUTHORITY_UNSIGNED;
}

static void
weigh(struct authority *a, const struct authority_ask *ask, struct buf *text,
    struct authority_verdict *out)
{
	const char *header = ask->headers->find(ask->headers->from,
	    "Authorization");
	const char *bearer = find_bearer(header);
	const struct authority_token *t;

	if (bearer == NULL && find_access_id(ask, header, text)) {
		weigh_signature(a, ask, text, out);
		return;
	}
	if (bearer == NULL && header == NULL &&
	    find_parameter(ask->route, text))
		bearer = text->data;
	if (bearer == NULL && header == NULL) {
		out->finding = AUTHORITY_NOBODY;
		return;
	}
	t = bearer != NULL ? weigh_token(a, ask, bearer, strlen(bearer)) : NULL;
	if (t == NULL)
		out->finding = AUTHORITY_UNKNOWN;
	else
		weigh_permissions(a, ask, t, out);
}

void
authority_weigh(struct authority *a, const struct authority_ask *ask,
    struct authority_verdict *out)
{
	struct buf text;

	*out = (struct authority_verdict){ .finding = AUTHORITY_FINE };
	if (a == NULL || permission_need(ask->route->op)->noun == NULL)
		return;
	buf_init(&text, TEXT_MAX);
	weigh(a, ask, &text, out);
	buf_release(&text);
	a->unknown += out->finding == AUTHORITY_NOBODY ||
	    out->finding == AUTHORITY_UNKNOWN;
	a->denied += out->finding == AUTHORITY_DENIED ||
	    out->finding == AUTHORITY_NARROW ||
	    out->finding == AUTHORITY_UNSIGNED;
}

/* --- the refusal --- */

/* A media read hears the text alone, the XML API that it is denied. */
static void
say(struct reply *reply, const struct route *r, int status, const char *reason,
    const char *text)
{
	if (r->op != OP_OBJECT_MEDIA) {
		reply_error(reply, status, reason,
		    status == 401 ? "Authorization" : NULL, text);
		return;
	}
	reply_clear(reply, reply->pretty);
	reply->status = status;
	reply->type = reply_html;
	buf_adds(&reply->body, text);
}

static void
say_denied(const struct authority_verdict *v, const struct route *r,
    struct reply *reply)
{
	const struct permission_need *need = permission_need(r->op);
	bool is_known = v->finding == AUTHORITY_DENIED;
	const char *name = is_known ? v->permission : need->name;
	struct buf text;

	if (name == NULL) {
		say(reply, r, 401, "required", "Login Required.");
		return;
	}
	buf_init(&text, MESSAGE_MAX);
	buf_addf(&text,
	    "%s does not have %s access to the Google Cloud%s %s. Permission "
	    "'%s' denied on resource (or it may not exist).",
	    is_known ? v->who->email : "Anonymous caller", name,
	    strcmp(need->noun, "project") == 0 ? "" : " Storage", need->noun,
	    name);
	say(reply, r, is_known || route_is_xml(r) ? 403 : 401,
	    is_known ? "forbidden" : "required", text.data);
	buf_release(&text);
}

void
authority_refuse(const struct authority_verdict *v, const struct route *r,
    struct reply *reply)
{
	static const char realm[] =
	    "WWW-Authenticate: Bearer realm=\"https://accounts.google.com/\"";
	const char *more = "";

	reply->is_xml = route_is_xml(r);
	switch (v->finding) {
	case AUTHORITY_UNKNOWN:
		say(reply, r, 401, "authError", "Invalid Credentials");
		more = ", error=\"invalid_token\"";
		break;
	case AUTHORITY_NARROW:
		say(reply, r, 403, "forbidden",
		    "Provided scope(s) are not authorized");
		more = ", error=\"insufficient_scope\"";
		break;
	case AUTHORITY_UNSIGNED:
		say(reply, r, 403, "forbidden",
		    "HMAC signatures are not verified: a bearer token is "
		    "wanted, or without --auth strict the XML API and a key "
		    "that is known and active.");
		break;
	default:
		say_denied(v, r, reply);
		break;
	}
	if (reply->status == 401 || *more != '\0')
		buf_addf(&reply->head, "%s%s\r\n", realm, more);
}
