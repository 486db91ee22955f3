/* SPDX-License-Identifier: MIT */
/* A random registry on a bench, with a plan file in a folder of its own, and
 * SQLite to look into it with. */
#ifndef TESTS_UNIT_PLAN_WORLD_H
#define TESTS_UNIT_PLAN_WORLD_H

#include "src/registry/plan_file.h"
#include "tests/support/maker.h"
#include "tests/support/rig.h"
#include "tests/support/suite.h"

enum { PLAN_PATH_MAX = 288 };

struct plan_world {
	char folder[256];
	char path[PLAN_PATH_MAX]; /* of the plan */
	struct maker *maker;
	struct rig rig;
	struct plan_file *file; /* open, or NULL */
	struct plan_head head;
	struct err err;
};

/* A registry drawn from the seed, its manifests without a tag eligible. */
void plan_world_init(struct plan_world *w, uint64_t seed);
void plan_world_release(struct plan_world *w);

/* Marks, and writes the plan; the file stays open, to be swept. */
void plan_world_plan(struct plan_world *w);

void plan_world_close(struct plan_world *w);

/* Opens the plan to resume it and marks again; the answer is gc_resume's, or -1
 * when the file was not opened. */
int plan_world_resume(struct plan_world *w);

/* Resumes and sweeps; asserts that both answer 0. */
void plan_world_apply(struct plan_world *w);

/* Is what is left what the oracle says? */
void plan_world_expect_oracle(struct plan_world *w, uint64_t seed);

/* With a connection of its own; the number that a query answers. */
void plan_world_sql(const char *path, const char *sql);
int64_t plan_world_ask(const char *path, const char *sql);

/* The bytes of a file. */
char *plan_world_read(const char *path, size_t *n);
void plan_world_write(const char *path, const char *bytes, size_t n);

/* Expects that opening fails with that code and words. */
void plan_world_refuses(const char *path, enum err_code code,
    const char *words);

#endif
