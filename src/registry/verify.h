/* SPDX-License-Identifier: MIT */
/*
 * Can every tag still be pulled?  Of a mark that succeeded and that read the
 * tags (mark_opts.is_query): each tag has a manifest that its repository knows,
 * and the manifest's configs, layers and children exist, at any depth.  Pure.
 *
 * Only what must have been there when the listing began is missed: what a
 * manifest names that was pushed meanwhile may have come after its place was
 * listed.  Layers are looked for and not read.
 */
#ifndef REGISTRY_VERIFY_H
#define REGISTRY_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/vec.h"

struct mark;

/* A digest that tags need and cannot have. */
struct verify_hole {
	uint32_t node;
	uint32_t needed_by; /* manifests; 0: tags alone name it */
	uint32_t last;      /* of these, to count each of them once */
	bool is_manifest;   /* a tag's, or an index's child */
	bool is_corrupt;    /* it is there, and not what its digest says */
};

enum verify_fault {
	VERIFY_NO_CURRENT,  /* it has old links alone and names nothing, as when
			       it was removed by halves: no damage */
	VERIFY_BAD_LINK,    /* a link that holds no digest */
	VERIFY_NO_REVISION, /* it names a manifest that its repository lacks */
	VERIFY_FAULTS
};

struct verify_tag {
	uint32_t tag;
	enum verify_fault fault;
};

struct verify_place;

struct verify_path {
	VEC(uint32_t) nodes;
};

struct verify {
	VEC(struct verify_hole)
	holes;                         /* those of most manifests first, and
					  then by digest */
	VEC(struct verify_tag) faults; /* in the order of names */
	VEC(uint32_t)
	dangling; /* revisions that no tag needs, without their
				   manifest */
	uint64_t tags;
	uint64_t broken_tags;     /* that name something and cannot be pulled */
	uint64_t manifests;       /* that tags reach */
	uint64_t blobs;           /* that exist, of these and what they need */
	uint64_t broken_untagged; /* other revisions that lack something */
	uint64_t
	    meanwhile; /* manifests pushed while we looked, and not judged */
	VEC(uint32_t) sorted;        /* the tags */
	struct verify_place *places; /* of nodes */
};

void verify_init(struct verify *v, const struct mark *m);
void verify_release(struct verify *v);

/* The shortest way from a tag to a digest that tags reach: nodes from the tag's
 * manifest to it replace what *path has.  Answers the tag. */
uint32_t verify_path_to(const struct verify *v, uint32_t node,
    struct verify_path *path);

#endif
