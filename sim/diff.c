/* SPDX-License-Identifier: MIT */
/*
 * Counts are told from the tallies, so they are exact; requests from the rows
 * of the journal, which may have left: then `complete` is false.
 */
#include "sim/diff.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/json_out.h"
#include "sim/method.h"
#include "sim/scope_json.h"
#include "sim/sim_priv.h"
#include "src/base/mem.h"

struct diff {
	const struct sim *sim;
	const struct scope *side[2];
	struct json_out w;
};

static const char *const sides[2] = { "a", "b" };

/* Both, and b less a. */
static void
add_pair(struct json_out *w, const uint64_t n[2])
{
	char text[32];
	int len;

	json_key(w, "a");
	json_u64(w, n[0]);
	json_key(w, "b");
	json_u64(w, n[1]);
	len = snprintf(text, sizeof(text), "%lld", (long long)(n[1] - n[0]));
	json_key(w, "difference");
	json_raw(w, text, (size_t)len);
}

static void
add_numbers(struct json_out *w, const char *key, uint64_t a, uint64_t b)
{
	const uint64_t n[2] = { a, b };

	json_key(w, key);
	json_open(w, '{');
	add_pair(w, n);
	json_close(w, '}');
}

/* --- counts --- */

static void
add_cell(struct json_out *w, const struct tally_cell *c, const uint64_t n[2])
{
	json_open(w, '{');
	json_key(w, "kind");
	json_str(w, sim_kind_name(c->kind));
	json_key(w, "method");
	json_str(w, method_label(c->op));
	json_key(w, "status");
	if (c->status == TALLY_PENDING)
		json_str(w, "in_flight");
	else
		json_u64(w, (uint64_t)c->status);
	add_pair(w, n);
	json_close(w, '}');
}

/* The cells of one side that differ; of the second only what the first has
 * not. */
static bool
add_cells(struct diff *d, int side)
{
	const struct tally *other = &d->side[!side]->tally;
	bool is_same = true;
	struct tally_key key;
	struct tally_cell c;
	uint64_t n[2];
	size_t at = 0;

	while (tally_next(&d->side[side]->tally, &at, &c, &key)) {
		n[side] = c.n;
		n[!side] = tally_sum(other, &key).n;
		if (n[0] == n[1] || (side == 1 && n[0] > 0))
			continue;
		add_cell(&d->w, &c, n);
		is_same = false;
	}
	return is_same;
}

/* --- requests --- */

/* How often each identity of the journal is in either scope: two numbers for
 * each.  False: rows of one have left. */
static bool
count_keys(const struct diff *d, uint32_t *times)
{
	const struct journal *j = &d->sim->journal;
	const struct journal_row *row;
	uint64_t found[2] = { 0, 0 }, i;
	int side;

	for (i = journal_first(j); i < j->next; i++) {
		row = journal_row(j, i);
		for (side = 0; side < 2; side++) {
			if (!scope_has(d->side[side], i, row->scopes))
				continue;
			times[2 * (size_t)row->key + (size_t)side]++;
			found[side]++;
		}
	}
	return found[0] >= tally_sum(&d->side[0]->tally, &tally_all).n &&
	    found[1] >= tally_sum(&d->side[1]->tally, &tally_all).n;
}

static void
add_name(struct json_out *w, const struct journal_key *key)
{
	json_key(w, "kind");
	json_str(w, sim_kind_name(key->kind));
	json_key(w, "bucket");
	json_str(w, key->bucket);
	json_key(w, "name");
	json_text(w, key->name, key->name_len);
}

static void
add_key(struct json_out *w, const struct journal_key *key,
    const uint32_t *times)
{
	const uint64_t n[2] = { times[0], times[1] };

	json_open(w, '{');
	add_name(w, key);
	add_pair(w, n);
	json_close(w, '}');
}

static void
add_rest(struct json_out *w, uint64_t left, bool is_complete)
{
	json_key(w, "left_off");
	json_u64(w, left);
	json_key(w, "complete");
	json_bool(w, is_complete);
}

static bool
add_requests(struct diff *d, uint64_t limit)
{
	const struct journal *j = &d->sim->journal;
	uint32_t *times = mem_zalloc(2 * j->keys.n + 2, sizeof(*times));
	bool is_complete = count_keys(d, times);
	uint64_t told = 0, left = 0;
	size_t i;

	json_key(&d->w, "requests");
	json_open(&d->w, '[');
	for (i = 0; i < j->keys.n; i++) {
		if (times[2 * i] == times[2 * i + 1])
			continue;
		if (told == limit) {
			left++;
			continue;
		}
		add_key(&d->w, &j->keys.v[i], &times[2 * i]);
		told++;
	}
	json_close(&d->w, ']');
	add_rest(&d->w, left, is_complete);
	free(times);
	return told == 0;
}

void
diff_add_names(const struct sim *sim, const struct scope *sc, uint64_t limit,
    struct json_out *w)
{
	const struct diff d = { .sim = sim, .side = { sc, sc } };
	const struct journal *j = &sim->journal;
	uint32_t *times = mem_zalloc(2 * j->keys.n + 2, sizeof(*times));
	bool is_complete = count_keys(&d, times);
	uint64_t told = 0, left = 0;
	size_t i;

	json_key(w, "names");
	json_open(w, '[');
	for (i = 0; i < j->keys.n; i++) {
		if (times[2 * i] == 0)
			continue;
		if (told++ >= limit) {
			left++;
			continue;
		}
		json_open(w, '{');
		add_name(w, &j->keys.v[i]);
		json_key(w, "times");
		json_u64(w, times[2 * i]);
		json_close(w, '}');
	}
	json_close(w, ']');
	add_rest(w, left, is_complete);
	free(times);
}

/* --- the whole --- */

static void
add_bills(struct diff *d)
{
	struct bill bill[2];
	int side;

	for (side = 0; side < 2; side++)
		bill_make(&bill[side], &d->side[side]->tally, &d->sim->tariff);
	add_numbers(&d->w, "nanodollars", bill[0].nanodollars,
	    bill[1].nanodollars);
}

void
diff_add(const struct sim *sim, const struct scope *a, const struct scope *b,
    uint64_t limit, struct buf *out)
{
	struct diff d = { .sim = sim, .side = { a, b } };
	bool is_same;
	int side;

	json_init(&d.w, out, true, NULL);
	json_open(&d.w, '{');
	for (side = 0; side < 2; side++) {
		json_key(&d.w, sides[side]);
		json_str(&d.w, d.side[side]->name);
	}
	add_numbers(&d.w, "total", tally_sum(&a->tally, &tally_all).n,
	    tally_sum(&b->tally, &tally_all).n);
	add_bills(&d);
	json_key(&d.w, "counts");
	json_open(&d.w, '[');
	is_same = add_cells(&d, 0);
	is_same &= add_cells(&d, 1);
	json_close(&d.w, ']');
	is_same &= add_requests(&d, limit);
	json_key(&d.w, "same");
	json_bool(&d.w, is_same);
	json_close(&d.w, '}');
	json_end(&d.w);
}
