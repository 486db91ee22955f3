/* SPDX-License-Identifier: MIT */
/*
 * What a bucket keeps of who may do what with it and of who is told: lists of
 * access, its policy, its notifications.  Nobody is ever refused anything by
 * it.  They stand among the properties that are only kept
 * (bucket_config.extra), under names that no client can write by itself, so
 * they go wherever a bucket goes: into the data file and into snapshots.
 */
#ifndef SIM_ACCESS_H
#define SIM_ACCESS_H

#include <stdbool.h>

struct bucket;
struct json_t;

#define ACCESS_ACL           "acl"              /* see acl.h */
#define ACCESS_DEFAULT_ACL   "defaultObjectAcl" /* the same, of new objects */
#define ACCESS_POLICY        "iamPolicy"
#define ACCESS_NOTIFICATIONS "notifications"

/* What b keeps under that name, a new reference; NULL: nothing. */
struct json_t *access_get(const struct bucket *b, const char *name);

/* b keeps that from now on, and the watcher is told; NULL: nothing. */
void access_set(struct bucket *b, const char *name, struct json_t *value_take);

/* Is access to the bucket uniform, so that there are no lists of it?  extra: as
 * in bucket_config; may be NULL. */
bool access_is_uniform(const char *extra);

#endif
