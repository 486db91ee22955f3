/* SPDX-License-Identifier: MIT */
/*
 * A stopwatch for a stretch of one process: the wall's time, the processor's
 * time of user and system together, and the peak of resident memory.
 */
#ifndef BENCH_WATCH_H
#define BENCH_WATCH_H

#include <time.h>

struct watch {
	double wall;
	double cpu;
};

void watch_start(struct watch *w);

/* Prints "wall SECONDS cpu SECONDS rss_kib KIB", without a line break. */
void watch_print(const struct watch *w);

/* What a clock shows, in seconds. */
double watch_clock(clockid_t clock);

/* The most memory that was ever resident at once. */
unsigned long watch_peak_kib(void);

#endif
