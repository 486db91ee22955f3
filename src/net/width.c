/* SPDX-License-Identifier: MIT */
/*
 * With K connections for N requests of latency L, and h of CPU for each
 * handshake, a run over TLS takes about
 *
 *	max(3 L, K h) + (N / K - 1) L
 *
 * since handshakes are computed one after the other and answers waited for side
 * by side.  That is least at K = sqrt(N L / h): 205 for 1,000 requests at 42 ms,
 * 648 for 10,000.  Measured best were 150 and 600; more connections cost CPU in
 * proportion and win nothing.  In the clear a connection costs next to nothing,
 * so each request may have one.
 */
#include "src/net/width.h"

/* The latency of a store that nobody has asked yet. */
enum { LATENCY_US = 42000 };

/* Above any whose handshakes or answers are worth waiting for. */
#define LATENCY_MAX_US 10000000U
#define REQUESTS_MAX   100000000U
#define WIDTH_SQUARE   ((uint64_t)WIDTH_MAX * WIDTH_MAX)

/* Rounded down. */
static unsigned
root(uint64_t square)
{
	unsigned low = 0, high = WIDTH_MAX, middle;

	if (square >= WIDTH_SQUARE)
		return WIDTH_MAX;
	while (low < high) {
		middle = (low + high + 1) / 2;
		if ((uint64_t)middle * middle <= square)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

static uint64_t
smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

unsigned
width_choose(const struct width_case *c)
{
	uint64_t n = smaller(c->requests, REQUESTS_MAX);
	uint64_t latency = c->latency_us != 0 ? c->latency_us : LATENCY_US;
	uint64_t handshake = c->handshake_us != 0 ? c->handshake_us
						  : WIDTH_HANDSHAKE_US;
	unsigned k = WIDTH_MAX;

	if (c->is_tls)
		k = root(n * smaller(latency, LATENCY_MAX_US) / handshake);
	if (k < WIDTH_MIN)
		k = WIDTH_MIN;
	if (k > n)
		k = n > 0 ? (unsigned)n : 1;
	return k;
}
