/* SPDX-License-Identifier: MIT */
/*
 * A case's steps in their order, up to the first that goes wrong.  The
 * simulator starts with the first step that needs one, with the options that
 * a "* gcs-sim" before it names.
 */
#include "tests/contract/play.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/sim.h"
#include "sim/settings.h"
#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "tests/contract/client.h"
#include "tests/contract/judge.h"
#include "tests/contract/pattern.h"
#include "tests/contract/script.h"

enum { REQUEST_MAX = 1 << 26, ARGS_MAX = 32, SHOWN_MAX = 4000 };

struct play {
	const struct script *script;
	struct buf *out;
	struct loop *loop;
	struct sim *sim; /* NULL: not started yet */
	struct client *client;
	struct variables vars;
	struct buf request; /* the last that was sent, */
	size_t said;        /* and how much of it before this step */
	bool goes_on;       /* the server has asked for its rest: 100 */
	char *options;      /* what the settings borrow */
	struct settings settings;
};

/* --- the simulator --- */

static void
fault(const struct play *p, const struct step *step, const char *what)
{
	if (what != NULL)
		script_fault(p->script, step->line, what);
}

/* "gcs-sim --write-limit 1/s --burst 1" */
static void
set_options(struct play *p, const struct step *step, const char *text)
{
	char *argv[ARGS_MAX] = { NULL }, *rest, *word;
	struct err err = ERR_INIT;
	int argc = 0, operands;

	free(p->options);
	p->options = rest = mem_strdup(text);
	while ((word = strsep(&rest, " ")) != NULL && argc < ARGS_MAX - 1)
		argv[argc++] = word;
	if (opt_parse(&settings_table, SETTINGS_LINE, argc, argv, &p->settings,
		&operands, &err) != 0)
		fault(p, step, err.text);
}

static void
start(struct play *p, const struct step *step)
{
	struct err err = ERR_INIT;

	if (p->sim != NULL)
		return;
	if (p->options == NULL)
		set_options(p, step, "gcs-sim");
	if (settings_settle(&p->settings, &err) != 0 ||
	    (p->sim = sim_start_on(p->loop, &p->settings.opts, &err)) == NULL)
		fault(p, step, err.text);
	p->client = client_new(p->loop, sim_url(p->sim));
}

/* --- asking --- */

static void
expand(const struct play *p, const struct step *step, const char *text,
    struct buf *out)
{
	fault(p, step, pattern_expand(text, &p->vars, out));
}

static bool
has_line(const struct step *step, const char *prefix)
{
	size_t i;

	for (i = 1; i < step->head.n; i++) {
		if (strncasecmp(step->head.v[i], prefix, strlen(prefix)) == 0)
			return true;
	}
	return false;
}

/* Three chunks, so that their seams are seen. */
static void
add_chunked(struct buf *out, const struct buf *body)
{
	size_t at, n, most = body->len / 3 + 1;

	for (at = 0; at < body->len; at += n) {
		n = body->len - at < most ? body->len - at : most;
		buf_addf(out, "%zx\r\n", n);
		buf_add(out, body->data + at, n);
		buf_adds(out, "\r\n");
	}
	buf_adds(out, "0\r\n\r\n");
}

static void
add_body(struct play *p, const struct step *step)
{
	const char *first = step->head.v[0];
	bool wants_length = step->has_body || str_starts(first, "POST ") ||
	    str_starts(first, "PUT ") || str_starts(first, "PATCH ");
	bool is_chunked = has_line(step, "Transfer-Encoding: chunked");
	struct buf body;

	buf_init(&body, REQUEST_MAX);
	if (step->has_body)
		expand(p, step, step->body.data, &body);
	if (wants_length && !is_chunked && !has_line(step, "Content-Length:"))
		buf_addf(&p->request, "Content-Length: %zu\r\n", body.len);
	buf_adds(&p->request, "\r\n");
	if (is_chunked)
		add_chunked(&p->request, &body);
	else
		buf_add(&p->request, body.data, body.len);
	buf_release(&body);
}

static void
compose(struct play *p, const struct step *step)
{
	size_t i;

	if (!p->goes_on)
		buf_clear(&p->request);
	p->said = p->request.len;
	for (i = 0; i < step->head.n; i++) {
		expand(p, step, step->head.v[i], &p->request);
		buf_adds(&p->request,
		    step->kind == STEP_RAW ? ""
			: i == 0           ? " HTTP/1.1\r\n"
					   : "\r\n");
	}
	if (step->kind == STEP_RAW)
		return;
	if (!has_line(step, "Host:"))
		buf_adds(&p->request, "Host: storage.test\r\n");
	add_body(p, step);
}

static void
send_request(struct play *p)
{
	client_send(p->client, p->request.data + p->said,
	    p->request.len - p->said);
}

/* Has the server all that the request promises?  Chunks are taken for whole. */
static bool
is_whole(const struct buf *request)
{
	const char *end = request->len > 0
	    ? memmem(request->data, request->len, "\r\n\r\n", 4)
	    : NULL;
	const char *length = strcasestr(request->data, "\r\nContent-Length:");
	size_t n = length != NULL ? strtoul(length + 17, NULL, 10) : 0;

	return end != NULL &&
	    request->len - (size_t)(end + 4 - request->data) >= n;
}

/* --- answers --- */

/* NULL, or why there is none. */
static const char *
hear(struct play *p, const struct client_answer **got)
{
	const char *why = client_hear(p->client,
	    !str_starts(p->request.data, "HEAD "), is_whole(&p->request), got);

	p->goes_on = why == NULL && (*got)->status == 100;
	return why;
}

/* Which step it was, what was sent, what came. */
static void
explain(struct play *p, const struct step *step, const char *why,
    const struct client_answer *got)
{
	buf_addf(p->out, "line %d: %s\n", step->line, why);
	buf_addf(p->out, "sent: %.*s\n", (int)strcspn(p->request.data, "\r\n"),
	    p->request.data);
	if (got == NULL)
		return;
	buf_adds(p->out, "got:\n");
	buf_adds(p->out, got->head.data);
	buf_add(p->out, got->body.data,
	    got->body.len < SHOWN_MAX ? got->body.len : SHOWN_MAX);
	buf_addc(p->out, '\n');
}

static void
check_answer(struct play *p, const struct step *step)
{
	const struct client_answer *got;
	const char *why = hear(p, &got);
	struct buf differences;

	if (why == NULL && has_line(step, "closes"))
		why = client_hear_end(p->client);
	if (why != NULL) {
		explain(p, step, why, NULL);
		return;
	}
	buf_init(&differences, REQUEST_MAX);
	fault(p, step, judge_answer(step, got, &p->vars, &differences));
	if (differences.len > 0)
		explain(p, step, differences.data, got);
	buf_release(&differences);
}

/* For requests of which nothing is expected but that they succeed. */
static void
check_success(struct play *p, const struct step *step)
{
	const struct client_answer *got;
	const char *why = hear(p, &got);

	if (why != NULL)
		explain(p, step, why, NULL);
	else if (got->status / 100 != 2)
		explain(p, step, "want this to succeed", got);
}

/* --- actions --- */

static void
ask_json(struct play *p, const struct step *step, const char *target,
    const char *body)
{
	buf_clear(&p->request);
	p->said = 0;
	buf_addf(&p->request,
	    "POST %s HTTP/1.1\r\nHost: storage.test\r\n"
	    "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
	    target, strlen(body), body);
	send_request(p);
	check_success(p, step);
}

static void
put_object(struct play *p, const struct step *step, const char *bucket,
    const char *name)
{
	struct buf target;
	const char *at;

	buf_init(&target, REQUEST_MAX);
	buf_addf(&target,
	    "/upload/storage/v1/b/%s/o?uploadType=media&name=", bucket);
	for (at = name; *at != '\0'; at++)
		buf_addf(&target, "%%%02X", (unsigned char)*at);
	buf_clear(&p->request);
	p->said = 0;
	buf_addf(&p->request,
	    "POST %s HTTP/1.1\r\nHost: storage.test\r\n"
	    "Content-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%s",
	    target.data, strlen(name), name);
	buf_release(&target);
	send_request(p);
	check_success(p, step);
}

/* "NAME [{PROPERTIES}] [with OBJECT...]", each object's name its bytes. */
static void
make_bucket(struct play *p, const struct step *step, const char *text)
{
	char *copy = mem_strdup(text), *rest = copy, *word, *name, *body;
	char *with = strstr(copy, " with "), *brace;
	json_t *properties;

	if (with != NULL)
		*with = '\0';
	name = strsep(&rest, " ");
	brace = rest != NULL ? strchr(rest, '{') : NULL;
	properties = brace != NULL ? json_loads(brace, 0, NULL) : json_object();
	if (properties == NULL || (rest != NULL && brace == NULL))
		fault(p, step, "want bucket NAME [{JSON}] [with OBJECT...]");
	json_object_set_new(properties, "name", json_string(name));
	body = json_dumps(properties, 0);
	ask_json(p, step, "/storage/v1/b?project=p", body);
	rest = with != NULL ? with + strlen(" with ") : NULL;
	while ((word = strsep(&rest, " ")) != NULL)
		put_object(p, step, name, word);
	json_decref(properties);
	free(body);
	free(copy);
}

static void
act(struct play *p, const struct step *step)
{
	const char *text = step->head.v[0];
	uint64_t us;

	if (str_starts(text, "gcs-sim ")) {
		if (p->sim != NULL)
			fault(p, step, "gcs-sim's options come first");
		set_options(p, step, text);
		return;
	}
	start(p, step);
	if (str_starts(text, "bucket ")) {
		make_bucket(p, step, text + strlen("bucket "));
	} else if (str_starts(text, "wait ")) {
		if (str_parse_duration(text + strlen("wait "), &us) != 0)
			fault(p, step, "want a time such as 130s");
		fault(p, step, client_wait(p->client, us));
	} else {
		fault(p, step, "want gcs-sim, bucket or wait behind '*'");
	}
}

/* --- a case --- */

static void
play_step(struct play *p, const struct step *step, const struct step *next)
{
	if (step->kind == STEP_ACTION) {
		act(p, step);
		return;
	}
	start(p, step);
	if (step->kind == STEP_ANSWER) {
		check_answer(p, step);
		return;
	}
	compose(p, step);
	send_request(p);
	if (next == NULL || next->kind != STEP_ANSWER)
		check_success(p, step);
}

static void
play_steps(struct play *p, const struct script_case *c)
{
	size_t i;

	for (i = 0; i < c->steps.n && p->out->len == 0; i++)
		play_step(p, c->steps.v[i],
		    i + 1 < c->steps.n ? c->steps.v[i + 1] : NULL);
}

void
play_case(const struct script *script, const struct script_case *c,
    struct buf *out)
{
	struct play p = { .script = script, .out = out };

	p.loop = loop_new(LOOP_VIRTUAL);
	buf_init(&p.request, REQUEST_MAX);
	play_steps(&p, &script->beginning);
	play_steps(&p, c);
	if (p.sim != NULL) {
		client_free(p.client);
		sim_stop(p.sim);
	}
	loop_free(p.loop);
	variables_release(&p.vars);
	buf_release(&p.request);
	free(p.options);
}
