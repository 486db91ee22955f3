/* SPDX-License-Identifier: MIT */
/* The bulk restores that a bucket can tell of, newest first. */
#ifndef SIM_RESTORE_LOG_H
#define SIM_RESTORE_LOG_H

#include <stdint.h>

#include "sim/restore_json.h"

struct restore {
	struct restore *next;
	uint64_t id;
	uint64_t began_us; /* and ended */
	struct restore_request request;
	uint64_t succeeded;
	uint64_t skipped; /* not wanted, or a live object is in the way */
	uint64_t failed;  /* what is in the way is held or retained */
};

/* Older ones are forgotten. */
enum { RESTORE_LOG_MAX = 100 };

/* A new one with counts of zero; request_take is zeroed. */
struct restore *restore_log_add(struct restore **log,
    struct restore_request *request_take, uint64_t id, uint64_t began_us);

/* NULL when there is none of that id. */
const struct restore *restore_log_find(const struct restore *log, uint64_t id);

/* NULL is fine. */
void restore_log_free(struct restore *log);

#endif
