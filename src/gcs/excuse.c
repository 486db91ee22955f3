/* SPDX-License-Identifier: MIT */
/*
 * Every server has its own way to write an error, and emulators have more than
 * one; this file believes nothing.  It looks for a message wherever one has
 * been seen, and falls back to the text without its tags.
 */
#include "src/gcs/excuse.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "src/net/client.h"
#include "src/net/echo.h"

/* Steps down through envelopes; one within a string within one takes five. */
enum { NESTING_MAX = 6 };

/* Copies text as one line: blanks and controls become single spaces, what does
 * not fit is cut off between characters. */
static void
copy_line(char *out, size_t size, const char *text, size_t n)
{
	size_t used = 0, i;

	for (i = 0; i < n && used + 1 < size; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c > ' ' && c != 0x7f)
			out[used++] = (char)c;
		else if (used > 0 && out[used - 1] != ' ')
			out[used++] = ' ';
	}
	if (i < n) {
		/* Back over continuation bytes, and the byte that led them. */
		while (used > 0 && (out[used - 1] & 0xc0) == 0x80)
			used--;
		if (used > 0 && (out[used - 1] & 0x80) != 0)
			used--;
	}
	while (used > 0 && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
}

/* Replaces <...> by a space in place; answers the new length. */
static size_t
strip_tags(char *text, size_t n)
{
	size_t used = 0, i;
	bool in_tag = false;

	for (i = 0; i < n; i++) {
		if (text[i] == '<') {
			in_tag = true;
			text[used++] = ' ';
		} else if (text[i] == '>') {
			in_tag = false;
		} else if (!in_tag) {
			text[used++] = text[i];
		}
	}
	return used;
}

static void
read_text(const char *body, size_t n, struct gcs_excuse *out)
{
	/* Enough to get past an XML declaration and a style sheet's tag. */
	char text[4096];

	if (n > sizeof(text))
		n = sizeof(text);
	if (n != 0)
		memcpy(text, body, n);
	if (n != 0 && text[0] == '<')
		n = strip_tags(text, n);
	copy_line(out->message, sizeof(out->message), text, n);
}

static void
take_reason(const json_t *reason, struct gcs_excuse *out)
{
	if (json_is_string(reason) && out->reason[0] == '\0')
		copy_line(out->reason, sizeof(out->reason),
		    json_string_value(reason), json_string_length(reason));
}

/* Answers true once a message was found in the value or below it. */
static bool
read_value(json_t *value, unsigned depth, struct gcs_excuse *out)
{
	json_t *inner, *first;
	bool found;

	if (depth > NESTING_MAX)
		return false;
	if (json_is_string(value)) {
		const char *text = json_string_value(value);
		size_t n = json_string_length(value);

		if ((inner = json_loadb(text, n, 0, NULL)) != NULL) {
			found = read_value(inner, depth + 1, out);
			json_decref(inner);
			if (found)
				return true;
		}
		copy_line(out->message, sizeof(out->message), text, n);
		return out->message[0] != '\0';
	}
	if (!json_is_object(value))
		return false;
	first = json_array_get(json_object_get(value, "errors"), 0);
	take_reason(json_object_get(first, "reason"), out);
	take_reason(json_object_get(value, "reason"), out);
	if (read_value(json_object_get(value, "error"), depth + 1, out) ||
	    read_value(json_object_get(value, "message"), depth + 1, out) ||
	    read_value(json_object_get(first, "message"), depth + 1, out))
		return true;
	/* {"error": "invalid_grant", "error_description": "..."} and the like
	 * have no more than this. */
	take_reason(json_object_get(value, "status"), out);
	return false;
}

void
gcs_excuse_parse(const char *body, size_t n, struct gcs_excuse *out)
{
	json_t *root = n != 0 ? json_loadb(body, n, 0, NULL) : NULL;

	*out = (struct gcs_excuse){ .reason = "" };
	if (root == NULL || !read_value(root, 0, out))
		read_text(body, n, out);
	json_decref(root);
}

void
gcs_excuse_read(const struct http_request *req, struct gcs_excuse *out)
{
	gcs_excuse_parse(req->content.data, req->content.len, out);
	/* Both were cut if they are as long as they can be: a blank or a
	 * character of more than one byte may be missing at the end. */
	echo_hide(req, out->reason,
	    strlen(out->reason) > sizeof(out->reason) - 5);
	echo_hide(req, out->message,
	    strlen(out->message) > sizeof(out->message) - 5);
}
