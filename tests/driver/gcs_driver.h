/* SPDX-License-Identifier: MIT */
/*
 * The GCS driver and the simulator on one loop, as a driver under test.
 */
#ifndef TESTS_DRIVER_GCS_DRIVER_H
#define TESTS_DRIVER_GCS_DRIVER_H

#include "src/base/loop.h"

struct storage;

struct storage *gcs_driver_open(enum loop_clock clock, void **state);

/* Also checks that the simulator counted no request of a kind that nobody
 * asked for. */
void gcs_driver_close(struct storage *store, void *state);

#endif
