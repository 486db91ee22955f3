/* SPDX-License-Identifier: MIT */
/* What gzip made, unpacked: the simulator's one use of zlib. */
#ifndef SIM_GUNZIP_H
#define SIM_GUNZIP_H

#include <stddef.h>

struct evbuffer;

/* The most that is unpacked, in bytes. */
enum { GUNZIP_MAX = 1 << 30 };

/* Adds what n packed bytes stand for, one or several files of gzip's.  -1 when
 * they are none, not whole, or more than GUNZIP_MAX: nothing was added. */
int gunzip(const void *bytes, size_t n, struct evbuffer *out);

#endif
