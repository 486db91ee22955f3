/* SPDX-License-Identifier: MIT */
/* What --help says of the options and of the environment, 78 columns wide. */
#include <string.h>

#include "src/base/buf.h"
#include "src/base/opt_priv.h"

enum { HELP_COLUMN = 30, HELP_WIDTH = 78 };

/* Adds words up to the width, and goes on below the column, where it begins. */
static void
add_wrapped(struct buf *out, const char *text, size_t column)
{
	const char *word = text;
	size_t used = column;

	while (*word != '\0') {
		size_t n = strcspn(word, " ");

		if (used > column && used + 1 + n > HELP_WIDTH) {
			buf_addf(out, "\n%*s", (int)column, "");
			used = column;
		} else if (used > column) {
			buf_addc(out, ' ');
			used++;
		}
		buf_add(out, word, n);
		used += n;
		word += n;
		word += strspn(word, " ");
	}
	buf_addc(out, '\n');
}

static void
add_option(struct buf *out, const struct opt *o, struct buf *text)
{
	size_t start = out->len, used;

	if (o->letter != 0)
		buf_addf(out, "  -%c, --%s", o->letter, o->name);
	else
		buf_addf(out, "      --%s", o->name);
	if (o->arg != NULL)
		buf_addf(out, " %s", o->arg);
	used = out->len - start;
	if (used + 2 > HELP_COLUMN) {
		buf_addc(out, '\n');
		used = 0;
	}
	buf_addf(out, "%*s", (int)(HELP_COLUMN - used), "");
	buf_clear(text);
	buf_adds(text, o->help);
	if (o->def != NULL && o->def[0] != '\0')
		buf_addf(text, " [%s]", o->def);
	if (o->env != NULL)
		buf_addf(text, " ($%s)", o->env);
	add_wrapped(out, text->data, HELP_COLUMN);
}

/* An example says more: the first option of two words, if there is one. */
static void
add_environment(struct buf *out, const struct opt_table *table, unsigned mask,
    struct buf *text)
{
	const struct opt *o, *example = NULL, *with_env = NULL;
	char variable[OPT_VARIABLE_MAX];

	for (o = table->rows; o->name != NULL; o++) {
		if (!(o->mask & mask) || o->type == OPT_ACTION)
			continue;
		if (example == NULL ||
		    (strchr(example->name, '-') == NULL &&
			strchr(o->name, '-') != NULL))
			example = o;
		if (with_env == NULL && o->env != NULL)
			with_env = o;
	}
	if (example == NULL)
		return;
	opt_variable(table, example, variable);
	buf_clear(text);
	buf_addf(text,
	    "Each may be set in the environment too, --%s as %s; flags there "
	    "are 1 or 0. What is typed beats that",
	    example->name, variable);
	if (with_env != NULL)
		buf_addf(text, ", and that beats $%s", with_env->env);
	buf_addf(text, ". A variable %s... that names no option is an error.",
	    table->prefix);
	buf_addc(out, '\n');
	add_wrapped(out, text->data, 0);
}

void
opt_help(const struct opt_table *table, unsigned mask, struct buf *out)
{
	const struct opt *o;
	struct buf text;

	buf_init(&text, 2048);
	for (o = table->rows; o->name != NULL; o++) {
		if (o->mask & mask)
			add_option(out, o, &text);
	}
	add_environment(out, table, mask, &text);
	buf_release(&text);
}
