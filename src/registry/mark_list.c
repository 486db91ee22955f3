/* SPDX-License-Identifier: MIT */
/*
 * Listings: what a page shows goes into the inventory, and what must be read
 * because of it into the queue.
 *
 * A link's bytes are known before anybody reads them: "<alg>:<hex>" of its
 * path.  So where the listing tells the size and the MD5 of just these, the link
 * is as it must be, and no request is spent on it.
 */
#include <string.h>

#include "src/registry/mark_priv.h"

/* A share of the width for listings while there is enough else to read: a page
 * brings more reads than one. */
enum { LISTING_SHARE = 4 };

static void
open_listing(struct run *run, struct listing *l, uint32_t repository)
{
	*vec_push(&run->listings) = l;
	run->open_listings++;
	mark_add_visit(run, VISIT_LISTING, repository,
	    (uint32_t)run->listings.n - 1);
}

void
mark_add_listing(struct run *run, enum listing_kind kind, uint32_t repository)
{
	struct inventory *inv = &run->m->inv;

	if (kind == LISTING_BLOBS)
		path_format_blobs(&inv->paths, &run->name);
	else if (kind == LISTING_REPOSITORIES)
		path_format_repositories(&inv->paths, &run->name);
	else
		path_format_manifests(&inv->paths,
		    inv->repositories.v[repository].name, &run->name);
	open_listing(run, listing_new(kind, run->name.data, "", ""),
	    repository);
}

void
mark_ask_page(const struct run *run, const struct listing *l,
    struct storage_op *op)
{
	storage_ask_list(op, l->prefix, l->token.data);
	storage_list_range(op, l->start, l->end);
	if (l->kind != LISTING_BLOBS && !run->is_listing_only)
		storage_list_md5(op);
}

/* --- what a page shows --- */

/* Has the listing said that the link holds what its path says? */
static bool
is_told(struct run *run, const struct storage_object *object,
    const struct digest *d)
{
	uint8_t md5[DIGEST_MD5_SIZE];

	return object->has_md5 && object->size == digest_text_size(d->alg) &&
	    digest_md5_text(run->md5, d, md5) &&
	    memcmp(md5, object->md5, sizeof(md5)) == 0;
}

static void
see_revision(struct run *run, const struct storage_object *object,
    const struct inventory_entry *entry)
{
	const struct revision *r = &run->m->inv.revisions.v[entry->index];
	uint32_t repository = r->repository, node = r->node;

	if (!is_told(run, object, &entry->path.digest))
		mark_add_visit(run, VISIT_REVISION, repository, entry->index);
	mark_ask_manifest(run, repository, node);
}

/* Registries keep a layer by its sha256, whatever digest it was pushed by and is
 * named by in manifests; the link of that other digest holds the sha256.  All
 * blobs have been listed by now. */
static void
see_layer(struct run *run, const struct storage_object *object,
    const struct inventory_entry *entry)
{
	struct inventory *inv = &run->m->inv;
	const struct digest *d = &entry->path.digest;
	uint32_t node;

	if (d->alg == DIGEST_SHA256 || is_told(run, object, d))
		return;
	node = inventory_node(inv, d);
	if (inv->nodes.v[node].blob_generation == 0)
		mark_add_visit(run, VISIT_ALIAS, entry->index, node);
}

/* Upstream believes any object named link below revisions/, wherever it is:
 * what it names is kept, and so is all of its repository. */
static void
see_odd_link(struct run *run, const char *name, uint32_t repository)
{
	struct inventory *inv = &run->m->inv;
	const char *kept = arena_strndup(&inv->arena, name, strlen(name));

	mark_note_damage(run->m, name,
	    "not the name of a revision's link; its repository keeps all "
	    "manifests");
	inv->repositories.v[repository].keeps_all = true;
	*vec_push(&run->odd_links) = kept;
	mark_add_visit(run, VISIT_ODD, repository,
	    (uint32_t)run->odd_links.n - 1);
}

/* What it names will be among the digests that its repository shows. */
static void
see_current(struct run *run, const struct storage_object *object, uint32_t tag)
{
	struct hashed_tag *hashed;

	if (!object->has_md5) {
		mark_add_visit(run, VISIT_CURRENT,
		    run->m->inv.tags.v[tag].repository, tag);
		return;
	}
	hashed = vec_push(&run->hashed_tags);
	hashed->tag = tag;
	memcpy(hashed->md5, object->md5, sizeof(hashed->md5));
}

static void
see_object(struct run *run, const struct storage_object *object, uint32_t epoch)
{
	struct inventory *inv = &run->m->inv;
	struct inventory_entry entry;

	inventory_add(inv, object, epoch, &entry);
	if (run->is_listing_only)
		return;
	if (entry.path.kind == PATH_REVISION) {
		see_revision(run, object, &entry);
	} else if (entry.path.kind == PATH_LAYER) {
		see_layer(run, object, &entry);
	} else if (entry.path.kind == PATH_REVISION_ODD) {
		see_odd_link(run, object->name, entry.index);
	} else if (entry.path.kind == PATH_SIGNATURE) {
		/* Of an old registry's schema 1 manifest; upstream's sweep
		 * takes it for garbage.  It is no manifest to be read. */
		graph_add_root(&run->m->graph,
		    inventory_node(inv, &entry.path.digest));
	} else if (entry.path.kind == PATH_TAG_CURRENT &&
	    (run->opts->delete_untagged || run->opts->is_query)) {
		see_current(run, object, entry.index);
	}
}

/* A server's time is that of an answer's Date, to the second. */
enum { DATE_US = 1000000 };

/* What is made while we read is young whatever the age asked for: the parts of a
 * listing come in any order, and may show a manifest that was pushed between two
 * of them without its tag. */
static uint64_t
young_from(uint64_t server_us, uint64_t min_age_us)
{
	if (min_age_us == 0)
		return server_us + DATE_US;
	return min_age_us < server_us ? server_us - min_age_us : 0;
}

/* The first page says what time it is, and that decides what is young. */
static int
hear_time(struct run *run, const struct storage_op *op, struct err *err)
{
	struct mark *m = run->m;
	uint64_t min_age = run->opts->min_age_us;

	if (m->heard_us != 0)
		return 0;
	m->began_us = op->submitted_us;
	m->heard_us = op->done_us;
	m->server_us = op->server_us;
	m->inv.undated_is_young = min_age != 0;
	if (op->server_us != 0)
		m->inv.young_from_us = young_from(op->server_us, min_age);
	else if (min_age != 0)
		return err_set(err, ERR_REFUSED,
		    "the server does not say what time it is, so nothing can "
		    "be told to be old enough; if age is not to matter, say "
		    "--min-age 0");
	return 0;
}

/* --- pages --- */

static void
see_page(struct run *run, const struct slot *slot, const struct listing *l)
{
	const struct storage_page *page = &slot->op.page;
	struct inventory *inv = &run->m->inv;
	uint64_t objects = inv->objects, bytes = inv->bytes;
	size_t i;

	for (i = l->seen; i < page->objects.n; i++)
		see_object(run, &page->objects.v[i], slot->visit.epoch);
	if (l->kind == LISTING_MANIFESTS) { /* these were counted before */
		inv->objects = objects;
		inv->bytes = bytes;
	}
}

/* Into how many parts may the rest of a listing be cut? */
static size_t
count_room(const struct run *run)
{
	size_t waiting = run->pages.n + run->queue.n - run->head;
	size_t idle = run->idle > waiting ? run->idle - waiting : 0;
	size_t share = run->opts->width / LISTING_SHARE;

	share = share + 1 > run->open_listings ? share + 1 - run->open_listings
					       : 0;
	return idle > share ? idle : share;
}

/* The page was not the last: what follows is listed in parts, if that pays. */
static void
cut_rest(struct run *run, const struct slot *slot, struct listing *l)
{
	const struct storage_page *page = &slot->op.page;
	struct ranges *r = &run->ranges;
	struct ranges_view view = {
		.prefix = l->prefix,
		.first = page->objects.v[l->seen].name,
		.last = l->last.data,
		.end = l->end,
		.n = page->objects.n,
	};
	bool ends_at_cut = l->is_part;
	size_t i;

	ranges_cut(r, &view, count_room(run));
	for (i = r->cuts.n; i-- > 0;) {
		struct listing *part = listing_new(l->kind, l->prefix,
		    r->cuts.v[i],
		    i + 1 < r->cuts.n ? r->cuts.v[i + 1] : l->end);

		part->is_part = i + 1 < r->cuts.n || ends_at_cut;
		open_listing(run, part, slot->visit.repository);
	}
	if (r->cuts.n > 0)
		listing_cut(l, r->cuts.v[0]);
}

static void
end_listing(struct run *run, const struct listing *l)
{
	if (--run->open_listings > 0)
		return;
	if (l->kind == LISTING_BLOBS)
		mark_add_listing(run, LISTING_REPOSITORIES, HMAP_NONE);
	else
		mark_resolve_tags(run);
}

int
mark_settle_listing(struct run *run, struct slot *slot, struct err *err)
{
	struct listing *l = run->listings.v[slot->visit.index];
	size_t n = slot->op.page.objects.n;

	if (listing_take_page(l, &slot->op.page, err) != 0 ||
	    hear_time(run, &slot->op, err) != 0)
		return -1;
	see_page(run, slot, l);
	ranges_hear(&run->ranges, n, !l->is_done, l->is_part);
	if (l->is_done) {
		end_listing(run, l);
		return 0;
	}
	if (n > l->seen && l->kind != LISTING_MANIFESTS)
		cut_rest(run, slot, l);
	run->m->pages.known++;
	*vec_push(&run->pages) = slot->visit; /* of its old epoch */
	return 0;
}
