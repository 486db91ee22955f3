/* SPDX-License-Identifier: MIT */
/*
 * One table of options gives the command line, the environment, the ranges and
 * the help text.  gcsweep and gcs-sim each have one; a command takes the rows
 * whose mask has its bit.
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"

struct buf;

enum opt_type {
	OPT_FLAG,     /* bool; no argument; 1 or 0 in the environment */
	OPT_STRING,   /* const char *, borrowed from argv or the environment */
	OPT_UINT,     /* uint64_t in [min, max], or OPT_AUTO for "auto" */
	OPT_DURATION, /* uint64_t, microseconds, in [min, max] */
	OPT_RATE,     /* uint64_t, per second; 0 for "off"; or OPT_AUTO */
	OPT_CHOICE    /* int, index into choices */
};

/* What "auto" stores, in rows of a number whose default is "auto". */
#define OPT_AUTO UINT64_MAX

struct opt {
	const char *name; /* NULL ends the table */
	char letter;      /* 0: none */
	enum opt_type type;
	size_t offset; /* of the value in the values struct */
	uint64_t min, max;
	const char *const *choices; /* OPT_CHOICE: NULL-terminated */
	const char *def;            /* as typed; NULL: zero, false, NULL */
	const char *env;            /* environment variable, or NULL */
	const char *arg;            /* what help calls the argument */
	const char *help;
	unsigned mask; /* commands that take it */
};

/* Fills *values from defaults, then the environment, then argv (argv[0] is the
 * command's name).  Options and operands may be mixed; "--" ends options.
 * *operands is the index of the first operand in the reordered argv.
 * ERR_USAGE names the option, what was wrong and what is allowed; a bad
 * environment variable is ERR_CONFIG. */
int opt_parse(const struct opt *table, unsigned mask, int argc, char **argv,
    void *values, int *operands, struct err *err) MUST_CHECK;

/* Adds one aligned paragraph per option that matches mask. */
void opt_help(const struct opt *table, unsigned mask, struct buf *out);

#endif
