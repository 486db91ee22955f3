/* SPDX-License-Identifier: MIT */
/*
 * The four requests that the collector sends.  A delete names the generation
 * with ifGenerationMatch and never with generation=, which in a versioned
 * bucket would remove that version for good.
 */
#include "src/gcs/request.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/net/client.h"
#include "src/net/url.h"
#include "src/storage/storage.h"

/* What a delete or an upload may answer: empty, or one small object. */
enum { SMALL_ANSWER_MAX = 64 * 1024 };

static void
add_bucket(struct buf *url, const struct gcs_place *place, const char *path)
{
	buf_clear(url);
	buf_adds(url, place->base);
	buf_adds(url, path);
	url_add_encoded(url, place->bucket, strlen(place->bucket));
	buf_adds(url, "/o");
}

static void
add_object(struct buf *url, const struct gcs_place *place,
    const struct storage_op *op)
{
	add_bucket(url, place, "/storage/v1/b/");
	buf_addc(url, '/');
	url_add_encoded(url, op->name.data, op->name.len);
}

static void
add_offset(struct buf *url, const char *name, const struct buf *offset)
{
	if (offset->len == 0)
		return;
	buf_addf(url, "&%s=", name);
	url_add_encoded(url, offset->data, offset->len);
}

static void
build_list(const struct gcs_place *place, const struct storage_op *op,
    struct buf *url, struct http_request *req)
{
	add_bucket(url, place, "/storage/v1/b/");
	buf_adds(url, "?prefix=");
	url_add_encoded(url, op->name.data, op->name.len);
	if (op->token.len != 0) {
		buf_adds(url, "&pageToken=");
		url_add_encoded(url, op->token.data, op->token.len);
	}
	add_offset(url, "startOffset", &op->start);
	add_offset(url, "endOffset", &op->end);
	buf_addf(url,
	    "&fields=nextPageToken,items(name,generation,size,timeCreated%s)"
	    "&prettyPrint=false&maxResults=1000",
	    op->wants_md5 ? ",md5Hash" : "");
	req->method = HTTP_GET;
	req->max_content = GCS_PAGE_MAX;
}

static void
build_get(const struct gcs_place *place, const struct storage_op *op,
    struct buf *url, struct http_request *req)
{
	add_object(url, place, op);
	buf_adds(url, "?alt=media");
	req->method = HTTP_GET;
	req->max_content = op->max_body;
}

static void
add_upload(struct buf *url, const struct gcs_place *place,
    const struct storage_op *op, const char *type)
{
	add_bucket(url, place, "/upload/storage/v1/b/");
	buf_addf(url, "?uploadType=%s&name=", type);
	url_add_encoded(url, op->name.data, op->name.len);
	buf_adds(url, "&fields=generation&prettyPrint=false");
	if (op->has_generation)
		buf_addf(url, "&ifGenerationMatch=%" PRIu64, op->generation);
}

static void
build_put(const struct gcs_place *place, const struct storage_op *op,
    struct buf *url, struct http_request *req)
{
	add_upload(url, place, op, "media");
	req->method = HTTP_POST;
	req->body = op->body.data;
	req->length = op->body.len;
	req->content_type = "application/octet-stream";
	req->max_content = SMALL_ANSWER_MAX;
}

void
gcs_request_build_session(const struct gcs_place *place,
    const struct storage_op *op, struct buf *url, struct http_request *req)
{
	add_upload(url, place, op, "resumable");
	req->method = HTTP_POST;
	req->body = NULL;
	req->length = 0;
	req->content_type = NULL;
	req->max_content = SMALL_ANSWER_MAX;
	req->url = url->data;
}

static void
build_delete(const struct gcs_place *place, const struct storage_op *op,
    struct buf *url, struct http_request *req)
{
	add_object(url, place, op);
	if (op->has_generation)
		buf_addf(url, "?ifGenerationMatch=%" PRIu64, op->generation);
	req->method = HTTP_DELETE;
	req->max_content = SMALL_ANSWER_MAX;
}

void
gcs_request_build(const struct gcs_place *place, const struct storage_op *op,
    struct buf *url, struct http_request *req)
{
	req->body = NULL;
	req->length = 0;
	req->content_type = NULL;
	req->want_field = NULL;
	switch (op->kind) {
	case STORAGE_LIST:
		build_list(place, op, url, req);
		break;
	case STORAGE_GET:
		build_get(place, op, url, req);
		break;
	case STORAGE_PUT:
		build_put(place, op, url, req);
		break;
	case STORAGE_DELETE:
		build_delete(place, op, url, req);
		break;
	}
	assert(!url->full);
	req->url = url->data;
}
