/* SPDX-License-Identifier: MIT */
/* What a command works on: gs://BUCKET[/ROOT]. */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "src/base/err.h"

struct target {
	char *bucket;
	char *root; /* "" for none */
};

/* Takes the one operand of a command apart; ERR_USAGE names what is wrong. */
int target_parse(struct target *t, int argc, char **argv,
    struct err *err) MUST_CHECK;
void target_release(struct target *t);

#endif
