/* SPDX-License-Identifier: MIT */
/* mem_store: a true store, as a naive model knows it, in a seeded order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/rng.h"
#include "src/storage/mem_store.h"
#include "src/storage/storage.h"
#include "tests/support/suite.h"

/* Submits one op alone and gives it back settled. */
static enum storage_verdict
alone(struct storage *s, struct storage_op *op)
{
	storage_submit(s, op);
	ck_assert_ptr_eq(storage_reap(s), op);
	ck_assert_ptr_null(storage_reap(s));
	ck_assert(op->verdict == STORAGE_OK || op->err.code != ERR_NONE);
	return op->verdict;
}

START_TEST(generations_grow_and_preconditions_hold)
{
	struct storage *s = mem_store_new(1);
	struct storage_op op;
	uint64_t first, second;

	storage_op_init(&op);
	storage_ask_put(&op, "a", "one", 3);
	storage_if_generation(&op, 0);
	ck_assert_int_eq(alone(s, &op), STORAGE_OK);
	first = op.put_generation;
	ck_assert_uint_ne(first, 0);
	storage_ask_put(&op, "a", "two", 3);
	storage_if_generation(&op, 0);
	ck_assert_int_eq(alone(s, &op), STORAGE_CHANGED);
	ck_assert_int_eq(op.status, 412);
	storage_ask_put(&op, "a", "two", 3);
	storage_if_generation(&op, first);
	ck_assert_int_eq(alone(s, &op), STORAGE_OK);
	second = op.put_generation;
	ck_assert_uint_gt(second, first);
	storage_ask_delete(&op, "a");
	storage_if_generation(&op, first);
	ck_assert_int_eq(alone(s, &op), STORAGE_CHANGED);
	ck_assert(mem_store_has(s, "a"));
	storage_ask_delete(&op, "a");
	storage_if_generation(&op, second);
	ck_assert_int_eq(alone(s, &op), STORAGE_OK);
	ck_assert_int_eq(op.status, 204);
	storage_ask_delete(&op, "a");
	storage_if_generation(&op, second);
	ck_assert_int_eq(alone(s, &op), STORAGE_GONE);
	ck_assert_int_eq(op.status, 404);
	storage_ask_put(&op, "a", "", 0);
	storage_if_generation(&op, 0);
	ck_assert_int_eq(alone(s, &op), STORAGE_OK);
	ck_assert_uint_gt(op.put_generation, second);
	storage_op_release(&op);
	storage_close(s);
}
END_TEST

START_TEST(bytes_come_back_as_they_went_in)
{
	struct storage *s = mem_store_new(1);
	struct storage_op op;

	storage_op_init(&op);
	storage_ask_put(&op, "a", "a\0b", 3);
	alone(s, &op);
	storage_ask_get(&op, "a", 3);
	ck_assert_int_eq(alone(s, &op), STORAGE_OK);
	ck_assert_mem_eq(op.body.data, "a\0b", 4);
	ck_assert_uint_eq(op.body.len, 3);
	storage_ask_get(&op, "a", 2);
	ck_assert_int_eq(alone(s, &op), STORAGE_FAILED);
	ck_assert_uint_eq(op.body.len, 0);
	storage_ask_get(&op, "b", 2);
	ck_assert_int_eq(alone(s, &op), STORAGE_GONE);
	mem_store_put(s, "empty", "", 0);
	storage_ask_get(&op, "empty", 0);
	ck_assert_int_eq(alone(s, &op), STORAGE_OK);
	mem_store_load(s, "large", 1000);
	storage_ask_get(&op, "large", 5000);
	ck_assert_int_eq(alone(s, &op), STORAGE_FAILED);
	storage_op_release(&op);
	storage_close(s);
}
END_TEST

START_TEST(names_that_may_not_be_are_refused_before_the_wire)
{
	static const char *const names[] = { "", ".", "..", "a\nb" };
	struct storage *s = mem_store_new(1);
	struct storage_op op;
	size_t i;

	storage_op_init(&op);
	for (i = 0; i < 4; i++) {
		storage_ask_delete(&op, names[i]);
		ck_assert_int_eq(alone(s, &op), STORAGE_FAILED);
		ck_assert_int_eq(op.err.code, ERR_REFUSED);
		ck_assert_uint_eq(op.attempts, 0);
	}
	storage_ask_list(&op, "", "");
	ck_assert_int_eq(alone(s, &op), STORAGE_OK);
	ck_assert_uint_eq(op.attempts, 1);
	storage_op_release(&op);
	storage_close(s);
}
END_TEST

/* --- listings --- */

static size_t
list_all(struct storage *s, const char *prefix, size_t *pages)
{
	struct storage_op op;
	char token[64] = "", last[64] = "";
	size_t n = 0, i;

	*pages = 0;
	storage_op_init(&op);
	do {
		storage_ask_list(&op, prefix, token);
		ck_assert_int_eq(alone(s, &op), STORAGE_OK);
		ck_assert_uint_le(op.page.objects.n, 1000);
		for (i = 0; i < op.page.objects.n; i++) {
			const struct storage_object *o = &op.page.objects.v[i];

			ck_assert_int_lt(strcmp(last, o->name), 0);
			ck_assert(
			    strncmp(o->name, prefix, strlen(prefix)) == 0);
			ck_assert_uint_ne(o->generation, 0);
			snprintf(last, sizeof(last), "%s", o->name);
		}
		n += op.page.objects.n;
		snprintf(token, sizeof(token), "%s", op.page.next.data);
		++*pages;
	} while (token[0] != '\0');
	storage_op_release(&op);
	return n;
}

START_TEST(lists_pages_of_1000_in_byte_order)
{
	static const size_t counts[] = { 0, 1, 999, 1000, 1001, 2000, 2001 };
	size_t i, pages;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct storage *s = mem_store_new(i);
		char name[32];
		size_t k;

		mem_store_load(s, "o", 1);
		mem_store_load(s, "q", 1);
		for (k = counts[i]; k > 0; k--) { /* in reverse */
			snprintf(name, sizeof(name), "p/%05zu", k);
			mem_store_load(s, name, k);
		}
		ck_assert_uint_eq(list_all(s, "p/", &pages), counts[i]);
		ck_assert_uint_eq(pages,
		    counts[i] == 0 ? 1 : (counts[i] + 999) / 1000);
		ck_assert_uint_eq(list_all(s, "", &pages), counts[i] + 2);
		ck_assert_uint_eq(list_all(s, "nothing", &pages), 0);
		ck_assert_uint_eq(mem_store_count(s), counts[i] + 2);
		storage_close(s);
	}
}
END_TEST

START_TEST(a_listing_goes_on_though_its_next_name_was_deleted)
{
	struct storage *s = mem_store_new(1);
	struct storage_op op;
	char name[32], token[64];
	int i;

	storage_op_init(&op);
	for (i = 0; i < 1500; i++) {
		snprintf(name, sizeof(name), "p/%05d", i);
		mem_store_load(s, name, 1);
	}
	storage_ask_list(&op, "p/", "");
	alone(s, &op);
	snprintf(token, sizeof(token), "%s", op.page.next.data);
	mem_store_remove(s, "p/01000");
	mem_store_put(s, "p/01000a", "x", 1);
	storage_ask_list(&op, "p/", token);
	ck_assert_int_eq(alone(s, &op), STORAGE_OK);
	ck_assert_uint_eq(op.page.objects.n, 500);
	ck_assert_str_eq(op.page.objects.v[0].name, "p/01000a");
	storage_op_release(&op);
	storage_close(s);
}
END_TEST

/* --- against a model --- */

enum { NAMES = 20 };

static void
step(struct storage *s, struct rng *r, uint64_t *generations)
{
	uint64_t i = rng_below(r, NAMES), given = rng_below(r, 3), wanted;
	struct storage_op op;
	bool is_put = rng_below(r, 2), is_held;
	char name[16];

	snprintf(name, sizeof(name), "n%llu", (unsigned long long)i);
	storage_op_init(&op);
	if (is_put)
		storage_ask_put(&op, name, "x", 1);
	else
		storage_ask_delete(&op, name);
	wanted = rng_below(r, 2) ? generations[i] : rng_below(r, 50);
	if (given == 0)
		storage_if_generation(&op, wanted);
	is_held = given == 0 && wanted != generations[i];
	if (!is_put && generations[i] == 0)
		ck_assert_int_eq(alone(s, &op), STORAGE_GONE);
	else
		ck_assert_int_eq(alone(s, &op),
		    is_held ? STORAGE_CHANGED : STORAGE_OK);
	if (op.verdict == STORAGE_OK)
		generations[i] = is_put ? op.put_generation : 0;
	storage_op_release(&op);
}

START_TEST(does_what_a_naive_model_does)
{
	uint64_t seed;
	size_t i, live;
	int k;

	for (seed = 0; seed < 100; seed++) {
		uint64_t generations[NAMES] = { 0 };
		struct storage *s = mem_store_new(seed);
		char name[16];
		struct rng r;

		rng_init(&r, seed);
		for (k = 0; k < 200; k++)
			step(s, &r, generations);
		for (i = live = 0; i < NAMES; i++) {
			snprintf(name, sizeof(name), "n%zu", i);
			ck_assert(
			    mem_store_has(s, name) == (generations[i] != 0));
			live += generations[i] != 0;
		}
		ck_assert_uint_eq(mem_store_count(s), live);
		ck_assert_uint_eq(list_all(s, "n", &i), live);
		storage_close(s);
	}
}
END_TEST

/* --- order and cancel --- */

/* The order in which 10 GETs come back, as one number. */
static uint64_t
order_of(uint64_t seed)
{
	struct storage *s = mem_store_new(seed);
	struct storage_op ops[10], *op;
	uint64_t order = 0;
	size_t i;

	for (i = 0; i < 10; i++) {
		storage_op_init(&ops[i]);
		storage_ask_get(&ops[i], "x", 1);
		storage_submit(s, &ops[i]);
	}
	while ((op = storage_reap(s)) != NULL)
		order = order * 10 + (uint64_t)(op - ops);
	ck_assert_uint_eq(mem_store_peak(s), 10);
	for (i = 0; i < 10; i++)
		storage_op_release(&ops[i]);
	storage_close(s);
	return order;
}

START_TEST(the_seed_draws_the_order)
{
	ck_assert_uint_eq(order_of(1), order_of(1));
	ck_assert(order_of(1) != order_of(2) || order_of(1) != order_of(3));
}
END_TEST

START_TEST(a_cancel_ends_what_is_in_flight_and_nothing_else)
{
	struct storage *s = mem_store_new(1);
	struct storage_op ops[3], *op;
	int i, back = 0;

	mem_store_put(s, "a", "x", 1);
	for (i = 0; i < 3; i++) {
		storage_op_init(&ops[i]);
		storage_ask_delete(&ops[i], "a");
		storage_submit(s, &ops[i]);
	}
	storage_cancel(s);
	while ((op = storage_reap(s)) != NULL) {
		ck_assert_int_eq(op->verdict, STORAGE_CANCELLED);
		ck_assert_int_eq(op->err.code, ERR_CANCELLED);
		back++;
	}
	ck_assert_int_eq(back, 3);
	ck_assert(mem_store_has(s, "a"));
	storage_cancel(s);        /* nothing is in flight */
	for (i = 1; i < 3; i++) { /* one before a cancel, one after it */
		storage_ask_get(&ops[i], "a", 1);
		storage_submit(s, &ops[i]);
		if (i == 1)
			storage_cancel(s);
	}
	while (storage_reap(s) != NULL)
		continue;
	ck_assert_int_eq(ops[1].verdict, STORAGE_CANCELLED);
	ck_assert_int_eq(ops[2].verdict, STORAGE_OK);
	storage_ask_delete(&ops[0], "a");
	ck_assert_int_eq(alone(s, &ops[0]), STORAGE_OK);
	for (i = 0; i < 3; i++)
		storage_op_release(&ops[i]);
	storage_close(s);
}
END_TEST

int
main(void)
{
	return suite_run("mem_store", generations_grow_and_preconditions_hold,
	    bytes_come_back_as_they_went_in,
	    names_that_may_not_be_are_refused_before_the_wire,
	    lists_pages_of_1000_in_byte_order,
	    a_listing_goes_on_though_its_next_name_was_deleted,
	    does_what_a_naive_model_does, the_seed_draws_the_order,
	    a_cancel_ends_what_is_in_flight_and_nothing_else, NULL);
}
