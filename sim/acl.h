/* SPDX-License-Identifier: MIT */
/*
 * Lists of access: who has which role.  A list is a JSON object, the role of
 * each entity in the order in which they were named, {"allUsers":"READER"}.  A
 * bucket or an object that was never told otherwise has the list that
 * production gives to what is new.
 */
#ifndef SIM_ACL_H
#define SIM_ACL_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/self.h"

struct bucket;
struct json_out;
struct json_t;
struct object;

/* Whose list it is. */
enum acl_kind {
	ACL_BUCKET,
	ACL_DEFAULT, /* what a bucket gives to its new objects */
	ACL_OBJECT
};

/* The most that a list may have, as documented. */
enum { ACL_MAX = 100 };

/* What a list is shown of. */
struct acl_place {
	enum acl_kind kind;
	struct self self;
	const struct bucket *bucket;
	const struct object *object; /* of ACL_OBJECT */
};

/* The list there is, a new reference. */
struct json_t *acl_load(enum acl_kind kind, const struct bucket *b,
    const struct object *o);

/* The text of a list that production has a word for ("publicRead"), in static
 * storage; NULL: it has none. */
const char *acl_predefined(enum acl_kind kind, const char *word, size_t n);

/* The list that a bucket's default gives to a new object, to free(); NULL: the
 * one of an object that was never told otherwise. */
char *acl_inherit(const struct bucket *b);

/* allUsers, allAuthenticatedUsers, user-X, group-X, domain-X or
 * project-TEAM-X? */
bool acl_is_entity(const char *text, size_t n);

/* That role, in static storage; NULL: there is none of that name. */
const char *acl_role(enum acl_kind kind, const char *text);

/* The list in the resource of a bucket or an object, [{"entity", "role"}], a
 * new reference; NULL, and *fault in static storage. */
struct json_t *acl_read(enum acl_kind kind, const struct json_t *said,
    const char **fault);

/* Takes the lists that a bucket's resource says (null: none of its own any more)
 * over into what it keeps.  -1: *fault in static storage. */
int acl_keep(struct json_t *extra, const struct json_t *resource,
    bool is_uniform, const char **fault);

/* The resource of one entry; the array of all. */
void acl_add_entry(const struct acl_place *p, const char *entity,
    const char *role, struct json_out *w);
void acl_add_list(const struct acl_place *p, struct json_t *list,
    struct json_out *w);

/* Who owns every object: the entity. */
extern const char acl_owner[];

#endif
