/* SPDX-License-Identifier: MIT */
/* The URL comes from the file: it names the account, and the universe. */
#include "src/auth/impersonate.h"

#include <stdlib.h>
#include <string.h>

#include "src/auth/cred_priv.h"
#include "src/base/mem.h"

/* A token lives for an hour if nobody wants it otherwise. */
enum { LIFETIME_S = 3600 };

static bool
are_strings(const json_t *array)
{
	json_t *value;
	size_t i;

	if (array != NULL && !json_is_array(array))
		return false;
	json_array_foreach (array, i, value) {
		if (!json_is_string(value))
			return false;
	}
	return true;
}

int
impersonation_init(struct impersonation *im, const json_t *file,
    const json_t *delegates, unsigned lifetime, const char *scope,
    const char *where, struct err *err)
{
	static const char member[] = "service_account_impersonation_url";
	const char *url = cred_member(file, member);
	json_t *body;

	if (cred_check_url(url, where, member, err) != 0)
		return -1;
	if (!are_strings(delegates))
		return err_set(err, ERR_CONFIG,
		    "%s: delegates is no array of strings", where);
	body = json_pack("{s:[s], s:o}", "scope", scope, "lifetime",
	    json_sprintf("%us", lifetime != 0 ? lifetime : LIFETIME_S));
	if (json_array_size(delegates) != 0)
		json_object_set_new(body, "delegates",
		    json_deep_copy(delegates));
	im->url = mem_strdup(url);
	im->body = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	return 0;
}

void
impersonation_release(struct impersonation *im)
{
	free(im->url);
	free(im->body);
}

char *
impersonation_email(const struct impersonation *im)
{
	static const char before[] = "/serviceAccounts/";
	const char *start = strstr(im->url, before), *end;

	if (start == NULL)
		return NULL;
	start += sizeof(before) - 1;
	end = strchr(start, ':');
	return end != NULL && end > start
	    ? mem_strndup(start, (size_t)(end - start))
	    : NULL;
}

enum cred_step
impersonation_ask(const struct impersonation *im, struct cred *c,
    struct cred_turn *turn)
{
	buf_clear(&c->url);
	buf_clear(&c->line);
	buf_clear(&c->body);
	buf_adds(&c->url, im->url);
	buf_addf(&c->line, "Authorization: Bearer %s", turn->token->text.data);
	buf_adds(&c->body, im->body);
	buf_clear(&turn->token->text);
	return cred_ask(c, turn, true);
}
