/* SPDX-License-Identifier: MIT */
/* The cache of a gcsweep that was built without SQLite: nobody ever has one. */
#include "src/registry/cache.h"

#include <stddef.h>

struct cache *
cache_open(const char *path, struct err *err)
{
	err_set(err, ERR_CONFIG,
	    "--cache %s needs SQLite, which this gcsweep was built without; "
	    "install the Debian package libsqlite3-dev and build again",
	    path);
	return NULL;
}

bool
cache_find(struct cache *c, const struct digest *d, uint64_t size,
    struct manifest *m)
{
	(void)c, (void)d, (void)size, (void)m;
	return false;
}

void
cache_rest(struct cache *c)
{
	(void)c;
}

void
cache_add(struct cache *c, const struct digest *d, uint64_t size,
    const struct manifest *m)
{
	(void)c, (void)d, (void)size, (void)m;
}

void
cache_flush(struct cache *c)
{
	(void)c;
}

const char *
cache_warning(struct cache *c)
{
	(void)c;
	return NULL;
}

void
cache_close(struct cache *c)
{
	(void)c;
}
