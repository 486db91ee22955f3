/* SPDX-License-Identifier: MIT */
/*
 * Talking to a simulator that asks who asks: one bucket, `demo`, on a virtual
 * clock, a token "told" that may do everything and one "reader" that may not.
 */
#ifndef TESTS_UNIT_SIM_AUTH_H
#define TESTS_UNIT_SIM_AUTH_H

#include <stdint.h>

#include "sim/sim.h"
#include "tests/unit/sim_client.h"

#define AUTH_LIST "/storage/v1/b/demo/o"
#define AUTH_META "/computeMetadata/v1/instance/service-accounts/default/"

extern struct sim_world auth_world;
extern const struct sim_answer *auth_answer; /* the last */

void auth_start(enum sim_auth mode);
void auth_stop(void);

/* headers: lines that end in CRLF.  Answers the status. */
int auth_ask(const char *method, const char *target, const char *headers,
    const char *body);
int auth_ask_as(const char *token, const char *method, const char *target);

/* The last answer has that text somewhere in its body. */
void auth_has(const char *text);

/* A text of that key in it, to free(). */
char *auth_said(const char *key);

/* A number of "auth" in the simulator's stats. */
uint64_t auth_counted(const char *key);

/* POST, and all is well. */
void auth_tell(const char *target);

/* The answer is that file. */
void auth_credentials(const char *query);

#endif
