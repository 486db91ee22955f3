/* SPDX-License-Identifier: MIT */
/*
 * What a server says when it refuses: the reason word and a line for people,
 * out of whatever it sent.
 */
#ifndef GCS_EXCUSE_H
#define GCS_EXCUSE_H

#include <stddef.h>

struct http_request;

/* Both are one line of printable text, and "" when nothing was said. */
struct gcs_excuse {
	char reason[64]; /* "rateLimitExceeded" */
	char message[240];
};

/* Never fails: a Google error envelope, its known distortions (the message an
 * object, or JSON within a string), XML, HTML, plain text, garbage, nothing. */
void gcs_excuse_parse(const char *body, size_t n, struct gcs_excuse *out);

/* What the request's answer says, without what it quotes of a token. */
void gcs_excuse_read(const struct http_request *req, struct gcs_excuse *out);

#endif
