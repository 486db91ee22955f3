/* SPDX-License-Identifier: MIT */
/* gcs-sim as a child process, and what it says of itself over HTTP. */
#ifndef CLI_BENCH_CHILD_H
#define CLI_BENCH_CHILD_H

#include "src/cli/bench_server.h"

struct bench_child;

/* Starts gcs-sim and waits for its ready line. */
struct bench_child *bench_child_start(const struct bench_server_opts *opts,
    struct err *err);

/* Ends it by its process id and waits for it.  NULL is fine. */
void bench_child_stop(struct bench_child *c);

const char *bench_child_url(const struct bench_child *c);

/* GET /_sim/stats and POST /_sim/reset, on the caller's loop. */
int bench_child_count(struct bench_child *c, struct loop *loop,
    struct bench_counts *out, struct err *err) MUST_CHECK;
int bench_child_reset(struct bench_child *c, struct loop *loop,
    struct err *err) MUST_CHECK;

#endif
