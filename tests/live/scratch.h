/* SPDX-License-Identifier: MIT */
/*
 * A store that lives below a prefix of another one: whatever name is asked,
 * what is beneath is asked for PREFIX and the name, and answers lose it again.
 * A suite that believes to have a bucket of its own cannot reach a neighbour.
 *
 * A name that no store may be asked for goes down as it is, to be refused there.
 */
#ifndef TESTS_LIVE_SCRATCH_H
#define TESTS_LIVE_SCRATCH_H

struct storage;

/* prefix ends in a slash, and is borrowed; inner is taken over. */
struct storage *scratch_new(struct storage *inner_take, const char *prefix);

#endif
