/* SPDX-License-Identifier: MIT */
/*
 * The bytes of an object, whole or a range of them, and the headers that come
 * with them.  What is stored in gzip's form is unpacked for clients that do not
 * accept that, as in production, and no range of it is looked at then.
 */
#include "sim/operations_priv.h"

#include <string.h>
#include <time.h>

#include "sim/base64.h"
#include "sim/gunzip.h"
#include "sim/head.h"
#include "sim/json_out.h"
#include "sim/meta.h"
#include "sim/range.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "sim/xml_conditions.h"
#include "sim/xml_error.h"
#include "src/base/buf.h"
#include "src/base/str.h"

enum { ETAG_MAX = 64 };

/* --- what the client has already --- */

/* Quoted or not, weak or not. */
static bool
has_etag(const char *list, const char *etag)
{
	size_t n;

	for (; *list != '\0'; list += n) {
		list += strspn(list, ", \t\"");
		if (str_starts(list, "W/\""))
			list += 3;
		n = strcspn(list, ", \t\"");
		if (str_is(list, n, "*") || str_is(list, n, etag))
			return true;
	}
	return false;
}

bool
operations_is_known(const struct scene *s, const struct object *o)
{
	const char *list = ask_header(s->ask, "If-None-Match");
	struct buf etag;
	bool is_known;

	if (list == NULL)
		return false;
	buf_init(&etag, ETAG_MAX);
	object_add_etag(o, &etag);
	is_known = has_etag(list, etag.data);
	buf_release(&etag);
	return is_known;
}

/* --- headers --- */

void
operations_add_hashes(const struct object *o, struct buf *head)
{
	struct object_hashes hashes;
	uint8_t crc[4];
	int i;

	object_hashes(o, &hashes);
	for (i = 0; i < 4; i++)
		crc[i] = (uint8_t)(hashes.crc32c >> (24 - 8 * i));
	buf_adds(head, "\r\nx-goog-hash: crc32c=");
	base64_add(head, crc, sizeof(crc));
	if (object_has_md5(o)) {
		buf_adds(head, "\r\nx-goog-hash: md5=");
		base64_add(head, hashes.md5, sizeof(hashes.md5));
	}
}

/* What JSON may hold and a header may not becomes a space. */
static void
add_printable(const char *s, struct buf *head)
{
	for (; *s != '\0'; s++)
		buf_addc(head,
		    (unsigned char)*s < ' ' || *s == 0x7f ? ' ' : *s);
}

/* What the client said of the object, as it said it; of what was unpacked not
 * how it was packed. */
static void
add_texts(const struct object *o, bool is_unpacked, struct buf *head)
{
	static const struct {
		enum meta_text text;
		const char *name;
	} rows[] = {
		{ META_CONTENT_ENCODING, "\r\nContent-Encoding: " },
		{ META_CONTENT_DISPOSITION, "\r\nContent-Disposition: " },
		{ META_CONTENT_LANGUAGE, "\r\nContent-Language: " },
		{ META_CACHE_CONTROL, "\r\nCache-Control: " },
	};
	const char *value;
	size_t i;

	for (i = is_unpacked; i < sizeof(rows) / sizeof(rows[0]); i++) {
		value = meta_text(o->meta, rows[i].text);
		if (value == NULL || *value == '\0')
			continue;
		buf_adds(head, rows[i].name);
		buf_adds(head, value);
	}
}

/* Does the client speak S3's dialect, in which its metadata has another name? */
static bool
speaks_s3(const struct ask *ask)
{
	const char *who = ask_header(ask, "Authorization");

	return query_has(&ask->route->query, "X-Amz-Algorithm") ||
	    (who != NULL && str_starts(who, "AWS"));
}

/* The custom metadata, which the XML API has in headers.  By JSON they may have
 * keys that no header can be named after: a client would refuse the whole. */
static void
add_pairs(const struct object *o, const char *prefix, struct buf *head)
{
	struct meta_draft draft;
	const struct meta_pair *pair;
	size_t i;

	meta_read(o->meta, &draft);
	for (i = 0; i < draft.pairs.n; i++) {
		pair = &draft.pairs.v[i];
		if (!head_is_name(pair->key, strlen(pair->key)))
			continue;
		buf_adds(head, prefix);
		buf_adds(head, pair->key);
		buf_adds(head, ": ");
		add_printable(pair->value, head);
	}
	meta_draft_release(&draft);
}

/* What only the XML API says. */
static void
add_xml_head(const struct scene *s, const struct object *o)
{
	struct buf *head = &s->reply->head;

	if (o->meta != NULL)
		add_pairs(o, "\r\nx-goog-meta-", head);
	if (o->meta != NULL && speaks_s3(s->ask))
		add_pairs(o, "\r\nx-amz-meta-", head);
	buf_adds(head, "\r\nETag: ");
	xml_add_etag(o, head);
}

static void
add_head(const struct scene *s, const struct object *o, bool is_unpacked)
{
	struct buf *head = &s->reply->head;
	const char *encoding = meta_text(o->meta, META_CONTENT_ENCODING);
	char modified[40];
	time_t second = (time_t)(o->updated_us / 1000000);
	struct tm tm;

	buf_adds(head, "x-goog-generation: ");
	json_add_u64(head, o->generation);
	buf_addf(head, "\r\nx-goog-metageneration: %u", o->metageneration);
	operations_add_hashes(o, head);
	buf_adds(head, "\r\nx-goog-storage-class: ");
	buf_adds(head, object_storage_class(o));
	buf_adds(head, "\r\nx-goog-stored-content-encoding: ");
	buf_adds(head,
	    encoding != NULL && *encoding != '\0' ? encoding : "identity");
	buf_adds(head, "\r\nx-goog-stored-content-length: ");
	json_add_u64(head, o->size);
	if (o->meta != NULL)
		add_texts(o, is_unpacked, head);
	buf_adds(head,
	    is_unpacked ? "\r\nWarning: 214 UploadServer gunzipped"
			: "\r\nAccept-Ranges: bytes");
	if (s->reply->is_xml) {
		add_xml_head(s, o);
	} else {
		buf_adds(head, "\r\nETag: ");
		object_add_etag(o, head);
	}
	gmtime_r(&second, &tm);
	strftime(modified, sizeof(modified), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	buf_addf(head, "\r\nLast-Modified: %s\r\n", modified);
}

/* --- bytes --- */

/* "Content-Range: bytes 2-4/9" */
static void
add_content_range(struct buf *head, uint64_t offset, uint64_t n, uint64_t size)
{
	buf_adds(head, "Content-Range: bytes ");
	json_add_u64(head, offset);
	buf_addc(head, '-');
	json_add_u64(head, offset + n - 1);
	buf_addc(head, '/');
	json_add_u64(head, size);
	buf_adds(head, "\r\n");
}

static void
reply_beyond(struct reply *r, const char *range, uint64_t size)
{
	reply_clear(r, r->pretty);
	if (r->is_xml) {
		xml_error(r, XML_INVALID_RANGE, range, strlen(range));
	} else {
		r->status = 416;
		r->type = reply_html;
		buf_adds(&r->body, "Request range not satisfiable");
	}
	buf_adds(&r->head, "Content-Range: bytes */");
	json_add_u64(&r->head, size);
	buf_adds(&r->head, "\r\n");
}

/* Is o in gzip's form, which the client does not accept and nobody forbade to
 * undo?  Then its unpacked bytes are in media. */
static bool
unpack(const struct scene *s, const struct object *o)
{
	const char *encoding = meta_text(o->meta, META_CONTENT_ENCODING);
	const char *control = meta_text(o->meta, META_CACHE_CONTROL);
	const char *accepted;

	if (encoding == NULL || strcmp(encoding, "gzip") != 0 ||
	    o->payload == NULL)
		return false;
	accepted = ask_header(s->ask, "Accept-Encoding");
	if ((accepted != NULL && strcasestr(accepted, "gzip") != NULL) ||
	    (control != NULL && strcasestr(control, "no-transform") != NULL))
		return false;
	return gunzip(o->payload->bytes, o->payload->size, s->ask->media) == 0;
}

void
operations_reply_media(const struct scene *s, const struct object *o)
{
	const char *range = ask_header(s->ask, "Range");
	struct reply *r = s->reply;
	uint64_t offset = 0, n = o->size;

	r->type = object_type(o);
	if (unpack(s, o)) {
		add_head(s, o, true);
		return;
	}
	add_head(s, o, false);
	switch (range_parse(range, o->size, &offset, &n)) {
	case RANGE_BEYOND:
		reply_beyond(r, range, o->size);
		return;
	case RANGE_PART:
		r->status = 206;
		add_content_range(&r->head, offset, n, o->size);
		break;
	case RANGE_WHOLE:
		break;
	}
	object_add_media(o, offset, n, s->ask->media);
}

void
operations_media(const struct scene *s)
{
	struct object *o;

	if (operations_find(s, &o) != 0 || !operations_may(s, o, FOR_READ))
		return;
	if (operations_is_known(s, o))
		reply_not_modified(s->reply);
	else
		operations_reply_media(s, o);
}
