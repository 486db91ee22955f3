/* SPDX-License-Identifier: MIT */
/* The body that makes a retry test, and how one is told. */
#ifndef SIM_RETRY_JSON_H
#define SIM_RETRY_JSON_H

#include <stdbool.h>
#include <stddef.h>

struct json_out;
struct retry_test;

enum { RETRY_BODY_MAX = 64 * 1024 };

/* Why a body makes none. */
struct retry_refusal {
	int status;
	bool is_text; /* it is told as plain text, not as an error */
	char text[256];
};

/* Without an id yet; NULL: *why says why. */
struct retry_test *retry_json_parse(const void *body, size_t n,
    struct retry_refusal *why);

void retry_json_add(const struct retry_test *t, struct json_out *w);

#endif
