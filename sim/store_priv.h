/* SPDX-License-Identifier: MIT */
/* The data file; between store.c, store_file.c and store_load.c only. */
#ifndef SIM_STORE_PRIV_H
#define SIM_STORE_PRIV_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/change.h"
#include "src/base/buf.h"
#include "src/base/err.h"

struct world;

/* Prepared once; the order of their parameters is that of store_sql. */
enum store_statement {
	STORE_BEGIN,
	STORE_COMMIT,
	STORE_PUT_BUCKET,
	STORE_DROP_BUCKET,
	STORE_ADD_VERSION,
	STORE_CHANGE_VERSION,
	STORE_DROP_VERSION,
	STORE_ADD_BYTES,
	STORE_DROP_BYTES,
	STORE_SET_GENERATION
};
enum { STORE_STATEMENTS = STORE_SET_GENERATION + 1 };

/* A payload of more bytes takes several rows with numbers one behind the
 * other: SQLite has no values above 1 GB, and keeps each whole in memory. */
enum { STORE_PART = 16 * 1024 * 1024 };

struct store {
	sqlite3 *db;
	char *path;
	sqlite3_stmt *statement[STORE_STATEMENTS];
	struct world *world;
	struct change_watcher watcher;
	uint64_t next_payload;    /* the first free number of a row */
	uint64_t last_generation; /* as the file has it */
	bool has_begun;           /* a transaction */
	struct buf meta;          /* work space */
	struct err err;           /* the first that went wrong with writing */
};

/* "disk I/O error (File too large)" */
void store_add_reason(const struct store *s, struct buf *out);

/* Opens s->path: ours, of a format that is known, and nobody else's while we
 * have it.  Makes the tables of a new one, prepares the statements. */
int store_file_open(struct store *s, struct err *err) MUST_CHECK;

/* Adds all that the file has to s->world. */
int store_load(struct store *s, uint64_t now_us, struct err *err) MUST_CHECK;

/* The rows that a payload of n bytes takes. */
uint64_t store_parts(uint64_t n);

#endif
