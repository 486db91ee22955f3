/* SPDX-License-Identifier: MIT */
/* journal: exact counts, and a hash that knows no order of arrival. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/http.h"
#include "sim/journal.h"
#include "sim/routes.h"
#include "src/base/buf.h"
#include "src/base/opt.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

static uint64_t
arrive(struct journal *j, uint64_t at, enum sim_kind kind, const char *name)
{
	uint32_t nth;

	return journal_arrive(j, at, kind, "bucket", name, strlen(name), &nth);
}

static uint32_t
nth_of(const struct journal *j, uint64_t row)
{
	return journal_row(j, row)->nth;
}

static uint32_t
rename_put(struct journal *j, uint64_t row, const char *name)
{
	return journal_rename(j, row, SIM_PUT, "bucket", name, strlen(name));
}

START_TEST(counts_kinds_and_what_is_in_flight)
{
	struct sim_counts *c;
	struct journal j;
	uint64_t a, b;

	journal_init(&j);
	c = &j.counts;
	a = arrive(&j, 5, SIM_DELETE, "x");
	b = arrive(&j, 6, SIM_DELETE, "x");
	ck_assert_uint_eq(nth_of(&j, a), 1);
	ck_assert_uint_eq(nth_of(&j, b), 2);
	ck_assert_uint_eq(c->in_flight, 2);
	journal_answer(&j, a, 47, 204);
	journal_answer(&j, b, 48, 404);
	arrive(&j, 50, SIM_LIST, "x");
	ck_assert_uint_eq(c->requests[SIM_DELETE], 2);
	ck_assert_uint_eq(c->requests[SIM_LIST], 1);
	ck_assert_uint_eq(c->total, 3);
	ck_assert_uint_eq(c->in_flight, 1);
	ck_assert_uint_eq(c->peak_in_flight, 2);
	ck_assert_uint_eq(journal_row(&j, a)->took_us, 42);
	ck_assert_uint_eq(journal_row(&j, b)->status, 404);
	journal_release(&j);
}
END_TEST

START_TEST(a_request_may_turn_out_to_have_another_name)
{
	struct journal j;
	uint64_t a, b, c;

	journal_init(&j);
	arrive(&j, 1, SIM_PUT, "x");
	a = arrive(&j, 2, SIM_PUT, "");
	b = arrive(&j, 3, SIM_PUT, "");
	ck_assert_uint_eq(rename_put(&j, b, "x"), 2);
	ck_assert_uint_eq(rename_put(&j, a, "y"), 1);
	c = arrive(&j, 4, SIM_PUT, "");
	ck_assert_uint_eq(nth_of(&j, a), 1);
	ck_assert_uint_eq(nth_of(&j, b), 2);
	ck_assert_uint_eq(nth_of(&j, c), 3);
	ck_assert_str_eq(journal_key(&j, journal_row(&j, a))->name, "y");
	ck_assert_str_eq(journal_key(&j, journal_row(&j, a))->bucket, "bucket");
	ck_assert_uint_eq(journal_row(&j, b)->key, journal_row(&j, 0)->key);
	ck_assert_uint_eq(j.counts.total, 4);
	journal_release(&j);
}
END_TEST

START_TEST(a_reset_forgets_rows_but_not_what_is_in_flight)
{
	struct journal j;
	uint64_t a;

	journal_init(&j);
	a = arrive(&j, 1, SIM_PUT, "");
	journal_reset(&j);
	ck_assert_uint_eq(j.counts.total, 0);
	ck_assert_uint_eq(j.counts.in_flight, 1);
	ck_assert_uint_eq(rename_put(&j, a, "x"), 0);
	journal_answer(&j, a, 9, 200);
	ck_assert_uint_eq(j.counts.in_flight, 0);
	ck_assert_ptr_null(journal_row(&j, a));
	ck_assert_uint_eq(journal_first(&j), j.next);
	ck_assert_uint_eq(nth_of(&j, arrive(&j, 10, SIM_PUT, "x")), 1);
	journal_release(&j);
}
END_TEST

START_TEST(text_is_one_line_a_request_whatever_the_name)
{
	struct journal j;
	struct buf out;
	uint64_t a;

	journal_init(&j);
	buf_init(&out, 10000);
	a = arrive(&j, 1, SIM_DELETE, "a b\n\x7f/data");
	journal_set_target(&j, a, "/t?q=1");
	journal_row(&j, a)->method = HTTP_DELETE;
	journal_row(&j, a)->op = OP_OBJECT_DELETE;
	journal_answer(&j, a, 2, 204);
	arrive(&j, 3, SIM_LIST, "");
	journal_add_text(&j, &out);
	ck_assert_str_eq(out.data, "DELETE a%20b%0A%7F/data 204\nLIST  0\n");
	buf_clear(&out);
	journal_add_json(&j, &out);
	ck_assert_str_eq(out.data,
	    "{\"at_us\":1,\"kind\":\"DELETE\",\"bucket\":\"bucket\","
	    "\"name\":\"a b\\n\\u007f/data\",\"nth\":1,\"status\":204,"
	    "\"took_us\":1,\"method\":\"DELETE\",\"target\":\"/t?q=1\","
	    "\"operation\":\"storage.objects.delete\"}\n"
	    "{\"at_us\":3,\"kind\":\"LIST\",\"bucket\":\"bucket\","
	    "\"name\":\"\",\"nth\":1,\"status\":0,\"took_us\":0,"
	    "\"method\":\"GET\",\"target\":\"\",\"operation\":\"none\"}\n");
	buf_release(&out);
	journal_release(&j);
}
END_TEST

static void
check_rows(const struct journal *j, uint64_t first, uint64_t next)
{
	uint64_t row;
	char name[32];

	ck_assert_uint_eq(journal_first(j), first);
	ck_assert_uint_eq(j->next, next);
	ck_assert_ptr_null(journal_row(j, next));
	for (row = first; row < next; row++) {
		snprintf(name, sizeof(name), "%" PRIu64, row);
		ck_assert_str_eq(journal_row(j, row)->target, name);
		ck_assert_uint_eq(journal_row(j, row)->at_us, row);
	}
}

static void
fill(struct journal *j, uint64_t n)
{
	char name[32];
	uint64_t row;

	for (; n > 0; n--) {
		row = arrive(j, j->next, SIM_GET, "x");
		snprintf(name, sizeof(name), "%" PRIu64, row);
		journal_set_target(j, row, name);
	}
}

/* 1024 rows are a block. */
START_TEST(the_oldest_rows_leave_and_counts_stay)
{
	struct journal j;

	journal_init(&j);
	fill(&j, 5000);
	check_rows(&j, 0, 5000);
	journal_limit(&j, 100);
	check_rows(&j, 4900, 5000);
	fill(&j, 20000);
	check_rows(&j, 24900, 25000);
	ck_assert_uint_le(j.blocks.n, 2);
	journal_answer(&j, 0, 1, 200);
	ck_assert_uint_eq(j.counts.total, 25000);
	ck_assert_uint_eq(j.counts.in_flight, 24999);
	ck_assert_uint_eq(j.keys.v[0].times, 25000);
	journal_limit(&j, 0);
	fill(&j, 10);
	check_rows(&j, 25010, 25010);
	ck_assert_uint_eq(j.keys.v[0].times, 25010);
	ck_assert_uint_eq(journal_hash(&j), 0);
	journal_limit(&j, 1024);
	fill(&j, 1500);
	check_rows(&j, 25486, 26510);
	journal_limit(&j, SIM_JOURNAL_ALL);
	fill(&j, 3000);
	/* What had not left yet is there again. */
	check_rows(&j, 25010, 29510);
	journal_reset(&j);
	check_rows(&j, 29510, 29510);
	fill(&j, 1);
	check_rows(&j, 29510, 29511);
	journal_release(&j);
}
END_TEST

START_TEST(a_target_is_cut_where_it_is_too_long)
{
	char target[JOURNAL_TARGET_MAX + 100];
	struct journal j;

	memset(target, 'x', sizeof(target) - 1);
	target[sizeof(target) - 1] = '\0';
	journal_init(&j);
	journal_set_target(&j, arrive(&j, 1, SIM_GET, "x"), target);
	ck_assert_uint_eq(strlen(journal_row(&j, 0)->target),
	    JOURNAL_TARGET_MAX);
	journal_release(&j);
}
END_TEST

START_TEST(its_length_is_read_as_it_is_written)
{
	static const struct {
		const char *text;
		uint64_t rows;
	} rows[] = { { "off", 0 }, { "1", 1 }, { "1000000", 1000000 },
		{ "1000000000", 1000000000 }, { "all", SIM_JOURNAL_ALL } };
	static const char *const bad[] = { "", "-1", "many", "1000000001",
		"18446744073709551615", "1k", "1 ", "ALL" };
	struct err err = ERR_INIT;
	struct buf text;
	uint64_t v;
	size_t i;

	buf_init(&text, 100);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_int_eq(sim_journal_grammar.parse(rows[i].text, &v,
				     &err),
		    0);
		ck_assert_uint_eq(v, rows[i].rows);
		buf_clear(&text);
		sim_journal_grammar.format(&v, &text);
		ck_assert_str_eq(text.data, rows[i].text);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_ne(sim_journal_grammar.parse(bad[i], &v, &err),
		    0);
		ck_assert_ptr_nonnull(strstr(err.text, "or all, or off"));
	}
	buf_release(&text);
}
END_TEST

enum { REQUESTS = 60 };

/* Requests at a few instants, in the order that `shuffle` gives within each. */
static uint64_t
hash_of(uint64_t seed, uint64_t shuffle, int spoil)
{
	struct {
		enum sim_kind kind;
		char name[2];
	} r[REQUESTS], swap;
	struct journal j;
	struct rng rng, order;
	uint64_t h;
	size_t i, k, first;

	rng_init(&rng, seed);
	rng_init(&order, shuffle);
	for (i = 0; i < REQUESTS; i++) {
		r[i].kind = (enum sim_kind)rng_below(&rng, 4);
		r[i].name[0] = (char)('a' + rng_below(&rng, 5));
		r[i].name[1] = '\0';
	}
	if (spoil)
		r[REQUESTS / 2].name[0] ^= 1;
	/* Twenty requests an instant; the same names come again. */
	for (first = 0; first < REQUESTS; first += 20) {
		for (i = 19; i > 0; i--) {
			k = (size_t)rng_below(&order, i + 1);
			swap = r[first + i];
			r[first + i] = r[first + k];
			r[first + k] = swap;
		}
	}
	journal_init(&j);
	for (i = 0; i < REQUESTS; i++)
		journal_answer(&j, arrive(&j, i / 20, r[i].kind, r[i].name), 99,
		    200);
	h = journal_hash(&j);
	journal_release(&j);
	return h;
}

START_TEST(the_hash_does_not_know_the_order_of_arrival)
{
	uint64_t seed;

	for (seed = 1; seed <= 200; seed++) {
		ck_assert_uint_eq(hash_of(seed, 1, 0), hash_of(seed, 2, 0));
		ck_assert_uint_ne(hash_of(seed, 1, 0), hash_of(seed, 1, 1));
		ck_assert_uint_ne(hash_of(seed, 1, 0), hash_of(seed + 1, 1, 0));
	}
}
END_TEST

int
main(void)
{
	return suite_run("sim_journal", counts_kinds_and_what_is_in_flight,
	    a_request_may_turn_out_to_have_another_name,
	    a_reset_forgets_rows_but_not_what_is_in_flight,
	    text_is_one_line_a_request_whatever_the_name,
	    the_oldest_rows_leave_and_counts_stay,
	    a_target_is_cut_where_it_is_too_long,
	    its_length_is_read_as_it_is_written,
	    the_hash_does_not_know_the_order_of_arrival, NULL);
}
