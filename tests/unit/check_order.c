/* SPDX-License-Identifier: MIT */
/* order: every victim once, dealt from its ranges in turn, one seed one order. */
#include "src/registry/order.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

/* As a listing has them: the groups ascend. */
struct victims {
	unsigned *group;
	size_t n;
};

static unsigned
group_of(const void *arg, size_t i)
{
	const struct victims *v = arg;

	return v->group[i];
}

static void
make(struct victims *v, size_t n, unsigned groups)
{
	size_t i;

	*v = (struct victims){ mem_zalloc(n + 1, sizeof(*v->group)), n };
	for (i = 0; i < n; i++)
		v->group[i] = (unsigned)(i * groups / n);
}

static void
collect(const struct victims *v, uint64_t seed, size_t *out)
{
	struct order o;
	size_t i;

	order_init(&o, v->n, seed, group_of, v);
	for (i = 0; i < v->n; i++)
		out[i] = order_next(&o);
	ck_assert_uint_eq(order_next(&o), ORDER_END);
	ck_assert_uint_eq(order_next(&o), ORDER_END);
	order_release(&o);
}

START_TEST(every_victim_comes_once)
{
	static const size_t counts[] = { 0, 1, 2, 255, 256, 257, 5000 };
	uint64_t seed;
	size_t k, i;

	for (k = 0; k < sizeof(counts) / sizeof(counts[0]); k++) {
		for (seed = 0; seed < 50; seed++) {
			size_t n = counts[k];
			size_t *out = mem_zalloc(n + 1, sizeof(*out));
			char *seen = mem_zalloc(n + 1, 1);
			struct victims v;

			make(&v, n, seed % 2 ? 1 : ORDER_GROUPS);
			collect(&v, seed, out);
			for (i = 0; i < n; i++) {
				ck_assert_uint_lt(out[i], n);
				ck_assert(!seen[out[i]]);
				seen[out[i]] = 1;
			}
			free(v.group);
			free(seen);
			free(out);
		}
	}
}
END_TEST

/* Any 256 in a row, as long as all ranges have some left, are of 256 ranges. */
START_TEST(ranges_take_turns)
{
	enum { EACH = 20, N = EACH * ORDER_GROUPS };
	static size_t out[N];
	unsigned last[ORDER_GROUPS];
	struct victims v;
	size_t i;

	make(&v, N, ORDER_GROUPS);
	collect(&v, 7, out);
	for (i = 0; i < N; i++) {
		unsigned g = v.group[out[i]];

		if (i >= ORDER_GROUPS)
			ck_assert_uint_eq(i - last[g], ORDER_GROUPS);
		last[g] = (unsigned)i;
	}
	free(v.group);
}
END_TEST

START_TEST(one_seed_gives_one_order)
{
	static size_t a[1000], b[1000], c[1000];
	struct victims v;
	size_t same = 0, i;

	make(&v, 1000, 1);
	collect(&v, 1, a);
	collect(&v, 1, b);
	collect(&v, 2, c);
	ck_assert_mem_eq(a, b, sizeof(a));
	for (i = 0; i < 1000; i++)
		same += a[i] == c[i];
	ck_assert_uint_lt(same, 10);
	free(v.group);
}
END_TEST

int
main(void)
{
	return suite_run("order", every_victim_comes_once, ranges_take_turns,
	    one_seed_gives_one_order, NULL);
}
