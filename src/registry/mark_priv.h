/* SPDX-License-Identifier: MIT */
/*
 * One run of the mark, shared by mark.c (the loop), mark_list.c (listings),
 * mark_tags.c (what tags name), mark_read.c (links) and mark_manifest.c
 * (manifests).
 */
#ifndef REGISTRY_MARK_PRIV_H
#define REGISTRY_MARK_PRIV_H

#include "src/base/buf.h"
#include "src/base/vec.h"
#include "src/registry/listing.h"
#include "src/registry/manifest.h"
#include "src/registry/mark.h"
#include "src/registry/ranges.h"
#include "src/storage/storage.h"

enum visit_kind {
	VISIT_LISTING,
	VISIT_REVISION,
	VISIT_ODD,
	VISIT_CURRENT,
	VISIT_ALIAS,
	VISIT_MANIFEST
};

struct visit {
	enum visit_kind kind;
	uint32_t repository; /* whom to list again if it is gone */
	uint32_t epoch;      /* of that repository when the visit was made */
	uint32_t index;      /* listing, revision, odd link, tag or node */
};

struct slot {
	struct storage_op op;
	struct visit visit;
	struct slot *next_free;
};

/* A tag of whose current link the listing told the MD5. */
struct hashed_tag {
	uint32_t tag;
	uint8_t md5[DIGEST_MD5_SIZE];
};

/* One run of the mark. */
struct run {
	struct mark *m;
	struct storage *store;
	const struct mark_opts *opts;
	bool is_listing_only;
	VEC(struct visit) queue;
	size_t head;             /* next visit to send */
	VEC(struct visit) pages; /* of listings: they go first, and newest */
	VEC(struct visit) taken_back; /* manifests listed, then not there */
	VEC(struct listing *) listings;
	size_t open_listings;
	struct ranges ranges;
	VEC(const char *) odd_links; /* their names, in the arena */
	VEC(struct hashed_tag) hashed_tags;
	struct digest_md5 *md5;
	struct slot *slots;
	struct slot *free_slots;
	size_t idle;              /* of these */
	struct manifest manifest; /* scratch */
	struct buf name;          /* scratch */
};

void mark_add_visit(struct run *run, enum visit_kind kind, uint32_t repository,
    uint32_t index);

/* Queues a listing, or the reading of what is a manifest in somebody's eyes;
 * every digest is read once.  mark_ask_named: not a revision, but a tag, an
 * index or a bad link names it. */
void mark_add_listing(struct run *run, enum listing_kind kind,
    uint32_t repository);
void mark_ask_manifest(struct run *run, uint32_t repository, uint32_t node);
void mark_ask_named(struct run *run, uint32_t repository, uint32_t node);

/* Makes op the request for a listing's next page. */
void mark_ask_page(const struct run *run, const struct listing *l,
    struct storage_op *op);

/* All listings are done: finds out what tags name, of which the listing told the
 * MD5, and queues the reading of the others. */
void mark_resolve_tags(struct run *run);

/* Is it a manifest that the cache knows?  Then it is taken in, and there is
 * nothing to read. */
bool mark_is_known(struct run *run, const struct visit *visit);

/* What was listed is not there: the repository is to be listed again, unless
 * that has happened since this visit was made. */
int mark_list_again(struct run *run, const struct slot *slot,
    struct err *err) MUST_CHECK;

/* Take the answers in; -1 ends the mark.  Unreadable: there is none to take. */
int mark_settle_unreadable(struct run *run, const struct slot *slot,
    struct err *err) MUST_CHECK;
int mark_settle_listing(struct run *run, struct slot *slot,
    struct err *err) MUST_CHECK;
int mark_settle_revision(struct run *run, struct slot *slot,
    struct err *err) MUST_CHECK;
int mark_settle_odd(struct run *run, struct slot *slot,
    struct err *err) MUST_CHECK;
int mark_settle_current(struct run *run, struct slot *slot,
    struct err *err) MUST_CHECK;
int mark_settle_alias(struct run *run, struct slot *slot) MUST_CHECK;
int mark_settle_manifest(struct run *run, struct slot *slot,
    struct err *err) MUST_CHECK;

#endif
