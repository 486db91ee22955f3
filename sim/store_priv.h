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

struct bucket;
struct meta;
struct object;
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
	char *path; /* NULL: it is an image in memory */
	char *name; /* for errors: "the data file FILE", "the image" */
	sqlite3_stmt *statement[STORE_STATEMENTS];
	struct world *world;
	struct change_watcher watcher;
	uint64_t next_payload;    /* the first free number of a row */
	uint64_t last_generation; /* as the file has it */
	bool has_begun;           /* a transaction */
	struct buf meta;          /* work space */
	struct err err;           /* the first that went wrong with writing */
	bool is_full;             /* that was it */
};

/* path NULL: an image. */
void store_init(struct store *s, const char *path, struct world *w);
void store_release(struct store *s);

/* --- the file --- */

/* In the header of the file too: see SQLite's on its format. */
enum { STORE_APPLICATION_ID = 0x47435353 /* "GCSS" */ };

/* Opens s->path: ours, of a format that is known, and nobody else's while we
 * have it.  Makes the tables of a new one, prepares the statements. */
int store_file_open(struct store *s, struct err *err) MUST_CHECK;

/* As often as you like; an image too. */
void store_file_close(struct store *s);

/* The parts of that which an image in s->db needs too. */
int store_check_format(struct store *s, struct err *err) MUST_CHECK;
int store_prepare(struct store *s, struct err *err) MUST_CHECK;

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

/* Writes one to a row, or a few, from that one on. */
void store_add_bytes(struct store *s, const struct payload *p, uint64_t row);

/* Writes one whose bytes are in that row; 0: in none. */
void store_add_version(struct store *s, const struct bucket *b,
    const struct object *o, uint64_t row);

/* A row more has p, or one less: the first writes it, the last drops it. */
void store_use_bytes(struct store *s, struct payload *p);
void store_leave_bytes(struct store *s, struct payload *p);

/* Watchers, and what goes with a bucket. */
void store_on_bucket(void *arg, const struct bucket *b);
void store_on_keys(void *arg, const struct world *w);
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

/* The rows that a payload of n bytes takes. */
uint64_t store_parts(uint64_t n);

#endif
