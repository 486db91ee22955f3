/* SPDX-License-Identifier: MIT */
/*
 * A pattern is cut into pieces (literal bytes, any text, a variable to bind),
 * and these are tried against the text from the left, the shortest first.
 */
#include "tests/contract/pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"

enum { TEXT_MAX = 1 << 26, NAME_MAX_LEN = 40 };

void
variables_release(struct variables *vars)
{
	size_t i;

	for (i = 0; i < vars->v.n; i++) {
		free(vars->v.v[i].name);
		free(vars->v.v[i].value);
	}
	vec_release(&vars->v);
}

static const char *
find_variable(const struct variables *vars, const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < vars->v.n; i++) {
		if (strlen(vars->v.v[i].name) == n &&
		    memcmp(vars->v.v[i].name, name, n) == 0)
			return vars->v.v[i].value;
	}
	return NULL;
}

/* How many bytes of "name..." are a variable's name. */
static size_t
name_length(const char *s)
{
	return strspn(s, "abcdefghijklmnopqrstuvwxyz_");
}

/* --- escapes --- */

static const char *add_escape(const char *s, struct buf *out);

/* "\<COUNT TEXT\>", behind the "<"; answers what follows, or NULL. */
static const char *
add_repeated(const char *s, struct buf *out)
{
	char *text;
	unsigned long count = strtoul(s, &text, 10);
	struct buf once;

	if (*text != ' ' || count == 0)
		return NULL;
	buf_init(&once, TEXT_MAX);
	for (s = text + 1; s != NULL && strncmp(s, "\\>", 2) != 0;) {
		if (*s == '\0')
			s = NULL;
		else if (*s == '\\')
			s = add_escape(s + 1, &once);
		else
			buf_addc(&once, *s++);
	}
	while (count-- > 0 && !out->full)
		buf_add(out, once.data, once.len);
	buf_release(&once);
	return s != NULL ? s + 2 : NULL;
}

/* s is behind the backslash; answers what follows the escape, or NULL. */
static const char *
add_escape(const char *s, struct buf *out)
{
	static const char names[] = "rnt0\\", bytes[] = "\r\n\t\0\\";
	const char *at = *s != '\0' ? strchr(names, *s) : NULL;
	unsigned byte;

	if (at != NULL) {
		buf_addc(out, bytes[at - names]);
		return s + 1;
	}
	if (*s == '<')
		return add_repeated(s + 1, out);
	if (*s != 'x' || strspn(s + 1, "0123456789abcdefABCDEF") < 2)
		return NULL;
	sscanf(s + 1, "%2x", &byte);
	buf_addc(out, (char)byte);
	return s + 3;
}

static const char bad_escape[] =
    "want \\r \\n \\t \\0 \\xHH \\\\ or \\<COUNT TEXT\\> behind a backslash";

const char *
pattern_expand(const char *s, const struct variables *vars, struct buf *out)
{
	const char *value;
	size_t n;

	while (*s != '\0') {
		if (*s == '\\') {
			if ((s = add_escape(s + 1, out)) == NULL)
				return bad_escape;
		} else if (*s == '$' && s[1] == '$') {
			buf_addc(out, '$');
			s += 2;
		} else if (*s == '$' && (n = name_length(s + 1)) > 0) {
			value = find_variable(vars, s + 1, n);
			if (value == NULL)
				return "a variable that no answer has bound";
			buf_adds(out, value);
			s += 1 + n;
		} else {
			buf_addc(out, *s++);
		}
	}
	return out->full ? "this is too long" : NULL;
}

/* --- patterns --- */

struct piece {
	enum { PIECE_TEXT, PIECE_ANY, PIECE_BIND } kind;
	size_t at, n;            /* PIECE_TEXT: in the bytes */
	char name[NAME_MAX_LEN]; /* PIECE_BIND */
	const char *took;        /* and what it holds while we try */
	size_t took_n;
};

struct pattern {
	VEC(struct piece) pieces;
	struct buf bytes;
};

static struct piece *
add_piece(struct pattern *p, int kind)
{
	struct piece *piece = vec_push(&p->pieces);

	*piece = (struct piece){ .at = p->bytes.len };
	piece->kind = kind;
	return piece;
}

/* The bytes added since `from` are text; only text adds any. */
static void
add_text(struct pattern *p, size_t from)
{
	struct piece *last = p->pieces.n > 0 ? &p->pieces.v[p->pieces.n - 1]
					     : NULL;

	if (p->bytes.len == from)
		return;
	if (last == NULL || last->kind != PIECE_TEXT) {
		last = add_piece(p, PIECE_TEXT);
		last->at = from;
	}
	last->n += p->bytes.len - from;
}

/* "$name", behind the dollar; answers what follows. */
static const char *
cut_variable(struct pattern *p, const char *s, const struct variables *vars)
{
	size_t n = name_length(s), from = p->bytes.len;
	const char *value = find_variable(vars, s, n);

	if (value != NULL) {
		buf_adds(&p->bytes, value);
		add_text(p, from);
	} else {
		snprintf(add_piece(p, PIECE_BIND)->name, NAME_MAX_LEN, "%.*s",
		    (int)n, s);
	}
	return s + n;
}

static const char *
cut(struct pattern *p, const char *s, bool has_escapes,
    const struct variables *vars)
{
	size_t from;

	while (*s != '\0') {
		from = p->bytes.len;
		if (strncmp(s, "...", 3) == 0) {
			add_piece(p, PIECE_ANY);
			s += 3;
		} else if (*s == '$' && name_length(s + 1) > 0) {
			s = cut_variable(p, s + 1, vars);
		} else if (*s == '\\' && has_escapes) {
			if ((s = add_escape(s + 1, &p->bytes)) == NULL)
				return bad_escape;
			add_text(p, from);
		} else {
			s += *s == '$' && s[1] == '$';
			buf_addc(&p->bytes, *s++);
			add_text(p, from);
		}
	}
	return p->bytes.full ? "this is too long" : NULL;
}

static bool
matches(struct pattern *p, size_t i, const char *text, size_t n)
{
	struct piece *piece;
	size_t took;

	for (; i < p->pieces.n && p->pieces.v[i].kind == PIECE_TEXT; i++) {
		piece = &p->pieces.v[i];
		if (n < piece->n ||
		    memcmp(text, p->bytes.data + piece->at, piece->n) != 0)
			return false;
		text += piece->n;
		n -= piece->n;
	}
	if (i == p->pieces.n)
		return n == 0;
	piece = &p->pieces.v[i];
	/* What is bound is something. */
	for (took = piece->kind == PIECE_BIND; took <= n; took++) {
		piece->took = text;
		piece->took_n = took;
		if (matches(p, i + 1, text + took, n - took))
			return true;
	}
	return false;
}

static void
bind(const struct pattern *p, struct variables *vars)
{
	struct variable *var;
	size_t i;

	for (i = 0; i < p->pieces.n; i++) {
		const struct piece *piece = &p->pieces.v[i];

		if (piece->kind != PIECE_BIND)
			continue;
		var = vec_push(&vars->v);
		var->name = mem_strdup(piece->name);
		var->value = mem_strndup(piece->took, piece->took_n);
	}
}

bool
pattern_match(const char *pattern, bool has_escapes, const char *text, size_t n,
    struct variables *vars, const char **fault)
{
	struct pattern p = { 0 };
	const char *wrong;
	bool is_match = false;

	buf_init(&p.bytes, TEXT_MAX);
	wrong = cut(&p, pattern, has_escapes, vars);
	if (wrong != NULL)
		*fault = wrong;
	else if ((is_match = matches(&p, 0, text, n)))
		bind(&p, vars);
	buf_release(&p.bytes);
	vec_release(&p.pieces);
	return is_match;
}
