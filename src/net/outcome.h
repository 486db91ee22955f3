/* SPDX-License-Identifier: MIT */
/*
 * What became of a request, out of what curl and the head of the answer say.
 * Between files of src/net only.
 */
#ifndef NET_OUTCOME_H
#define NET_OUTCOME_H

#include <curl/curl.h>

#include "src/net/client.h"

struct transfer;

/* Sets the request's outcome and detail; its status is there. */
void outcome_settle(const struct transfer *t, struct http_request *req,
    CURLcode code);

#endif
