/* SPDX-License-Identifier: MIT */
/* width: as many connections as pay for themselves. */
#include "src/net/width.h"
#include "tests/support/suite.h"

START_TEST(many_requests_are_worth_more_connections)
{
	static const struct {
		uint64_t requests, latency_us, handshake_us;
		unsigned least, most;
	} cases[] = {
		{ 0, 42000, 1000, 1, 1 },
		{ 1, 42000, 1000, 1, 1 },
		{ 7, 42000, 1000, 7, 7 },
		{ 10, 1, 1000, 10, 10 },
		{ 100, 42000, 1000, 64, 65 },
		{ 1000, 42000, 1000, 150, 205 },
		{ 1000, 0, 0, 150, 205 },
		{ 10000, 42000, 1000, 600, 650 },
		{ 10000, 42000, 250, 1000, 1000 },
		{ 10000, 1000, 1000, 100, 100 },
		{ 10000, 1, 1000, 10, 10 },
		{ 1000000, 42000, 1000, 1000, 1000 },
		{ UINT64_MAX, UINT64_MAX, 1, 1000, 1000 },
		{ UINT64_MAX, 1, UINT64_MAX, 10, 10 },
	};
	struct width_case c = { .is_tls = true };
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		c.requests = cases[i].requests;
		c.latency_us = cases[i].latency_us;
		c.handshake_us = cases[i].handshake_us;
		ck_assert_uint_ge(width_choose(&c), cases[i].least);
		ck_assert_uint_le(width_choose(&c), cases[i].most);
	}
}
END_TEST

START_TEST(in_the_clear_each_request_may_have_one)
{
	struct width_case c = { .latency_us = 42000 };

	c.requests = 3;
	ck_assert_uint_eq(width_choose(&c), 3);
	c.requests = 999;
	ck_assert_uint_eq(width_choose(&c), 999);
	c.requests = 100000;
	ck_assert_uint_eq(width_choose(&c), WIDTH_MAX);
	c.requests = 0;
	ck_assert_uint_eq(width_choose(&c), 1);
}
END_TEST

/* The formula's wall, with the chosen width and with others. */
static double
wall(double n, double k, double latency, double handshake)
{
	double start = 3 * latency > k * handshake ? 3 * latency
						   : k * handshake;

	return start + (n / k > 1 ? n / k - 1 : 0) * latency;
}

START_TEST(no_other_width_is_much_faster)
{
	struct width_case c = { .is_tls = true };
	double best, chosen;
	unsigned k;

	c.handshake_us = WIDTH_HANDSHAKE_US;
	for (c.requests = 100; c.requests <= 100000; c.requests *= 3) {
		for (c.latency_us = 5000; c.latency_us <= 300000;
		     c.latency_us *= 2) {
			best = wall((double)c.requests, 10,
			    (double)c.latency_us, WIDTH_HANDSHAKE_US);
			for (k = 11; k <= WIDTH_MAX && k <= c.requests; k++) {
				double w = wall((double)c.requests, k,
				    (double)c.latency_us, WIDTH_HANDSHAKE_US);

				best = w < best ? w : best;
			}
			chosen = wall((double)c.requests, width_choose(&c),
			    (double)c.latency_us, WIDTH_HANDSHAKE_US);
			ck_assert_double_le(chosen, 1.25 * best);
		}
	}
}
END_TEST

int
main(void)
{
	return suite_run("net width", many_requests_are_worth_more_connections,
	    in_the_clear_each_request_may_have_one,
	    no_other_width_is_much_faster, NULL);
}
