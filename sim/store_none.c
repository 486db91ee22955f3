/* SPDX-License-Identifier: MIT */
/* The store of a gcs-sim that was built without SQLite: nobody ever has one. */
#include "sim/store.h"

#include <stddef.h>

bool
store_is_built(void)
{
	return false;
}

static int
has_no_images(struct err *err)
{
	return err_set(err, ERR_CONFIG,
	    "the buckets as a file need SQLite, which this gcs-sim was built "
	    "without; install the Debian package libsqlite3-dev and build "
	    "again");
}

int
store_write_image(const struct world *w, struct buf *out, struct err *err)
{
	(void)w, (void)out;
	return has_no_images(err);
}

int
store_read_image(const void *bytes, size_t n, struct world *w, struct err *err)
{
	(void)bytes, (void)n, (void)w;
	return has_no_images(err);
}

struct store *
store_open(const char *path, struct world *w, struct err *err)
{
	(void)w;
	err_set(err, ERR_USAGE,
	    "--data %s needs SQLite, which this gcs-sim was built without; "
	    "install the Debian package libsqlite3-dev and build again",
	    path);
	return NULL;
}

void
store_close(struct store *s)
{
	(void)s;
}

int
store_commit(struct store *s, struct err *err)
{
	(void)s, (void)err;
	return 0;
}
