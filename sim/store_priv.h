/* SPDX-License-Identifier: MIT */
/* The data file; between the files store*.c only. */
#ifndef SIM_STORE_PRIV_H
#define SIM_STORE_PRIV_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/change.h"
#include "src/base/buf.h"
#include "src/base/err.h"
#include "src/base/vec.h"

struct bucket;
struct meta;
struct payload;
struct upload_session;
struct world;
struct xml_upload;
struct xml_upload_part;

/* Prepared once; what they say is in store_file.c. */
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
	STORE_PUT_BULK,
	STORE_DROP_BULK,
	STORE_ADD_BULK_GONE,
	STORE_DROP_BULK_GONE,
	STORE_PUT_UPLOAD,
	STORE_DROP_UPLOAD,
	STORE_ASK_UPLOAD,
	STORE_ADD_UPLOAD_BYTES,
	STORE_DROP_UPLOAD_BYTES,
	STORE_ADD_XML_UPLOAD,
	STORE_DROP_XML_UPLOAD,
	STORE_ADD_XML_PART,
	STORE_DROP_XML_PART,
	STORE_SET_GENERATION,
	STORE_SET_KEYS
};
enum { STORE_STATEMENTS = STORE_SET_KEYS + 1 };

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

/* --- the file --- */

/* Opens s->path: ours, of a format that is known, and nobody else's while we
 * have it.  Makes the tables of a new one, prepares the statements. */
int store_file_open(struct store *s, struct err *err) MUST_CHECK;

/* "disk I/O error (File too large)" */
void store_add_reason(const struct store *s, struct buf *out);

/* --- writing; what goes wrong is kept in s->err, and ends all writing --- */

/* The first change of a transaction begins it. */
void store_begin(struct store *s);

/* What is bound is borrowed until the statement has run; a value that cannot be
 * bound comes to light then. */
void store_bind_u64(sqlite3_stmt *st, int at, uint64_t v);
void store_bind_text(sqlite3_stmt *st, int at, const char *text); /* or NULL */
void store_bind_bytes(sqlite3_stmt *st, int at, const void *bytes, size_t n);
void store_bind_meta(struct store *s, sqlite3_stmt *st, int at,
    const struct meta *m);
void store_run(struct store *s, enum store_statement which);

/* A row more has p, or one less: the first writes it, the last drops it. */
void store_use_bytes(struct store *s, struct payload *p);
void store_leave_bytes(struct store *s, struct payload *p);

/* Watchers, and what goes with a bucket. */
void store_on_bulk(void *arg, const struct bucket *b);
void store_on_bulk_gone(void *arg, const struct bucket *b, uint64_t number);
void store_drop_bulk(struct store *s, const struct bucket *b);
void store_on_upload(void *arg, const struct upload_session *u);
void store_on_upload_gone(void *arg, const struct upload_session *u);
void store_on_xml_upload(void *arg, const struct xml_upload *u);
void store_on_xml_upload_gone(void *arg, const struct xml_upload *u);
void store_on_xml_part(void *arg, const struct xml_upload *u,
    const struct xml_upload_part *part);
void store_on_xml_part_gone(void *arg, const struct xml_upload *u,
    const struct xml_upload_part *part);

/* --- reading --- */

struct store_load {
	struct store *store;
	struct err *err;
	uint64_t file_bytes;            /* nothing in it is larger */
	VEC(struct payload *) payloads; /* in the order of their rows */
	size_t filled;                  /* bytes of the last of them */
	struct bucket *bucket;          /* of the last version */
};

/* Adds all that the file has to s->world. */
int store_load(struct store *s, struct err *err) MUST_CHECK;

/* Calls on_row for each row. */
int store_read_rows(struct store_load *l, const char *sql,
    int (*on_row)(struct store_load *l, sqlite3_stmt *st)) MUST_CHECK;

/* "the data file FILE is damaged: WHAT NAME" */
int store_damaged(const struct store_load *l, const char *what,
    const void *name, int n);

/* "cannot read the data file FILE: why" */
int store_unreadable(const struct store_load *l);

uint64_t store_number(sqlite3_stmt *st, int column);

int store_load_bulk(struct store_load *l) MUST_CHECK;
int store_load_uploads(struct store_load *l) MUST_CHECK;
int store_load_xml_uploads(struct store_load *l) MUST_CHECK;

/* The payload that begins in that row, or NULL; whose row has it counts it. */
struct payload *store_find_payload(const struct store_load *l, uint64_t row);

/* The rows that a payload of n bytes takes. */
uint64_t store_parts(uint64_t n);

#endif
