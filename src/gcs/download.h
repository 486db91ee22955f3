/* SPDX-License-Identifier: MIT */
/*
 * A read that broke goes on where it broke: what came is kept, and the rest is
 * asked for of the same generation.
 */
#ifndef GCS_DOWNLOAD_H
#define GCS_DOWNLOAD_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct http_request;
struct storage_op;

struct gcs_download {
	uint64_t generation; /* of what is kept */
	char range[48];      /* header line; "": from the beginning */
};

void gcs_download_init(struct gcs_download *d);

/* Adds to a GET, as gcs_request_build made it, what has come already. */
void gcs_download_ask(struct gcs_download *d, const struct storage_op *op,
    struct buf *url, struct http_request *req);

/* A try has ended without a whole answer: keeps in op->body what came, where it
 * is known to be the object's beginning and of one generation. */
void gcs_download_keep(struct gcs_download *d, struct storage_op *op,
    const struct http_request *req);

/* Does the answer say that what is kept is of no use, since the object is
 * another one now?  Then all is forgotten. */
bool gcs_download_is_stale(struct gcs_download *d, struct storage_op *op,
    const struct http_request *req);

/* Why a whole answer of 200 or 206 is not what is lacking; NULL: it is, and its
 * bytes are what comes after op->body. */
const char *gcs_download_doubt(const struct gcs_download *d,
    struct storage_op *op, const struct http_request *req);

#endif
