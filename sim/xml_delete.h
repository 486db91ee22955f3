/* SPDX-License-Identifier: MIT */
/*
 * The two bodies that the XML API reads: which objects to delete at once, and
 * which parts make up an object.  An element that is not known is refused and
 * not passed over: it may well be a condition (S3 has some), and what it would
 * have spared is not to be deleted.
 */
#ifndef SIM_XML_DELETE_H
#define SIM_XML_DELETE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/xml_in.h"
#include "src/base/vec.h"

enum {
	XML_DELETE_MAX = 1000, /* keys in a request */
	XML_PARTS_MAX = 10000  /* of an object; and the highest number */
};

struct xml_victim {
	const char *name; /* the document's */
	size_t name_len;
	uint64_t generation; /* 0: the live version, whichever it is */
};

struct xml_delete {
	VEC(struct xml_victim) victims;
	bool is_quiet;
	struct xml_doc doc;
};

struct xml_part {
	uint32_t number;  /* 1 to XML_PARTS_MAX */
	const char *etag; /* without quotes; the document's */
	size_t etag_len;
};

struct xml_parts {
	VEC(struct xml_part) parts; /* as they came */
	struct xml_doc doc;
};

/* Each answers NULL, or what is wrong with the body, for the client to read.
 * Release in any case. */

/* <Delete><Object><Key/><VersionId/></Object>...<Quiet/></Delete> */
const char *xml_delete_parse(struct xml_delete *d, const void *body, size_t n);
void xml_delete_release(struct xml_delete *d);

/* <CompleteMultipartUpload><Part><PartNumber/><ETag/></Part>... */
const char *xml_parts_parse(struct xml_parts *p, const void *body, size_t n);
void xml_parts_release(struct xml_parts *p);

#endif
