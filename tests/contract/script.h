/* SPDX-License-Identifier: MIT */
/*
 * A file of fixtures/contract, read: its cases, each a title and the steps that
 * are played one after the other.  The file format is explained where people
 * write it, in fixtures/contract/README.
 */
#ifndef TESTS_CONTRACT_SCRIPT_H
#define TESTS_CONTRACT_SCRIPT_H

#include <stdbool.h>

#include "src/base/buf.h"
#include "src/base/vec.h"

enum step_kind {
	STEP_ASK,    /* "> METHOD TARGET", headers, a body */
	STEP_RAW,    /* ">> bytes" */
	STEP_ANSWER, /* "< STATUS", what its head and body have */
	STEP_ACTION  /* "* what the runner does" */
};

struct step {
	enum step_kind kind;
	int line;               /* of the file, where it begins */
	VEC(const char *) head; /* lines without their marks; borrowed */
	struct buf body;        /* unmarked lines, with \n between them */
	bool has_body;
};

struct script_case {
	const char *title;
	int line;
	VEC(struct step *) steps;
};

struct script {
	char *name; /* "list.txt" */
	char *text;
	/* The steps that each case begins with; its title is not shown. */
	struct script_case beginning;
	VEC(struct script_case *) cases;
};

/* Reads a file below fixtures/contract; ends the test when there is none, or
 * with the line that cannot be read. */
struct script *script_load(const char *name);
void script_free(struct script *script);

/* Says FILE:LINE: WHAT and ends the test: a fixture is wrong, not the
 * simulator. */
void script_fault(const struct script *script, int line, const char *what)
    __attribute__((noreturn));

#endif
