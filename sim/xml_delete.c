/* SPDX-License-Identifier: MIT */
/* Both bodies are lists of items, each of a few words. */
#include "sim/xml_delete.h"

#include <string.h>
#include <strings.h>

#include "src/base/str.h"

static const char unknown[] = "An element that is not known here.";
static const char twice[] = "An element that is there twice.";

static bool
is_named(const struct xml_node *node, const char *name)
{
	return strcmp(node->name, name) == 0;
}

/* The text without white space around it, which is nothing that a number, a
 * boolean or an ETag has. */
static void
trim(const struct xml_node *node, const char **s, size_t *n)
{
	*s = node->text + strspn(node->text, " \t\r\n");
	*n = strlen(*s);
	while (*n > 0 && strchr(" \t\r\n", (*s)[*n - 1]) != NULL)
		(*n)--;
}

/* -1 when it is no number. */
static int
read_u64(const struct xml_node *node, uint64_t *out)
{
	char digits[24];
	const char *s;
	size_t n;

	trim(node, &s, &n);
	if (n >= sizeof(digits))
		return -1;
	memcpy(digits, s, n);
	digits[n] = '\0';
	return str_parse_u64(digits, out);
}

static const char *
read_bool(const struct xml_node *node, bool *out)
{
	const char *s;
	size_t n;

	trim(node, &s, &n);
	*out = n == 4 && strncasecmp(s, "true", n) == 0;
	if (*out || (n == 5 && strncasecmp(s, "false", n) == 0))
		return NULL;
	return "Quiet is true or false.";
}

/* One of an item's words, in *text; NULL, or that it was there before. */
static const char *
take_text(const struct xml_node *node, const char **text, size_t *n)
{
	if (*text != NULL)
		return twice;
	*text = node->text;
	*n = node->text_len;
	return NULL;
}

/* --- Delete --- */

static const char *
read_key(struct xml_victim *v, const struct xml_node *node)
{
	if (is_named(node, "Key"))
		return take_text(node, &v->name, &v->name_len);
	if (!is_named(node, "VersionId"))
		return unknown;
	if (v->generation != 0)
		return twice;
	if (read_u64(node, &v->generation) != 0 || v->generation == 0)
		return "A VersionId is a generation: a number above 0.";
	return NULL;
}

/* An Object and what is in it; *node is its last then. */
static const char *
read_object(struct xml_delete *d, const struct xml_node **node,
    const struct xml_node *end)
{
	const char *fault = NULL;
	struct xml_victim *v;

	if (d->victims.n == XML_DELETE_MAX)
		return "More than 1000 objects in one request.";
	v = vec_push(&d->victims);
	memset(v, 0, sizeof(*v));
	while (fault == NULL && *node + 1 < end && (*node)[1].depth == 2)
		fault = read_key(v, ++*node);
	if (fault == NULL && v->name_len == 0)
		fault = "An Object without a Key.";
	return fault;
}

static const char *
read_delete(struct xml_delete *d)
{
	const struct xml_node *node = d->doc.nodes.v;
	const struct xml_node *end = node + d->doc.nodes.n;
	const char *fault = NULL;
	bool has_quiet = false;

	if (!is_named(node, "Delete"))
		return "The body of a multi-object delete is a Delete.";
	for (node++; node < end && fault == NULL; node++) {
		if (node->depth == 1 && is_named(node, "Object")) {
			fault = read_object(d, &node, end);
		} else if (node->depth == 1 && is_named(node, "Quiet")) {
			fault = has_quiet ? twice
					  : read_bool(node, &d->is_quiet);
			has_quiet = true;
		} else {
			fault = unknown;
		}
	}
	if (fault == NULL && d->victims.n == 0)
		fault = "A Delete without an Object.";
	return fault;
}

const char *
xml_delete_parse(struct xml_delete *d, const void *body, size_t n)
{
	const char *fault;

	memset(d, 0, sizeof(*d));
	fault = xml_doc_parse(&d->doc, body, n);
	return fault != NULL ? fault : read_delete(d);
}

void
xml_delete_release(struct xml_delete *d)
{
	vec_release(&d->victims);
	xml_doc_release(&d->doc);
}

/* --- CompleteMultipartUpload --- */

/* What clients may say of a part beside the two: `ChecksumCRC32` and others,
 * which the part's upload had to match already. */
static bool
is_checksum(const struct xml_node *node)
{
	return str_starts(node->name, "Checksum");
}

static const char *
read_part_word(struct xml_part *part, const struct xml_node *node)
{
	uint64_t number;

	if (is_checksum(node))
		return NULL;
	if (is_named(node, "ETag")) {
		if (part->etag != NULL)
			return twice;
		trim(node, &part->etag, &part->etag_len);
		if (part->etag_len >= 2 && part->etag[0] == '"' &&
		    part->etag[part->etag_len - 1] == '"') {
			part->etag++;
			part->etag_len -= 2;
		}
		return NULL;
	}
	if (!is_named(node, "PartNumber"))
		return unknown;
	if (part->number != 0)
		return twice;
	if (read_u64(node, &number) != 0 || number == 0 ||
	    number > XML_PARTS_MAX)
		return "A PartNumber is a number from 1 to 10000.";
	part->number = (uint32_t)number;
	return NULL;
}

/* A Part and what is in it; *node is its last then. */
static const char *
read_part(struct xml_parts *p, const struct xml_node **node,
    const struct xml_node *end)
{
	const char *fault = NULL;
	struct xml_part *part;

	if (p->parts.n == XML_PARTS_MAX)
		return "More than 10000 parts in one request.";
	part = vec_push(&p->parts);
	memset(part, 0, sizeof(*part));
	while (fault == NULL && *node + 1 < end && (*node)[1].depth == 2)
		fault = read_part_word(part, ++*node);
	if (fault == NULL && (part->number == 0 || part->etag == NULL))
		fault = "A Part has a PartNumber and an ETag.";
	return fault;
}

static const char *
read_parts(struct xml_parts *p)
{
	const struct xml_node *node = p->doc.nodes.v;
	const struct xml_node *end = node + p->doc.nodes.n;
	const char *fault = NULL;

	if (!is_named(node, "CompleteMultipartUpload"))
		return "The body that completes an upload is a "
		       "CompleteMultipartUpload.";
	for (node++; node < end && fault == NULL; node++) {
		if (node->depth == 1 && is_named(node, "Part"))
			fault = read_part(p, &node, end);
		else
			fault = unknown;
	}
	if (fault == NULL && p->parts.n == 0)
		fault = "A CompleteMultipartUpload without a Part.";
	return fault;
}

const char *
xml_parts_parse(struct xml_parts *p, const void *body, size_t n)
{
	const char *fault;

	memset(p, 0, sizeof(*p));
	fault = xml_doc_parse(&p->doc, body, n);
	return fault != NULL ? fault : read_parts(p);
}

void
xml_parts_release(struct xml_parts *p)
{
	vec_release(&p->parts);
	xml_doc_release(&p->doc);
}
