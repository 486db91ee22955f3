/* SPDX-License-Identifier: MIT */
/* Objects by formula in the data file: the formula, and a row for each of its
 * objects that exists by it no more. */
#include "sim/store_priv.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/bulk.h"
#include "sim/store_load.h"
#include "sim/world.h"

/* What a name has behind the formula's prefix. */
enum { NAME_REST = 72, WORD = 64 };

/* --- writing --- */

void
store_on_bulk_gone(void *arg, const struct bucket *b, uint64_t number)
{
	struct store *s = arg;
	sqlite3_stmt *st = s->statement[STORE_ADD_BULK_GONE];

	store_begin(s);
	store_bind_text(st, 1, b->name);
	store_bind_u64(st, 2, number);
	store_run(s, STORE_ADD_BULK_GONE);
}

void
store_drop_bulk(struct store *s, const struct bucket *b)
{
	store_bind_text(s->statement[STORE_DROP_BULK], 1, b->name);
	store_run(s, STORE_DROP_BULK);
	store_bind_text(s->statement[STORE_DROP_BULK_GONE], 1, b->name);
	store_run(s, STORE_DROP_BULK_GONE);
}

static void
put_bulk(struct store *s, const struct bucket *b, const struct bulk *k)
{
	sqlite3_stmt *st = s->statement[STORE_PUT_BULK];
	uint64_t i;

	store_bind_text(st, 1, b->name);
	store_bind_text(st, 2, k->prefix);
	store_bind_u64(st, 3, k->n);
	store_bind_u64(st, 4, k->seed);
	store_bind_u64(st, 5, k->size);
	store_bind_u64(st, 6, k->generation);
	store_run(s, STORE_PUT_BULK);
	for (i = 0; i < k->n; i++) {
		if ((k->gone[i / WORD] >> (i % WORD) & 1) != 0)
			store_on_bulk_gone(s, b, i);
	}
}

void
store_on_bulk(void *arg, const struct bucket *b)
{
	struct store *s = arg;

	store_begin(s);
	store_drop_bulk(s, b);
	if (b->bulk != NULL)
		put_bulk(s, b, b->bulk);
}

/* --- reading --- */

static int
find_bucket(struct store_load *l, sqlite3_stmt *st)
{
	const char *name = (const char *)sqlite3_column_text(st, 0);

	l->bucket = world_find(l->store->world, name, strlen(name));
	return l->bucket != NULL
	    ? 0
	    : store_damaged(l, "there is no bucket ", name, (int)strlen(name));
}

static int
on_bulk(struct store_load *l, sqlite3_stmt *st)
{
	const char *prefix = (const char *)sqlite3_column_text(st, 1);
	uint64_t n = store_number(st, 2);

	if (find_bucket(l, st) != 0)
		return -1;
	if (n < 1 || n > BULK_MAX ||
	    strlen(prefix) > OBJECT_NAME_MAX - NAME_REST)
		return store_damaged(l, "there is no such formula: ", prefix,
		    (int)strlen(prefix));
	bucket_set_bulk(l->bucket,
	    bulk_new(prefix, n, store_number(st, 3), store_number(st, 4),
		store_number(st, 5)));
	return 0;
}

static int
on_gone(struct store_load *l, sqlite3_stmt *st)
{
	uint64_t number = store_number(st, 1);
	struct bulk *k;

	if (find_bucket(l, st) != 0)
		return -1;
	k = l->bucket->bulk;
	if (k == NULL || number >= k->n)
		return store_damaged(l, "more is gone than was in bucket ",
		    l->bucket->name, (int)strlen(l->bucket->name));
	bulk_remove(k, number);
	return 0;
}

int
store_load_bulk(struct store_load *l)
{
	if (store_read_rows(l, "SELECT * FROM bulks", on_bulk) != 0)
		return -1;
	return store_read_rows(l, "SELECT * FROM bulk_gone", on_gone);
}
