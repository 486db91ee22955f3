/* SPDX-License-Identifier: MIT */
/*
 * Production's error envelope and its texts.  Clients match on the reasons
 * (rclone retries a 429 only for `rateLimitExceeded`), people on the texts.
 */
#include "sim/reply.h"

#include <string.h>

#include "sim/http.h"
#include "sim/json_out.h"
#include "sim/xml_error.h"

/* A page of 1000 objects with the longest names, twice in links, is 10 MB.  A
 * head repeats what a client's said, all of it and some of it twice, with names
 * before it that may be longer than what they name. */
enum { BODY_MAX = 1 << 30, HEAD_MAX = 8 * HTTP_MAX_HEAD, TEXT_MAX = 8192 };

const char reply_json[] = "application/json; charset=UTF-8";
const char reply_html[] = "text/html; charset=UTF-8";

void
reply_init(struct reply *r)
{
	buf_init(&r->body, BODY_MAX);
	buf_init(&r->head, HEAD_MAX);
	r->is_xml = false;
	reply_clear(r, true);
}

void
reply_release(struct reply *r)
{
	buf_release(&r->body);
	buf_release(&r->head);
}

void
reply_clear(struct reply *r, bool pretty)
{
	r->status = 200;
	r->type = r->is_xml ? xml_type : reply_json;
	r->pretty = pretty;
	r->entries = 0;
	buf_clear(&r->body);
	buf_clear(&r->head);
}

struct fault {
	int status;
	const char *domain;
	const char *reason;
	const char *location; /* a header, or NULL */
	bool is_parameter;    /* location is one, and no header */
};

static void
set_error(struct reply *r, const struct fault *f, const char *text, size_t n)
{
	struct json_out w;

	if (r->is_xml) {
		xml_error_like(r, f->status, f->reason, text, n);
		return;
	}
	reply_clear(r, r->pretty);
	r->status = f->status;
	json_init(&w, &r->body, r->pretty, NULL);
	json_open(&w, '{');
	json_key(&w, "error");
	json_open(&w, '{');
	json_key(&w, "code");
	json_u64(&w, (uint64_t)f->status);
	json_key(&w, "message");
	json_text(&w, text, n);
	json_key(&w, "errors");
	json_open(&w, '[');
	json_open(&w, '{');
	json_key(&w, "message");
	json_text(&w, text, n);
	json_key(&w, "domain");
	json_str(&w, f->domain);
	json_key(&w, "reason");
	json_str(&w, f->reason);
	if (f->location != NULL) {
		json_key(&w, "locationType");
		json_str(&w, f->is_parameter ? "parameter" : "header");
		json_key(&w, "location");
		json_str(&w, f->location);
	}
	json_close(&w, '}');
	json_close(&w, ']');
	json_close(&w, '}');
	json_close(&w, '}');
	json_end(&w);
}

void
reply_error(struct reply *r, int status, const char *reason,
    const char *location, const char *message)
{
	struct fault f = { .status = status,
		.domain = "global",
		.reason = reason,
		.location = location };

	set_error(r, &f, message, strlen(message));
}

static void
set_plain(struct reply *r, int status, const char *reason, const char *message)
{
	reply_error(r, status, reason, NULL, message);
}

void
reply_bad_request(struct reply *r, const char *reason, const char *message)
{
	set_plain(r, 400, reason, message);
}

void
reply_bad_parameter(struct reply *r, const char *key, const char *reason,
    const char *message)
{
	struct fault f = { .status = 400,
		.domain = "global",
		.reason = reason,
		.location = key,
		.is_parameter = true };

	set_error(r, &f, message, strlen(message));
}

void
reply_no_path(struct reply *r)
{
	set_plain(r, 404, "notFound", "Not Found");
}

void
reply_no_method(struct reply *r)
{
	set_plain(r, 405, "methodNotAllowed", "Method Not Allowed");
}

void
reply_no_bucket(struct reply *r)
{
	set_plain(r, 404, "notFound", "The specified bucket does not exist.");
}

void
reply_no_such_bucket(struct reply *r, const char *bucket)
{
	struct buf text;

	buf_init(&text, HEAD_MAX + TEXT_MAX);
	buf_addf(&text, "No such bucket: %s", bucket);
	set_plain(r, 404, "notFound", text.data);
	buf_release(&text);
}

/* "BEFORE bucket/name AFTER": names may hold any byte. */
static void
set_about(struct reply *r, const struct fault *f, const char *before,
    const char *bucket, const char *name, size_t name_len, const char *after)
{
	struct buf text;

	buf_init(&text, HEAD_MAX + TEXT_MAX);
	buf_adds(&text, before);
	buf_adds(&text, bucket);
	buf_addc(&text, '/');
	buf_add(&text, name, name_len);
	buf_adds(&text, after);
	set_error(r, f, text.data, text.len);
	buf_release(&text);
}

static const char no_such_object[] = "No such object: ";

void
reply_no_object(struct reply *r, const char *bucket, const char *name,
    size_t name_len)
{
	static const struct fault f = { .status = 404,
		.domain = "global",
		.reason = "notFound" };

	set_about(r, &f, no_such_object, bucket, name, name_len, "");
}

void
reply_no_media(struct reply *r, const char *bucket, const char *name,
    size_t name_len)
{
	reply_clear(r, r->pretty);
	r->status = 404;
	r->type = reply_html;
	buf_adds(&r->body, no_such_object);
	buf_adds(&r->body, bucket);
	buf_addc(&r->body, '/');
	buf_add(&r->body, name, name_len);
}

void
reply_conflict(struct reply *r, const char *message)
{
	set_plain(r, 409, "conflict", message);
}

void
reply_precondition(struct reply *r)
{
	static const struct fault f = { .status = 412,
		.domain = "global",
		.reason = "conditionNotMet",
		.location = "If-Match" };
	static const char text[] = "At least one of the pre-conditions you "
				   "specified did not hold.";

	set_error(r, &f, text, sizeof(text) - 1);
}

void
reply_not_modified(struct reply *r)
{
	reply_clear(r, r->pretty);
	r->status = 304;
}

static const struct fault throttled = { .status = 429,
	.domain = "usageLimits",
	.reason = "rateLimitExceeded" };

void
reply_throttled(struct reply *r, bool is_write, const char *bucket,
    const char *name, size_t name_len)
{
	set_about(r, &throttled, "The object ", bucket, name, name_len,
	    is_write ? " exceeded the rate limit for object mutation "
		       "operations (create, update, and delete). Please "
		       "reduce your request rate. See "
		       "https://cloud.google.com/storage/docs/gcs429."
		     : " exceeded the rate limit for object read operations. "
		       "Please reduce your request rate. See "
		       "https://cloud.google.com/storage/docs/gcs429.");
}

void
reply_throttled_project(struct reply *r)
{
	static const char text[] = "The project exceeded the rate limit for "
				   "creating and deleting buckets.";

	set_error(r, &throttled, text, sizeof(text) - 1);
}

void
reply_trouble(struct reply *r, int status)
{
	set_plain(r, status, "backendError",
	    "We encountered an internal error. Please try again.");
}
