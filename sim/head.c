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

/* Later ones are unknown. */
static bool
is_version(struct head *head, const char *s, size_t n)
{
	static const char prefix[] = "HTTP/1.";

	if (n != sizeof(prefix) || memcmp(s, prefix, n - 1) != 0)
		return false;
	head->is_old = s[n - 1] == '0';
	return head->is_old || s[n - 1] == '1';
}

static bool
is_method(struct head *head, const char *s, size_t n)
{
	static const struct {
		const char *name;
		enum http_method method;
		bool may_have_body;
	} methods[] = {
		{ "GET", HTTP_GET, false },
		{ "DELETE", HTTP_DELETE, false },
		{ "POST", HTTP_POST, true },
		{ "PUT", HTTP_PUT, true },
		{ "HEAD", HTTP_HEAD, false },
		{ "PATCH", HTTP_PATCH, true },
		{ "OPTIONS", HTTP_OPTIONS, false },
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
	    !is_version(head, version + 1, (size_t)(end - version - 1)) ||
	    memchr(line, '\t', n) != NULL)
		return refuse(head, 400,
		    "The first line is not METHOD TARGET HTTP/1.1.");
	head->target_at = (size_t)(target - line);
	head->target_len = (size_t)(version - target);
	if (!is_method(head, line, head->target_at - 1))
		return refuse(head, 501, "No such method.");
	if (*target != '/')
		return refuse(head, 400,
		    "The target does not begin with a slash.");
	head->fields_at = n + strlen("\r\n");
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
read_host(struct head *head, struct text value)
{
	(void)value;
	if (head->has_host)
		return refuse(head, 400, "More than one Host.");
	head->has_host = true;
	return HEAD_UNFINISHED;
}

static enum head_state
read_encoding(struct head *head, struct text value)
{
	if (head->is_chunked || !is_text(value.s, value.n, "chunked"))
		return refuse(head, 400,
		    "A Transfer-Encoding other than chunked.");
	head->is_chunked = true;
	return HEAD_UNFINISHED;
}

/* Of what is listed there only the word "close" is for us. */
static enum head_state
read_connection(struct head *head, struct text value)
{
	const char *end = value.s + value.n, *s, *comma;
	struct text word;

	for (s = value.s; s < end; s = comma + 1) {
		comma = memchr(s, ',', (size_t)(end - s));
		if (comma == NULL)
			comma = end;
		word = trim(s, comma);
		head->has_close |= is_text(word.s, word.n, "close");
	}
	return HEAD_UNFINISHED;
}

static enum head_state
read_expect(struct head *head, struct text value)
{
	if (!is_text(value.s, value.n, "100-continue"))
		return refuse(head, 417, "An Expect other than 100-continue.");
	head->has_expect = true;
	return HEAD_UNFINISHED;
}

/* A letter of a name. */
static bool
is_token(char c)
{
	char lower = (char)(c | 0x20);

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
	    c == '-' || (c != '\0' && strchr("!#$%&'*+.^_`|~", c) != NULL);
}

static size_t
count_tokens(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n && is_token(s[i]); i++)
		;
	return i;
}

/* The length of the line's name, or 0. */
static size_t
find_name(const char *line, size_t n)
{
	size_t i = count_tokens(line, n);

	return i < n && line[i] == ':' ? i : 0;
}

static enum head_state
read_field(struct head *head, const char *line, size_t n)
{
	static const struct {
		const char *name;
		enum head_state (*read)(struct head *head, struct text value);
	} rows[] = {
		{ "content-length", read_length },
		{ "transfer-encoding", read_encoding },
		{ "connection", read_connection },
		{ "expect", read_expect },
		{ "host", read_host },
	};
	size_t i, name_len = find_name(line, n);

	if (name_len == 0)
		return refuse(head, 400, "A line that is no header.");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (is_text(line, name_len, rows[i].name))
			return rows[i].read(head,
			    trim(line + name_len + 1, line + n));
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
	if (head->is_chunked && head->is_old)
		return refuse(head, 400, "HTTP/1.0 has no Transfer-Encoding.");
	if ((head->length > 0 || head->is_chunked) && !head->may_have_body)
		return refuse(head, 400, "This method takes no body.");
	if (head->length > HTTP_MAX_BODY)
		return refuse(head, 413, "The body is too large.");
	return HEAD_WHOLE;
}

bool
head_is_text(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

bool
head_is_name(const char *s, size_t n)
{
	return n > 0 && count_tokens(s, n) == n;
}

bool
head_is_field(const char *line, size_t n)
{
	return find_name(line, n) > 0 && head_is_text(line, n);
}

/* A line without its end; the empty one ends the head. */
static enum head_state
read_line(struct head *head, const char *line, size_t n)
{
	if (!head_is_text(line, n))
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

/* --- its strings --- */

void
head_split(const struct head *head, char *bytes)
{
	char *line = bytes + head->fields_at, *colon, *end;
	struct text value;

	bytes[head->target_at + head->target_len] = '\0';
	for (; *line != '\r'; line = end + 1) {
		colon = strchr(line, ':');
		*colon = '\0';
		end = strchr(colon + 1, '\n');
		value = trim(colon + 1, end - 1);
		bytes[(size_t)(value.s - bytes) + value.n] = '\0';
	}
}

bool
head_next(const struct head *head, const char *bytes, size_t *at,
    const char **name, const char **value)
{
	const char *s = bytes + (*at > 0 ? *at : head->fields_at), *end;

	if (*s == '\r')
		return false;
	*name = s;
	s += strlen(s) + 1;
	s += strspn(s, " \t");
	*value = s;
	end = memchr(s, '\n', (size_t)(bytes + head->len - s));
	*at = (size_t)(end - bytes) + 1;
	return true;
}
