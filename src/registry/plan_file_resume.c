/* SPDX-License-Identifier: MIT */
/*
 * Rows become a plan again, by a new mark:
 *
 *	1. What is still listed, with the generation that was planned, is claimed
 *	   by its row; the rest is gone or changed.
 *	2. What is eligible and not claimed stays (a reviewer took it off, it was
 *	   written again, it is newer than the plan), and with it what it names:
 *	   such a manifest becomes a root, so does that of such a tag reference,
 *	   and what is eligible is decided once more.
 *	3. What is claimed and eligible is the plan; what is claimed and is not
 *	   any more is kept.
 *
 * Without 2 a manifest would outlive its layers.  It needs no second round: a
 * root can only take victims away.
 */
#include "src/registry/plan_file_priv.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/rng.h"
#include "src/registry/mark.h"
#include "src/registry/plan_file_entry.h"

struct resume {
	struct plan_file *f;
	struct plan *plan;
	struct mark *m;
	struct err *err;
	struct hmap by_name[PLAN_SECTIONS]; /* links; a blob has its node */
	uint32_t *claims[PLAN_SECTIONS];    /* the row of each entry; 0: none */
	struct buf name;
};

/* --- finding what a row names --- */

struct sought {
	struct resume *r;
	enum plan_section section;
	const char *name;
};

/* Replaces r->name; false: it is not listed any more. */
static bool
format_entry(struct resume *r, enum plan_section section, uint32_t index)
{
	struct plan_entry e;

	if (!plan_entry_get(&r->m->inv, section, index, &e))
		return false;
	path_format(&r->m->inv.paths, &e.path, &r->name);
	return true;
}

static uint64_t
hash_name(const struct resume *r, const char *name)
{
	return rng_hash(name, strlen(name), r->m->inv.secret);
}

static bool
is_sought(const void *ctx, uint32_t entry, const void *key)
{
	const struct sought *s = key;

	(void)ctx;
	return format_entry(s->r, s->section, entry) &&
	    strcmp(s->r->name.data, s->name) == 0;
}

static void
index_links(struct resume *r, enum plan_section section)
{
	size_t i, n = plan_entry_count(&r->m->inv, section);

	for (i = 0; i < n; i++) {
		if (format_entry(r, section, (uint32_t)i))
			hmap_add(&r->by_name[section],
			    hash_name(r, r->name.data), (uint32_t)i);
	}
}

static uint32_t
find_entry(struct resume *r, const struct plan_row *row)
{
	const struct inventory *inv = &r->m->inv;
	struct sought sought = { r, row->section, row->name };
	struct path path;

	if (row->section != PLAN_BLOBS)
		return hmap_find(&r->by_name[row->section],
		    hash_name(r, row->name), is_sought, NULL, &sought);
	path_parse(&inv->paths, row->name, &path);
	return path.kind == PATH_BLOB ? inventory_find(inv, &path.digest)
				      : HMAP_NONE;
}

/* --- claiming --- */

static int
settle(struct resume *r, const struct plan_row *row, enum plan_state state)
{
	struct plan_row outcome = *row;

	outcome.state = state;
	outcome.status = 0;
	outcome.attempts = 0;
	return plan_journal_add(r->f, &outcome, r->err);
}

/* A row that failed is pending again. */
static void
count_anew(struct plan_file *f, const struct plan_row *row)
{
	struct plan_tally *failed = &f->tally[row->section][PLAN_FAILED];
	struct plan_tally *pending = &f->tally[row->section][PLAN_PENDING];

	if (row->state != PLAN_FAILED)
		return;
	failed->rows--;
	failed->bytes -= row->size;
	pending->rows++;
	pending->bytes += row->size;
}

static int
claim(void *arg, const struct plan_row *row)
{
	struct resume *r = arg;
	struct plan_entry e;
	uint32_t index;

	if (row->state != PLAN_PENDING && row->state != PLAN_FAILED)
		return 0;
	count_anew(r->f, row);
	index = find_entry(r, row);
	if (index == HMAP_NONE ||
	    !plan_entry_get(&r->m->inv, row->section, index, &e))
		return settle(r, row, PLAN_GONE);
	if (e.generation != row->generation)
		return settle(r, row, PLAN_CHANGED);
	r->claims[row->section][index] = (uint32_t)row->id;
	return 0;
}

/* --- what stays keeps what it names --- */

static void
keep_revision(struct mark *m, uint32_t index)
{
	struct revision *r = &m->inv.revisions.v[index];

	r->is_root = true;
	graph_add_root(&m->graph, r->node);
}

static void
index_revisions(const struct inventory *inv, struct hmap *map)
{
	size_t i;

	hmap_init(map);
	for (i = 0; i < inv->revisions.n; i++) {
		if (inventory_has_revision(inv, &inv->revisions.v[i]))
			inventory_index_revision(inv, map, (uint32_t)i);
	}
}

/* A tag reference without its manifest would be an orphan for ever. */
static void
keep_for_tags(struct resume *r)
{
	const struct inventory *inv = &r->m->inv;
	const struct plan *plan = r->plan;
	struct hmap revisions;
	size_t i;
	uint32_t index;

	index_revisions(inv, &revisions);
	for (i = 0; i < plan->victims[PLAN_TAGS].n; i++) {
		uint32_t t = plan->victims[PLAN_TAGS].v[i];
		const struct tag_index *ti = &inv->tag_indexes.v[t];

		if (r->claims[PLAN_TAGS][t] != 0)
			continue;
		index = inventory_indexed_revision(inv, &revisions,
		    inv->tags.v[ti->tag].repository, ti->node);
		if (index != HMAP_NONE)
			keep_revision(r->m, index);
	}
	hmap_release(&revisions);
}

/* Nothing of this is kept for being young. */
static void
plan_anew(struct resume *r)
{
	const struct plan_kept before = r->plan->kept;
	struct plan_kept *kept = &r->plan->kept;

	graph_walk(&r->m->graph, &r->m->inv);
	plan_release(r->plan);
	plan_init(r->plan);
	plan_from_mark(r->plan, r->m);
	kept->young_manifests = before.young_manifests;
	kept->young_blobs = before.young_blobs;
	kept->young_bytes = before.young_bytes;
	kept->young_links = before.young_links;
}

static void
keep_what_stays(struct resume *r)
{
	const struct plan *plan = r->plan;
	size_t i;

	keep_for_tags(r);
	for (i = 0; i < plan->victims[PLAN_REVISIONS].n; i++) {
		uint32_t index = plan->victims[PLAN_REVISIONS].v[i];

		if (r->claims[PLAN_REVISIONS][index] == 0)
			keep_revision(r->m, index);
	}
	plan_anew(r);
}

/* --- the plan --- */

/* Leaves the victims that are claimed, and of the claims those that are no
 * victims. */
static void
choose_victims(struct resume *r, enum plan_section section)
{
	const struct inventory *inv = &r->m->inv;
	struct plan *plan = r->plan;
	uint32_t *claims = r->claims[section];
	size_t i, n = plan->victims[section].n, kept = 0;

	for (i = 0; i < n; i++) {
		uint32_t index = plan->victims[section].v[i];

		if (claims[index] == 0) {
			if (section == PLAN_BLOBS)
				plan->bytes -= inv->nodes.v[index].blob_size;
			continue;
		}
		plan->victims[section].v[kept++] = index;
		*vec_push(&plan->rows[section]) = claims[index];
		claims[index] = 0;
	}
	plan->victims[section].n = kept;
}

static int
settle_kept(struct resume *r, enum plan_section section)
{
	const struct inventory *inv = &r->m->inv;
	size_t i, n = plan_entry_count(inv, section);
	struct plan_entry e;
	struct plan_row row = { .section = section };

	for (i = 0; i < n; i++) {
		if ((row.id = r->claims[section][i]) == 0)
			continue;
		plan_entry_get(inv, section, (uint32_t)i, &e);
		row.size = e.size;
		if (settle(r, &row, PLAN_KEPT) != 0)
			return -1;
	}
	return 0;
}

static void
begin(struct resume *r)
{
	int s;

	buf_init(&r->name, VALUE_MAX);
	for (s = 0; s < PLAN_SECTIONS; s++) {
		enum plan_section section = (enum plan_section)s;

		hmap_init(&r->by_name[s]);
		if (section != PLAN_BLOBS)
			index_links(r, section);
		r->claims[s] =
		    mem_zalloc(plan_entry_count(&r->m->inv, section) + 1,
			sizeof(*r->claims[s]));
	}
}

static void
end(struct resume *r)
{
	int s;

	for (s = 0; s < PLAN_SECTIONS; s++) {
		hmap_release(&r->by_name[s]);
		free(r->claims[s]);
	}
	buf_release(&r->name);
}

static int
run(struct resume *r)
{
	int s;

	if (plan_file_each(r->f, claim, r, r->err) != 0)
		return -1;
	keep_what_stays(r);
	for (s = 0; s < PLAN_SECTIONS; s++) {
		choose_victims(r, (enum plan_section)s);
		if (settle_kept(r, (enum plan_section)s) != 0)
			return -1;
	}
	return 0;
}

int
plan_file_resume(struct plan_file *f, struct plan *plan, struct mark *m,
    struct err *err)
{
	struct resume r = { .f = f, .plan = plan, .m = m, .err = err };
	int rc;

	begin(&r);
	rc = run(&r);
	end(&r);
	return rc;
}
