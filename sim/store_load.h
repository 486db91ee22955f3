/* SPDX-License-Identifier: MIT */
/* Reading the data file; between the files store*.c only. */
#ifndef SIM_STORE_LOAD_H
#define SIM_STORE_LOAD_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"
#include "src/base/vec.h"

struct bucket;
struct payload;
struct store;

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

/* "the data file FILE is damaged: WHAT NAME"; or the image. */
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

#endif
