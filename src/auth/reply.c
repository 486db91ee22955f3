/* SPDX-License-Identifier: MIT */
/*
 * A token's life is what the answer says, between 1 second and 12 hours, which
 * is the longest that Google gives.  An answer that does not say is believed for
 * 5 minutes: too short costs calls, too long costs refusals.
 */
#include "src/auth/reply.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "src/auth/cred_priv.h"
#include "src/net/echo.h"
#include "src/net/url.h"

enum { LIFE_UNKNOWN_S = 300, LIFE_MAX_S = 12 * 3600 };

/* Of each thing that a refusal says. */
enum { WORDS_MAX = 200 };

/* A clock that is off by less is not why a token was refused. */
enum { CLOCK_OFF_S = 120 };

bool
reply_is_token(const char *text, size_t n)
{
	size_t i;

	if (n == 0 || n > CRED_TOKEN_MAX)
		return false;
	for (i = 0; i < n; i++) {
		if (text[i] <= ' ' || text[i] >= 0x7f)
			return false;
	}
	return true;
}

/* --- what went wrong --- */

/* An endpoint may quote the assertion or the token that it did not like. */
static void
add_words(char *out, size_t size, const struct http_request *req,
    const json_t *value)
{
	size_t used = strlen(out), n = json_string_length(value);
	char words[WORDS_MAX + 1];

	if (n == 0)
		return;
	snprintf(words, sizeof(words), "%s", json_string_value(value));
	echo_hide(req, words, n > WORDS_MAX);
	snprintf(out + used, size - used, "%s%s", used != 0 ? ": " : "", words);
}

/* {"error":"invalid_grant","error_description":"..."} of OAuth, and
 * {"error":{"code":403,"message":"...","status":"PERMISSION_DENIED"}} of
 * Google's other services.  Answers the first word, borrowed, or "". */
static const char *
read_words(const json_t *root, const struct http_request *req, char *words,
    size_t size)
{
	const json_t *error = json_object_get(root, "error");
	const json_t *first = json_is_object(error)
	    ? json_object_get(error, "status")
	    : error;

	words[0] = '\0';
	add_words(words, size, req, first);
	add_words(words, size, req, json_object_get(error, "message"));
	add_words(words, size, req, json_object_get(root, "error_description"));
	return json_is_string(first) ? json_string_value(first) : "";
}

static bool
is_passing(int status, const char *word)
{
	static const char *const passing[] = { "internal_failure",
		"server_error", "temporarily_unavailable" };
	size_t i;

	for (i = 0; i < sizeof(passing) / sizeof(passing[0]); i++) {
		if (strcmp(word, passing[i]) == 0)
			return true;
	}
	return status == 408 || status == 429 || status >= 500;
}

/* A clock that is off is the one cause that no answer names. */
static void
add_clock(char *out, size_t size, const struct cred_turn *turn)
{
	uint64_t here = turn->wall_us / 1000000, there = turn->req->date_s;
	uint64_t off = here > there ? here - there : there - here;
	size_t used = strlen(out);

	if (there != 0 && off > CLOCK_OFF_S)
		snprintf(out + used, size - used,
		    " (this machine's clock is %llu s %s)",
		    (unsigned long long)off, here > there ? "ahead" : "behind");
}

static int
refuse(const struct cred *c, struct cred_turn *turn)
{
	const struct http_request *req = turn->req;
	json_t *root = json_loadb(req->content.data, req->content.len, 0, NULL);
	char words[450];
	const char *word = read_words(root, req, words, sizeof(words));
	bool passes = is_passing(req->status, word);
	size_t n;
	const char *host = url_host(req->url, &n);

	if (words[0] == '\0')
		snprintf(words, sizeof(words),
		    "%zu bytes that are no error of "
		    "a token endpoint",
		    req->content.len);
	words[250] = '\0';
	add_clock(words, sizeof(words), turn);
	err_set(turn->err, passes ? ERR_NET : ERR_AUTH,
	    "%.120s: %.*s answered %d: %s", c->where, (int)n, host, req->status,
	    words);
	json_decref(root);
	return -1;
}

int
reply_check(const struct cred *c, struct cred_turn *turn)
{
	const struct http_request *req = turn->req;
	size_t n;
	const char *host = url_host(req->url, &n);
	enum err_code code = ERR_NET;
	const char *why = req->detail;

	if (req->outcome == HTTP_ANSWERED && req->status / 100 == 2)
		return 0;
	if (req->outcome == HTTP_ANSWERED)
		return refuse(c, turn);
	if (req->outcome == HTTP_UNTRUSTED || req->outcome == HTTP_UNSAFE)
		code = ERR_AUTH;
	else if (req->outcome == HTTP_TOO_LARGE ||
	    req->outcome == HTTP_MALFORMED)
		code = ERR_PROTOCOL;
	if (why[0] == '\0')
		why = req->outcome == HTTP_UNTRUSTED
		    ? "its certificate is not trusted"
		    : "no answer";
	return err_set(turn->err, code, "%.120s: no token from %.*s: %s",
	    c->where, (int)n, host, why);
}

/* --- a token --- */

/* "2026-01-01T00:00:00Z"; 0: it is not that. */
static uint64_t
parse_time(const char *text)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	time_t at;

	if (rest == NULL || (*rest != 'Z' && *rest != '.') ||
	    (at = timegm(&tm)) < 0)
		return 0;
	return (uint64_t)at;
}

/* Seconds from now; below 0: over already, or no life that can be read. */
static double
read_life(const json_t *root, enum reply_form form, uint64_t wall_us)
{
	const json_t *life = json_object_get(root, "expires_in");
	const char *end = cred_member(root, "expireTime");
	uint64_t at;

	if (form == REPLY_IAM) {
		if (end == NULL)
			return LIFE_UNKNOWN_S;
		at = parse_time(end);
		return (double)at - (double)wall_us / 1e6;
	}
	if (life == NULL)
		return LIFE_UNKNOWN_S;
	return json_is_number(life) ? json_number_value(life) : -1;
}

static int
read_token(const json_t *root, struct cred_turn *turn, enum reply_form form,
    const char **why)
{
	const json_t *text = json_object_get(root,
	    form == REPLY_IAM ? "accessToken" : "access_token");
	const char *type = cred_member(root, "token_type");
	double life = read_life(root, form, turn->wall_us);

	if (!json_is_string(text)) {
		*why = "it has no token";
		return -1;
	}
	if (!reply_is_token(json_string_value(text),
		json_string_length(text))) {
		*why = "its token is not 1 to 16384 printable characters";
		return -1;
	}
	if (type != NULL && strcasecmp(type, "Bearer") != 0) {
		*why = "its token is none for Bearer";
		return -1;
	}
	if (life < 1)
		life = 1;
	if (life > LIFE_MAX_S)
		life = LIFE_MAX_S;
	buf_clear(&turn->token->text);
	buf_add(&turn->token->text, json_string_value(text),
	    json_string_length(text));
	turn->token->expires_us = turn->wall_us + (uint64_t)(life * 1e6);
	return 0;
}

int
reply_take_token(const struct cred *c, struct cred_turn *turn,
    enum reply_form form)
{
	const char *why = "it is no JSON object", *host;
	json_t *root;
	size_t n;
	int rc = -1;

	if (reply_check(c, turn) != 0)
		return -1;
	root = json_loadb(turn->req->content.data, turn->req->content.len, 0,
	    NULL);
	if (json_is_object(root))
		rc = read_token(root, turn, form, &why);
	json_decref(root);
	buf_clear(&turn->req->content);
	if (rc == 0)
		return 0;
	host = url_host(turn->req->url, &n);
	return err_set(turn->err, ERR_PROTOCOL,
	    "%.120s: the answer of %.*s is none to a wish for a token: %s",
	    c->where, (int)n, host, why);
}
