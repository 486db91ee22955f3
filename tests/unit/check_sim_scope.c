/* SPDX-License-Identifier: MIT */
/* scope: a request counts where it is known, whatever opens and closes. */
#include <stdio.h>
#include <string.h>

#include "sim/scope.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

static struct scopes s;
static struct err err = ERR_INIT;
static const struct tally_end deleted = { .kind = SIM_DELETE,
	.op = OP_OBJECT_DELETE,
	.status = 204 };

static struct scope *
open_at(const char *name, uint64_t row)
{
	struct scope *sc = scopes_open(&s, name, false, row, row, &err);

	ck_assert_msg(sc != NULL, "%s", err.text);
	return sc;
}

static void
close_at(const char *name, uint64_t row)
{
	ck_assert_int_eq(scopes_close(scopes_find(&s, name), &s, row, row,
			     &err),
	    0);
}

static uint64_t
arrive(const char *header)
{
	uint64_t set = scopes_for(&s, header);

	scopes_arrive(&s, set, SIM_DELETE, OP_OBJECT_DELETE, false);
	return set;
}

static uint64_t
total(const char *name)
{
	return tally_sum(&scopes_find(&s, name)->tally, &tally_all).n;
}

START_TEST(a_request_counts_in_every_scope_that_is_open)
{
	uint64_t first, second;

	scopes_init(&s);
	open_at("a", 0);
	first = arrive(NULL);
	open_at("b", 1);
	second = arrive(NULL);
	close_at("a", 2);
	scopes_answer(&s, arrive(NULL), 2, &deleted);
	scopes_answer(&s, second, 1, &deleted);
	ck_assert_uint_eq(scopes_find(&s, "a")->tally.in_flight, 1);
	scopes_answer(&s, first, 0, &deleted);
	ck_assert_uint_eq(total("a"), 2);
	ck_assert_uint_eq(total("b"), 2);
	ck_assert_uint_eq(total("all"), 3);
	ck_assert_uint_eq(total(""), 3);
	ck_assert(scope_has(scopes_find(&s, "a"), 0, first));
	ck_assert(!scope_has(scopes_find(&s, "b"), 0, first));
	ck_assert(scope_has(scopes_find(&s, "b"), 1, second));
	ck_assert(!scope_has(scopes_find(&s, "a"), 2, first));
	scopes_release(&s);
}
END_TEST

START_TEST(a_scope_by_header_counts_only_what_names_it)
{
	scopes_init(&s);
	ck_assert_ptr_nonnull(scopes_open(&s, "mine", true, 0, 0, &err));
	ck_assert_ptr_nonnull(scopes_open(&s, "yours", true, 0, 0, &err));
	open_at("both", 0);
	scopes_answer(&s, arrive("mine"), 0, &deleted);
	scopes_answer(&s, arrive("mine"), 1, &deleted);
	scopes_answer(&s, arrive("yours"), 2, &deleted);
	scopes_answer(&s, arrive(NULL), 3, &deleted);
	scopes_answer(&s, arrive("nobody's"), 4, &deleted);
	scopes_answer(&s, arrive("both"), 5, &deleted);
	ck_assert_uint_eq(total("mine"), 2);
	ck_assert_uint_eq(total("yours"), 1);
	ck_assert_uint_eq(total("both"), 6);
	ck_assert_uint_eq(s.strays, 1);
	close_at("mine", 6);
	scopes_answer(&s, arrive("mine"), 6, &deleted);
	ck_assert_uint_eq(total("mine"), 2);
	ck_assert_uint_eq(s.strays, 2);
	scopes_release(&s);
}
END_TEST

static void
check_refused(const char *name, enum err_code code, const char *text)
{
	ck_assert_ptr_null(scopes_open(&s, name, false, 0, 0, &err));
	ck_assert_int_eq(err.code, code);
	ck_assert_msg(strstr(err.text, text) != NULL, "%s", err.text);
}

START_TEST(what_cannot_be_opened_is_refused)
{
	char name[SCOPE_NAME_MAX + 2];

	scopes_init(&s);
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	check_refused("", ERR_USAGE, "1 to 63");
	check_refused(name, ERR_USAGE, "1 to 63");
	check_refused("a/b", ERR_USAGE, "1 to 63");
	check_refused("a b", ERR_USAGE, "1 to 63");
	check_refused("\xc3\xa4", ERR_USAGE, "1 to 63");
	check_refused("all", ERR_REFUSED, "whole run");
	name[SCOPE_NAME_MAX] = '\0';
	open_at(name, 0);
	check_refused(name, ERR_REFUSED, "open already");
	ck_assert_int_ne(scopes_close(scopes_all(&s), &s, 0, 0, &err), 0);
	ck_assert_int_eq(err.code, ERR_REFUSED);
	scopes_release(&s);
}
END_TEST

START_TEST(there_are_63_open_and_a_thousand_in_all)
{
	char name[32];
	int i;

	scopes_init(&s);
	for (i = 0; i < SCOPES_OPEN - 1; i++) {
		snprintf(name, sizeof(name), "open-%d", i);
		open_at(name, 0);
	}
	check_refused("one-more", ERR_REFUSED, "63 scopes are open");
	ck_assert_uint_eq(arrive(NULL), UINT64_MAX);
	scopes_answer(&s, UINT64_MAX, 0, &deleted);
	ck_assert_uint_eq(total("open-62"), 1);
	close_at("open-0", 1);
	for (i = 0; i < SCOPES_MAX - SCOPES_OPEN; i++) {
		snprintf(name, sizeof(name), "closed-%d", i);
		open_at(name, 1);
		close_at(name, 1);
	}
	check_refused("one-more", ERR_REFUSED, "1000 scopes");
	/* One that is there already is not one more. */
	open_at("open-0", 1);
	scopes_reset(&s, 1, 1);
	ck_assert_uint_eq(s.n, SCOPES_OPEN);
	scopes_release(&s);
}
END_TEST

START_TEST(a_slot_is_kept_for_what_is_in_flight)
{
	uint64_t old, new;

	scopes_init(&s);
	open_at("a", 0);
	old = arrive(NULL);
	close_at("a", 1);
	close_at("a", 9);
	ck_assert_uint_eq(scopes_find(&s, "a")->end, 1);
	/* Anew: what is in flight is the old one's. */
	open_at("a", 1);
	new = arrive(NULL);
	ck_assert_uint_ne(old, new);
	scopes_answer(&s, old, 0, &deleted);
	ck_assert_uint_eq(total("a"), 1);
	ck_assert_uint_eq(scopes_find(&s, "a")->tally.in_flight, 1);
	/* A reset takes it from the counts, and it still comes back. */
	scopes_reset(&s, 2, 2);
	ck_assert_uint_eq(total("a"), 0);
	scopes_answer(&s, new, 1, &deleted);
	ck_assert_uint_eq(total("a"), 0);
	ck_assert_uint_eq(scopes_find(&s, "a")->tally.in_flight, 0);
	ck_assert_uint_eq(scopes_find(&s, "a")->held, 0);
	/* Closed and forgotten while somebody waits. */
	new = arrive(NULL);
	close_at("a", 3);
	scopes_reset(&s, 3, 3);
	ck_assert_ptr_null(scopes_find(&s, "a"));
	scopes_answer(&s, new, 2, &deleted);
	ck_assert_ptr_null(s.slot[1]);
	arrive(NULL);
	close_at(open_at("b", 4)->name, 4);
	arrive(NULL);
	open_at("c", 5);
	arrive(NULL);
	close_at("c", 6);
	scopes_reset(&s, 6, 6);
	scopes_release(&s);
}
END_TEST

enum { MODEL_SCOPES = 6, MODEL_ROWS = 300 };

/* Requests and scopes at random, held against a plain list of who counts where.
 */
START_TEST(a_thousand_runs_count_as_a_plain_list_does)
{
	static uint64_t sets[MODEL_ROWS];
	static bool in[MODEL_ROWS][MODEL_SCOPES], is_over[MODEL_ROWS];
	bool is_open[MODEL_SCOPES];
	uint64_t want[MODEL_SCOPES], seed, rows;
	struct rng rng;
	char name[2] = "";
	size_t i, k;

	for (seed = 1; seed <= 1000; seed++) {
		rng_init(&rng, seed);
		scopes_init(&s);
		memset(is_open, 0, sizeof(is_open));
		memset(in, 0, sizeof(in));
		memset(is_over, 0, sizeof(is_over));
		memset(want, 0, sizeof(want));
		for (rows = 0; rows < MODEL_ROWS;) {
			k = (size_t)rng_below(&rng, MODEL_SCOPES);
			name[0] = (char)('a' + k);
			switch (rng_below(&rng, 4)) {
			case 0:
				if (is_open[k])
					close_at(name, rows);
				else if (scopes_open(&s, name, false, rows, 0,
					     &err) == NULL)
					break; /* all slots are held */
				for (i = 0; i < rows && !is_open[k]; i++)
					in[i][k] = false;
				want[k] = is_open[k] ? want[k] : 0;
				is_open[k] = !is_open[k];
				break;
			case 1:
				i = (size_t)rng_below(&rng, MODEL_ROWS);
				if (i < rows && !is_over[i]) {
					scopes_answer(&s, sets[i], i, &deleted);
					is_over[i] = true;
				}
				break;
			default:
				for (k = 0; k < MODEL_SCOPES; k++) {
					in[rows][k] = is_open[k];
					want[k] += is_open[k];
				}
				sets[rows++] = arrive(NULL);
			}
		}
		for (k = 0; k < MODEL_SCOPES; k++) {
			const struct scope *sc;

			name[0] = (char)('a' + k);
			if ((sc = scopes_find(&s, name)) == NULL)
				continue;
			ck_assert_uint_eq(total(name), want[k]);
			for (i = 0; i < rows; i++)
				ck_assert_msg(scope_has(sc, i, sets[i]) ==
					in[i][k],
				    "seed %d row %zu", (int)seed, i);
		}
		scopes_release(&s);
	}
}
END_TEST

int
main(void)
{
	return suite_run("sim_scope",
	    a_request_counts_in_every_scope_that_is_open,
	    a_scope_by_header_counts_only_what_names_it,
	    what_cannot_be_opened_is_refused,
	    there_are_63_open_and_a_thousand_in_all,
	    a_slot_is_kept_for_what_is_in_flight,
	    a_thousand_runs_count_as_a_plain_list_does, NULL);
}
