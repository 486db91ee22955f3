/* SPDX-License-Identifier: MIT */
/* tally and bill: exact sums of what was asked, and what it costs. */
#include <string.h>

#include "sim/bill.h"
#include "sim/method.h"
#include "sim/tally.h"
#include "src/base/buf.h"
#include "src/base/opt.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

static void
end(struct tally *t, enum sim_kind kind, enum operation op, int status)
{
	const struct tally_end e = { .kind = kind,
		.op = op,
		.status = status,
		.bytes_in = 1,
		.bytes_out = 10,
		.took_us = 100,
		.is_rejected = status == 429,
		.is_fault = status == 500 };

	tally_answer(t, &e);
}

static void
ask(struct tally *t, enum sim_kind kind, enum operation op, int status)
{
	tally_arrive(t, kind, op, false);
	end(t, kind, op, status);
}

static uint64_t
count(const struct tally *t, enum sim_kind kind, int status)
{
	const struct tally_key key = { 1U << kind, NULL, status };

	return tally_sum(t, &key).n;
}

START_TEST(a_request_counts_from_its_arrival_on)
{
	struct tally t = { 0 };

	tally_arrive(&t, SIM_DELETE, OP_OBJECT_DELETE, true);
	tally_arrive(&t, SIM_DELETE, OP_OBJECT_DELETE, false);
	ck_assert_uint_eq(count(&t, SIM_DELETE, TALLY_ANY), 2);
	ck_assert_uint_eq(count(&t, SIM_DELETE, TALLY_PENDING), 2);
	ck_assert_uint_eq(count(&t, SIM_DELETE, 204), 0);
	end(&t, SIM_DELETE, OP_OBJECT_DELETE, 204);
	end(&t, SIM_DELETE, OP_OBJECT_DELETE, TALLY_UNANSWERED);
	ck_assert_uint_eq(count(&t, SIM_DELETE, TALLY_ANY), 2);
	ck_assert_uint_eq(count(&t, SIM_DELETE, TALLY_PENDING), 0);
	ck_assert_uint_eq(count(&t, SIM_DELETE, 204), 1);
	ck_assert_uint_eq(count(&t, SIM_DELETE, TALLY_UNANSWERED), 1);
	ck_assert_uint_eq(t.connections, 1);
	ck_assert_uint_eq(t.in_flight, 0);
	ck_assert_uint_eq(t.peak_in_flight, 2);
	tally_clear(&t);
	ck_assert_uint_eq(tally_sum(&t, &tally_all).n, 0);
	tally_release(&t);
}
END_TEST

/* The sum over groups is the sum of all, whatever was asked. */
START_TEST(groups_are_all_of_it_once)
{
	static const struct {
		enum sim_kind kind;
		enum operation op;
	} what[] = { { SIM_GET, OP_OBJECT_GET }, { SIM_GET, OP_OBJECT_MEDIA },
		{ SIM_GET, OP_XML_GET }, { SIM_LIST, OP_OBJECT_LIST },
		{ SIM_OTHER, OP_NONE }, { SIM_OTHER, OP_METHOD },
		{ SIM_OTHER, OP_BATCH } };
	static const int statuses[] = { 200, 404, 429, 500, 0 };
	struct tally_cell c, all;
	struct tally_key key;
	uint64_t seed, n, took;
	struct rng rng;
	size_t at, i;

	for (seed = 1; seed <= 100; seed++) {
		struct tally t = { 0 };

		rng_init(&rng, seed);
		for (n = rng_below(&rng, 200); n > 0; n--) {
			i = (size_t)rng_below(&rng, 7);
			ask(&t, what[i].kind, what[i].op,
			    statuses[rng_below(&rng, 5)]);
		}
		all = tally_sum(&t, &tally_all);
		at = n = took = 0;
		while (tally_next(&t, &at, &c, &key)) {
			ck_assert(tally_key_has(&key, &c));
			n += c.n;
			took += c.took_us;
		}
		ck_assert_uint_eq(n, all.n);
		ck_assert_uint_eq(took, all.took_us);
		ck_assert_uint_eq(all.took_us, 100 * n);
		ck_assert_uint_eq(all.bytes_in, n);
		ck_assert_uint_eq(all.bytes_out, 10 * n);
		ck_assert_uint_le(t.rejected + t.faults, n);
		tally_release(&t);
	}
}
END_TEST

START_TEST(three_ways_to_read_an_object_are_one_method)
{
	struct tally t = { 0 };
	struct tally_cell c;
	size_t at = 0;

	ask(&t, SIM_GET, OP_OBJECT_GET, 200);
	ask(&t, SIM_GET, OP_OBJECT_MEDIA, 200);
	ask(&t, SIM_GET, OP_XML_GET, 200);
	ck_assert_uint_eq(t.cells.n, 6);
	ck_assert(tally_next(&t, &at, &c, NULL));
	ck_assert_int_eq(c.status, TALLY_PENDING);
	ck_assert(tally_next(&t, &at, &c, NULL));
	ck_assert_uint_eq(c.n, 3);
	ck_assert(!tally_next(&t, &at, &c, NULL));
	tally_release(&t);
}
END_TEST

/* --- money --- */

START_TEST(what_was_done_is_billed_by_its_class)
{
	struct tally t = { 0 };
	struct buf dollars;
	struct bill b;
	int i;

	for (i = 0; i < 1000; i++) {
		ask(&t, SIM_LIST, OP_OBJECT_LIST, 200);
		ask(&t, SIM_DELETE, OP_OBJECT_DELETE, 204);
		ask(&t, SIM_DELETE, OP_OBJECT_DELETE, 404);
	}
	ask(&t, SIM_GET, OP_OBJECT_MEDIA, 206);
	ask(&t, SIM_GET, OP_OBJECT_GET, 304);
	ask(&t, SIM_GET, OP_OBJECT_GET, 307);
	ask(&t, SIM_GET, OP_OBJECT_GET, 404);
	ask(&t, SIM_PUT, OP_OBJECT_INSERT, 503);
	ask(&t, SIM_PUT, OP_OBJECT_INSERT, TALLY_UNANSWERED);
	ask(&t, SIM_PUT, OP_UPLOAD_STATUS, 308);
	tally_arrive(&t, SIM_PUT, OP_OBJECT_INSERT, false);
	bill_make(&b, &t, &sim_tariff);
	ck_assert_uint_eq(b.class_a, 1000);
	ck_assert_uint_eq(b.class_b, 2);
	ck_assert_uint_eq(b.free, 1001);
	ck_assert_uint_eq(b.unbilled, 1004);
	/* $0.005 and 2 * $0.0000004 */
	ck_assert_uint_eq(b.nanodollars, 5000800);
	buf_init(&dollars, 64);
	bill_add_dollars(&dollars, b.nanodollars);
	ck_assert_str_eq(dollars.data, "0.005000800");
	buf_clear(&dollars);
	bill_add_dollars(&dollars, UINT64_MAX);
	ck_assert_str_eq(dollars.data, "18446744073.709551615");
	buf_release(&dollars);
	tally_release(&t);
}
END_TEST

START_TEST(a_bill_beyond_all_bounds_says_the_most)
{
	static const struct sim_tariff dear = { 1000000000, 1000000000 };
	struct tally t = { 0 };
	struct bill b;

	ask(&t, SIM_LIST, OP_OBJECT_LIST, 200);
	ask(&t, SIM_GET, OP_OBJECT_GET, 200);
	t.cells.v[1].n = UINT64_MAX / 2;
	bill_make(&b, &t, &dear);
	ck_assert_uint_eq(b.nanodollars, UINT64_MAX);
	tally_release(&t);
}
END_TEST

START_TEST(a_price_is_read_as_it_is_written)
{
	static const struct {
		const char *text;
		uint64_t each;
		const char *again;
	} rows[] = {
		{ "$0.005/1k", 5000, "$0.005/1k" },
		{ "$0.05/10k", 5000, "$0.005/1k" },
		{ "0.05/10000", 5000, "$0.005/1k" },
		{ "$0.0004/1k", 400, "$0.0004/1k" },
		{ "0.0036/10k", 360, "$0.00036/1k" },
		{ "$5/1M", 5000, "$0.005/1k" },
		{ "$1/1", 1000000000, "$1000/1k" },
		{ "$0.000000001/1", 1, "$0.000001/1k" },
		{ "$12/1k", 12000000, "$12/1k" },
		{ "$0/1k", 0, "off" },
		{ "off", 0, "off" },
	};
	static const char *const bad[] = { "", "$", "/", "$/1k", "0.05",
		"$0.05/", "$0.05/0", "$0.05/10 k", "$0.05/10K", "-1/1k",
		"$.05/10k", "$5./1k", "$1.2.3/1k", "$1e3/1k", "$2/1",
		"$0.0000000001/1", "$0.000000001/1k", "$$1/1k", "off/1k",
		"$0.05/2M", "$99999999999999999999/1k", "$1/3",
		"$0.05/18446744073709551616" };
	struct err err = ERR_INIT;
	struct buf text;
	uint64_t v;
	size_t i;

	buf_init(&text, 100);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		v = 7;
		ck_assert_msg(sim_price_grammar.parse(rows[i].text, &v, &err) ==
			0,
		    "%s", rows[i].text);
		ck_assert_uint_eq(v, rows[i].each);
		buf_clear(&text);
		sim_price_grammar.format(&v, &text);
		ck_assert_str_eq(text.data, rows[i].again);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(sim_price_grammar.parse(bad[i], &v, &err) != 0,
		    "%s", bad[i]);
		ck_assert_ptr_nonnull(strstr(err.text, "such as $0.05/10k"));
	}
	buf_release(&text);
}
END_TEST

START_TEST(every_operation_is_found_by_its_method)
{
	const char *name;
	int op;

	for (op = 0; op < OPERATIONS; op++) {
		name = method_label((enum operation)op);
		if (method_is_of_auth((enum operation)op)) {
			ck_assert_ptr_null(method_find(name, strlen(name)));
			continue;
		}
		ck_assert_str_eq(method_find(name, strlen(name)), name);
		if (strncmp(name, "storage.", 8) == 0)
			ck_assert_str_eq(method_find(name + 8,
					     strlen(name) - 8),
			    name);
	}
	ck_assert_ptr_null(method_find("storage.", 8));
	ck_assert_ptr_null(method_find("", 0));
	ck_assert_ptr_null(method_find("h", 1));
	ck_assert_str_eq(method_find("batch", 5), "batch");
}
END_TEST

int
main(void)
{
	return suite_run("sim_tally", a_request_counts_from_its_arrival_on,
	    groups_are_all_of_it_once,
	    three_ways_to_read_an_object_are_one_method,
	    what_was_done_is_billed_by_its_class,
	    a_bill_beyond_all_bounds_says_the_most,
	    a_price_is_read_as_it_is_written,
	    every_operation_is_found_by_its_method, NULL);
}
