/* SPDX-License-Identifier: MIT */
/* A table of words; what they mean is the simulator's to say. */
#include "sim/ctl.h"

#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/ctl_http.h"
#include "sim/ctl_url.h"
#include "sim/http.h"
#include "sim/json_out.h"
#include "sim/percent.h"
#include "sim/settings.h"
#include "sim/state_file.h"

enum {
	BODY_MAX = HTTP_MAX_BODY,
	ANSWER_MAX = 0x7fffffff,
	TARGET_MAX = 32 * 1024,
	URL_MAX = 4096,
	/* Between two looks for a simulator that is not there yet. */
	LOOK_MS = 20
};

static const char state[] = "/_sim/state";

struct ctl {
	const struct settings *set;
	char *const *words; /* behind the first */
	int n;
	struct ctl_question q;
	struct ctl_answer a;
	struct buf *out;
	struct err *err;
};

static int
ask(struct ctl *c, uint64_t timeout_us)
{
	struct buf url;
	int rc;

	buf_init(&url, URL_MAX);
	rc = ctl_url_find(c->set, &url, c->err);
	if (rc == 0)
		rc = ctl_ask(url.data, &c->q, timeout_us, &c->a, c->err);
	buf_release(&url);
	return rc;
}

/* --- what it says --- */

/* Its own words on what is wrong; or all that it said comes out. */
static int
complain(struct ctl *c)
{
	json_t *root = json_loadb(c->a.body.data, c->a.body.len, 0, NULL);
	const char *message = json_string_value(
	    json_object_get(json_object_get(root, "error"), "message"));
	const char *difference = json_string_value(
	    json_object_get(root, "difference"));

	if (message != NULL)
		err_set(c->err, ERR_REFUSED, "%s", message);
	else if (difference != NULL)
		err_set(c->err, ERR_REFUSED, "not as expected: %s", difference);
	else
		err_set(c->err, ERR_REFUSED, "the simulator answers %d",
		    c->a.status);
	if (message == NULL)
		buf_add(c->out, c->a.body.data, c->a.body.len);
	if (c->a.status == 400)
		c->err->code = ERR_USAGE;
	json_decref(root);
	return -1;
}

static int
ask_once(struct ctl *c)
{
	if (ask(c, c->set->timeout_us) != 0)
		return -1;
	return c->a.status / 100 == 2 ? 0 : complain(c);
}

static int
say(struct ctl *c, const char *method, const char *target)
{
	c->q.method = method;
	buf_adds(&c->q.target, target);
	if (ask_once(c) != 0)
		return -1;
	return buf_add(c->out, c->a.body.data, c->a.body.len);
}

/* --- words --- */

/* Has a word before this one the same NAME? */
static bool
is_said(char *const *words, int before, const char *name, size_t n)
{
	int i;

	for (i = 0; i < before; i++) {
		if (strncmp(words[i], name, n + 1) == 0)
			return true;
	}
	return false;
}

/* NAME=VALUE...; without a value: the default. */
static int
change(struct ctl *c, char *const *words, int n)
{
	struct json_out w;
	struct buf name;
	const char *value;
	int i;

	buf_init(&name, TARGET_MAX);
	json_init(&w, &c->q.body, false, NULL);
	json_open(&w, '{');
	for (i = 0; i < n; i++) {
		value = strchr(words[i], '=');
		if (value == NULL ||
		    is_said(words, i, words[i], (size_t)(value - words[i])))
			break;
		buf_clear(&name);
		buf_add(&name, words[i], (size_t)(value - words[i]));
		json_any_key(&w, name.data);
		if (*++value != '\0')
			json_str(&w, value);
		else
			json_raw(&w, "null", 4);
	}
	json_close(&w, '}');
	buf_release(&name);
	if (i < n && value != NULL)
		return err_set(c->err, ERR_USAGE,
		    "'%s': %.*s has a value already", words[i],
		    (int)(value - words[i]), words[i]);
	if (i < n)
		return err_set(c->err, ERR_USAGE,
		    "'%s': want NAME=VALUE, as the words before it", words[i]);
	if (say(c, "PATCH", "/_sim/config") != 0)
		return -1;
	buf_clear(c->out);
	return 0;
}

static int
config(struct ctl *c)
{
	return say(c, "GET", "/_sim/config");
}

static int
stats(struct ctl *c)
{
	return say(c, "GET", "/_sim/stats");
}

static int
reset(struct ctl *c)
{
	if (c->n > 0 && strcmp(c->words[0], "state") != 0)
		return err_set(c->err, ERR_USAGE,
		    "'%s': reset is of the counts, and of the buckets too when "
		    "it is 'reset state'",
		    c->words[0]);
	return say(c, "POST",
	    c->n > 0 ? "/_sim/reset?state=start" : "/_sim/reset");
}

static int
reseed(struct ctl *c)
{
	return say(c, "POST", "/_sim/reseed");
}

static int
say_name(struct ctl *c, const char *method, const char *before)
{
	buf_adds(&c->q.target, before);
	percent_encode(&c->q.target, c->words[0], strlen(c->words[0]));
	return say(c, method, "");
}

static int
keep(struct ctl *c)
{
	return say_name(c, "POST", "/_sim/snapshot?name=");
}

static int
back(struct ctl *c)
{
	return say_name(c, "POST", "/_sim/restore?name=");
}

/* The file is ours to write, and never the simulator's. */
static int
snapshot(struct ctl *c)
{
	if (state_file_check(c->words[0], c->err) != 0)
		return -1;
	c->q.method = "GET";
	buf_adds(&c->q.target, state);
	if (ask_once(c) != 0)
		return -1;
	return state_file_write(c->words[0], &c->a.body, c->err);
}

static int
restore(struct ctl *c)
{
	if (state_file_read(c->words[0], &c->q.body, c->err) != 0)
		return -1;
	c->q.method = "PUT";
	buf_adds(&c->q.target, state);
	if (ask_once(c) != 0)
		return err_wrap(c->err, "%.200s", c->words[0]);
	return 0;
}

/* Whatever keeps it from answering may pass, but for words that are wrong. */
static int
wait_until_there(struct ctl *c)
{
	uint64_t now = ctl_now_us(), end = now + c->set->timeout_us;
	int rc;

	c->q.method = "GET";
	buf_adds(&c->q.target, "/_sim/health");
	for (;;) {
		rc = ask(c, end - now);
		if (rc == 0 && c->a.status == 200)
			return 0;
		if (rc == 0)
			complain(c);
		else if (c->err->code == ERR_USAGE)
			return -1;
		poll(NULL, 0, LOOK_MS);
		now = ctl_now_us();
		if (now >= end)
			return -1;
	}
}

static int
fault(struct ctl *c)
{
	int i;

	for (i = 0; i < c->n; i++)
		buf_addf(&c->q.body, "%s\n", c->words[i]);
	return say(c, "POST", "/_sim/faults");
}

static int
faults(struct ctl *c)
{
	if (c->n > 0 && strcmp(c->words[0], "clear") != 0)
		return err_set(c->err, ERR_USAGE,
		    "'%s': faults are listed, or all gone by 'faults clear'; "
		    "'fault RULE' adds one",
		    c->words[0]);
	return say(c, c->n > 0 ? "DELETE" : "GET", "/_sim/faults");
}

static int
scopes(struct ctl *c)
{
	return say(c, "GET", "/_sim/scopes");
}

static int
say_scope(struct ctl *c, const char *method, const char *word)
{
	if (c->words[0][0] == '\0')
		return err_set(c->err, ERR_USAGE,
		    "ctl %s wants a name: %s SCOPE", word, word);
	return say_name(c, method, "/_sim/scopes/");
}

static int
open_scope(struct ctl *c)
{
	return say_scope(c, "POST", "open");
}

static int
close_scope(struct ctl *c)
{
	return say_scope(c, "DELETE", "close");
}

static int
diff(struct ctl *c)
{
	buf_adds(&c->q.target, "/_sim/diff?a=");
	percent_encode(&c->q.target, c->words[0], strlen(c->words[0]));
	buf_adds(&c->q.target, "&b=");
	percent_encode(&c->q.target, c->words[1], strlen(c->words[1]));
	return say(c, "GET", "");
}

/* NAME=VALUE... from a word on becomes a query, or what it goes on with. */
static int
add_query(struct ctl *c, int from, const char *such, char first)
{
	size_t n;
	int i;

	for (i = from; i < c->n; i++, first = '&') {
		n = strcspn(c->words[i], "=");
		if (c->words[i][n] == '\0')
			return err_set(c->err, ERR_USAGE,
			    "'%s': want NAME=VALUE, such as %s", c->words[i],
			    such);
		buf_addc(&c->q.target, first);
		percent_encode(&c->q.target, c->words[i], n);
		buf_addc(&c->q.target, '=');
		percent_encode(&c->q.target, c->words[i] + n + 1,
		    strlen(c->words[i] + n + 1));
	}
	return 0;
}

static int
expect(struct ctl *c)
{
	buf_adds(&c->q.target, "/_sim/expect");
	if (add_query(c, 0, "DELETE=1000", '?') != 0)
		return -1;
	return say(c, "GET", "");
}

static int
credentials(struct ctl *c)
{
	buf_adds(&c->q.target, "/_sim/auth/credentials?kind=");
	percent_encode(&c->q.target, c->words[0], strlen(c->words[0]));
	if (add_query(c, 1, "role=gc", '&') != 0)
		return -1;
	return say(c, "POST", "");
}

static int
auth(struct ctl *c)
{
	static const char *const words[] = { "allow", "deny", "expire",
		"restore", "revoke", "token" };
	size_t i = 0;

	if (c->n == 0)
		return say(c, "GET", "/_sim/auth");
	while (i < sizeof(words) / sizeof(words[0]) &&
	    strcmp(words[i], c->words[0]) != 0)
		i++;
	if (i == sizeof(words) / sizeof(words[0]))
		return err_set(c->err, ERR_USAGE,
		    "ctl auth has no word '%.80s': want allow, deny, expire, "
		    "restore, revoke or token",
		    c->words[0]);
	buf_adds(&c->q.target, "/_sim/auth/");
	buf_adds(&c->q.target, c->words[0]);
	if (add_query(c, 1, "permission=storage.objects.delete", '?') != 0)
		return -1;
	return say(c, "POST", "");
}

static const struct {
	const char *name;
	int least, most; /* words behind it */
	const char *args;
	const char *help;
	int (*run)(struct ctl *c);
} rows[] = {
	{ "config", 0, 0, "", "the options as they are", config },
	{ "stats", 0, 0, "", "what was counted", stats },
	{ "reset", 0, 1, "[state]", "counts begin anew; state: buckets, too",
	    reset },
	{ "reseed", 0, 0, "", "that, and all that is random", reseed },
	{ "snapshot", 1, 1, "FILE", "the buckets go to a file, as of --data",
	    snapshot },
	{ "restore", 1, 1, "FILE", "and come back from it", restore },
	{ "keep", 1, 1, "NAME", "keeps the buckets, in its memory", keep },
	{ "back", 1, 1, "NAME", "brings those back", back },
	{ "auth", 0, 8, "[WORD NAME=V...]",
	    "who may what; expire, revoke, deny, allow, token", auth },
	{ "credentials", 1, 8, "KIND NAME=V...",
	    "a client's file, of a service_account, say", credentials },
	{ "wait", 0, 0, "", "until it answers", wait_until_there },
	{ "fault", 1, 64, "RULE...", "adds rules of what goes wrong", fault },
	{ "faults", 0, 1, "[clear]", "those that there are", faults },
	{ "scopes", 0, 0, "", "what is counted apart", scopes },
	{ "open", 1, 1, "SCOPE", "counts apart from now on", open_scope },
	{ "close", 1, 1, "SCOPE", "until now", close_scope },
	{ "diff", 2, 2, "SCOPE SCOPE", "what two scopes have different", diff },
	{ "expect", 1, 64, "NAME=N...",
	    "status 1, and why, unless so much was counted", expect },
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

void
ctl_add_help(struct buf *out)
{
	char word[64];
	size_t i;

	buf_addf(out, "  %-26s %s\n", "NAME=VALUE...",
	    "changes options; NAME=: its default");
	for (i = 0; i < ROWS; i++) {
		snprintf(word, sizeof(word), "%s%s%s", rows[i].name,
		    rows[i].args[0] != '\0' ? " " : "", rows[i].args);
		buf_addf(out, "  %-26s %s\n", word, rows[i].help);
	}
}

static int
run_word(struct ctl *c, const char *word)
{
	size_t i;

	for (i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].name, word) != 0)
			continue;
		if (c->n < rows[i].least || c->n > rows[i].most)
			return err_set(c->err, ERR_USAGE,
			    "want 'ctl %s%s%s', not %d word%s behind it", word,
			    rows[i].args[0] != '\0' ? " " : "", rows[i].args,
			    c->n, c->n == 1 ? "" : "s");
		return rows[i].run(c);
	}
	return err_set(c->err, ERR_USAGE,
	    "ctl has no word '%.80s', and NAME=VALUE is what changes an option "
	    "(see --help)",
	    word);
}

int
ctl_run(const struct settings *set, char *const *words, int n, struct buf *out,
    struct err *err)
{
	struct ctl c = { .set = set, .out = out, .err = err };
	int rc;

	if (n == 0)
		return err_set(err, ERR_USAGE,
		    "ctl wants a word, such as stats, or NAME=VALUE (see "
		    "--help)");
	c.words = words + 1;
	c.n = n - 1;
	buf_init(&c.q.target, TARGET_MAX);
	buf_init(&c.q.body, BODY_MAX);
	buf_init(&c.a.body, ANSWER_MAX);
	rc = strchr(words[0], '=') != NULL ? change(&c, words, n)
					   : run_word(&c, words[0]);
	buf_release(&c.a.body);
	buf_release(&c.q.body);
	buf_release(&c.q.target);
	return rc;
}
