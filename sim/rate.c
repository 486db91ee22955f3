/* SPDX-License-Identifier: MIT */
/* A rate keeps its unit, so that it is told as it was said. */
#include "sim/rate.h"

#include <string.h>

#include "src/base/buf.h"
#include "src/base/opt.h"
#include "src/base/str.h"

static const struct {
	const char *suffix;
	uint64_t us;
} units[] = {
	{ "/s", 1000000 },
	{ "/m", 60000000 },
	{ "/h", 3600000000 },
};
enum { UNITS = sizeof(units) / sizeof(units[0]) };

struct sim_rate
sim_per_second(uint64_t n)
{
	return (struct sim_rate){ n, units[0].us };
}

/* A rate that is not off; 0 for what is none. */
static uint64_t
parse_number(const char *text, size_t n)
{
	char digits[16];
	uint64_t v;

	if (n >= sizeof(digits))
		return 0;
	memcpy(digits, text, n);
	digits[n] = '\0';
	return str_parse_u64(digits, &v) == 0 && v <= RATE_MAX ? v : 0;
}

static int
parse_rate(const char *text, void *value, struct err *err)
{
	size_t i, n = strlen(text);
	struct sim_rate rate = { 0, units[0].us };

	for (i = 0; i < UNITS; i++) {
		if (str_ends(text, units[i].suffix)) {
			rate.per_us = units[i].us;
			n -= strlen(units[i].suffix);
			break;
		}
	}
	rate.n = parse_number(text, n);
	if (rate.n == 0 && strcmp(text, "off") != 0)
		return err_set(err, ERR_USAGE,
		    "'%s': want a rate such as 5/s, 30/m or 100/h (at most "
		    "%d), or off",
		    text, RATE_MAX);
	memcpy(value, &rate, sizeof(rate));
	return 0;
}

static void
format_rate(const void *value, struct buf *out)
{
	struct sim_rate rate;
	size_t i = 0;

	memcpy(&rate, value, sizeof(rate));
	if (rate.n == 0) {
		buf_adds(out, "off");
		return;
	}
	while (i + 1 < UNITS && units[i].us != rate.per_us)
		i++;
	buf_addf(out, "%llu%s", (unsigned long long)rate.n, units[i].suffix);
}

const struct opt_grammar sim_rate_grammar = { sizeof(struct sim_rate),
	parse_rate, format_rate, NULL };

/* --- shares --- */

enum { PER_CENT = 10000 };

static int
parse_share(const char *text, void *value, struct err *err)
{
	uint64_t share;

	if (!str_ends(text, "%") || str_parse_share(text, &share) != 0)
		return err_set(err, ERR_USAGE,
		    "'%s': want a share from 0%% to 100%%, such as 80%%", text);
	memcpy(value, &share, sizeof(share));
	return 0;
}

static void
format_share(const void *value, struct buf *out)
{
	uint64_t share;

	memcpy(&share, value, sizeof(share));
	buf_addf(out, "%g%%", (double)share / PER_CENT);
}

const struct opt_grammar sim_share_grammar = { sizeof(uint64_t), parse_share,
	format_share, NULL };
