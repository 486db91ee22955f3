/* SPDX-License-Identifier: MIT */
/* The XML API's multipart uploads, from their start to the object. */
#include "sim/operations_xml.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/hash.h"
#include "sim/meta.h"
#include "sim/object.h"
#include "sim/operations_priv.h"
#include "sim/percent.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "sim/world.h"
#include "sim/xml_body.h"
#include "sim/xml_delete.h"
#include "sim/xml_out.h"
#include "sim/xml_upload.h"
#include "src/base/arena.h"
#include "src/base/str.h"

enum {
	WHY_MAX = 1024,
	ID_MAX = 1024,
	LIST_MAX = 1000,
	/* Of every part but the last. */
	PART_MIN = 5 * 1024 * 1024,
	ETAG_MAX = 2 * HASH_MD5 + 3
};

/* The upload that `uploadId` names, or NULL: the reply is its 404. */
static struct xml_upload *
find(const struct scene *s)
{
	const struct route *r = s->ask->route;
	struct xml_upload *u = NULL;
	struct buf id;

	buf_init(&id, ID_MAX);
	if (query_get(&r->query, "uploadId", &id) == 0)
		u = xml_upload_find(s->world, s->bucket->name, r->name.data,
		    id.data);
	if (u == NULL)
		operations_xml_fail(s, XML_NO_SUCH_UPLOAD, "");
	buf_release(&id);
	return u;
}

static void
format_etag(const struct payload *p, char out[ETAG_MAX])
{
	out[0] = '"';
	hash_hex(p->md5, HASH_MD5, out + 1);
	memcpy(out + 1 + (size_t)2 * HASH_MD5, "\"", 2);
}

/* What most answers begin with. */
static void
begin(const struct scene *s, const char *root, struct xml_out *w)
{
	const struct buf *name = &s->ask->route->name;

	xml_init(w, &s->reply->body, root, XML_NS_UPLOAD);
	xml_str(w, "Bucket", s->bucket->name);
	xml_text(w, "Key", name->data, name->len);
}

/* --- start and abort --- */

void
operations_xml_upload_start(const struct scene *s)
{
	const struct buf *name = &s->ask->route->name;
	const char *fault = object_name_fault(name->data, name->len);
	struct meta_draft draft = { 0 };
	struct xml_upload *u;
	struct arena texts;
	struct xml_out w;

	arena_init(&texts);
	if (fault != NULL) {
		operations_xml_fail(s, XML_INVALID_ARGUMENT, fault);
	} else if (operations_xml_describe(s, &draft, &texts) == 0) {
		u = xml_upload_start(s->world, s->bucket->name, name->data,
		    meta_new(&draft), s->ask->wall_us);
		begin(s, "InitiateMultipartUploadResult", &w);
		xml_str(&w, "UploadId", u->id);
		xml_end(&w);
	}
	meta_draft_release(&draft);
	arena_release(&texts);
}

void
operations_xml_upload_abort(const struct scene *s)
{
	struct xml_upload *u = find(s);

	if (u == NULL)
		return;
	xml_upload_forget(s->world, u);
	s->reply->status = 204;
	s->reply->type = reply_html;
}

/* --- parts --- */

/* 0: the reply says what is wrong. */
static uint32_t
part_number(const struct scene *s)
{
	uint64_t number = 0;

	if (ask_header(s->ask, "x-goog-copy-source") != NULL ||
	    ask_header(s->ask, "x-amz-copy-source") != NULL) {
		operations_xml_fail(s, XML_NOT_IMPLEMENTED,
		    "A part is not copied from an object.");
		return 0;
	}
	if (query_u64(&s->ask->route->query, "partNumber", &number) <= 0 ||
	    number == 0 || number > XML_PARTS_MAX) {
		operations_xml_fail(s, XML_INVALID_ARGUMENT,
		    "partNumber is a number from 1 to 10000.");
		return 0;
	}
	return (uint32_t)number;
}

void
operations_xml_upload_put(const struct scene *s)
{
	uint32_t number = part_number(s);
	struct xml_upload *u = number != 0 ? find(s) : NULL;
	struct payload *payload;
	char etag[ETAG_MAX];
	enum xml_error error;
	struct buf why;

	if (u == NULL)
		return;
	buf_init(&why, WHY_MAX);
	payload = xml_body_read(s->ask, &error, &why);
	if (payload == NULL) {
		operations_xml_fail(s, error, why.data);
	} else {
		xml_upload_put(s->world, u, number, payload, s->ask->wall_us);
		format_etag(payload, etag);
		buf_addf(&s->reply->head, "ETag: %s\r\n", etag);
		s->reply->type = reply_html;
	}
	buf_release(&why);
}

/* --- lists --- */

static void
add_part(const struct xml_upload_part *part, struct xml_out *w)
{
	char etag[ETAG_MAX];

	format_etag(part->payload, etag);
	xml_open(w, "Part");
	xml_u64(w, "PartNumber", part->number);
	operations_xml_add_time(w, "LastModified", part->stored_us);
	xml_str(w, "ETag", etag);
	xml_u64(w, "Size", part->payload->size);
	xml_close(w);
}

void
operations_xml_upload_parts(const struct scene *s)
{
	struct xml_upload *u = find(s);
	uint64_t marker = 0, max, last = 0;
	struct xml_out w;
	size_t from = 0, end;

	if (u == NULL ||
	    operations_xml_limit(s, "max-parts", LIST_MAX, &max) != 0)
		return;
	if (query_u64(&s->ask->route->query, "part-number-marker", &marker) <
	    0) {
		operations_xml_fail(s, XML_INVALID_ARGUMENT,
		    "part-number-marker");
		return;
	}
	while (from < u->parts.n && u->parts.v[from].number <= marker)
		from++;
	end = u->parts.n - from > max ? from + (size_t)max : u->parts.n;
	if (end > from)
		last = u->parts.v[end - 1].number;
	begin(s, "ListPartsResult", &w);
	xml_str(&w, "UploadId", u->id);
	xml_str(&w, "StorageClass", "STANDARD");
	xml_u64(&w, "PartNumberMarker", marker);
	xml_u64(&w, "NextPartNumberMarker", last);
	xml_u64(&w, "MaxParts", max);
	/* A page of nothing has nothing behind it. */
	xml_bool(&w, "IsTruncated", end > from && end < u->parts.n);
	for (; from < end; from++)
		add_part(&u->parts.v[from], &w);
	xml_end(&w);
}

/* All that are under way: nobody has so many that they would take pages. */
void
operations_xml_uploads(const struct scene *s)
{
	const struct xml_upload *u;
	struct xml_out w;

	xml_init(&w, &s->reply->body, "ListMultipartUploadsResult",
	    XML_NS_UPLOAD);
	w.encodes_names = query_is(&s->ask->route->query, "encoding-type",
	    "url");
	xml_str(&w, "Bucket", s->bucket->name);
	if (w.encodes_names)
		xml_str(&w, "EncodingType", "url");
	xml_bool(&w, "IsTruncated", false);
	for (u = s->world->xml_uploads; u != NULL; u = u->next) {
		if (strcmp(u->bucket, s->bucket->name) != 0)
			continue;
		xml_open(&w, "Upload");
		xml_name(&w, "Key", u->name, strlen(u->name));
		xml_str(&w, "UploadId", u->id);
		operations_xml_add_time(&w, "Initiated", u->started_us);
		xml_close(&w);
	}
	xml_end(&w);
}

/* --- completion --- */

/* Is part i of the list there as the list has it? */
static int
check_part(const struct scene *s, const struct xml_upload *u,
    const struct xml_parts *list, size_t i, size_t *size)
{
	const struct xml_part *want = &list->parts.v[i];
	const struct xml_upload_part *have = xml_upload_part(u, want->number);
	char etag[ETAG_MAX];

	if (have != NULL)
		format_etag(have->payload, etag);
	if (have == NULL || want->etag_len != (size_t)2 * HASH_MD5 ||
	    memcmp(want->etag, etag + 1, want->etag_len) != 0) {
		operations_xml_fail(s, XML_INVALID_PART, "");
		return -1;
	}
	if (have->payload->size < PART_MIN && i + 1 < list->parts.n) {
		operations_xml_fail(s, XML_PART_TOO_SMALL, "");
		return -1;
	}
	*size += have->payload->size;
	return 0;
}

/* NULL: the reply says what is wrong. */
static struct payload *
join(const struct scene *s, const struct xml_upload *u,
    const struct xml_parts *list)
{
	const struct payload *part;
	size_t i, size = 0, at = 0;
	struct payload *p;

	for (i = 1; i < list->parts.n; i++) {
		if (list->parts.v[i - 1].number >= list->parts.v[i].number) {
			operations_xml_fail(s, XML_INVALID_PART_ORDER, "");
			return NULL;
		}
	}
	for (i = 0; i < list->parts.n; i++) {
		if (check_part(s, u, list, i, &size) != 0)
			return NULL;
	}
	p = payload_alloc(size);
	for (i = 0; i < list->parts.n; i++) {
		part = xml_upload_part(u, list->parts.v[i].number)->payload;
		memcpy(p->bytes + at, part->bytes, part->size);
		at += part->size;
	}
	payload_hash(p);
	return p;
}

static void
reply_completed(const struct scene *s, const struct object *o)
{
	const struct self *self = &s->ask->self;
	struct xml_out w;
	struct buf url;

	buf_init(&url, 4 * HTTP_MAX_HEAD);
	buf_addf(&url, "%s://%s/%s/", self->scheme,
	    self->host != NULL ? self->host : "localhost", s->bucket->name);
	percent_encode(&url, object_name(o), o->name_len);
	xml_init(&w, &s->reply->body, "CompleteMultipartUploadResult",
	    XML_NS_UPLOAD);
	xml_text(&w, "Location", url.data, url.len);
	xml_str(&w, "Bucket", s->bucket->name);
	xml_text(&w, "Key", object_name(o), o->name_len);
	operations_xml_add_etag(&w, o);
	xml_end(&w);
	buf_addf(&s->reply->head,
	    "x-goog-generation: %llu\r\nx-goog-metageneration: %u\r\n",
	    (unsigned long long)o->generation, o->metageneration);
	buf_release(&url);
}

static void
complete(const struct scene *s, struct xml_upload *u,
    const struct xml_parts *list)
{
	struct payload *whole = join(s, u, list);
	struct meta_draft draft;

	if (whole == NULL)
		return;
	if (!operations_xml_may_put(s)) {
		payload_free(whole);
		return;
	}
	meta_read(u->meta, &draft);
	draft.components = (uint32_t)list->parts.n;
	reply_completed(s, operations_publish(s, whole->size, whole, &draft));
	meta_draft_release(&draft);
	xml_upload_forget(s->world, u);
}

void
operations_xml_upload_complete(const struct scene *s)
{
	struct xml_upload *u = find(s);
	struct xml_parts list;
	const char *fault;

	if (u == NULL)
		return;
	fault = xml_parts_parse(&list, s->ask->body, s->ask->body_len);
	if (fault != NULL)
		operations_xml_fail(s, XML_MALFORMED_XML, fault);
	else
		complete(s, u, &list);
	xml_parts_release(&list);
}
