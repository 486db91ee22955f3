/* SPDX-License-Identifier: MIT */
/*
 * The generation is in the first answer's head, and is a condition of each
 * further try: an object that was replaced meanwhile answers 412, and is read
 * from its beginning.  A server that does not know Range answers 200 with all of
 * it, which is taken instead of what was kept.
 */
#include "src/gcs/download.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/str.h"
#include "src/net/client.h"
#include "src/storage/storage.h"

void
gcs_download_init(struct gcs_download *d)
{
	*d = (struct gcs_download){ 0 };
}

static bool
is_resumed(const struct gcs_download *d)
{
	return d->generation != 0;
}

void
gcs_download_ask(struct gcs_download *d, const struct storage_op *op,
    struct buf *url, struct http_request *req)
{
	if (!is_resumed(d)) {
		req->want_field = "x-goog-generation";
		return;
	}
	snprintf(d->range, sizeof(d->range), "Range: bytes=%zu-", op->body.len);
	buf_addf(url, "&ifGenerationMatch=%" PRIu64, d->generation);
	req->url = url->data;
	req->want_field = "content-range";
}

/* Does the part begin where what is kept ends? */
static bool
is_next_part(const struct storage_op *op, const struct http_request *req)
{
	char want[48];

	snprintf(want, sizeof(want), "bytes %zu-", op->body.len);
	return str_starts(req->field.data, want);
}

/* And does it end where the object does?  A server may answer with less of it
 * than was asked for. */
static bool
is_last_part(const struct storage_op *op, const struct http_request *req)
{
	size_t size = op->body.len + req->content.len;
	char want[80];

	snprintf(want, sizeof(want), "bytes %zu-%zu/%zu", op->body.len,
	    size - 1, size);
	return req->content.len != 0 && strcmp(req->field.data, want) == 0;
}

static void
forget(struct gcs_download *d, struct storage_op *op)
{
	gcs_download_init(d);
	buf_clear(&op->body);
}

void
gcs_download_keep(struct gcs_download *d, struct storage_op *op,
    const struct http_request *req)
{
	uint64_t generation = d->generation;

	if (req->content.len == 0 || req->status / 100 != 2)
		return;
	if (req->status == 200) {
		if (is_resumed(d) ||
		    str_parse_u64(req->field.data, &generation) != 0) {
			forget(d, op);
			return;
		}
	} else if (req->status != 206 || !is_resumed(d) ||
	    !is_next_part(op, req)) {
		return;
	}
	if (buf_add(&op->body, req->content.data, req->content.len) == 0)
		d->generation = generation;
	else
		forget(d, op);
}

bool
gcs_download_is_stale(struct gcs_download *d, struct storage_op *op,
    const struct http_request *req)
{
	if (!is_resumed(d) || (req->status != 412 && req->status != 416))
		return false;
	forget(d, op);
	return true;
}

const char *
gcs_download_doubt(const struct gcs_download *d, struct storage_op *op,
    const struct http_request *req)
{
	if (req->status == 200) {
		buf_clear(&op->body);
		return NULL;
	}
	if (!is_resumed(d))
		return "an odd status of success is not believed";
	if (!is_last_part(op, req))
		return "it is another part than the one that was asked for";
	return NULL;
}
