/* SPDX-License-Identifier: MIT */
/*
 * From what the links say to what is kept: upstream's rule for tagged and
 * untagged manifests (distribution 2.8, garbagecollect.go), and what damage
 * keeps on top of it.
 */
#ifndef REGISTRY_ROOTS_H
#define REGISTRY_ROOTS_H

#include <stdbool.h>

struct mark;

/* Sets is_root on the revisions that stay and adds the graph's roots.  Plain:
 * every revision.  delete_untagged: those that a tag of their repository names
 * now, and all of a repository that keeps all. */
void roots_collect(struct mark *m, bool delete_untagged);

#endif
