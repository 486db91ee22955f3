/* SPDX-License-Identifier: MIT */
/*
 * Rows point at keys, so a name that is asked for ten times is kept once: a
 * row is 96 bytes and its target.  Blocks are used again, so a journal that is
 * full takes no more memory.  The text forms are in journal_text.c.
 */
#include "sim/journal.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/rng.h"

enum { BLOCK = 1024 };

struct journal_block {
	struct arena targets;
	struct journal_row rows[BLOCK];
};

void
journal_init(struct journal *j)
{
	memset(j, 0, sizeof(*j));
	j->cap = SIM_JOURNAL_ALL;
	hmap_init(&j->by_key);
	arena_init(&j->names);
}

static void
free_blocks(struct journal *j)
{
	size_t i;

	for (i = 0; i < j->blocks.n; i++) {
		arena_release(&j->blocks.v[i]->targets);
		free(j->blocks.v[i]);
	}
	j->blocks.n = 0;
}

void
journal_release(struct journal *j)
{
	free_blocks(j);
	vec_release(&j->blocks);
	vec_release(&j->keys);
	hmap_release(&j->by_key);
	arena_release(&j->names);
}

void
journal_reset(struct journal *j)
{
	uint64_t in_flight = j->counts.in_flight;
	uint64_t next = j->next, cap = j->cap;

	journal_release(j);
	journal_init(j);
	j->began = j->first = j->next = next;
	j->cap = cap;
	j->counts.in_flight = in_flight;
	j->counts.peak_in_flight = in_flight;
}

/* The oldest block, which is in the journal no more. */
static struct journal_block *
take_oldest(struct journal *j)
{
	struct journal_block *oldest = j->blocks.v[0];

	j->blocks.n--;
	memmove(j->blocks.v, j->blocks.v + 1,
	    j->blocks.n * sizeof(*j->blocks.v));
	j->first += BLOCK;
	return oldest;
}

/* Are there enough rows without the oldest block? */
static bool
has_too_many(const struct journal *j)
{
	return j->blocks.n > 0 && j->next - j->first >= BLOCK &&
	    j->next - j->first - BLOCK >= j->cap;
}

void
journal_limit(struct journal *j, uint64_t cap)
{
	struct journal_block *b;

	j->cap = cap;
	if (cap == 0) {
		free_blocks(j);
		j->first = j->next;
	}
	while (has_too_many(j)) {
		b = take_oldest(j);
		arena_release(&b->targets);
		free(b);
	}
}

uint64_t
journal_first(const struct journal *j)
{
	return j->next - j->first > j->cap ? j->next - j->cap : j->first;
}

struct journal_row *
journal_row(const struct journal *j, uint64_t row)
{
	if (row < j->first || row >= j->next)
		return NULL;
	row -= j->first;
	return &j->blocks.v[row / BLOCK]->rows[row % BLOCK];
}

/* Room for a row, in a block of its own when the last one is full. */
static void
make_room(struct journal *j)
{
	struct journal_block *b;

	if (j->next - j->first < j->blocks.n * BLOCK)
		return;
	if (has_too_many(j)) {
		b = take_oldest(j);
		arena_reset(&b->targets);
	} else {
		b = mem_alloc(sizeof(*b));
		arena_init(&b->targets);
	}
	*vec_push(&j->blocks) = b;
}

static uint64_t
add_row(struct journal *j, const struct journal_row *row)
{
	if (j->cap == 0) {
		j->first = ++j->next;
		return j->next - 1;
	}
	make_room(j);
	j->next++;
	*journal_row(j, j->next - 1) = *row;
	return j->next - 1;
}

void
journal_set_target(struct journal *j, uint64_t row, const char *target)
{
	struct journal_row *r = journal_row(j, row);

	if (r == NULL)
		return;
	r->target =
	    arena_strndup(&j->blocks.v[(row - j->first) / BLOCK]->targets,
		target, strnlen(target, JOURNAL_TARGET_MAX));
}

const struct journal_key *
journal_key(const struct journal *j, const struct journal_row *row)
{
	return &j->keys.v[row->key];
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

uint64_t
journal_arrive(struct journal *j, uint64_t now_us, enum sim_kind kind,
    const char *bucket, const char *name, size_t name_len, uint32_t *nth)
{
	const struct journal_key want = { .bucket = bucket,
		.name = name,
		.name_len = name_len,
		.kind = kind };
	struct journal_row row = { .at_us = now_us, .target = "" };

	row.key = find_key(j, &want);
	*nth = row.nth = ++j->keys.v[row.key].times;
	j->counts.requests[kind]++;
	j->counts.total++;
	j->counts.in_flight++;
	if (j->counts.in_flight > j->counts.peak_in_flight)
		j->counts.peak_in_flight = j->counts.in_flight;
	return add_row(j, &row);
}

uint32_t
journal_rename(struct journal *j, uint64_t row, enum sim_kind kind,
    const char *bucket, const char *name, size_t name_len)
{
	const struct journal_key want = { .bucket = bucket,
		.name = name,
		.name_len = name_len,
		.kind = kind };
	struct journal_row *r = journal_row(j, row);
	uint32_t key, nth;

	if (row < j->began)
		return 0;
	key = find_key(j, &want);
	nth = ++j->keys.v[key].times;
	if (r != NULL) {
		r->key = key;
		r->nth = nth;
	}
	return nth;
}

void
journal_answer(struct journal *j, uint64_t row, uint64_t now_us, int status)
{
	struct journal_row *r = journal_row(j, row);

	j->counts.in_flight--;
	if (r == NULL)
		return;
	r->status = (uint16_t)status;
	r->took_us = now_us - r->at_us;
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
	uint64_t first = journal_first(j), h = j->next - first, part[3];
	struct entry *order = mem_alloc(h * sizeof(*order) + 1);
	size_t i, n = h;

	for (i = 0; i < n; i++) {
		order[i].row = journal_row(j, first + i);
		order[i].key = journal_key(j, order[i].row);
	}
	qsort(order, n, sizeof(*order), by_time_then_identity);
	for (i = 0; i < n; i++) {
		part[0] = order[i].row->at_us;
		part[1] = order[i].row->nth;
		part[2] = order[i].row->status;
		h = rng_hash(part, sizeof(part), h);
		h = rng_hash(&h, sizeof(h), hash_key(order[i].key));
	}
	free(order);
	return h;
}
