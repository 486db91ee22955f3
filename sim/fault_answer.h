/* SPDX-License-Identifier: MIT */
/* What is said by a request that something goes wrong with. */
#ifndef SIM_FAULT_ANSWER_H
#define SIM_FAULT_ANSWER_H

struct fault;
struct reply;
struct route;

/* Instead of what the operation has said; status 0 is no answer at all. */
void fault_answer(const struct fault *f, const struct route *route,
    struct reply *reply);

/* Makes the reply an error as the storage testbench words what it refuses. */
void fault_answer_testbench(struct reply *reply, int status,
    const char *message);

/* Of a FAULT_ANSWER: what it does to the reply. */
void fault_spoil(const struct fault *f, const struct route *route,
    struct reply *reply);

#endif
