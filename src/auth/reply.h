/* SPDX-License-Identifier: MIT */
/*
 * What those who hand out tokens answer.  Nothing of it is believed: a token is
 * printable and bounded, a life is sane, and an error is one line that holds
 * nothing of what was sent.
 */
#ifndef AUTH_REPLY_H
#define AUTH_REPLY_H

#include <stdbool.h>
#include <stddef.h>

struct cred;
struct cred_turn;

/* Of the names that a reply may use. */
enum reply_form {
	REPLY_OAUTH, /* access_token, expires_in */
	REPLY_IAM    /* accessToken, expireTime */
};

/* Is this what may stand behind "Bearer "? */
bool reply_is_token(const char *text, size_t n);

/* 0: turn->req was answered 2xx.  -1: *turn->err says what came instead, by
 * whom, in the words of the answer; ERR_NET if another try may help. */
int reply_check(const struct cred *c, struct cred_turn *turn);

/* The same, and the token of the answer into *turn->token. */
int reply_take_token(const struct cred *c, struct cred_turn *turn,
    enum reply_form form);

#endif
