/* SPDX-License-Identifier: MIT */
/*
 * A page of 1000 objects is some 15,000 keys.  The general library takes 20 ms
 * to dump it; writing straight into one buffer takes about one.
 */
#include "sim/json_out.h"

#include <assert.h>
#include <string.h>

#include "sim/fields.h"
#include "sim/utf8.h"
#include "src/base/buf.h"

void
json_init(struct json_out *w, struct buf *out, bool pretty,
    const struct fields *want)
{
	w->out = out;
	w->pretty = pretty;
	w->has_key = false;
	w->depth = 0;
	w->inner = want;
}

static void
new_line(struct json_out *w)
{
	static const char spaces[] = "\n                                ";
	int depth = w->depth < JSON_DEPTH ? w->depth : JSON_DEPTH;

	if (w->pretty)
		buf_add(w->out, spaces, 1 + 2 * (size_t)depth);
}

/* What stands between the values of one object or array. */
static void
separate(struct json_out *w)
{
	if (w->depth == 0)
		return;
	if (w->level[w->depth - 1].has_items)
		buf_addc(w->out, ',');
	w->level[w->depth - 1].has_items = true;
	new_line(w);
}

static void
before_value(struct json_out *w)
{
	if (!w->has_key)
		separate(w);
	w->has_key = false;
}

static bool
wants(struct json_out *w, const char *key)
{
	return fields_has(w->level[w->depth - 1].want, key, &w->inner) !=
	    FIELDS_NO;
}

bool
json_key(struct json_out *w, const char *key)
{
	if (!wants(w, key))
		return false;
	separate(w);
	buf_addc(w->out, '"');
	buf_adds(w->out, key);
	buf_adds(w->out, w->pretty ? "\": " : "\":");
	w->has_key = true;
	return true;
}

void
json_open(struct json_out *w, char kind)
{
	const struct fields *want = w->inner;

	assert(w->depth < JSON_DEPTH);
	/* The elements of an array share what is wanted of the array. */
	if (w->depth > 0 && w->level[w->depth - 1].is_array)
		want = w->level[w->depth - 1].want;
	before_value(w);
	buf_addc(w->out, kind);
	w->level[w->depth].want = want;
	w->level[w->depth].is_array = kind == '[';
	w->level[w->depth].has_items = false;
	w->depth++;
}

void
json_close(struct json_out *w, char kind)
{
	w->depth--;
	if (w->level[w->depth].has_items)
		new_line(w);
	buf_addc(w->out, kind);
}

bool
json_is_utf8(const char *s, size_t n)
{
	size_t k;

	for (; n > 0; s += k, n -= k) {
		if ((k = utf8_length(s, n)) == 0)
			return false;
	}
	return true;
}

static void
add_escape(struct buf *out, uint8_t c)
{
	static const char hex[] = "0123456789abcdef";
	char text[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };

	switch (c) {
	case '"':
		buf_adds(out, "\\\"");
		return;
	case '\\':
		buf_adds(out, "\\\\");
		return;
	case '\n':
		buf_adds(out, "\\n");
		return;
	case '\r':
		buf_adds(out, "\\r");
		return;
	case '\t':
		buf_adds(out, "\\t");
		return;
	}
	buf_add(out, text, sizeof(text));
}

static bool
is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void
add_quoted(struct buf *out, const char *s, size_t n)
{
	const uint8_t *p = (const uint8_t *)s, *end = p + n, *run;
	size_t k;

	buf_addc(out, '"');
	while (p < end) {
		for (run = p; p < end && is_plain(*p); p++)
			;
		if (p > run)
			buf_add(out, run, (size_t)(p - run));
		if (p == end)
			break;
		k = utf8_length((const char *)p, (size_t)(end - p));
		if (k == 0)
			buf_adds(out, "\xef\xbf\xbd");
		else if (k == 1)
			add_escape(out, *p);
		else
			buf_add(out, p, k);
		p += k == 0 ? 1 : k;
	}
	buf_addc(out, '"');
}

void
json_text(struct json_out *w, const char *s, size_t n)
{
	before_value(w);
	add_quoted(w->out, s, n);
}

bool
json_any_key(struct json_out *w, const char *key)
{
	if (!wants(w, key))
		return false;
	separate(w);
	add_quoted(w->out, key, strlen(key));
	buf_adds(w->out, w->pretty ? ": " : ":");
	w->has_key = true;
	return true;
}

void
json_str(struct json_out *w, const char *s)
{
	json_text(w, s, strlen(s));
}

void
json_add_u64(struct buf *out, uint64_t v)
{
	char digits[20];
	size_t i = sizeof(digits);

	do {
		digits[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0);
	buf_add(out, digits + i, sizeof(digits) - i);
}

void
json_u64(struct json_out *w, uint64_t v)
{
	before_value(w);
	json_add_u64(w->out, v);
}

void
json_bool(struct json_out *w, bool v)
{
	before_value(w);
	buf_adds(w->out, v ? "true" : "false");
}

/* The string at text, quotes included: its length. */
static size_t
string_length(const char *text, size_t n)
{
	size_t i = 1;

	while (i < n && text[i] != '"')
		i += text[i] == '\\' ? 2 : 1;
	return i < n ? i + 1 : n;
}

void
json_raw(struct json_out *w, const char *text, size_t n)
{
	int depth = w->depth;
	size_t i, k;

	before_value(w);
	for (i = 0; i < n; i += k) {
		k = text[i] == '"' ? string_length(text + i, n - i) : 1;
		if ((text[i] == '}' || text[i] == ']') && --w->depth >= depth &&
		    text[i - 1] != '{' && text[i - 1] != '[')
			new_line(w);
		buf_add(w->out, text + i, k);
		w->depth += text[i] == '{' || text[i] == '[';
		if (text[i] == ',' ||
		    ((text[i] == '{' || text[i] == '[') && i + 1 < n &&
			text[i + 1] != '}' && text[i + 1] != ']'))
			new_line(w);
		else if (text[i] == ':' && w->pretty)
			buf_addc(w->out, ' ');
	}
	w->depth = depth;
}

void
json_u64_str(struct json_out *w, uint64_t v)
{
	before_value(w);
	buf_addc(w->out, '"');
	json_add_u64(w->out, v);
	buf_addc(w->out, '"');
}

void
json_end(struct json_out *w)
{
	buf_addc(w->out, '\n');
}
