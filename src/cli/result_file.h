/* SPDX-License-Identifier: MIT */
/*
 * A file that tells of a run when it has ended, such as --hgrm's.  It is begun,
 * under another name beside it, before anything is sent, so that nobody learns
 * afterwards that it cannot be written; and it appears whole or not at all.
 */
#ifndef CLI_RESULT_FILE_H
#define CLI_RESULT_FILE_H

#include "src/base/err.h"

struct buf;

struct result_file {
	const char *option; /* without its dashes */
	const char *path;   /* borrowed; NULL: none is wanted */
	char *temp;         /* not there any more once it is written */
	int fd;
};

#define RESULT_FILE_NONE             \
	(struct result_file)         \
	{                            \
		NULL, NULL, NULL, -1 \
	}

/* option and path are borrowed.  With path NULL everything here does nothing and
 * succeeds. */
int result_file_open(struct result_file *f, const char *option,
    const char *path, struct err *err) MUST_CHECK;

int result_file_write(struct result_file *f, const struct buf *text,
    struct err *err) MUST_CHECK;

/* What was begun and not written is removed. */
void result_file_release(struct result_file *f);

#endif
