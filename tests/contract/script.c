/* SPDX-License-Identifier: MIT */
/*
 * A line's first column and its mark say what it is:
 *
 *	# a remark			A title
 *		> a request		>> bytes as they stand
 *		< an answer		* what the runner does
 *		the body of the request or answer above
 *
 * The file's text is cut into strings in place, and all else points into it.
 */
#include "tests/contract/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/str.h"
#include "tests/support/suite.h"

enum { FILE_MAX = 1 << 20, BODY_MAX = 1 << 20 };

/* What stands between a step's lines while a file is read. */
struct reader {
	struct script *script;
	struct script_case *to; /* NULL: no title yet */
	struct step *step;      /* NULL: none in this case yet */
	int line;
	int blanks; /* since the last line with something in it */
};

void
script_fault(const struct script *script, int line, const char *what)
{
	printf("Bail out! fixtures/contract/%s:%d: %s\n", script->name, line,
	    what);
	exit(EXIT_FAILURE);
}

static void
read_text(struct script *script)
{
	char relative[256];
	FILE *file;
	size_t n;

	snprintf(relative, sizeof(relative), "fixtures/contract/%s",
	    script->name);
	file = fopen(suite_source(relative), "r");
	if (file == NULL)
		script_fault(script, 0, "cannot be read");
	script->text = mem_zalloc(1, FILE_MAX);
	n = fread(script->text, 1, FILE_MAX - 1, file);
	fclose(file);
	if (n == FILE_MAX - 1)
		script_fault(script, 0, "is too long");
}

static void
begin_case(struct reader *r, const char *title)
{
	struct script *script = r->script;

	if (strcmp(title, "Every case begins with") == 0) {
		if (script->cases.n > 0)
			script_fault(script, r->line,
			    "what every case begins with stands before them");
		r->to = &script->beginning;
	} else {
		r->to = mem_zalloc(1, sizeof(*r->to));
		*vec_push(&script->cases) = r->to;
	}
	r->to->title = title;
	r->to->line = r->line;
	r->step = NULL;
}

static void
begin_step(struct reader *r, enum step_kind kind)
{
	r->step = mem_zalloc(1, sizeof(*r->step));
	r->step->kind = kind;
	r->step->line = r->line;
	buf_init(&r->step->body, BODY_MAX);
	*vec_push(&r->to->steps) = r->step;
}

/* A marked line goes on with its step, unless it must begin one. */
static void
add_head(struct reader *r, enum step_kind kind, const char *text, bool is_first)
{
	if (is_first || r->step == NULL || r->step->kind != kind ||
	    r->step->has_body)
		begin_step(r, kind);
	*vec_push(&r->step->head) = text;
}

static void
add_body(struct reader *r, const char *text)
{
	struct step *step = r->step;

	if (step == NULL || step->kind == STEP_ACTION || step->kind == STEP_RAW)
		script_fault(r->script, r->line,
		    "want '>', '>>', '<' or '*' and a blank before this");
	for (; step->has_body && r->blanks > 0; r->blanks--)
		buf_addc(&step->body, '\n');
	if (step->has_body)
		buf_addc(&step->body, '\n');
	step->has_body = true;
	if (buf_adds(&step->body, text) != 0)
		script_fault(r->script, r->line, "a body that is too long");
}

static bool
is_status(const char *text)
{
	return strspn(text, "0123456789") == 3 &&
	    (text[3] == '\0' || text[3] == ' ');
}

static void
read_line(struct reader *r, const char *line)
{
	if (line[0] != '\t') {
		begin_case(r, line);
		return;
	}
	line++;
	if (r->to == NULL)
		script_fault(r->script, r->line, "want a title first");
	if (str_starts(line, ">> "))
		add_head(r, STEP_RAW, line + 3, false);
	else if (str_starts(line, "> "))
		add_head(r, STEP_ASK, line + 2,
		    strchr(line, ':') == NULL ||
			strcspn(line + 2, " ") < strcspn(line + 2, ":"));
	else if (str_starts(line, "< "))
		add_head(r, STEP_ANSWER, line + 2, is_status(line + 2));
	else if (str_starts(line, "* "))
		add_head(r, STEP_ACTION, line + 2, true);
	else
		add_body(r, line);
	r->blanks = 0;
}

struct script *
script_load(const char *name)
{
	struct script *script = mem_zalloc(1, sizeof(*script));
	struct reader r = { .script = script };
	char *line, *next;

	script->name = mem_strdup(name);
	read_text(script);
	for (line = script->text; line != NULL; line = next) {
		r.line++;
		if ((next = strchr(line, '\n')) != NULL)
			*next++ = '\0';
		if (line[strspn(line, " \t")] == '\0')
			r.blanks++;
		else if (line[0] != '#')
			read_line(&r, line);
	}
	return script;
}

static void
release_case(struct script_case *c)
{
	size_t i;

	for (i = 0; i < c->steps.n; i++) {
		vec_release(&c->steps.v[i]->head);
		buf_release(&c->steps.v[i]->body);
		free(c->steps.v[i]);
	}
	vec_release(&c->steps);
}

void
script_free(struct script *script)
{
	size_t i;

	release_case(&script->beginning);
	for (i = 0; i < script->cases.n; i++) {
		release_case(script->cases.v[i]);
		free(script->cases.v[i]);
	}
	vec_release(&script->cases);
	free(script->text);
	free(script->name);
	free(script);
}
