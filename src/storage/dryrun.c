/* SPDX-License-Identifier: MIT */
/* The withheld operations wait in a queue of their own until reaped. */
#include "src/storage/dryrun.h"

#include <stdlib.h>

#include "src/base/mem.h"
#include "src/storage/answer.h"
#include "src/storage/storage.h"

struct dryrun {
	struct storage base;
	struct storage *inner;
	VEC(struct storage_op *) withheld;
};

static struct dryrun *
self(struct storage *s)
{
	return (struct dryrun *)s;
}

static void
dryrun_submit(struct storage *s, struct storage_op *op)
{
	struct dryrun *d = self(s);

	if (op->kind == STORAGE_PUT || op->kind == STORAGE_DELETE)
		*vec_push(&d->withheld) = op;
	else
		storage_submit(d->inner, op);
}

static struct storage_op *
dryrun_reap(struct storage *s)
{
	struct dryrun *d = self(s);
	struct storage_op *op;

	if (d->withheld.n == 0)
		return storage_reap(d->inner);
	op = d->withheld.v[--d->withheld.n];
	storage_answer_ok(op, 0);
	return op;
}

static void
dryrun_cancel(struct storage *s)
{
	storage_cancel(self(s)->inner);
}

static void
dryrun_close(struct storage *s)
{
	struct dryrun *d = self(s);

	storage_close(d->inner);
	vec_release(&d->withheld);
	free(d);
}

struct storage *
dryrun_new(struct storage *inner)
{
	static const struct storage_ops ops = {
		.submit = dryrun_submit,
		.reap = dryrun_reap,
		.cancel = dryrun_cancel,
		.close = dryrun_close,
	};
	struct dryrun *d = mem_zalloc(1, sizeof(*d));

	d->base.ops = &ops;
	d->inner = inner;
	return &d->base;
}
