/* SPDX-License-Identifier: MIT */
/*
 * Talking to a simulator with one bucket, `demo`: one request, one answer, and
 * a look at what is behind it.
 */
#ifndef TESTS_UNIT_SIM_TALK_H
#define TESTS_UNIT_SIM_TALK_H

#include <stdint.h>

#include "src/base/err.h"

struct bucket;
struct sim_answer;

/* An empty bucket, no latency, the real clock. */
void talk_start(void);
void talk_stop(void);

/* Sends METHOD and the target that the format makes; body may be NULL. */
const struct sim_answer *talk(const char *method, const char *body,
    const char *format, ...) PRINTF_LIKE(3, 4);

/* The same as a POST with X-HTTP-Method-Override. */
const struct sim_answer *talk_override(const char *method, const char *body,
    const char *target);

/* The last answer has that status, and that text somewhere in its body. */
void talk_expect(int status, const char *text);
void talk_expect_not(const char *text);

/* Uploads bytes to demo under a name; answers the generation. */
uint64_t talk_put(const char *name, const char *bytes);

/* The generation in the last answer. */
uint64_t talk_generation(void);

/* The bucket itself; NULL when there is none. */
struct bucket *talk_bucket(const char *name);

#endif
