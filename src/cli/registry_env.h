/* SPDX-License-Identifier: MIT */
/*
 * REGISTRY_STORAGE_*: what the environment changes in a registry's
 * configuration, by the rules of the registry's own parser:
 *
 *	REGISTRY_STORAGE=V		replaces all of storage
 *	REGISTRY_STORAGE_GCS=V		replaces one driver's map
 *	REGISTRY_STORAGE_GCS_BUCKET=V	sets one key of it
 *	REGISTRY_STORAGE_A_B_C=V	makes the map B of A; but where the file
 *					has B already, the registry ignores it
 *
 * V is YAML.  Shorter names come first, as in ASCII.  A key is found whatever
 * its case in the file, and is made in lower case; names are upper case only.
 */
#ifndef CLI_REGISTRY_ENV_H
#define CLI_REGISTRY_ENV_H

#include "src/base/err.h"

struct yaml;
struct yaml_node;

/* root is the file's map, in which storage becomes a map too if it is a word.  env is as environ, and borrowed as long as the tree;
 * what in it is not about storage is not looked at.  ERR_CONFIG names the
 * variable. */
int registry_env_apply(struct yaml *y, struct yaml_node *root,
    char *const env[], struct err *err) MUST_CHECK;

#endif
