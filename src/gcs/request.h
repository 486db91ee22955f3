/* SPDX-License-Identifier: MIT */
/*
 * From an operation to the HTTP request that asks for it.
 */
#ifndef GCS_REQUEST_H
#define GCS_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct http_request;
struct storage_op;

/* Where requests go. */
struct gcs_place {
	const char *base; /* "http://HOST:PORT" */
	const char *bucket;
	bool has_credentials; /* requests say who we are */
};

/* Room for the longest URL: a prefix and a page token, every byte encoded. */
enum { GCS_URL_MAX = 48 * 1024 };

/* A list page from a server; names of 1,000 objects are 0.1 to 3 MB. */
enum { GCS_PAGE_MAX = 16 * 1024 * 1024 };

/* Fills url and the asked part of req, which then borrows from both url and
 * op.  The name has no storage_name_fault. */
void gcs_request_build(const struct gcs_place *place,
    const struct storage_op *op, struct buf *url, struct http_request *req);

/* The same of a PUT, for the request that opens a resumable session for it. */
void gcs_request_build_session(const struct gcs_place *place,
    const struct storage_op *op, struct buf *url, struct http_request *req);

#endif
