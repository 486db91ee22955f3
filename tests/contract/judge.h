/* SPDX-License-Identifier: MIT */
/* An answer beside what a fixture expects of it. */
#ifndef TESTS_CONTRACT_JUDGE_H
#define TESTS_CONTRACT_JUDGE_H

struct buf;
struct client_answer;
struct step;
struct variables;

/* Adds a line for each difference; binds variables.  NULL, or what is wrong
 * with the fixture itself. */
const char *judge_answer(const struct step *want,
    const struct client_answer *got, struct variables *vars, struct buf *out);

#endif
