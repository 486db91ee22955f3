/* SPDX-License-Identifier: MIT */
/*
 * A plan in a file (SQLite, see doc/PLAN.md): one row a victim, with name,
 * generation, size, time, reason and what has become of it; and the head: which
 * bucket and root, when, by which rules, what is kept and why.  It can be
 * reviewed with any SQLite tool, applied later, and resumed after a crash.
 *
 * The file is made beside its name (FILE.part) and put in place whole.  What a
 * plan decides is sealed: a row or a head that was edited by hand is refused,
 * and so is a name that is no victim's.
 *
 * Where there is no SQLite, create and open say so.
 */
#ifndef REGISTRY_PLAN_FILE_H
#define REGISTRY_PLAN_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"
#include "src/registry/plan.h"

struct mark;
struct plan_file;
struct storage_op;

/* Strings are the file's, or lent to plan_file_write. */
struct plan_head {
	const char *version; /* of gcsweep */
	const char *bucket;
	const char *root;
	const char *endpoint;
	bool is_emulator;
	bool delete_untagged;
	uint64_t min_age_us;
	uint64_t created_us; /* the server's clock, else ours; Unix epoch; the
				file keeps whole seconds */
	uint64_t listed;     /* objects */
	struct plan_kept kept;
	uint64_t damages;
};

/* What has become of a row. */
enum plan_state {
	PLAN_PENDING,
	PLAN_DELETED,
	PLAN_GONE,    /* it was not there any more */
	PLAN_CHANGED, /* written again since: it stays */
	PLAN_KEPT,    /* something that stays names it now: it stays */
	PLAN_FAILED,  /* the last attempt did not work; tried again by resume */
	PLAN_SKIP     /* a reviewer took it off: it stays */
};

enum {
	PLAN_STATES = PLAN_SKIP + 1,
	PLAN_APPLICATION_ID = 0x67637770, /* of the file: "gcwp" */
	PLAN_FORMAT = 1,                  /* its user_version */
	PLAN_TIME_MAX = 32
};

struct plan_row {
	uint64_t id; /* 1, 2, ... */
	enum plan_section section;
	const char *repository; /* or NULL: a blob */
	const char *name;
	uint64_t generation;
	uint64_t size;      /* 0: not known, of a link */
	uint64_t created_s; /* 0: not known */
	const char *reason;
	enum plan_state state;
	int status;        /* HTTP, of the last attempt; 0: none */
	unsigned attempts; /* requests sent for it, over all runs */
};

/* Begins a plan that will be called path; nothing of that name may exist.
 * ERR_CONFIG when it cannot be. */
struct plan_file *plan_file_create(const char *path, struct err *err);

/* Writes the plan of a mark that succeeded, puts the file in place, and sets
 * plan->rows, so that a sweep can settle them.  The victims of a section are
 * sorted by repository, tag and digest. */
int plan_file_write(struct plan_file *f, const struct plan_head *head,
    struct plan *plan, const struct mark *m, struct err *err) MUST_CHECK;

/* Opens a plan and looks at each of its rows; one writer at a time.  ERR_CONFIG:
 * no such file, no plan, of a newer gcsweep, in use; ERR_CORRUPT: edited or
 * damaged; ERR_REFUSED: names what no plan may delete. */
struct plan_file *plan_file_open(const char *path, bool is_read_only,
    struct err *err);

/* Takes back what was settled and not committed; a plan that was not written
 * leaves nothing behind.  NULL is fine. */
void plan_file_close(struct plan_file *f);

/* Where the file is now (FILE.part until it was written): a cache may have its
 * tables there too, with a connection of its own.  It must be closed before
 * plan_file_write, and before plan_file_resume. */
const char *plan_file_path(const struct plan_file *f);

const struct plan_head *plan_file_head(const struct plan_file *f);

/* Rows of that state, and their bytes (may be NULL). */
uint64_t plan_file_count(const struct plan_file *f, enum plan_section section,
    enum plan_state state, uint64_t *bytes);

/* Calls see(arg, row) for each row in its order; stops when it answers other
 * than 0, with that.  -1 and *err when the file cannot be read. */
int plan_file_each(struct plan_file *f,
    int (*see)(void *arg, const struct plan_row *row), void *arg,
    struct err *err) MUST_CHECK;

/* To resume: replaces *plan, that of a new mark, by what is pending in the file
 * and still eligible by that mark with the same generation; the rest of what is
 * pending is settled as GONE, CHANGED or KEPT, to be committed by the caller.
 * What is eligible and stays all the same (a reviewer took it off, it was
 * written again, it came after the plan) keeps all that it names, as a root of
 * the mark. */
int plan_file_resume(struct plan_file *f, struct plan *plan, struct mark *m,
    struct err *err) MUST_CHECK;

/* What a sweep's delete became of a row of that section and size; written in
 * batches.  -1 and *err: the file cannot be written, now or since an earlier
 * row; nothing more should be deleted. */
int plan_file_settle(struct plan_file *f, enum plan_section section,
    uint64_t row, uint64_t size, const struct storage_op *op,
    struct err *err) MUST_CHECK;

/* Puts what is held back into the system's hands. */
int plan_file_commit(struct plan_file *f, struct err *err) MUST_CHECK;

/* --- without a file: plan_head.c --- */

const char *plan_state_name(enum plan_state state);

/* "2026-02-28T23:59:59Z", of microseconds since the Unix epoch. */
const char *plan_time_format(char out[PLAN_TIME_MAX], uint64_t us);
int plan_time_parse(const char *text, uint64_t *us);

/* Guards, ERR_REFUSED: too old at now_us (max_age_us 0: never); of another
 * bucket, root, or an emulator's where it is not one. */
int plan_head_check(const struct plan_head *head, const struct plan_head *here,
    uint64_t now_us, uint64_t max_age_us, struct err *err) MUST_CHECK;

#endif
