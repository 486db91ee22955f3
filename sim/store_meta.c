/* SPDX-License-Identifier: MIT */
/* A name that is not known is an error: a format that has more of them has
 * another number, and is refused before. */
#include "sim/store_meta.h"

#include <string.h>

#include "sim/json_out.h"
#include "sim/meta.h"
#include "src/base/buf.h"
#include "src/base/str.h"

static const char *const names[META_TEXTS] = {
	[META_CONTENT_TYPE] = "contentType",
	[META_CONTENT_ENCODING] = "contentEncoding",
	[META_CONTENT_DISPOSITION] = "contentDisposition",
	[META_CONTENT_LANGUAGE] = "contentLanguage",
	[META_CACHE_CONTROL] = "cacheControl",
	[META_STORAGE_CLASS] = "storageClass",
	[META_CUSTOM_TIME] = "customTime",
	[META_RETENTION_MODE] = "retention.mode",
	[META_RETAIN_UNTIL] = "retention.retainUntilTime",
	[META_KMS_KEY] = "kmsKeyName",
	[META_CONTEXTS] = "contexts",
	[META_ACL] = "acl",
	[META_BYTES_OF] = "bytesOf",
};

static const char temporary_hold[] = "temporaryHold";
static const char event_based_hold[] = "eventBasedHold";
static const char component_count[] = "componentCount";
static const char retained_from[] = "retainedFrom";
static const char custom[] = "metadata.";

/* --- writing --- */

static void
add_word(struct buf *out, const char *word)
{
	buf_add(out, word, strlen(word) + 1);
}

static void
add_text(struct buf *out, const char *name, const char *value)
{
	add_word(out, name);
	add_word(out, value);
}

static void
add_number(struct buf *out, const char *name, uint64_t value)
{
	if (value == 0)
		return;
	add_word(out, name);
	json_add_u64(out, value);
	buf_addc(out, '\0');
}

void
store_meta_add(const struct meta *m, struct buf *out)
{
	struct meta_draft d;
	size_t i;

	meta_read(m, &d);
	for (i = 0; i < META_TEXTS; i++) {
		if (d.text[i] != NULL)
			add_text(out, names[i], d.text[i]);
	}
	add_number(out, temporary_hold, d.temporary_hold);
	add_number(out, event_based_hold, d.event_based_hold);
	add_number(out, component_count, d.components);
	add_number(out, retained_from, d.retained_from_us);
	for (i = 0; i < d.pairs.n; i++) {
		buf_adds(out, custom);
		add_text(out, d.pairs.v[i].key, d.pairs.v[i].value);
	}
	meta_draft_release(&d);
}

/* --- reading --- */

static int
set_number(struct meta_draft *d, const char *name, const char *value)
{
	uint64_t v;

	if (str_parse_u64(value, &v) != 0)
		return -1;
	if (strcmp(name, temporary_hold) == 0)
		d->temporary_hold = v != 0;
	else if (strcmp(name, event_based_hold) == 0)
		d->event_based_hold = v != 0;
	else if (strcmp(name, component_count) == 0 && v <= UINT32_MAX)
		d->components = (uint32_t)v;
	else if (strcmp(name, retained_from) == 0)
		d->retained_from_us = v;
	else
		return -1;
	return 0;
}

static int
set_word(struct meta_draft *d, const char *name, const char *value)
{
	size_t i;

	if (str_starts(name, custom)) {
		meta_draft_set(d, name + sizeof(custom) - 1, value);
		return 0;
	}
	for (i = 0; i < META_TEXTS; i++) {
		if (strcmp(name, names[i]) == 0) {
			d->text[i] = value;
			return 0;
		}
	}
	return set_number(d, name, value);
}

int
store_meta_parse(const char *bytes, size_t n, struct meta **out)
{
	/* No metadata have no address either, which nothing may be added to. */
	const char *at = bytes, *end = n != 0 ? bytes + n : bytes;
	const char *value, *stop;
	struct meta_draft d = { 0 };
	int rc = 0;

	*out = NULL;
	for (; at < end && rc == 0; at = stop + 1) {
		value = memchr(at, '\0', (size_t)(end - at));
		stop = value != NULL
		    ? memchr(value + 1, '\0', (size_t)(end - value - 1))
		    : NULL;
		if (stop == NULL) {
			rc = -1;
			break;
		}
		rc = set_word(&d, at, value + 1);
	}
	if (rc == 0)
		*out = meta_new(&d);
	meta_draft_release(&d);
	return rc;
}
