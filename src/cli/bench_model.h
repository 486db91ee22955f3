/* SPDX-License-Identifier: MIT */
/*
 * What a cell should take, from a pure model of a window and a token bucket:
 * no sockets, no simulator, an independent reading of the same rules.
 */
#ifndef CLI_BENCH_MODEL_H
#define CLI_BENCH_MODEL_H

#include <stdbool.h>
#include <stdint.h>

struct bench_model {
	uint64_t latency_us;
	uint64_t
	    write_limit; /* per second; 0: none.  Who finds no token waits */
	uint64_t burst;
	uint64_t width;
	bool is_listing; /* a List before each Delete */
};

/* Microseconds for sections swept one after the other. */
uint64_t bench_model_run(const struct bench_model *m, const uint64_t *victims,
    int sections);

#endif
