/* SPDX-License-Identifier: MIT */
/* Between operations.c and operations_object.c only. */
#ifndef SIM_OPERATIONS_PRIV_H
#define SIM_OPERATIONS_PRIV_H

#include "sim/fields.h"
#include "sim/operations.h"

struct bucket;

/* The parsed `fields` parameter (NULL: everything); -1 when it is wrong, with
 * the reply written. */
int operations_fields(const struct ask *ask, struct fields **out,
    struct reply *reply);

void operations_list(struct bucket *b, const struct ask *ask,
    struct reply *reply);
void operations_get(struct bucket *b, const struct ask *ask,
    struct reply *reply);
void operations_media(struct bucket *b, const struct ask *ask,
    struct reply *reply);
void operations_insert(struct world *world, struct bucket *b,
    const struct ask *ask, struct reply *reply);
void operations_delete(struct bucket *b, const struct ask *ask,
    struct reply *reply);

#endif
