/* SPDX-License-Identifier: MIT */
/* One case, played against a simulator of its own on a virtual clock. */
#ifndef TESTS_CONTRACT_PLAY_H
#define TESTS_CONTRACT_PLAY_H

struct buf;
struct script;
struct script_case;

/* Adds to out what differs from what is expected, and nothing when all is as it
 * should be. */
void play_case(const struct script *script, const struct script_case *c,
    struct buf *out);

#endif
