/* SPDX-License-Identifier: MIT */
/*
 * Connections that carry many requests at once, in HTTP/2: between http_carry.c
 * and the other rooms of http.  Such a connection is an exchange that never has
 * a request of its own; each of its streams is an exchange without a wire.
 */
#ifndef SIM_HTTP_CARRY_PRIV_H
#define SIM_HTTP_CARRY_PRIV_H

#include <stdbool.h>
#include <stddef.h>

struct http;
struct http_exchange;

/* --- connections --- */

/* x's client speaks HTTP/2, and these bytes have come already. */
void carry_begin(struct http_exchange *x, const void *bytes, size_t n);

/* Reads what has come for x. */
void carry_hear(struct http_exchange *x);

/* Sends what x has to say. */
void carry_push(struct http_exchange *x);

/* What x carries loses it. */
void carry_end(struct http_exchange *x);

/* Nothing new begins on any connection. */
void carry_drain(struct http *h);

/* Is no request of x's under way? */
bool carry_is_idle(const struct http_exchange *x);

/* Has all that x has to say left? */
bool carry_is_quiet(const struct http_exchange *x);

/* --- streams --- */

/* The head of x's answer, as lines which are written over. */
void carry_head(struct http_exchange *x, int status, char *lines);

/* x->out is what follows: it leaves with the loop's next turn. */
void carry_answer(struct http_exchange *x);

/* "Go on." */
void carry_continue(struct http_exchange *x);

/* How much of x's answer its client has not taken yet. */
size_t carry_waiting(const struct http_exchange *x);

/* x ends without an answer: its server has failed it. */
void carry_reset(struct http_exchange *x);

/* The same, and it is told that nothing was done. */
void carry_turn_away(struct http_exchange *x, bool by_goaway);

/* x is about to be freed. */
void carry_leave(struct http_exchange *x);

#endif
