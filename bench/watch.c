/* SPDX-License-Identifier: MIT */
/*
 * getrusage's ru_maxrss will not do for the peak: it remembers what the process
 * was before it became this program, which for a small one is the shell.
 */
#include "bench/watch.h"

#include <stdio.h>

double
watch_clock(clockid_t clock)
{
	struct timespec ts = { 0 };

	clock_gettime(clock, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

unsigned long
watch_peak_kib(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	unsigned long kib = 0;
	char line[256];

	while (status != NULL && fgets(line, sizeof(line), status) != NULL) {
		if (sscanf(line, "VmHWM: %lu", &kib) == 1)
			break;
	}
	if (status != NULL)
		fclose(status);
	return kib;
}

void
watch_start(struct watch *w)
{
	w->wall = watch_clock(CLOCK_MONOTONIC);
	w->cpu = watch_clock(CLOCK_PROCESS_CPUTIME_ID);
}

void
watch_print(const struct watch *w)
{
	double cpu = watch_clock(CLOCK_PROCESS_CPUTIME_ID) - w->cpu;
	double wall = watch_clock(CLOCK_MONOTONIC) - w->wall;

	printf("wall %.6f cpu %.6f rss_kib %lu", wall, cpu, watch_peak_kib());
}
