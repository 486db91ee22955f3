/* SPDX-License-Identifier: MIT */
/* A question is a run that ends with the mark. */
#include "src/cli/query.h"

#include <stdio.h>

#include "src/base/buf.h"
#include "src/cli/output.h"

struct question {
	query_fn *tell;
	const void *arg;
};

static enum status
ask(struct run *r, const void *arg)
{
	const struct question *q = arg;
	struct err err = ERR_INIT;

	if (run_open(r, &err) != 0 || run_mark(r, &err) != 0)
		return run_fail(r, &err);
	return q->tell(r, q->arg);
}

enum status
query_run(const struct options *opts, int argc, char **argv, query_fn *tell,
    const void *arg)
{
	const struct question q = { tell, arg };
	struct run run = { .opts = opts, .is_reader = true, .is_query = true };

	return run_story(&run, argc, argv, ask, &q);
}

/* --- names --- */

static void
add_digest(const struct inventory *inv, uint32_t node, struct buf *out)
{
	struct digest d;

	inventory_digest(inv, node, &d);
	digest_format(&d, out);
}

static void
add_tag(const struct inventory *inv, uint32_t tag, struct buf *out)
{
	const struct tag *t = &inv->tags.v[tag];

	buf_addf(out, "%s:%s", inv->repositories.v[t->repository].name,
	    t->name);
}

static void
add_revision(const struct inventory *inv, uint32_t revision, struct buf *out)
{
	const struct revision *r = &inv->revisions.v[revision];

	buf_addf(out, "%s@", inv->repositories.v[r->repository].name);
	add_digest(inv, r->node, out);
}

typedef void add_fn(const struct inventory *inv, uint32_t index,
    struct buf *out);

static void
print(const struct inventory *inv, uint32_t index, add_fn *add)
{
	struct buf text;

	buf_init(&text, 4 * STORAGE_NAME_MAX);
	add(inv, index, &text);
	output_name(stdout, text.data);
	buf_release(&text);
}

static json_t *
string_of(const struct inventory *inv, uint32_t index, add_fn *add)
{
	struct buf text;
	json_t *string;

	buf_init(&text, 4 * STORAGE_NAME_MAX);
	add(inv, index, &text);
	string = output_string(text.data);
	buf_release(&text);
	return string;
}

void
query_print_digest(const struct inventory *inv, uint32_t node)
{
	print(inv, node, add_digest);
}

void
query_print_tag(const struct inventory *inv, uint32_t tag)
{
	print(inv, tag, add_tag);
}

void
query_print_revision(const struct inventory *inv, uint32_t revision)
{
	print(inv, revision, add_revision);
}

json_t *
query_digest(const struct inventory *inv, uint32_t node)
{
	return string_of(inv, node, add_digest);
}

json_t *
query_tag(const struct inventory *inv, uint32_t tag)
{
	return string_of(inv, tag, add_tag);
}

json_t *
query_revision(const struct inventory *inv, uint32_t revision)
{
	return string_of(inv, revision, add_revision);
}
