/* SPDX-License-Identifier: MIT */
/*
 * What the mark makes of links.  Damage keeps more, never less: whatever a bad
 * link could have meant stays.
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

int
mark_list_again(struct run *run, const struct slot *slot, struct err *err)
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
		return mark_list_again(run, slot, err);
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
		return mark_list_again(run, slot, err);
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
		return mark_list_again(run, slot, err);
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

/* No manifest's listing tells of layers, so there is none to ask again: whoever
 * took the link away took the blob out of the repository, and if somebody needs
 * it, that is a hole, as where the link does not say which blob it means. */
int
mark_settle_alias(struct run *run, struct slot *slot)
{
	struct inventory *inv = &run->m->inv;
	struct digest path, body;

	if (slot->op.verdict == STORAGE_GONE)
		return 0;
	inventory_digest(inv, slot->visit.index, &path);
	if (digest_parse(slot->op.body.data, slot->op.body.len, &body) != 0)
		mark_note_damage(run->m, slot->op.name.data,
		    "does not hold a digest; whose blob it is cannot be known");
	else if (!digest_equal(&path, &body))
		graph_add_alias(&run->m->graph, slot->visit.index,
		    inventory_node(inv, &body));
	return 0;
}
