/* SPDX-License-Identifier: MIT */
/* Cuts texts at their first '='; the rest is the option table's. */
#include "sim/settings_text.h"

#include <stdio.h>
#include <string.h>

#include "sim/settings.h"
#include "src/base/opt_assign.h"

/* No row has a longer name; one that has been cut is no row's. */
enum { NAME_MAX_LEN = 80 };

static const struct opt *
find_row(const char *name)
{
	const struct opt *o = settings_table.rows;

	while (o->name != NULL && strcmp(o->name, name) != 0)
		o++;
	return o->name != NULL ? o : NULL;
}

static bool
is_flag(const struct opt *o)
{
	return o->type == OPT_FLAG || o->type == OPT_ACTION;
}

/* A row that is there, but not for this. */
static int
check_mask(const struct opt *o, unsigned mask, struct err *err)
{
	if (o->mask & mask)
		return 0;
	return err_set(err, ERR_USAGE,
	    o->mask & SETTINGS_LIBRARY
		? "%s is said at the start only, and cannot be changed"
		: "%s is for the program gcs-sim alone",
	    o->name);
}

static int
assign(struct settings *v, unsigned mask, const char *text, struct err *err)
{
	size_t n = strcspn(text, "=");
	char name[NAME_MAX_LEN + 1];
	const struct opt *o;

	snprintf(name, sizeof(name), "%.*s", (int)n, text);
	o = find_row(name);
	if (o != NULL && check_mask(o, mask, err) != 0)
		return -1;
	if (text[n] == '=')
		return opt_assign(&settings_table, mask, name, text + n + 1, v,
		    err);
	if (o != NULL && !is_flag(o))
		return err_set(err, ERR_USAGE, "%s needs a value: %s=%s", name,
		    name, o->arg);
	return opt_assign(&settings_table, mask, name, "1", v, err);
}

static int
assign_all(struct settings *v, unsigned mask, const char *const *texts,
    struct err *err)
{
	for (; texts != NULL && *texts != NULL; texts++) {
		if (assign(v, mask, *texts, err) != 0)
			return -1;
	}
	return 0;
}

int
settings_parse(struct settings *v, const char *const *texts, struct err *err)
{
	*v = (struct settings){ 0 };
	opt_defaults(&settings_table, SETTINGS_LIBRARY, v);
	if (assign_all(v, SETTINGS_LIBRARY, texts, err) != 0)
		return -1;
	opt_forget_defaults(v);
	return settings_settle(v, err);
}

int
settings_change(struct settings *v, const char *const *texts, struct err *err)
{
	struct settings wanted = *v;

	memset(wanted.said.by, 0, sizeof(wanted.said.by));
	if (assign_all(&wanted, SETTINGS_LIVE, texts, err) != 0)
		return -1;
	opt_forget_defaults(&wanted);
	if (settings_check_uses(&wanted, err) != 0)
		return -1;
	*v = wanted;
	return 0;
}
