/* SPDX-License-Identifier: MIT */
/*
 * gcsweep: a table of commands.  Options are parsed here, by the rows of the
 * option table that the command takes.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/cli/commands.h"
#include "src/cli/output.h"

struct command {
	const char *name;
	unsigned mask;
	command_fn *run;
	const char *operands;
	const char *help;
};

static const struct command commands[] = {
	{ "gc", CMD_GC, cmd_gc, " gs://BUCKET[/ROOT]",
	    "list, mark and sweep a registry" },
	{ "garbage-collect", CMD_GC, cmd_gc, " gs://BUCKET[/ROOT]",
	    "the same; off a terminal it deletes unasked, as upstream does" },
	{ "bench", CMD_BENCH, cmd_bench, "",
	    "sweep the tables of 2020 on the built-in simulator, and audit" },
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void
print_usage(FILE *to)
{
	size_t i;

	fprintf(to,
	    "gcsweep: garbage collection for container registries in Google "
	    "Cloud Storage\n\nusage: gcsweep COMMAND [OPTIONS] [OPERANDS]\n\n");
	for (i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-16s %s\n", commands[i].name, commands[i].help);
	fputs("\ngcsweep COMMAND --help lists a command's options; gcsweep "
	      "--version\nsays which one this is.\n",
	    to);
}

static void
print_help(const struct command *c)
{
	struct buf rows;

	buf_init(&rows, 64 * 1024);
	opt_help(options_table, c->mask, &rows);
	printf("usage: gcsweep %s [OPTIONS]%s\n\n%s: %s\n\n%s", c->name,
	    c->operands, c->name, c->help, rows.data);
	buf_release(&rows);
}

static enum status
run(const struct command *c, int argc, char **argv)
{
	struct options opts = { 0 };
	struct err err = ERR_INIT;
	int operands;

	if (opt_parse(options_table, c->mask, argc, argv, &opts, &operands,
		&err) != 0) {
		output_error(&err, false);
		return status_of(err.code);
	}
	if (opts.help) {
		print_help(c);
		return STATUS_OK;
	}
	argv[operands - 1] = argv[0];
	return c->run(&opts, argc - operands + 1, argv + operands - 1);
}

int
main(int argc, char **argv)
{
	struct err err;
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		print_usage(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_usage(stdout);
		return output_flush();
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("gcsweep %s\n", PACKAGE_VERSION);
		return output_flush();
	}
	for (i = 0; i < COMMANDS; i++) {
		enum status status;

		if (strcmp(commands[i].name, argv[1]) != 0)
			continue;
		status = run(&commands[i], argc - 1, argv + 1);
		return output_flush() != STATUS_OK && status == STATUS_OK
		    ? STATUS_FAILED
		    : status;
	}
	err_set(&err, ERR_USAGE, "no command '%s'; gcsweep --help lists them",
	    argv[1]);
	output_error(&err, false);
	return STATUS_USAGE;
}
