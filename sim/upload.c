/* SPDX-License-Identifier: MIT */
/* A type goes into answers as a header, so it is one line of plain text. */
#include "sim/upload.h"

#include <string.h>

#include "sim/base64.h"
#include "sim/multipart.h"
#include "sim/object.h"
#include "sim/routes.h"

enum { TYPE_MAX = 1024, HASH_TEXT_MAX = 64 };

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

static const char *
read_multipart(struct upload *u, const char *content_type, const void *body,
    size_t n)
{
	struct multipart parts;
	const char *fault = multipart_parse(content_type, body, n, &parts);

	if (fault != NULL)
		return fault;
	if (body_parse_metadata(parts.metadata.bytes, parts.metadata.n,
		&u->metadata) != 0)
		return "Parse Error: the first part of a multipart body must "
		       "be the object's metadata, a JSON object.";
	u->media = parts.media.bytes;
	u->n = parts.media.n;
	if (u->metadata.type != NULL)
		return set_type(u, u->metadata.type, strlen(u->metadata.type));
	return set_type(u, parts.media.type, parts.media.type_n);
}

const char *
upload_read(struct upload *u, const struct route *route,
    const char *content_type, const void *body, size_t n)
{
	*u = (struct upload){ .media = body, .n = n };
	buf_init(&u->type, TYPE_MAX);
	if (query_is(&route->query, "uploadType", "media"))
		return set_type(u, content_type,
		    content_type != NULL ? strlen(content_type) : 0);
	if (query_is(&route->query, "uploadType", "multipart"))
		return read_multipart(u, content_type, body, n);
	if (query_is(&route->query, "uploadType", "resumable"))
		return "The simulator takes no resumable uploads; use "
		       "uploadType=media or uploadType=multipart.";
	return "The parameter uploadType must be media or multipart.";
}

void
upload_release(struct upload *u)
{
	body_metadata_release(&u->metadata);
	buf_release(&u->type);
}

/* what: as production calls it. */
static void
add_difference(const char *what, const char *promised, const void *hash,
    size_t n, struct buf *out)
{
	struct buf found;

	buf_init(&found, HASH_TEXT_MAX);
	base64_add(&found, hash, n);
	if (promised != NULL && strcmp(promised, found.data) != 0 &&
	    out->len == 0)
		buf_addf(out,
		    "Provided %s \"%.*s\" doesn't match calculated %s \"%s\".",
		    what, HASH_TEXT_MAX, promised, what, found.data);
	buf_release(&found);
}

void
upload_add_mismatch(const struct upload *u, const struct payload *p,
    struct buf *out)
{
	uint8_t crc[4];
	int i;

	for (i = 0; i < 4; i++)
		crc[i] = (uint8_t)(p->crc32c >> (24 - 8 * i));
	add_difference("MD5 hash", u->metadata.md5, p->md5, sizeof(p->md5),
	    out);
	add_difference("CRC32C", u->metadata.crc32c, crc, sizeof(crc), out);
}

void
upload_name(struct route *route, const char *content_type, const void *body,
    size_t n)
{
	struct upload u;

	if (!query_is(&route->query, "uploadType", "multipart"))
		return;
	if (upload_read(&u, route, content_type, body, n) == NULL &&
	    u.metadata.name != NULL)
		buf_adds(&route->name, u.metadata.name);
	upload_release(&u);
}
