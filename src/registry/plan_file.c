/* SPDX-License-Identifier: MIT */
/* A plan file from its beginning to its end; the rest is in the rooms that
 * plan_file_priv.h lists. */
#include "src/registry/plan_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/mem.h"
#include "src/registry/plan_file_priv.h"

#define PART ".part"

/* f->at has room for either name. */
static struct plan_file *
file_new(const char *path, const char *tail)
{
	struct plan_file *f = mem_zalloc(1, sizeof(*f));

	f->path = mem_strdup(path);
	f->at = mem_alloc(strlen(path) + sizeof(PART));
	strcpy(f->at, path);
	strcat(f->at, tail);
	f->lock = -1;
	return f;
}

/* To SQLite it would be a file that nobody ever sees. */
static int
check_name(const struct plan_file *f, struct err *err)
{
	if (f->path[0] != '\0')
		return 0;
	return err_set(err, ERR_CONFIG, "a plan wants the name of a file");
}

static int
begin(struct plan_file *f, struct err *err)
{
	if (check_name(f, err) != 0 || plan_place_begin(f, err) != 0 ||
	    plan_db_open(f, err) != 0)
		return -1;
	return plan_db_make_tables(f, err);
}

struct plan_file *
plan_file_create(const char *path, struct err *err)
{
	struct plan_file *f = file_new(path, PART);

	if (begin(f, err) == 0)
		return f;
	plan_file_close(f);
	return NULL;
}

/* What a run that was killed had settled becomes the rows' own. */
static int
open_plan(struct plan_file *f, struct err *err)
{
	if (check_name(f, err) != 0)
		return -1;
	if (!f->is_read_only && plan_place_lock(f, err) != 0)
		return -1;
	if (plan_db_open(f, err) != 0 || plan_db_check_format(f, err) != 0 ||
	    plan_read_check(f, err) != 0)
		return -1;
	f->is_sound = true;
	return !f->is_read_only && f->has_outcomes ? plan_journal_fold(f, err)
						   : 0;
}

struct plan_file *
plan_file_open(const char *path, bool is_read_only, struct err *err)
{
	struct plan_file *f = file_new(path, "");

	f->is_read_only = is_read_only;
	if (open_plan(f, err) == 0)
		return f;
	plan_file_close(f);
	return NULL;
}

void
plan_file_close(struct plan_file *f)
{
	if (f == NULL)
		return;
	plan_journal_close(f);
	plan_db_close(f);
	if (f->is_part)
		plan_place_remove(f);
	if (f->lock >= 0)
		close(f->lock);
	arena_release(&f->arena);
	free(f->at);
	free(f->path);
	free(f);
}

const char *
plan_file_path(const struct plan_file *f)
{
	return f->at;
}

const struct plan_head *
plan_file_head(const struct plan_file *f)
{
	return &f->head;
}

uint64_t
plan_file_count(const struct plan_file *f, enum plan_section section,
    enum plan_state state, uint64_t *bytes)
{
	const struct plan_tally *t = &f->tally[section][state];

	if (bytes != NULL)
		*bytes = t->bytes;
	return t->rows;
}
