/* SPDX-License-Identifier: MIT */
/*
 * Exit statuses, in one table.  The cause beats the phase: denied while marking
 * is STATUS_DENIED, not STATUS_MARK.
 */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

#include "src/base/err.h"

enum status {
	STATUS_OK = 0,
	STATUS_FAILED = 1,    /* done, but some deletes failed */
	STATUS_USAGE = 2,     /* command line, environment */
	STATUS_REFUSED = 3,   /* a guard said no */
	STATUS_DENIED = 4,    /* credentials, permission, no such bucket */
	STATUS_TEMPORARY = 5, /* network, throttling: run again later */
	STATUS_MARK = 6,      /* the registry could not be read for sure */
	STATUS_DAMAGED = 7,   /* done; damage was found, and kept */
	STATUS_AUDIT = 8,     /* formula, driver and server disagree */
	STATUS_SIGNAL = 128,  /* plus the signal's number, as shells say it */
	STATUS_CANCELLED = 130
};

enum status status_of(enum err_code code);

#endif
