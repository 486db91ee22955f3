/* SPDX-License-Identifier: MIT */
#include "tests/contract/json_diff.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "tests/contract/pattern.h"

struct diff {
	bool is_exact;
	struct variables *vars;
	struct buf path;
	struct buf *out;
};

static void compare(struct diff *d, json_t *want, json_t *got);

/* "$.items[2].name: want WHAT, got WHAT" */
static void
complain(struct diff *d, const char *want, json_t *got)
{
	char *text = got != NULL ? json_dumps(got, JSON_ENCODE_ANY) : NULL;

	buf_addf(d->out, "%s: want %s, got %s\n",
	    d->path.len > 0 ? d->path.data : "the body", want,
	    text != NULL ? text : "nothing");
	free(text);
}

static void
complain_value(struct diff *d, json_t *want, json_t *got)
{
	char *text = json_dumps(want, JSON_ENCODE_ANY);

	complain(d, text, got);
	free(text);
}

/* Goes on one step deeper; the path is as before afterwards. */
static void
go_down(struct diff *d, const char *key, size_t index, json_t *want,
    json_t *got)
{
	size_t n = d->path.len;

	if (key != NULL)
		buf_addf(&d->path, "%s%s", n > 0 ? "." : "", key);
	else
		buf_addf(&d->path, "[%zu]", index);
	compare(d, want, got);
	if (d->path.len > n)
		d->path.data[d->path.len = n] = '\0';
}

static void
compare_objects(struct diff *d, json_t *want, json_t *got)
{
	const char *key;
	json_t *value;

	json_object_foreach (want, key, value)
		go_down(d, key, 0, value, json_object_get(got, key));
	if (!d->is_exact)
		return;
	json_object_foreach (got, key, value) {
		if (json_object_get(want, key) == NULL)
			buf_addf(d->out,
			    "%s has a %s that it should not have\n",
			    d->path.len > 0 ? d->path.data : "the body", key);
	}
}

static void
compare_arrays(struct diff *d, json_t *want, json_t *got)
{
	size_t i, n = json_array_size(want);

	if (json_array_size(got) != n)
		buf_addf(d->out, "%s: want %zu items, got %zu\n", d->path.data,
		    n, json_array_size(got));
	for (i = 0; i < n && i < json_array_size(got); i++)
		go_down(d, NULL, i, json_array_get(want, i),
		    json_array_get(got, i));
}

static void
compare_strings(struct diff *d, json_t *want, json_t *got)
{
	const char *pattern = json_string_value(want), *fault = NULL;

	if (!json_is_string(got) ||
	    !pattern_match(pattern, false, json_string_value(got),
		json_string_length(got), d->vars, &fault))
		complain_value(d, want, got);
}

static void
compare(struct diff *d, json_t *want, json_t *got)
{
	const char *word = json_string_value(want);

	if (word != NULL && strcmp(word, "(absent)") == 0) {
		if (got != NULL)
			complain(d, "nothing", got);
	} else if (got != NULL && word != NULL && strcmp(word, "...") == 0) {
		return;
	} else if (json_is_string(want)) {
		compare_strings(d, want, got);
	} else if (json_is_object(want) && json_is_object(got)) {
		compare_objects(d, want, got);
	} else if (json_is_array(want) && json_is_array(got)) {
		compare_arrays(d, want, got);
	} else if (!json_equal(want, got)) {
		complain_value(d, want, got);
	}
}

void
json_diff(json_t *want, json_t *got, bool is_exact, struct variables *vars,
    struct buf *out)
{
	struct diff d = { .is_exact = is_exact, .vars = vars, .out = out };

	buf_init(&d.path, 4096);
	compare(&d, want, got);
	buf_release(&d.path);
}
