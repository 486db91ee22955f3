/* SPDX-License-Identifier: MIT */
/*
 * Settings as a program says them, without a command line: "NAME=VALUE", or
 * "NAME" for a flag.  The rows, and what is said of a bad value, are those of
 * settings.h; the environment is not asked.
 */
#ifndef SIM_SETTINGS_TEXT_H
#define SIM_SETTINGS_TEXT_H

#include "src/base/err.h"

struct settings;

/* Fills *v from defaults and then the texts, which NULL ends; the last of two
 * holds.  Strings in *v are parts of the texts. */
int settings_parse(struct settings *v, const char *const *texts,
    struct err *err) MUST_CHECK;

/* More of them, of those that may change while it runs.  -1: *v is as it was. */
int settings_change(struct settings *v, const char *const *texts,
    struct err *err) MUST_CHECK;

#endif
