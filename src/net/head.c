/* SPDX-License-Identifier: MIT */
/*
 * A line at a time.  Whoever sees two ends of one body, and a reader that picks
 * one of them, can make an answer end early or leave a piece of it behind as
 * the next one's: so what is ambiguous is refused, and nothing is guessed.
 */
#include "src/net/head.h"

#include <string.h>
#include <strings.h>

#include "src/base/str.h"
#include "src/net/date.h"

/* The longest length that is read; 2^64 has 20 digits. */
enum { DIGITS_MAX = 20 };

/* The longest Retry-After that is believed, in seconds. */
enum { WAIT_MAX_S = 86400 };

void
http_head_init(struct http_head *h)
{
	*h = (struct http_head){ 0 };
}

static int
fail(struct http_head *h, const char *fault)
{
	h->fault = fault;
	return -1;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "HTTP/1.1 200 OK"; the words may be missing. */
static int
take_status(struct http_head *h, const char *line, size_t n)
{
	http_head_init(h);
	h->is_within = true;
	if (n < 12 || memcmp(line, "HTTP/1.", 7) != 0 ||
	    (line[7] != '0' && line[7] != '1') || line[8] != ' ' ||
	    !is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11]) ||
	    (n > 12 && line[12] != ' '))
		return fail(h, "a bad status line");
	h->status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] -
	    '0';
	if (h->status < 100 || h->status > 599)
		return fail(h, "a status that does not exist");
	if (h->status == 101)
		return fail(h, "it switches protocols, which nobody asked for");
	return 0;
}

static int
parse_number(const char *value, size_t n, uint64_t *number)
{
	char digits[DIGITS_MAX + 1];

	if (n > DIGITS_MAX)
		return -1;
	memcpy(digits, value, n);
	digits[n] = '\0';
	return strlen(digits) == n ? str_parse_u64(digits, number) : -1;
}

static int
take_length(struct http_head *h, const char *value, size_t n)
{
	uint64_t length;

	if (parse_number(value, n, &length) != 0)
		return fail(h, "a bad Content-Length");
	if (h->has_length && h->length != length)
		return fail(h, "two different Content-Lengths");
	h->has_length = true;
	h->length = length;
	return 0;
}

static int
take_encoding(struct http_head *h, const char *value, size_t n)
{
	if (n != strlen("chunked") || strncasecmp(value, "chunked", n) != 0)
		return fail(h, "a Transfer-Encoding other than chunked");
	if (h->is_chunked)
		return fail(h, "two Transfer-Encodings");
	h->is_chunked = true;
	return 0;
}

/* What these three say is help, not framing: one that cannot be read is as good
 * as none. */
static int
take_date(struct http_head *h, const char *value, size_t n)
{
	if (http_date_parse(value, n, &h->date_s) != 0)
		h->date_s = 0;
	return 0;
}

static int
take_retry_after(struct http_head *h, const char *value, size_t n)
{
	h->retry_after_s = h->retry_at_s = 0;
	if (n > 0 && is_digit(*value)) {
		if (parse_number(value, n, &h->retry_after_s) != 0)
			h->retry_after_s = 0;
	} else if (http_date_parse(value, n, &h->retry_at_s) != 0) {
		h->retry_at_s = 0;
	}
	return 0;
}

static int
take_flavor(struct http_head *h, const char *value, size_t n)
{
	h->is_flavored = n == strlen("Google") &&
	    strncasecmp(value, "Google", n) == 0;
	return 0;
}

static const struct field {
	const char *name; /* in lower case */
	int (*take)(struct http_head *h, const char *value, size_t n);
} fields[] = {
	{ "content-length", take_length },
	{ "transfer-encoding", take_encoding },
	{ "date", take_date },
	{ "retry-after", take_retry_after },
	{ "metadata-flavor", take_flavor },
};

/* Is the line the field of that name?  *value and *n are then what it holds,
 * without the blanks around it. */
static bool
is_field(const char *line, size_t line_n, const char *name, const char **value,
    size_t *n)
{
	size_t k = strlen(name);

	if ((*line | 0x20) != *name || line_n <= k || line[k] != ':' ||
	    strncasecmp(line, name, k) != 0)
		return false;
	*value = line + k + 1;
	*n = line_n - k - 1;
	for (; *n > 0 && (**value == ' ' || **value == '\t'); --*n)
		++*value;
	while (*n > 0 && ((*value)[*n - 1] == ' ' || (*value)[*n - 1] == '\t'))
		--*n;
	return true;
}

static int
take_field(struct http_head *h, const char *line, size_t line_n)
{
	const char *value;
	size_t i, n;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (is_field(line, line_n, fields[i].name, &value, &n))
			return fields[i].take(h, value, n);
	}
	return 0;
}

static int
take_end(struct http_head *h)
{
	if (h->is_chunked && h->has_length)
		return fail(h, "a Content-Length and chunks");
	h->is_within = false;
	h->has_ended = h->status >= 200;
	return 0;
}

int
http_head_add(struct http_head *h, const char *line, size_t n)
{
	if (n > 0 && line[n - 1] == '\n')
		n--;
	if (n > 0 && line[n - 1] == '\r')
		n--;
	if (h->has_ended)
		return 0;
	if (!h->is_within)
		return take_status(h, line, n);
	/* With a colon somewhere in it, libcurl takes it for a field. */
	if (n >= 5 && memcmp(line, "HTTP/", 5) == 0)
		return fail(h, "a second status line in its head");
	if (n == 0)
		return take_end(h);
	if (*line == ' ' || *line == '\t')
		return fail(h, "a folded line in its head");
	return take_field(h, line, n);
}

const char *
http_head_value(const char *line, size_t line_n, const char *name, size_t *n)
{
	const char *value;

	while (line_n > 0 &&
	    (line[line_n - 1] == '\n' || line[line_n - 1] == '\r'))
		line_n--;
	if (line_n == 0 || !is_field(line, line_n, name, &value, n))
		return NULL;
	return value;
}

uint64_t
http_head_wait(const struct http_head *h, uint64_t now_s)
{
	uint64_t from = h->date_s != 0 ? h->date_s : now_s;
	uint64_t wait = h->retry_after_s;

	if (h->retry_at_s > from)
		wait = h->retry_at_s - from;
	return wait < WAIT_MAX_S ? wait : WAIT_MAX_S;
}

bool
http_head_is_measured(const struct http_head *h)
{
	return h->has_length || h->is_chunked || h->status == 204 ||
	    h->status == 304;
}

bool
http_head_is_followed(const struct http_head *h)
{
	return (h->status == 204 || h->status == 304) &&
	    (h->is_chunked || (h->has_length && h->length != 0));
}
