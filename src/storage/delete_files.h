/* SPDX-License-Identifier: MIT */
/*
 * delete_files(paths): upstream's storage driver contract, on any store.
 * Regular files by full path, idempotent, no precondition; a path that is
 * already absent counts as deleted (registry/storage/driver, DeleteFiles, and
 * GitLab's merge request).  A collection never calls this: its deletes name a
 * generation.
 */
#ifndef STORAGE_DELETE_FILES_H
#define STORAGE_DELETE_FILES_H

#include <stddef.h>

#include "src/base/err.h"

struct storage;

/* Called for each path that could not be deleted. */
typedef void delete_files_failed_fn(void *arg, const char *path,
    const struct err *why);

/* Deletes n paths, at most width (>= 1) at once; all are tried whatever fails.
 * Answers how many are now absent; on_failed (NULL: nobody) hears the rest. */
size_t delete_files(struct storage *s, const char *const *paths, size_t n,
    unsigned width, delete_files_failed_fn *on_failed, void *arg);

#endif
