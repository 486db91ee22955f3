/* SPDX-License-Identifier: MIT */
/*
 * The environment as a source of options.  The names are not written down
 * anywhere: prefix and option make them.  What has the prefix and no option is
 * a mistake that somebody must hear of before anything is deleted.
 */
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/opt_priv.h"
#include "src/base/str.h"

void
opt_variable(const struct opt_table *table, const struct opt *o,
    char out[OPT_VARIABLE_MAX])
{
	size_t n = strlen(table->prefix);
	const char *c;

	assert(n + strlen(o->name) < OPT_VARIABLE_MAX);
	memcpy(out, table->prefix, n);
	for (c = o->name; *c != '\0'; c++)
		out[n++] = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
	out[n] = '\0';
}

static int
load_variable(const struct opt *o, enum opt_source by, const char *variable,
    void *values, struct err *err)
{
	struct opt_said *said = values;
	const char *text = getenv(variable);

	/* Others' variables are off when they are empty.  An empty one of ours
	 * is likely a script's misspelt $DRY_RUN. */
	if (text == NULL || (text[0] == '\0' && by == OPT_BY_VARIABLE))
		return 0;
	if (text[0] == '\0')
		return err_set(err, ERR_CONFIG,
		    "%s in the environment is empty: unset it for the default "
		    "of --%s",
		    variable, o->name);
	if (opt_set(o, values, text, err) != 0)
		return opt_bad_value(o, text, variable, err);
	said->by[o - said->table->rows] = (unsigned char)by;
	return 0;
}

static int
load_values(const struct opt_table *table, unsigned mask, void *values,
    struct err *err)
{
	char variable[OPT_VARIABLE_MAX];
	const struct opt *o;

	for (o = table->rows; o->name != NULL; o++) {
		if (!(o->mask & mask) || o->type == OPT_ACTION)
			continue;
		opt_variable(table, o, variable);
		if (o->env != NULL &&
		    load_variable(o, OPT_BY_VARIABLE, o->env, values, err) != 0)
			return -1;
		if (load_variable(o, OPT_BY_PREFIX, variable, values, err) != 0)
			return -1;
	}
	return 0;
}

/* --- names --- */

static bool
is_option(const struct opt_table *table, const char *name, size_t n)
{
	char variable[OPT_VARIABLE_MAX];
	const struct opt *o;

	for (o = table->rows; o->name != NULL; o++) {
		opt_variable(table, o, variable);
		if (str_is(name, n, variable))
			return true;
	}
	return false;
}

/* Kubernetes gives every pod the addresses of a service that is called like the
 * program: GCS_SIM_SERVICE_HOST=10.0.0.1, GCS_SIM_SERVICE_PORT_HTTP=80,
 * GCS_SIM_PORT=tcp://10.0.0.1:80, GCS_SIM_PORT_80_TCP_ADDR=10.0.0.1.  Nobody
 * meant an option by them. */
static bool
is_service(const char *rest, size_t n)
{
	if (str_is(rest, n, "PORT"))
		return strstr(rest, "://") != NULL;
	return str_is(rest, n, "SERVICE_HOST") ||
	    str_is(rest, n, "SERVICE_PORT") ||
	    str_starts(rest, "SERVICE_PORT_") ||
	    (str_starts(rest, "PORT_") && isdigit((unsigned char)rest[5]));
}

/* The row that GCSWEEP_DRY_RUM may have meant; rest is what follows prefix. */
static const struct opt *
meant(const struct opt_table *table, const char *rest, size_t n)
{
	char name[OPT_VARIABLE_MAX];
	size_t i;

	if (n >= sizeof(name))
		return NULL;
	for (i = 0; i < n; i++)
		name[i] = rest[i] == '_'
		    ? '-'
		    : (char)tolower((unsigned char)rest[i]);
	return opt_nearest(table->rows, ~0U, name, n);
}

static int
bad_name(const struct opt_table *table, const char *entry, size_t n,
    struct err *err)
{
	size_t prefix = strlen(table->prefix);
	const struct opt *o = meant(table, entry + prefix, n - prefix);
	int shown = n < OPT_QUOTE_MAX ? (int)n : OPT_QUOTE_MAX;
	char variable[OPT_VARIABLE_MAX];

	if (o == NULL || o->type == OPT_ACTION)
		return err_set(err, ERR_CONFIG,
		    "%.*s in the environment names no option (see --help)",
		    shown, entry);
	opt_variable(table, o, variable);
	return err_set(err, ERR_CONFIG,
	    "%.*s in the environment names no option; %s is the nearest (see "
	    "--help)",
	    shown, entry, variable);
}

/* Some see the first of two, others the last; getenv does not see a name alone.
 * What one sets for safety's sake must hold, or be missed aloud. */
static int
check_entry(const char *entry, size_t n, struct err *err)
{
	int shown = (int)n;
	char **other;

	if (entry[n] == '\0')
		return err_set(err, ERR_CONFIG,
		    "%.*s in the environment has no value", shown, entry);
	for (other = environ; *other != entry; other++) {
		if (strncmp(*other, entry, n + 1) == 0 &&
		    strcmp(*other, entry) != 0)
			return err_set(err, ERR_CONFIG,
			    "%.*s is in the environment with two values", shown,
			    entry);
	}
	return 0;
}

static int
check_names(const struct opt_table *table, struct err *err)
{
	size_t prefix = strlen(table->prefix);
	char **entry;

	for (entry = environ; entry != NULL && *entry != NULL; entry++) {
		size_t n = strcspn(*entry, "=");

		if (!str_starts(*entry, table->prefix) || n < prefix)
			continue;
		if (is_option(table, *entry, n)) {
			if (check_entry(*entry, n, err) != 0)
				return -1;
		} else if (!is_service(*entry + prefix, n - prefix)) {
			return bad_name(table, *entry, n, err);
		}
	}
	return 0;
}

int
opt_load_environment(const struct opt_table *table, unsigned mask, void *values,
    struct err *err)
{
	if (check_names(table, err) != 0)
		return -1;
	return load_values(table, mask, values, err);
}
