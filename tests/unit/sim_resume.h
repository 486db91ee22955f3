/* SPDX-License-Identifier: MIT */
/*
 * A client of resumable uploads to a simulator with one bucket, `demo`: one
 * request at a time, and a look at what came of it.
 */
#ifndef TESTS_UNIT_SIM_RESUME_H
#define TESTS_UNIT_SIM_RESUME_H

#include <stddef.h>
#include <stdint.h>

struct sim_answer;

enum { RESUME_CHUNK = 256 * 1024, RESUME_BYTES = 4 * RESUME_CHUNK };

/* What is uploaded, from its beginning; no NUL but the last. */
extern char resume_bytes[RESUME_BYTES + 1];

/* An empty bucket, no latency. */
void resume_start(void);
void resume_stop(void);

/* How many objects are in the bucket. */
uint64_t resume_objects(void);

/* Any request; headers: lines that end in CRLF, or "". */
const struct sim_answer *resume_ask(const char *method, const char *target,
    const char *headers, const char *body, size_t n);
const struct sim_answer *resume_raw(const char *request);
const struct sim_answer *resume_get(const char *target);

/* Path and query of the session that the answer speaks of; static. */
const char *resume_location(const struct sim_answer *a);

/* The session of a start with these parameters, headers and metadata. */
const char *resume_begin(const char *query, const char *headers,
    const char *metadata);

/* n of the bytes from `from` on, with that Content-Range. */
const struct sim_answer *resume_put(const char *session, const char *range,
    size_t from, size_t n);

/* It is a 308 that speaks of that many bytes. */
void resume_expect_held(const struct sim_answer *a, size_t held);

/* It has that status, and that text in its body. */
void resume_expect(const struct sim_answer *a, int status, const char *text);

/* The object x is the first n bytes. */
void resume_expect_object(size_t n);

#endif
