/* SPDX-License-Identifier: MIT */
/*
 * What the commands share that ask a registry something: explain, df, check.
 * They mark it, change nothing, and tell what they make of the mark.
 */
#ifndef CLI_QUERY_H
#define CLI_QUERY_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "src/cli/run.h"

struct inventory;

/* Tells what the command wants of r->gc.mark; arg is query_run's. */
typedef enum status query_fn(struct run *r, const void *arg);

/* Opens, marks, has it told, and closes.  argv holds the command's name and at
 * most the registry. */
enum status query_run(const struct options *opts, int argc, char **argv,
    query_fn *tell, const void *arg);

/* So many of a long list are told one by one. */
enum { QUERY_LIST_MAX = 1000 };

/* "sha256:...", "REPOSITORY:TAG" and "REPOSITORY@DIGEST", for people and as JSON
 * strings. */
void query_print_digest(const struct inventory *inv, uint32_t node);
void query_print_tag(const struct inventory *inv, uint32_t tag);
void query_print_revision(const struct inventory *inv, uint32_t revision);
json_t *query_digest(const struct inventory *inv, uint32_t node);
json_t *query_tag(const struct inventory *inv, uint32_t tag);
json_t *query_revision(const struct inventory *inv, uint32_t revision);

#endif
