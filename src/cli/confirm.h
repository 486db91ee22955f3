/* SPDX-License-Identifier: MIT */
/*
 * The last word is the operator's.  On a terminal he types the bucket's name;
 * off one, --yes; upstream's name for the command never asks off a terminal.
 */
#ifndef CLI_CONFIRM_H
#define CLI_CONFIRM_H

#include "src/base/err.h"

struct run;

/* Between run_plan and run_sweep.  ERR_REFUSED, or ERR_CANCELLED by a signal at
 * the prompt. */
int confirm(struct run *r, struct err *err) MUST_CHECK;

#endif
