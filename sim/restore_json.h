/* SPDX-License-Identifier: MIT */
/* The body of a bulk restore: which soft-deleted objects it wants. */
#ifndef SIM_RESTORE_JSON_H
#define SIM_RESTORE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct glob;
struct json_t;

/* The bounds of time, each with its key in the body; all exclusive. */
enum restore_bound {
	RESTORE_DELETED_AFTER,
	RESTORE_DELETED_BEFORE,
	RESTORE_CREATED_AFTER,
	RESTORE_CREATED_BEFORE
};
enum { RESTORE_BOUNDS = RESTORE_CREATED_BEFORE + 1, RESTORE_GLOBS = 100 };

struct restore_request {
	struct json_t *root; /* owns the texts */
	struct {
		const char *text; /* as the client wrote it; NULL: none */
		uint64_t us;
	} bound[RESTORE_BOUNDS];
	size_t globs;
	const char *glob_text[RESTORE_GLOBS];
	struct glob *glob[RESTORE_GLOBS]; /* of its own */
	bool allow_overwrite;
	bool copy_source_acl;
	char fault[128];
};

extern const char *const restore_bound_keys[RESTORE_BOUNDS];

/* NULL, or what is wrong with it, as long as r lives; restore_request_release
 * in any case.  An empty body wants everything. */
const char *restore_request_parse(struct restore_request *r, const void *body,
    size_t n);
void restore_request_release(struct restore_request *r);

#endif
