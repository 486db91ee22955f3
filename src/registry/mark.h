/* SPDX-License-Identifier: MIT */
/*
 * Mark: read the whole registry once and decide what is live.
 *
 * Flat: two listings, blobs first and repositories second (a blob that is
 * uploaded while we read is then no candidate), each in parts at once if it is
 * long; then one GET per distinct manifest, and per link that matters if the
 * listing does not say by size and MD5 what it holds, many at a time.  No
 * directory is walked.
 *
 * Any read that fails ends the mark with an error, and then nothing may be
 * deleted.  A listed link or manifest that answers "no such object" means that
 * the bucket moved: its repository is listed again.  Damage (a link that does
 * not say what it must) keeps everything it could have meant, and is named.
 */
#ifndef REGISTRY_MARK_H
#define REGISTRY_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"
#include "src/base/vec.h"
#include "src/registry/graph.h"
#include "src/registry/inventory.h"

struct cache;
struct storage;

struct mark_opts {
	bool delete_untagged; /* only tagged manifests are roots */
	/* Nothing will be deleted: tags are read though they decide nothing,
	 * and what hides what it keeps is damage and does not end the mark. */
	bool is_query;
	unsigned width;      /* reads in flight at once, >= 1 */
	uint64_t min_age_us; /* younger objects stay, and so does what young
				 manifests name; 0: only what is made while
				 we read is young */
	struct cache *cache; /* of manifests; borrowed; may be NULL */
	/* Manifests that the operator gives up: they are read all the same, and
	 * one that turns out to be damaged stays itself, is noted, and keeps
	 * nothing.  Borrowed. */
	const struct digest *ignored;
	size_t ignored_n;
	const bool *stop; /* becomes true: read no more; may be NULL */
};

/* For those who watch a mark at work. */
struct mark_count {
	uint64_t known;
	uint64_t done;
};

struct mark {
	struct inventory inv;
	struct graph graph;
	VEC(const char *) damages; /* one line each, in inv.arena */
	struct mark_count pages;   /* of listings */
	struct mark_count reads;   /* links and manifests; more become known */
	uint64_t bytes_read;       /* of these */
	uint64_t server_us; /* the server's clock at the first page, Unix epoch;
			       0: it did not tell */
	uint64_t began_us;  /* on the store's clock: the first page asked for */
	uint64_t heard_us;  /* and answered */
	uint64_t manifests_cached; /* taken from the cache, without a read */
	uint64_t manifests_read;
	uint64_t unknown_manifests; /* of a type that we do not know */
	uint64_t dangling;          /* revisions whose manifest is not there */
	uint64_t relisted;          /* times a repository was listed again */
	struct graph_holes holes; /* in what is live, with the first of each */
};

/* root: the registry's rootdirectory. */
int mark_init(struct mark *m, const char *root, struct err *err) MUST_CHECK;
void mark_release(struct mark *m);

/* Lists, reads and marks; on -1 nothing may be deleted.  ERR_CANCELLED when
 * opts->stop became true: what is in flight is then cancelled. */
int mark_run(struct mark *m, struct storage *store,
    const struct mark_opts *opts, struct err *err) MUST_CHECK;

/* Only the listings, for those who know their victims already; width of them
 * at once. */
int mark_list(struct mark *m, struct storage *store, unsigned width,
    struct err *err) MUST_CHECK;

/* Notes damage to an object, for the report and the exit status. */
void mark_note_damage(struct mark *m, const char *object, const char *what);

/* Does this revision's link stay? */
bool mark_keeps(const struct mark *m, const struct revision *r);

#endif
