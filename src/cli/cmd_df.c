/* SPDX-License-Identifier: MIT */
/*
 * gcsweep df: who takes how much.  A blob that several repositories need counts
 * in the size of each of them, and once in the totals.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "src/base/str.h"
#include "src/cli/commands.h"
#include "src/cli/grid.h"
#include "src/cli/output.h"
#include "src/cli/query.h"
#include "src/registry/usage.h"

static const struct grid_column columns[] = {
	{ "size", 0, 10 },
	{ "own", 2, 10 },
	{ "shared", 2, 10 },
	{ "uploads", 2, 10 },
	{ "blobs", 2, 8 },
	{ "manifests", 2, 9 },
	{ "tags", 2, 7 },
	{ "repository", 2, 0 },
	{ .head = NULL },
};

/* --- for people --- */

static void
size_cell(struct grid *g, uint64_t bytes)
{
	char size[STR_SIZE_MAX];

	grid_cell(g, "%s", str_format_size(size, bytes));
}

/* A name that no registry would accept could talk to the terminal. */
static void
print_repository(struct grid *g, const struct inventory *inv,
    const struct usage_repository *ur)
{
	const struct repository *r = &inv->repositories.v[ur->repository];

	size_cell(g, ur->all.bytes);
	size_cell(g, ur->own.bytes);
	size_cell(g, ur->all.bytes - ur->own.bytes);
	size_cell(g, ur->upload_bytes);
	grid_cell(g, "%" PRIu64, ur->all.blobs);
	grid_cell(g, "%" PRIu64, ur->manifests);
	grid_cell(g, "%" PRIu64, ur->tags);
	grid_cell(g, "%s", r->has_valid_name ? r->name : "(not a valid name)");
}

static void
print_sum(const char *what, const struct usage_sum *sum, const char *why)
{
	char size[STR_SIZE_MAX];

	printf("%-10s%10s  in %" PRIu64 " blob%s%s\n", what,
	    str_format_size(size, sum->bytes), sum->blobs,
	    output_plural(sum->blobs), why);
}

/* With -m, links of manifests go too. */
static void
print_garbage(const struct usage *u)
{
	char rest[96];

	if (u->going_manifests > 0)
		snprintf(rest, sizeof(rest),
		    " and %" PRIu64 " manifest%s, which gc would delete",
		    u->going_manifests, output_plural(u->going_manifests));
	else
		strcpy(rest, ", which gc would delete");
	print_sum("garbage", &u->going, rest);
}

static void
print_totals(const struct run *r, const struct usage *u)
{
	const struct usage_sum kept = {
		u->own.blobs + u->shared.blobs,
		u->own.bytes + u->shared.bytes,
	};
	char size[STR_SIZE_MAX];

	print_sum("kept", &kept, "");
	print_sum("shared", &u->shared,
	    " of these, which several repositories need");
	if (u->other.blobs > 0)
		print_sum("others", &u->other,
		    " that no repository needs, kept for age or damage");
	print_garbage(u);
	if (u->uploads > 0 || u->upload_bytes > 0)
		printf("%-10s%10s  in %" PRIu64 " unfinished upload%s\n",
		    "uploads", str_format_size(size, u->upload_bytes),
		    u->uploads, output_plural(u->uploads));
	printf("%-10s%10s  in %" PRIu64 " object%s, all that is there\n",
	    "bucket", str_format_size(size, r->gc.mark.inv.bytes),
	    r->gc.mark.inv.objects, output_plural(r->gc.mark.inv.objects));
}

static void
print(const struct run *r, const struct usage *u)
{
	struct grid g;
	size_t i;

	grid_init(&g, columns, false);
	if (u->repositories.n > 0)
		grid_head(&g);
	for (i = 0; i < u->repositories.n; i++)
		print_repository(&g, &r->gc.mark.inv, &u->repositories.v[i]);
	if (u->repositories.n > 0)
		putchar('\n');
	print_totals(r, u);
}

/* --- for programs --- */

static json_t *
json_sum(const struct usage_sum *sum)
{
	return json_pack("{s:I, s:I}", "blobs", (json_int_t)sum->blobs, "bytes",
	    (json_int_t)sum->bytes);
}

static json_t *
json_uploads(uint64_t uploads, uint64_t bytes)
{
	return json_pack("{s:I, s:I}", "count", (json_int_t)uploads, "bytes",
	    (json_int_t)bytes);
}

static void
print_json(const struct run *r, const struct usage *u)
{
	const struct inventory *inv = &r->gc.mark.inv;
	size_t i;

	for (i = 0; i < u->repositories.n; i++) {
		const struct usage_repository *ur = &u->repositories.v[i];

		output_json(
		    json_pack("{s:s, s:i, s:o, s:I, s:I, s:I, s:I, s:o, "
			      "s:o}",
			"type", "usage", "schema", 1, "repository",
			output_string(inv->repositories.v[ur->repository].name),
			"tags", (json_int_t)ur->tags, "manifests",
			(json_int_t)ur->manifests, "blobs",
			(json_int_t)ur->all.blobs, "bytes",
			(json_int_t)ur->all.bytes, "own", json_sum(&ur->own),
			"uploads",
			json_uploads(ur->uploads, ur->upload_bytes)));
	}
	output_json(json_pack("{s:s, s:i, s:I, s:I, s:I, s:o, s:o, s:o, s:o, "
			      "s:I, s:o, s:I, s:I}",
	    "type", "totals", "schema", 1, "repositories",
	    (json_int_t)u->repositories.n, "tags", (json_int_t)u->tags,
	    "manifests", (json_int_t)u->manifests, "own", json_sum(&u->own),
	    "shared", json_sum(&u->shared), "others", json_sum(&u->other),
	    "garbage", json_sum(&u->going), "garbage_manifests",
	    (json_int_t)u->going_manifests, "uploads",
	    json_uploads(u->uploads, u->upload_bytes), "objects",
	    (json_int_t)inv->objects, "bytes", (json_int_t)inv->bytes));
}

static enum status
tell(struct run *r, const void *arg)
{
	struct usage u;

	(void)arg;
	usage_init(&u, &r->gc.mark);
	if (r->opts->json)
		print_json(r, &u);
	else
		print(r, &u);
	usage_release(&u);
	return STATUS_OK;
}

enum status
cmd_df(const struct options *opts, int argc, char **argv)
{
	return query_run(opts, argc, argv, tell, NULL);
}
