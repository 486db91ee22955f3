/* SPDX-License-Identifier: MIT */
/* What has become of a plan in a file, over all the runs that went on with it. */
#ifndef CLI_APPLIED_H
#define CLI_APPLIED_H

#include <stdbool.h>
#include <stdint.h>

#include "src/registry/plan_file.h"

/* Rows of that state, of all kinds, and their bytes (may be NULL). */
uint64_t applied_count(const struct plan_file *f, enum plan_state state,
    uint64_t *bytes);

/* Is nothing left to be tried? */
bool applied_is_complete(const struct plan_file *f);

/* A line for people, or of JSON. */
void applied_print(const struct plan_file *f);
void applied_print_json(const char *path, const struct plan_file *f);

#endif
