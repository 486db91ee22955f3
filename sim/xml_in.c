/* SPDX-License-Identifier: MIT */
/*
 * expat tells of starts, ends and texts.  The text of an element is gathered
 * in one buffer and belongs to the innermost one: elements that have others in
 * them may have white space beside those, and nothing else.
 */
#include "sim/xml_in.h"

#include <expat.h>
#include <string.h>

#include "src/base/buf.h"

static const char too_deep[] = "Elements are nested deeper than any request "
			       "has them.";
static const char too_many[] = "More elements than any request has.";
static const char mixed[] = "Text beside elements.";
static const char no_doctype[] = "A document type declaration.";

struct reader {
	struct xml_doc *doc;
	XML_Parser parser;
	const char *fault;
	int depth;   /* of the next element */
	size_t leaf; /* 1 + index of the element that began last and is open */
	struct buf text;
};

static void
stop(struct reader *r, const char *fault)
{
	if (r->fault == NULL)
		r->fault = fault;
	XML_StopParser(r->parser, XML_FALSE);
}

static bool
is_blank(const struct buf *text)
{
	return text->data == NULL || strspn(text->data, " \t\r\n") == text->len;
}

static void
on_start(void *arg, const char *tag, const char **attributes)
{
	struct reader *r = arg;
	const char *colon = strchr(tag, ':');
	const char *name = colon != NULL ? colon + 1 : tag;
	struct xml_node *node;

	(void)attributes;
	if (r->depth == XML_IN_DEPTH) {
		stop(r, too_deep);
	} else if (r->doc->nodes.n == XML_IN_NODES) {
		stop(r, too_many);
	} else if (!is_blank(&r->text)) {
		stop(r, mixed);
	} else {
		buf_clear(&r->text);
		node = vec_push(&r->doc->nodes);
		node->depth = r->depth++;
		node->name = arena_strndup(&r->doc->texts, name, strlen(name));
		node->text = "";
		node->text_len = 0;
		r->leaf = r->doc->nodes.n;
	}
}

static void
on_end(void *arg, const char *tag)
{
	struct reader *r = arg;
	struct xml_node *node;

	(void)tag;
	r->depth--;
	if (r->leaf > 0) {
		node = &r->doc->nodes.v[r->leaf - 1];
		node->text_len = r->text.len;
		node->text = arena_strndup(&r->doc->texts,
		    r->text.len > 0 ? r->text.data : "", r->text.len);
	} else if (!is_blank(&r->text)) {
		stop(r, mixed);
	}
	r->leaf = 0;
	buf_clear(&r->text);
}

static void
on_text(void *arg, const char *s, int n)
{
	struct reader *r = arg;

	buf_add(&r->text, s, (size_t)n);
}

static void
on_doctype(void *arg, const char *name, const char *system_id,
    const char *public_id, int has_subset)
{
	(void)name, (void)system_id, (void)public_id, (void)has_subset;
	stop(arg, no_doctype);
}

const char *
xml_doc_parse(struct xml_doc *doc, const void *bytes, size_t n)
{
	struct reader r = { .doc = doc };

	memset(doc, 0, sizeof(*doc));
	if (n > XML_IN_MAX)
		return "The document is larger than 2 MiB.";
	/* Whatever a declaration says: what we read is UTF-8. */
	r.parser = XML_ParserCreate("UTF-8");
	if (r.parser == NULL)
		return "Out of memory.";
	buf_init(&r.text, XML_IN_MAX);
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	if (XML_Parse(r.parser, n > 0 ? bytes : "", (int)n, XML_TRUE) !=
		XML_STATUS_OK &&
	    r.fault == NULL)
		r.fault = XML_ErrorString(XML_GetErrorCode(r.parser));
	buf_release(&r.text);
	XML_ParserFree(r.parser);
	return r.fault;
}

void
xml_doc_release(struct xml_doc *doc)
{
	vec_release(&doc->nodes);
	arena_release(&doc->texts);
}
