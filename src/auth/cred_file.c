/* SPDX-License-Identifier: MIT */
/*
 * A credential file, which people get from elsewhere: it is read with a limit,
 * and what is wrong with it is said without a word of what is in it, since that
 * may be a secret under another name.  jansson's own errors quote the text, so
 * they are not used.
 */
#include <stdlib.h>
#include <string.h>

#include "src/auth/cred_priv.h"
#include "src/base/mem.h"
#include "src/net/url.h"

/* A label of a type that is not ours, not a secret that got there. */
enum { TYPE_MAX = 40 };

/* DNS allows no more. */
enum { HOST_NAME_MAX_LENGTH = 253 };

const char *
cred_member(const json_t *object, const char *name)
{
	const char *s = json_string_value(json_object_get(object, name));

	return s != NULL && s[0] != '\0' ? s : NULL;
}

int
cred_need(const json_t *object, const char *where, const char *const names[],
    struct err *err)
{
	struct buf missing;
	int rc = 0;

	buf_init(&missing, 300);
	for (; *names != NULL; names++) {
		if (cred_member(object, *names) == NULL)
			buf_addf(&missing, "%s%s", missing.len ? ", " : "",
			    *names);
	}
	if (missing.len != 0)
		rc = err_set(err, ERR_CONFIG, "%s: it has no %s", where,
		    missing.data);
	buf_release(&missing);
	return rc;
}

int
cred_check_url(const char *url, const char *where, const char *name,
    struct err *err)
{
	if (url == NULL || url_path(url) == NULL || strchr(url, '#') != NULL ||
	    strlen(url) > 2048)
		return err_set(err, ERR_CONFIG, "%s: %s is no URL", where,
		    name);
	if (!url_is_https(url))
		return err_set(err, ERR_CONFIG,
		    "%s: %s is not https, and a secret would go there", where,
		    name);
	return 0;
}

bool
cred_is_host_name(const char *text)
{
	size_t n = strlen(text);

	return n > 0 && n <= HOST_NAME_MAX_LENGTH && text[0] != '.' &&
	    text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-.")] ==
	    '\0';
}

bool
cred_is_project(const char *text)
{
	return text[0] != '\0' && strlen(text) <= HOST_NAME_MAX_LENGTH &&
	    text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-.:")] ==
	    '\0';
}

static void
refuse_type(const json_t *file, const char *where, struct err *err)
{
	static const char known[] = "service_account, authorized_user, "
				    "impersonated_service_account and "
				    "external_account are known";
	const char *type = cred_member(file, "type");

	if (type == NULL)
		err_set(err, ERR_CONFIG,
		    "%s: it has no \"type\", so it is no credential; %s", where,
		    known);
	else if (strlen(type) > TYPE_MAX)
		err_set(err, ERR_CONFIG, "%s: its \"type\" is unknown; %s",
		    where, known);
	else
		err_set(err, ERR_CONFIG, "%s: type \"%s\" is unknown; %s",
		    where, type, known);
}

/* What every kind may have. */
static int
take_common(struct cred *c, const json_t *file, struct err *err)
{
	const char *project = cred_member(file, "quota_project_id");
	const char *universe = cred_member(file, "universe_domain");

	if (project != NULL) {
		/* It goes into a header. */
		if (!cred_is_project(project))
			return err_set(err, ERR_CONFIG,
			    "%s: quota_project_id is no project's name",
			    c->where);
		c->quota_project = mem_strdup(project);
	}
	if (universe != NULL) {
		free(c->universe);
		c->universe = mem_strdup(universe);
	}
	return 0;
}

struct cred *
cred_parse_value(const json_t *file, const struct cred_origin *origin,
    struct err *err)
{
	static const struct {
		const char *type;
		struct cred *(*parse)(const json_t *file,
		    const struct cred_origin *origin, struct err *err);
	} kinds[] = {
		{ "service_account", cred_parse_service_account },
		{ "authorized_user", cred_parse_user },
		{ "impersonated_service_account", cred_parse_impersonated },
		{ "external_account", cred_parse_external },
	};
	const char *type = cred_member(file, "type");
	const char *universe = cred_member(file, "universe_domain");
	struct cred *c;
	size_t i;

	if (origin->depth >= CRED_DEPTH_MAX) {
		err_set(err, ERR_CONFIG,
		    "%s: source_credentials are in each other too deep",
		    origin->where);
		return NULL;
	}
	if (universe != NULL && !cred_is_host_name(universe)) {
		err_set(err, ERR_CONFIG,
		    "%s: universe_domain is no domain's name", origin->where);
		return NULL;
	}
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (type == NULL || strcmp(type, kinds[i].type) != 0)
			continue;
		c = kinds[i].parse(file, origin, err);
		if (c != NULL && take_common(c, file, err) != 0) {
			cred_free(c);
			c = NULL;
		}
		return c;
	}
	refuse_type(file, origin->where, err);
	return NULL;
}

static bool
begins(const char *text, size_t n, const char *sign)
{
	return n >= strlen(sign) && memcmp(text, sign, strlen(sign)) == 0;
}

/* What people name instead of a credential, and what editors make of one. */
static void
refuse_text(const char *text, size_t n, const json_error_t *why,
    const char *where, struct err *err)
{
	if (n == 0)
		err_set(err, ERR_CONFIG, "%s: it is empty", where);
	else if (begins(text, n, "\xef\xbb\xbf") ||
	    begins(text, n, "\xff\xfe") || begins(text, n, "\xfe\xff"))
		err_set(err, ERR_CONFIG,
		    "%s: it begins with a byte order mark; save it as UTF-8 "
		    "without one",
		    where);
	else if (begins(text, n, "-----BEGIN "))
		err_set(err, ERR_CONFIG,
		    "%s: it is PEM and not JSON; name the whole key file, as "
		    "Google made it",
		    where);
	else
		err_set(err, ERR_CONFIG, "%s: not JSON (line %d, column %d)",
		    where, why->line, why->column);
}

struct cred *
cred_parse(const char *text, size_t n, const struct cred_origin *origin,
    struct err *err)
{
	struct cred *c = NULL;
	json_error_t why;
	json_t *file = json_loadb(text, n, JSON_REJECT_DUPLICATES, &why);

	if (file == NULL)
		refuse_text(text, n, &why, origin->where, err);
	else if (!json_is_object(file))
		err_set(err, ERR_CONFIG, "%s: not a JSON object",
		    origin->where);
	else
		c = cred_parse_value(file, origin, err);
	json_decref(file);
	return c;
}
