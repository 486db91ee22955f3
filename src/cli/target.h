/* SPDX-License-Identifier: MIT */
/*
 * What a command works on: gs://BUCKET[/ROOT], or what a registry's
 * configuration says, with REGISTRY_* of the environment.
 */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "src/base/err.h"
#include "src/cli/config_file.h"

struct target {
	char *bucket;
	char *root;                /* "" for none */
	struct config_file config; /* its path is NULL: there is none */
};

/* Takes the one operand of a command apart; without one the configuration is
 * $REGISTRY_CONFIGURATION_PATH.  ERR_USAGE and ERR_CONFIG name what is wrong.
 * Nothing is to be released after an error. */
int target_parse(struct target *t, int argc, char **argv,
    struct err *err) MUST_CHECK;

/* For --require-readonly: ERR_REFUSED, unless the configuration says that the
 * registry takes no writes. */
int target_check_readonly(const struct target *t, struct err *err) MUST_CHECK;

/* Does the registry remember blobs that a sweep deletes? */
bool target_has_cache(const struct target *t);

void target_release(struct target *t);

#endif
