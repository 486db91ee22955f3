/* SPDX-License-Identifier: MIT */
/* hist: against sorted arrays, to three digits, at every size of number. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/hist.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

enum { SEEDS = 300, VALUES = 2000 };

static int
compare_values(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Of any number of bits, so that every block is met. */
static uint64_t
draw(struct rng *rng)
{
	return rng_below(rng, UINT64_MAX) >> rng_below(rng, 64);
}

START_TEST(quantiles_are_those_of_the_sorted_values_to_three_digits)
{
	static uint64_t v[VALUES];
	struct rng rng;
	uint64_t seed;

	for (seed = 0; seed < SEEDS; seed++) {
		struct hist h = { 0 };
		uint64_t n, i, k;

		rng_init(&rng, seed);
		n = 1 + rng_below(&rng, VALUES);
		for (i = 0; i < n; i++) {
			v[i] = draw(&rng);
			hist_add(&h, v[i]);
		}
		qsort(v, n, sizeof(v[0]), compare_values);
		for (k = 0; k <= 1000; k++) {
			uint64_t rank = (k * n + 999) / 1000;
			uint64_t want = v[rank > 0 ? rank - 1 : 0];
			uint64_t got = hist_quantile(&h, (double)k / 1000);

			ck_assert_msg(got >= want && got - want <= want / 1024,
			    "seed %llu: quantile %llu of %llu is %llu, not "
			    "%llu",
			    (unsigned long long)seed, (unsigned long long)k,
			    (unsigned long long)n, (unsigned long long)got,
			    (unsigned long long)want);
		}
		ck_assert_uint_eq(h.count, n);
		ck_assert_uint_eq(h.max, v[n - 1]);
		ck_assert_uint_eq(hist_quantile(&h, 1), h.max);
		hist_release(&h);
	}
}
END_TEST

START_TEST(values_below_2048_are_exact)
{
	struct hist h;
	uint64_t i;

	hist_init(&h);
	for (i = 0; i < 2048; i++)
		hist_add(&h, 2047 - i);
	for (i = 0; i < 2048; i++)
		ck_assert_uint_eq(hist_quantile(&h, (double)(i + 1) / 2048), i);
	hist_release(&h);
}
END_TEST

START_TEST(mean_and_deviation_are_those_of_two_passes)
{
	static double v[VALUES];
	struct rng rng;
	uint64_t seed;

	for (seed = 0; seed < SEEDS; seed++) {
		/* A large offset is what sums of squares would die of. */
		uint64_t offset = seed % 2 ? UINT64_C(1) << 30 : 0;
		double mean = 0, squares = 0;
		struct hist h = { 0 };
		int i;

		rng_init(&rng, seed);
		for (i = 0; i < VALUES; i++) {
			uint64_t x = offset + rng_below(&rng, 100000);

			hist_add(&h, x);
			v[i] = (double)x;
			mean += v[i] / VALUES;
		}
		for (i = 0; i < VALUES; i++)
			squares += (v[i] - mean) * (v[i] - mean);
		ck_assert(fabs(h.mean - mean) < 1e-2);
		ck_assert(
		    fabs(hist_deviation(&h) - sqrt(squares / VALUES)) < 1e-2);
		hist_release(&h);
	}
}
END_TEST

START_TEST(an_empty_one_answers_nought)
{
	struct hist h = { 0 };
	struct buf text;

	buf_init(&text, 4096);
	ck_assert_uint_eq(hist_quantile(&h, 0.5), 0);
	ck_assert(hist_deviation(&h) == 0);
	hist_format_hgrm(&h, 1000, &text);
	ck_assert_ptr_nonnull(
	    strstr(text.data, "Total count    =            0"));
	hist_release(&h);
	buf_release(&text);
}
END_TEST

START_TEST(the_largest_numbers_have_a_cell)
{
	struct hist h = { 0 };

	hist_add(&h, UINT64_MAX);
	hist_add(&h, UINT64_C(1) << 63);
	hist_add(&h, 0);
	ck_assert_uint_eq(hist_quantile(&h, 1), UINT64_MAX);
	ck_assert_uint_eq(hist_quantile(&h, 0), 0);
	ck_assert_uint_eq(hist_quantile(&h, 0.5) >> 53, 1024);
	hist_release(&h);
}
END_TEST

/* --- .hgrm --- */

/* A bound may take in what is above it by one part in 1024, and no more. */
START_TEST(a_rank_is_how_many_were_at_most_so_much)
{
	struct rng rng;
	uint64_t values[VALUES], seed, bound, least, most, rank;
	size_t i, n;

	for (seed = 0; seed < SEEDS; seed++) {
		struct hist h = { 0 };

		rng_init(&rng, seed);
		n = rng_below(&rng, VALUES);
		for (i = 0; i < n; i++)
			hist_add(&h, values[i] = draw(&rng));
		bound = n > 0 && seed % 2 == 0 ? values[0] : draw(&rng);
		least = most = 0;
		for (i = 0; i < n; i++) {
			least += values[i] <= bound;
			most += values[i] <= bound ||
			    (bound >= 2048 && values[i] - bound < bound / 1024);
		}
		rank = hist_rank(&h, bound);
		ck_assert_msg(rank >= least && rank <= most,
		    "seed %llu: %llu are not %llu to %llu",
		    (unsigned long long)seed, (unsigned long long)rank,
		    (unsigned long long)least, (unsigned long long)most);
		ck_assert_uint_eq(hist_rank(&h, UINT64_MAX), n);
		hist_release(&h);
	}
}
END_TEST

START_TEST(the_text_of_a_few_values_is_this)
{
	static const char want[] =
	    "       Value     Percentile TotalCount 1/(1-Percentile)\n"
	    "\n"
	    "       1.000 0.000000000000          2           1.00\n"
	    "       1.000 0.100000000000          2           1.11\n"
	    "       1.000 0.200000000000          2           1.25\n"
	    "       1.000 0.300000000000          2           1.43\n"
	    "       1.000 0.400000000000          2           1.67\n"
	    "       1.000 0.500000000000          2           2.00\n"
	    "       1.500 0.550000000000          3           2.22\n"
	    "       1.500 0.600000000000          3           2.50\n"
	    "       1.500 0.650000000000          3           2.86\n"
	    "       1.500 0.700000000000          3           3.33\n"
	    "       1.500 0.750000000000          3           4.00\n"
	    "       2.500 0.775000000000          4           4.44\n"
	    "       2.500 1.000000000000          4\n"
	    "#[Mean    =        1.500, StdDeviation   =        0.612]\n"
	    "#[Max     =        2.500, Total count    =            4]\n"
	    "#[Buckets =            3, SubBuckets     =         2048]\n";
	struct hist h = { 0 };
	struct buf text;

	hist_add(&h, 1000);
	hist_add(&h, 2500);
	hist_add(&h, 1500);
	hist_add(&h, 1000);
	buf_init(&text, 4096);
	hist_format_hgrm(&h, 1000, &text);
	ck_assert_str_eq(text.data, want);
	hist_release(&h);
	buf_release(&text);
}
END_TEST

/* Each line's value is the quantile of its percentile, lines rise, and the last
 * one has everything below it. */
static void
check_text(const struct hist *h, char *text, uint64_t seed)
{
	double value, percentile, last_value = -1, last_percentile = -1;
	unsigned long long total = 0, last_total = 0;
	char *line = strtok(text, "\n");
	int lines = 0;

	for (line = strtok(NULL, "\n"); line != NULL && line[0] != '#';
	     line = strtok(NULL, "\n"), lines++) {
		ck_assert_int_eq(sscanf(line, "%lf %lf %llu", &value,
				     &percentile, &total),
		    3);
		ck_assert_msg(value >= last_value &&
			percentile > last_percentile && total >= last_total,
		    "seed %llu: %s", (unsigned long long)seed, line);
		/* 1e-12 is the text's last digit. */
		ck_assert_msg((double)total >=
			(percentile - 1e-12) * (double)h->count,
		    "seed %llu: %s", (unsigned long long)seed, line);
		ck_assert_msg(value >=
			(double)hist_quantile(h, percentile - 1e-12) - 0.001,
		    "seed %llu: %s", (unsigned long long)seed, line);
		last_value = value, last_percentile = percentile;
		last_total = total;
	}
	ck_assert(percentile == 1);
	ck_assert_uint_eq(total, h->count);
	ck_assert(fabs(value - (double)h->max) < 0.001);
	/* Five lines a halving, and there are log2(count) halvings. */
	ck_assert_int_le(lines, 5 * (int)(log2((double)h->count) + 2) + 2);
}

START_TEST(the_text_rises_and_ends_with_the_maximum)
{
	struct rng rng;
	uint64_t seed;

	for (seed = 0; seed < SEEDS; seed++) {
		struct hist h = { 0 };
		struct buf text;
		uint64_t n;

		rng_init(&rng, seed);
		for (n = 1 + rng_below(&rng, VALUES); n > 0; n--)
			hist_add(&h, draw(&rng) >> 24);
		buf_init(&text, 1024 * 1024);
		hist_format_hgrm(&h, 1, &text);
		ck_assert(!text.full);
		check_text(&h, text.data, seed);
		hist_release(&h);
		buf_release(&text);
	}
}
END_TEST

int
main(void)
{
	return suite_run("hist",
	    quantiles_are_those_of_the_sorted_values_to_three_digits,
	    values_below_2048_are_exact,
	    mean_and_deviation_are_those_of_two_passes,
	    an_empty_one_answers_nought, the_largest_numbers_have_a_cell,
	    a_rank_is_how_many_were_at_most_so_much,
	    the_text_of_a_few_values_is_this,
	    the_text_rises_and_ends_with_the_maximum, NULL);
}
