/* SPDX-License-Identifier: MIT */
/*
 * What every store must do, as one suite over the seam.  A driver's test is a
 * pair of functions and one call: see check_mem.c.
 */
#ifndef TESTS_DRIVER_CONFORMANCE_H
#define TESTS_DRIVER_CONFORMANCE_H

struct storage;

struct conformance_driver {
	const char *name;

	/* A store on which no name begins with "c/"; *state is the driver's. */
	struct storage *(*open)(void **state);
	void (*close)(struct storage *store, void *state);
};

/* The exit status for main. */
int conformance_run(const struct conformance_driver *driver);

#endif
