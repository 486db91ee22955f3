/* SPDX-License-Identifier: MIT */
/*
 * The metadata server of a machine in Google's cloud, as far as credentials go.
 * Each token that it gives is a new one, where production gives the same one
 * until it nears its end: so each can be counted.
 */
#include "sim/authority_priv.h"

#include <string.h>

#include "sim/json_out.h"
#include "sim/operations.h"
#include "sim/percent.h"
#include "sim/permission.h"
#include "sim/query.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "src/base/buf.h"
#include "src/base/str.h"

enum { EMAIL_MAX = 512, SCOPES_MAX = 8192 };

static const char type_text[] = "application/text";
static const char type_json[] = "application/json";
static const char scope[] = "https://www.googleapis.com/auth/cloud-platform";

static void
say(struct reply *reply, int status, const char *type, const char *text)
{
	reply_clear(reply, false);
	reply->status = status;
	reply->type = type;
	buf_adds(&reply->body, text);
}

static void
add(struct json_out *w, const char *key, const char *text)
{
	json_key(w, key);
	json_str(w, text);
}

static void
give_token(struct authority *a, const struct authority_principal *p,
    const struct ask *ask, struct reply *reply)
{
	const struct authority_token *t;
	unsigned scopes = SCOPE_ALL;
	struct json_out w;
	struct buf said;
	int rc;

	buf_init(&said, SCOPES_MAX);
	rc = query_text(&ask->route->query, "scopes", &said);
	if (rc == 0 && said.len > 0)
		rc = permission_scopes(said.data, &scopes);
	buf_release(&said);
	if (rc != 0) {
		say(reply, 400, type_text, "invalid scope\n");
		return;
	}
	t = authority_issue(a, p, scopes, a->lifetime_us, ask->wall_us);
	reply->type = type_json;
	json_init(&w, &reply->body, false, NULL);
	json_open(&w, '{');
	add(&w, "access_token", t->text);
	json_key(&w, "expires_in");
	json_u64(&w, authority_tell_lifetime(a->lifetime_us));
	add(&w, "token_type", "Bearer");
	json_close(&w, '}');
}

/* ?recursive=true */
static void
tell_account(const struct authority_principal *p, struct reply *reply)
{
	struct json_out w;

	reply->type = type_json;
	json_init(&w, &reply->body, false, NULL);
	json_open(&w, '{');
	json_key(&w, "aliases");
	json_open(&w, '[');
	json_str(&w, "default");
	json_close(&w, ']');
	add(&w, "email", p->email);
	json_key(&w, "scopes");
	json_open(&w, '[');
	json_str(&w, scope);
	json_close(&w, ']');
	json_close(&w, '}');
}

static const struct authority_principal *
find_account(const struct authority *a, const char *path, size_t n)
{
	const struct authority_principal *p = NULL;
	struct buf email;

	if (str_is(path, n, "default"))
		return authority_find(a, authority_default);
	buf_init(&email, EMAIL_MAX);
	if (percent_decode(&email, path, n, false) == 0)
		p = authority_find(a, email.data);
	buf_release(&email);
	return p != NULL && strcmp(p->email, authority_default) == 0 ? p : NULL;
}

/* ACCOUNT/WHAT */
static bool
tell_of_account(struct authority *a, const struct ask *ask, const char *path,
    struct reply *reply)
{
	size_t n = strcspn(path, "/");
	const struct authority_principal *p = find_account(a, path, n);
	const char *what = path + n;

	if (p == NULL || p->is_revoked || *what != '/')
		return false;
	if (strcmp(++what, "token") == 0)
		give_token(a, p, ask, reply);
	else if (strcmp(what, "email") == 0)
		say(reply, 200, type_text, p->email);
	else if (strcmp(what, "scopes") == 0)
		say(reply, 200, type_text, scope);
	else if (strcmp(what, "aliases") == 0)
		say(reply, 200, type_text, "default");
	else if (*what == '\0' &&
	    query_is_true(&ask->route->query, "recursive"))
		tell_account(p, reply);
	else if (*what == '\0')
		say(reply, 200, type_text,
		    "aliases\nemail\nidentity\nscopes\ntoken\n");
	else
		return false;
	return true;
}

static bool
tell(struct authority *a, const struct ask *ask, const char *path,
    struct reply *reply)
{
	static const char accounts[] = "instance/service-accounts/";
	static const struct {
		const char *path, *text;
	} rows[] = {
		{ "", "instance/\noslogin/\nproject/\nuniverse/\n" },
		{ "project/project-id", "gcs-sim" },
		{ "project/numeric-project-id", "1" },
		{ "universe/universe-domain", "googleapis.com" },
		{ "universe/universe_domain", "googleapis.com" },
		{ accounts, "default/\n" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(path, rows[i].path) != 0)
			continue;
		say(reply, 200, type_text, rows[i].text);
		return true;
	}
	return str_starts(path, accounts) &&
	    tell_of_account(a, ask, path + sizeof(accounts) - 1, reply);
}

void
authority_metadata(struct authority *a, const struct ask *ask,
    struct reply *reply)
{
	static const char before[] = "/computeMetadata/v1/";
	const char *flavor = ask_header(ask, "Metadata-Flavor");
	const char *path = ask->route->name.data;

	if (flavor == NULL || strcmp(flavor, "Google") != 0)
		say(reply, 403, reply_html,
		    "Missing Metadata-Flavor:Google header.\n");
	else if (ask_header(ask, "X-Forwarded-For") != NULL)
		say(reply, 403, reply_html,
		    "Request contains X-Forwarded-For header.\n");
	else if (!str_starts(path, before) ||
	    !tell(a, ask, path + sizeof(before) - 1, reply))
		say(reply, 404, reply_html, "Not Found\n");
}
