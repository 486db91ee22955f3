/* SPDX-License-Identifier: MIT */
/*
 * A quote is found by runs of the characters that tokens are made of, wherever in
 * the text they are: servers put words around it, and cut it.
 */
#include "src/net/echo.h"

#include <stddef.h>
#include <string.h>

#include "src/net/client.h"

/* As many in a row that were sent and come back are hidden; fewer are words.
 * What is left of a longer run at a cut is shorter. */
enum { RUN_MIN = 16, RUN_MIN_CUT = 4 };

static bool
is_token_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Whose quota it is may be said, and is what a refusal is about. */
static bool
is_public(const char *line)
{
	return strncmp(line, "x-goog-", strlen("x-goog-")) == 0;
}

static bool
was_sent(const struct http_request *req, const char *text, size_t n)
{
	size_t i;

	if (req->body != NULL &&
	    memmem(req->body, req->length, text, n) != NULL)
		return true;
	for (i = 0; i < HTTP_HEADERS_MAX && req->headers[i] != NULL; i++) {
		const char *line = req->headers[i];

		if (!is_public(line) &&
		    memmem(line, strlen(line), text, n) != NULL)
			return true;
	}
	return false;
}

void
echo_hide(const struct http_request *req, char *text, bool is_cut)
{
	size_t n, hidden = 0; /* characters from here on that are to go */
	bool is_run;

	for (; *text != '\0'; text++) {
		for (n = 0; n < RUN_MIN && is_token_char(text[n]); n++)
			;
		is_run = n == RUN_MIN ||
		    (is_cut && text[n] == '\0' && n >= RUN_MIN_CUT);
		if (is_run && was_sent(req, text, n))
			hidden = n;
		if (hidden > 0) {
			*text = '*';
			hidden--;
		}
	}
}
