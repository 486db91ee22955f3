/* SPDX-License-Identifier: MIT */
/* The part of control.c that is about who may do what. */
#include "sim/control_priv.h"

#include <stdlib.h>
#include <string.h>

#include "sim/authority.h"
#include "sim/http.h"
#include "sim/json_out.h"
#include "sim/sim_priv.h"
#include "src/base/loop.h"
#include "src/base/mem.h"

enum { VALUE_MAX = 32 * 1024 };

/* The parameters of all that is below /_sim/auth. */
enum { EMAIL, PERMISSION, TOKEN, KIND, ROLE, SOURCE, WORDS };

struct words {
	struct buf text[WORDS];
};

/* "" for what is not said; -1: the reply says that one cannot be read, or that
 * there is no authority. */
static int
read_words(struct control *c, struct words *words)
{
	static const char *const keys[WORDS] = { "email", "permission", "token",
		"kind", "role", "source" };
	struct err err = ERR_INIT;
	int i, rc = 0;

	for (i = 0; i < WORDS; i++) {
		buf_init(&words->text[i], VALUE_MAX);
		rc |= query_text(&c->query, keys[i], &words->text[i]);
	}
	if (c->sim->authority == NULL)
		rc = err_set(&err, ERR_REFUSED,
		    "nobody is asked who he is: start the simulator with "
		    "--auth token or --auth strict");
	else if (rc != 0)
		rc = err_set(&err, ERR_USAGE,
		    "A parameter is no text in percent-encoding.");
	if (rc != 0)
		control_refuse(c, &err);
	return rc;
}

static void
release_words(struct words *words)
{
	int i;

	for (i = 0; i < WORDS; i++)
		buf_release(&words->text[i]);
}

static int
need(const struct words *words, int which, const char *name, struct err *err)
{
	if (words->text[which].len > 0)
		return 0;
	return err_set(err, ERR_USAGE, "want %s=", name);
}

void
control_auth(struct control *c)
{
	struct json_out w;
	struct words words;

	if (read_words(c, &words) == 0) {
		json_init(&w, &c->sim->reply.body, true, NULL);
		authority_add_json(c->sim->authority, &w,
		    loop_wall(c->sim->loop));
		json_end(&w);
	}
	release_words(&words);
}

void
control_auth_subject(struct control *c)
{
	struct reply *r = &c->sim->reply;
	struct err err = ERR_INIT;
	struct words words;
	const char *subject;

	if (read_words(c, &words) == 0) {
		subject = authority_subject(c->sim->authority,
		    words.text[EMAIL].data);
		if (subject != NULL) {
			r->type = control_text;
			buf_adds(&r->body, subject);
		} else {
			err_set(&err, ERR_NOT_FOUND,
			    "there is no such workload; POST "
			    "/_sim/auth/credentials?kind=external_account "
			    "makes one");
			control_refuse(c, &err);
		}
	}
	release_words(&words);
}

void
control_auth_credentials(struct control *c)
{
	struct sim *sim = c->sim;
	struct err err = ERR_INIT;
	struct words words;
	struct authority_wish wish;
	/* Where clients do not mind to show what they have. */
	const char *url = sim_tls_url(sim);

	if (read_words(c, &words) == 0) {
		wish = (struct authority_wish){ .kind = words.text[KIND].data,
			.email = words.text[EMAIL].data,
			.role = words.text[ROLE].data,
			.source = words.text[SOURCE].data,
			.url = url != NULL ? url : sim_url(sim) };
		if (authority_add_credentials(sim->authority, &wish,
			&sim->reply.body, &err) != 0)
			control_refuse(c, &err);
	}
	release_words(&words);
}

/* What the path's last word does. */
static int
change(struct authority *a, const char *word, const struct words *words,
    struct err *err)
{
	const char *email = words->text[EMAIL].data;
	const char *permission = words->text[PERMISSION].data;

	if (strcmp(word, "expire") == 0)
		return authority_expire(a, email, err);
	if (strcmp(word, "revoke") == 0 || strcmp(word, "restore") == 0)
		return authority_revoke(a, email, strcmp(word, "revoke") == 0,
		    err);
	if (strcmp(word, "token") == 0)
		return need(words, TOKEN, "token", err) == 0
		    ? authority_add_token(a, words->text[TOKEN].data, email,
			  permission, err)
		    : -1;
	return need(words, PERMISSION, "permission", err) == 0
	    ? authority_permit(a, email, permission, strcmp(word, "allow") == 0,
		  err)
	    : -1;
}

void
control_auth_change(struct control *c)
{
	static const char before[] = "/_sim/auth/";
	const char *word = http_target(c->x) + sizeof(before) - 1;
	char *copy = mem_strndup(word, strcspn(word, "?"));
	struct err err = ERR_INIT;
	struct words words;

	if (read_words(c, &words) == 0)
		control_done(c, change(c->sim->authority, copy, &words, &err),
		    &err);
	release_words(&words);
	free(copy);
}
