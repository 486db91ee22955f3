/* SPDX-License-Identifier: MIT */
/*
 * What people and programs see: results on standard output, errors on standard
 * error, either as text or as one JSON object a line.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "src/base/err.h"
#include "src/cli/status.h"

/* One line on standard error, and with JSON also {"type":"error"} on output. */
void output_error(const struct err *err, bool is_json);

/* The same for an error that ends the program with another status than its
 * code's. */
void output_error_as(const struct err *err, enum status status, bool is_json);

/* "gcsweep: warning: ..." on standard error. */
void output_warning(const char *text);

/* Prints one object as one line and drops the reference. */
void output_json(json_t *object);

/* A JSON string of any bytes: what is not UTF-8 becomes '?'. */
json_t *output_string(const char *s);

/* A number that may not fit a reader's integers, as a JSON string. */
json_t *output_number(uint64_t n);

/* Prints a name from a server so that it cannot talk to the terminal: control
 * characters come out as \xNN. */
void output_name(FILE *to, const char *s);

/* Ends the program's output; STATUS_FAILED when it could not be written. */
enum status output_flush(void);

/* "s" unless n is 1. */
const char *output_plural(uint64_t n);

#endif
