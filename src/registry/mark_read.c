/* SPDX-License-Identifier: MIT */
/*
 * What the mark makes of links and manifests.  Damage keeps more, never less:
 * whatever a bad link could have meant stays.  A manifest whose bytes are not
 * what its digest says hides what it keeps, so it ends the mark.
 */
#include "src/registry/mark_priv.h"

/* How often a repository that changes while it is read is listed again. */
enum { RELIST_MAX = 3 };

/* Live whatever the tags say, and read in case it is a manifest. */
static void
add_root(struct run *run, uint32_t repository, uint32_t node)
{
	graph_add_root(&run->m->graph, node);
	mark_ask_named(run, repository, node);
}

/* What was listed is not there: the repository is to be listed again, unless
 * that has happened since this visit was made. */
static int
list_again(struct run *run, const struct slot *slot, struct err *err)
{
	struct repository *r =
	    &run->m->inv.repositories.v[slot->visit.repository];

	if (r->epoch != slot->visit.epoch)
		return 0;
	if (r->epoch == RELIST_MAX)
		return err_set(err, ERR_CORRUPT,
		    "%s was listed but is not there, %d times over: the bucket "
		    "is being changed; run again when it is quiet",
		    slot->op.name.data, RELIST_MAX + 1);
	inventory_forget(&run->m->inv, slot->visit.repository);
	run->m->relisted++;
	mark_add_listing(run, LISTING_MANIFESTS, slot->visit.repository);
	return 0;
}

int
mark_settle_revision(struct run *run, struct slot *slot, struct err *err)
{
	struct inventory *inv = &run->m->inv;
	struct revision *r = &inv->revisions.v[slot->visit.index];
	struct digest path, body;
	uint32_t node;

	if (slot->op.verdict == STORAGE_GONE)
		return list_again(run, slot, err);
	inventory_digest(inv, r->node, &path);
	if (digest_parse(slot->op.body.data, slot->op.body.len, &body) != 0) {
		mark_note_damage(run->m, slot->op.name.data,
		    "does not hold a digest; the manifest of its path is kept");
		r->is_root = true;
	} else if (!digest_equal(&path, &body)) {
		mark_note_damage(run->m, slot->op.name.data,
		    "holds another digest than its path; both are kept");
		r->is_root = true;
		node = inventory_node(inv, &body);
		add_root(run, slot->visit.repository, node);
	}
	return 0;
}

/* That it is odd was noted when it was listed.  Neither its place nor its body
 * says what it keeps: then nobody knows. */
int
mark_settle_odd(struct run *run, struct slot *slot, struct err *err)
{
	struct digest d;

	if (slot->op.verdict == STORAGE_GONE)
		return list_again(run, slot, err);
	if (digest_parse(slot->op.body.data, slot->op.body.len, &d) != 0) {
		if (run->opts->is_query)
			return 0;
		return err_set(err, ERR_CORRUPT,
		    "%s: neither its name nor its body is a digest; what it "
		    "keeps cannot be known",
		    slot->op.name.data);
	}
	add_root(run, slot->visit.repository, inventory_node(&run->m->inv, &d));
	return 0;
}

int
mark_settle_current(struct run *run, struct slot *slot, struct err *err)
{
	struct inventory *inv = &run->m->inv;
	struct tag *t = &inv->tags.v[slot->visit.index];
	struct digest d;

	if (slot->op.verdict == STORAGE_GONE)
		return list_again(run, slot, err);
	if (digest_parse(slot->op.body.data, slot->op.body.len, &d) != 0) {
		mark_note_damage(run->m, slot->op.name.data,
		    "does not hold a digest; its repository keeps all "
		    "manifests");
		inv->repositories.v[t->repository].keeps_all = true;
		return 0;
	}
	t->current = inventory_node(inv, &d);
	mark_ask_named(run, slot->visit.repository, t->current);
	return 0;
}

/* Whoever only asks is told of it, and that it is not to be believed. */
static int
corrupt(struct run *run, const struct slot *slot, const char *why,
    struct err *err)
{
	struct inventory *inv = &run->m->inv;
	uint32_t node = slot->visit.index;
	struct digest d;
	struct buf text;

	inv->nodes.v[node].reading = NODE_CORRUPT;
	if (run->opts->is_query) {
		mark_note_damage(run->m, slot->op.name.data, why);
		return 0;
	}
	inventory_digest(inv, node, &d);
	buf_init(&text, 256);
	digest_format(&d, &text);
	err_set(err, ERR_CORRUPT,
	    "manifest %s: %s; what it keeps cannot be known", text.data, why);
	buf_release(&text);
	return -1;
}

/* A blob that only looks like a manifest from afar (a child without a revision
 * link, a digest in a damaged link) need not be one. */
int
mark_settle_manifest(struct run *run, struct slot *slot, struct err *err)
{
	struct inventory *inv = &run->m->inv;
	struct manifest *parsed = &run->manifest;
	uint32_t n = slot->visit.index;
	struct digest want, got;
	struct err why = ERR_INIT;
	size_t i;

	if (slot->op.verdict == STORAGE_GONE) {
		bool is_listed = inv->nodes.v[n].blob_generation != 0;

		inv->nodes.v[n].reading = is_listed ? NODE_UNREAD : NODE_ABSENT;
		if (!is_listed)
			return 0;
		*vec_push(&run->taken_back) = slot->visit;
		return list_again(run, slot, err);
	}
	inv->nodes.v[n].reading = NODE_READ;
	inventory_digest(inv, n, &want);
	digest_compute(want.alg, slot->op.body.data, slot->op.body.len, &got);
	if (!digest_equal(&want, &got))
		return corrupt(run, slot, "its bytes do not hash to its digest",
		    err);
	run->m->manifests_read++;
	if (manifest_parse(parsed, slot->op.body.data, slot->op.body.len,
		&why) != 0) {
		if (inv->nodes.v[n].is_revision)
			return corrupt(run, slot, why.text, err);
		inv->nodes.v[n].reading = NODE_ODD;
	}
	if (parsed->kind == MANIFEST_UNKNOWN)
		run->m->unknown_manifests++;
	graph_add_manifest(&run->m->graph, inv, n, parsed);
	for (i = 0; i < parsed->children.n; i++)
		mark_ask_named(run, slot->visit.repository,
		    inventory_node(inv, &parsed->children.v[i]));
	return 0;
}
