/* SPDX-License-Identifier: MIT */
/*
 * The lists of those who are known and of the tokens that they have.  A token
 * that has expired leaves when the next comes; one that was revoked stays until
 * then, since a signed one could be shown and believed again.
 */
#include "sim/authority.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/authority_priv.h"
#include "sim/base64.h"
#include "sim/permission.h"
#include "src/base/buf.h"
#include "src/base/mem.h"

/* 24 bytes are 32 letters. */
enum { DRAWN_BYTES = 24, DRAWN_MAX = 128 };

const char authority_client_id[] = "gcs-sim.apps.googleusercontent.com";
const char authority_client_secret[] = "gcs-sim-secret";
const char authority_audience[] =
    "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/"
    "gcs-sim/providers/gcs-sim";
const char authority_default[] = "default@gcs-sim.iam.gserviceaccount.com";

/* --- principals --- */

struct authority_principal *
authority_find(const struct authority *a, const char *email)
{
	size_t i;

	for (i = 0; i < a->principals.n; i++) {
		if (strcmp(a->principals.v[i]->email, email) == 0)
			return a->principals.v[i];
	}
	return NULL;
}

struct authority_principal *
authority_add(struct authority *a, enum authority_kind kind, const char *email,
    uint64_t permissions)
{
	struct authority_principal *p = authority_find(a, email);

	if (p == NULL) {
		p = mem_zalloc(1, sizeof(*p));
		p->email = mem_strdup(email);
		*vec_push(&a->principals) = p;
	}
	p->kind = kind;
	p->permissions = permissions;
	p->is_revoked = false;
	return p;
}

struct authority_principal *
authority_find_secret(const struct authority *a, enum authority_kind kind,
    const char *secret)
{
	struct authority_principal *p;
	size_t i;

	for (i = 0; i < a->principals.n; i++) {
		p = a->principals.v[i];
		if (p->kind == kind && p->secret != NULL &&
		    strcmp(p->secret, secret) == 0)
			return p;
	}
	return NULL;
}

static void
free_principal(struct authority_principal *p)
{
	authority_key_free(p->key);
	free(p->key_id);
	free(p->email);
	free(p->secret);
	free(p);
}

void
authority_set_key(struct authority *a, struct authority_principal *p,
    struct authority_key *key_take, const char *key_id)
{
	struct authority_token *t;
	size_t i;

	authority_key_free(p->key);
	free(p->key_id);
	p->key = key_take;
	p->key_id = mem_strdup(key_id);
	for (i = 0; i < a->tokens.n; i++) {
		t = &a->tokens.v[i];
		t->is_revoked |= t->is_signed && t->who == p;
	}
}

bool
authority_has(const struct authority_principal *who, const char *name, size_t n)
{
	return who == NULL || (who->permissions & permission_bit(name, n)) != 0;
}

/* --- tokens --- */

char *
authority_draw(struct authority *a, const char *prefix)
{
	uint8_t bytes[DRAWN_BYTES];
	struct buf text;

	rng_fill(&a->rng, bytes, sizeof(bytes));
	buf_init(&text, DRAWN_MAX);
	buf_adds(&text, prefix);
	base64_url_add(&text, bytes, sizeof(bytes));
	return buf_steal(&text);
}

static void
drop_expired(struct authority *a, uint64_t wall_us)
{
	size_t i, kept = 0;

	for (i = 0; i < a->tokens.n; i++) {
		if (a->tokens.v[i].expires_us <= wall_us)
			free(a->tokens.v[i].text);
		else
			a->tokens.v[kept++] = a->tokens.v[i];
	}
	a->tokens.n = kept;
}

static struct authority_token *
keep(struct authority *a, char *text_take,
    const struct authority_principal *who, unsigned scopes, uint64_t expires_us)
{
	struct authority_token *t = vec_push(&a->tokens);

	*t = (struct authority_token){ .text = text_take,
		.who = who,
		.scopes = scopes,
		.expires_us = expires_us };
	return t;
}

const struct authority_token *
authority_issue(struct authority *a, const struct authority_principal *who,
    unsigned scopes, uint64_t lifetime_us, uint64_t wall_us)
{
	drop_expired(a, wall_us);
	a->granted++;
	return keep(a, authority_draw(a, "ya29.sim-"), who, scopes,
	    wall_us + lifetime_us);
}

struct authority_token *
authority_keep_signed(struct authority *a, const char *text, size_t n,
    const struct authority_claim *claim, uint64_t wall_us)
{
	struct authority_token *t;

	drop_expired(a, wall_us);
	t = keep(a, mem_strndup(text, n), claim->who, claim->scopes,
	    claim->expires_us);
	t->is_signed = true;
	return t;
}

/* The newest first, as they are asked for most. */
struct authority_token *
authority_find_token(const struct authority *a, const char *text, size_t n)
{
	struct authority_token *t;
	size_t i;

	for (i = a->tokens.n; i > 0; i--) {
		t = &a->tokens.v[i - 1];
		if (strlen(t->text) == n && memcmp(t->text, text, n) == 0)
			return t;
	}
	return NULL;
}

uint64_t
authority_tell_lifetime(uint64_t lifetime_us)
{
	uint64_t s = lifetime_us / 1000000;

	return s > 1 ? s - 1 : s;
}

/* --- what is said at the start --- */

/* TEXT or TEXT=PERMISSIONS: what stands before the last =, to free(). */
static char *
cut_spec(const char *spec, uint64_t *permissions, struct err *err)
{
	const char *cut = strrchr(spec, '=');

	*permissions = PERMISSION_ALL;
	if (cut == NULL)
		return mem_strdup(spec);
	if (permission_parse(cut + 1, permissions, err) != 0)
		return NULL;
	return mem_strndup(spec, (size_t)(cut - spec));
}

static int
check_token(const char *text, struct err *err)
{
	const char *c;

	for (c = text; *c > ' ' && *c < '\177'; c++)
		;
	if (c > text && *c == '\0')
		return 0;
	return err_set(err, ERR_USAGE,
	    "a token is of at least one letter, without blanks");
}

static int
check_specs(const struct opt_strings *specs, bool are_tokens, struct err *err)
{
	uint64_t permissions;
	char *text;
	size_t i;
	int rc = 0;

	for (i = 0; i < specs->n && rc == 0; i++) {
		text = cut_spec(specs->v[i], &permissions, err);
		rc = text != NULL ? 0 : -1;
		if (rc == 0 && are_tokens)
			rc = check_token(text, err);
		if (rc == 0 && text[0] == '\0')
			rc = err_set(err, ERR_USAGE,
			    "want the name of a key file");
		free(text);
	}
	return rc == 0
	    ? 0
	    : err_wrap(err, are_tokens ? "--token" : "--service-account");
}

int
authority_check(const struct sim_opts *opts, struct err *err)
{
	if (check_specs(&opts->tokens, true, err) != 0)
		return -1;
	return check_specs(&opts->service_accounts, false, err);
}

int
authority_add_token(struct authority *a, const char *text, const char *email,
    const char *permissions, struct err *err)
{
	struct authority_principal *p;
	struct authority_token *t;
	uint64_t set = PERMISSION_ALL;

	if (check_token(text, err) != 0 ||
	    (permissions[0] != '\0' &&
		permission_parse(permissions, &set, err) != 0))
		return -1;
	if (email[0] == '\0')
		email = "token@gcs-sim.iam.gserviceaccount.com";
	p = authority_find(a, email);
	if (p == NULL || permissions[0] != '\0')
		p = authority_add(a, p != NULL ? p->kind : AUTHORITY_BEARER,
		    email, set);
	t = authority_find_token(a, text, strlen(text));
	if (t == NULL)
		t = keep(a, mem_strdup(text), p, SCOPE_ALL, AUTHORITY_FOREVER);
	*t = (struct authority_token){ .text = t->text,
		.who = p,
		.scopes = SCOPE_ALL,
		.expires_us = AUTHORITY_FOREVER };
	return 0;
}

/* Each is somebody of its own, so that their permissions may differ. */
static void
add_token(struct authority *a, const char *spec, size_t number)
{
	char email[64];
	uint64_t set;
	struct err err;
	char *text = cut_spec(spec, &set, &err);

	snprintf(email, sizeof(email),
	    "token-%zu@gcs-sim.iam.gserviceaccount.com", number);
	keep(a, text, authority_add(a, AUTHORITY_BEARER, email, set), SCOPE_ALL,
	    AUTHORITY_FOREVER);
}

struct authority *
authority_new(const struct sim_opts *opts, struct err *err)
{
	struct authority *a;
	size_t i;

	if (authority_check(opts, err) != 0)
		return NULL;
	a = mem_zalloc(1, sizeof(*a));
	a->mode = opts->auth;
	a->lifetime_us = opts->token_lifetime_us;
	rng_init(&a->rng, opts->seed ^ 0x746f6b656e);
	authority_add(a, AUTHORITY_SERVICE_ACCOUNT, authority_default,
	    PERMISSION_ALL);
	for (i = 0; i < opts->tokens.n; i++)
		add_token(a, opts->tokens.v[i], i + 1);
	for (i = 0; i < opts->service_accounts.n; i++) {
		if (authority_load_account(a, opts->service_accounts.v[i],
			err) == 0)
			continue;
		authority_free(a);
		return NULL;
	}
	return a;
}

void
authority_free(struct authority *a)
{
	size_t i;

	if (a == NULL)
		return;
	for (i = 0; i < a->principals.n; i++)
		free_principal(a->principals.v[i]);
	for (i = 0; i < a->tokens.n; i++)
		free(a->tokens.v[i].text);
	vec_release(&a->principals);
	vec_release(&a->tokens);
	free(a);
}

void
authority_set_lifetime(struct authority *a, uint64_t lifetime_us)
{
	a->lifetime_us = lifetime_us;
}
