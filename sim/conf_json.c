/* SPDX-License-Identifier: MIT */
/* Changes to options, out of JSON: all of one is taken, or nothing. */
#include "sim/conf.h"

#include <jansson.h>
#include <string.h>

#include "src/base/opt_assign.h"
#include "src/base/str.h"

/* What is no option at all is opt_assign's to refuse. */
static int
check_name(const char *name, struct err *err)
{
	const struct opt *row;

	for (row = settings_table.rows; row->name != NULL; row++) {
		if (strcmp(row->name, name) == 0 &&
		    !(row->mask & SETTINGS_LIVE))
			return err_set(err, ERR_USAGE,
			    "--%s cannot change while it runs; GET "
			    "/_sim/config has what can below \"live\"",
			    name);
	}
	return 0;
}

static bool
names_file(const struct opt *row, const char *text)
{
	return row->type == OPT_VALUE && row->grammar->file != NULL &&
	    str_starts(text, row->grammar->file);
}

/* Whoever asks may be somebody else, who must not have files read, nor learn
 * what is in them. */
static int
check_text(const char *name, const char *text, struct err *err)
{
	const struct opt *row;

	for (row = settings_table.rows; row->name != NULL; row++) {
		if (strcmp(row->name, name) == 0 && names_file(row, text))
			return err_set(err, ERR_USAGE,
			    "--%s '%.80s': no file is read for a request; say "
			    "what is in it, points:0%%=18ms,50%%=42ms,100%%=2s",
			    name, text);
	}
	return 0;
}

static int
assign(struct settings *next, const char *name, const json_t *value,
    struct err *err)
{
	const char *text = json_string_value(value);

	if (check_name(name, err) != 0)
		return -1;
	if (text == NULL && !json_is_null(value))
		return err_set(err, ERR_USAGE,
		    "--%.80s: want a string, as on the command line, or null "
		    "for the default",
		    name);
	if (text != NULL && check_text(name, text, err) != 0)
		return -1;
	return opt_assign(&settings_table, SETTINGS_LIVE, name, text, next,
	    err);
}

static int
parse(struct conf_change *change, const void *body, size_t n, struct err *err)
{
	json_error_t fault;

	if (n > CONF_BODY_MAX)
		return err_set(err, ERR_USAGE,
		    "a change of options has at most %d bytes, not %zu",
		    CONF_BODY_MAX, n);
	change->text = json_loadb(n > 0 ? body : "", n, JSON_REJECT_DUPLICATES,
	    &fault);
	if (change->text == NULL)
		return err_set(err, ERR_USAGE,
		    "no JSON object of options: %s (line %d)", fault.text,
		    fault.line);
	if (!json_is_object((json_t *)change->text))
		return err_set(err, ERR_USAGE,
		    "want a JSON object such as {\"latency\": \"42ms\"}");
	return 0;
}

int
conf_change_parse(struct conf_change *change, const struct conf *c,
    const void *body, size_t n, struct err *err)
{
	const char *name;
	json_t *value;

	change->next = c->values;
	change->text = NULL;
	if (parse(change, body, n, err) != 0)
		return -1;
	json_object_foreach ((json_t *)change->text, name, value) {
		if (assign(&change->next, name, value, err) != 0)
			return -1;
	}
	opt_forget_defaults(&change->next);
	return settings_check_uses(&change->next, err);
}

void
conf_change_release(struct conf_change *change)
{
	json_decref(change->text);
}
