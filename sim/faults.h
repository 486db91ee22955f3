/* SPDX-License-Identifier: MIT */
/*
 * Requests that are to fail, as told beforehand.  First come, first served:
 * each request of a kind takes one from the oldest fault of that kind.
 */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include "sim/fault.h"
#include "sim/sim.h"
#include "src/base/vec.h"

struct faults {
	VEC(struct sim_fault) queue; /* each with times > 0 */
};

void faults_release(struct faults *f);

/* ERR_USAGE for a fault that cannot be. */
int faults_add(struct faults *f, const struct sim_fault *fault,
    struct err *err) MUST_CHECK;

/* The fault that this request takes; false: none waits for it. */
bool faults_take(struct faults *f, const struct fault_ask *ask,
    struct fault *out);

/* Requests that will fail yet. */
uint64_t faults_pending(const struct faults *f);

#endif
