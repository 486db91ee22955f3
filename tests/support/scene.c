/* SPDX-License-Identifier: MIT */
/* Names are written out here by hand, so that a slip in paths.c shows. */
#include "tests/support/scene.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/registry/digest.h"
#include "src/storage/mem_store.h"

enum { NAME_MAX_BYTES = 2048 };

#define format_name(out, format)                                          \
	do {                                                              \
		va_list ap;                                               \
		size_t used = (size_t)snprintf(out, NAME_MAX_BYTES,       \
		    "docker/registry/v2/");                               \
		va_start(ap, format);                                     \
		vsnprintf(out + used, NAME_MAX_BYTES - used, format, ap); \
		va_end(ap);                                               \
	} while (0)

void
scene_put(struct storage *mem, const char *body, const char *format, ...)
{
	char name[NAME_MAX_BYTES];

	format_name(name, format);
	mem_store_put(mem, name, body, strlen(body));
}

bool
scene_has(struct storage *mem, const char *format, ...)
{
	char name[NAME_MAX_BYTES];

	format_name(name, format);
	return mem_store_has(mem, name);
}

void
scene_remove(struct storage *mem, const char *format, ...)
{
	char name[NAME_MAX_BYTES];

	format_name(name, format);
	mem_store_remove(mem, name);
}

struct text
scene_digest(const char *bytes, size_t n)
{
	struct text text;
	struct digest d;
	int at = sprintf(text.s, "sha256:"), i;

	digest_compute(DIGEST_SHA256, bytes, n, &d);
	for (i = 0; i < 32; i++)
		at += sprintf(text.s + at, "%02x", d.raw[i]);
	return text;
}

const char *
scene_hex(const struct text *digest)
{
	return strchr(digest->s, ':') + 1;
}

struct text
scene_blob_name(const struct text *digest)
{
	const char *hex = scene_hex(digest);
	struct text name;

	snprintf(name.s, sizeof(name.s), "blobs/sha256/%.2s/%s/data", hex, hex);
	return name;
}

struct text
scene_blob(struct storage *mem, const char *body)
{
	struct text d = scene_digest(body, strlen(body));

	scene_put(mem, body, "%s", scene_blob_name(&d).s);
	return d;
}

bool
scene_has_blob(struct storage *mem, const struct text *digest)
{
	return scene_has(mem, "%s", scene_blob_name(digest).s);
}

void
scene_revision(struct storage *mem, const char *repo, const struct text *digest)
{
	scene_put(mem, digest->s,
	    "repositories/%s/_manifests/revisions/sha256/%s/link", repo,
	    scene_hex(digest));
}

void
scene_index(struct storage *mem, const char *repo, const char *tag,
    const struct text *digest)
{
	scene_put(mem, digest->s,
	    "repositories/%s/_manifests/tags/%s/index/sha256/%s/link", repo,
	    tag, scene_hex(digest));
}

void
scene_tag(struct storage *mem, const char *repo, const char *tag,
    const struct text *digest)
{
	scene_put(mem, digest->s,
	    "repositories/%s/_manifests/tags/%s/current/link", repo, tag);
	scene_index(mem, repo, tag, digest);
}

bool
scene_has_revision(struct storage *mem, const char *repo,
    const struct text *digest)
{
	return scene_has(mem,
	    "repositories/%s/_manifests/revisions/sha256/%s/link", repo,
	    scene_hex(digest));
}

bool
scene_has_index(struct storage *mem, const char *repo, const char *tag,
    const struct text *digest)
{
	return scene_has(mem,
	    "repositories/%s/_manifests/tags/%s/index/sha256/%s/link", repo,
	    tag, scene_hex(digest));
}

void
scene_image_body(struct storage *mem, const char *label, const char *extra,
    struct image *out)
{
	char piece[256];

	snprintf(piece, sizeof(piece), "config of %s", label);
	out->config = scene_blob(mem, piece);
	snprintf(piece, sizeof(piece), "layer of %s", label);
	out->layer = scene_blob(mem, piece);
	snprintf(out->body, sizeof(out->body),
	    "{\"schemaVersion\":2,"
	    "\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
	    "\"config\":{\"digest\":\"%s\"},\"layers\":[{\"digest\":\"%s\"}]%s}",
	    out->config.s, out->layer.s, extra);
	out->manifest = scene_digest(out->body, strlen(out->body));
}

void
scene_image(struct storage *mem, const char *repo, const char *tag,
    const char *label, struct image *out)
{
	scene_image_body(mem, label, "", out);
	scene_blob(mem, out->body);
	scene_revision(mem, repo, &out->manifest);
	if (tag != NULL)
		scene_tag(mem, repo, tag, &out->manifest);
}

struct text
scene_list(struct storage *mem, const struct text *const *children, size_t n)
{
	struct text digest;
	struct buf body;
	size_t i;

	buf_init(&body, 64 * 1024);
	buf_adds(&body,
	    "{\"schemaVersion\":2,\"mediaType\":"
	    "\"application/vnd.oci.image.index.v1+json\","
	    "\"manifests\":[");
	for (i = 0; i < n; i++)
		buf_addf(&body, "%s{\"digest\":\"%s\"}", i ? "," : "",
		    children[i]->s);
	buf_adds(&body, "]}");
	digest = scene_blob(mem, body.data);
	buf_release(&body);
	return digest;
}
