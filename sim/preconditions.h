/* SPDX-License-Identifier: MIT */
/* The four `if...Match` parameters of an object call. */
#ifndef SIM_PRECONDITIONS_H
#define SIM_PRECONDITIONS_H

struct object;
struct query;

enum precondition {
	PRECONDITION_HOLDS,
	PRECONDITION_FAILS,   /* 412 */
	PRECONDITION_SAME,    /* 304: a read of what the client has already */
	PRECONDITION_MISSING, /* 404 */
	PRECONDITION_BAD      /* 400: not a number */
};

enum precondition_for {
	FOR_READ,
	FOR_CHANGE, /* a delete, or new metadata */
	FOR_INSERT,
	FOR_SOURCE /* `ifSource...Match`: what a copy is made from */
};

/* o is the version asked for, or NULL when there is none: MISSING then, except
 * for an insert, where generation 0 stands for "none". */
enum precondition precondition_check(const struct query *q,
    const struct object *o, enum precondition_for what);

#endif
