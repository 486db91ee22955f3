/* SPDX-License-Identifier: MIT */
/*
 * One table of options gives the command line, the environment, the ranges and
 * the help text.  gcsweep and gcs-sim each have one; a command takes the rows
 * whose mask has its bit.
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"

struct buf;

enum opt_type {
	OPT_FLAG,     /* bool; no argument; 1, 0, true or false in a variable */
	OPT_ACTION,   /* bool; done instead of all else, such as --help, and
			 therefore never asked for by a variable */
	OPT_STRING,   /* const char *, borrowed from argv or the environment */
	OPT_STRINGS,  /* struct opt_strings: may be said many times; what is
			 typed replaces what a variable said */
	OPT_UINT,     /* uint64_t in [min, max], or OPT_AUTO for "auto" */
	OPT_DURATION, /* uint64_t, microseconds, in [min, max]; or 0 for "off",
			 where that is the default or has_off */
	OPT_RATE,     /* uint64_t, per second; 0 for "off"; or OPT_AUTO */
	OPT_CHOICE,   /* int, index into choices */
	OPT_VALUE     /* what the row's grammar says */
};

/* A value with a grammar of its own, of at most OPT_VALUE_MAX bytes. */
struct opt_grammar {
	size_t size;
	/* Fills *value, which is all zero; ERR_USAGE "'TEXT': want ...". */
	int (*parse)(const char *text, void *value, struct err *err);
	/* Adds what parse takes for the same value. */
	void (*format)(const void *value, struct buf *out);
	/* What begins so names a file, which parse reads; NULL: nothing does. */
	const char *file;
};

enum { OPT_VALUE_MAX = 1024 };

/* What "auto" stores, in rows of a number whose default is "auto". */
#define OPT_AUTO UINT64_MAX

/* In the order in which they were typed, borrowed as OPT_STRING's is. */
enum { OPT_STRINGS_MAX = 32 };

struct opt_strings {
	const char *v[OPT_STRINGS_MAX];
	size_t n;
};

struct opt {
	const char *name; /* NULL ends the table */
	char letter;      /* 0: none */
	enum opt_type type;
	size_t offset; /* of the value in the values struct */
	uint64_t min, max;
	const char *const *choices;        /* OPT_CHOICE: NULL-terminated */
	const struct opt_grammar *grammar; /* OPT_VALUE */
	const char *def;   /* as typed; NULL: zero, false, NULL */
	const char *env;   /* another variable that gives it, or NULL */
	bool has_off;      /* "off" is a zero beyond the range */
	const char *rival; /* a flag that contradicts this one, or NULL */
	const char *arg;   /* what help calls the argument */
	const char *help;
	unsigned mask; /* commands that take it */
};

enum { OPT_ROWS_MAX = 128 };

struct opt_table {
	const struct opt *rows;
	const char *prefix; /* "GCSWEEP_" makes --dry-run GCSWEEP_DRY_RUN */
};

/* Who set an option, the stronger later. */
enum opt_source {
	OPT_BY_NOBODY,   /* also who set it to its default */
	OPT_BY_VARIABLE, /* the row's `env` */
	OPT_BY_PREFIX,   /* the variable made of prefix and name */
	OPT_BY_LINE
};

/* The first member of every values struct. */
struct opt_said {
	const struct opt_table *table;
	unsigned char by[OPT_ROWS_MAX];        /* enum opt_source, row by row */
	unsigned char spoken_by[OPT_ROWS_MAX]; /* be it the default */
};

/* Fills *values from defaults, then the environment, then argv (argv[0] is the
 * command's name).  Options and operands may be mixed, whatever POSIXLY_CORRECT
 * says; "--" ends options.  Afterwards argv has the operands at its end, from
 * *operands on.
 *
 * In the environment the row's `env` is the weaker source, and ignored when it
 * is empty; a variable of the prefix must not be empty.  One that no row of the
 * table has is refused: GCSWEEP_DRY_RUM=1 must not become a run that deletes.
 * So is one of two values, or of none.  Of two rivals the stronger holds.
 *
 * ERR_USAGE names the option, what was wrong and what is allowed; a bad
 * environment variable is ERR_CONFIG, but does not keep an OPT_ACTION on the
 * line from being done. */
int opt_parse(const struct opt_table *table, unsigned mask, int argc,
    char **argv, void *values, int *operands, struct err *err) MUST_CHECK;

/* Who gave the option a value that is not its default? */
enum opt_source opt_said_by(const struct opt_said *said, const char *name);

/* Did opt_parse meet the option at all, be it with its default? */
bool opt_is_spoken(const struct opt_said *said, const char *name);

/* Adds who gave the row the value it has, be it the default: "--NAME", a
 * variable's name, or "default". */
void opt_format_source(const struct opt_said *said, const struct opt *row,
    struct buf *out);

/* For an option that is of no use here: 0 when nobody said it, else ERR_USAGE
 * "--NAME RULE", with the variable that said so. */
int opt_refuse(const struct opt_said *said, const char *name, const char *rule,
    struct err *err) MUST_CHECK;

/* For a value that was found wrong after parsing: puts "--NAME: " before what
 * err says, with the variable that said so.  Answers -1. */
int opt_wrap(const struct opt_said *said, const char *name, struct err *err);

/* Adds the row's value as opt_assign takes it; nothing for a string that is
 * NULL; a line for each of an OPT_STRINGS. */
void opt_format(const struct opt *row, const void *values, struct buf *out);

/* The row's value in *from becomes that in *to; strings stay borrowed. */
void opt_copy(const struct opt *row, void *to, const void *from);

/* Adds one aligned paragraph per option that matches mask, and one on the
 * environment. */
void opt_help(const struct opt_table *table, unsigned mask, struct buf *out);

#endif
