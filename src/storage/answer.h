/* SPDX-License-Identifier: MIT */
/* For those who implement a store: how an operation gets its answer. */
#ifndef STORAGE_ANSWER_H
#define STORAGE_ANSWER_H

#include <stdint.h>

#include "src/base/err.h"
#include "src/storage/storage.h"

/* The name is copied.  The answer is the page's, until the next is added. */
struct storage_object *storage_page_add(struct storage_page *page,
    const char *name, uint64_t generation, uint64_t size, uint64_t created_us);

/* Forgets an answer, before a new try. */
void storage_clear_answer(struct storage_op *op);

/* Says how it ended; OK takes no text. */
void storage_answer(struct storage_op *op, enum storage_verdict verdict,
    int status, enum err_code code, const char *format, ...) PRINTF_LIKE(5, 6);
void storage_answer_ok(struct storage_op *op, int status);

#endif
