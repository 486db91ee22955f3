/* SPDX-License-Identifier: MIT */
/*
 * Small registries made by hand, object by object, in a store from mem_store,
 * below an empty rootdirectory.  Digests travel as text, as links hold them.
 */
#ifndef TESTS_SUPPORT_SCENE_H
#define TESTS_SUPPORT_SCENE_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/err.h"

struct storage;

struct text {
	char s[160]; /* "sha256:<hex>" */
};

/* Puts a string at docker/registry/v2/<formatted name>, or looks for it. */
void scene_put(struct storage *mem, const char *body, const char *format, ...)
    PRINTF_LIKE(3, 4);
bool scene_has(struct storage *mem, const char *format, ...) PRINTF_LIKE(2, 3);
void scene_remove(struct storage *mem, const char *format, ...)
    PRINTF_LIKE(2, 3);

/* The digest of n bytes; its hex alone; the blob's name below the layout. */
struct text scene_digest(const char *bytes, size_t n);
const char *scene_hex(const struct text *digest);
struct text scene_blob_name(const struct text *digest);

/* Stores a string as a blob and answers its digest. */
struct text scene_blob(struct storage *mem, const char *body);

/* Is the blob there? */
bool scene_has_blob(struct storage *mem, const struct text *digest);

/* Links, with the digest as their body. */
void scene_revision(struct storage *mem, const char *repo,
    const struct text *digest);
void scene_tag(struct storage *mem, const char *repo, const char *tag,
    const struct text *digest); /* current and index */
void scene_index(struct storage *mem, const char *repo, const char *tag,
    const struct text *digest);

bool scene_has_revision(struct storage *mem, const char *repo,
    const struct text *digest);
bool scene_has_index(struct storage *mem, const char *repo, const char *tag,
    const struct text *digest);

/* The bytes of an OCI image with a config and a layer named after the label;
 * extra is JSON to add, such as ",\"subject\":{...}".  The pieces are stored,
 * the manifest is not. */
struct image {
	char body[4096];
	struct text manifest, config, layer;
};
void scene_image_body(struct storage *mem, const char *label, const char *extra,
    struct image *out);

/* The same, with the manifest stored, linked in repo, and tagged (tag NULL:
 * not). */
void scene_image(struct storage *mem, const char *repo, const char *tag,
    const char *label, struct image *out);

/* An OCI index naming n digests, stored; no links. */
struct text scene_list(struct storage *mem, const struct text *const *children,
    size_t n);

#endif
