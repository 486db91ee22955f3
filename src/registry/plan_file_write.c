/* SPDX-License-Identifier: MIT */
/* A plan becomes rows, all in one transaction, in an order that does not depend
 * on how the bucket was listed. */
#include "src/registry/plan_file_priv.h"

#include <stdlib.h>
#include <string.h>

#include "src/registry/mark.h"
#include "src/registry/plan_file_entry.h"

struct writer {
	struct plan_file *f;
	struct plan *plan;
	const struct mark *m;
	enum plan_section section;
	struct plan_seal seal;
	struct buf name;
	struct buf repository;
	sqlite3_stmt *add;
};

static const char *
lend(struct plan_file *f, const char *text)
{
	return arena_strndup(&f->arena, text, strlen(text));
}

static void
take_head(struct plan_file *f, const struct plan_head *head)
{
	f->head = *head;
	f->head.version = lend(f, head->version);
	f->head.bucket = lend(f, head->bucket);
	f->head.root = lend(f, head->root);
	f->head.endpoint = lend(f, head->endpoint);
	f->head.created_us -= head->created_us % 1000000;
}

/* --- order --- */

static int
compare_victims(const void *a, const void *b, void *arg)
{
	const struct writer *w = arg;
	struct plan_entry p, q;

	plan_entry_get(&w->m->inv, w->section, *(const uint32_t *)a, &p);
	plan_entry_get(&w->m->inv, w->section, *(const uint32_t *)b, &q);
	return plan_entry_compare(&p, &q);
}

static void
sort_victims(struct writer *w)
{
	uint32_t *v = w->plan->victims[w->section].v;
	size_t n = w->plan->victims[w->section].n;

	if (n > 0)
		qsort_r(v, n, sizeof(*v), compare_victims, w);
}

/* --- rows --- */

static void
bind_or_null(sqlite3_stmt *st, int at, const char *text)
{
	if (text != NULL)
		sqlite3_bind_text(st, at, text, -1, SQLITE_STATIC);
	else
		sqlite3_bind_null(st, at);
}

static int
add_row(struct writer *w, const struct plan_row *row, struct err *err)
{
	char created[PLAN_TIME_MAX];
	sqlite3_stmt *st = w->add;

	plan_time_format(created, row->created_s * 1000000);
	sqlite3_bind_int64(st, 1, (sqlite3_int64)row->id);
	bind_or_null(st, 2, plan_section_name(row->section));
	bind_or_null(st, 3, row->repository);
	bind_or_null(st, 4, row->name);
	sqlite3_bind_int64(st, 5, (sqlite3_int64)row->generation);
	if (row->size > 0)
		sqlite3_bind_int64(st, 6, (sqlite3_int64)row->size);
	else
		sqlite3_bind_null(st, 6);
	bind_or_null(st, 7, row->created_s != 0 ? created : NULL);
	bind_or_null(st, 8, row->reason);
	sqlite3_bind_int64(st, 9, plan_seal_row(&w->seal, row));
	if (sqlite3_step(st) != SQLITE_DONE)
		return plan_db_fail(w->f, err);
	sqlite3_reset(st);
	return 0;
}

static int
add_victim(struct writer *w, size_t i, struct err *err)
{
	const struct plan *plan = w->plan;
	struct plan_file *f = w->f;
	struct plan_entry e;
	struct plan_row row = {
		.id = ++f->rows,
		.section = w->section,
		.reason = plan_reason_text(
		    plan_reason(plan, w->m, w->section, i)),
	};

	if (plan_victim(plan, &w->m->inv, w->section, i, &w->name,
		&row.generation, err) != 0)
		return -1;
	plan_entry_get(&w->m->inv, w->section, plan->victims[w->section].v[i],
	    &e);
	if (e.path.repo_len > 0) {
		buf_clear(&w->repository);
		buf_add(&w->repository, e.path.repo, e.path.repo_len);
		row.repository = w->repository.data;
	}
	row.name = w->name.data;
	row.size = e.size;
	row.created_s = e.created_s;
	f->tally[w->section][PLAN_PENDING].rows++;
	f->tally[w->section][PLAN_PENDING].bytes += row.size;
	*vec_push(&w->plan->rows[w->section]) = row.id;
	return add_row(w, &row, err);
}

static int
add_section(struct writer *w, struct err *err)
{
	size_t i, n = w->plan->victims[w->section].n;

	sort_victims(w);
	w->plan->rows[w->section].n = 0;
	for (i = 0; i < n; i++) {
		if (add_victim(w, i, err) != 0)
			return -1;
	}
	return 0;
}

static int
add_all(struct writer *w, struct err *err)
{
	int section;

	if (plan_db_run(w->f, "BEGIN", err) != 0)
		return -1;
	w->add = plan_db_prepare(w->f,
	    "INSERT INTO victim(row, kind, repository, name, generation, size,"
	    " created, reason, seal) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    err);
	if (w->add == NULL)
		return -1;
	for (section = 0; section < PLAN_SECTIONS; section++) {
		w->section = (enum plan_section)section;
		if (add_section(w, err) != 0)
			return -1;
	}
	plan_seal_head(&w->seal, &w->f->head, &w->name);
	if (plan_head_store(w->f, w->name.data, err) != 0)
		return -1;
	return plan_db_run(w->f, "COMMIT", err);
}

static int
write_rows(struct plan_file *f, struct plan *plan, const struct mark *m,
    struct err *err)
{
	struct writer w = { .f = f, .plan = plan, .m = m };
	int rc;

	plan_seal_init(&w.seal);
	buf_init(&w.name, VALUE_MAX);
	buf_init(&w.repository, VALUE_MAX);
	rc = add_all(&w, err);
	sqlite3_finalize(w.add);
	plan_seal_release(&w.seal);
	buf_release(&w.name);
	buf_release(&w.repository);
	return rc;
}

/* A cache may have left it in another journal mode; with all in one file it is
 * whole wherever it is moved. */
int
plan_file_write(struct plan_file *f, const struct plan_head *head,
    struct plan *plan, const struct mark *m, struct err *err)
{
	take_head(f, head);
	if (write_rows(f, plan, m, err) != 0 ||
	    plan_db_run(f, "PRAGMA journal_mode=DELETE", err) != 0)
		return -1;
	plan_db_close(f);
	if (plan_place_end(f, err) != 0 || plan_db_open(f, err) != 0)
		return -1;
	f->is_sound = true;
	return 0;
}
