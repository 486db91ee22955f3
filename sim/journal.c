/* SPDX-License-Identifier: MIT */
/*
 * Rows point at keys, so a name that is asked for ten times is kept once: a
 * row is 32 bytes.  The text forms are in journal_text.c.
 */
#include "sim/journal.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/rng.h"

void
journal_init(struct journal *j)
{
	memset(j, 0, sizeof(*j));
	hmap_init(&j->by_key);
	arena_init(&j->names);
}

void
journal_release(struct journal *j)
{
	vec_release(&j->rows);
	vec_release(&j->keys);
	hmap_release(&j->by_key);
	arena_release(&j->names);
}

void
journal_reset(struct journal *j)
{
	uint64_t in_flight = j->counts.in_flight;

	journal_release(j);
	journal_init(j);
	j->counts.in_flight = in_flight;
	j->counts.peak_in_flight = in_flight;
}

static int
compare_keys(const struct journal_key *a, const struct journal_key *b)
{
	size_t common = a->name_len < b->name_len ? a->name_len : b->name_len;
	int c;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if ((c = strcmp(a->bucket, b->bucket)) != 0)
		return c;
	if (common != 0 && (c = memcmp(a->name, b->name, common)) != 0)
		return c;
	if (a->name_len == b->name_len)
		return 0;
	return a->name_len < b->name_len ? -1 : 1;
}

static bool
is_same(const void *ctx, uint32_t entry, const void *key)
{
	const struct journal *j = ctx;

	return compare_keys(&j->keys.v[entry], key) == 0;
}

static uint64_t
hash_key(const struct journal_key *key)
{
	uint64_t h = rng_hash(key->bucket, strlen(key->bucket), key->kind);

	return rng_hash(key->name, key->name_len, h);
}

static uint32_t
find_key(struct journal *j, const struct journal_key *want)
{
	uint64_t hash = hash_key(want);
	uint32_t entry = hmap_find(&j->by_key, hash, is_same, j, want);
	struct journal_key *key;

	if (entry != HMAP_NONE)
		return entry;
	entry = (uint32_t)j->keys.n;
	key = vec_push(&j->keys);
	*key = *want;
	key->bucket = arena_strndup(&j->names, want->bucket,
	    strlen(want->bucket));
	key->name = arena_strndup(&j->names, want->name, want->name_len);
	hmap_add(&j->by_key, hash, entry);
	return entry;
}

uint32_t
journal_arrive(struct journal *j, uint64_t now_us, enum sim_kind kind,
    const char *bucket, const char *name, size_t name_len)
{
	struct journal_key want = { .bucket = bucket,
		.name = name,
		.name_len = name_len,
		.kind = kind };
	uint32_t key = find_key(j, &want);
	struct journal_row *row = vec_push(&j->rows);

	*row = (struct journal_row){ .at_us = now_us,
		.key = key,
		.nth = ++j->keys.v[key].times };
	j->counts.requests[kind]++;
	j->counts.total++;
	j->counts.in_flight++;
	if (j->counts.in_flight > j->counts.peak_in_flight)
		j->counts.peak_in_flight = j->counts.in_flight;
	return (uint32_t)(j->rows.n - 1);
}

uint32_t
journal_rename(struct journal *j, uint32_t row, const char *name,
    size_t name_len)
{
	struct journal_key want = j->keys.v[j->rows.v[row].key];
	uint32_t key;

	want.name = name;
	want.name_len = name_len;
	want.times = 0;
	key = find_key(j, &want);
	j->rows.v[row].key = key;
	return j->rows.v[row].nth = ++j->keys.v[key].times;
}

void
journal_answer(struct journal *j, uint32_t row, uint64_t now_us, int status)
{
	j->counts.in_flight--;
	if (row == JOURNAL_FORGOTTEN)
		return;
	j->rows.v[row].status = (uint16_t)status;
	j->rows.v[row].took_us = now_us - j->rows.v[row].at_us;
	if (status > 0 && status < JOURNAL_STATUSES)
		j->by_status[status]++;
}

static int
compare_rows(const struct journal_row *x, const struct journal_key *xk,
    const struct journal_row *y, const struct journal_key *yk)
{
	int c;

	if (xk != yk && (c = compare_keys(xk, yk)) != 0)
		return c;
	return x->nth == y->nth ? 0 : x->nth < y->nth ? -1 : 1;
}

/* A row with its key, for sorting without a context. */
struct entry {
	const struct journal_row *row;
	const struct journal_key *key;
};

static int
by_time_then_identity(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->row->at_us != y->row->at_us)
		return x->row->at_us < y->row->at_us ? -1 : 1;
	return compare_rows(x->row, x->key, y->row, y->key);
}

uint64_t
journal_hash(const struct journal *j)
{
	struct entry *order = mem_alloc(j->rows.n * sizeof(*order) + 1);
	uint64_t h = j->rows.n, part[3];
	size_t i;

	for (i = 0; i < j->rows.n; i++) {
		order[i].row = &j->rows.v[i];
		order[i].key = &j->keys.v[j->rows.v[i].key];
	}
	qsort(order, j->rows.n, sizeof(*order), by_time_then_identity);
	for (i = 0; i < j->rows.n; i++) {
		part[0] = order[i].row->at_us;
		part[1] = order[i].row->nth;
		part[2] = order[i].row->status;
		h = rng_hash(part, sizeof(part), h);
		h = rng_hash(&h, sizeof(h), hash_key(order[i].key));
	}
	free(order);
	return h;
}
