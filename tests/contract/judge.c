/* SPDX-License-Identifier: MIT */
/*
 * The lines behind "<": a status, headers, and what the body is like.  What is
 * expected in braces is compared as JSON, what comes as XML without the blanks
 * between its tags, anything else as text; "exactly" forbids all of that.
 */
#include "tests/contract/judge.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "src/base/str.h"
#include "tests/contract/client.h"
#include "tests/contract/json_diff.h"
#include "tests/contract/pattern.h"
#include "tests/contract/script.h"

enum { TEXT_MAX = 1 << 28 };

struct judge {
	const struct client_answer *got;
	struct variables *vars;
	struct buf *out;
	bool is_exact; /* "exactly" was said */
	const char *fault;
};

/* --- headers --- */

/* The value of a head's line when it is this header, without blanks before;
 * *n: to its end. */
static const char *
header_value(const char *line, const char *name, size_t name_len, size_t *n)
{
	if (strncasecmp(line, name, name_len) != 0 || line[name_len] != ':')
		return NULL;
	line += name_len + 1;
	line += strspn(line, " ");
	*n = strcspn(line, "\r\n");
	return line;
}

/* want: a pattern, or NULL for any value.  Any line of that name will do. */
static bool
has_header(struct judge *j, const char *name, size_t name_len, const char *want)
{
	const char *line, *value;
	size_t n;

	for (line = strstr(j->got->head.data, "\r\n"); line != NULL;
	     line = strstr(line + 2, "\r\n")) {
		value = header_value(line + 2, name, name_len, &n);
		if (value != NULL &&
		    (want == NULL ||
			pattern_match(want, true, value, n, j->vars,
			    &j->fault)))
			return true;
	}
	return false;
}

static void
judge_header(struct judge *j, const char *line)
{
	const char *colon = strchr(line, ':'), *want;

	if (colon == NULL) {
		j->fault = "want a status, 'Name: value', 'no Name', 'error "
			   "REASON: MESSAGE', 'nothing', 'exactly' or "
			   "'closes' behind '<'";
		return;
	}
	want = colon + 1 + strspn(colon + 1, " ");
	if (!has_header(j, line, (size_t)(colon - line), want))
		buf_addf(j->out, "want the header %s\n", line);
}

/* --- errors --- */

/* "[DOMAIN/]REASON[ at TYPE NAME]: MESSAGE" is production's whole envelope. */
static void
judge_error(struct judge *j, const char *line)
{
	const char *message = strstr(line, ": "), *slash, *at;
	char reason[120], domain[40] = "global", type[20], where[60];
	json_t *item, *want, *got;

	if (message == NULL || message - line >= (int)sizeof(reason)) {
		j->fault = "want 'error REASON: MESSAGE'";
		return;
	}
	snprintf(reason, sizeof(reason), "%.*s", (int)(message - line), line);
	at = strstr(reason, " at ");
	if (at != NULL) {
		if (sscanf(at, " at %19s %59s", type, where) != 2)
			j->fault = "want 'at header NAME' or 'at parameter "
				   "NAME'";
		reason[at - reason] = '\0';
	}
	slash = strchr(reason, '/');
	if (slash != NULL)
		snprintf(domain, sizeof(domain), "%.*s", (int)(slash - reason),
		    reason);
	item = json_pack("{s:s, s:s, s:s}", "message", message + 2, "domain",
	    domain, "reason", slash != NULL ? slash + 1 : reason);
	if (at != NULL && j->fault == NULL) {
		json_object_set_new(item, "locationType", json_string(type));
		json_object_set_new(item, "location", json_string(where));
	}
	want = json_pack("{s:{s:i, s:s, s:[o]}}", "error", "code",
	    j->got->status, "message", message + 2, "errors", item);
	got = json_loadb(j->got->body.data, j->got->body.len, 0, NULL);
	json_diff(want, got, true, j->vars, j->out);
	json_decref(want);
	json_decref(got);
}

/* --- bodies --- */

static void
judge_json(struct judge *j, const char *text)
{
	json_error_t error;
	json_t *want = json_loads(text, JSON_DECODE_ANY, &error), *got;

	if (want == NULL) {
		j->fault = "the body that is expected is not JSON";
		return;
	}
	got = json_loadb(j->got->body.data, j->got->body.len, JSON_DECODE_ANY,
	    &error);
	if (got == NULL)
		buf_addf(j->out, "want JSON, and the body is not: %s\n",
		    error.text);
	else
		json_diff(want, got, false, j->vars, j->out);
	json_decref(want);
	json_decref(got);
}

/* Is there a tag's end, "...", or nothing before? */
static bool
ends_tag(const struct buf *b)
{
	return b->len == 0 || b->data[b->len - 1] == '>' ||
	    str_ends(b->data, "...");
}

static bool
begins_tag(const char *s, const char *end)
{
	return s == end || *s == '<' || (end - s >= 3 && str_starts(s, "..."));
}

/* Without the blanks between two tags and around all. */
static void
add_xml(struct buf *out, const char *s, size_t n)
{
	const char *end = s + n;
	size_t blanks;

	while (s < end) {
		for (blanks = 0;
		     s + blanks < end && isspace((unsigned char)s[blanks]);)
			blanks++;
		if (blanks == 0)
			buf_addc(out, *s++);
		else if (!ends_tag(out) || !begins_tag(s + blanks, end))
			buf_add(out, s, blanks);
		s += blanks;
	}
}

/* Lines end in LF, as in the fixture. */
static void
add_lines(struct buf *out, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] != '\r' || i + 1 == n || s[i + 1] != '\n')
			buf_addc(out, s[i]);
	}
}

/* What came decides what it is compared as. */
static void
judge_text(struct judge *j, const char *text)
{
	const struct buf *body = &j->got->body;
	bool is_xml = str_starts(body->data, "<?xml ");
	struct buf want, got;

	buf_init(&want, TEXT_MAX);
	buf_init(&got, TEXT_MAX);
	if (j->is_exact)
		buf_add(&got, body->data, body->len);
	else if (is_xml)
		add_xml(&got, body->data, body->len);
	else
		add_lines(&got, body->data, body->len);
	if (is_xml && !j->is_exact)
		add_xml(&want, text, strlen(text));
	else
		buf_adds(&want, text);
	if (!pattern_match(want.data, true, got.data, got.len, j->vars,
		&j->fault))
		buf_addf(j->out, "want the body:\n%s\n", text);
	buf_release(&want);
	buf_release(&got);
}

/* --- all of it --- */

static void
judge_line(struct judge *j, const char *line)
{
	if (str_starts(line, "no ")) {
		if (has_header(j, line + 3, strlen(line + 3), NULL))
			buf_addf(j->out, "want %s\n", line);
	} else if (str_starts(line, "error ")) {
		judge_error(j, line + 6);
	} else if (strcmp(line, "nothing") == 0) {
		if (j->got->body.len > 0)
			buf_adds(j->out, "want an empty body\n");
	} else if (strcmp(line, "exactly") == 0) {
		j->is_exact = true;
	} else if (strcmp(line, "closes") != 0) {
		judge_header(j, line);
	}
}

const char *
judge_answer(const struct step *want, const struct client_answer *got,
    struct variables *vars, struct buf *out)
{
	struct judge j = { .got = got, .vars = vars, .out = out };
	int status = atoi(want->head.v[0]);
	size_t i;

	if (status != got->status)
		buf_addf(out, "want %d, got %d\n", status, got->status);
	for (i = 1; i < want->head.n && j.fault == NULL; i++)
		judge_line(&j, want->head.v[i]);
	if (!want->has_body || j.fault != NULL)
		return j.fault;
	if (!j.is_exact && strchr("{[", want->body.data[0]) != NULL)
		judge_json(&j, want->body.data);
	else
		judge_text(&j, want->body.data);
	return j.fault;
}
