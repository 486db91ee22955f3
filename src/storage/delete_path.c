/* SPDX-License-Identifier: MIT */
/*
 * A page of the listing at a time, so that a folder of millions costs no more
 * memory than one of a thousand; tokens stay good while what they follow is
 * deleted.  What is below goes first: after a failure the same call finds the
 * rest.
 */
#include "src/storage/delete_path.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/storage/storage.h"

struct removal {
	struct storage *store;
	struct storage_op list;
	struct storage_op *ops;
	unsigned width;
	uint64_t deleted;
	struct err *err;
};

static bool
has_failed(const struct removal *r)
{
	return r->err->code != ERR_NONE;
}

static void
settle(struct removal *r, const struct storage_op *op)
{
	if (op->verdict == STORAGE_OK || op->verdict == STORAGE_GONE)
		r->deleted++;
	else if (!has_failed(r))
		*r->err = op->err;
}

static void
send(struct removal *r, struct storage_op *op, const struct storage_object *o)
{
	storage_ask_delete(op, o->name);
	storage_if_generation(op, o->generation);
	storage_submit(r->store, op);
}

/* The first n objects of the page. */
static void
delete_listed(struct removal *r, size_t n)
{
	const struct storage_object *objects = r->list.page.objects.v;
	struct storage_op *op;
	size_t sent = 0;

	while (sent < n && sent < r->width) {
		send(r, &r->ops[sent], &objects[sent]);
		sent++;
	}
	while ((op = storage_reap(r->store)) != NULL) {
		settle(r, op);
		if (sent < n && !has_failed(r))
			send(r, op, &objects[sent++]);
	}
}

/* One page; -1 when it could not be had. */
static int
list(struct removal *r, const char *prefix, const char *token)
{
	storage_ask_list(&r->list, prefix, token);
	storage_submit(r->store, &r->list);
	if (storage_reap(r->store)->verdict == STORAGE_OK)
		return 0;
	*r->err = r->list.err;
	return -1;
}

static void
delete_below(struct removal *r, const char *path)
{
	struct buf prefix, token;

	buf_init(&prefix, 2 * STORAGE_NAME_MAX);
	buf_init(&token, r->list.token.max);
	buf_addf(&prefix, "%s/", path);
	while (list(r, prefix.data, token.data) == 0) {
		delete_listed(r, r->list.page.objects.n);
		if (has_failed(r) || r->list.page.next.len == 0)
			break;
		buf_clear(&token);
		buf_add(&token, r->list.page.next.data, r->list.page.next.len);
	}
	buf_release(&prefix);
	buf_release(&token);
}

/* Of all names that begin with the path it is the first. */
static void
delete_itself(struct removal *r, const char *path)
{
	if (list(r, path, "") == 0 && r->list.page.objects.n > 0 &&
	    strcmp(r->list.page.objects.v[0].name, path) == 0)
		delete_listed(r, 1);
}

static int
check(const char *path, struct err *err)
{
	const char *fault = storage_name_fault(path);

	if (fault == NULL && path[strlen(path) - 1] == '/')
		fault = "a path does not end in a slash";
	if (fault != NULL)
		return err_set(err, ERR_USAGE, "cannot delete \"%.200s\": %s",
		    path, fault);
	return 0;
}

int
delete_path(struct storage *s, const char *path, unsigned width,
    uint64_t *deleted, struct err *err)
{
	struct removal r = { .store = s, .width = width, .err = err };
	unsigned i;

	assert(width > 0);
	*deleted = 0;
	if (check(path, err) != 0)
		return -1;
	err_clear(err);
	storage_op_init(&r.list);
	r.ops = mem_zalloc(width, sizeof(*r.ops));
	for (i = 0; i < width; i++)
		storage_op_init(&r.ops[i]);
	delete_below(&r, path);
	if (!has_failed(&r))
		delete_itself(&r, path);
	for (i = 0; i < width; i++)
		storage_op_release(&r.ops[i]);
	free(r.ops);
	storage_op_release(&r.list);
	*deleted = r.deleted;
	if (r.deleted == 0 && !has_failed(&r))
		err_set(err, ERR_NOT_FOUND, "path not found: %.400s", path);
	return has_failed(&r) ? -1 : 0;
}
