/* SPDX-License-Identifier: MIT */
/* Pure: a query and a tally in, a verdict out. */
#include "sim/expect.h"

#include <string.h>

#include "sim/method.h"
#include "sim/percent.h"
#include "src/base/buf.h"
#include "src/base/str.h"

static const char known[] =
    "total, a kind (LIST, GET, PUT, DELETE, BUCKET, OTHER), a method "
    "(storage.objects.delete, batch), a status (204), either with a status "
    "(DELETE:404), unanswered, rejected, faults, connections, "
    "in_flight, peak_in_flight, class_a, class_b, nanodollars";

static const struct {
	const char *name;
	enum expect_what what;
} fields[] = {
	{ "rejected", EXPECT_REJECTED },
	{ "faults", EXPECT_FAULTS },
	{ "connections", EXPECT_CONNECTIONS },
	{ "in_flight", EXPECT_IN_FLIGHT },
	{ "peak_in_flight", EXPECT_PEAK_IN_FLIGHT },
	{ "class_a", EXPECT_CLASS_A },
	{ "class_b", EXPECT_CLASS_B },
	{ "nanodollars", EXPECT_NANODOLLARS },
};
enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* --- keys --- */

static bool
parse_field(struct expect_key *key, const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < FIELDS; i++) {
		if (str_is(name, n, fields[i].name)) {
			key->what = fields[i].what;
			return true;
		}
	}
	return false;
}

/* Three digits of a status that is sent, or "unanswered". */
static bool
parse_status(struct expect_key *key, const char *s, size_t n)
{
	int status;

	if (str_is(s, n, "unanswered")) {
		key->cells.status = TALLY_UNANSWERED;
		return true;
	}
	if (n != 3 || s[0] < '1' || s[0] > '5' || s[1] < '0' || s[1] > '9' ||
	    s[2] < '0' || s[2] > '9')
		return false;
	status = (s[0] - '0') * 100 + (s[1] - '0') * 10 + (s[2] - '0');
	key->cells.status = status;
	return true;
}

static bool
parse_who(struct expect_key *key, const char *s, size_t n)
{
	const char *method = method_find(s, n);
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++) {
		if (str_is(s, n, sim_kind_name((enum sim_kind)kind))) {
			key->cells.kinds = 1U << kind;
			return true;
		}
	}
	key->cells.method = method;
	return method != NULL || str_is(s, n, "total");
}

int
expect_parse_key(struct expect_key *key, const char *name, size_t n,
    struct err *err)
{
	const char *colon = memchr(name, ':', n);
	size_t who = colon != NULL ? (size_t)(colon - name) : n;

	*key = (struct expect_key){ EXPECT_REQUESTS, tally_all };
	if (parse_field(key, name, n))
		return 0;
	if (colon == NULL && parse_status(key, name, n))
		return 0;
	if (parse_who(key, name, who) &&
	    (colon == NULL || parse_status(key, colon + 1, n - who - 1)))
		return 0;
	return err_set(err, ERR_USAGE, "'%.*s' counts nothing; there are %s",
	    (int)(n < EXPECT_KEY_MAX ? n : EXPECT_KEY_MAX), name, known);
}

/* --- values --- */

/* The digits up to end; an empty text is `none`. */
static int
parse_number(const char *s, const char *end, uint64_t none, uint64_t *out)
{
	char digits[24];
	size_t n = (size_t)(end - s);

	*out = none;
	if (n == 0)
		return 0;
	if (n >= sizeof(digits))
		return -1;
	memcpy(digits, s, n);
	digits[n] = '\0';
	return str_parse_u64(digits, out);
}

static int
parse_value(struct expect_line *line, const char *s, struct err *err)
{
	const char *dots = strstr(s, ".."), *end = s + strlen(s);
	int rc;

	if (dots == NULL) {
		rc = *s == '\0' ? -1 : parse_number(s, end, 0, &line->least);
		line->most = line->least;
	} else {
		rc = end - s == 2 ||
			parse_number(s, dots, 0, &line->least) != 0 ||
			parse_number(dots + 2, end, UINT64_MAX, &line->most) !=
			    0
		    ? -1
		    : 0;
	}
	if (rc != 0 || line->least > line->most)
		return err_set(err, ERR_USAGE,
		    "%s=%.40s: want a number or a range, such as 391, 1..5, "
		    "1.. or ..5",
		    line->name, s);
	return 0;
}

void
expect_add_value(const struct expect_line *line, struct buf *out)
{
	if (line->least > 0 || line->most == line->least ||
	    line->most == UINT64_MAX)
		buf_addf(out, "%llu", (unsigned long long)line->least);
	if (line->most == line->least)
		return;
	buf_adds(out, "..");
	if (line->most != UINT64_MAX)
		buf_addf(out, "%llu", (unsigned long long)line->most);
}

/* --- the whole --- */

/* Decodes n bytes of a query into out; -1: not a short line of text. */
static int
decode(const char *s, size_t n, char out[EXPECT_KEY_MAX + 1])
{
	struct buf text;
	int rc;

	buf_init(&text, EXPECT_KEY_MAX);
	rc = percent_decode(&text, s, n, true);
	if (rc == 0 && !text.full && strlen(text.data) == text.len)
		memcpy(out, text.data, text.len + 1);
	else
		rc = -1;
	buf_release(&text);
	return rc;
}

static int
add_line(struct expect *e, const struct query *q, size_t i, struct err *err)
{
	struct expect_line *line = &e->line[e->n];
	char value[EXPECT_KEY_MAX + 1];

	if (decode(q->param[i].key, q->param[i].key_len, line->name) != 0 ||
	    decode(q->param[i].value, q->param[i].value_len, value) != 0)
		return err_set(err, ERR_USAGE,
		    "'%.*s' is no KEY=VALUE of at most %d bytes each",
		    (int)(q->param[i].key_len < 40 ? q->param[i].key_len : 40),
		    q->param[i].key, EXPECT_KEY_MAX);
	if (expect_parse_key(&line->key, line->name, strlen(line->name), err) !=
		0 ||
	    parse_value(line, value, err) != 0)
		return -1;
	e->n++;
	return 0;
}

int
expect_parse(struct expect *e, const struct query *q, struct err *err)
{
	size_t i;

	e->n = 0;
	if (q->is_cut)
		return err_set(err, ERR_USAGE,
		    "more than %d parameters; ask twice", QUERY_MAX);
	for (i = 0; i < q->n; i++) {
		if (!str_is(q->param[i].key, q->param[i].key_len, "scope") &&
		    !str_is(q->param[i].key, q->param[i].key_len, "wait") &&
		    add_line(e, q, i, err) != 0)
			return -1;
	}
	if (e->n == 0)
		return err_set(err, ERR_USAGE,
		    "nothing is expected; say DELETE=391, for example: there "
		    "are %s",
		    known);
	return 0;
}

uint64_t
expect_count(const struct expect_key *key, const struct tally *t,
    const struct sim_tariff *tariff)
{
	struct bill bill;

	bill_make(&bill, t, tariff);
	switch (key->what) {
	case EXPECT_REQUESTS:
		return tally_sum(t, &key->cells).n;
	case EXPECT_REJECTED:
		return t->rejected;
	case EXPECT_FAULTS:
		return t->faults;
	case EXPECT_CONNECTIONS:
		return t->connections;
	case EXPECT_IN_FLIGHT:
		return t->in_flight;
	case EXPECT_PEAK_IN_FLIGHT:
		return t->peak_in_flight;
	case EXPECT_CLASS_A:
		return bill.class_a;
	case EXPECT_CLASS_B:
		return bill.class_b;
	case EXPECT_NANODOLLARS:
		return bill.nanodollars;
	}
	return 0;
}

static void
tell(const struct expect_line *line, uint64_t n, struct buf *out)
{
	bool is_less = n < line->least;
	uint64_t by = is_less ? line->least - n : n - line->most;

	if (out->len > 0)
		buf_adds(out, "; ");
	buf_addf(out, "%s: expected ", line->name);
	expect_add_value(line, out);
	buf_addf(out, ", had %llu (%llu too %s)", (unsigned long long)n,
	    (unsigned long long)by, is_less ? "few" : "many");
}

bool
expect_check(const struct expect *e, const struct tally *t,
    const struct sim_tariff *tariff, struct buf *difference)
{
	const struct expect_line *line;
	bool is_met = true;
	uint64_t n;
	size_t i;

	for (i = 0; i < e->n; i++) {
		line = &e->line[i];
		n = expect_count(&line->key, t, tariff);
		if (n >= line->least && n <= line->most)
			continue;
		if (difference != NULL)
			tell(line, n, difference);
		is_met = false;
	}
	return is_met;
}
