/* SPDX-License-Identifier: MIT */
/*
 * A disk that fails: whichever write or sync of a plan's making, sweeping or
 * resuming it is, once or from then on, no delete is lost sight of for good, no
 * wrong one is sent, and the next run ends where it should.  And a plan with a
 * byte that is not what it was is refused, or says the same.
 */
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/base/rng.h"
#include "tests/unit/plan_world.h"

/* --- a disk between SQLite and the system's --- */

static struct {
	sqlite3_vfs vfs;
	sqlite3_vfs *real;
	unsigned long calls;   /* that write */
	unsigned long fail_at; /* that one of them; 0: none */
	bool fails_for_good;
	int code;
	unsigned long failed;
	bool is_deadly; /* it does not fail, but ends the process */
} disk;

struct disk_file {
	sqlite3_file base;
	sqlite3_file *real;
};

static sqlite3_file *
real_of(sqlite3_file *f)
{
	return ((struct disk_file *)f)->real;
}

static bool
fails(void)
{
	disk.calls++;
	if (disk.fail_at == 0 || disk.calls < disk.fail_at ||
	    (disk.calls > disk.fail_at && !disk.fails_for_good))
		return false;
	disk.failed++;
	if (disk.is_deadly)
		raise(SIGKILL);
	return true;
}

#define REAL(f) real_of(f)->pMethods

static int
disk_close(sqlite3_file *f)
{
	return REAL(f)->xClose(real_of(f));
}

static int
disk_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	return REAL(f)->xRead(real_of(f), to, n, at);
}

static int
disk_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	return fails() ? disk.code : REAL(f)->xWrite(real_of(f), from, n, at);
}

static int
disk_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return fails() ? SQLITE_IOERR_TRUNCATE
		       : REAL(f)->xTruncate(real_of(f), size);
}

static int
disk_sync(sqlite3_file *f, int flags)
{
	return fails() ? SQLITE_IOERR_FSYNC : REAL(f)->xSync(real_of(f), flags);
}

static int
disk_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return REAL(f)->xFileSize(real_of(f), size);
}

static int
disk_lock(sqlite3_file *f, int lock)
{
	return REAL(f)->xLock(real_of(f), lock);
}

static int
disk_unlock(sqlite3_file *f, int lock)
{
	return REAL(f)->xUnlock(real_of(f), lock);
}

static int
disk_reserved(sqlite3_file *f, int *out)
{
	return REAL(f)->xCheckReservedLock(real_of(f), out);
}

static int
disk_control(sqlite3_file *f, int op, void *arg)
{
	return REAL(f)->xFileControl(real_of(f), op, arg);
}

static int
disk_sector(sqlite3_file *f)
{
	return REAL(f)->xSectorSize(real_of(f));
}

static int
disk_traits(sqlite3_file *f)
{
	return REAL(f)->xDeviceCharacteristics(real_of(f));
}

static int
disk_shm_map(sqlite3_file *f, int page, int size, int extend,
    void volatile **out)
{
	return REAL(f)->xShmMap(real_of(f), page, size, extend, out);
}

static int
disk_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return REAL(f)->xShmLock(real_of(f), offset, n, flags);
}

static void
disk_shm_barrier(sqlite3_file *f)
{
	REAL(f)->xShmBarrier(real_of(f));
}

static int
disk_shm_unmap(sqlite3_file *f, int removes)
{
	return REAL(f)->xShmUnmap(real_of(f), removes);
}

static int
disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags,
    int *out)
{
	static const sqlite3_io_methods methods = { 2, disk_close, disk_read,
		disk_write, disk_truncate, disk_sync, disk_size, disk_lock,
		disk_unlock, disk_reserved, disk_control, disk_sector,
		disk_traits, disk_shm_map, disk_shm_lock, disk_shm_barrier,
		disk_shm_unmap, NULL, NULL };
	struct disk_file *file = (struct disk_file *)f;
	int rc;

	(void)vfs;
	file->real = (sqlite3_file *)(file + 1);
	rc = disk.real->xOpen(disk.real, name, file->real, flags, out);
	f->pMethods = file->real->pMethods != NULL ? &methods : NULL;
	return rc;
}

static void
insert_disk(void)
{
	memset(&disk, 0, sizeof(disk));
	disk.real = sqlite3_vfs_find(NULL);
	disk.vfs = *disk.real;
	disk.vfs.zName = "disk";
	disk.vfs.szOsFile = (int)sizeof(struct disk_file) + disk.real->szOsFile;
	disk.vfs.xOpen = disk_open;
	ck_assert_int_eq(sqlite3_vfs_register(&disk.vfs, 1), SQLITE_OK);
}

static void
arm(unsigned long at, int code, bool for_good)
{
	disk.calls = disk.failed = 0;
	disk.fail_at = at;
	disk.code = code;
	disk.fails_for_good = for_good;
}

/* --- whichever write it is --- */

static void
on_settled(void *arg, struct storage_op *op)
{
	uint64_t *deletes = arg;

	if (op->kind == STORAGE_DELETE)
		op->done_us = 400000 * ++*deletes;
}

/* The plan, whole or not there. */
static void
plan_on_it(struct plan_world *w)
{
	struct err err = ERR_INIT;

	ck_assert_int_eq(rig_plan(&w->rig), 0);
	w->file = plan_file_create(w->path, &err);
	if (w->file != NULL &&
	    gc_store(&w->rig.gc, w->file, &w->head, &err) == 0)
		return;
	ck_assert_msg(err.code != ERR_NONE &&
		strstr(err.text, "plan.db") != NULL,
	    "\"%s\"", err.text);
	plan_world_close(w);
	arm(0, 0, false);
	rig_again(&w->rig);
	if (access(w->path, F_OK) != 0)
		plan_world_plan(w);
	else
		ck_assert_int_eq(plan_world_resume(w), 0);
}

/* Of deletes that were in flight when it failed, and no others, the file need
 * not know. */
static void
sweep_on_it(struct plan_world *w, int rc)
{
	uint64_t before = w->rig.watch.deletes;
	const struct sweep_report *r = &w->rig.gc.report;

	if (rc == 0 && rig_sweep(&w->rig) != 0) {
		ck_assert_ptr_nonnull(strstr(w->rig.err.text, "plan.db"));
		ck_assert_uint_eq(w->rig.watch.deletes - before,
		    plan_count(&w->rig.gc.plan) - r->not_tried);
	}
	ck_assert_uint_eq(w->rig.watch.in_flight, 0);
	ck_assert_ptr_null(maker_loss(w->maker, w->rig.mem));
	plan_world_close(w);
	rig_again(&w->rig);
}

/* Answers whether the disk has failed at all. */
static bool
live_through(uint64_t seed, unsigned long at, int code, bool for_good)
{
	struct plan_world w;
	uint64_t deletes = 0;
	bool has_failed;

	plan_world_init(&w, seed);
	w.rig.watch.on_settled = on_settled;
	w.rig.watch.arg = &deletes;
	arm(at, code, for_good);
	plan_on_it(&w);
	sweep_on_it(&w, 0);
	sweep_on_it(&w, plan_world_resume(&w));
	has_failed = disk.failed > 0 || disk.fail_at == 0;
	arm(0, 0, false);
	plan_world_apply(&w);
	plan_world_expect_oracle(&w, seed);
	ck_assert_int_eq(plan_world_ask(w.path,
			     "SELECT count(*) FROM plan"
			     " WHERE state NOT IN ('deleted', 'gone')"),
	    0);
	plan_world_release(&w);
	return has_failed;
}

START_TEST(whichever_write_fails_the_next_run_ends_where_it_should)
{
	uint64_t seed;
	unsigned long at;
	int for_good;

	insert_disk();
	for (seed = 1; seed < 3; seed++) {
		for (for_good = 0; for_good < 2; for_good++) {
			for (at = 1; live_through(seed, at,
				 for_good ? SQLITE_FULL : SQLITE_IOERR_WRITE,
				 for_good);
			     at++)
				ck_assert_uint_lt(at, 2000);
			ck_assert_uint_gt(at, 20);
		}
	}
	sqlite3_vfs_unregister(&disk.vfs);
}
END_TEST

/* The disk is full from the fourth delete on. */
struct filler {
	uint64_t deletes;
	uint64_t late; /* deletes submitted when a write had failed */
};

static void
fill_up(void *arg, struct storage_op *op)
{
	struct filler *f = arg;

	op->done_us = 400000 * ++f->deletes;
	if (f->deletes == 4)
		arm(1, SQLITE_FULL, true);
}

static void
see_late(void *arg, struct storage_op *op)
{
	struct filler *f = arg;

	(void)op;
	f->late += disk.failed > 0;
}

START_TEST(a_sweep_that_cannot_write_sends_nothing_more_and_says_so)
{
	struct plan_world w;
	unsigned width;

	insert_disk();
	for (width = 1; width < 5; width++) {
		struct filler f = { 0 };

		plan_world_init(&w, 6);
		w.rig.opts.sweep.width = width;
		plan_world_plan(&w);
		ck_assert_uint_gt(plan_count(&w.rig.gc.plan), 11);
		w.rig.watch.on_settled = fill_up;
		w.rig.watch.on_submit = see_late;
		w.rig.watch.arg = &f;
		ck_assert_int_eq(rig_sweep(&w.rig), -1);
		ck_assert_int_eq(w.rig.err.code, ERR_CONFIG);
		ck_assert_ptr_nonnull(strstr(w.rig.err.text, "disk is full"));
		ck_assert_uint_eq(f.late, 0);
		ck_assert_uint_le(f.deletes, 7 + width);
		ck_assert_uint_eq(w.rig.watch.in_flight, 0);
		w.rig.watch.on_settled = NULL;
		w.rig.watch.on_submit = NULL;
		plan_world_close(&w);
		arm(0, 0, false);
		rig_again(&w.rig);
		plan_world_apply(&w);
		plan_world_expect_oracle(&w, 6);
		plan_world_release(&w);
	}
	sqlite3_vfs_unregister(&disk.vfs);
}
END_TEST

/* Makes the plan in a process that is killed; answers whether it was. */
static bool
die_planning(struct plan_world *w, unsigned long at)
{
	struct err err = ERR_INIT;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		arm(at, 0, false);
		disk.is_deadly = true;
		w->file = plan_file_create(w->path, &err);
		_exit(w->file == NULL ||
		    gc_store(&w->rig.gc, w->file, &w->head, &err) != 0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		return true;
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	return false;
}

START_TEST(whoever_is_killed_while_it_plans_leaves_no_plan_or_a_whole_one)
{
	struct plan_world w;
	unsigned long at;
	bool was_killed = true;

	insert_disk();
	for (at = 1; was_killed; at++) {
		plan_world_init(&w, 2);
		ck_assert_int_eq(rig_plan(&w.rig), 0);
		was_killed = die_planning(&w, at);
		rig_again(&w.rig);
		if (access(w.path, F_OK) != 0)
			plan_world_plan(&w);
		plan_world_close(&w);
		rig_again(&w.rig);
		plan_world_apply(&w);
		plan_world_expect_oracle(&w, 2);
		plan_world_release(&w);
	}
	ck_assert_uint_gt(at, 5);
	sqlite3_vfs_unregister(&disk.vfs);
}
END_TEST

/* --- whichever byte it is --- */

/* What a plan says, as one number. */
struct sayings {
	uint64_t hash;
};

static void
add_words(struct sayings *s, const char *words)
{
	words = words != NULL ? words : "";
	s->hash = rng_hash(words, strlen(words), s->hash);
}

static int
add_saying(void *arg, const struct plan_row *row)
{
	struct sayings *s = arg;
	uint64_t numbers[] = { row->id, row->section, row->generation,
		row->size, row->created_s, row->state };

	s->hash = rng_hash(numbers, sizeof(numbers), s->hash);
	add_words(s, row->name);
	add_words(s, row->repository);
	add_words(s, row->reason);
	return 0;
}

/* 0: it was refused. */
static uint64_t
hear(const char *path)
{
	struct err err = ERR_INIT;
	struct plan_file *f = plan_file_open(path, true, &err);
	struct sayings s = { 1 };

	if (f == NULL) {
		ck_assert(err.code != ERR_NONE && err.text[0] != '\0');
		return 0;
	}
	add_words(&s, plan_file_head(f)->bucket);
	add_words(&s, plan_file_head(f)->root);
	ck_assert_msg(plan_file_each(f, add_saying, &s, &err) == 0, "%s",
	    err.text);
	plan_file_close(f);
	return s.hash;
}

START_TEST(a_byte_that_is_not_what_it_was_is_refused_or_means_nothing)
{
	struct plan_world w;
	struct rng rng;
	char *bytes;
	size_t n, at;
	uint64_t truth, heard;
	unsigned i, refused = 0;

	rng_init(&rng, 1);
	plan_world_init(&w, 2);
	plan_world_plan(&w);
	plan_world_close(&w);
	truth = hear(w.path);
	bytes = plan_world_read(w.path, &n);
	for (i = 0; i < 3000; i++) {
		at = i < 200 ? i : rng_below(&rng, n);
		bytes[at] = (char)(bytes[at] ^ 1 << i % 8);
		plan_world_write(w.path, bytes, n);
		heard = hear(w.path);
		ck_assert_msg(heard == 0 || heard == truth,
		    "byte %zu says something else", at);
		refused += heard == 0;
		bytes[at] = (char)(bytes[at] ^ 1 << i % 8);
	}
	ck_assert_uint_gt(refused, 500);
	for (i = 0; i < 300; i++) {
		at = rng_below(&rng, n);
		plan_world_write(w.path, bytes, at);
		ck_assert_msg(hear(w.path) == 0, "cut at %zu", at);
	}
	free(bytes);
	plan_world_release(&w);
}
END_TEST

int
main(void)
{
	return suite_run("plan_crash",
	    whichever_write_fails_the_next_run_ends_where_it_should,
	    a_sweep_that_cannot_write_sends_nothing_more_and_says_so,
	    whoever_is_killed_while_it_plans_leaves_no_plan_or_a_whole_one,
	    a_byte_that_is_not_what_it_was_is_refused_or_means_nothing, NULL);
}
