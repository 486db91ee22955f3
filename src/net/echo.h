/* SPDX-License-Identifier: MIT */
/*
 * What comes back of a secret: a server that refuses a token or an assertion may
 * quote it, and what it said is shown to people and kept in logs.
 */
#ifndef NET_ECHO_H
#define NET_ECHO_H

#include <stdbool.h>

struct http_request;

/* Stars out in text, in place, what the request's header lines or its body had
 * in them too.  is_cut: the text may end in the middle of such a quote. */
void echo_hide(const struct http_request *req, char *text, bool is_cut);

#endif
