/* SPDX-License-Identifier: MIT */
/*
 * The buckets in a file of SQLite's, beside those in memory: read once, at the
 * start, and written with every change after that.  What one request changes
 * is one transaction, which is begun by the first change and committed before
 * the answer leaves; so a process that is killed loses nothing that it has
 * acknowledged, and shows nothing of what it has not finished.
 *
 * An image is the same file as bytes in memory.
 *
 * Without SQLite (configure did not find it) all that needs it says so.
 */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"

struct buf;
struct store;
struct world;

/* Opens the file, makes it when it is not there or empty, adds its buckets to
 * w, which has none, and watches w from here on.  NULL and *err: w may have
 * some of the buckets. */
struct store *store_open(const char *path, struct world *w, struct err *err);

/* What was not committed is not in the file; NULL is fine. */
void store_close(struct store *s);

/* All that has changed is in the file.  -1 (ERR_CONFIG): nothing since the last
 * commit is, and nothing ever will be, since memory is ahead of the file now. */
int store_commit(struct store *s, struct err *err) MUST_CHECK;

/* Is there SQLite? */
bool store_is_built(void);

/* Adds a file that has all of w but its uploads, as bytes; it is no more than
 * out holds (ERR_CONFIG).  Nothing changes in w. */
int store_write_image(const struct world *w, struct buf *out,
    struct err *err) MUST_CHECK;

/* Adds the buckets of a file, given as bytes, to w, which has none, and which
 * nobody watches.  On ERR_USAGE, they are no such file, w may have some of
 * them. */
int store_read_image(const void *bytes, size_t n, struct world *w,
    struct err *err) MUST_CHECK;

#endif
