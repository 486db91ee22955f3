/* SPDX-License-Identifier: MIT */
/* The key file of a service account, as Google writes it. */
#ifndef SIM_AUTHORITY_FILE_H
#define SIM_AUTHORITY_FILE_H

#include "src/base/err.h"

struct buf;
struct json_out;

/* What is said in it beside the key. */
struct authority_file {
	const char *project, *email, *token_uri;
	const char *key_id, *pem;
};

/* Adds it as an object in JSON. */
void authority_file_add(const struct authority_file *file, struct json_out *w);

enum { AUTHORITY_FILE_MAX = 64 * 1024 };

/* The bytes of a file that somebody names; ERR_CONFIG says which. */
int authority_file_read(const char *path, struct buf *out,
    struct err *err) MUST_CHECK;

#endif
