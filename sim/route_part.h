/* SPDX-License-Identifier: MIT */
/*
 * The collections that a bucket, an object or a project has beside itself:
 * lists of access, notifications, keys.
 */
#ifndef SIM_ROUTE_PART_H
#define SIM_ROUTE_PART_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/http.h"
#include "sim/routes.h"

enum route_owner { ROUTE_OF_BUCKET, ROUTE_OF_OBJECT, ROUTE_OF_PROJECT };

/* What the method does with the owner's collection of that name (n bytes), or
 * with one of it.  OP_NONE: there is no such collection; OP_METHOD: it does not
 * take the method. */
enum operation route_part(enum route_owner owner, const char *word, size_t n,
    bool is_one, enum http_method method);

#endif
