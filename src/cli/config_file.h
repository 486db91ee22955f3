/* SPDX-License-Identifier: MIT */
/*
 * A registry's config.yml, and what REGISTRY_* in the environment make of it:
 * what a collection has to know of it, and where each value stands.
 * doc/CONFIG.md says which keys count.
 */
#ifndef CLI_CONFIG_FILE_H
#define CLI_CONFIG_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/err.h"

struct config_value {
	char *text;   /* NULL: nobody says it */
	char *source; /* "/etc/config.yml:7", or a variable's name */
};

enum config_readonly {
	CONFIG_READONLY_UNSAID, /* so the registry takes writes */
	CONFIG_READONLY_NO,
	CONFIG_READONLY_YES,
	CONFIG_READONLY_BROKEN /* the registry does not start with it */
};

struct config_file {
	char *path;
	struct config_value bucket;
	struct config_value root; /* without the slashes around it */
	struct config_value keyfile;
	struct config_value credentials; /* JSON: a secret */
	struct config_value cache;       /* "inmemory", "redis" */
	struct config_value readonly;    /* as it is written, if it is text */
	enum config_readonly is_readonly;
	unsigned mode;     /* of the file, as of stat */
	bool holds_secret; /* the credentials stand in the file itself */

	/* What only the registry heeds. */
	struct config_value max_concurrency; /* as the registry takes it */
	struct config_value chunk_size, user_agent, parallel_walk;
};

/* Reads the text of the file `path`, and then env, which is as environ.
 * ERR_CONFIG "PATH:LINE: ..." also for what the registry would refuse. */
int config_file_parse(struct config_file *c, const char *text, size_t n,
    const char *path, char *const env[], struct err *err) MUST_CHECK;

/* The same from disk. */
int config_file_load(struct config_file *c, const char *path, char *const env[],
    struct err *err) MUST_CHECK;

/* Wipes the credentials.  Of a zeroed struct, too, and after an error. */
void config_file_release(struct config_file *c);

#endif
