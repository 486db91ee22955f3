/* SPDX-License-Identifier: MIT */
/*
 * A request is in one cell from its arrival on: among those that are pending,
 * then among those of its status.  A run has some ten cells, so they are looked
 * through.
 */
#include "sim/tally.h"

#include <string.h>

#include "sim/method.h"

const struct tally_key tally_all = { ~0U, NULL, TALLY_ANY };

void
tally_release(struct tally *t)
{
	vec_release(&t->cells);
}

void
tally_clear(struct tally *t)
{
	tally_release(t);
	*t = (struct tally){ 0 };
}

static struct tally_cell *
find(struct tally *t, enum sim_kind kind, enum operation op, int status)
{
	struct tally_cell *c;
	size_t i;

	for (i = 0; i < t->cells.n; i++) {
		c = &t->cells.v[i];
		if (c->op == op && c->status == status && c->kind == kind)
			return c;
	}
	c = vec_push(&t->cells);
	*c = (struct tally_cell){ .kind = kind, .op = op, .status = status };
	return c;
}

void
tally_arrive(struct tally *t, enum sim_kind kind, enum operation op, bool opens)
{
	find(t, kind, op, TALLY_PENDING)->n++;
	t->connections += opens;
	t->in_flight++;
	if (t->in_flight > t->peak_in_flight)
		t->peak_in_flight = t->in_flight;
}

void
tally_answer(struct tally *t, const struct tally_end *end)
{
	struct tally_cell *c;

	find(t, end->kind, end->op, TALLY_PENDING)->n--;
	c = find(t, end->kind, end->op, end->status);
	c->n++;
	c->bytes_in += end->bytes_in;
	c->bytes_out += end->bytes_out;
	c->took_us += end->took_us;
	t->rejected += end->is_rejected;
	t->faults += end->is_fault;
	t->in_flight--;
}

bool
tally_key_has(const struct tally_key *key, const struct tally_cell *cell)
{
	return (key->kinds >> cell->kind & 1) != 0 &&
	    (key->method == NULL ||
		strcmp(key->method, method_label(cell->op)) == 0) &&
	    (key->status == TALLY_ANY || key->status == cell->status);
}

struct tally_cell
tally_sum(const struct tally *t, const struct tally_key *key)
{
	struct tally_cell sum = { 0 };
	const struct tally_cell *c;
	size_t i;

	for (i = 0; i < t->cells.n; i++) {
		c = &t->cells.v[i];
		if (!tally_key_has(key, c))
			continue;
		sum.n += c->n;
		sum.bytes_in += c->bytes_in;
		sum.bytes_out += c->bytes_out;
		sum.took_us += c->took_us;
	}
	return sum;
}

/* Is a cell before this one of the same kind, method and status? */
static bool
is_told(const struct tally *t, size_t at, const struct tally_key *key)
{
	size_t i;

	for (i = 0; i < at; i++) {
		if (tally_key_has(key, &t->cells.v[i]))
			return true;
	}
	return false;
}

bool
tally_next(const struct tally *t, size_t *at, struct tally_cell *sum,
    struct tally_key *key)
{
	const struct tally_cell *c;
	struct tally_key group;
	size_t i;

	while ((i = (*at)++) < t->cells.n) {
		c = &t->cells.v[i];
		group = (struct tally_key){ 1U << c->kind, method_label(c->op),
			c->status };
		if (is_told(t, i, &group))
			continue;
		*sum = tally_sum(t, &group);
		sum->kind = c->kind;
		sum->op = c->op;
		sum->status = c->status;
		if (key != NULL)
			*key = group;
		return true;
	}
	return false;
}
