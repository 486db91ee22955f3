/* SPDX-License-Identifier: MIT */
/*
 * Reads the small XML documents that clients send: a root, items, and what
 * each says.  All elements come as one list in the order of the text, each
 * with its depth; what they may be called is the reader's business.
 *
 * A document type declaration is refused, so there are no entities beyond
 * XML's five, and nothing grows in reading.  Attributes, comments, processing
 * instructions and namespace prefixes are passed over.
 */
#ifndef SIM_XML_IN_H
#define SIM_XML_IN_H

#include <stddef.h>

#include "src/base/arena.h"
#include "src/base/vec.h"

enum {
	/* Room for 1000 names of the longest, a third of their bytes written
	 * in the longest way. */
	XML_IN_MAX = 2 * 1024 * 1024,
	XML_IN_NODES = 65536, /* 10,000 parts with five elements each */
	XML_IN_DEPTH = 3      /* <Delete><Object><Key> */
};

struct xml_node {
	int depth; /* 0: the root */
	const char *name;
	const char *text; /* NUL-terminated; "" of what has elements in it */
	size_t text_len;
};

struct xml_doc {
	VEC(struct xml_node) nodes;
	struct arena texts;
};

/* NULL, or what is wrong, for the client to read.  xml_doc_release in any
 * case. */
const char *xml_doc_parse(struct xml_doc *doc, const void *bytes, size_t n);
void xml_doc_release(struct xml_doc *doc);

#endif
