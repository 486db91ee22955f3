/* SPDX-License-Identifier: MIT */
/*
 * A large body goes by a resumable session:
 *
 *	start -> send -> done
 *	  ^       |  ^
 *	  |     fails |
 *	  |       v  |
 *	  +---- query
 *
 * The session is opened with the conditions of the PUT; the body then leaves in
 * one piece, and after a break the server is asked how much of it has arrived.
 */
#ifndef GCS_UPLOAD_H
#define GCS_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/buf.h"

struct gcs_place;
struct http_request;
struct storage_op;

enum gcs_upload_step {
	GCS_UPLOAD_WHOLE, /* no session: one request with all of it */
	GCS_UPLOAD_START,
	GCS_UPLOAD_SEND,
	GCS_UPLOAD_QUERY
};

struct gcs_upload {
	enum gcs_upload_step step;
	struct buf session; /* its URL */
	size_t arrived;     /* bytes that the server has said it holds */
	unsigned sessions;
	const char *fault; /* why it cannot go on; NULL: nothing */
	char line[64];     /* a header's */
};

void gcs_upload_init(struct gcs_upload *u);
void gcs_upload_release(struct gcs_upload *u);

/* A new operation. */
void gcs_upload_begin(struct gcs_upload *u, bool is_resumable);

/* Fills the asked part of req with the next step; url is for the first. */
void gcs_upload_ask(struct gcs_upload *u, const struct gcs_place *place,
    const struct storage_op *op, struct buf *url, struct http_request *req);

/* A try failed in a way that may pass. */
void gcs_upload_lost(struct gcs_upload *u);

/* A final answer came.  True: the upload goes on with another request, *has_moved
 * if it is further than before. */
bool gcs_upload_goes_on(struct gcs_upload *u, const struct gcs_place *place,
    const struct storage_op *op, const struct http_request *req,
    bool *has_moved);

#endif
