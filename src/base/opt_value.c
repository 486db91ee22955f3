/* SPDX-License-Identifier: MIT */
/*
 * One value of one row: every source goes through opt_set, so that a default or
 * a variable obeys the same ranges as what is typed.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/opt_priv.h"
#include "src/base/str.h"

/* Room for a value of any type. */
union value {
	uint64_t number;
	int choice;
	void *pointer;
	char bytes[OPT_VALUE_MAX];
	struct opt_strings strings;
};

static int
set_flag(void *slot, const char *text)
{
	bool on = text == NULL || strcmp(text, "1") == 0 ||
	    strcmp(text, "true") == 0;

	if (!on && strcmp(text, "0") != 0 && strcmp(text, "false") != 0)
		return -1;
	memcpy(slot, &on, sizeof(on));
	return 0;
}

static int
set_choice(const struct opt *o, void *slot, const char *text)
{
	int i;

	for (i = 0; o->choices[i] != NULL; i++) {
		if (strcmp(o->choices[i], text) == 0) {
			memcpy(slot, &i, sizeof(i));
			return 0;
		}
	}
	return -1;
}

static bool
has_auto(const struct opt *o)
{
	return o->def != NULL && strcmp(o->def, "auto") == 0;
}

/* For a zero beyond its range. */
static bool
has_off(const struct opt *o)
{
	return o->type == OPT_RATE || o->has_off ||
	    (o->def != NULL && strcmp(o->def, "off") == 0);
}

static int
set_number(const struct opt *o, void *slot, const char *text)
{
	uint64_t v;
	int rc;

	if (has_auto(o) && strcmp(text, "auto") == 0) {
		v = OPT_AUTO;
		memcpy(slot, &v, sizeof(v));
		return 0;
	}
	if (has_off(o) && strcmp(text, "off") == 0) {
		v = 0;
		memcpy(slot, &v, sizeof(v));
		return 0;
	}
	if (o->type == OPT_DURATION)
		rc = str_parse_duration(text, &v);
	else if (o->type == OPT_RATE)
		rc = str_parse_rate(text, &v);
	else
		rc = str_parse_u64(text, &v);
	if (rc != 0 || v < o->min || v > o->max)
		return -1;
	memcpy(slot, &v, sizeof(v));
	return 0;
}

static int
set_value(const struct opt *o, void *slot, const char *text, struct err *err)
{
	union value v;

	assert(o->grammar->size <= sizeof(v));
	memset(&v, 0, sizeof(v));
	if (o->grammar->parse(text, &v, err) != 0)
		return -1;
	memcpy(slot, &v, o->grammar->size);
	return 0;
}

static int
add_string(struct opt_strings *strings, const char *text)
{
	if (strings->n == OPT_STRINGS_MAX)
		return -1;
	strings->v[strings->n++] = text;
	return 0;
}

int
opt_set(const struct opt *o, void *values, const char *text, struct err *err)
{
	void *slot = (char *)values + o->offset;

	switch (o->type) {
	case OPT_FLAG:
	case OPT_ACTION:
		return set_flag(slot, text);
	case OPT_STRING:
		memcpy(slot, &text, sizeof(text));
		return 0;
	case OPT_STRINGS:
		return add_string(slot, text);
	case OPT_CHOICE:
		return set_choice(o, slot, text);
	case OPT_UINT:
	case OPT_DURATION:
	case OPT_RATE:
		return set_number(o, slot, text);
	case OPT_VALUE:
		return set_value(o, slot, text, err);
	}
	return -1;
}

static size_t
size_of(const struct opt *o)
{
	if (opt_is_flag(o))
		return sizeof(bool);
	if (o->type == OPT_CHOICE)
		return sizeof(int);
	if (o->type == OPT_VALUE)
		return o->grammar->size;
	if (o->type == OPT_STRINGS)
		return sizeof(struct opt_strings);
	return o->type == OPT_STRING ? sizeof(char *) : sizeof(uint64_t);
}

void
opt_set_default(const struct opt *o, void *values)
{
	struct err err = ERR_INIT;
	int rc = 0;

	if (o->def == NULL)
		memset((char *)values + o->offset, 0, size_of(o));
	else
		rc = opt_set(o, values, o->def, &err);
	assert(rc == 0);
	(void)rc;
}

bool
opt_is_default(const struct opt *o, const void *values)
{
	const char *slot = (const char *)values + o->offset;
	struct opt alone = *o;
	const char *text;
	union value def;

	if (o->type == OPT_STRING) {
		memcpy(&text, slot, sizeof(text));
		return text == o->def ||
		    (text != NULL && o->def != NULL &&
			strcmp(text, o->def) == 0);
	}
	alone.offset = 0;
	memset(&def, 0, sizeof(def));
	opt_set_default(&alone, &def);
	return memcmp(slot, &def, size_of(o)) == 0;
}

void
opt_copy(const struct opt *o, void *to, const void *from)
{
	memcpy((char *)to + o->offset, (const char *)from + o->offset,
	    size_of(o));
}

/* --- as text --- */

static void
add_duration(struct buf *out, uint64_t us)
{
	char text[STR_DURATION_MAX];

	buf_adds(out, str_format_duration(text, us));
}

static void
add_number(const struct opt *o, uint64_t v, struct buf *out)
{
	if (v == OPT_AUTO && has_auto(o))
		buf_adds(out, "auto");
	else if (v == 0 && has_off(o))
		buf_adds(out, "off");
	else if (o->type == OPT_DURATION)
		add_duration(out, v);
	else
		buf_addf(out, "%" PRIu64 "%s", v,
		    o->type == OPT_RATE ? "/s" : "");
}

static void
add_strings(struct buf *out, const struct opt_strings *strings)
{
	size_t i;

	for (i = 0; i < strings->n; i++)
		buf_addf(out, "%s%s", i > 0 ? "\n" : "", strings->v[i]);
}

void
opt_format(const struct opt *row, const void *values, struct buf *out)
{
	const char *slot = (const char *)values + row->offset;
	union value v;

	memcpy(&v, slot, size_of(row));
	switch (row->type) {
	case OPT_FLAG:
	case OPT_ACTION:
		buf_adds(out, *slot != 0 ? "1" : "0");
		break;
	case OPT_STRING:
		if (v.pointer != NULL)
			buf_adds(out, v.pointer);
		break;
	case OPT_STRINGS:
		add_strings(out, &v.strings);
		break;
	case OPT_CHOICE:
		buf_adds(out, row->choices[v.choice]);
		break;
	case OPT_UINT:
	case OPT_DURATION:
	case OPT_RATE:
		add_number(row, v.number, out);
		break;
	case OPT_VALUE:
		row->grammar->format(slot, out);
		break;
	}
}

/* --- what is allowed --- */

/* "a number from 1 to 1000, or auto" */
static void
describe(const struct opt *o, struct buf *out)
{
	int i;

	switch (o->type) {
	case OPT_STRING:
		buf_adds(out, "something");
		break;
	case OPT_STRINGS:
		buf_addf(out, "at most %d of them", OPT_STRINGS_MAX);
		break;
	case OPT_FLAG:
	case OPT_ACTION:
		buf_adds(out, "1 or 0");
		break;
	case OPT_UINT:
		buf_addf(out, "a number from %" PRIu64 " to %" PRIu64, o->min,
		    o->max);
		break;
	case OPT_DURATION:
		buf_adds(out, "a time such as 42ms, 1.5s or 2m, from ");
		add_duration(out, o->min);
		buf_adds(out, " to ");
		add_duration(out, o->max);
		if (has_off(o))
			buf_adds(out, ", or off");
		break;
	case OPT_RATE:
		buf_addf(out,
		    "a rate such as 1000/s (at most %" PRIu64 "/s), "
		    "or off",
		    o->max);
		break;
	case OPT_VALUE: /* the grammar says it */
		break;
	case OPT_CHOICE:
		for (i = 0; o->choices[i] != NULL; i++)
			buf_addf(out, "%s%s", i ? ", " : "one of ",
			    o->choices[i]);
		break;
	}
	if (o->type != OPT_CHOICE && has_auto(o))
		buf_adds(out, ", or auto");
}

/* The grammar has told why. */
static int
bad_grammar(const struct opt *o, const char *variable, struct err *err)
{
	err_wrap(err, "--%s", o->name);
	if (variable != NULL)
		err_wrap(err, "%s in the environment", variable);
	return -1;
}

int
opt_bad_value(const struct opt *o, const char *text, const char *variable,
    struct err *err)
{
	const char *more = strlen(text) > OPT_QUOTE_MAX ? "..." : "";
	struct buf want;

	if (o->type == OPT_VALUE)
		return bad_grammar(o, variable, err);
	buf_init(&want, 256);
	describe(o, &want);
	if (variable != NULL)
		err_set(err, ERR_CONFIG,
		    "%s='%.*s%s' in the environment: want %s", variable,
		    OPT_QUOTE_MAX, text, more, want.data);
	else
		err_set(err, ERR_USAGE, "--%s '%.*s%s': want %s", o->name,
		    OPT_QUOTE_MAX, text, more, want.data);
	buf_release(&want);
	return -1;
}
