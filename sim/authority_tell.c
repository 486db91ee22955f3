/* SPDX-License-Identifier: MIT */
/*
 * What is told of all that, what changes it while the simulator runs, and files
 * for clients.
 */
#include "sim/authority.h"

#include <stdlib.h>
#include <string.h>

#include "sim/authority_file.h"
#include "sim/authority_priv.h"
#include "sim/json_out.h"
#include "sim/permission.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/str.h"

enum { URL_MAX = 4096, PEM_MAX = 8192, EMAIL_MAX = 320 };

static const char *const kinds[] = {
	[AUTHORITY_SERVICE_ACCOUNT] = "service_account",
	[AUTHORITY_USER] = "authorized_user",
	[AUTHORITY_WORKLOAD] = "external_account",
	[AUTHORITY_BEARER] = "token",
};

static void
add(struct json_out *w, const char *key, const char *text)
{
	json_key(w, key);
	json_str(w, text);
}

static void
add_number(struct json_out *w, const char *key, uint64_t v)
{
	json_key(w, key);
	json_u64(w, v);
}

void
authority_add_counts(const struct authority *a, struct json_out *w)
{
	static const char *const places[AUTHORITY_PLACES] = { "token", "sts",
		"impersonate", "metadata" };
	size_t i;

	json_key(w, "auth");
	json_open(w, '{');
	for (i = 0; i < AUTHORITY_PLACES; i++)
		add_number(w, places[i], a->asked[i]);
	add_number(w, "granted", a->granted);
	add_number(w, "unknown", a->unknown);
	add_number(w, "denied", a->denied);
	json_close(w, '}');
}

void
authority_reset_counts(struct authority *a)
{
	memset(a->asked, 0, sizeof(a->asked));
	a->granted = a->unknown = a->denied = 0;
}

static uint64_t
count_tokens(const struct authority *a, const struct authority_principal *p,
    uint64_t wall_us)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < a->tokens.n; i++)
		n += a->tokens.v[i].who == p && !a->tokens.v[i].is_revoked &&
		    a->tokens.v[i].expires_us > wall_us;
	return n;
}

void
authority_add_json(const struct authority *a, struct json_out *w,
    uint64_t wall_us)
{
	const struct authority_principal *p;
	size_t i;

	json_open(w, '{');
	add(w, "mode", a->mode == SIM_AUTH_STRICT ? "strict" : "token");
	json_key(w, "principals");
	json_open(w, '[');
	for (i = 0; i < a->principals.n; i++) {
		p = a->principals.v[i];
		json_open(w, '{');
		add(w, "email", p->email);
		add(w, "kind", kinds[p->kind]);
		json_key(w, "revoked");
		json_bool(w, p->is_revoked);
		add_number(w, "tokens", count_tokens(a, p, wall_us));
		json_key(w, "permissions");
		permission_add(p->permissions, w);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_close(w, '}');
}

/* --- changes --- */

static int
check_email(const struct authority *a, const char *email, struct err *err)
{
	if (email[0] == '\0' || authority_find(a, email) != NULL)
		return 0;
	return err_set(err, ERR_NOT_FOUND,
	    "there is no '%.80s'; GET /_sim/auth names them all", email);
}

static bool
is_meant(const struct authority_principal *p, const char *email)
{
	return email[0] == '\0' || strcmp(p->email, email) == 0;
}

int
authority_expire(struct authority *a, const char *email, struct err *err)
{
	size_t i;

	if (check_email(a, email, err) != 0)
		return -1;
	for (i = 0; i < a->tokens.n; i++)
		a->tokens.v[i].is_revoked |= is_meant(a->tokens.v[i].who,
		    email);
	return 0;
}

int
authority_revoke(struct authority *a, const char *email, bool is_revoked,
    struct err *err)
{
	size_t i;

	if (check_email(a, email, err) != 0)
		return -1;
	for (i = 0; i < a->principals.n; i++) {
		if (is_meant(a->principals.v[i], email))
			a->principals.v[i]->is_revoked = is_revoked;
	}
	return is_revoked ? authority_expire(a, email, err) : 0;
}

int
authority_permit(struct authority *a, const char *email,
    const char *permissions, bool may, struct err *err)
{
	uint64_t set;
	size_t i;

	if (check_email(a, email, err) != 0 ||
	    permission_parse(permissions, &set, err) != 0)
		return -1;
	for (i = 0; i < a->principals.n; i++) {
		if (!is_meant(a->principals.v[i], email))
			continue;
		if (may)
			a->principals.v[i]->permissions |= set;
		else
			a->principals.v[i]->permissions &= ~set;
	}
	return 0;
}

/* --- files for clients --- */

const char *
authority_subject(const struct authority *a, const char *email)
{
	const struct authority_principal *p;
	size_t i;

	for (i = 0; i < a->principals.n; i++) {
		p = a->principals.v[i];
		if (p->kind == AUTHORITY_WORKLOAD && is_meant(p, email))
			return p->secret;
	}
	return NULL;
}

static void
add_url(struct json_out *w, const char *key, const char *before,
    const char *path, const char *name, const char *after)
{
	struct buf url;

	buf_init(&url, URL_MAX);
	buf_addf(&url, "%s%s%s%s", before, path, name, after);
	add(w, key, url.data);
	buf_release(&url);
}

static void
set_secret(struct authority *a, struct authority_principal *p,
    const char *prefix)
{
	free(p->secret);
	p->secret = authority_draw(a, prefix);
}

static int
add_service_account(struct authority *a, const struct authority_wish *wish,
    uint64_t set, struct json_out *w, struct err *err)
{
	struct authority_file file = { .project = "gcs-sim",
		.email = wish->email };
	char id[AUTHORITY_KEY_ID + 1];
	struct authority_principal *p;
	struct buf pem, url;
	int rc;

	buf_init(&pem, PEM_MAX);
	buf_init(&url, URL_MAX);
	rc = authority_key_make(&pem, id, err);
	if (rc == 0) {
		p = authority_add(a, AUTHORITY_SERVICE_ACCOUNT, wish->email,
		    set);
		authority_set_key(a, p, authority_key_parse(pem.data, pem.len),
		    id);
		buf_addf(&url, "%s/token", wish->url);
		file.key_id = id;
		file.pem = pem.data;
		file.token_uri = url.data;
		authority_file_add(&file, w);
	}
	buf_release(&url);
	buf_release(&pem);
	return rc;
}

static int
add_user(struct authority *a, const struct authority_wish *wish, uint64_t set,
    struct json_out *w, struct err *err)
{
	struct authority_principal *p = authority_add(a, AUTHORITY_USER,
	    wish->email, set);

	(void)err;
	set_secret(a, p, "1//sim-");
	json_open(w, '{');
	add(w, "type", "authorized_user");
	add(w, "client_id", authority_client_id);
	add(w, "client_secret", authority_client_secret);
	add(w, "refresh_token", p->secret);
	add_url(w, "token_uri", wish->url, "/token", "", "");
	add(w, "universe_domain", "googleapis.com");
	json_close(w, '}');
	return 0;
}

static const char impersonation[] = "/v1/projects/-/serviceAccounts/";

/* A user of its own, who may do nothing but this. */
static int
add_impersonated(struct authority *a, const struct authority_wish *wish,
    uint64_t set, struct json_out *w, struct err *err)
{
	static const char wanted[] = "iam.serviceAccounts.getAccessToken";
	struct authority_wish source = *wish;
	struct buf email;
	int rc;

	authority_add(a, AUTHORITY_SERVICE_ACCOUNT, wish->email, set);
	buf_init(&email, URL_MAX);
	buf_addf(&email, "user-of-%s", wish->email);
	source.email = email.data;
	json_open(w, '{');
	add(w, "type", "impersonated_service_account");
	add_url(w, "service_account_impersonation_url", wish->url,
	    impersonation, wish->email, ":generateAccessToken");
	json_key(w, "delegates");
	json_open(w, '[');
	json_close(w, ']');
	json_key(w, "source_credentials");
	rc = add_user(a, &source, permission_bit(wanted, sizeof(wanted) - 1), w,
	    err);
	json_close(w, '}');
	buf_release(&email);
	return rc;
}

static const char source_file[] = "file:";

static int
check_source(const struct authority_wish *wish, struct err *err)
{
	const char *source = wish->source;

	if (source[0] == '\0')
		return 0;
	if (strcmp(wish->kind, "external_account") != 0)
		return err_set(err, ERR_USAGE,
		    "source= is of an external_account alone");
	if (strcmp(source, "url") == 0 ||
	    (str_starts(source, source_file) &&
		source[sizeof(source_file) - 1] != '\0'))
		return 0;
	return err_set(err, ERR_USAGE, "source '%.80s': want url or file:PATH",
	    source);
}

static void
add_source(const struct authority_wish *wish, struct json_out *w)
{
	json_key(w, "credential_source");
	json_open(w, '{');
	if (str_starts(wish->source, source_file))
		add(w, "file", wish->source + sizeof(source_file) - 1);
	else
		add_url(w, "url", wish->url,
		    "/_sim/auth/subject?email=", wish->email, "");
	json_close(w, '}');
}

static int
add_workload(struct authority *a, const struct authority_wish *wish,
    uint64_t set, struct json_out *w, struct err *err)
{
	(void)err;
	set_secret(a, authority_add(a, AUTHORITY_WORKLOAD, wish->email, set),
	    "subject-");
	json_open(w, '{');
	add(w, "type", "external_account");
	add(w, "audience", authority_audience);
	add(w, "subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
	add_url(w, "token_url", wish->url, "/v1/token", "", "");
	add_source(wish, w);
	add(w, "universe_domain", "googleapis.com");
	json_close(w, '}');
	return 0;
}

static const struct {
	const char *kind;
	const char *email; /* the usual */
	int (*add)(struct authority *a, const struct authority_wish *wish,
	    uint64_t set, struct json_out *w, struct err *err);
} makers[] = {
	{ "service_account", "sweeper@gcs-sim.iam.gserviceaccount.com",
	    add_service_account },
	{ "authorized_user", "user@example.com", add_user },
	{ "impersonated_service_account",
	    "impersonated@gcs-sim.iam.gserviceaccount.com", add_impersonated },
	{ "external_account", "workload@example.com", add_workload },
};

/* It stands in URLs as it is, as Google has it. */
static bool
is_address(const char *text)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789.-_@";

	return strchr(text, '@') != NULL && strlen(text) < EMAIL_MAX &&
	    strspn(text, letters) == strlen(text);
}

static int
make(struct authority *a, const struct authority_wish *wish, size_t i,
    struct buf *out, struct err *err)
{
	struct authority_wish settled = *wish;
	uint64_t set = PERMISSION_ALL;
	struct json_out w;
	int rc;

	if (wish->email[0] == '\0')
		settled.email = makers[i].email;
	if (!is_address(settled.email))
		return err_set(err, ERR_USAGE,
		    "email '%.80s': want an address such as %s", wish->email,
		    makers[i].email);
	if (wish->role[0] != '\0' &&
	    permission_parse(wish->role, &set, err) != 0)
		return -1;
	if (check_source(wish, err) != 0)
		return -1;
	json_init(&w, out, true, NULL);
	rc = makers[i].add(a, &settled, set, &w, err);
	json_end(&w);
	return rc;
}

int
authority_add_credentials(struct authority *a,
    const struct authority_wish *wish, struct buf *out, struct err *err)
{
	size_t i;

	for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		if (strcmp(wish->kind, makers[i].kind) == 0)
			return make(a, wish, i, out, err);
	}
	return err_set(err, ERR_USAGE,
	    "'%.80s' is no kind of credentials: want service_account, "
	    "authorized_user, impersonated_service_account or external_account",
	    wish->kind);
}
