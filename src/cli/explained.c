/* SPDX-License-Identifier: MIT */
/* The verdict comes first, then the way that leads to it, then what is known. */
#include "src/cli/explained.h"

#include <inttypes.h>
#include <stdio.h>

#include "src/base/str.h"
#include "src/cli/output.h"
#include "src/cli/query.h"
#include "src/registry/explain.h"
#include "src/registry/plan_file.h"

/* So many of a list are shown to people. */
enum { SHOWN_MAX = 10 };

static const char *
verdict_name(enum explain_verdict verdict)
{
	static const char *const names[] = {
		[EXPLAIN_KEPT] = "kept",
		[EXPLAIN_YOUNG] = "young",
		[EXPLAIN_ELIGIBLE] = "eligible",
		[EXPLAIN_ABSENT] = "absent",
	};

	return names[verdict];
}

static const char *
root_name(enum explain_root root)
{
	static const char *const names[] = {
		[EXPLAIN_TAG] = "tag",
		[EXPLAIN_UNTAGGED] = "untagged",
		[EXPLAIN_DAMAGED] = "damaged",
		[EXPLAIN_YOUNG_LINK] = "young",
		[EXPLAIN_OTHER] = "other",
		[EXPLAIN_NOTHING] = "nothing",
	};

	return names[root];
}

static const char *
why_text(const struct explain *x)
{
	static const char *const whys[] = {
		[EXPLAIN_NO_TAG] = "no tag names it",
		[EXPLAIN_ONLY_DEAD] = "only manifests that go name it",
		[EXPLAIN_UNNAMED] = "nothing names it",
	};

	if (x->verdict == EXPLAIN_ABSENT)
		return "it is named, and not in the bucket";
	if (x->root != EXPLAIN_NOTHING)
		return NULL;
	return x->verdict == EXPLAIN_YOUNG ? "only its age keeps it"
					   : whys[x->why];
}

/* What the manifest before it says of a step. */
static const char *
reason_name(uint32_t reason)
{
	static const char *const names[] = {
		[GRAPH_NAMED] = "named",
		[GRAPH_CHILD] = "child",
		[GRAPH_NEEDED] = "config or layer",
		[GRAPH_REFERRER] = "referrer",
	};

	return names[reason];
}

/* --- for people --- */

static void
print_root(const struct inventory *inv, const struct explain *x)
{
	if (x->root == EXPLAIN_TAG) {
		query_print_tag(inv, x->root_index);
		if (x->root_tags > 1)
			printf(", and %" PRIu64 " other tag%s",
			    x->root_tags - 1, output_plural(x->root_tags - 1));
	} else if (x->root == EXPLAIN_OTHER) {
		fputs("a link names ", stdout);
		query_print_digest(inv, x->root_index);
	} else {
		query_print_revision(inv, x->root_index);
		fputs(x->root == EXPLAIN_UNTAGGED
			? ", which no tag names; without -m it stays"
			: x->root == EXPLAIN_YOUNG_LINK
			? ", which stays only because it is young"
			: ", which stays because of damage",
		    stdout);
	}
}

static void
print_verdict(const struct inventory *inv, const struct explain *x)
{
	const char *why = why_text(x);
	size_t i;

	printf("%-10s", verdict_name(x->verdict));
	if (why != NULL)
		puts(why);
	if (x->root == EXPLAIN_NOTHING)
		return;
	fputs(why != NULL ? "          by " : "by ", stdout);
	print_root(inv, x);
	putchar('\n');
	for (i = 0; i < x->path.n; i++) {
		fputs("          -> ", stdout);
		query_print_digest(inv, x->path.v[i].node);
		printf("%s%s\n", i > 0 ? "  " : "",
		    i > 0 ? reason_name(x->path.v[i].reason) : "");
	}
}

static void
print_blob(const struct node *node)
{
	char size[STR_SIZE_MAX], created[PLAN_TIME_MAX];

	if (node->blob_generation == 0)
		return;
	printf("blob      %s, generation %" PRIu64,
	    str_format_size(size, node->blob_size), node->blob_generation);
	if (node->blob_created_s != 0)
		printf(", created %s",
		    plan_time_format(created,
			(uint64_t)node->blob_created_s * 1000000));
	putchar('\n');
}

static void
print_more(const char *what, size_t n)
{
	if (n > SHOWN_MAX)
		printf("%-10sand %zu more\n", what, n - SHOWN_MAX);
}

static void
print_links(const struct mark *m, const struct explain *x)
{
	const struct inventory *inv = &m->inv;
	size_t i;

	for (i = 0; i < x->revisions.n && i < SHOWN_MAX; i++) {
		const struct revision *r = &inv->revisions.v[x->revisions.v[i]];

		fputs("revision  ", stdout);
		output_name(stdout, inv->repositories.v[r->repository].name);
		puts(mark_keeps(m, r) ? "  stays" : "  goes");
	}
	print_more("revision", x->revisions.n);
	for (i = 0; i < x->tags.n && i < SHOWN_MAX; i++) {
		fputs("tag       ", stdout);
		query_print_tag(inv, x->tags.v[i]);
		putchar('\n');
	}
	print_more("tag", x->tags.n);
	for (i = 0; i < x->tag_indexes.n && i < SHOWN_MAX; i++) {
		fputs("once      ", stdout);
		query_print_tag(inv,
		    inv->tag_indexes.v[x->tag_indexes.v[i]].tag);
		putchar('\n');
	}
	print_more("once", x->tag_indexes.n);
}

static void
print_manifests(const struct mark *m, const char *what, const uint32_t *nodes,
    size_t n)
{
	size_t i;

	for (i = 0; i < n && i < SHOWN_MAX; i++) {
		printf("%-10s", what);
		query_print_digest(&m->inv, nodes[i]);
		puts(explain_is_live(m, nodes[i]) ? "  stays" : "  goes");
	}
	print_more(what, n);
}

void
explained_print(const struct mark *m, const struct explain *x)
{
	fputs("digest    ", stdout);
	query_print_digest(&m->inv, x->node);
	putchar('\n');
	print_verdict(&m->inv, x);
	if (x->alias != HMAP_NONE) {
		fputs("alias     of ", stdout);
		query_print_digest(&m->inv, x->alias);
		puts(", by which it is kept");
	}
	print_blob(&m->inv.nodes.v[x->node]);
	print_links(m, x);
	print_manifests(m, "named by", x->namers.v, x->namers.n);
	print_manifests(m, "referrer", x->referrers.v, x->referrers.n);
}

/* --- for programs --- */

typedef json_t *item_fn(const struct mark *m, uint32_t index);

static json_t *
revision_item(const struct mark *m, uint32_t index)
{
	const struct revision *r = &m->inv.revisions.v[index];

	return json_pack("{s:o, s:b}", "repository",
	    output_string(m->inv.repositories.v[r->repository].name), "stays",
	    mark_keeps(m, r));
}

static json_t *
tag_item(const struct mark *m, uint32_t index)
{
	return query_tag(&m->inv, index);
}

static json_t *
past_tag_item(const struct mark *m, uint32_t index)
{
	return query_tag(&m->inv, m->inv.tag_indexes.v[index].tag);
}

static json_t *
manifest_item(const struct mark *m, uint32_t index)
{
	return json_pack("{s:o, s:b}", "digest", query_digest(&m->inv, index),
	    "stays", explain_is_live(m, index));
}

/* How many there are, and the first of them. */
static json_t *
json_list(const struct mark *m, const uint32_t *v, size_t n, item_fn *item)
{
	json_t *first = json_array();
	size_t i;

	for (i = 0; i < n && i < QUERY_LIST_MAX; i++)
		json_array_append_new(first, item(m, v[i]));
	return json_pack("{s:I, s:o}", "count", (json_int_t)n, "first", first);
}

static json_t *
json_blob(const struct node *node)
{
	char created[PLAN_TIME_MAX];

	if (node->blob_generation == 0)
		return json_null();
	return json_pack("{s:I, s:o, s:o}", "size", (json_int_t)node->blob_size,
	    "generation", output_number(node->blob_generation), "created",
	    node->blob_created_s == 0
		? json_null()
		: output_string(plan_time_format(created,
		      (uint64_t)node->blob_created_s * 1000000)));
}

static json_t *
json_root(const struct inventory *inv, const struct explain *x)
{
	json_t *name;

	if (x->root == EXPLAIN_NOTHING)
		return json_null();
	if (x->root == EXPLAIN_TAG)
		name = query_tag(inv, x->root_index);
	else if (x->root == EXPLAIN_OTHER)
		name = query_digest(inv, x->root_index);
	else
		name = query_revision(inv, x->root_index);
	return json_pack("{s:s, s:o, s:I}", "kind", root_name(x->root), "name",
	    name, "tags", (json_int_t)x->root_tags);
}

static json_t *
json_path(const struct inventory *inv, const struct explain *x)
{
	json_t *path = json_array();
	size_t i;

	for (i = 0; i < x->path.n; i++)
		json_array_append_new(path,
		    json_pack("{s:o, s:s}", "digest",
			query_digest(inv, x->path.v[i].node), "as",
			i == 0 ? "root" : reason_name(x->path.v[i].reason)));
	return path;
}

void
explained_print_json(const struct explain_question *q, const struct mark *m,
    const struct explain *x)
{
	const struct inventory *inv = &m->inv;
	const char *why = why_text(x);

	output_json(json_pack("{s:s, s:i, s:o, s:s, s:o, s:o, s:o, s:o, s:o, "
			      "s:o, s:o, s:o, s:o, s:o, s:o}",
	    "type", "explain", "schema", 1, "question", output_string(q->text),
	    "verdict", verdict_name(x->verdict), "why",
	    why != NULL ? output_string(why) : json_null(), "digest",
	    query_digest(inv, x->node), "alias",
	    x->alias != HMAP_NONE ? query_digest(inv, x->alias) : json_null(),
	    "blob", json_blob(&inv->nodes.v[x->node]), "root",
	    json_root(inv, x), "path", json_path(inv, x), "revisions",
	    json_list(m, x->revisions.v, x->revisions.n, revision_item), "tags",
	    json_list(m, x->tags.v, x->tags.n, tag_item), "past_tags",
	    json_list(m, x->tag_indexes.v, x->tag_indexes.n, past_tag_item),
	    "named_by", json_list(m, x->namers.v, x->namers.n, manifest_item),
	    "referrers",
	    json_list(m, x->referrers.v, x->referrers.n, manifest_item)));
}

void
explained_unknown(const struct explain_question *q, bool is_json)
{
	if (is_json) {
		output_json(json_pack("{s:s, s:i, s:o, s:s}", "type", "explain",
		    "schema", 1, "question", output_string(q->text), "verdict",
		    "unknown"));
		return;
	}
	fputs("unknown   nothing in this registry is or names ", stdout);
	output_name(stdout, q->text);
	putchar('\n');
}
