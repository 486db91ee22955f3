/* SPDX-License-Identifier: MIT */
/*
 * The head of a request, read as its bytes come in, before evhttp sees any of
 * them: is it whole, and would every reader read it alike?  Pure: no sockets,
 * no clock.
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
	bool may_have_body;
	bool has_host;
	bool has_length;
	bool is_chunked;
	uint64_t length;   /* of the body */
	int status;        /* faulty: the answer that it deserves, */
	const char *fault; /* and why, in one sentence */
};

void head_init(struct head *head);

/* bytes: everything since the head's beginning, n of them; called again with
 * more of them while it is unfinished. */
enum head_state head_read(struct head *head, const char *bytes, size_t n);

#endif
