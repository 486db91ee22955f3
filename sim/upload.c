/* SPDX-License-Identifier: MIT */
/*
 * The three kinds differ in where the metadata and the type are; what follows
 * from there is the same.  Types go into answers as headers, so each is one
 * line of plain text.
 */
#include "sim/upload.h"

#include <string.h>
#include <strings.h>

#include "sim/multipart.h"
#include "sim/operations.h"
#include "sim/promise.h"
#include "sim/routes.h"

enum { TEXT_MAX = 1024, PROMISED_MAX = 4096 };

/* Where the parts of a request are. */
struct places {
	const char *metadata;
	size_t metadata_n;
	const char *type; /* of the media; not NUL-terminated */
	size_t type_n;
	const char *media;
	size_t media_n;
};

/* Production takes requests without uploadType for what they look like. */
static enum upload_kind
kind_of(const struct query *q, const char *content_type)
{
	static const char multipart[] = "multipart/related";

	if (query_is(q, "uploadType", "media"))
		return UPLOAD_MEDIA;
	if (query_is(q, "uploadType", "multipart"))
		return UPLOAD_MULTIPART;
	if (query_is(q, "uploadType", "resumable"))
		return UPLOAD_RESUMABLE;
	if (query_has(q, "uploadType"))
		return UPLOAD_UNKNOWN;
	return content_type != NULL &&
		strncasecmp(content_type, multipart, sizeof(multipart) - 1) == 0
	    ? UPLOAD_MULTIPART
	    : UPLOAD_MEDIA;
}

static const char *
find_places(enum upload_kind kind, const char *content_type, const void *body,
    size_t n, struct places *out)
{
	struct multipart parts;
	const char *fault;

	*out = (struct places){ .media = body, .media_n = n };
	if (kind == UPLOAD_RESUMABLE) {
		*out = (struct places){ .metadata = body, .metadata_n = n };
	} else if (kind == UPLOAD_MULTIPART) {
		fault = multipart_parse(content_type, body, n, &parts);
		if (fault != NULL)
			return fault;
		*out = (struct places){ parts.metadata.bytes, parts.metadata.n,
			parts.media.type, parts.media.type_n, parts.media.bytes,
			parts.media.n };
	} else if (content_type != NULL) {
		out->type = content_type;
		out->type_n = strlen(content_type);
	}
	return NULL;
}

static const char *
set_type(struct upload *u, const char *type, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (type[i] < 0x20 || type[i] > 0x7e)
			return "Invalid value for the content type.";
	}
	if (buf_add(&u->type, type, n) != 0)
		return "The content type is too long.";
	return NULL;
}

/* A parameter that is a line of text, as all that goes into a head is; -1: it
 * is something else. */
static int
read_line(const struct query *q, const char *key, struct buf *out)
{
	return query_get(q, key, out) == 0 && !out->full &&
		object_json_is_plain(out->data, out->len)
	    ? 0
	    : -1;
}

/* What the draft does not say yet, and what parameters say in its place. */
static const char *
complete_draft(struct upload *u, const struct query *q)
{
	struct meta_draft *draft = &u->about.draft;

	if (draft->text[META_CONTENT_TYPE] == NULL && u->type.len > 0)
		draft->text[META_CONTENT_TYPE] = u->type.data;
	if (read_line(q, "contentEncoding", &u->encoding) != 0)
		return "Invalid value for: contentEncoding";
	if (read_line(q, "kmsKeyName", &u->key) != 0)
		return "Invalid value for: kmsKeyName";
	if (u->encoding.len > 0)
		draft->text[META_CONTENT_ENCODING] = u->encoding.data;
	if (u->key.len > 0)
		draft->text[META_KMS_KEY] = u->key.data;
	return NULL;
}

void
upload_add_promises(const struct ask *ask, struct buf *promised)
{
	const char *value;
	size_t at = 0;

	while ((value = ask_next_header(ask, "X-Goog-Hash", &at)) != NULL)
		promise_add_header(promised, value);
}

static const char *
read_promises(struct upload *u, const struct ask *ask)
{
	promise_add(&u->promised, "md5", u->about.md5);
	promise_add(&u->promised, "crc32c", u->about.crc32c);
	upload_add_promises(ask, &u->promised);
	if (u->kind == UPLOAD_MEDIA) /* else it is of all parts together */
		promise_add(&u->promised, "md5",
		    ask_header(ask, "Content-MD5"));
	return u->promised.full ? "The hashes are too long." : NULL;
}

const char *
upload_read(struct upload *u, const struct ask *ask)
{
	const char *type = ask_header(ask, "Content-Type"), *fault;
	const struct query *q = &ask->route->query;
	struct places at;

	*u = (struct upload){ .kind = kind_of(q, type) };
	buf_init(&u->promised, PROMISED_MAX);
	buf_init(&u->type, TEXT_MAX);
	buf_init(&u->encoding, TEXT_MAX);
	buf_init(&u->key, TEXT_MAX);
	if (u->kind == UPLOAD_UNKNOWN)
		return "The parameter uploadType must be media, multipart or "
		       "resumable.";
	fault = find_places(u->kind, type, ask->body, ask->body_len, &at);
	if (fault != NULL)
		return fault;
	if (u->kind == UPLOAD_RESUMABLE) {
		at.type = ask_header(ask, "X-Upload-Content-Type");
		at.type_n = at.type != NULL ? strlen(at.type) : 0;
	}
	u->media = at.media;
	u->n = at.media_n;
	fault = object_json_parse(&u->about, at.metadata, at.metadata_n, NULL,
	    OBJECT_JSON_NEW);
	if (fault == NULL)
		fault = set_type(u, at.type, at.type_n);
	if (fault == NULL)
		fault = complete_draft(u, q);
	return fault != NULL ? fault : read_promises(u, ask);
}

void
upload_release(struct upload *u)
{
	object_json_release(&u->about);
	buf_release(&u->promised);
	buf_release(&u->type);
	buf_release(&u->encoding);
	buf_release(&u->key);
}

void
upload_name(struct route *route, const char *content_type, const void *body,
    size_t n)
{
	enum upload_kind kind = kind_of(&route->query, content_type);
	struct object_json about;
	struct places at;

	if (kind == UPLOAD_UNKNOWN ||
	    find_places(kind, content_type, body, n, &at) != NULL)
		return;
	if (object_json_parse(&about, at.metadata, at.metadata_n, NULL,
		OBJECT_JSON_NEW) == NULL &&
	    about.name != NULL)
		buf_adds(&route->name, about.name);
	object_json_release(&about);
}
