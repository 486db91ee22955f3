/* SPDX-License-Identifier: MIT */
/*
 * The commands: one file each, cmd_<name>.c.  argv[0] is the command's name as
 * it was typed, what follows are its operands; the answer is the exit status.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "src/cli/options.h"
#include "src/cli/status.h"

typedef enum status command_fn(const struct options *opts, int argc,
    char **argv);

command_fn cmd_gc;
command_fn cmd_plan;
command_fn cmd_apply;
command_fn cmd_show;
command_fn cmd_bench;
command_fn cmd_doctor;
command_fn cmd_config;
command_fn cmd_explain;
command_fn cmd_df;
command_fn cmd_check;

#endif
