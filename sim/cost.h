/* SPDX-License-Identifier: MIT */
/*
 * What a request costs besides its latency: the set-up of its connection, the
 * way of its bytes, and the work on what it lists.  Pure: a model of stated
 * prices.
 *
 *	arrives | set-up, queue, upload, latency | acts | entries, bytes | leaves
 */
#ifndef SIM_COST_H
#define SIM_COST_H

#include <stddef.h>
#include <stdint.h>

struct opt_grammar;

/* How many round trips a connection takes before its first request. */
enum sim_handshake {
	SIM_HANDSHAKE_OFF,
	SIM_HANDSHAKE_TCP, /* 1 */
	SIM_HANDSHAKE_TLS  /* 1 more: TLS 1.3 */
};

/* All zero: nothing. */
struct sim_prices {
	uint64_t entry_us;  /* for each object or prefix of a list's page */
	uint64_t mib_us;    /* for each MiB of a body, in proportion */
	uint64_t rtt_us;    /* of the network, for handshakes */
	int handshake;      /* enum sim_handshake */
	uint64_t bandwidth; /* bytes a second of a connection; 0: any */
};

/* "100MB/s" (also kB, GB, KiB, MiB, GiB or B) or "off": bytes a second. */
extern const struct opt_grammar sim_bandwidth_grammar;

/* Of the turn-th request of a connection (1: its first). */
uint64_t cost_setup(const struct sim_prices *p, uint32_t turn);

/* Of a request's body of n bytes, which took so long to come anyway. */
uint64_t cost_upload(const struct sim_prices *p, size_t n, uint64_t took_us);

/* What the work on an answer with so many entries and bytes adds; how fast it
 * leaves is the bandwidth's business. */
uint64_t cost_answer(const struct sim_prices *p, size_t entries, size_t n);

#endif
