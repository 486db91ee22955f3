/* SPDX-License-Identifier: MIT */
/*
 * A driver with a credential, the servers that it means to talk to, and two that
 * it must not: whoever connects to a trap has been led away.  All that is secret
 * has CANARY in it, and all servers by TLS are trusted, so that it is not the
 * certificate which keeps a secret from a trap.
 */
#ifndef TESTS_DRIVER_LEAK_WORLD_H
#define TESTS_DRIVER_LEAK_WORLD_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/err.h"
#include "src/storage/storage.h"

struct raw_server;
struct tls_server;

#define CANARY "canary-0123456789-abcdefghij"

/* What each asks with, and so which server is the victim: the one that is
 * attacked. */
enum leak_asker {
	LEAK_API,      /* a token: the API */
	LEAK_USER,     /* a refresh token: the token endpoint */
	LEAK_KEY,      /* an assertion: the token endpoint, after a 401 */
	LEAK_WORKLOAD, /* a subject token: STS */
	LEAK_SUBJECT,  /* a header: who gives the subject token */
	LEAK_IAM,      /* a source's token: who gives another account's */
	LEAK_METADATA, /* nothing: the metadata server */
	LEAK_ASKERS
};

extern const char *const leak_names[LEAK_ASKERS];

struct leak_world {
	enum leak_asker asker;
	struct loop *loop;
	struct tls_server *api, *desk, *other; /* other: attacked, if not api */
	struct tls_server *trap;
	struct raw_server *plain_trap, *metadata;
	struct tls_server *tls_victim; /* NULL: it speaks plain http */
	struct raw_server *victim;
	char ca_file[256], folder[256], file[300];
	bool mistrusts; /* the victim's authority */
	/* For leak_run: instead of the API's URL; or NULL. */
	const char *endpoint;
	/* After it. */
	enum storage_verdict verdict;
	struct err err;
};

/* The victim's script is empty; all others do what they should. */
void leak_world_init(struct leak_world *w, enum leak_asker asker);
void leak_world_release(struct leak_world *w);

/* The victim does what it should, from its next answer on. */
void leak_answer_well(struct leak_world *w);

/* Finds the credential and has one operation done, to its end. */
void leak_run(struct leak_world *w, enum storage_kind kind);

/* The same, of which a failure is expected: nothing went to a trap, what it says
 * has no secret in it, and no request of the API had a token that could not be
 * had. */
void leak_run_failing(struct leak_world *w, enum storage_kind kind,
    const char *what);

/* How many checks there were, of all tests. */
unsigned leak_count(void);

/* To be called in main. */
void leak_prepare(void);

#endif
