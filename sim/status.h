/* SPDX-License-Identifier: MIT */
/* Statuses of HTTP in words: for answers, and for those within a batch. */
#ifndef SIM_STATUS_H
#define SIM_STATUS_H

/* "No Content" for 204; "Unknown" for what is never sent. */
const char *status_reason(int status);

#endif
