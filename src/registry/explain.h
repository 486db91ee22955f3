/* SPDX-License-Identifier: MIT */
/*
 * Why one digest stays, or why it may go: read from a mark that succeeded and
 * that read the tags (mark_opts.is_query).  Pure.
 *
 * A question is a digest, or as much of its beginning as no other has; or what
 * a tag names, REPOSITORY:TAG; or REPOSITORY@DIGEST.
 */
#ifndef REGISTRY_EXPLAIN_H
#define REGISTRY_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"
#include "src/base/vec.h"

struct mark;

struct explain_question {
	const char *text;
	size_t repo_len; /* of REPOSITORY; 0: none is asked for */
	const char *tag; /* behind it, or NULL */
	const char *hex; /* digits of a digest, or NULL */
	int alg;         /* of it; -1: any */
};

/* Takes the words apart, which stay the caller's; ERR_USAGE. */
int explain_parse(const char *text, struct explain_question *q,
    struct err *err) MUST_CHECK;

/* The node that is asked for, HMAP_NONE when there is none.  ERR_USAGE when
 * several begin like that. */
int explain_find(const struct explain_question *q, const struct mark *m,
    uint32_t *node, struct err *err) MUST_CHECK;

enum explain_verdict {
	EXPLAIN_KEPT,
	EXPLAIN_YOUNG,    /* kept, but only because something is young */
	EXPLAIN_ELIGIBLE, /* it goes */
	EXPLAIN_ABSENT    /* it is named, and not in the bucket */
};

/* What the walk that kept it began with; the best story comes first. */
enum explain_root {
	EXPLAIN_TAG,
	EXPLAIN_UNTAGGED,   /* a revision, where untagged ones stay */
	EXPLAIN_DAMAGED,    /* a revision, for damage in its repository */
	EXPLAIN_YOUNG_LINK, /* a revision, for its link's age or a tag's */
	EXPLAIN_OTHER,      /* a digest in a damaged link, a signature */
	EXPLAIN_NOTHING     /* ... and its own age keeps it, if anything does */
};

/* Of what goes. */
enum explain_why {
	EXPLAIN_NO_TAG,    /* a manifest: no tag names it, nor what is live */
	EXPLAIN_ONLY_DEAD, /* only manifests that go name it */
	EXPLAIN_UNNAMED
};

struct explain_step {
	uint32_t node;
	uint32_t reason; /* enum graph_reason: what the one before says of it */
};

struct explain {
	uint32_t node;
	uint32_t alias; /* the node that its blob is kept by, if it is another;
			   else HMAP_NONE; graph.h */
	enum explain_verdict verdict;
	enum explain_why why;
	enum explain_root root;
	uint32_t root_index; /* TAG: of the tag; OTHER: node; else revision */
	VEC(struct explain_step) path; /* from the root's node to this one */
	uint32_t distance;             /* steps in it */
	uint64_t root_tags;            /* from which a path leads here */
	/* In the order of names and digests. */
	VEC(uint32_t) revisions;
	VEC(uint32_t) tags;        /* that name it now */
	VEC(uint32_t) tag_indexes; /* other tags that ever did */
	VEC(uint32_t) namers;      /* nodes: manifests that name it */
	VEC(uint32_t) referrers;   /* nodes: manifests whose subject it is */
};

/* delete_untagged: as it was marked. */
void explain_init(struct explain *x, const struct mark *m, uint32_t node,
    bool delete_untagged);
void explain_release(struct explain *x);

/* Is that manifest live, so that what it names stays? */
bool explain_is_live(const struct mark *m, uint32_t node);

#endif
