/* SPDX-License-Identifier: MIT */
/* The store of a gcs-sim that was built without SQLite: nobody ever has one. */
#include "sim/store.h"

#include <stddef.h>

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
