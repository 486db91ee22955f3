/* SPDX-License-Identifier: MIT */
/*
 * What gcsweep doctor makes of what it has found out: facts in, findings out.
 * A finding is ok, a warning (gc will work, but not as some would expect) or a
 * failure (gc will not work), and says what to do.  Pure: who asks is
 * cmd_doctor.c.
 */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"
#include "src/gcs/bucket.h"

enum finding_level { FINDING_OK, FINDING_WARN, FINDING_FAIL };

enum { FINDING_LEVELS = FINDING_FAIL + 1, FINDING_MAX = 512 };

struct finding {
	enum finding_level level;
	enum err_code code; /* of a failure: its cause */
	const char *what;   /* "soft delete" */
	char text[FINDING_MAX];
	char advice[FINDING_MAX]; /* what to do; or "" */
};

/* "ok", "warn", "fail" */
const char *finding_level_name(enum finding_level level);

/* Sets level and text; advice is left alone. */
void finding_set(struct finding *f, enum finding_level level,
    const char *format, ...) PRINTF_LIKE(3, 4);
void finding_advise(struct finding *f, const char *format, ...)
    PRINTF_LIKE(2, 3);

/* A failure out of an error. */
void finding_fail(struct finding *f, const struct err *err);

/* --- permissions --- */

enum { DOCTOR_PERMISSIONS = 6 };

/* As testIamPermissions takes them; the first three are those without which
 * nothing works. */
extern const char *const doctor_permissions[DOCTOR_PERMISSIONS];

/* The i-th of them.  member is "serviceAccount:E-MAIL", or NULL. */
void doctor_permission(size_t i, bool has, const char *bucket,
    const char *member, struct finding *f);

/* --- the bucket --- */

enum { DOCTOR_POLICIES = 5 };

/* The i-th of: soft delete, versioning, retention, holds, and what the bucket
 * is. */
void doctor_policy(size_t i, const struct gcs_bucket *b, const char *bucket,
    struct finding *f);

/* --- the way there --- */

struct doctor_way {
	bool is_emulator;
	bool has_credential;
	bool is_answered;  /* the server said something, if only no */
	const char *proxy; /* the variable that names one; or NULL */
};

/* What to do when the bucket is not reached, whose failure is err. */
void doctor_advise(const struct doctor_way *way, const struct err *err,
    struct finding *f);

/* The server's clock (0: it told none) against ours. */
void doctor_clock(uint64_t server_s, uint64_t our_us, struct finding *f);

/* What n round trips took; sorts them. */
void doctor_latency(uint64_t *took_us, size_t n, struct finding *f);

/* Who could have been the credential as well, in Google's order.  The first
 * that is there wins. */
struct doctor_candidate {
	const char *name; /* "GOOGLE_ACCESS_TOKEN" */
	bool is_there;
};

/* Adds "; passed over: A, B" to the text, if there are any. */
void doctor_add_losers(const struct doctor_candidate *c, size_t n,
    struct finding *f);

#endif
