/* SPDX-License-Identifier: MIT */
/*
 * --hgrm FILE: latencies in milliseconds as the percentile text that plotters
 * of HdrHistogram read.  FILE is begun, under another name beside it, before
 * anything is deleted, so that nobody learns afterwards that it cannot be
 * written; it appears whole or not at all.
 */
#ifndef CLI_HGRM_H
#define CLI_HGRM_H

#include "src/base/err.h"

struct hist;

struct hgrm {
	const char *path; /* borrowed; NULL: none is wanted */
	char *temp;       /* not there any more once it is written */
	int fd;
};

/* With path NULL everything here does nothing and succeeds. */
int hgrm_open(struct hgrm *f, const char *path, struct err *err) MUST_CHECK;

int hgrm_write(struct hgrm *f, const struct hist *latency,
    struct err *err) MUST_CHECK;

/* What was begun and not written is removed. */
void hgrm_release(struct hgrm *f);

#endif
