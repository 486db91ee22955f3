/* SPDX-License-Identifier: MIT */
/*
 * What is known of an object beside its name, its bytes and its times: the
 * metadata that clients write.  Stored as one packed block that never changes;
 * whoever changes something reads it into a draft, edits that and packs it
 * anew.  Most objects of a registry have none at all.
 */
#ifndef SIM_META_H
#define SIM_META_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/vec.h"

enum meta_text {
	META_CONTENT_TYPE, /* absent: application/octet-stream */
	META_CONTENT_ENCODING,
	META_CONTENT_DISPOSITION,
	META_CONTENT_LANGUAGE,
	META_CACHE_CONTROL,
	META_STORAGE_CLASS,  /* absent: STANDARD */
	META_CUSTOM_TIME,    /* RFC 3339, as the client wrote it */
	META_RETENTION_MODE, /* "Locked" or "Unlocked" */
	META_RETAIN_UNTIL,   /* RFC 3339; there with the mode */
	META_KMS_KEY,
	META_CONTEXTS, /* JSON, as it will be sent back */
	META_ACL,      /* its list of access, as acl.h has it */
	META_BYTES_OF  /* of a virtual object: the name its bytes follow from */
};
enum { META_TEXTS = META_BYTES_OF + 1 };

/* The most that custom metadata may have, keys and values together. */
enum { META_CUSTOM_MAX = 8 * 1024 };

struct meta_pair {
	const char *key;
	const char *value;
};

/* Everything in it is borrowed, but the vector itself and what is inherited. */
struct meta_draft {
	const char *text[META_TEXTS]; /* NULL: absent */
	bool temporary_hold;
	bool event_based_hold;
	uint32_t components;       /* of a composite object; 0: it is none */
	uint64_t retained_from_us; /* an event-based hold ended; 0: none did */
	VEC(struct meta_pair) pairs; /* custom metadata, in order of keys */
	char *inherited;             /* a text that the bucket gave, or NULL */
};

struct meta; /* packed; free() it */

/* A zeroed draft says nothing. */
void meta_draft_release(struct meta_draft *d);

/* Sets a pair (value NULL: removes it). */
void meta_draft_set(struct meta_draft *d, const char *key, const char *value);

/* Bytes of all its pairs. */
size_t meta_draft_custom(const struct meta_draft *d);

/* NULL when there is nothing to say. */
struct meta *meta_new(const struct meta_draft *d);
struct meta *meta_dup(const struct meta *m);

/* Fills a draft that borrows from m, as long as that lives; m may be NULL. */
void meta_read(const struct meta *m, struct meta_draft *out);

/* One text (NULL: absent) and the flags, without a draft; m may be NULL. */
const char *meta_text(const struct meta *m, enum meta_text which);
bool meta_has_temporary_hold(const struct meta *m);
bool meta_has_event_based_hold(const struct meta *m);
uint32_t meta_components(const struct meta *m);
uint64_t meta_retained_from(const struct meta *m); /* 0: no hold ended */
size_t meta_size(const struct meta *m);            /* of the block */

#endif
