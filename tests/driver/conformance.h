/* SPDX-License-Identifier: MIT */
/*
 * What every store must do, as one suite over the seam.  A driver's test is a
 * pair of functions and one call: see check_mem.c.
 */
#ifndef TESTS_DRIVER_CONFORMANCE_H
#define TESTS_DRIVER_CONFORMANCE_H

#include <stddef.h>

struct storage;

struct conformance_driver {
	const char *name;

	/* A store on which no name begins with "c/"; *state is the driver's. */
	struct storage *(*open)(void **state);
	void (*close)(struct storage *store, void *state);

	/* Bytes that it puts before each name, which leave that much less for
	 * the name. */
	size_t prefix_len;
};

/* The exit status for main. */
int conformance_run(const struct conformance_driver *driver);

#endif
