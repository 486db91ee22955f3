/* SPDX-License-Identifier: MIT */
/*
 *	--B CRLF headers CRLF CRLF {JSON} CRLF --B CRLF headers CRLF CRLF
 *	bytes CRLF --B--
 *
 * The line end before a delimiter belongs to the delimiter.  With lines that
 * end in LF alone, a CR before it is the last byte of the part: which of the
 * two a client uses shows in the line that begins the part.
 */
#include "sim/multipart.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static const char no_boundary[] =
    "The Content-Type of a multipart body must name its boundary: 1 to 70 "
    "letters, digits or '()+_,-./:=?.";
static const char no_two_parts[] =
    "A multipart body must have two parts, metadata and media.";
static const char bad_headers[] = "Malformed headers in a multipart body.";

/* --- the boundary --- */

static bool
is_boundary(const char *s, size_t n)
{
	static const char others[] = "'()+_,-./:=? ";
	size_t i;

	if (n == 0 || n > MULTIPART_BOUNDARY_MAX || s[n - 1] == ' ')
		return false;
	for (i = 0; i < n; i++) {
		if (!(s[i] >= 'a' && s[i] <= 'z') &&
		    !(s[i] >= 'A' && s[i] <= 'Z') &&
		    !(s[i] >= '0' && s[i] <= '9') &&
		    strchr(others, s[i]) == NULL)
			return false;
	}
	return true;
}

/* The end of a parameter's value; in quotes a `;` is part of it. */
static const char *
value_end(const char *value)
{
	const char *close;

	if ((*value == '"' || *value == '\'') &&
	    (close = strchr(value + 1, *value)) != NULL)
		return close + 1;
	return value + strcspn(value, "; \t");
}

/* "multipart/TYPE" and parameters; answers where those begin, or NULL. */
static const char *
skip_type(const char *content_type, const char *type)
{
	static const char major[] = "multipart/";
	size_t n = sizeof(major) - 1;

	if (content_type == NULL || strncasecmp(content_type, major, n) != 0)
		return NULL;
	content_type += n;
	n = strlen(type);
	if (strncasecmp(content_type, type, n) != 0 ||
	    strchr("; \t", content_type[n]) == NULL)
		return NULL;
	return content_type + n;
}

static const char *
parse_boundary(const char *parameters, struct multipart_reader *r)
{
	static const char key[] = "boundary=";
	const char *at, *value, *end;

	for (at = parameters;; at = end) {
		at += strspn(at, "; \t");
		value = at + strcspn(at, "=; \t");
		if (*at == '\0')
			return no_boundary;
		if (*value == '=')
			value++;
		end = value_end(value);
		if (strncasecmp(at, key, sizeof(key) - 1) == 0)
			break;
	}
	if (end - value >= 2 && (*value == '"' || *value == '\'') &&
	    end[-1] == *value) {
		value++;
		end--;
	}
	r->n = (size_t)(end - value);
	if (!is_boundary(value, r->n))
		return no_boundary;
	memcpy(r->delimiter, "--", 2);
	memcpy(r->delimiter + 2, value, r->n);
	r->n += 2;
	return NULL;
}

/* --- delimiters --- */

/* Does the line end behind the boundary as a delimiter does?  Else it is a
 * line of the part, which may begin as it likes. */
static bool
ends_delimiter(const struct multipart_reader *r, struct multipart_delimiter *d)
{
	const char *at = d->start + r->n;

	d->is_last = r->end - at >= 2 && memcmp(at, "--", 2) == 0;
	if (d->is_last)
		at += 2;
	while (at < r->end && (*at == ' ' || *at == '\t'))
		at++;
	d->has_cr = at < r->end && *at == '\r';
	at += d->has_cr;
	d->after = at + 1;
	return at == r->end ? d->is_last && !d->has_cr : *at == '\n';
}

static const char *
next_line(const struct multipart_reader *r, const char *at)
{
	const char *end = memchr(at, '\n', (size_t)(r->end - at));

	return end != NULL ? end + 1 : NULL;
}

/* A delimiter begins a line: what is full of boundaries and has no lines is
 * read once all the same. */
static int
find_delimiter(const struct multipart_reader *r, struct multipart_delimiter *d)
{
	const char *at; /* where a line begins, as r->at does */

	for (at = r->at; at != NULL; at = next_line(r, at)) {
		d->start = at;
		if ((size_t)(r->end - at) >= r->n &&
		    memcmp(at, r->delimiter, r->n) == 0 && ends_delimiter(r, d))
			return 0;
	}
	return -1;
}

/* --- parts --- */

static bool
has_name(const char *line, const char *colon, const char *name)
{
	size_t n = strlen(name);

	return (size_t)(colon - line) == n && strncasecmp(line, name, n) == 0;
}

static bool
is_identity(const char *s, size_t n)
{
	return (n == 6 && strncasecmp(s, "binary", n) == 0) ||
	    (n == 4 &&
		(strncasecmp(s, "7bit", n) == 0 ||
		    strncasecmp(s, "8bit", n) == 0));
}

/* One header, "Name: value" up to end. */
static const char *
read_header(const char *line, const char *end, struct multipart_part *part)
{
	const char *colon = memchr(line, ':', (size_t)(end - line));
	const char *value;

	if (colon == NULL || colon == line)
		return bad_headers;
	for (value = colon + 1;
	     value < end && (*value == ' ' || *value == '\t'); value++)
		;
	while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	if (has_name(line, colon, "Content-Type")) {
		part->type = value;
		part->type_n = (size_t)(end - value);
	} else if (has_name(line, colon, "Content-ID")) {
		part->id = value;
		part->id_n = (size_t)(end - value);
	} else if (has_name(line, colon, "Content-Transfer-Encoding") &&
	    !is_identity(value, (size_t)(end - value))) {
		return "The simulator takes no Content-Transfer-Encoding but "
		       "binary, 8bit and 7bit.";
	}
	return NULL;
}

/* Reads headers up to the empty line behind them. */
static const char *
read_headers(struct multipart_reader *r, struct multipart_part *part)
{
	const char *line, *end, *fault;

	for (;;) {
		line = r->at;
		end = memchr(line, '\n', (size_t)(r->end - line));
		if (end == NULL)
			return bad_headers;
		r->at = end + 1;
		if (end > line && end[-1] == '\r')
			end--;
		if (end == line)
			return NULL;
		fault = read_header(line, end, part);
		if (fault != NULL)
			return fault;
	}
}

bool
multipart_has_next(const struct multipart_reader *r)
{
	return !r->next.is_last;
}

const char *
multipart_next(struct multipart_reader *r, struct multipart_part *part)
{
	bool has_cr = r->next.has_cr;
	const char *fault, *end;

	*part = (struct multipart_part){ 0 };
	r->at = r->next.after;
	fault = read_headers(r, part);
	if (fault != NULL)
		return fault;
	part->bytes = r->at;
	if (find_delimiter(r, &r->next) != 0)
		return "Missing end boundary in multipart body.";
	end = r->next.start;
	if (end > part->bytes)
		end--;
	if (has_cr && end > part->bytes && end[-1] == '\r')
		end--;
	part->n = (size_t)(end - part->bytes);
	return NULL;
}

const char *
multipart_open(struct multipart_reader *r, const char *type,
    const char *content_type, const void *body, size_t n)
{
	const char *parameters = skip_type(content_type, type), *fault;

	*r = (struct multipart_reader){ .at = n > 0 ? body : "" };
	if (parameters == NULL)
		return strcmp(type, "mixed") == 0
		    ? "Bad content type. Please use multipart/mixed."
		    : "Bad content type. Please use multipart/related.";
	fault = parse_boundary(parameters, r);
	if (fault != NULL)
		return fault;
	r->end = r->at + n;
	return find_delimiter(r, &r->next) != 0
	    ? "Missing start boundary in multipart body."
	    : NULL;
}

const char *
multipart_parse(const char *content_type, const void *body, size_t n,
    struct multipart *out)
{
	struct multipart_part *parts[] = { &out->metadata, &out->media };
	struct multipart_reader r;
	const char *fault = multipart_open(&r, "related", content_type, body,
	    n);
	size_t i;

	*out = (struct multipart){ 0 };
	for (i = 0; i < 2 && fault == NULL; i++)
		fault = multipart_has_next(&r) ? multipart_next(&r, parts[i])
					       : no_two_parts;
	if (fault == NULL && multipart_has_next(&r))
		fault = no_two_parts;
	return fault;
}
