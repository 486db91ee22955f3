/* SPDX-License-Identifier: MIT */
/* A data file for a test, in a folder of its own, and a look into it. */
#ifndef TESTS_UNIT_SIM_FILE_H
#define TESTS_UNIT_SIM_FILE_H

struct buf;
struct store;
struct world;

/* The folder and the path; no file yet. */
void file_set_up(void);
void file_tear_down(void);
const char *file_path(void);

/* A store of the file, on a world that was empty before. */
struct store *file_open(struct world *w);
void file_commit(struct store *s);

/* Adds its bytes. */
void file_read(struct buf *out);

/* The number that a query of the file answers; what changes it.  No store has
 * it open. */
int file_count(const char *sql);
void file_change(const char *sql);

#endif
