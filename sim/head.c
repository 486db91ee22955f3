/* SPDX-License-Identifier: MIT */
/*
 * Stricter than a reader must be: what the standard lets a server repair (a
 * bare LF, a folded line) is refused, because the next reader may repair it
 * into something else.  No client that we know sends any of it.
 */
#include "sim/head.h"

#include <string.h>
#include <strings.h>

#include "src/base/str.h"

/* A piece of a line. */
struct text {
	const char *s;
	size_t n;
};

static enum head_state
refuse(struct head *head, int status, const char *fault)
{
	head->status = status;
	head->fault = fault;
	return HEAD_FAULTY;
}

void
head_init(struct head *head)
{
	*head = (struct head){ 0 };
}

static bool
is_text(const char *s, size_t n, const char *lower)
{
	return n == strlen(lower) && strncasecmp(s, lower, n) == 0;
}

/* --- METHOD TARGET HTTP/1.1 --- */

/* Later ones are unknown, and an answer would be in the version of its
 * request. */
static bool
is_version(const char *s, size_t n)
{
	static const char prefix[] = "HTTP/1.";

	return n == sizeof(prefix) && memcmp(s, prefix, n - 1) == 0 &&
	    (s[n - 1] == '0' || s[n - 1] == '1');
}

static bool
is_method(struct head *head, const char *s, size_t n)
{
	static const struct {
		const char *name;
		enum http_method method;
		bool may_have_body;
	} methods[] = {
		{ "DELETE", HTTP_DELETE, false },
		{ "GET", HTTP_GET, false },
		{ "HEAD", HTTP_HEAD, false },
		{ "OPTIONS", HTTP_OPTIONS, false },
		{ "PATCH", HTTP_PATCH, true },
		{ "POST", HTTP_POST, true },
		{ "PUT", HTTP_PUT, true },
	};
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (str_is(s, n, methods[i].name)) {
			head->method = methods[i].method;
			head->may_have_body = methods[i].may_have_body;
			return true;
		}
	}
	return false;
}

static enum head_state
read_first_line(struct head *head, const char *line, size_t n)
{
	const char *end = line + n;
	const char *target = memchr(line, ' ', n), *version = NULL;

	if (target != NULL && ++target < end)
		version = memchr(target, ' ', (size_t)(end - target));
	if (version == NULL || version == target ||
	    !is_version(version + 1, (size_t)(end - version - 1)))
		return refuse(head, 400,
		    "The first line is not METHOD TARGET HTTP/1.1.");
	head->target_at = (size_t)(target - line);
	head->target_len = (size_t)(version - target);
	if (!is_method(head, line, head->target_at - 1))
		return refuse(head, 501, "No such method.");
	return HEAD_UNFINISHED;
}

/* --- Name: value --- */

static struct text
trim(const char *s, const char *end)
{
	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	while (s < end && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return (struct text){ s, (size_t)(end - s) };
}

static enum head_state
read_length(struct head *head, struct text value)
{
	size_t i;

	if (head->has_length || value.n == 0)
		return refuse(head, 400,
		    "A Content-Length that is not one number.");
	head->has_length = true;
	for (i = 0; i < value.n; i++) {
		if (value.s[i] < '0' || value.s[i] > '9')
			return refuse(head, 400,
			    "A Content-Length that is not one number.");
		/* What is too long for a number is too long for a body. */
		if (head->length <= UINT64_MAX / 10 - 1)
			head->length = 10 * head->length +
			    (uint64_t)(value.s[i] - '0');
	}
	return HEAD_UNFINISHED;
}

static enum head_state
read_field(struct head *head, const char *line, size_t n)
{
	const char *colon = memchr(line, ':', n);
	size_t name_len = colon != NULL ? (size_t)(colon - line) : 0;
	struct text value;

	if (name_len == 0)
		return refuse(head, 400, "A line that is no header.");
	if (memchr(line, ' ', name_len) != NULL ||
	    memchr(line, '\t', name_len) != NULL)
		return refuse(head, 400, "A header name with a space in it.");
	value = trim(colon + 1, line + n);
	if (is_text(line, name_len, "content-length"))
		return read_length(head, value);
	if (is_text(line, name_len, "host")) {
		if (head->has_host)
			return refuse(head, 400, "More than one Host.");
		head->has_host = true;
	}
	if (is_text(line, name_len, "transfer-encoding")) {
		if (head->is_chunked || !is_text(value.s, value.n, "chunked"))
			return refuse(head, 400,
			    "A Transfer-Encoding other than chunked.");
		head->is_chunked = true;
	}
	return HEAD_UNFINISHED;
}

/* --- the whole --- */

static enum head_state
judge(struct head *head)
{
	if (!head->has_host)
		return refuse(head, 400, "No Host header.");
	if (head->has_length && head->is_chunked)
		return refuse(head, 400,
		    "Both a Content-Length and a Transfer-Encoding.");
	if ((head->length > 0 || head->is_chunked) && !head->may_have_body)
		return refuse(head, 400, "This method takes no body.");
	if (head->length > HTTP_MAX_BODY)
		return refuse(head, 413, "The body is too large.");
	return HEAD_WHOLE;
}

static bool
has_control(const char *line, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)line[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return true;
	}
	return false;
}

/* A line without its end; the empty one ends the head. */
static enum head_state
read_line(struct head *head, const char *line, size_t n)
{
	if (has_control(line, n))
		return refuse(head, 400, "A control character in the head.");
	if (head->target_at == 0)
		return read_first_line(head, line, n);
	return n == 0 ? judge(head) : read_field(head, line, n);
}

enum head_state
head_read(struct head *head, const char *bytes, size_t n)
{
	size_t most = n < HTTP_MAX_HEAD ? n : HTTP_MAX_HEAD;
	enum head_state state = HEAD_UNFINISHED;
	const char *line, *end;

	while (state == HEAD_UNFINISHED) {
		line = bytes + head->len;
		end = memchr(line, '\n', most - head->len);
		if (end == NULL)
			break;
		if (end == line || end[-1] != '\r')
			return refuse(head, 400,
			    "A line that does not end in CR LF.");
		state = read_line(head, line, (size_t)(end - line) - 1);
		head->len = (size_t)(end - bytes) + 1;
	}
	if (state == HEAD_UNFINISHED && n >= HTTP_MAX_HEAD)
		return refuse(head, 431, "The head is too large.");
	return state;
}
