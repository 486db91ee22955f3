/* SPDX-License-Identifier: MIT */
/*
 * gcsweep check: can every tag be pulled?  What is missing is told once, however
 * many need it, with one way to it.
 */
#include <inttypes.h>
#include <stdio.h>

#include "src/cli/commands.h"
#include "src/cli/output.h"
#include "src/cli/query.h"
#include "src/registry/verify.h"

static const char *
fault_text(enum verify_fault fault)
{
	static const char *const texts[VERIFY_FAULTS] = {
		[VERIFY_NO_CURRENT] = "names nothing",
		[VERIFY_BAD_LINK] = "its link holds no digest",
		[VERIFY_NO_REVISION] =
		    "names a manifest that its repository does not have",
	};

	return texts[fault];
}

static bool
is_damaged(const struct mark *m, const struct verify *v)
{
	return v->broken_tags > 0 || m->damages.n > 0;
}

/* --- for people --- */

static void
print_hole(const struct inventory *inv, const struct verify *v,
    const struct verify_hole *hole, struct verify_path *path)
{
	uint32_t tag = verify_path_to(v, hole->node, path);
	size_t i;

	fputs(hole->is_corrupt ? "corrupt   " : "missing   ", stdout);
	query_print_digest(inv, hole->node);
	if (hole->needed_by > 0)
		printf("  needed by %" PRIu32 " manifest%s, such as ",
		    hole->needed_by, output_plural(hole->needed_by));
	else
		fputs("  the manifest of ", stdout);
	query_print_tag(inv, tag);
	for (i = 0; i + 1 < path->nodes.n; i++) {
		fputs(" -> ", stdout);
		query_print_digest(inv, path->nodes.v[i]);
	}
	putchar('\n');
}

static void
print_more(const char *what, size_t n)
{
	if (n > QUERY_LIST_MAX)
		printf("%-10sand %zu more\n", what, n - QUERY_LIST_MAX);
}

static void
print_lists(const struct inventory *inv, const struct verify *v)
{
	struct verify_path path = { { 0 } };
	size_t i;

	for (i = 0; i < v->holes.n && i < QUERY_LIST_MAX; i++)
		print_hole(inv, v, &v->holes.v[i], &path);
	vec_release(&path.nodes);
	print_more("missing", v->holes.n);
	for (i = 0; i < v->faults.n && i < QUERY_LIST_MAX; i++) {
		enum verify_fault fault = v->faults.v[i].fault;

		printf("%-10s", fault == VERIFY_NO_CURRENT ? "note" : "broken");
		query_print_tag(inv, v->faults.v[i].tag);
		printf(": %s\n", fault_text(fault));
	}
	print_more("broken", v->faults.n);
	for (i = 0; i < v->dangling.n && i < QUERY_LIST_MAX; i++) {
		fputs("note      ", stdout);
		query_print_revision(inv, v->dangling.v[i]);
		puts(": is missing, and no tag needs it");
	}
	print_more("note", v->dangling.n);
}

static void
print_note(uint64_t n, const char *what)
{
	if (n > 0)
		printf("note      %" PRIu64 " manifest%s %s\n", n,
		    output_plural(n), what);
}

static void
print(const struct run *r, const struct verify *v)
{
	const struct mark *m = &r->gc.mark;

	print_lists(&m->inv, v);
	if (r->opts->quiet)
		return;
	print_note(v->broken_untagged,
	    "that no tag needs and that cannot be pulled whole");
	print_note(v->meanwhile,
	    "pushed while this looked; what they name is not judged");
	printf("checked   %" PRIu64 " tag%s, %" PRIu64 " manifest%s, %" PRIu64
	       " blob%s\n",
	    v->tags, output_plural(v->tags), v->manifests,
	    output_plural(v->manifests), v->blobs, output_plural(v->blobs));
	if (is_damaged(m, v))
		printf("damaged   %" PRIu64 " tag%s cannot be pulled; %zu "
		       "object%s missing or corrupt\n",
		    v->broken_tags, output_plural(v->broken_tags), v->holes.n,
		    output_plural(v->holes.n));
	else
		puts("whole     every tag can be pulled");
}

/* --- for programs --- */

static void
print_hole_json(const struct inventory *inv, const struct verify *v,
    const struct verify_hole *hole, struct verify_path *path)
{
	uint32_t tag = verify_path_to(v, hole->node, path);
	json_t *nodes = json_array();
	size_t i;

	for (i = 0; i < path->nodes.n; i++)
		json_array_append_new(nodes,
		    query_digest(inv, path->nodes.v[i]));
	output_json(
	    json_pack("{s:s, s:i, s:o, s:s, s:b, s:I, s:o, s:o}", "type",
		"missing", "schema", 1, "digest", query_digest(inv, hole->node),
		"kind", hole->is_manifest ? "manifest" : "blob", "corrupt",
		hole->is_corrupt, "manifests", (json_int_t)hole->needed_by,
		"tag", query_tag(inv, tag), "path", nodes));
}

static void
print_flaw_json(json_t *what, const char *flaw, bool is_damage)
{
	output_json(json_pack("{s:s, s:i, s:o, s:s, s:b}", "type", "flaw",
	    "schema", 1, "what", what, "flaw", flaw, "damage", is_damage));
}

static void
print_json(const struct run *r, const struct verify *v)
{
	const struct mark *m = &r->gc.mark;
	struct verify_path path = { { 0 } };
	size_t i;

	for (i = 0; i < v->holes.n && i < QUERY_LIST_MAX; i++)
		print_hole_json(&m->inv, v, &v->holes.v[i], &path);
	vec_release(&path.nodes);
	for (i = 0; i < v->faults.n && i < QUERY_LIST_MAX; i++)
		print_flaw_json(query_tag(&m->inv, v->faults.v[i].tag),
		    fault_text(v->faults.v[i].fault),
		    v->faults.v[i].fault != VERIFY_NO_CURRENT);
	for (i = 0; i < v->dangling.n && i < QUERY_LIST_MAX; i++)
		print_flaw_json(query_revision(&m->inv, v->dangling.v[i]),
		    "is missing, and no tag needs it", false);
	output_json(json_pack("{s:s, s:i, s:b, s:I, s:I, s:I, s:I, s:I, s:I, "
			      "s:I, s:I, s:I}",
	    "type", "check", "schema", 1, "whole", !is_damaged(m, v), "tags",
	    (json_int_t)v->tags, "broken_tags", (json_int_t)v->broken_tags,
	    "manifests", (json_int_t)v->manifests, "blobs",
	    (json_int_t)v->blobs, "missing", (json_int_t)v->holes.n, "dangling",
	    (json_int_t)v->dangling.n, "broken_untagged",
	    (json_int_t)v->broken_untagged, "meanwhile",
	    (json_int_t)v->meanwhile, "damages", (json_int_t)m->damages.n));
}

static enum status
tell(struct run *r, const void *arg)
{
	enum status status;
	struct verify v;

	(void)arg;
	verify_init(&v, &r->gc.mark);
	if (r->opts->json)
		print_json(r, &v);
	else
		print(r, &v);
	status = is_damaged(&r->gc.mark, &v) ? STATUS_DAMAGED : STATUS_OK;
	verify_release(&v);
	return status;
}

enum status
cmd_check(const struct options *opts, int argc, char **argv)
{
	return query_run(opts, argc, argv, tell, NULL);
}
