/* SPDX-License-Identifier: MIT */
/*
 * What every test of the GCS store needs: a virtual loop, a server that says
 * what the test wrote down, a store, and one operation.
 */
#ifndef TESTS_UNIT_GCS_WORLD_H
#define TESTS_UNIT_GCS_WORLD_H

#include "src/base/loop.h"
#include "src/gcs/gcs.h"
#include "src/storage/storage.h"
#include "tests/support/raw_server.h"
#include "tests/support/suite.h"

struct gcs_world {
	struct loop *loop;
	struct raw_server *server;
	struct gcs_opts opts; /* change, then gcs_world_reopen */
	struct storage *store;
	struct storage_op op;
};

void gcs_world_init(struct gcs_world *w);
void gcs_world_reopen(struct gcs_world *w);
void gcs_world_release(struct gcs_world *w);

/* w->op, already asked, from submit to reap.  Answers the verdict after
 * checking that attempts are what the server saw, and lets it forget them. */
enum storage_verdict gcs_world_run(struct gcs_world *w);

/* Asks for a delete of "a/b", with generation 7 or with none, and runs it. */
enum storage_verdict gcs_world_delete(struct gcs_world *w);
enum storage_verdict gcs_world_delete_any(struct gcs_world *w);

/* Does the text of the error contain these words, in one line? */
void gcs_world_says(const struct gcs_world *w, enum err_code code,
    const char *words);

#endif
