/* SPDX-License-Identifier: MIT */
/* A list that is never long. */
#include "sim/restore_log.h"

#include <stdlib.h>

#include "src/base/mem.h"

struct restore *
restore_log_add(struct restore **log, struct restore_request *request_take,
    uint64_t id, uint64_t began_us)
{
	struct restore *r = mem_zalloc(1, sizeof(*r)), **at = log;
	int n = 0;

	r->id = id;
	r->began_us = began_us;
	r->request = *request_take;
	*request_take = (struct restore_request){ 0 };
	while (*at != NULL && ++n < RESTORE_LOG_MAX)
		at = &(*at)->next;
	restore_log_free(*at);
	*at = NULL;
	r->next = *log;
	return *log = r;
}

const struct restore *
restore_log_find(const struct restore *log, uint64_t id)
{
	while (log != NULL && log->id != id)
		log = log->next;
	return log;
}

void
restore_log_free(struct restore *log)
{
	struct restore *next;

	for (; log != NULL; log = next) {
		next = log->next;
		restore_request_release(&log->request);
		free(log);
	}
}
