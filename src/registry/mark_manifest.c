/* SPDX-License-Identifier: MIT */
/*
 * What the mark makes of manifests.  One whose bytes are not what its digest says
 * hides what it keeps, so it ends the mark; unless the operator gives it up by
 * name.  What the cache knows is not read at all.
 */
#include "src/registry/cache.h"
#include "src/registry/mark_priv.h"

/* --- one that is damaged --- */

static bool
is_ignored(const struct mark_opts *opts, const struct digest *d)
{
	size_t i;

	for (i = 0; i < opts->ignored_n; i++) {
		if (digest_equal(&opts->ignored[i], d))
			return true;
	}
	return false;
}

static void
note(struct run *run, uint32_t node, const char *why)
{
	struct path path = inventory_blob_path(&run->m->inv, node);

	path_format(&run->m->inv.paths, &path, &run->name);
	mark_note_damage(run->m, run->name.data, why);
}

/* It stays, with its links; what it names goes, if nothing else keeps it. */
static void
give_up(struct run *run, uint32_t node, const struct err *why)
{
	struct buf text;

	graph_add_root(&run->m->graph, node);
	run->m->inv.nodes.v[node].is_pulled = true;
	buf_init(&text, 2 * sizeof(why->text));
	buf_addf(&text,
	    "%s; it was given up: it stays, and what only it may name goes",
	    why->text);
	note(run, node, text.data);
	buf_release(&text);
}

/* Whoever only asks is told of it, and that it is not to be believed. */
static int
corrupt(struct run *run, uint32_t node, const struct err *why, struct err *err)
{
	struct digest d;
	struct buf text;

	inventory_digest(&run->m->inv, node, &d);
	run->m->inv.nodes.v[node].reading = NODE_CORRUPT;
	if (is_ignored(run->opts, &d)) {
		give_up(run, node, why);
		return 0;
	}
	if (run->opts->is_query) {
		note(run, node, why->text);
		return 0;
	}
	buf_init(&text, 256);
	digest_format(&d, &text);
	err_set(err, ERR_CORRUPT,
	    "manifest %s: %s; what it keeps cannot be known: mend it, or give "
	    "that up with --ignore-manifest %s",
	    text.data, why->text, text.data);
	buf_release(&text);
	return -1;
}

/* --- one that is sound --- */

static void
take(struct run *run, const struct visit *visit)
{
	struct inventory *inv = &run->m->inv;
	const struct manifest *parsed = &run->manifest;
	size_t i;

	inv->nodes.v[visit->index].reading = parsed->kind == MANIFEST_NONE
	    ? NODE_ODD
	    : NODE_READ;
	if (parsed->kind == MANIFEST_UNKNOWN || parsed->kind == MANIFEST_NONE)
		run->m->unknown_manifests++;
	graph_add_manifest(&run->m->graph, inv, visit->index, parsed);
	for (i = 0; i < parsed->children.n; i++)
		mark_ask_named(run, visit->repository,
		    inventory_node(inv, &parsed->children.v[i]));
}

bool
mark_is_known(struct run *run, const struct visit *visit)
{
	const struct node *node;
	struct digest d;

	if (visit->kind != VISIT_MANIFEST || run->opts->cache == NULL)
		return false;
	node = &run->m->inv.nodes.v[visit->index];
	inventory_digest(&run->m->inv, visit->index, &d);
	if (node->blob_generation == 0 ||
	    !cache_find(run->opts->cache, &d, node->blob_size, &run->manifest))
		return false;
	/* A revision that is no manifest: it is read to say why. */
	if (run->manifest.kind == MANIFEST_NONE && node->is_revision)
		return false;
	run->m->manifests_cached++;
	take(run, visit);
	return true;
}

/* Of a manifest: is it the object that is at fault, and neither the way to it
 * nor our right to read it? */
static bool
is_its_own_fault(const struct run *run, const struct slot *slot)
{
	struct digest d;

	if (slot->op.verdict != STORAGE_FAILED ||
	    slot->op.err.code != ERR_PROTOCOL)
		return false;
	inventory_digest(&run->m->inv, slot->visit.index, &d);
	return run->m->inv.nodes.v[slot->visit.index].blob_size >
	    MANIFEST_MAX ||
	    is_ignored(run->opts, &d);
}

int
mark_settle_unreadable(struct run *run, const struct slot *slot,
    struct err *err)
{
	if (slot->visit.kind == VISIT_MANIFEST && is_its_own_fault(run, slot))
		return corrupt(run, slot->visit.index, &slot->op.err, err);
	*err = slot->op.err;
	return -1;
}

static int
settle_gone(struct run *run, struct slot *slot, struct err *err)
{
	struct node *node = &run->m->inv.nodes.v[slot->visit.index];
	bool is_listed = node->blob_generation != 0;

	node->reading = is_listed ? NODE_UNREAD : NODE_ABSENT;
	if (!is_listed)
		return 0;
	*vec_push(&run->taken_back) = slot->visit;
	return mark_list_again(run, slot, err);
}

/* A blob that only looks like a manifest from afar (a child without a revision
 * link, a digest in a damaged link) need not be one. */
int
mark_settle_manifest(struct run *run, struct slot *slot, struct err *err)
{
	const struct buf *body = &slot->op.body;
	uint32_t n = slot->visit.index;
	struct digest want, got;
	struct err why = ERR_INIT;

	if (slot->op.verdict == STORAGE_GONE)
		return settle_gone(run, slot, err);
	inventory_digest(&run->m->inv, n, &want);
	digest_compute(want.alg, body->data, body->len, &got);
	if (!digest_equal(&want, &got)) {
		err_set(&why, ERR_CORRUPT,
		    "its bytes do not hash to its digest");
		return corrupt(run, n, &why, err);
	}
	run->m->manifests_read++;
	if (manifest_parse(&run->manifest, body->data, body->len, &why) != 0 &&
	    run->m->inv.nodes.v[n].is_revision)
		return corrupt(run, n, &why, err);
	if (run->opts->cache != NULL)
		cache_add(run->opts->cache, &want, body->len, &run->manifest);
	take(run, &slot->visit);
	return 0;
}
