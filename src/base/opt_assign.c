/* SPDX-License-Identifier: MIT */
#include "src/base/opt_assign.h"

#include <assert.h>
#include <string.h>

#include "src/base/opt_priv.h"

/* To say the default is to say nothing, except to those who have defaults of
 * their own. */
void
opt_forget_defaults(void *values)
{
	struct opt_said *said = values;
	const struct opt *rows = said->table->rows, *o;

	for (o = rows; o->name != NULL; o++) {
		said->spoken_by[o - rows] = said->by[o - rows];
		if (opt_is_default(o, values))
			said->by[o - rows] = OPT_BY_NOBODY;
	}
}

void
opt_defaults(const struct opt_table *table, unsigned mask, void *values)
{
	struct opt_said *said = values;
	const struct opt *o;

	*said = (struct opt_said){ .table = table };
	for (o = table->rows; o->name != NULL; o++) {
		assert(o - table->rows < OPT_ROWS_MAX);
		if (o->mask & mask)
			opt_set_default(o, values);
	}
}

static const struct opt *
find_name(const struct opt_table *table, unsigned mask, const char *name)
{
	const struct opt *o;

	for (o = table->rows; o->name != NULL; o++) {
		if ((o->mask & mask) && strcmp(o->name, name) == 0)
			return o;
	}
	return NULL;
}

int
opt_assign(const struct opt_table *table, unsigned mask, const char *name,
    const char *text, void *values, struct err *err)
{
	const struct opt *o = find_name(table, mask, name);
	struct opt_said *said = values;

	if (o == NULL) {
		o = opt_nearest(table->rows, mask, name, strlen(name));
		return o == NULL
		    ? err_set(err, ERR_USAGE, "unknown option '%.*s'",
			  OPT_QUOTE_MAX, name)
		    : err_set(err, ERR_USAGE,
			  "unknown option '%.*s'; %s is the nearest",
			  OPT_QUOTE_MAX, name, o->name);
	}
	if (text == NULL)
		opt_set_default(o, values);
	else if (opt_set(o, values, text, err) != 0)
		return opt_bad_value(o, text, NULL, err);
	said->by[o - table->rows] = text != NULL ? OPT_BY_LINE : OPT_BY_NOBODY;
	return 0;
}
