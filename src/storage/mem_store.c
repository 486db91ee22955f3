/* SPDX-License-Identifier: MIT */
/*
 * A sorted array of entries.  Names that arrive in order (a load, a listing
 * copied) are appended; others make it dirty, and it is sorted when next
 * looked at.  Deleted entries stay as tombstones until a sort, so that a
 * million deletes move nothing.
 *
 * An operation acts at its completion, which is when reap draws it; the clock
 * ticks one microsecond for each.
 */
#include "src/storage/mem_store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/rng.h"
#include "src/base/str.h"
#include "src/storage/answer.h"
#include "src/storage/storage.h"

enum { PAGE_SIZE = 1000 };

struct entry {
	const char *name;
	uint64_t generation; /* 0: deleted */
	uint64_t size;
	uint64_t created_us;
	char *body; /* NULL: a size without bytes */
};

struct mem_store {
	struct storage base;
	struct arena names;
	VEC(struct entry) entries;
	bool is_dirty; /* the last entries are not in order */
	size_t live;
	uint64_t generation;
	uint64_t now;
	uint64_t wall_us; /* at now 0; 0: it tells nobody */
	mem_store_md5_fn *md5;
	struct rng rng;
	VEC(struct storage_op *) flying;
	size_t peak;
};

static struct mem_store *
self(struct storage *s)
{
	return (struct mem_store *)s;
}

/* --- the sorted array --- */

static int
compare_names(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->name,
	    ((const struct entry *)b)->name);
}

static void
tidy(struct mem_store *m)
{
	size_t i, n = 0;

	if (!m->is_dirty)
		return;
	for (i = 0; i < m->entries.n; i++) {
		if (m->entries.v[i].generation != 0)
			m->entries.v[n++] = m->entries.v[i];
	}
	m->entries.n = n;
	qsort(m->entries.v, n, sizeof(*m->entries.v), compare_names);
	m->is_dirty = false;
}

/* The first entry whose name is not before this one. */
static size_t
seek(struct mem_store *m, const char *name)
{
	size_t low = 0, high, mid;

	tidy(m);
	high = m->entries.n;
	while (low < high) {
		mid = low + (high - low) / 2;
		if (strcmp(m->entries.v[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The entry of that name, a tombstone included, or NULL. */
static struct entry *
find(struct mem_store *m, const char *name)
{
	size_t i = seek(m, name);

	if (i < m->entries.n && strcmp(m->entries.v[i].name, name) == 0)
		return &m->entries.v[i];
	return NULL;
}

static struct entry *
append(struct mem_store *m, const char *name)
{
	struct entry *e, *last;

	last = m->entries.n ? &m->entries.v[m->entries.n - 1] : NULL;
	if (last != NULL && strcmp(last->name, name) >= 0)
		m->is_dirty = true;
	e = vec_push(&m->entries);
	*e = (struct entry){ .name = arena_strndup(&m->names, name,
				 strlen(name)) };
	return e;
}

static void
fill(struct mem_store *m, struct entry *e, uint64_t size)
{
	if (e->generation == 0)
		m->live++;
	free(e->body);
	e->body = NULL;
	e->size = size;
	e->generation = ++m->generation;
	e->created_us = m->wall_us != 0 ? m->wall_us + m->now : e->generation;
}

static void
bury(struct mem_store *m, struct entry *e)
{
	free(e->body);
	e->body = NULL;
	e->generation = 0;
	m->live--;
}

static uint64_t
put(struct mem_store *m, const char *name, const void *data, size_t n)
{
	struct entry *e = find(m, name);

	if (e == NULL)
		e = append(m, name);
	fill(m, e, n);
	e->body = mem_strndup(data, n);
	return e->generation;
}

/* --- operations --- */

/* Where a page begins: what is last of prefix, start and token. */
static const char *
first_of_page(const struct storage_op *op)
{
	const char *from = op->name.data;

	if (op->start.len > 0 && strcmp(op->start.data, from) > 0)
		from = op->start.data;
	return op->token.len > 0 ? op->token.data : from;
}

static void
show(struct mem_store *m, struct storage_op *op, const struct entry *e)
{
	struct storage_object *o = storage_page_add(&op->page, e->name,
	    e->generation, e->size, e->created_us);

	o->has_md5 = op->wants_md5 && m->md5 != NULL && e->body != NULL;
	if (o->has_md5)
		m->md5(e->body, e->size, o->md5);
}

static void
act_list(struct mem_store *m, struct storage_op *op)
{
	size_t i;

	if (m->wall_us != 0)
		op->server_us = m->wall_us + m->now;
	for (i = seek(m, first_of_page(op)); i < m->entries.n; i++) {
		struct entry *e = &m->entries.v[i];

		if (!str_starts(e->name, op->name.data) ||
		    (op->end.len > 0 && strcmp(e->name, op->end.data) >= 0))
			break;
		if (e->generation == 0)
			continue;
		if (op->page.objects.n == PAGE_SIZE) {
			buf_adds(&op->page.next, e->name);
			break;
		}
		show(m, op, e);
	}
	storage_answer_ok(op, 200);
}

static void
act_get(struct mem_store *m, struct storage_op *op)
{
	struct entry *e = find(m, op->name.data);

	if (e == NULL || e->generation == 0)
		storage_answer(op, STORAGE_GONE, 404, ERR_NOT_FOUND,
		    "GET %s: no such object", op->name.data);
	else if (e->size > op->max_body)
		storage_answer(op, STORAGE_FAILED, 200, ERR_PROTOCOL,
		    "GET %s: larger than %zu bytes", op->name.data,
		    op->max_body);
	else if (e->body == NULL)
		storage_answer(op, STORAGE_FAILED, 200, ERR_PROTOCOL,
		    "GET %s: loaded without bytes", op->name.data);
	else if (buf_add(&op->body, e->body, e->size) == 0)
		storage_answer_ok(op, 200);
}

/* Does the precondition hold for what exists (NULL: nothing)? */
static bool
may_act(struct storage_op *op, const struct entry *e)
{
	uint64_t now = e != NULL ? e->generation : 0;

	if (!op->has_generation || op->generation == now)
		return true;
	storage_answer(op, STORAGE_CHANGED, 412, ERR_REFUSED,
	    "%s %s: it is not generation %llu any more",
	    storage_kind_name(op->kind), op->name.data,
	    (unsigned long long)op->generation);
	return false;
}

static void
act_put(struct mem_store *m, struct storage_op *op)
{
	if (!may_act(op, find(m, op->name.data)))
		return;
	op->put_generation = put(m, op->name.data, op->body.data, op->body.len);
	storage_answer_ok(op, 200);
}

static void
act_delete(struct mem_store *m, struct storage_op *op)
{
	struct entry *e = find(m, op->name.data);

	if (e == NULL || e->generation == 0) {
		storage_answer(op, STORAGE_GONE, 404, ERR_NOT_FOUND,
		    "DELETE %s: no such object", op->name.data);
	} else if (may_act(op, e)) {
		bury(m, e);
		storage_answer_ok(op, 204);
	}
}

static void
act(struct mem_store *m, struct storage_op *op)
{
	static void (*const acts[])(struct mem_store *, struct storage_op *) = {
		[STORAGE_LIST] = act_list,
		[STORAGE_GET] = act_get,
		[STORAGE_PUT] = act_put,
		[STORAGE_DELETE] = act_delete,
	};
	const char *fault = storage_name_fault(op->name.data);

	if (op->kind != STORAGE_LIST && fault != NULL) {
		storage_answer(op, STORAGE_FAILED, 0, ERR_REFUSED,
		    "%s '%s': %s", storage_kind_name(op->kind), op->name.data,
		    fault);
		return;
	}
	op->attempts = 1;
	acts[op->kind](m, op);
}

/* --- the seam --- */

static void
mem_submit(struct storage *s, struct storage_op *op)
{
	struct mem_store *m = self(s);

	op->submitted_us = m->now;
	op->driver = NULL;
	*vec_push(&m->flying) = op;
	if (m->flying.n > m->peak)
		m->peak = m->flying.n;
}

static struct storage_op *
mem_reap(struct storage *s)
{
	struct mem_store *m = self(s);
	struct storage_op *op;
	size_t i;

	if (m->flying.n == 0)
		return NULL;
	i = rng_below(&m->rng, m->flying.n);
	op = m->flying.v[i];
	m->flying.v[i] = m->flying.v[--m->flying.n];
	if (op->driver != NULL)
		storage_answer(op, STORAGE_CANCELLED, 0, ERR_CANCELLED,
		    "%s %s: cancelled", storage_kind_name(op->kind),
		    op->name.data);
	else
		act(m, op);
	op->done_us = ++m->now;
	return op;
}

/* A cancelled op points to its store; what is submitted later is not. */
static void
mem_cancel(struct storage *s)
{
	struct mem_store *m = self(s);
	size_t i;

	for (i = 0; i < m->flying.n; i++)
		m->flying.v[i]->driver = m;
}

static void
mem_close(struct storage *s)
{
	struct mem_store *m = self(s);
	size_t i;

	assert(m->flying.n == 0);
	for (i = 0; i < m->entries.n; i++)
		free(m->entries.v[i].body);
	vec_release(&m->entries);
	vec_release(&m->flying);
	arena_release(&m->names);
	free(m);
}

struct storage *
mem_store_new(uint64_t seed)
{
	static const struct storage_ops ops = {
		.submit = mem_submit,
		.reap = mem_reap,
		.cancel = mem_cancel,
		.close = mem_close,
	};
	struct mem_store *m = mem_zalloc(1, sizeof(*m));

	m->base.ops = &ops;
	arena_init(&m->names);
	rng_init(&m->rng, seed);
	return &m->base;
}

void
mem_store_set_wall(struct storage *s, uint64_t wall_us)
{
	self(s)->wall_us = wall_us - self(s)->now;
}

void
mem_store_set_md5(struct storage *s, mem_store_md5_fn *md5)
{
	self(s)->md5 = md5;
}

void
mem_store_set_created(struct storage *s, const char *name, uint64_t created_us)
{
	struct entry *e = find(self(s), name);

	assert(e != NULL && e->generation != 0);
	e->created_us = created_us;
}

void
mem_store_load(struct storage *s, const char *name, uint64_t size)
{
	fill(self(s), append(self(s), name), size);
}

void
mem_store_load_bytes(struct storage *s, const char *name, const void *data,
    size_t n)
{
	struct entry *e = append(self(s), name);

	fill(self(s), e, n);
	e->body = mem_strndup(data, n);
}

void
mem_store_put(struct storage *s, const char *name, const void *data, size_t n)
{
	put(self(s), name, data, n);
}

void
mem_store_remove(struct storage *s, const char *name)
{
	struct entry *e = find(self(s), name);

	assert(e != NULL && e->generation != 0);
	bury(self(s), e);
}

bool
mem_store_has(struct storage *s, const char *name)
{
	struct entry *e = find(self(s), name);

	return e != NULL && e->generation != 0;
}

size_t
mem_store_count(const struct storage *s)
{
	return ((const struct mem_store *)s)->live;
}

size_t
mem_store_peak(const struct storage *s)
{
	return ((const struct mem_store *)s)->peak;
}
