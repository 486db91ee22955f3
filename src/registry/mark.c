/* SPDX-License-Identifier: MIT */
/*
 * mark_run() is one loop: visits wait in a queue, `width` of them are in
 * flight, and each kind has a settle function that may add visits.
 *
 *	LISTING	  one page; adds its next page, or when the blobs are done the
 *		  repositories; adds REVISION, ODD, CURRENT, ALIAS and
 *		  MANIFEST visits
 *	REVISION  a revision's link: its body should say what its path says; if
 *		  not, both are kept.  Not read where the listing has said it
 *	ODD	  some other link below revisions/: what its body says is kept
 *	CURRENT	  a tag's link: names the manifest that the tag keeps.  Not
 *		  read where the listing tells which (mark_tags.c)
 *	ALIAS	  a layer's link, where no blob of its digest is: the blob may
 *		  be kept by the digest in the body
 *	MANIFEST  a manifest's bytes: must hash to the digest; adds edges
 *
 * When all is quiet the roots are known, and graph_walk does the rest.
 */
#include "src/registry/mark.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/registry/cache.h"
#include "src/registry/mark_priv.h"
#include "src/registry/roots.h"

/* A link holds "sha512:" and 128 hex digits at most.  Up to this much is read,
 * so that damage can be named; a longer one ends the mark. */
enum { LINK_MAX = 256 };

/* Of a body's memory a slot keeps this much for its next one: buffers double,
 * so 1000 slots that each met a manifest of 4 MiB would hold up to 8 GiB. */
enum { BODY_KEPT = 64 * 1024 };

int
mark_init(struct mark *m, const char *root, struct err *err)
{
	memset(m, 0, sizeof(*m));
	graph_init(&m->graph);
	return inventory_init(&m->inv, root, err);
}

void
mark_release(struct mark *m)
{
	graph_release(&m->graph);
	inventory_release(&m->inv);
	vec_release(&m->damages);
	vec_release(&m->holes.first);
}

bool
mark_keeps(const struct mark *m, const struct revision *r)
{
	return r->is_root || m->inv.nodes.v[r->node].is_pulled;
}

void
mark_note_damage(struct mark *m, const char *object, const char *what)
{
	struct buf line;
	const char *kept;

	buf_init(&line, 8 * STORAGE_NAME_MAX);
	buf_addf(&line, "%s: %s", object, what);
	kept = arena_strndup(&m->inv.arena, line.data, line.len);
	*vec_push(&m->damages) = kept;
	buf_release(&line);
}

/* --- adding visits --- */

static struct mark_count *
count_of(struct run *run, enum visit_kind kind)
{
	return kind == VISIT_LISTING ? &run->m->pages : &run->m->reads;
}

void
mark_add_visit(struct run *run, enum visit_kind kind, uint32_t repository,
    uint32_t index)
{
	struct visit visit = {
		.kind = kind,
		.repository = repository,
		.epoch = repository == HMAP_NONE
		    ? 0
		    : run->m->inv.repositories.v[repository].epoch,
		.index = index,
	};

	count_of(run, kind)->known++;
	if (kind == VISIT_LISTING)
		*vec_push(&run->pages) = visit;
	else
		*vec_push(&run->queue) = visit;
}

/* Every digest that is a manifest in somebody's eyes is read once.  What was no
 * JSON when only an index named it is read again when a later page shows that
 * it is a revision, so that the order of reading decides nothing. */
void
mark_ask_manifest(struct run *run, uint32_t repository, uint32_t node)
{
	struct node *n = &run->m->inv.nodes.v[node];

	if (n->reading != NODE_UNREAD &&
	    !(n->reading == NODE_ODD && n->is_revision))
		return;
	n->reading = NODE_ASKED;
	mark_add_visit(run, VISIT_MANIFEST, repository, node);
}

/* A blob larger than any manifest is none, whoever names it: a build cache is
 * an index whose "manifests" are layers. */
void
mark_ask_named(struct run *run, uint32_t repository, uint32_t node)
{
	struct node *n = &run->m->inv.nodes.v[node];

	n->is_named = true;
	if (n->blob_size <= MANIFEST_MAX)
		mark_ask_manifest(run, repository, node);
}

/* --- the loop --- */

static void
submit_visit(struct run *run, struct slot *slot)
{
	struct inventory *inv = &run->m->inv;
	uint32_t i = slot->visit.index;
	struct path path;

	switch (slot->visit.kind) {
	case VISIT_LISTING:
		mark_ask_page(run, run->listings.v[i], &slot->op);
		storage_submit(run->store, &slot->op);
		return;
	case VISIT_REVISION:
		path = inventory_revision_path(inv, &inv->revisions.v[i]);
		break;
	case VISIT_ODD:
		storage_ask_get(&slot->op, run->odd_links.v[i], LINK_MAX);
		storage_submit(run->store, &slot->op);
		return;
	case VISIT_CURRENT:
		path = inventory_current_path(inv, &inv->tags.v[i]);
		break;
	case VISIT_ALIAS:
		path = inventory_layer_path(inv, slot->visit.repository, i);
		break;
	case VISIT_MANIFEST:
		path = inventory_blob_path(inv, i);
		break;
	}
	path_format(&inv->paths, &path, &run->name);
	storage_ask_get(&slot->op, run->name.data,
	    slot->visit.kind == VISIT_MANIFEST ? MANIFEST_MAX : LINK_MAX);
	storage_submit(run->store, &slot->op);
}

/* A page that could not be read; a link or manifest, for any reason but its
 * absence. */
static bool
is_failed(const struct slot *slot)
{
	return slot->op.verdict != STORAGE_OK &&
	    (slot->visit.kind == VISIT_LISTING ||
		slot->op.verdict != STORAGE_GONE);
}

static int
settle_read(struct run *run, struct slot *slot, struct err *err)
{
	switch (slot->visit.kind) {
	case VISIT_LISTING:
		return mark_settle_listing(run, slot, err);
	case VISIT_REVISION:
		return mark_settle_revision(run, slot, err);
	case VISIT_ODD:
		return mark_settle_odd(run, slot, err);
	case VISIT_CURRENT:
		return mark_settle_current(run, slot, err);
	case VISIT_ALIAS:
		return mark_settle_alias(run, slot);
	case VISIT_MANIFEST:
		return mark_settle_manifest(run, slot, err);
	}
	return -1;
}

/* What ends the mark does not count as done: a listing of one page that failed
 * would look complete. */
static int
settle(struct run *run, struct slot *slot, struct err *err)
{
	if ((is_failed(slot) ? mark_settle_unreadable(run, slot, err)
			     : settle_read(run, slot, err)) != 0)
		return -1;
	count_of(run, slot->visit.kind)->done++;
	run->m->bytes_read += slot->op.body.len;
	return 0;
}

static bool
has_visit(const struct run *run)
{
	return run->pages.n > 0 || run->head < run->queue.n;
}

/* All is quiet.  A manifest that was taken back (it was gone, and a repository
 * was listed again for it) is asked for once more, if it is still wanted: as a
 * revision, or by name. */
static bool
ask_what_is_unread(struct run *run)
{
	struct inventory *inv = &run->m->inv;
	size_t i;

	if (run->is_listing_only)
		return false;
	for (i = 0; i < inv->revisions.n; i++) {
		const struct revision *r = &inv->revisions.v[i];

		if (inventory_has_revision(inv, r))
			mark_ask_manifest(run, r->repository, r->node);
	}
	for (i = 0; i < run->taken_back.n; i++) {
		const struct visit *v = &run->taken_back.v[i];

		if (inv->nodes.v[v->index].is_named)
			mark_ask_named(run, v->repository, v->index);
	}
	run->taken_back.n = 0;
	return has_visit(run);
}

static void
give_slot(struct run *run, struct slot *slot)
{
	slot->next_free = run->free_slots;
	run->free_slots = slot;
	run->idle++;
}

/* A free slot, with what is to be visited next: pages, because of them comes
 * all that is to be read. */
static struct slot *
take_slot(struct run *run)
{
	struct slot *slot = run->free_slots;

	run->free_slots = slot->next_free;
	run->idle--;
	slot->visit = run->pages.n > 0 ? run->pages.v[--run->pages.n]
				       : run->queue.v[run->head++];
	return slot;
}

/* What the cache knows takes no request, and its slot is free again. */
static void
begin_visit(struct run *run, struct slot *slot)
{
	if (mark_is_known(run, &slot->visit)) {
		count_of(run, slot->visit.kind)->known--;
		give_slot(run, slot);
	} else {
		submit_visit(run, slot);
	}
}

static int
visit_all(struct run *run, struct err *err)
{
	const bool *stop = run->opts->stop;
	struct storage_op *op;
	struct slot *slot;

	for (;;) {
		if (stop != NULL && *stop)
			return err_set(err, ERR_CANCELLED,
			    "interrupted while marking");
		while (run->free_slots != NULL && has_visit(run))
			begin_visit(run, take_slot(run));
		if (run->opts->cache != NULL)
			cache_rest(run->opts->cache);
		if ((op = storage_reap(run->store)) == NULL) {
			if (ask_what_is_unread(run))
				continue;
			return 0;
		}
		slot = op->user;
		give_slot(run, slot);
		if (settle(run, slot, err) != 0)
			return -1;
		if (slot->op.body.cap > BODY_KEPT)
			buf_release(&slot->op.body);
	}
}

static void
begin(struct run *run, unsigned width)
{
	unsigned i;

	run->slots = mem_zalloc(width, sizeof(*run->slots));
	for (i = 0; i < width; i++) {
		storage_op_init(&run->slots[i].op);
		run->slots[i].op.user = &run->slots[i];
		give_slot(run, &run->slots[i]);
	}
	manifest_init(&run->manifest);
	run->md5 = digest_md5_new();
	ranges_init(&run->ranges);
	buf_init(&run->name, 4 * STORAGE_NAME_MAX);
	mark_add_listing(run, LISTING_BLOBS, HMAP_NONE);
}

static void
end(struct run *run, unsigned width)
{
	size_t i;

	storage_cancel(run->store);
	while (storage_reap(run->store) != NULL)
		continue;
	for (i = 0; i < width; i++)
		storage_op_release(&run->slots[i].op);
	free(run->slots);
	for (i = 0; i < run->listings.n; i++)
		listing_free(run->listings.v[i]);
	vec_release(&run->listings);
	vec_release(&run->odd_links);
	vec_release(&run->hashed_tags);
	digest_md5_free(run->md5);
	ranges_release(&run->ranges);
	vec_release(&run->pages);
	vec_release(&run->queue);
	vec_release(&run->taken_back);
	manifest_release(&run->manifest);
	buf_release(&run->name);
}

static int
run_mark(struct mark *m, struct storage *store, const struct mark_opts *opts,
    bool is_listing_only, struct err *err)
{
	struct run run = {
		.m = m,
		.store = store,
		.opts = opts,
		.is_listing_only = is_listing_only,
	};
	int rc;

	begin(&run, opts->width);
	rc = visit_all(&run, err);
	end(&run, opts->width);
	return rc;
}

static int
compare_lines(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
mark_run(struct mark *m, struct storage *store, const struct mark_opts *opts,
    struct err *err)
{
	int rc = run_mark(m, store, opts, false, err);

	if (opts->cache != NULL)
		cache_flush(opts->cache); /* before anybody writes a plan */
	if (rc == 0) {
		graph_follow_aliases(&m->graph, &m->inv);
		roots_walk(m, opts->delete_untagged);
		/* What was written while we read may not have been listed. */
		graph_find_holes(&m->graph, &m->inv,
		    (uint32_t)(m->server_us / 1000000), 1, &m->holes);
	}
	/* Found in the order of answers; told in the same order every time. */
	if (m->damages.n > 0)
		qsort(m->damages.v, m->damages.n, sizeof(*m->damages.v),
		    compare_lines);
	return rc;
}

int
mark_list(struct mark *m, struct storage *store, unsigned width,
    struct err *err)
{
	const struct mark_opts opts = { .width = width };

	return run_mark(m, store, &opts, true, err);
}
