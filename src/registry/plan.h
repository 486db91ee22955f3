/* SPDX-License-Identifier: MIT */
/*
 * Plan: all that is eligible, known before the first delete.  Three sections,
 * swept in this order, each only if the one before it went without failure:
 *
 *	tag references	tags/<tag>/index/<digest>/link of a manifest that goes
 *	revisions	revisions/<digest>/link
 *	blobs		whatever nothing live names any more
 *
 * so that at any instant what is left is garbage, never a hole, and a run that
 * was killed is finished by the next one.  A victim is an index into the
 * inventory; its name is written when it is sent.
 */
#ifndef REGISTRY_PLAN_H
#define REGISTRY_PLAN_H

#include <stdint.h>

#include "src/base/err.h"
#include "src/base/vec.h"

struct buf;
struct inventory;
struct mark;

enum plan_section { PLAN_TAGS, PLAN_REVISIONS, PLAN_BLOBS };
enum { PLAN_SECTIONS = PLAN_BLOBS + 1 };

/* What stays, and why. */
struct plan_kept {
	uint64_t manifests; /* revisions */
	uint64_t blobs;
	uint64_t bytes;           /* of these */
	uint64_t young_manifests; /* of these: only for being young */
	uint64_t young_blobs;     /* of these: young, or named by what is kept
				     only for being young */
	uint64_t young_bytes;
	uint64_t young_links; /* tag references */
};

struct plan {
	VEC(uint32_t) victims[PLAN_SECTIONS]; /* tag_index, revision, node */
	VEC(uint64_t)
	rows[PLAN_SECTIONS]; /* of a plan_file, one each; or
						 none at all */
	uint64_t bytes;      /* of the blobs */
	struct plan_kept kept;
};

void plan_init(struct plan *p);
void plan_release(struct plan *p);

/* Everything eligible after a mark that succeeded; young blobs are not. */
void plan_from_mark(struct plan *p, const struct mark *m);

/* Every revision with its tag references, or every blob, that was listed: what
 * the merge request's RemoveManifests and RemoveBlobs were handed. */
void plan_all_manifests(struct plan *p, const struct mark *m);
void plan_all_blobs(struct plan *p, const struct mark *m);

uint64_t plan_count(const struct plan *p);

/* Replaces *name by the victim's object name, checked by path_format_victim,
 * and sets the generation that the listing showed. */
int plan_victim(const struct plan *p, const struct inventory *inv,
    enum plan_section section, size_t i, struct buf *name, uint64_t *generation,
    struct err *err) MUST_CHECK;

/* Why a victim of plan_from_mark goes. */
enum plan_reason {
	PLAN_OF_MANIFEST, /* a tag reference: its manifest goes */
	PLAN_UNTAGGED,    /* a manifest */
	PLAN_MANIFEST,    /* a blob: the bytes of a manifest that goes */
	PLAN_MENTIONED,   /* ... named, but by manifests that go alone */
	PLAN_UNNAMED      /* ... */
};

enum { PLAN_REASONS = PLAN_UNNAMED + 1 };

enum plan_reason plan_reason(const struct plan *p, const struct mark *m,
    enum plan_section section, size_t i);

/* For people, such as "no tag names it". */
const char *plan_reason_text(enum plan_reason reason);

/* "tag reference", "manifest", "blob". */
const char *plan_section_name(enum plan_section section);

#endif
