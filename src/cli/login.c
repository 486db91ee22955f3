/* SPDX-License-Identifier: MIT */
#include "src/cli/login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/auth/cred.h"
#include "src/auth/token.h"
#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/cli/config_file.h"
#include "src/cli/options.h"
#include "src/cli/output.h"
#include "src/cli/target.h"
#include "src/net/client.h"
#include "src/net/library.h"

/* --- where --- */

static int
refuse_http_2(struct err *err)
{
	return err_set(err, ERR_USAGE,
	    "--http 2: libcurl 7.88 resets the stream of every answer that has "
	    "no body, such as that to a delete, and servers that guard against "
	    "such resets then fail the requests behind it; this is libcurl %s, "
	    "and gcsweep speaks HTTP/1.1",
	    http_library_version());
}

/* An empty value is most likely a variable that the shell did not know. */
static int
refuse_empty(const struct options *opts, struct err *err)
{
	const struct {
		const char *name, *value;
	} all[] = { { "credentials", opts->credentials },
		{ "quota-project", opts->quota_project },
		{ "ca-file", opts->ca_file } };
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i].value != NULL && all[i].value[0] == '\0')
			return err_set(err, ERR_USAGE,
			    "--%s is empty: give it a value, or leave it out",
			    all[i].name);
	}
	return 0;
}

/* What is of no use without a credential, or without https. */
static int
refuse_useless(const struct login *l, struct err *err)
{
	static const char nobody[] =
	    "goes with a credential, and this place is sent none";
	const struct opt_said *said = &l->opts->said;

	if (!l->where.has_credentials &&
	    (opt_refuse(said, "strict-permissions", nobody, err) != 0 ||
		opt_refuse(said, "quota-project", nobody, err) != 0))
		return -1;
	if (l->where.is_secure)
		return 0;
	return opt_refuse(said, "ca-file",
	    "goes with https, and this place is spoken to in plain text", err);
}

/* What would only show in the middle of a run: too few files, no certificates. */
static int
check_client(const struct login *l, struct err *err)
{
	struct http_opts http = { .ca_file = l->opts->ca_file };

	return http_client_check(&http, l->where.is_secure, err);
}

int
login_choose(struct login *l, const struct options *opts,
    const struct target *target, struct err *err)
{
	struct where_asked asked = {
		.endpoint = opts->endpoint,
		.is_emulator_host = opt_said_by(&opts->said, "endpoint") ==
		    OPT_BY_VARIABLE,
		.credentials = opts->credentials,
	};

	*l = (struct login){ .opts = opts, .config = &target->config };
	if (opts->http == HTTP_VERSION_2)
		return refuse_http_2(err);
	if (refuse_empty(opts, err) != 0)
		return -1;
	if (where_choose(&asked, &l->where, err) != 0)
		return -1;
	if (refuse_useless(l, err) != 0)
		return -1;
	return check_client(l, err);
}

/* --- as whom --- */

static void
on_warning(void *arg, const char *text)
{
	(void)arg;
	output_warning(text);
}

static char *
format_by(const struct config_value *v, const char *key)
{
	size_t n = strlen(v->source) + strlen(key) + 3;
	char *by = mem_alloc(n);

	snprintf(by, n, "%s: %s", v->source, key);
	return by;
}

/* What the registry itself would take.  Answers who says so, to free(). */
static char *
take_config(const struct config_file *c, struct cred_opts *cred)
{
	if (cred->file != NULL)
		return NULL;
	if (c->keyfile.text != NULL) {
		cred->file = c->keyfile.text;
		return format_by(&c->keyfile, "storage.gcs.keyfile");
	}
	if (c->credentials.text == NULL)
		return NULL;
	cred->text = c->credentials.text;
	cred->text_mode = c->holds_secret ? c->mode : 0;
	return format_by(&c->credentials, "storage.gcs.credentials");
}

int
login_find(struct login *l, struct loop *loop, bool wants_who, struct err *err)
{
	struct cred_opts cred = {
		.file = l->opts->credentials,
		.is_strict = l->opts->strict_permissions,
		.quota_project = l->opts->quota_project,
		.wants_who = wants_who,
		.on_warning = on_warning,
	};
	struct token_opts token = {
		.ca_file = l->opts->ca_file,
		.user_agent = "gcsweep",
		.seed = l->opts->seed,
	};
	struct cred *found;
	char *by;

	if (!l->where.has_credentials)
		return 0;
	by = take_config(l->config, &cred);
	cred.file_by = cred.text_by = by;
	found = cred_find(&cred, err);
	free(by);
	if (found == NULL)
		return -1;
	l->cred = found;
	l->tokens = token_open(loop, found, &token);
	return 0;
}

static int
get_token(struct login *l, struct loop *loop, const bool *stop,
    const char **line, struct err *err)
{
	uint64_t serial;

	for (;;) {
		switch (token_get(l->tokens, line, &serial, err)) {
		case TOKEN_READY:
			return 0;
		case TOKEN_FAILED:
			return -1;
		case TOKEN_WAIT:
			break;
		}
		if (stop != NULL && *stop)
			return err_set(err, ERR_CANCELLED, "interrupted");
		if (loop_step(loop, err) != 0)
			return -1;
		token_turn(l->tokens);
	}
}

int
login_wait(struct login *l, struct loop *loop, const bool *stop,
    const char **line, struct err *err)
{
	*line = NULL;
	if (l->tokens == NULL)
		return 0;
	if (get_token(l, loop, stop, line, err) != 0)
		return -1;
	return where_settle(&l->where, cred_universe(l->cred), err);
}

const char *
login_quota_project(const struct login *l)
{
	return l->cred != NULL ? cred_quota_project(l->cred) : NULL;
}

uint64_t
login_token_calls(const struct login *l)
{
	return l->tokens != NULL ? token_calls(l->tokens) : 0;
}

void
login_release(struct login *l)
{
	if (l->tokens != NULL)
		token_close(l->tokens);
	l->tokens = NULL;
	l->cred = NULL;
}
