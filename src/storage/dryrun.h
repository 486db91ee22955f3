/* SPDX-License-Identifier: MIT */
/*
 * A store that changes nothing: lists and gets pass through, every PUT and
 * DELETE is answered OK here and never reaches the inner store.
 */
#ifndef STORAGE_DRYRUN_H
#define STORAGE_DRYRUN_H

struct storage;

/* Takes over inner: closing the wrapper closes it. */
struct storage *dryrun_new(struct storage *inner);

#endif
