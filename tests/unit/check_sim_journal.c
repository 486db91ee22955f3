/* SPDX-License-Identifier: MIT */
/* journal: exact counts, and a hash that knows no order of arrival. */
#include <string.h>

#include "sim/journal.h"
#include "src/base/buf.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

static uint32_t
arrive(struct journal *j, uint64_t at, enum sim_kind kind, const char *name)
{
	return journal_arrive(j, at, kind, "bucket", name, strlen(name));
}

START_TEST(counts_kinds_statuses_and_what_is_in_flight)
{
	struct sim_counts *c;
	struct journal j;
	uint32_t a, b;

	journal_init(&j);
	c = &j.counts;
	a = arrive(&j, 5, SIM_DELETE, "x");
	b = arrive(&j, 6, SIM_DELETE, "x");
	ck_assert_uint_eq(j.rows.v[a].nth, 1);
	ck_assert_uint_eq(j.rows.v[b].nth, 2);
	ck_assert_uint_eq(c->in_flight, 2);
	journal_answer(&j, a, 47, 204);
	journal_answer(&j, b, 48, 404);
	arrive(&j, 50, SIM_LIST, "x");
	ck_assert_uint_eq(c->requests[SIM_DELETE], 2);
	ck_assert_uint_eq(c->requests[SIM_LIST], 1);
	ck_assert_uint_eq(c->total, 3);
	ck_assert_uint_eq(c->in_flight, 1);
	ck_assert_uint_eq(c->peak_in_flight, 2);
	ck_assert_uint_eq(j.by_status[204], 1);
	ck_assert_uint_eq(j.by_status[404], 1);
	ck_assert_uint_eq(j.rows.v[a].took_us, 42);
	journal_release(&j);
}
END_TEST

START_TEST(a_request_may_turn_out_to_have_another_name)
{
	struct journal j;
	uint32_t a, b, c;

	journal_init(&j);
	arrive(&j, 1, SIM_PUT, "x");
	a = arrive(&j, 2, SIM_PUT, "");
	b = arrive(&j, 3, SIM_PUT, "");
	ck_assert_uint_eq(journal_rename(&j, b, "x", 1), 2);
	ck_assert_uint_eq(journal_rename(&j, a, "y", 1), 1);
	c = arrive(&j, 4, SIM_PUT, "");
	ck_assert_uint_eq(j.rows.v[a].nth, 1);
	ck_assert_uint_eq(j.rows.v[b].nth, 2);
	ck_assert_uint_eq(j.rows.v[c].nth, 3);
	ck_assert_str_eq(j.keys.v[j.rows.v[a].key].name, "y");
	ck_assert_str_eq(j.keys.v[j.rows.v[a].key].bucket, "bucket");
	ck_assert_uint_eq(j.rows.v[b].key, j.rows.v[0].key);
	ck_assert_uint_eq(j.counts.total, 4);
	journal_release(&j);
}
END_TEST

START_TEST(a_reset_forgets_rows_but_not_what_is_in_flight)
{
	struct journal j;

	journal_init(&j);
	arrive(&j, 1, SIM_GET, "x");
	journal_reset(&j);
	ck_assert_uint_eq(j.counts.total, 0);
	ck_assert_uint_eq(j.counts.in_flight, 1);
	journal_answer(&j, JOURNAL_FORGOTTEN, 9, 200);
	ck_assert_uint_eq(j.counts.in_flight, 0);
	ck_assert_uint_eq(j.by_status[200], 0);
	ck_assert_uint_eq(j.rows.v == NULL ? 0 : j.rows.n, 0);
	journal_release(&j);
}
END_TEST

START_TEST(text_is_one_line_a_request_whatever_the_name)
{
	struct journal j;
	struct buf out;

	journal_init(&j);
	buf_init(&out, 10000);
	journal_answer(&j, arrive(&j, 1, SIM_DELETE, "a b\n\x7f/data"), 2, 204);
	arrive(&j, 3, SIM_LIST, "");
	journal_add_text(&j, &out);
	ck_assert_str_eq(out.data, "DELETE a%20b%0A%7F/data 204\nLIST  0\n");
	buf_clear(&out);
	journal_add_json(&j, &out);
	ck_assert_str_eq(out.data,
	    "{\"at_us\":1,\"kind\":\"DELETE\",\"bucket\":\"bucket\","
	    "\"name\":\"a b\\n\\u007f/data\",\"nth\":1,\"status\":204,"
	    "\"took_us\":1}\n"
	    "{\"at_us\":3,\"kind\":\"LIST\",\"bucket\":\"bucket\","
	    "\"name\":\"\",\"nth\":1,\"status\":0,\"took_us\":0}\n");
	buf_release(&out);
	journal_release(&j);
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
	return suite_run("sim_journal",
	    counts_kinds_statuses_and_what_is_in_flight,
	    a_request_may_turn_out_to_have_another_name,
	    a_reset_forgets_rows_but_not_what_is_in_flight,
	    text_is_one_line_a_request_whatever_the_name,
	    the_hash_does_not_know_the_order_of_arrival, NULL);
}
