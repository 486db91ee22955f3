/* SPDX-License-Identifier: MIT */
/*
 * `gcs-sim ctl`: words for a simulator that runs elsewhere.  Each is a question
 * to /_sim/; what it answers is what comes out.
 */
#ifndef SIM_CTL_H
#define SIM_CTL_H

#include "src/base/err.h"

struct buf;
struct settings;

/* Adds lines on the words. */
void ctl_add_help(struct buf *out);

/* Does what the n words say, and adds what is to be printed, also when
 * something was wrong.  ERR_USAGE: the words are, as the simulator too may find;
 * else another code. */
int ctl_run(const struct settings *set, char *const *words, int n,
    struct buf *out, struct err *err) MUST_CHECK;

#endif
