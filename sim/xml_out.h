/* SPDX-License-Identifier: MIT */
/*
 * Writes XML the way GCS does: a declaration in single quotes, one line, no
 * newline at the end.
 *
 *	xml_init(&w, out, "ListBucketResult", XML_NS_LIST);
 *	xml_open(&w, "Contents");
 *	xml_name(&w, "Key", name, n);
 *	xml_close(&w);
 *	xml_end(&w);
 *
 * Whatever the bytes, what comes out is well-formed: characters that XML 1.0
 * has no way to write, and what is not UTF-8, become U+FFFD.
 */
#ifndef SIM_XML_OUT_H
#define SIM_XML_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* Of listings, and of what has to do with multipart uploads. */
#define XML_NS_LIST   "http://doc.s3.amazonaws.com/2006-03-01"
#define XML_NS_UPLOAD "http://s3.amazonaws.com/doc/2006-03-01/"

enum { XML_OUT_DEPTH = 8 };

struct xml_out {
	struct buf *out;
	bool encodes_names; /* `encoding-type=url` */
	int depth;
	const char *open[XML_OUT_DEPTH]; /* tags, borrowed until closed */
};

/* ns: the root's namespace, or NULL. */
void xml_init(struct xml_out *w, struct buf *out, const char *root,
    const char *ns);
void xml_open(struct xml_out *w, const char *tag);
void xml_close(struct xml_out *w); /* the innermost */
void xml_end(struct xml_out *w);   /* the root, and all that is open */

/* <tag>text</tag>, or <tag/> for no text. */
void xml_text(struct xml_out *w, const char *tag, const char *s, size_t n);
void xml_str(struct xml_out *w, const char *tag, const char *s);
void xml_u64(struct xml_out *w, const char *tag, uint64_t v);
void xml_bool(struct xml_out *w, const char *tag, bool v);

/* The same of an object's name or a part of one, percent-encoded if that was
 * asked for.  Slashes stay, spaces are %20 as readers of either dialect know
 * them. */
void xml_name(struct xml_out *w, const char *tag, const char *s, size_t n);

#endif
