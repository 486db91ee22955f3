/* SPDX-License-Identifier: MIT */
/*
 * The registry's Delete(path): an object and all that lies below it.
 */
#ifndef STORAGE_DELETE_PATH_H
#define STORAGE_DELETE_PATH_H

#include <stdint.h>

#include "src/base/err.h"

struct storage;

/* Deletes the object `path`, if there is one, and every object whose name begins
 * with `path/`; path2 stays.  Each delete names the generation that the listing
 * showed.  At most width (> 0) of them are in flight, on a store that has nothing
 * else in flight.  *deleted counts those that are gone, also when it fails.
 * What somebody else deleted meanwhile is gone; what he wrote anew is ERR_REFUSED
 * and stays.  ERR_NOT_FOUND: nothing of that path is there.  ERR_USAGE: a path
 * that is empty, ends in a slash or is no object's name. */
int delete_path(struct storage *s, const char *path, unsigned width,
    uint64_t *deleted, struct err *err) MUST_CHECK;

#endif
