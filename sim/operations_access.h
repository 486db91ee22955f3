/* SPDX-License-Identifier: MIT */
/*
 * Who may do what, who is told and who has keys: the rooms operations_acl.c,
 * operations_policy.c, operations_notification.c and operations_key.c.  All of
 * it is kept and shown, and nobody is ever refused anything by it.
 */
#ifndef SIM_OPERATIONS_ACCESS_H
#define SIM_OPERATIONS_ACCESS_H

#include <stdbool.h>

#include "sim/operations_priv.h"

struct json_out;
struct json_t;

/* --- what several of them need --- */

/* The reply is what `add` writes of `what`. */
void operations_answer(const struct scene *s,
    void (*add)(const struct scene *s, const void *what, struct json_out *w),
    const void *what);

/* The body, a JSON object of at most 64 KiB, a new reference; NULL: the reply
 * says what is wrong with it. */
struct json_t *operations_body(const struct scene *s);

/* The text of that key, or NULL. */
const char *operations_text(const struct json_t *from, const char *key);

/* Key and word. */
void operations_add(struct json_out *w, const char *key, const char *word);

/* Key and value as they are in a resource that is kept, if they are. */
void operations_add_kept(struct json_out *w, const struct json_t *from,
    const char *key);

/* --- predefined lists of access, for those who make or change what has one --- */

/* Does the query name lists that there are, of a bucket whose access is not
 * uniform?  extra: what the bucket will keep.  -1: the reply is written. */
int operations_acl_check(const struct scene *s, const char *extra);

/* The object's list that the query names, in static storage, or NULL. */
const char *operations_acl_predefined(const struct scene *s);

/* The bucket gets the lists that the query names. */
void operations_acl_predefine(const struct scene *s);

/* -1, and the reply says so, where access is uniform. */
int operations_acl_allows(const struct scene *s, const char *refusal);

extern const char operations_acl_no_insert[];

/* --- the operations --- */

void operations_acl_list(const struct scene *s);
void operations_acl_get(const struct scene *s);
void operations_acl_insert(const struct scene *s);
void operations_acl_update(const struct scene *s);
void operations_acl_patch(const struct scene *s);
void operations_acl_delete(const struct scene *s);
void operations_policy(const struct scene *s);
void operations_set_policy(const struct scene *s);
void operations_permissions(const struct scene *s);
void operations_notification_list(const struct scene *s);
void operations_notification_get(const struct scene *s);
void operations_notification_insert(const struct scene *s);
void operations_notification_delete(const struct scene *s);
void operations_key_list(const struct scene *s);
void operations_key_get(const struct scene *s);
void operations_key_create(const struct scene *s);
void operations_key_update(const struct scene *s);
void operations_key_delete(const struct scene *s);
void operations_service_account(const struct scene *s);

#endif
