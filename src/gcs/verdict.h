/* SPDX-License-Identifier: MIT */
/*
 * From the last HTTP request of an operation to the operation's verdict.
 */
#ifndef GCS_VERDICT_H
#define GCS_VERDICT_H

#include "src/base/err.h"
#include "src/net/retry.h"
#include "src/storage/storage.h"

struct gcs_place;

/* storage_answer with "DELETE some/name: " in front of why.  Control bytes of
 * the name are shown as ?, the middle of a very long one as "...". */
void gcs_answer(struct storage_op *op, enum storage_verdict verdict, int status,
    enum err_code code, const char *why);

/* Answers everything but an answer of 2xx.  verdict and tries are those of the
 * last try. */
void gcs_answer_failure(struct storage_op *op, const struct gcs_place *place,
    const struct http_request *req, enum retry_verdict verdict, unsigned tries);

#endif
