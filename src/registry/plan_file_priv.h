/* SPDX-License-Identifier: MIT */
/*
 * Shared by the files of the plan file:
 *
 *	plan_file.c		create, open, close
 *	plan_file_place.c	FILE.part, the lock, and putting it in place
 *	plan_file_db.c		the connection, the tables, and errors
 *	plan_file_head.c	the head's keys
 *	plan_file_seal.c	the seal
 *	plan_file_write.c	a plan becomes rows
 *	plan_file_read.c	rows are read, and held to the seal
 *	plan_file_journal.c	what became of rows
 *	plan_file_resume.c	rows become a plan
 *	plan_file_entry.c	what was listed, for the last four
 */
#ifndef REGISTRY_PLAN_FILE_PRIV_H
#define REGISTRY_PLAN_FILE_PRIV_H

#include <sqlite3.h>

#include "src/base/arena.h"
#include "src/base/buf.h"
#include "src/registry/digest.h"
#include "src/registry/plan_file.h"

enum {
	VALUE_MAX = 16 * 1024, /* of any column; a name has 1 KiB */
	HEAD_TEXT_MAX = 256 * 1024
};

/* SQL: the state of victim v with its outcome o, if there is one.  What had failed
 * may have been taken off since, and then it must not be tried again. */
#define PLAN_STATE_SQL                                      \
	"CASE WHEN v.state = 'skip' AND o.state = 'failed'" \
	" THEN 'skip' ELSE coalesce(o.state, v.state) END"

struct plan_tally {
	uint64_t rows;
	uint64_t bytes;
};

struct plan_file {
	char *path; /* what it is called, or will be */
	char *at;   /* where it is: path, or path.part */
	int lock;   /* a descriptor that holds it; -1: none */
	bool is_part;
	bool is_read_only;
	bool is_sound; /* whole and checked: ours to write to */
	sqlite3 *db;
	struct arena arena; /* of the head's strings */
	struct plan_head head;
	uint64_t rows;
	struct plan_tally tally[PLAN_SECTIONS][PLAN_STATES];
	/* The journal's. */
	sqlite3_stmt *add_outcome;
	bool has_outcomes; /* to be folded into the rows */
	bool has_begun;
	unsigned held;       /* outcomes that are not committed */
	uint64_t held_since; /* the first of them, on the store's clock */
	struct err err;      /* the first that kept it from being written */
};

/* --- plan_file_place.c --- */

/* Makes an empty FILE.part that is ours. */
int plan_place_begin(struct plan_file *f, struct err *err) MUST_CHECK;

/* FILE.part, written and closed, becomes FILE. */
int plan_place_end(struct plan_file *f, struct err *err) MUST_CHECK;

/* Takes the lock of a plan that exists. */
int plan_place_lock(struct plan_file *f, struct err *err) MUST_CHECK;

/* Removes FILE.part and what SQLite may have left beside it. */
void plan_place_remove(const struct plan_file *f);

/* --- plan_file_db.c --- */

/* Opens what f->at names. */
int plan_db_open(struct plan_file *f, struct err *err) MUST_CHECK;
void plan_db_close(struct plan_file *f);

int plan_db_make_tables(struct plan_file *f, struct err *err) MUST_CHECK;

/* Is it a plan, and of a format that we know? */
int plan_db_check_format(struct plan_file *f, struct err *err) MUST_CHECK;

/* Each answers -1 with *err saying what SQLite said. */
int plan_db_run(struct plan_file *f, const char *sql,
    struct err *err) MUST_CHECK;
int plan_db_ask(struct plan_file *f, const char *sql, int64_t *out,
    struct err *err) MUST_CHECK;
sqlite3_stmt *plan_db_prepare(struct plan_file *f, const char *sql,
    struct err *err);
int plan_db_fail(const struct plan_file *f, struct err *err);

/* --- plan_file_seal.c --- */

/* A chain of SHA-256 over the rows in their order, and the head at its end. */
struct plan_seal {
	struct digest sum;
	struct buf text;
};

void plan_seal_init(struct plan_seal *s);
void plan_seal_release(struct plan_seal *s);

/* Adds what a row decides; the answer is that row's own part of the seal. */
int64_t plan_seal_row(struct plan_seal *s, const struct plan_row *row);

/* Ends the chain: replaces *hex by the seal. */
void plan_seal_head(struct plan_seal *s, const struct plan_head *head,
    struct buf *hex);

/* --- plan_file_head.c --- */

/* "key=value\n" for each. */
void plan_head_format(const struct plan_head *head, struct buf *out);

int plan_head_store(struct plan_file *f, const char *seal,
    struct err *err) MUST_CHECK;

/* Loads the head, and its seal into *seal. */
int plan_head_load(struct plan_file *f, struct buf *seal,
    struct err *err) MUST_CHECK;

/* --- plan_file_read.c --- */

/* Looks at everything, and counts it. */
int plan_read_check(struct plan_file *f, struct err *err) MUST_CHECK;

/* --- plan_file_journal.c --- */

/* One more outcome, to be committed by somebody; the row was pending. */
int plan_journal_add(struct plan_file *f, const struct plan_row *row,
    struct err *err) MUST_CHECK;

/* The outcomes become the rows' states. */
int plan_journal_fold(struct plan_file *f, struct err *err) MUST_CHECK;

void plan_journal_close(struct plan_file *f);

#endif
