/* SPDX-License-Identifier: MIT */
/* The op carries its name back and forth, so the wrapper keeps nothing of it:
 * what begins with the prefix when it comes back was given it here, since a
 * suite's names begin otherwise. */
#include "tests/live/scratch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/storage/storage.h"

struct scratch {
	struct storage base;
	struct storage *inner;
	const char *prefix;
};

static struct scratch *
self(struct storage *s)
{
	return (struct scratch *)s;
}

static void
set_name(struct storage_op *op, const char *prefix, const char *name)
{
	char *copy = mem_strdup(name);

	buf_clear(&op->name);
	buf_adds(&op->name, prefix);
	buf_adds(&op->name, copy);
	free(copy);
}

/* A list may ask for the empty prefix; of all else a bad name must stay one. */
static bool
is_refused(const struct scratch *s, const struct storage_op *op)
{
	return (op->kind != STORAGE_LIST &&
		   storage_name_fault(op->name.data) != NULL) ||
	    strlen(s->prefix) + op->name.len > STORAGE_NAME_MAX;
}

static void
scratch_submit(struct storage *base, struct storage_op *op)
{
	struct scratch *s = self(base);

	assert(!str_starts(op->name.data, s->prefix));
	if (!is_refused(s, op))
		set_name(op, s->prefix, op->name.data);
	storage_submit(s->inner, op);
}

static struct storage_op *
scratch_reap(struct storage *base)
{
	struct scratch *s = self(base);
	struct storage_op *op = storage_reap(s->inner);
	size_t n = strlen(s->prefix), i;

	if (op == NULL || !str_starts(op->name.data, s->prefix))
		return op;
	set_name(op, "", op->name.data + n);
	for (i = 0; i < op->page.objects.n; i++)
		op->page.objects.v[i].name += n; /* it was asked for */
	return op;
}

static void
scratch_cancel(struct storage *base)
{
	storage_cancel(self(base)->inner);
}

static void
scratch_close(struct storage *base)
{
	storage_close(self(base)->inner);
	free(base);
}

struct storage *
scratch_new(struct storage *inner_take, const char *prefix)
{
	static const struct storage_ops ops = {
		.submit = scratch_submit,
		.reap = scratch_reap,
		.cancel = scratch_cancel,
		.close = scratch_close,
	};
	struct scratch *s = mem_zalloc(1, sizeof(*s));

	s->base.ops = &ops;
	s->inner = inner_take;
	s->prefix = prefix;
	return &s->base;
}
