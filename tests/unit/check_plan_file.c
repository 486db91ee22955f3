/* SPDX-License-Identifier: MIT */
/* plan_file: made whole or not at all, read back as it was written, and refused
 * by name when it is anything else. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/vec.h"
#include "src/registry/mark.h"
#include "src/storage/mem_store.h"
#include "tests/unit/plan_world.h"

static bool
is_there(const struct plan_world *w, const char *tail)
{
	char name[PLAN_PATH_MAX + 16];

	snprintf(name, sizeof(name), "%s%s", w->path, tail);
	return access(name, F_OK) == 0;
}

static void
leave(const struct plan_world *w, const char *tail, const char *bytes)
{
	char name[PLAN_PATH_MAX + 16];

	snprintf(name, sizeof(name), "%s%s", w->path, tail);
	plan_world_write(name, bytes, strlen(bytes));
}

/* --- reading back --- */

struct reader {
	struct plan_world *w;
	size_t at[PLAN_SECTIONS];
	char last[2048];
	int last_section;
	uint64_t rows;
};

static int
see_row(void *arg, const struct plan_row *row)
{
	struct reader *r = arg;
	const struct plan *plan = &r->w->rig.gc.plan;
	size_t i = r->at[row->section]++;
	uint64_t generation;
	struct buf name;

	buf_init(&name, 4096);
	ck_assert_uint_eq(row->id, ++r->rows);
	ck_assert_uint_lt(i, plan->victims[row->section].n);
	ck_assert_uint_eq(plan->rows[row->section].v[i], row->id);
	ck_assert_int_eq(plan_victim(plan, &r->w->rig.gc.mark.inv, row->section,
			     i, &name, &generation, &r->w->err),
	    0);
	ck_assert_str_eq(row->name, name.data);
	ck_assert_uint_eq(row->generation, generation);
	ck_assert((row->repository == NULL) == (row->section == PLAN_BLOBS));
	ck_assert(row->repository == NULL ||
	    strstr(row->name, row->repository) != NULL);
	ck_assert((row->size != 0) == (row->section == PLAN_BLOBS));
	ck_assert_str_ne(row->reason, "");
	ck_assert_int_eq(row->state, PLAN_PENDING);
	ck_assert_int_ge((int)row->section, r->last_section);
	r->last_section = (int)row->section;
	buf_release(&name);
	return 0;
}

static void
expect_head(const struct plan_world *w)
{
	const struct plan_head *h = plan_file_head(w->file);

	ck_assert_str_eq(h->version, w->head.version);
	ck_assert_str_eq(h->bucket, "demo");
	ck_assert_str_eq(h->root, maker_root(w->maker));
	ck_assert_str_eq(h->endpoint, w->head.endpoint);
	ck_assert(h->is_emulator && h->delete_untagged);
	ck_assert_uint_eq(h->min_age_us, w->rig.opts.mark.min_age_us);
	ck_assert_uint_eq(h->created_us, w->head.created_us);
	ck_assert_uint_eq(h->listed, w->rig.gc.mark.inv.objects);
	ck_assert_mem_eq(&h->kept, &w->rig.gc.plan.kept, sizeof(h->kept));
}

START_TEST(a_plan_is_read_back_as_it_was_written)
{
	struct plan_world w;
	uint64_t seed, bytes;

	for (seed = 0; seed < 40; seed++) {
		struct reader r = { .w = &w };

		plan_world_init(&w, seed);
		mem_store_set_wall(w.rig.mem, w.head.created_us);
		w.rig.opts.mark.min_age_us = seed * 1500000;
		plan_world_plan(&w);
		expect_head(&w);
		plan_world_close(&w);
		ck_assert(!is_there(&w, ".part") && !is_there(&w, "-wal") &&
		    !is_there(&w, "-journal"));
		w.file = plan_file_open(w.path, seed % 2, &w.err);
		ck_assert_msg(w.file != NULL, "%s", w.err.text);
		expect_head(&w);
		ck_assert_int_eq(plan_file_each(w.file, see_row, &r, &w.err),
		    0);
		ck_assert_uint_eq(r.rows, plan_count(&w.rig.gc.plan));
		ck_assert_uint_eq(plan_file_count(w.file, PLAN_BLOBS,
				      PLAN_PENDING, &bytes),
		    w.rig.gc.plan.victims[PLAN_BLOBS].n);
		ck_assert_uint_eq(bytes, w.rig.gc.plan.bytes);
		plan_world_release(&w);
	}
}
END_TEST

START_TEST(two_plans_of_one_bucket_are_one)
{
	struct plan_world w;
	uint64_t seed;
	size_t n, m;
	char *one, *two;

	for (seed = 0; seed < 10; seed++) {
		plan_world_init(&w, seed);
		plan_world_plan(&w);
		plan_world_close(&w);
		one = plan_world_read(w.path, &n);
		unlink(w.path);
		rig_again(&w.rig);
		w.rig.opts.mark.width = 1 + (unsigned)seed;
		plan_world_plan(&w);
		plan_world_close(&w);
		two = plan_world_read(w.path, &m);
		ck_assert_uint_eq(n, m);
		ck_assert_mem_eq(one, two, n);
		free(one);
		free(two);
		plan_world_release(&w);
	}
}
END_TEST

/* --- its name --- */

START_TEST(a_file_that_is_there_is_never_overwritten)
{
	struct plan_world w;

	plan_world_init(&w, 1);
	leave(&w, "", "mine");
	ck_assert_ptr_null(plan_file_create(w.path, &w.err));
	ck_assert_int_eq(w.err.code, ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(w.err.text, "is there already"));
	unlink(w.path);
	ck_assert_int_eq(symlink("/nowhere", w.path), 0);
	ck_assert_ptr_null(plan_file_create(w.path, &w.err));
	unlink(w.path);
	/* Nor one that comes while the plan is being made. */
	ck_assert_int_eq(rig_plan(&w.rig), 0);
	w.file = plan_file_create(w.path, &w.err);
	ck_assert_ptr_nonnull(w.file);
	leave(&w, "", "mine");
	ck_assert_int_eq(gc_store(&w.rig.gc, w.file, &w.head, &w.err), -1);
	ck_assert_ptr_nonnull(strstr(w.err.text, "by somebody else"));
	plan_world_close(&w);
	ck_assert(is_there(&w, "") && !is_there(&w, ".part"));
	plan_world_release(&w);
}
END_TEST

START_TEST(what_a_killed_run_left_is_replaced)
{
	static const char *const tails[] = { ".part", ".part-journal",
		".part-wal", ".part-shm" };
	char part[PLAN_PATH_MAX + 16], other[PLAN_PATH_MAX + 16];
	struct plan_world w;
	size_t i, n;
	char *bytes;

	plan_world_init(&w, 2);
	for (i = 0; i < 4; i++)
		leave(&w, tails[i], "rubbish");
	/* It may have got its name just before, and then been renamed. */
	snprintf(part, sizeof(part), "%s.part", w.path);
	snprintf(other, sizeof(other), "%s.other", w.path);
	ck_assert_int_eq(link(part, other), 0);
	plan_world_plan(&w);
	plan_world_close(&w);
	for (i = 0; i < 4; i++)
		ck_assert(!is_there(&w, tails[i]));
	bytes = plan_world_read(other, &n);
	ck_assert_uint_eq(n, strlen("rubbish"));
	free(bytes);
	w.file = plan_file_open(w.path, true, &w.err);
	ck_assert_msg(w.file != NULL, "%s", w.err.text);
	plan_world_release(&w);
}
END_TEST

START_TEST(a_plan_that_was_not_written_leaves_nothing)
{
	struct plan_world w;

	plan_world_init(&w, 3);
	w.file = plan_file_create(w.path, &w.err);
	ck_assert(w.file != NULL && is_there(&w, ".part"));
	ck_assert_str_ne(plan_file_path(w.file), w.path);
	/* Nor can another be made at once. */
	ck_assert_ptr_null(plan_file_create(w.path, &w.err));
	ck_assert_ptr_nonnull(strstr(w.err.text, "in use by another gcsweep"));
	ck_assert(is_there(&w, ".part"));
	plan_world_close(&w);
	ck_assert(!is_there(&w, ".part") && !is_there(&w, ""));
	plan_world_release(&w);
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_named)
{
	struct err err = ERR_INIT;

	ck_assert_ptr_null(plan_file_create("/nowhere/plan.db", &err));
	ck_assert_ptr_nonnull(strstr(err.text, "/nowhere/plan.db.part"));
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_ptr_null(plan_file_create("", &err));
	ck_assert_ptr_nonnull(strstr(err.text, "wants the name of a file"));
	ck_assert_ptr_null(plan_file_open("", false, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "wants the name of a file"));
}
END_TEST

/* --- opening --- */

START_TEST(one_writes_and_anyone_reads)
{
	struct plan_world w;
	struct plan_file *reader;

	plan_world_init(&w, 4);
	plan_world_plan(&w);
	plan_world_refuses(w.path, ERR_CONFIG, "in use by another gcsweep");
	reader = plan_file_open(w.path, true, &w.err);
	ck_assert_msg(reader != NULL, "%s", w.err.text);
	plan_file_close(reader);
	/* A reader that went takes no lock of the writer's along. */
	plan_world_refuses(w.path, ERR_CONFIG, "in use by another gcsweep");
	plan_world_close(&w);
	w.file = plan_file_open(w.path, false, &w.err);
	ck_assert_msg(w.file != NULL, "%s", w.err.text);
	plan_world_release(&w);
}
END_TEST

START_TEST(what_is_no_plan_is_named)
{
	struct plan_world w;
	char name[PLAN_PATH_MAX + 16];
	size_t n;
	char *before, *after;

	plan_world_init(&w, 5);
	plan_world_refuses(w.path, ERR_CONFIG, "No such file");
	plan_world_refuses(w.folder, ERR_CONFIG, w.folder);
	leave(&w, "",
	    "not a database, but a text that is as long as its head "
	    "and then some more, so that it may be looked at whole");
	plan_world_refuses(w.path, ERR_CONFIG, "is no plan of gcsweep");
	leave(&w, "", "");
	plan_world_refuses(w.path, ERR_CONFIG, "is no plan of gcsweep");
	unlink(w.path);
	/* Somebody else's database is left as it is. */
	plan_world_sql(w.path, "PRAGMA journal_mode=WAL; CREATE TABLE t(x)");
	before = plan_world_read(w.path, &n);
	plan_world_refuses(w.path, ERR_CONFIG, "something else");
	after = plan_world_read(w.path, &n);
	ck_assert_mem_eq(before, after, n);
	free(before);
	free(after);
	unlink(w.path);
	plan_world_plan(&w);
	plan_world_close(&w);
	plan_world_sql(w.path, "PRAGMA user_version=2");
	plan_world_refuses(w.path, ERR_CONFIG, "a newer one made it");
	snprintf(name, sizeof(name), "%s/pipe", w.folder);
	ck_assert_int_eq(mkfifo(name, 0600), 0);
	plan_world_refuses(name, ERR_CONFIG, "not a file");
	plan_world_release(&w);
}
END_TEST

/* --- edits --- */

static const struct {
	const char *sql;
	enum err_code code;
	const char *words;
} edits[] = {
	{ "UPDATE victim SET generation = generation + 1 WHERE row = 2",
	    ERR_CORRUPT, "row 2 was changed" },
	{ "UPDATE victim SET generation = 0 WHERE row = 2", ERR_CORRUPT,
	    "row 2 was changed" },
	{ "UPDATE victim SET name = (SELECT name FROM victim WHERE row = 3)"
	  " WHERE row = 2",
	    ERR_CORRUPT, "row 2 was changed" },
	{ "UPDATE victim SET size = 1 WHERE row = 1", ERR_CORRUPT,
	    "row 1 was changed" },
	{ "UPDATE victim SET created = 'now' WHERE row = 1", ERR_CORRUPT,
	    "row 1 was changed" },
	{ "UPDATE victim SET created = '2020-01-01T00:00:00Z' WHERE row = 1",
	    ERR_CORRUPT, "row 1 was changed" },
	{ "UPDATE victim SET reason = 'because' WHERE row = 1", ERR_CORRUPT,
	    "row 1 was changed" },
	{ "UPDATE victim SET kind = 'bucket' WHERE row = 1", ERR_CORRUPT,
	    "row 1 was changed" },
	{ "UPDATE victim SET repository = 'x' WHERE row = 1", ERR_CORRUPT,
	    "row 1 was changed" },
	{ "UPDATE victim SET seal = 0 WHERE row = 1", ERR_CORRUPT,
	    "row 1 was changed" },
	{ "DELETE FROM victim WHERE row = 1", ERR_CORRUPT,
	    "row 1 is missing; to take a row off" },
	{ "DELETE FROM victim WHERE row = 3", ERR_CORRUPT, "row 3 is missing" },
	{ "DELETE FROM victim WHERE row = (SELECT max(row) FROM victim)",
	    ERR_CORRUPT, "the last rows are missing" },
	{ "INSERT INTO victim(kind, name, generation, reason, seal)"
	  " VALUES('blob', 'x', 1, '', 0)",
	    ERR_CORRUPT, "was changed" },
	{ "UPDATE victim SET state = 'no' WHERE row = 2", ERR_REFUSED,
	    "row 2 has the state 'no'; to take it off, set it to 'skip'" },
	{ "UPDATE outcome SET state = 'no'; INSERT INTO outcome"
	  " VALUES(2, 'well', 0, 0, '')",
	    ERR_REFUSED, "row 2 has the state 'well'" },
	{ "UPDATE head SET value = 'other' WHERE key = 'bucket'", ERR_CORRUPT,
	    "its head was changed" },
	{ "UPDATE head SET value = 'no' WHERE key = 'emulator'", ERR_CORRUPT,
	    "its head was changed" },
	{ "UPDATE head SET value = 'perhaps' WHERE key = 'emulator'",
	    ERR_CORRUPT, "its head says \"perhaps\" as its \"emulator\"" },
	{ "UPDATE head SET value = 'soon' WHERE key = 'created'", ERR_CORRUPT,
	    "its head says \"soon\"" },
	{ "UPDATE head SET value = '-1' WHERE key = 'listed'", ERR_CORRUPT,
	    "its head says \"-1\"" },
	{ "DELETE FROM head WHERE key = 'root'", ERR_CORRUPT,
	    "its head says no \"root\"" },
	{ "DELETE FROM head WHERE key = 'seal'", ERR_CORRUPT,
	    "its head says no \"seal\"" },
	{ "UPDATE head SET value = 'elsewhere' WHERE key = 'root'", ERR_REFUSED,
	    "row 1 names what no" },
	{ "DROP TABLE victim", ERR_CORRUPT, "no such table: victim" },
	{ "DROP TABLE head", ERR_CORRUPT, "no such table: head" },
	{ "ALTER TABLE victim RENAME reason TO cause", ERR_CORRUPT,
	    "no such column: reason" },
};

START_TEST(a_plan_that_was_edited_is_refused_by_name)
{
	struct plan_world w;
	size_t i, n;
	char *bytes;

	plan_world_init(&w, 6);
	plan_world_plan(&w);
	ck_assert_uint_gt(plan_count(&w.rig.gc.plan), 5);
	plan_world_close(&w);
	bytes = plan_world_read(w.path, &n);
	for (i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		plan_world_write(w.path, bytes, n);
		plan_world_sql(w.path, edits[i].sql);
		plan_world_refuses(w.path, edits[i].code, edits[i].words);
	}
	free(bytes);
	plan_world_release(&w);
}
END_TEST

/* A reviewer's own tables, notes in the head and triggers decide nothing. */
START_TEST(what_a_reviewer_adds_beside_the_plan_is_left_alone)
{
	struct plan_world w;

	plan_world_init(&w, 7);
	plan_world_plan(&w);
	plan_world_close(&w);
	plan_world_sql(w.path,
	    "CREATE TABLE notes(row, text);"
	    "INSERT INTO head VALUES('reviewed', 'yes');"
	    "CREATE INDEX by_state ON victim(state);"
	    "CREATE TRIGGER t AFTER INSERT ON outcome BEGIN"
	    " UPDATE victim SET generation = 1000007; END");
	rig_again(&w.rig);
	plan_world_apply(&w);
	plan_world_expect_oracle(&w, 7);
	ck_assert_int_eq(
	    plan_world_ask(w.path,
		"SELECT count(*) FROM victim"
		" WHERE generation = 1000007 OR state <> 'deleted'"),
	    0);
	plan_world_release(&w);
}
END_TEST

/* Every query that doc/PLAN.md gives to reviewers. */
START_TEST(the_queries_of_the_manual_run)
{
	struct plan_world w;
	char *text, *at, *end;
	size_t n;
	unsigned blocks = 0;

	plan_world_init(&w, 10);
	plan_world_plan(&w);
	plan_world_close(&w);
	text = plan_world_read(suite_source("doc/PLAN.md"), &n);
	text[n] = '\0';
	for (at = text; (at = strstr(at, "```sql\n")) != NULL; at = end + 3) {
		at += strlen("```sql\n");
		end = strstr(at, "```");
		ck_assert_ptr_nonnull(end);
		*end = '\0';
		plan_world_sql(w.path, at);
		blocks++;
	}
	ck_assert_uint_eq(blocks, 6);
	free(text);
	w.file = plan_file_open(w.path, true, &w.err);
	ck_assert_msg(w.file != NULL, "%s", w.err.text);
	plan_world_release(&w);
}
END_TEST

int
main(void)
{
	return suite_run("plan_file", a_plan_is_read_back_as_it_was_written,
	    two_plans_of_one_bucket_are_one,
	    a_file_that_is_there_is_never_overwritten,
	    what_a_killed_run_left_is_replaced,
	    a_plan_that_was_not_written_leaves_nothing,
	    a_folder_that_is_not_there_is_named, one_writes_and_anyone_reads,
	    what_is_no_plan_is_named, a_plan_that_was_edited_is_refused_by_name,
	    what_a_reviewer_adds_beside_the_plan_is_left_alone,
	    the_queries_of_the_manual_run, NULL);
}
