/* SPDX-License-Identifier: MIT */
/*
 * Answers that are not over when they have begun: between http_answer.c and
 * the rooms http_slow.c and http_stream.c.
 */
#ifndef SIM_HTTP_LATER_PRIV_H
#define SIM_HTTP_LATER_PRIV_H

#include <stdbool.h>

struct http_exchange;

/* --- http_slow.c: nothing, of an answer that leaves at once --- */

/* x->out has left: will there be more? */
bool slow_goes_on(struct http_exchange *x);

/* Must more leave than x->out holds, be it a reset? */
bool slow_has_more(const struct http_exchange *x);

/* Does it end in a reset? */
bool slow_resets(const struct http_exchange *x);

void slow_end(struct http_exchange *x);

/* --- http_stream.c: nothing, of an answer that has an end --- */

/* x->out has left: may there be more? */
bool stream_goes_on(struct http_exchange *x);

void stream_end(struct http_exchange *x);

#endif
