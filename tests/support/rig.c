/* SPDX-License-Identifier: MIT */
/* The stack is built once a run, when the test has said what it wants. */
#include "tests/support/rig.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/storage/mem_store.h"
#include "tests/support/suite.h"

/* --- the watchman --- */

struct watch_store {
	struct storage base;
	struct storage *inner;
	struct watch *watch;
	VEC(struct storage_op *) flying;
};

static struct watch_store *
self(struct storage *s)
{
	return (struct watch_store *)s;
}

static void
watch_submit(struct storage *s, struct storage_op *op)
{
	struct watch_store *ws = self(s);
	struct watch *w = ws->watch;

	if (op->kind == STORAGE_DELETE) {
		w->deletes++;
		w->bare += !op->has_generation || op->generation == 0;
	}
	w->writes += op->kind == STORAGE_PUT;
	if (++w->in_flight > w->peak)
		w->peak = w->in_flight;
	*vec_push(&ws->flying) = op;
	if (w->on_submit != NULL)
		w->on_submit(w->arg, op);
	storage_submit(ws->inner, op);
}

/* mem_store's page token is the name of the next object. */
static void
shorten(struct storage_page *page, size_t limit)
{
	if (limit == 0 || page->objects.n <= limit)
		return;
	buf_clear(&page->next);
	buf_adds(&page->next, page->objects.v[limit].name);
	page->objects.n = limit;
}

static struct storage_op *
watch_reap(struct storage *s)
{
	struct watch_store *ws = self(s);
	struct watch *w = ws->watch;
	struct storage_op *op = storage_reap(ws->inner);
	size_t i;

	if (op == NULL)
		return NULL;
	for (i = 0; i < ws->flying.n && ws->flying.v[i] != op; i++)
		continue;
	if (i == ws->flying.n) {
		w->strangers++;
	} else {
		ws->flying.v[i] = ws->flying.v[--ws->flying.n];
		w->in_flight--;
	}
	if (op->kind == STORAGE_LIST)
		shorten(&op->page, w->page_limit);
	if (w->on_settled != NULL)
		w->on_settled(w->arg, op);
	return op;
}

static void
watch_cancel(struct storage *s)
{
	storage_cancel(self(s)->inner);
}

static void
watch_close(struct storage *s)
{
	struct watch_store *ws = self(s);

	vec_release(&ws->flying);
	free(ws);
}

struct storage *
watch_new(struct storage *inner, struct watch *watch)
{
	static const struct storage_ops ops = {
		.submit = watch_submit,
		.reap = watch_reap,
		.cancel = watch_cancel,
		.close = watch_close,
	};
	struct watch_store *ws = mem_zalloc(1, sizeof(*ws));

	ws->base.ops = &ops;
	ws->inner = inner;
	ws->watch = watch;
	return &ws->base;
}

/* --- the bench --- */

void
rig_init(struct rig *rig, uint64_t seed, bool delete_untagged)
{
	memset(rig, 0, sizeof(*rig));
	rig->opts = (struct gc_opts){
		.root = "",
		.mark = { .delete_untagged = delete_untagged, .width = 8 },
		.sweep = { .strategy = SWEEP_DELETE, .width = 8 },
		.guards = { .allow_empty_mark = true,
		    .allow_missing = true,
		    .max_delete = GUARD_LIMIT_NONE },
	};
	rig->mem = mem_store_new(seed);
	if (seed % 2 == 0)
		rig_tell_md5(rig);
}

void
rig_md5(const void *data, size_t n, uint8_t md5[])
{
	ck_assert_int_eq(EVP_Digest(data, n, md5, NULL, EVP_md5(), NULL), 1);
}

void
rig_tell_md5(struct rig *rig)
{
	mem_store_set_md5(rig->mem, rig_md5);
}

static void
stack(struct rig *rig)
{
	if (rig->top != NULL)
		return;
	rig->faulty = faulty_new(watch_new(rig->mem, &rig->lent), &rig->rule);
	rig->tally = tally_new(rig->faulty);
	rig->top = watch_new(rig->tally, &rig->watch);
}

void
rig_release(struct rig *rig)
{
	rig_again(rig);
	storage_close(rig->mem);
}

int
rig_plan(struct rig *rig)
{
	stack(rig);
	ck_assert_int_eq(gc_init(&rig->gc, &rig->opts, &rig->err), 0);
	return gc_plan(&rig->gc, rig->top, &rig->err);
}

int
rig_resume(struct rig *rig, struct plan_file *file)
{
	stack(rig);
	ck_assert_int_eq(gc_init(&rig->gc, &rig->opts, &rig->err), 0);
	return gc_resume(&rig->gc, rig->top, file, &rig->err);
}

int
rig_sweep(struct rig *rig)
{
	tally_reset(rig->tally);
	return gc_sweep(&rig->gc, rig->top, &rig->err);
}

void
rig_collect(struct rig *rig)
{
	int rc = rig_plan(rig);

	ck_assert_msg(rc == 0, "plan: %s", rig->err.text);
	rc = rig_sweep(rig);
	ck_assert_msg(rc == 0, "sweep: %s", rig->err.text);
}

void
rig_again(struct rig *rig)
{
	storage_close(rig->top);
	storage_close(rig->tally);
	rig->top = rig->tally = rig->faulty = NULL;
	gc_release(&rig->gc);
	memset(&rig->gc, 0, sizeof(rig->gc));
	err_clear(&rig->err);
}

bool
rig_has_damage(const struct rig *rig, const char *what)
{
	size_t i;

	for (i = 0; i < rig->gc.mark.damages.n; i++) {
		if (strstr(rig->gc.mark.damages.v[i], what) != NULL)
			return true;
	}
	return false;
}
