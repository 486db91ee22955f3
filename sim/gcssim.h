/* SPDX-License-Identifier: MIT */
/*
 * libgcssim: a fake Google Cloud Storage inside your own process, for tests.
 *
 *	struct gcssim_error err;
 *	const char *const settings[] = { "bucket=b", "latency=42ms", NULL };
 *	struct gcssim *sim = gcssim_start(settings, &err);
 *
 *	if (sim == NULL)
 *		errx(1, "%s", err.text);
 *	setenv("STORAGE_EMULATOR_HOST", gcssim_url(sim), 1);
 *	... what is tested sends its requests ...
 *	assert(gcssim_count(sim, "DELETE") == 6);
 *	gcssim_stop(sim);
 *
 * Each simulator has a thread of its own, and there may be many of them.  Its
 * functions may be called from any thread; they are done when they return, and
 * see every request that was answered before.  After gcssim_stop has been
 * called none may be.
 *
 * A child of fork() has no simulator: its thread stays behind.  There counts
 * are GCSSIM_NONE, all that can fail fails, and gcssim_stop does nothing.
 *
 * Those that answer int answer 0, or -1 and say why in *err; err may be NULL.
 * gcssim(3) has the whole story, gcs-sim(1) the settings.
 */
#ifndef GCSSIM_H
#define GCSSIM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

struct gcssim;

/* One line, without a line break. */
struct gcssim_error {
	char text[512];
};

/* What a count is when there is none. */
#define GCSSIM_NONE UINT64_MAX

/* settings: "NAME=VALUE", or "NAME" for a flag, as gcs-sim's options without
 * their dashes; NULL ends them, and NULL alone is none.  They are copied; the
 * environment is not asked.  It takes connections when this returns; NULL when
 * it cannot. */
struct gcssim *gcssim_start(const char *const *settings,
    struct gcssim_error *err);

/* Ends all connections, and the thread, and frees the simulator; NULL is
 * fine. */
void gcssim_stop(struct gcssim *sim);

/* "http://127.0.0.1:41873", until gcssim_stop. */
const char *gcssim_url(const struct gcssim *sim);

/* Changes settings that may change while it runs, said as at the start: all of
 * them, or on -1 none. */
int gcssim_set(struct gcssim *sim, const char *const *settings,
    struct gcssim_error *err);

/* How many since the start or gcssim_reset: "LIST", "GET", "PUT", "DELETE",
 * "BUCKET" or "OTHER" requests, or their "total"; "rejected" by a limit,
 * "faults" asked for, "replayed" answers; "connections", and "refused" ones;
 * "in_flight" now, and "peak_in_flight"; or a key of GET /_sim/expect, such as
 * "storage.objects.list", "503" or "DELETE:404".  GCSSIM_NONE for no count. */
uint64_t gcssim_count(struct gcssim *sim, const char *what);

/* All counts but in_flight become 0, the journal is empty, and closed scopes are
 * forgotten. */
int gcssim_reset(struct gcssim *sim, struct gcssim_error *err);

/* A scope counts what arrives until it is closed, by those keys; then its counts
 * stay, until it is opened anew.  scope may be NULL: the whole run. */
int gcssim_scope_open(struct gcssim *sim, const char *name,
    struct gcssim_error *err);
int gcssim_scope_close(struct gcssim *sim, const char *name,
    struct gcssim_error *err);
uint64_t gcssim_scope_count(struct gcssim *sim, const char *scope,
    const char *key);

/* -1 and the difference unless all is so: "scope=gc&DELETE=391&LIST=..2". */
int gcssim_expect(struct gcssim *sim, const char *query,
    struct gcssim_error *err);

/* The next requests of a kind fail, so many of them: with a status of 400 to
 * 599, or 0 for a reset connection; those before it are used first.  The second
 * lets them take effect and loses the answers; the third is how many wait. */
int gcssim_fail_next(struct gcssim *sim, const char *kind, uint64_t times,
    int status, struct gcssim_error *err);
int gcssim_fail_after(struct gcssim *sim, const char *kind, uint64_t times,
    int status, struct gcssim_error *err);
uint64_t gcssim_pending(struct gcssim *sim);

/* Rules of what goes wrong, one a line, in the grammar of the setting fault:
 * "GET 503 rate=20% id=mine".  All of them, or on -1 none.  The second takes away
 * the rule of that id, or all: NULL.  The third is how many requests it has met
 * since the start or gcssim_reset. */
int gcssim_add_faults(struct gcssim *sim, const char *rules,
    struct gcssim_error *err);
int gcssim_remove_faults(struct gcssim *sim, const char *id,
    struct gcssim_error *err);
uint64_t gcssim_fired(struct gcssim *sim, const char *id);

/* Fills a new or an empty bucket with a registry, as the settings registry and
 * root do; root may be NULL. */
int gcssim_fill(struct gcssim *sim, const char *bucket, const char *registry,
    const char *root, struct gcssim_error *err);

/* Live objects in a bucket, and their bytes; 0 when there is no such bucket. */
uint64_t gcssim_objects(struct gcssim *sim, const char *bucket);
uint64_t gcssim_bytes(struct gcssim *sim, const char *bucket);

/* 1 when the object is there, 0 when it is not, -1 in a child of fork(). */
int gcssim_has(struct gcssim *sim, const char *bucket, const char *name);

/* Copies of all buckets, under names of 1 to 63 of [A-Za-z0-9._-], and back
 * again; gcssim_restart goes back to what the settings made at the start, and the
 * last two use a file that the setting data takes, too: whole, or not at all. */
int gcssim_snapshot(struct gcssim *sim, const char *name,
    struct gcssim_error *err);
int gcssim_restore(struct gcssim *sim, const char *name,
    struct gcssim_error *err);
int gcssim_forget(struct gcssim *sim, const char *name,
    struct gcssim_error *err);
int gcssim_restart(struct gcssim *sim, struct gcssim_error *err);
int gcssim_save(struct gcssim *sim, const char *path, struct gcssim_error *err);
int gcssim_load(struct gcssim *sim, const char *path, struct gcssim_error *err);

/* -1 when the simulator itself had trouble that no request tells of: it cannot
 * keep the data file, or cannot accept connections. */
int gcssim_check(struct gcssim *sim, struct gcssim_error *err);

/* Of the library that runs, such as "0.1.0". */
const char *gcssim_version(void);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
