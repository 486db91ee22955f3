/* SPDX-License-Identifier: MIT */
/*
 * The buckets in a file of SQLite's, beside those in memory: read once, at the
 * start, and written with every change after that.  What one request changes
 * is one transaction, which is begun by the first change and committed before
 * the answer leaves; so a process that is killed loses nothing that it has
 * acknowledged, and shows nothing of what it has not finished.
 *
 * Without SQLite (configure did not find it) store_open says so.
 */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include <stdint.h>

#include "src/base/err.h"

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

#endif
