/* SPDX-License-Identifier: MIT */
/*
 * What is to fail without acting never reaches the inner store: it waits in a
 * queue of its own and reap answers it first.  What is to fail after acting is
 * sent, and its answer is overwritten on the way back.
 */
#include "src/storage/faulty.h"

#include <stdlib.h>

#include "src/base/mem.h"
#include "src/storage/answer.h"

struct faulty {
	struct storage base;
	struct storage *inner;
	struct faulty_rule rule;
	unsigned long seen;
	unsigned long fired;
	VEC(struct storage_op *) failed;  /* never sent */
	VEC(struct storage_op *) tainted; /* sent; the answer will be lost */
};

static struct faulty *
self(struct storage *s)
{
	return (struct faulty *)s;
}

static void
fail(struct faulty *f, struct storage_op *op)
{
	storage_clear_answer(op);
	storage_answer(op, f->rule.verdict, 0, f->rule.code,
	    "%s %s: failed on purpose", storage_kind_name(op->kind),
	    op->name.data);
}

static bool
is_to_fail(struct faulty *f, const struct storage_op *op)
{
	unsigned long nth;

	if (!(f->rule.kinds & 1U << op->kind))
		return false;
	nth = f->seen++;
	return nth >= f->rule.skip && nth - f->rule.skip < f->rule.count;
}

static void
faulty_submit(struct storage *s, struct storage_op *op)
{
	struct faulty *f = self(s);

	if (!is_to_fail(f, op)) {
		storage_submit(f->inner, op);
		return;
	}
	f->fired++;
	if (f->rule.is_acted) {
		*vec_push(&f->tainted) = op;
		storage_submit(f->inner, op);
	} else {
		*vec_push(&f->failed) = op;
	}
}

static struct storage_op *
faulty_reap(struct storage *s)
{
	struct faulty *f = self(s);
	struct storage_op *op;
	size_t i;

	if (f->failed.n > 0) {
		op = f->failed.v[--f->failed.n];
		fail(f, op);
		return op;
	}
	if ((op = storage_reap(f->inner)) == NULL)
		return NULL;
	for (i = 0; i < f->tainted.n; i++) {
		if (f->tainted.v[i] == op) {
			f->tainted.v[i] = f->tainted.v[--f->tainted.n];
			fail(f, op);
			break;
		}
	}
	return op;
}

static void
faulty_cancel(struct storage *s)
{
	storage_cancel(self(s)->inner);
}

static void
faulty_close(struct storage *s)
{
	struct faulty *f = self(s);

	storage_close(f->inner);
	vec_release(&f->failed);
	vec_release(&f->tainted);
	free(f);
}

struct storage *
faulty_new(struct storage *inner, const struct faulty_rule *rule)
{
	static const struct storage_ops ops = {
		.submit = faulty_submit,
		.reap = faulty_reap,
		.cancel = faulty_cancel,
		.close = faulty_close,
	};
	struct faulty *f = mem_zalloc(1, sizeof(*f));

	f->base.ops = &ops;
	f->inner = inner;
	f->rule = *rule;
	return &f->base;
}

unsigned long
faulty_seen(const struct storage *s)
{
	return ((const struct faulty *)s)->seen;
}

unsigned long
faulty_fired(const struct storage *s)
{
	return ((const struct faulty *)s)->fired;
}
