/* SPDX-License-Identifier: MIT */
/* Piece by piece, so that a few bytes that claim to be many cost what they
 * become and no more. */
#include "sim/gunzip.h"

#include <event2/buffer.h>
#include <limits.h>
#include <stdint.h>
#include <zlib.h>

enum {
	PIECE = 64 * 1024,
	GZIP_ONLY = 16 + MAX_WBITS /* no bare zlib streams; any window */
};

/* One piece more; answers what zlib does. */
static int
unpack_piece(z_stream *z, struct evbuffer *out)
{
	unsigned char piece[PIECE];
	int rc;

	z->next_out = piece;
	z->avail_out = sizeof(piece);
	rc = inflate(z, Z_NO_FLUSH);
	evbuffer_add(out, piece, sizeof(piece) - z->avail_out);
	return rc;
}

/* Up to the end of the last file. */
static int
unpack(z_stream *z, struct evbuffer *out)
{
	int rc;

	for (;;) {
		rc = unpack_piece(z, out);
		if ((rc != Z_OK && rc != Z_STREAM_END) ||
		    evbuffer_get_length(out) > GUNZIP_MAX)
			return -1;
		if (rc != Z_STREAM_END)
			continue;
		if (z->avail_in == 0)
			return 0;
		if (inflateReset(z) != Z_OK)
			return -1;
	}
}

int
gunzip(const void *bytes, size_t n, struct evbuffer *out)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)bytes,
		.avail_in = (uInt)n };
	struct evbuffer *unpacked = evbuffer_new();
	int rc = -1;

	if (n <= UINT_MAX && inflateInit2(&z, GZIP_ONLY) == Z_OK) {
		rc = unpack(&z, unpacked);
		inflateEnd(&z);
	}
	if (rc == 0)
		evbuffer_add_buffer(out, unpacked);
	evbuffer_free(unpacked);
	return rc;
}
