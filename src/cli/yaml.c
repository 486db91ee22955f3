/* SPDX-License-Identifier: MIT */
/*
 * libfyaml reads, and this makes the tree of its events.  Its own documents are
 * not used: they resolve aliases by copying, and nine lines can ask for a
 * billion copies.
 *
 * What is no text at all is refused before libfyaml sees it.
 */
#include "src/cli/yaml.h"

#include <libfyaml.h>
#include <string.h>

#include "src/base/str.h"
#include "src/base/vec.h"

/* libfyaml 0.7.12 reads 'a''''b', which is a''b, as something else, and leaks.  Up to
 * three quotes in a row are safe: 400,000 random values were read right. */
enum { QUOTES_BAD = 4 };

struct anchor {
	const char *name;
	struct yaml_node *node;
};

struct reader {
	struct yaml *y;
	const char *from;
	bool has_lines;
	struct fy_parser *parser;
	struct fy_diag *diag;
	VEC(struct anchor) anchors;
	unsigned line; /* of the latest event that has one */
	struct err *err;
};

bool
yaml_is_built(void)
{
	return true;
}

static int
refuse(struct reader *r, unsigned line, const char *what)
{
	if (!r->has_lines)
		return err_set(r->err, ERR_CONFIG, "%s: %.200s", r->from, what);
	return err_set(r->err, ERR_CONFIG, "%.200s:%u: %.200s", r->from, line,
	    what);
}

/* --- the text --- */

/* The length of the UTF-8 sequence at s, 0: it is none.  The rest of what UTF-8
 * forbids is libfyaml's business. */
static size_t
count_bytes(const unsigned char *s, size_t n)
{
	size_t want = s[0] < 0x80 ? 1
	    : s[0] < 0xc2         ? 0
	    : s[0] < 0xe0         ? 2
	    : s[0] < 0xf0         ? 3
	    : s[0] < 0xf5         ? 4
				  : 0;
	size_t i;

	if (want > n)
		return 0;
	for (i = 1; i < want; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	return want;
}

static int
check_text(struct reader *r, const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;
	unsigned line = 1, quotes = 0;
	size_t i = 0, step;

	if (n > YAML_TEXT_MAX)
		return err_set(r->err, ERR_CONFIG,
		    "%s: larger than %d bytes, so it is no registry's "
		    "configuration",
		    r->from, YAML_TEXT_MAX);
	for (; i < n; i += step) {
		if (s[i] == '\n')
			line++;
		step = count_bytes(s + i, n - i);
		if (step == 0)
			return refuse(r, line, "not text in UTF-8");
		if ((s[i] < ' ' && strchr("\t\n\r", s[i]) == NULL) ||
		    s[i] == 0 || s[i] == 0x7f)
			return refuse(r, line,
			    "a control character, so it is no YAML");
		quotes = s[i] == '\'' ? quotes + 1 : 0;
		if (quotes == QUOTES_BAD)
			return refuse(r, line,
			    "four ' in a row, which libfyaml misreads; use \"");
	}
	return 0;
}

/* --- events --- */

static int
refuse_syntax(struct reader *r)
{
	void *at = NULL;
	const struct fy_diag_error *e = fy_diag_errors_iterate(r->diag, &at);
	char what[200] = "not YAML";

	if (e == NULL)
		return refuse(r, r->line, what);
	snprintf(what, sizeof(what), "not YAML: %s", e->msg);
	/* It counts lines from 1 here, and from 0 in its marks. */
	return refuse(r, e->line > 0 ? (unsigned)e->line : r->line, what);
}

/* NULL: the error is set. */
static struct fy_event *
next(struct reader *r)
{
	struct fy_event *ev = fy_parser_parse(r->parser);
	const struct fy_mark *mark;

	if (ev == NULL || fy_parser_get_stream_error(r->parser)) {
		refuse_syntax(r);
		fy_parser_event_free(r->parser, ev);
		return NULL;
	}
	if ((mark = fy_event_start_mark(ev)) != NULL)
		r->line = (unsigned)mark->line + 1;
	return ev;
}

static const char *
copy_token(struct reader *r, struct fy_token *token, size_t *n)
{
	const char *text = token != NULL ? fy_token_get_text(token, n) : NULL;

	if (text == NULL) {
		*n = 0;
		text = "";
	}
	return arena_strndup(&r->y->arena, text, *n);
}

static void
keep_anchor(struct reader *r, struct fy_token *token, struct yaml_node *node)
{
	struct anchor *a;
	size_t n;

	if (token == NULL)
		return;
	a = vec_push(&r->anchors);
	a->name = copy_token(r, token, &n);
	a->node = node;
}

static struct yaml_node *
find_anchor(struct reader *r, struct fy_token *token)
{
	size_t n, i;
	const char *name = copy_token(r, token, &n);
	char what[120];

	for (i = r->anchors.n; i > 0; i--) {
		if (strcmp(r->anchors.v[i - 1].name, name) == 0)
			return r->anchors.v[i - 1].node;
	}
	snprintf(what, sizeof(what), "*%.60s: no such anchor before it", name);
	refuse(r, r->line, what);
	return NULL;
}

static struct yaml_node *
new_node(struct reader *r, enum yaml_kind kind)
{
	return yaml_new(r->y, kind, r->from, r->has_lines ? r->line : 0,
	    r->err);
}

static struct yaml_node *
take_scalar(struct reader *r, const struct fy_event *ev)
{
	struct yaml_node *node = new_node(r, YAML_SCALAR);
	struct fy_token *value = ev->scalar.value;
	size_t n, n_tag;

	if (node == NULL)
		return NULL;
	node->text = copy_token(r, value, &n);
	if (strlen(node->text) != n) {
		refuse(r, r->line, "a NUL in a value");
		return NULL;
	}
	node->is_plain = value == NULL ||
	    fy_token_scalar_style(value) == FYSS_PLAIN;
	if (ev->scalar.tag != NULL) {
		const char *tag = copy_token(r, ev->scalar.tag, &n_tag);

		node->is_tagged = !str_ends(tag, "str") &&
		    strcmp(tag, "!") != 0;
		node->is_plain = false;
	}
	keep_anchor(r, ev->scalar.anchor, node);
	return node;
}

static struct yaml_node *take(struct reader *r, struct fy_event *ev,
    unsigned depth);

/* A key, as its text; NULL: the error is set. */
static const char *
take_key(struct reader *r, struct fy_event *ev, bool *is_merge, unsigned depth)
{
	const struct yaml_node *key = take(r, ev, depth);

	if (key == NULL)
		return NULL;
	if (key->kind != YAML_SCALAR) {
		refuse(r, r->line, "a key that is a list or a map");
		return NULL;
	}
	*is_merge = key->is_plain && strcmp(key->text, "<<") == 0;
	return key->text;
}

/* Up to its end; answers 0 at that. */
static int
take_pairs(struct reader *r, struct yaml_node *map, unsigned depth)
{
	struct yaml_node *value;
	struct fy_event *ev;
	const char *key;
	bool is_merge;
	int rc = 0;

	while (rc == 0) {
		if ((ev = next(r)) == NULL)
			return -1;
		if (ev->type == FYET_MAPPING_END) {
			fy_parser_event_free(r->parser, ev);
			return 0;
		}
		if ((key = take_key(r, ev, &is_merge, depth)) == NULL ||
		    (ev = next(r)) == NULL ||
		    (value = take(r, ev, depth)) == NULL)
			return -1;
		rc = is_merge ? yaml_merge(r->y, map, value, r->err)
			      : yaml_put(r->y, map, key, value, false, r->err);
	}
	return rc;
}

static int
take_items(struct reader *r, struct yaml_node *list, unsigned depth)
{
	struct yaml_node *value;
	struct fy_event *ev;

	for (;;) {
		if ((ev = next(r)) == NULL)
			return -1;
		if (ev->type == FYET_SEQUENCE_END) {
			fy_parser_event_free(r->parser, ev);
			return 0;
		}
		if ((value = take(r, ev, depth)) == NULL ||
		    yaml_append(r->y, list, value, r->err) != 0)
			return -1;
	}
}

/* A list or a map.  Its anchor is known behind it, so that none holds itself. */
static struct yaml_node *
take_many(struct reader *r, struct fy_event *ev, unsigned depth)
{
	bool is_map = ev->type == FYET_MAPPING_START;
	struct fy_token *anchor = is_map ? ev->mapping_start.anchor
					 : ev->sequence_start.anchor;
	struct yaml_node *node = NULL;

	if (depth == YAML_DEPTH_MAX)
		refuse(r, r->line, "lists and maps in each other too deep");
	else
		node = new_node(r, is_map ? YAML_MAP : YAML_LIST);
	if (node == NULL)
		return NULL;
	if ((is_map ? take_pairs(r, node, depth + 1)
		    : take_items(r, node, depth + 1)) != 0)
		return NULL;
	keep_anchor(r, anchor, node);
	return node;
}

/* The node that begins with the event, which is freed; NULL: the error is set. */
static struct yaml_node *
take(struct reader *r, struct fy_event *ev, unsigned depth)
{
	struct yaml_node *node = NULL;

	switch (ev->type) {
	case FYET_SCALAR:
		node = take_scalar(r, ev);
		break;
	case FYET_ALIAS:
		node = find_anchor(r, ev->alias.anchor);
		break;
	case FYET_MAPPING_START:
	case FYET_SEQUENCE_START:
		node = take_many(r, ev, depth);
		break;
	default:
		refuse(r, r->line, "not YAML");
	}
	fy_parser_event_free(r->parser, ev);
	return node;
}

/* The first document; what is behind it is not looked at. */
static struct yaml_node *
take_document(struct reader *r)
{
	struct yaml_node *node = NULL;
	enum fy_event_type type;
	struct fy_event *ev;

	for (;;) {
		if ((ev = next(r)) == NULL)
			return NULL;
		type = ev->type;
		if (type == FYET_STREAM_END) {
			node = new_node(r, YAML_SCALAR);
			if (node != NULL) {
				node->text = "";
				node->is_plain = true;
			}
		}
		if (type == FYET_STREAM_END ||
		    (type != FYET_STREAM_START && type != FYET_DOCUMENT_START))
			break;
		fy_parser_event_free(r->parser, ev);
	}
	if (type == FYET_STREAM_END)
		fy_parser_event_free(r->parser, ev);
	else
		node = take(r, ev, 0);
	return node;
}

/* --- the parser --- */

static void
say_nothing(struct fy_diag *diag, void *user, const char *text, size_t n)
{
	(void)diag, (void)user, (void)text, (void)n;
}

static void
open_reader(struct reader *r)
{
	struct fy_diag_cfg quiet;
	struct fy_parse_cfg cfg = { .flags = FYPCF_QUIET };

	fy_diag_cfg_default(&quiet);
	quiet.fp = NULL;
	quiet.output_fn = say_nothing;
	r->diag = mem_checked(fy_diag_create(&quiet), sizeof(quiet));
	fy_diag_set_collect_errors(r->diag, true);
	cfg.diag = r->diag;
	r->parser = mem_checked(fy_parser_create(&cfg), sizeof(cfg));
}

struct yaml_node *
yaml_parse(struct yaml *y, const char *text, size_t n, const char *from,
    bool has_lines, struct err *err)
{
	struct reader r = {
		.y = y,
		.from = from,
		.has_lines = has_lines,
		.line = 1,
		.err = err,
	};
	struct yaml_node *root = NULL;

	if (check_text(&r, text, n) != 0)
		return NULL;
	open_reader(&r);
	if (fy_parser_set_string(r.parser, text, n) != 0)
		refuse(&r, 1, "not YAML");
	else
		root = take_document(&r);
	fy_parser_destroy(r.parser);
	fy_diag_destroy(r.diag);
	vec_release(&r.anchors);
	return root;
}
