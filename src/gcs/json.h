/* SPDX-License-Identifier: MIT */
/*
 * The beginning of reading any answer of the API.
 */
#ifndef GCS_JSON_H
#define GCS_JSON_H

#include <stddef.h>

#include "src/base/err.h"

struct json_t;

/* The object that an answer of success is: a new reference.  NULL and
 * ERR_PROTOCOL for what is no JSON, says a key twice, is no object, or is an
 * error after all; `what` names it.  The text is never quoted. */
struct json_t *gcs_json_load(const char *text, size_t n, const char *what,
    struct err *err);

#endif
