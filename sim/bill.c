/* SPDX-License-Identifier: MIT */
/* A bill of 2^64 nanodollars is 18 thousand million dollars; what is more says
 * so much. */
#include "sim/bill.h"

#include <stdio.h>
#include <string.h>

#include "sim/method.h"
#include "sim/tally.h"
#include "src/base/buf.h"
#include "src/base/opt.h"
#include "src/base/str.h"

/* $0.005 and $0.0004 for a thousand. */
const struct sim_tariff sim_tariff = { .class_a = 5000, .class_b = 400 };

/* Production charges for what it has done, not for what it has refused. */
static bool
is_billed(int status)
{
	return status >= 200 && status < 400 && status != 307;
}

static uint64_t
price(uint64_t operations, uint64_t each)
{
	uint64_t sum;

	return __builtin_mul_overflow(operations, each, &sum) ? UINT64_MAX
							      : sum;
}

static uint64_t *
line_for(struct bill *b, const struct tally_cell *c)
{
	if (!is_billed(c->status))
		return &b->unbilled;
	switch (method_class(c->op)) {
	case METHOD_CLASS_A:
		return &b->class_a;
	case METHOD_CLASS_B:
		return &b->class_b;
	default:
		return &b->free;
	}
}

void
bill_make(struct bill *b, const struct tally *t,
    const struct sim_tariff *tariff)
{
	const struct tally_cell *c;
	uint64_t both;
	size_t i;

	*b = (struct bill){ 0 };
	for (i = 0; i < t->cells.n; i++) {
		c = &t->cells.v[i];
		if (c->status != TALLY_PENDING)
			*line_for(b, c) += c->n;
	}
	both = price(b->class_a, tariff->class_a);
	if (__builtin_add_overflow(both, price(b->class_b, tariff->class_b),
		&b->nanodollars))
		b->nanodollars = UINT64_MAX;
}

void
bill_add_dollars(struct buf *out, uint64_t nanodollars)
{
	buf_addf(out, "%llu.%09llu",
	    (unsigned long long)(nanodollars / 1000000000),
	    (unsigned long long)(nanodollars % 1000000000));
}

/* --- a price as text --- */

/* "0.05": nanodollars; -1: none, or finer than that. */
static int
parse_dollars(const char *s, size_t n, uint64_t *nano)
{
	uint64_t v = 0;
	int decimals = -1;
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] == '.' && decimals < 0 && i > 0) {
			decimals = 0;
			continue;
		}
		if (s[i] < '0' || s[i] > '9' || v > 1000000000000 ||
		    decimals == 9)
			return -1;
		v = 10 * v + (uint64_t)(s[i] - '0');
		decimals += decimals >= 0;
	}
	if (n == 0 || decimals == 0)
		return -1;
	for (decimals = decimals < 0 ? 0 : decimals; decimals < 9; decimals++) {
		if (v > UINT64_MAX / 10)
			return -1;
		v *= 10;
	}
	*nano = v;
	return 0;
}

/* "10k" */
static int
parse_operations(const char *s, uint64_t *n)
{
	static const char *const counts[] = { "1", "10", "100", "1k", "10k",
		"100k", "1M" };
	uint64_t v = 1;
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++, v *= 10) {
		if (strcmp(s, counts[i]) == 0) {
			*n = v;
			return 0;
		}
	}
	return str_parse_u64(s, n) == 0 && *n > 0 && *n <= 1000000 ? 0 : -1;
}

/* A dollar for one operation. */
enum { EACH_MAX = 1000000000 };

static int
parse_price(const char *text, void *value, struct err *err)
{
	const char *s = text + (*text == '$'), *slash = strchr(s, '/');
	uint64_t nano = 0, n = 1;
	int rc = 0;

	if (strcmp(text, "off") != 0)
		rc = slash == NULL ||
			parse_dollars(s, (size_t)(slash - s), &nano) != 0 ||
			parse_operations(slash + 1, &n) != 0
		    ? -1
		    : 0;
	if (rc != 0 || nano % n != 0 || nano / n > EACH_MAX)
		return err_set(err, ERR_USAGE,
		    "'%s': want dollars for operations such as $0.05/10k, "
		    "which is whole nanodollars for each and at most $1, or "
		    "off",
		    text);
	nano /= n;
	memcpy(value, &nano, sizeof(nano));
	return 0;
}

/* For a thousand, without the zeros at the end. */
static void
format_price(const void *value, struct buf *out)
{
	char text[48];
	uint64_t each;
	int n;

	memcpy(&each, value, sizeof(each));
	if (each == 0) {
		buf_adds(out, "off");
		return;
	}
	n = snprintf(text, sizeof(text), "$%llu.%06llu",
	    (unsigned long long)(each / 1000000),
	    (unsigned long long)(each % 1000000));
	while (text[n - 1] == '0')
		n--;
	n -= text[n - 1] == '.';
	buf_add(out, text, (size_t)n);
	buf_adds(out, "/1k");
}

const struct opt_grammar sim_price_grammar = { sizeof(uint64_t), parse_price,
	format_price, NULL };
