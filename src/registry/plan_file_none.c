/* SPDX-License-Identifier: MIT */
/* The plan file of a gcsweep that was built without SQLite: nobody ever has
 * one. */
#include "src/registry/plan_file.h"

#include <stddef.h>

static struct plan_file *
has_none(const char *path, struct err *err)
{
	err_set(err, ERR_CONFIG,
	    "the plan %s needs SQLite, which this gcsweep was built without; "
	    "install the Debian package libsqlite3-dev and build again",
	    path);
	return NULL;
}

struct plan_file *
plan_file_create(const char *path, struct err *err)
{
	return has_none(path, err);
}

struct plan_file *
plan_file_open(const char *path, bool is_read_only, struct err *err)
{
	(void)is_read_only;
	return has_none(path, err);
}

int
plan_file_write(struct plan_file *f, const struct plan_head *head,
    struct plan *plan, const struct mark *m, struct err *err)
{
	(void)f, (void)head, (void)plan, (void)m, (void)err;
	return -1;
}

void
plan_file_close(struct plan_file *f)
{
	(void)f;
}

const char *
plan_file_path(const struct plan_file *f)
{
	(void)f;
	return NULL;
}

const struct plan_head *
plan_file_head(const struct plan_file *f)
{
	(void)f;
	return NULL;
}

uint64_t
plan_file_count(const struct plan_file *f, enum plan_section section,
    enum plan_state state, uint64_t *bytes)
{
	(void)f, (void)section, (void)state, (void)bytes;
	return 0;
}

int
plan_file_each(struct plan_file *f,
    int (*see)(void *arg, const struct plan_row *row), void *arg,
    struct err *err)
{
	(void)f, (void)see, (void)arg, (void)err;
	return -1;
}

int
plan_file_resume(struct plan_file *f, struct plan *plan, struct mark *m,
    struct err *err)
{
	(void)f, (void)plan, (void)m, (void)err;
	return -1;
}

int
plan_file_settle(struct plan_file *f, enum plan_section section, uint64_t row,
    uint64_t size, const struct storage_op *op, struct err *err)
{
	(void)f, (void)section, (void)row, (void)size, (void)op, (void)err;
	return -1;
}

int
plan_file_commit(struct plan_file *f, struct err *err)
{
	(void)f, (void)err;
	return -1;
}
