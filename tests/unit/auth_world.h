/* SPDX-License-Identifier: MIT */
/*
 * What every test of src/auth needs: a key that is made when the test runs, a
 * credential read from memory, and its requests answered by hand, without a
 * socket.
 */
#ifndef TESTS_UNIT_AUTH_WORLD_H
#define TESTS_UNIT_AUTH_WORLD_H

#include <jansson.h>

#include "src/auth/cred_priv.h"
#include "tests/support/suite.h"

/* 2026-01-01T00:00:00Z. */
#define AUTH_WALL_US UINT64_C(1767225600000000)

/* To be called in main, before tests fork: a key takes a while to make. */
void auth_make_keys(void);

/* PEM: a good key, one of 1024 bits, one of another kind. */
extern char auth_key[4096], auth_short_key[4096], auth_ec_key[4096];

/* A key file, to free(): every member as Google has it, then those of
 * `change` (JSON; a null takes a member away). */
char *auth_key_file(const char *change);

/* The claims of a token that was signed with auth_key; the header too.  Asserts
 * that the signature is right. */
json_t *auth_read_jwt(const char *text, size_t n, json_t **header);

struct auth_play {
	struct cred *c;
	struct http_request req;
	struct cred_token token;
	struct err err;
};

/* Reads a credential named "K.json". */
void auth_play_init(struct auth_play *p, const char *text);
void auth_play_release(struct auth_play *p);

enum cred_step auth_play_begin(struct auth_play *p, bool is_refused);

/* Answers what was asked. */
enum cred_step auth_play_answer(struct auth_play *p, int status,
    const char *body);

/* A field of the form that was asked with, decoded, to free(); NULL: none. */
char *auth_play_field(const struct auth_play *p, const char *name);

/* What is wrong with a credential, as *err; asserts that something is. */
void auth_refused(const char *text, struct err *err);

#endif
