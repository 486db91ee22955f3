/* SPDX-License-Identifier: MIT */
/* The rows of the option table say all there is to say about a value. */
#include "sim/conf.h"

#include <stdlib.h>
#include <string.h>

#include "sim/json_out.h"
#include "src/base/buf.h"
#include "src/base/mem.h"

/* Of all options but strings, which are as long as whoever said them liked. */
enum { TEXT_MAX = 64 * 1024 };

/* It becomes our own. */
static void
take_string(void *slot, const void *from)
{
	const char *text;
	char *old, *mine;

	memcpy(&text, from, sizeof(text));
	memcpy(&old, slot, sizeof(old));
	mine = text != NULL ? mem_strdup(text) : NULL;
	memcpy(slot, &mine, sizeof(mine));
	free(old);
}

static void
take_row(const struct opt *row, struct settings *to,
    const struct settings *from)
{
	void *slot = (char *)to + row->offset;
	const void *other = (const char *)from + row->offset;
	const struct opt_strings *theirs = other;
	struct opt_strings *ours = slot;
	size_t i;

	if (row->type == OPT_STRING) {
		take_string(slot, other);
	} else if (row->type == OPT_STRINGS) {
		for (i = 0; i < OPT_STRINGS_MAX; i++)
			take_string(&ours->v[i], &theirs->v[i]);
		ours->n = theirs->n;
	} else {
		opt_copy(row, to, from);
	}
}

static void
take(struct conf *c, unsigned mask, const struct settings *from)
{
	const struct opt *row;

	for (row = settings_table.rows; row->name != NULL; row++) {
		if ((row->mask & mask) == mask)
			take_row(row, &c->values, from);
	}
}

void
conf_init(struct conf *c, const struct sim_opts *opts)
{
	struct settings from = { .opts = *opts };

	memset(c, 0, sizeof(*c));
	if (opts->make_bucket || opts->registry != NULL)
		from.bucket = opts->bucket;
	if (opts->registry != NULL)
		from.root = opts->root;
	if (opts->max_connections == 0)
		from.opts.max_connections = OPT_AUTO;
	take(c, SETTINGS_SIM, &from);
	c->values.said.table = &settings_table;
}

void
conf_release(struct conf *c)
{
	static const struct settings nothing = { 0 };

	take(c, SETTINGS_SIM, &nothing);
}

void
conf_take(struct conf *c, const struct sim_opts *opts)
{
	const struct settings from = { .opts = *opts };

	take(c, SETTINGS_LIVE, &from);
}

static void
add_row(const struct conf *c, const struct opt *row, struct buf *text,
    struct json_out *w)
{
	buf_clear(text);
	opt_format(row, &c->values, text);
	json_key(w, row->name);
	if (text->len > 0)
		json_text(w, text->data, text->len);
	else
		json_raw(w, "null", 4);
}

void
conf_add(const struct conf *c, bool is_live, struct json_out *w)
{
	const struct opt *row;
	struct buf text;

	buf_init(&text, TEXT_MAX);
	json_open(w, '{');
	for (row = settings_table.rows; row->name != NULL; row++) {
		if ((row->mask & SETTINGS_SIM) &&
		    ((row->mask & SETTINGS_LIVE) != 0) == is_live)
			add_row(c, row, &text, w);
	}
	json_close(w, '}');
	buf_release(&text);
}
