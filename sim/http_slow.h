/* SPDX-License-Identifier: MIT */
/*
 * Answers that do not leave at once, or not whole: at a pace, with a pause, or
 * cut off.  The head always leaves first, whole, and tells of the whole body.
 */
#ifndef SIM_HTTP_SLOW_H
#define SIM_HTTP_SLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http;
struct http_exchange;

struct http_manner {
	uint64_t bytes_per_second; /* of the body; 0: as fast as it goes */
	/* So many bytes of the body leave, then for so long nothing does. */
	uint64_t pause_at;
	uint64_t pause_us;
	/* What is behind so many bytes of the body never leaves, and the
	 * connection ends.  UINT64_MAX: all leaves. */
	uint64_t cut_at;
	bool is_reset; /* it ends by a reset, not in order */
};

/* All at once. */
extern const struct http_manner http_plain;

/* As http_answer does; of a manner that is http_plain's it is the same.  Byte n
 * of the body leaves n / bytes_per_second after the call, and the pause later
 * when n > pause_at.  On a virtual clock it holds up no clock while it waits.
 * Here a client that closes its half counts as gone: the pause may be long, and
 * most who close in it have given up. */
void http_answer_slowly(struct http *h, struct http_exchange *x, int status,
    uint64_t wall_us, const char *head, const void *body, size_t n,
    const struct http_manner *manner);

#endif
