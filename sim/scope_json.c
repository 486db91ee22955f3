/* SPDX-License-Identifier: MIT */
/* What did not happen is left out of methods and statuses, which are many. */
#include "sim/scope_json.h"

#include <stdio.h>
#include <string.h>

#include "sim/json_out.h"
#include "sim/method.h"
#include "sim/scope.h"
#include "src/base/buf.h"

static void
add_number(struct json_out *w, const char *key, uint64_t v)
{
	json_key(w, key);
	json_u64(w, v);
}

/* --- requests: by kind, by method, by status --- */

static void
add_kinds(const struct tally *t, struct json_out *w)
{
	struct tally_key key = tally_all;
	int kind;

	json_key(w, "requests");
	json_open(w, '{');
	for (kind = 0; kind < SIM_KINDS; kind++) {
		key.kinds = 1U << kind;
		add_number(w, sim_kind_name((enum sim_kind)kind),
		    tally_sum(t, &key).n);
	}
	add_number(w, "total", tally_sum(t, &tally_all).n);
	json_close(w, '}');
}

/* Several operations have one name: the first of them speaks for all. */
/* Is an operation before this one of the same method? */
static bool
is_told(enum operation op)
{
	const char *name = method_label(op);
	int i;

	for (i = 0; i < (int)op; i++) {
		if (strcmp(method_label((enum operation)i), name) == 0)
			return true;
	}
	return false;
}

static void
add_methods(const struct tally *t, struct json_out *w)
{
	struct tally_key key = tally_all;
	uint64_t n;
	int op;

	json_key(w, "methods");
	json_open(w, '{');
	for (op = 0; op < OPERATIONS; op++) {
		key.method = method_label((enum operation)op);
		if (is_told((enum operation)op))
			continue;
		n = tally_sum(t, &key).n;
		if (n > 0)
			add_number(w, key.method, n);
	}
	json_close(w, '}');
}

void
scope_json_add_statuses(const struct tally *t, struct json_out *w)
{
	struct tally_key key = tally_all;
	char name[16];
	uint64_t n;

	json_key(w, "statuses");
	json_open(w, '{');
	for (key.status = 100; key.status < 600; key.status++) {
		n = tally_sum(t, &key).n;
		if (n == 0)
			continue;
		snprintf(name, sizeof(name), "%d", key.status);
		add_number(w, name, n);
	}
	json_close(w, '}');
}

/* --- the bill --- */

void
scope_json_add_bill(const struct bill *b, struct json_out *w)
{
	struct buf dollars;

	buf_init(&dollars, 64);
	bill_add_dollars(&dollars, b->nanodollars);
	json_open(w, '{');
	add_number(w, "class_a", b->class_a);
	add_number(w, "class_b", b->class_b);
	add_number(w, "free", b->free);
	add_number(w, "unbilled", b->unbilled);
	add_number(w, "nanodollars", b->nanodollars);
	json_key(w, "dollars");
	json_str(w, dollars.data);
	json_close(w, '}');
	buf_release(&dollars);
}

/* --- the whole --- */

static void
add_head(const struct scope *sc, struct json_out *w)
{
	json_key(w, "name");
	json_str(w, sc->name);
	json_key(w, "open");
	json_bool(w, sc->is_open);
	json_key(w, "by_header");
	json_bool(w, sc->by_header);
	add_number(w, "in_flight", sc->tally.in_flight);
}

void
scope_json_add_short(const struct scope *sc, struct json_out *w)
{
	json_open(w, '{');
	add_head(sc, w);
	add_number(w, "total", tally_sum(&sc->tally, &tally_all).n);
	json_close(w, '}');
}

void
scope_json_add(const struct scope *sc, const struct sim_tariff *tariff,
    struct json_out *w)
{
	const struct tally *t = &sc->tally;
	static const struct tally_key unanswered = { ~0U, NULL,
		TALLY_UNANSWERED };
	struct tally_cell sum = tally_sum(t, &tally_all);
	struct bill bill;

	bill_make(&bill, t, tariff);
	add_head(sc, w);
	add_number(w, "peak_in_flight", t->peak_in_flight);
	add_number(w, "opened_us", sc->opened_us);
	if (!sc->is_open)
		add_number(w, "closed_us", sc->closed_us);
	add_kinds(t, w);
	add_methods(t, w);
	scope_json_add_statuses(t, w);
	add_number(w, "unanswered", tally_sum(t, &unanswered).n);
	add_number(w, "rejected", t->rejected);
	add_number(w, "faults", t->faults);
	add_number(w, "connections", t->connections);
	add_number(w, "bytes_in", sum.bytes_in);
	add_number(w, "bytes_out", sum.bytes_out);
	add_number(w, "took_us", sum.took_us);
	json_key(w, "bill");
	scope_json_add_bill(&bill, w);
}
