/* SPDX-License-Identifier: MIT */
/* A page is written straight into one buffer, runs of plain bytes at once. */
#include "sim/xml_out.h"

#include <assert.h>
#include <string.h>

#include "sim/json_out.h"
#include "sim/percent.h"
#include "sim/utf8.h"
#include "src/base/buf.h"

static const char replacement[] = "\xef\xbf\xbd";

void
xml_init(struct xml_out *w, struct buf *out, const char *root, const char *ns)
{
	w->out = out;
	w->encodes_names = false;
	w->depth = 0;
	buf_adds(out, "<?xml version='1.0' encoding='UTF-8'?><");
	buf_adds(out, root);
	if (ns != NULL) {
		buf_adds(out, " xmlns='");
		buf_adds(out, ns);
		buf_addc(out, '\'');
	}
	buf_addc(out, '>');
	w->open[w->depth++] = root;
}

static void
add_start(struct xml_out *w, const char *tag)
{
	buf_addc(w->out, '<');
	buf_adds(w->out, tag);
	buf_addc(w->out, '>');
}

static void
add_end(struct xml_out *w, const char *tag)
{
	buf_adds(w->out, "</");
	buf_adds(w->out, tag);
	buf_addc(w->out, '>');
}

void
xml_open(struct xml_out *w, const char *tag)
{
	assert(w->depth < XML_OUT_DEPTH);
	add_start(w, tag);
	w->open[w->depth++] = tag;
}

void
xml_close(struct xml_out *w)
{
	assert(w->depth > 0);
	add_end(w, w->open[--w->depth]);
}

void
xml_end(struct xml_out *w)
{
	while (w->depth > 0)
		xml_close(w);
}

static bool
is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && strchr("&<>\"'", c) == NULL;
}

/* A byte of ASCII that is not plain. */
static void
add_escape(struct buf *out, char c)
{
	switch (c) {
	case '&':
		buf_adds(out, "&amp;");
		return;
	case '<':
		buf_adds(out, "&lt;");
		return;
	case '>':
		buf_adds(out, "&gt;");
		return;
	case '"':
		buf_adds(out, "&quot;");
		return;
	case '\'':
		buf_adds(out, "&#39;");
		return;
	case '\r': /* as itself, a reader would make a newline of it */
		buf_adds(out, "&#13;");
		return;
	case '\t':
	case '\n':
	case 0x7f:
		buf_addc(out, c);
		return;
	}
	buf_adds(out, replacement);
}

/* U+FFFE and U+FFFF are UTF-8 and no characters of XML. */
static bool
is_noncharacter(const char *s, size_t n)
{
	return n == 3 && memcmp(s, "\xef\xbf", 2) == 0 && (uint8_t)s[2] >= 0xbe;
}

static void
add_text(struct buf *out, const char *s, size_t n)
{
	const char *end = s + n, *run;
	size_t k;

	while (s < end) {
		for (run = s; s < end && is_plain((uint8_t)*s); s++)
			;
		if (s > run)
			buf_add(out, run, (size_t)(s - run));
		if (s == end)
			break;
		k = utf8_length(s, (size_t)(end - s));
		if (k == 1)
			add_escape(out, *s);
		else if (k == 0 || is_noncharacter(s, k))
			buf_adds(out, replacement);
		else
			buf_add(out, s, k);
		s += k == 0 ? 1 : k;
	}
}

static void
add_empty(struct xml_out *w, const char *tag)
{
	buf_addc(w->out, '<');
	buf_adds(w->out, tag);
	buf_adds(w->out, "/>");
}

void
xml_text(struct xml_out *w, const char *tag, const char *s, size_t n)
{
	if (n == 0) {
		add_empty(w, tag);
		return;
	}
	add_start(w, tag);
	add_text(w->out, s, n);
	add_end(w, tag);
}

void
xml_str(struct xml_out *w, const char *tag, const char *s)
{
	xml_text(w, tag, s, strlen(s));
}

void
xml_u64(struct xml_out *w, const char *tag, uint64_t v)
{
	add_start(w, tag);
	json_add_u64(w->out, v);
	add_end(w, tag);
}

void
xml_bool(struct xml_out *w, const char *tag, bool v)
{
	xml_str(w, tag, v ? "true" : "false");
}

void
xml_name(struct xml_out *w, const char *tag, const char *s, size_t n)
{
	const char *end = s + n, *slash;

	if (!w->encodes_names || n == 0) {
		xml_text(w, tag, s, n);
		return;
	}
	add_start(w, tag);
	for (;; s = slash + 1) {
		slash = memchr(s, '/', (size_t)(end - s));
		percent_encode(w->out, s,
		    (size_t)((slash != NULL ? slash : end) - s));
		if (slash == NULL)
			break;
		buf_addc(w->out, '/');
	}
	add_end(w, tag);
}
