/* SPDX-License-Identifier: MIT */
/*
 * Whether a signed token is to be believed.  The signature, whose it is and
 * that it has not expired are asked in either mode; the rest when it is strict.
 */
#include "sim/authority_priv.h"

#include <stdio.h>
#include <string.h>

#include "sim/authority_jwt.h"
#include "sim/permission.h"
#include "src/base/str.h"

enum {
	LIFETIME_MAX = 3600,
	/* A client's clock may be so far ahead. */
	SKEW_MAX = 300,
	URL_MAX = 512
};

static const char timeframe[] =
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a "
    "reasonable timeframe. Check your iat and exp values in the JWT claim.";

static bool
doubt(struct authority_doubt *why, const char *error, const char *text)
{
	why->error = error;
	why->text = text;
	return false;
}

/* Is it that address of the simulator, by the name that the client has for it? */
static bool
is_own(const char *aud, const char *host, const char *path)
{
	char url[URL_MAX];

	if (host == NULL)
		return false;
	if (str_starts(aud, "https://"))
		aud += strlen("https://");
	else if (str_starts(aud, "http://"))
		aud += strlen("http://");
	else
		return false;
	snprintf(url, sizeof(url), "%s%s", host, path);
	return strcmp(aud, url) == 0;
}

static bool
is_any(const char *text, const char *const *known)
{
	for (; *known != NULL; known++) {
		if (strcmp(text, *known) == 0)
			return true;
	}
	return false;
}

static bool
is_audience(const char *aud, bool is_grant, const char *host)
{
	static const char *const grants[] = {
		"https://oauth2.googleapis.com/token",
		"https://www.googleapis.com/oauth2/v4/token",
		"https://accounts.google.com/o/oauth2/token", NULL
	};
	static const char *const services[] = {
		"https://storage.googleapis.com/",
		"https://storage.googleapis.com",
		"https://iamcredentials.googleapis.com/", NULL
	};

	if (is_grant)
		return is_any(aud, grants) || is_own(aud, host, "/token");
	return is_any(aud, services) || is_own(aud, host, "/") ||
	    is_own(aud, host, "");
}

/* One to be exchanged says for what it is in its scope; one that is shown itself
 * by either, and then its audience is the service with all that it does. */
static bool
check_scope(const struct authority_jwt *jwt, bool is_grant, const char *host,
    unsigned *scopes, struct authority_doubt *why)
{
	*scopes = SCOPE_ALL;
	if (is_grant && jwt->scope[0] == '\0')
		return doubt(why, "invalid_scope",
		    "Empty or missing scope not allowed.");
	if (jwt->scope[0] != '\0' &&
	    (permission_scopes(jwt->scope, scopes) != 0 || *scopes == 0))
		return doubt(why, "invalid_scope",
		    "Invalid OAuth scope or ID token audience provided.");
	if ((is_grant || jwt->scope[0] == '\0') &&
	    !is_audience(jwt->aud, is_grant, host))
		return doubt(why, "invalid_grant",
		    "Invalid JWT: Failed audience check. The right audience is "
		    "https://oauth2.googleapis.com/token");
	return true;
}

static bool
check_strictly(const struct authority_jwt *jwt, bool is_grant, const char *host,
    int64_t now, unsigned *scopes, struct authority_doubt *why)
{
	if (jwt->iat < 0 || jwt->iat > now + SKEW_MAX || jwt->exp < jwt->iat ||
	    jwt->exp - jwt->iat > LIFETIME_MAX)
		return doubt(why, "invalid_grant", timeframe);
	if (is_grant && jwt->sub[0] != '\0' && strcmp(jwt->sub, jwt->iss) != 0)
		return doubt(why, "unauthorized_client",
		    "Client is unauthorized to retrieve access tokens using "
		    "this method, or client not authorized for any of the "
		    "scopes requested.");
	if (!is_grant && strcmp(jwt->sub, jwt->iss) != 0)
		return doubt(why, "invalid_grant",
		    "Invalid JWT: sub must be iss.");
	return check_scope(jwt, is_grant, host, scopes, why);
}

static bool
check(const struct authority *a, const struct authority_jwt *jwt, bool is_grant,
    const char *host, uint64_t wall_us, struct authority_claim *out,
    struct authority_doubt *why)
{
	int64_t now = (int64_t)(wall_us / 1000000);
	struct authority_principal *p = authority_find(a, jwt->iss);
	bool is_strict = a->mode == SIM_AUTH_STRICT;

	if (p == NULL || p->kind != AUTHORITY_SERVICE_ACCOUNT ||
	    p->key == NULL || p->is_revoked)
		return doubt(why, "invalid_grant",
		    "Invalid grant: account not found");
	if (strcmp(jwt->alg, "RS256") != 0 ||
	    (is_strict && strcmp(jwt->kid, p->key_id) != 0) ||
	    !authority_key_has_signed(p->key, jwt->text, jwt->text_n,
		jwt->signature.data, jwt->signature.len))
		return doubt(why, "invalid_grant", "Invalid JWT Signature.");
	if (jwt->exp <= now)
		return doubt(why, "invalid_grant", timeframe);
	*out = (struct authority_claim){ .who = p,
		.scopes = SCOPE_ALL,
		.expires_us = (uint64_t)jwt->exp < AUTHORITY_FOREVER / 1000000
		    ? (uint64_t)jwt->exp * 1000000
		    : AUTHORITY_FOREVER };
	return !is_strict ||
	    check_strictly(jwt, is_grant, host, now, &out->scopes, why);
}

bool
authority_believe(const struct authority *a, const char *text, size_t n,
    bool is_grant, const char *host, uint64_t wall_us,
    struct authority_claim *out, struct authority_doubt *why)
{
	struct authority_jwt jwt;
	bool is_good;

	if (authority_jwt_parse(&jwt, text, n) != 0)
		is_good = doubt(why, "invalid_grant",
		    "Invalid JWT: Failed to parse it.");
	else
		is_good = check(a, &jwt, is_grant, host, wall_us, out, why);
	authority_jwt_release(&jwt);
	return is_good;
}
