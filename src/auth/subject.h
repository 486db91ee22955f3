/* SPDX-License-Identifier: MIT */
/* Where another identity provider leaves its token for us: the credential_source
 * of an external account. */
#ifndef AUTH_SUBJECT_H
#define AUTH_SUBJECT_H

#include <jansson.h>
#include <stdbool.h>

#include "src/base/err.h"
#include "src/net/client.h"

struct buf;
struct cred_turn;

struct subject {
	char *file; /* one of the two */
	char *url;
	char *headers[HTTP_HEADERS_MAX]; /* of url; wiped */
	char *field;   /* of a JSON object; NULL: the text is the token */
	bool is_plain; /* url is http, to this machine or its link */
};

/* What it refuses it names: a program to run, AWS, a plain http URL that leaves
 * the link. */
int subject_init(struct subject *s, const json_t *source, const char *where,
    struct err *err);
void subject_release(struct subject *s);

/* Reads the file, anew each time. */
int subject_read_file(const struct subject *s, const char *where,
    struct buf *out, struct err *err);

/* Writes the wish for the URL into the turn's request. */
void subject_ask(const struct subject *s, struct cred_turn *turn);

/* The token in what came: n bytes. */
int subject_parse(const struct subject *s, const char *where, const char *data,
    size_t n, struct buf *out, struct err *err);

/* Is the host one that only this machine or its link can answer for?  127/8,
 * ::1, 169.254/16, fe80::/10 and "localhost". */
bool subject_is_near(const char *url);

#endif
