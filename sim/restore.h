/* SPDX-License-Identifier: MIT */
/*
 * Bringing back what was deleted softly, one version or many.  What is brought
 * back is a new version; the soft-deleted one stays, and can be brought back
 * again until its time has come.
 */
#ifndef SIM_RESTORE_H
#define SIM_RESTORE_H

#include <stdbool.h>
#include <stdint.h>

struct bucket;
struct object;
struct restore;
struct restore_request;
struct world;

/* A new live version of the soft-deleted o, with its metadata, and with its list
 * of access or that of a new object. */
struct object *restore_object(struct world *w, struct bucket *b,
    const struct object *o, bool copies_acl, uint64_t wall_us);

/* Does at once what the request asks for, and notes it in the bucket's log,
 * which the request belongs to from here on (it is zeroed). */
const struct restore *restore_run(struct world *w, struct bucket *b,
    struct restore_request *request_take, uint64_t wall_us);

#endif
