/* SPDX-License-Identifier: MIT */
/* Each file becomes a list of texts with a number each; lists are compared. */
#include "sim/diff_files.h"

#include <inttypes.h>
#include <jansson.h>

#include "src/base/buf.h"

enum { LINE_MAX_LEN = 16 * 1024 };

struct side {
	const char *file;
	json_t *root;
	json_t *counts;
	json_t *names;
};

/* --- reading --- */

static int
refuse(const struct side *s, const char *why, struct err *err)
{
	return err_set(err, ERR_USAGE,
	    "%s: %s; want what GET /_sim/scopes/NAME?requests=1 answers",
	    s->file, why);
}

static int
take_number(json_t *to, const char *text, const json_t *n)
{
	if (!json_is_integer(n))
		return -1;
	return json_object_set_new(to, text,
	    json_integer(json_integer_value(n)));
}

static int
take_group(const struct side *s, const char *group)
{
	json_t *of = json_object_get(s->root, group), *n;
	const char *key;

	if (!json_is_object(of))
		return -1;
	json_object_foreach (of, key, n) {
		if (take_number(s->counts, key, n) != 0)
			return -1;
	}
	return 0;
}

static int
take_counts(const struct side *s)
{
	static const char *const groups[] = { "requests", "methods",
		"statuses" };
	static const char *const keys[] = { "unanswered", "rejected",
		"faults" };
	size_t i;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (take_group(s, groups[i]) != 0)
			return -1;
	}
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (take_number(s->counts, keys[i],
			json_object_get(s->root, keys[i])) != 0)
			return -1;
	}
	return take_number(s->counts, "nanodollars",
	    json_object_get(json_object_get(s->root, "bill"), "nanodollars"));
}

/* "DELETE gs://demo/a/b" */
static int
take_name(const struct side *s, const json_t *row)
{
	const char *kind = json_string_value(json_object_get(row, "kind"));
	const char *bucket = json_string_value(json_object_get(row, "bucket"));
	const char *name = json_string_value(json_object_get(row, "name"));
	struct buf text;
	int rc = -1;

	if (kind == NULL || bucket == NULL || name == NULL)
		return -1;
	buf_init(&text, LINE_MAX_LEN);
	buf_addf(&text, "%s gs://%s/%s", kind, bucket, name);
	if (!text.full)
		rc = take_number(s->names, text.data,
		    json_object_get(row, "times"));
	buf_release(&text);
	return rc;
}

static int
take_names(const struct side *s, const json_t *rows)
{
	size_t i;

	for (i = 0; i < json_array_size(rows); i++) {
		if (take_name(s, json_array_get(rows, i)) != 0)
			return -1;
	}
	return 0;
}

static int
load(struct side *s, struct err *err)
{
	json_error_t why;
	const json_t *rows;

	s->root = json_load_file(s->file, JSON_REJECT_DUPLICATES, &why);
	s->counts = json_object();
	s->names = json_object();
	if (s->root == NULL && why.line > 0)
		return err_set(err, ERR_USAGE, "%s: line %d: %s", s->file,
		    why.line, why.text);
	if (s->root == NULL)
		return err_set(err, ERR_USAGE, "%s", why.text);
	if (take_counts(s) != 0)
		return refuse(s, "it is no scope", err);
	rows = json_object_get(s->root, "names");
	if (!json_is_array(rows))
		return refuse(s, "its requests are not in it", err);
	return take_names(s, rows) == 0 ? 0 : refuse(s, "no request", err);
}

static void
release(struct side *s)
{
	json_decref(s->names);
	json_decref(s->counts);
	json_decref(s->root);
}

/* --- comparing --- */

/* An object name may hold what ends a line. */
static void
add_line(struct buf *out, const char *text, json_int_t a, json_int_t b)
{
	for (; *text != '\0'; text++)
		buf_addc(out, (unsigned char)*text < ' ' ? '?' : *text);
	buf_addf(out,
	    ": %" JSON_INTEGER_FORMAT ", %" JSON_INTEGER_FORMAT
	    " (%+" JSON_INTEGER_FORMAT ")\n",
	    a, b, b - a);
}

/* Those of a in its order, then what only b has. */
static bool
compare(json_t *a, json_t *b, struct buf *out)
{
	bool is_same = true;
	const char *text;
	json_t *n;
	json_int_t other;

	json_object_foreach (a, text, n) {
		other = json_integer_value(json_object_get(b, text));
		if (other == json_integer_value(n))
			continue;
		add_line(out, text, json_integer_value(n), other);
		is_same = false;
	}
	json_object_foreach (b, text, n) {
		if (json_object_get(a, text) != NULL ||
		    json_integer_value(n) == 0)
			continue;
		add_line(out, text, 0, json_integer_value(n));
		is_same = false;
	}
	return is_same;
}

/* Names that were left off, or whose rows have left, would look different. */
static bool
has_all(const struct side *s, struct buf *out)
{
	if (json_is_true(json_object_get(s->root, "complete")) &&
	    json_integer_value(json_object_get(s->root, "left_off")) == 0)
		return true;
	buf_addf(out, "names are not compared: %s has not all of them\n",
	    s->file);
	return false;
}

int
diff_files(const char *const names[2], struct buf *out, bool *is_same,
    struct err *err)
{
	struct side a = { .file = names[0] }, b = { .file = names[1] };
	int rc = load(&a, err);

	if (rc == 0)
		rc = load(&b, err);
	if (rc == 0) {
		*is_same = compare(a.counts, b.counts, out);
		if (has_all(&a, out) && has_all(&b, out))
			*is_same &= compare(a.names, b.names, out);
	}
	release(&b);
	release(&a);
	return rc;
}
