/* SPDX-License-Identifier: MIT */
/*
 * The server's word on how much has arrived is checked: never more than there
 * is, never less than it said before.  A session's URL must be on the server
 * that was asked, since it is sent the credential.
 */
#include "src/gcs/upload.h"

#include <stdio.h>
#include <string.h>

#include "src/base/str.h"
#include "src/gcs/request.h"
#include "src/net/client.h"
#include "src/net/url.h"
#include "src/storage/storage.h"

/* A session that is lost is begun anew, but not for ever. */
enum { SESSIONS_MAX = 4 };

void
gcs_upload_init(struct gcs_upload *u)
{
	*u = (struct gcs_upload){ .step = GCS_UPLOAD_WHOLE };
	buf_init(&u->session, HTTP_FIELD_MAX);
}

void
gcs_upload_release(struct gcs_upload *u)
{
	buf_release(&u->session);
}

void
gcs_upload_begin(struct gcs_upload *u, bool is_resumable)
{
	u->step = is_resumable ? GCS_UPLOAD_START : GCS_UPLOAD_WHOLE;
	u->arrived = 0;
	u->sessions = 0;
	u->fault = NULL;
	u->line[0] = '\0';
}

void
gcs_upload_ask(struct gcs_upload *u, const struct gcs_place *place,
    const struct storage_op *op, struct buf *url, struct http_request *req)
{
	size_t n = op->body.len;

	switch (u->step) {
	case GCS_UPLOAD_WHOLE:
		return;
	case GCS_UPLOAD_START:
		gcs_request_build_session(place, op, url, req);
		req->want_field = "location";
		snprintf(u->line, sizeof(u->line),
		    "X-Upload-Content-Length: %zu", n);
		return;
	case GCS_UPLOAD_SEND:
		req->body = op->body.data + u->arrived;
		req->length = n - u->arrived;
		snprintf(u->line, sizeof(u->line),
		    "Content-Range: bytes %zu-%zu/%zu", u->arrived, n - 1, n);
		break;
	case GCS_UPLOAD_QUERY:
		req->body = NULL;
		req->length = 0;
		snprintf(u->line, sizeof(u->line), "Content-Range: bytes */%zu",
		    n);
		break;
	}
	req->method = HTTP_PUT;
	req->url = u->session.data;
	req->content_type = NULL;
	req->want_field = "range";
}

void
gcs_upload_lost(struct gcs_upload *u)
{
	if (u->step == GCS_UPLOAD_SEND)
		u->step = GCS_UPLOAD_QUERY;
}

static bool
fail(struct gcs_upload *u, const char *fault)
{
	u->fault = fault;
	return false;
}

/* "http://HOST:PORT/..." of the server that was asked, and fit to be asked. */
static bool
is_ours(const struct gcs_place *place, const char *url)
{
	return str_starts(url, place->base) &&
	    url[strlen(place->base)] == '/' && url_path(url) != NULL;
}

static bool
open_session(struct gcs_upload *u, const struct gcs_place *place,
    const struct http_request *req)
{
	if (!is_ours(place, req->field.data))
		return fail(u, "the upload's session is not on this server");
	buf_clear(&u->session);
	buf_add(&u->session, req->field.data, req->field.len);
	u->arrived = 0;
	u->step = GCS_UPLOAD_SEND;
	return true;
}

/* "bytes=0-N", or nothing while nothing has arrived. */
static bool
take_range(struct gcs_upload *u, const struct storage_op *op,
    const struct http_request *req, bool *has_moved)
{
	uint64_t last = 0, arrived = 0;

	if (req->field.len != 0) {
		if (!str_starts(req->field.data, "bytes=0-") ||
		    str_parse_u64(req->field.data + 8, &last) != 0)
			return fail(u, "the upload's range cannot be read");
		arrived = last + 1;
	}
	if (arrived < u->arrived || arrived >= op->body.len)
		return fail(u, "the upload's range is not possible");
	*has_moved = arrived > u->arrived;
	u->arrived = (size_t)arrived;
	u->step = GCS_UPLOAD_SEND;
	return true;
}

bool
gcs_upload_goes_on(struct gcs_upload *u, const struct gcs_place *place,
    const struct storage_op *op, const struct http_request *req,
    bool *has_moved)
{
	*has_moved = true;
	if (u->step == GCS_UPLOAD_WHOLE)
		return false;
	if (u->step == GCS_UPLOAD_START)
		return req->status == 200 && open_session(u, place, req);
	if (req->status == 308)
		return take_range(u, op, req, has_moved);
	if ((req->status == 404 || req->status == 410) &&
	    ++u->sessions < SESSIONS_MAX) {
		u->step = GCS_UPLOAD_START;
		*has_moved = false;
		return true;
	}
	return false;
}
