/* SPDX-License-Identifier: MIT */
/*
 * The head of a request, read as its bytes come in: is it whole, and would
 * every reader read it alike?  Pure: no sockets, no clock.
 */
#ifndef SIM_HEAD_H
#define SIM_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/http.h"

enum head_state { HEAD_UNFINISHED, HEAD_WHOLE, HEAD_FAULTY };

struct head {
	size_t len; /* of the whole lines read so far */
	enum http_method method;
	size_t target_at;
	size_t target_len;
	size_t fields_at; /* where the headers begin */
	bool is_old;      /* HTTP/1.0 */
	bool may_have_body;
	bool has_host;
	bool has_length;
	bool is_chunked;
	bool has_close;    /* "Connection: close" */
	bool has_expect;   /* "Expect: 100-continue" */
	uint64_t length;   /* of the body */
	int status;        /* faulty: the answer that it deserves, */
	const char *fault; /* and why, in one sentence */
};

void head_init(struct head *head);

/* bytes: everything since the head's beginning, n of them; called again with
 * more of them while it is unfinished. */
enum head_state head_read(struct head *head, const char *bytes, size_t n);

/* Makes strings of a whole head's target, names and values, in place. */
void head_split(const struct head *head, char *bytes);

/* The header at *at, which begins at 0, and moves on; false behind the last.
 * bytes were split. */
bool head_next(const struct head *head, const char *bytes, size_t *at,
    const char **name, const char **value);

/* Without control characters?  A tab is none. */
bool head_is_text(const char *s, size_t n);

/* May a header's name be so, or end so? */
bool head_is_name(const char *s, size_t n);

/* Is this line, without its end, "Name: value"? */
bool head_is_field(const char *line, size_t n);

#endif
