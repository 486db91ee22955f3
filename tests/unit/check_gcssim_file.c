/* SPDX-License-Identifier: MIT */
/* The public library: all buckets in a file. */
#include "sim/gcssim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/suite.h"

static char folder[32], path[64];
static struct gcssim_error err;

/* That fails, with these words and the file's name, and nothing has changed. */
static void
fails(struct gcssim *sim, int rc, const char *what)
{
	ck_assert_int_eq(rc, -1);
	ck_assert_ptr_nonnull(strstr(err.text, path));
	ck_assert_msg(strstr(err.text, what) != NULL, "%s", err.text);
	ck_assert_uint_gt(gcssim_objects(sim, "demo"), 0);
}

START_TEST(buckets_go_to_a_file_and_come_from_it)
{
	struct gcssim *sim = gcssim_start(NULL, &err);

	ck_assert_msg(sim != NULL, "%s", err.text);
	strcpy(folder, "/tmp/check_gcssim.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/state", folder);
	ck_assert_int_eq(gcssim_fill(sim, "demo", "manifests=2", NULL, &err),
	    0);
	ck_assert_msg(gcssim_save(sim, path, &err) == 0, "%s", err.text);
	ck_assert_int_eq(gcssim_fill(sim, "other", "manifests=2", NULL, &err),
	    0);
	ck_assert_int_eq(gcssim_load(sim, path, &err), 0);
	ck_assert_uint_gt(gcssim_objects(sim, "demo"), 0);
	ck_assert_uint_eq(gcssim_objects(sim, "other"), 0);
	ck_assert_int_eq(truncate(path, 5000), 0);
	fails(sim, gcssim_load(sim, path, &err), "malformed");
	ck_assert_int_eq(unlink(path), 0);
	fails(sim, gcssim_load(sim, path, &err), "No such file");
	ck_assert_int_eq(rmdir(folder), 0);
	fails(sim, gcssim_save(sim, path, &err), "No such file");
	gcssim_stop(sim);
}
END_TEST

int
main(void)
{
	return suite_run("gcssim_file", buckets_go_to_a_file_and_come_from_it,
	    NULL);
}
