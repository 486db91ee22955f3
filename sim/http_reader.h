/* SPDX-License-Identifier: MIT */
/*
 * Requests out of bytes, in whatever pieces they come: whoever has bytes puts
 * them where the reader has room, and asks what they make.  The body ends up
 * as one piece, without the framing of its chunks.  Pure: no sockets, no clock.
 */
#ifndef SIM_HTTP_READER_H
#define SIM_HTTP_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/head.h"

enum reader_found {
	READER_HUNGRY, /* nothing new without more bytes */
	READER_HEAD,   /* a whole head, told once; it is split */
	READER_WHOLE,  /* the body too; nothing is read on until reader_next */
	READER_FAULTY  /* nothing will ever be read on */
};

enum reader_stage {
	STAGE_HEAD,
	STAGE_LENGTH, /* a body of known length */
	STAGE_SIZE,   /* the line before a chunk */
	STAGE_CHUNK,
	STAGE_CHUNK_END,
	STAGE_TRAILER,
	STAGE_WHOLE,
	STAGE_FAULTY
};

struct reader {
	/* The request's head, its body, a gap where framing was, and what was
	 * not read yet. */
	char *data;
	size_t len;
	size_t cap;
	size_t body_at;
	size_t body_len;
	size_t at; /* behind what was read */
	enum reader_stage stage;
	struct head head;
	uint64_t left;     /* of the body or of its chunk */
	size_t trailers;   /* bytes of them */
	int status;        /* faulty: the answer that it deserves, */
	const char *fault; /* and why, in one sentence */
};

void reader_init(struct reader *r);
void reader_release(struct reader *r);

/* Where the next *n bytes may be put, at least one; and so many were. */
char *reader_room(struct reader *r, size_t *n);
void reader_add(struct reader *r, size_t n);

enum reader_found reader_read(struct reader *r);

/* Forgets the whole request; what came behind it stays. */
void reader_next(struct reader *r);

/* Have bytes come that belong to no request yet? */
bool reader_has_begun(const struct reader *r);

#endif
