/* SPDX-License-Identifier: MIT */
/*
 * From what the links say to what is kept: upstream's rule for tagged and
 * untagged manifests (distribution 2.8, garbagecollect.go), what damage keeps on
 * top of it, and what is kept for being young.
 */
#ifndef REGISTRY_ROOTS_H
#define REGISTRY_ROOTS_H

#include <stdbool.h>

struct mark;

/* Finds the roots and walks the graph from them.
 *
 * Plain: every revision.  delete_untagged: those that a tag of their repository
 * names now, all of a repository that keeps all, and, in a second walk, those
 * that are young: their link is, or a tag's index link to them.  is_lasting is
 * set on what the first walk found: the rest of what is live is so only because
 * something is young. */
void roots_walk(struct mark *m, bool delete_untagged);

#endif
