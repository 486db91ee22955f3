/* SPDX-License-Identifier: MIT */
/*
 * Resumable uploads: a POST starts one, PUTs bring bytes or ask how many are
 * held, and the one that brings the last byte is answered as an insert is.
 *
 *	start --> 308 ... 308 --> 200, from then on
 *	   \_______\_______\____ DELETE: 499, from then on
 *
 * What is wrong with the bytes of a PUT is said in plain text, as by
 * production's upload server; Java's client looks at the type.
 */
#include "sim/operations_priv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/json_out.h"
#include "sim/meta.h"
#include "sim/percent.h"
#include "sim/promise.h"
#include "sim/range.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "sim/session.h"
#include "sim/upload.h"
#include "sim/world.h"
#include "src/base/mem.h"
#include "src/base/str.h"

enum { ID_TEXT_MAX = 1024, PROMISED_MAX = 16 * 1024, TEXT_MAX = 64 * 1024 };

/* How many bytes an upload will have. */
#define UNKNOWN UINT64_MAX

/* --- replies --- */

static void
reply_text(struct reply *r, int status)
{
	reply_clear(r, r->pretty);
	r->status = status;
	r->type = "text/plain; charset=utf-8";
}

/* No body, and no type of it. */
static void
reply_empty(struct reply *r, int status)
{
	reply_clear(r, r->pretty);
	r->status = status;
	r->type = NULL;
}

/* How many bytes are held.  Clients whose HTTP library follows a 308 ask for
 * another status. */
static void
reply_incomplete(const struct scene *s, const struct upload_session *u)
{
	struct buf *head = &s->reply->head;
	const char *other = ask_header(s->ask, "X-GUploader-No-308");
	bool is_hidden = other != NULL && strcmp(other, "yes") == 0;

	reply_empty(s->reply, is_hidden ? 200 : 308);
	if (is_hidden)
		buf_adds(head, "X-HTTP-Status-Code-Override: 308\r\n");
	if (u->bytes->size > 0) {
		buf_adds(head, "Range: bytes=0-");
		json_add_u64(head, u->bytes->size - 1);
		buf_adds(head, "\r\n");
	}
}

/* --- the start --- */

static const struct buf *
name_of(const struct scene *s)
{
	return &s->ask->route->name;
}

/* The request's query, up to the last parameter that was looked at. */
static char *
copy_query(const struct query *q)
{
	const char *end;

	if (q->n == 0)
		return mem_strdup("");
	end = q->param[q->n - 1].value + q->param[q->n - 1].value_len;
	return mem_strndup(q->param[0].key, (size_t)(end - q->param[0].key));
}

static void
reply_location(const struct scene *s, const struct upload_session *u)
{
	struct buf *head = &s->reply->head;

	reply_empty(s->reply, 200);
	buf_addf(head, "Location: %s://%s%sb/%s/o?uploadType=resumable&name=",
	    s->ask->self.scheme, s->ask->self.host, s->ask->route->mount,
	    u->bucket);
	percent_encode(head, u->name, strlen(u->name));
	buf_addf(head, "&upload_id=%s\r\nX-GUploader-UploadID: %s\r\n", u->id,
	    u->id);
}

/* -1: the reply is written. */
static int
read_announced(const struct scene *s, bool *has_total, uint64_t *total)
{
	const char *text = ask_header(s->ask, "X-Upload-Content-Length");

	*has_total = text != NULL;
	if (text == NULL ||
	    (str_parse_u64(text, total) == 0 && *total <= INT64_MAX))
		return 0;
	reply_bad_request(s->reply, "invalid",
	    "Invalid value for the header X-Upload-Content-Length.");
	return -1;
}

void
operations_upload_start(const struct scene *s, const struct upload *u)
{
	struct upload_session *session;
	bool has_total;
	uint64_t total = 0;
	char *query;

	if (read_announced(s, &has_total, &total) != 0)
		return;
	query = copy_query(&s->ask->route->query);
	session = session_start(s->world, s->bucket->name, name_of(s)->data,
	    query, u->promised.data, meta_new(&u->about.draft),
	    s->ask->wall_us);
	session->has_total = has_total;
	session->total = total;
	session_touch(s->world, session);
	reply_location(s, session);
	free(query);
}

/* --- the end --- */

/* Everything is here: what the start asked for is done. */
static void
finish(const struct scene *s, struct upload_session *u)
{
	struct route route = *s->ask->route;
	struct ask ask = *s->ask;
	struct scene start = *s;
	const struct object *o;
	struct buf promised;

	query_parse(&route.query, u->query, strlen(u->query));
	route.name = (struct buf){ .data = u->name, .len = strlen(u->name) };
	ask.route = &route;
	start.ask = &ask;
	if (!operations_may_put(&start))
		return;
	buf_init(&promised, PROMISED_MAX);
	promise_add_header(&promised, u->promised);
	upload_add_promises(s->ask, &promised);
	o = operations_store(&start, promised.data, session_share(u),
	    meta_dup(u->meta));
	if (o == NULL) {
		session_forget(s->world, u); /* its bytes are wrong for ever */
	} else {
		session_end(u, o);
		session_touch(s->world, u);
	}
	buf_release(&promised);
}

static void
finish_or_go_on(const struct scene *s, struct upload_session *u)
{
	if (u->has_total && u->bytes->size == u->total)
		finish(s, u);
	else
		reply_incomplete(s, u);
}

/* --- what PUTs bring --- */

/* A total with as many bytes as are held says that these were all. */
static void
answer_question(const struct scene *s, struct upload_session *u,
    const struct content_range *r)
{
	if (s->ask->body_len > 0) {
		reply_text(s->reply, 400);
		buf_adds(&s->reply->body,
		    "Client sent query request with a non-empty body.");
		return;
	}
	if (r->has_total && !u->has_total && r->total == u->bytes->size) {
		u->has_total = true;
		u->total = r->total;
	}
	finish_or_go_on(s, u);
}

static void
refuse_gap(const struct scene *s, const struct upload_session *u,
    const struct content_range *r)
{
	reply_text(s->reply, 503);
	buf_addf(&s->reply->body,
	    "Invalid request.  According to the Content-Range header, the "
	    "upload offset is %" PRIu64 " byte(s), which exceeds already "
	    "uploaded size of %zu byte(s).",
	    r->first, u->bytes->size);
}

static void
refuse_length(const struct scene *s, const struct content_range *r)
{
	reply_text(s->reply, 400);
	buf_addf(&s->reply->body,
	    "Invalid request.  According to the Content-Range header, the "
	    "request has %" PRIu64 " byte(s). The received request contained "
	    "%zu bytes.",
	    r->last - r->first + 1, s->ask->body_len);
}

static void
refuse_total(const struct scene *s, uint64_t total, uint64_t expected)
{
	reply_text(s->reply, 400);
	buf_addf(&s->reply->body,
	    "Invalid request.  According to the Content-Range header, the "
	    "final size of the upload is %" PRIu64 " byte(s). This does not "
	    "match the expected size of %" PRIu64 " byte(s), which was "
	    "specified in an earlier request.",
	    total, expected);
}

static void
refuse_small(const struct scene *s)
{
	reply_text(s->reply, 400);
	buf_addf(&s->reply->body,
	    "Invalid request.  The number of bytes uploaded is required to be "
	    "equal or greater than %d, except for the final request (it's "
	    "recommended to be the exact multiple of %d).  The received "
	    "request contained %zu bytes, which does not meet this "
	    "requirement.",
	    SESSION_CHUNK, SESSION_CHUNK, s->ask->body_len);
}

/* Is that where it is cut?  Then all up to there is kept, whole chunks or not,
 * and a status says so. */
static bool
is_cut(const struct scene *s, uint64_t held, uint64_t *end)
{
	struct ask_cut *cut = s->ask->cut;

	if (cut == NULL || (*end < cut->at && held < cut->at))
		return false;
	cut->is_reached = true;
	*end = cut->at;
	return true;
}

/* What a request that has been found right brings.  Bytes that are held already
 * are passed over; in between, only whole chunks are kept. */
static void
keep_bytes(const struct scene *s, struct upload_session *u, uint64_t first,
    uint64_t total)
{
	uint64_t held = u->bytes->size, end = first + s->ask->body_len;
	bool is_over = is_cut(s, held, &end);

	if (!is_over && end < total)
		end -= end % SESSION_CHUNK;
	u->has_total = total != UNKNOWN;
	u->total = total;
	if (end > held) {
		session_append(u, (const char *)s->ask->body + (held - first),
		    (size_t)(end - held));
		session_touch(s->world, u);
	}
	if (is_over)
		reply_incomplete(s, u);
	else
		finish_or_go_on(s, u);
}

static void
take_bytes(const struct scene *s, struct upload_session *u,
    const struct content_range *r)
{
	uint64_t held = u->bytes->size, end = r->first + s->ask->body_len;
	uint64_t said = r->has_total ? r->total : r->has_last ? UNKNOWN : end;
	uint64_t total = u->has_total ? u->total : said;

	if (r->has_last && end != r->last + 1)
		refuse_length(s, r);
	else if (r->first > held)
		refuse_gap(s, u, r);
	else if (said != UNKNOWN && said != total)
		refuse_total(s, said, total);
	else if (end > total)
		refuse_total(s, end, total);
	else if (total < held)
		refuse_total(s, total, held);
	else if (end < total && s->ask->body_len < SESSION_CHUNK)
		refuse_small(s);
	else
		keep_bytes(s, u, r->first, total);
}

/* A request without a Content-Range brings the whole. */
static void
take(const struct scene *s, struct upload_session *u)
{
	const char *text = ask_header(s->ask, "Content-Range");
	struct content_range r = { .has_bytes = true };

	if (text != NULL && content_range_parse(text, &r) != 0) {
		reply_text(s->reply, 400);
		buf_adds(&s->reply->body,
		    "Failed to parse Content-Range header.");
		session_forget(s->world, u); /* as production does */
	} else if (r.has_bytes) {
		take_bytes(s, u, &r);
	} else {
		answer_question(s, u, &r);
	}
}

/* --- the requests of a session --- */

/* The session of the query, if it is one of this bucket. */
static struct upload_session *
find_session(const struct scene *s)
{
	struct upload_session *u = NULL;
	struct buf id;

	buf_init(&id, ID_TEXT_MAX);
	if (query_get(&s->ask->route->query, "upload_id", &id) == 0)
		u = session_find(s->world, id.data, s->ask->wall_us);
	if (u != NULL && strcmp(u->bucket, s->bucket->name) != 0)
		u = NULL;
	if (u == NULL)
		reply_error(s->reply, 404, "notFound", NULL,
		    "No such upload: the parameter upload_id names none that "
		    "is under way or was in the last seven days.");
	buf_release(&id);
	return u;
}

void
operations_upload_put(const struct scene *s)
{
	struct upload_session *u = find_session(s);

	if (u == NULL)
		return;
	if (u->state == SESSION_OPEN)
		take(s, u);
	else if (u->state == SESSION_DONE)
		operations_reply_object(s, u->object);
	else
		reply_empty(s->reply, 499);
}

void
operations_upload_cancel(const struct scene *s)
{
	struct upload_session *u = find_session(s);

	if (u == NULL)
		return;
	if (u->state == SESSION_DONE) {
		operations_reply_object(s, u->object);
		return;
	}
	if (u->state == SESSION_OPEN) {
		session_end(u, NULL);
		session_touch(s->world, u);
	}
	reply_empty(s->reply, 499);
}

/* The path without its mount, which is the route's name here, and the query
 * as they were sent. */
void
operations_upload_elsewhere(const struct scene *s)
{
	const struct route *r = s->ask->route;
	char *query = copy_query(&r->query);
	struct buf text;

	buf_init(&text, TEXT_MAX);
	buf_addf(&text,
	    "Uploads must be sent to the upload URL. Re-send this request to "
	    "%s://%s/upload/storage/v1/%s%s%s",
	    s->ask->self.scheme, s->ask->self.host,
	    r->name.data + strlen(r->mount), *query != '\0' ? "?" : "", query);
	reply_bad_request(s->reply, "wrongUrlForUpload", text.data);
	buf_release(&text);
	free(query);
}
