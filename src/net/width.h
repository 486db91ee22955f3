/* SPDX-License-Identifier: MIT */
/*
 * How many connections a number of requests is worth.  Pure.
 */
#ifndef NET_WIDTH_H
#define NET_WIDTH_H

#include <stdbool.h>
#include <stdint.h>

/* What a TLS handshake costs a client in CPU: 0.7 to 1 ms, measured. */
#define WIDTH_HANDSHAKE_US 1000U

enum { WIDTH_MIN = 10, WIDTH_MAX = 1000 };

struct width_case {
	uint64_t requests;     /* that are to be sent */
	uint64_t latency_us;   /* of one; 0: not known */
	uint64_t handshake_us; /* WIDTH_HANDSHAKE_US if not measured */
	bool is_tls;
};

/* Connections to use: never more than requests, at least 1. */
unsigned width_choose(const struct width_case *c);

#endif
