/* SPDX-License-Identifier: MIT */
/*
 * gcsweep: a table of commands.  Options are parsed here, by the rows of the
 * option table that the command takes.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/start.h"
#include "src/cli/commands.h"
#include "src/cli/output.h"

struct command {
	const char *name;
	unsigned mask;
	command_fn *run;
	const char *operands;
	const char *help;
};

#define REGISTRY " [gs://BUCKET[/ROOT] | CONFIG.YML]"

static const struct command commands[] = {
	{ "gc", CMD_GC, cmd_gc, REGISTRY, "list, mark and sweep a registry" },
	{ "garbage-collect", CMD_GC, cmd_gc, REGISTRY,
	    "the same; off a terminal it deletes unasked, as upstream does" },
	{ "plan", CMD_PLAN, cmd_plan, REGISTRY,
	    "list and mark, say what would go, and change nothing" },
	{ "apply", CMD_APPLY, cmd_apply, " FILE" REGISTRY,
	    "mark again, and sweep what a plan's file has and may still go" },
	{ "show", CMD_SHOW, cmd_show, " FILE",
	    "tell what is in a plan's file, and what has become of it" },
	{ "explain", CMD_EXPLAIN, cmd_explain, " DIGEST" REGISTRY,
	    "say why a digest, or what a tag names, stays or goes" },
	{ "df", CMD_DF, cmd_df, REGISTRY,
	    "say how much each repository takes, and how much is garbage" },
	{ "check", CMD_CHECK, cmd_check, REGISTRY,
	    "look whether every tag has all that it needs" },
	{ "doctor", CMD_DOCTOR, cmd_doctor, REGISTRY,
	    "look at all that gc needs, say what to do, and change nothing" },
	{ "config", CMD_GC, cmd_config, REGISTRY,
	    "print what gc would go by, and where each value comes from" },
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
	opt_help(&options_table, c->mask, &rows);
	printf("usage: gcsweep %s [OPTIONS]%s\n\n%s: %s\n\n%s", c->name,
	    c->operands, c->name, c->help, rows.data);
	buf_release(&rows);
}

static void
print_version(void)
{
	puts("gcsweep " PACKAGE_VERSION);
}

/* Who reads JSON lines must also be able to read why there are none: --json
 * holds for a line that is wrong, wherever in it that stands. */
static bool
wants_json(char **argv)
{
	const char *outside = getenv("GCSWEEP_JSON");

	for (; *argv != NULL && strcmp(*argv, "--") != 0; argv++) {
		if (strcmp(*argv, "--json") == 0)
			return true;
	}
	return outside != NULL &&
	    (strcmp(outside, "1") == 0 || strcmp(outside, "true") == 0);
}

static enum status
run(const struct command *c, int argc, char **argv)
{
	struct options opts = { 0 };
	struct err err = ERR_INIT;
	bool is_json = wants_json(argv); /* before "--" is moved */
	int operands;

	if (opt_parse(&options_table, c->mask, argc, argv, &opts, &operands,
		&err) != 0) {
		output_error(&err, is_json);
		return status_of(err.code);
	}
	if (opts.help || opts.version) {
		if (opts.help)
			print_help(c);
		else
			print_version();
		return STATUS_OK;
	}
	argv[operands - 1] = argv[0];
	return c->run(&opts, argc - operands + 1, argv + operands - 1);
}

/* The line does not begin with a command. */
static enum status
refuse(char **argv)
{
	bool is_json = wants_json(argv);
	struct err err;

	if (argv[1] == NULL && !is_json) {
		print_usage(stderr);
		return STATUS_USAGE;
	}
	if (argv[1] == NULL)
		err_set(&err, ERR_USAGE,
		    "no command given; gcsweep --help lists them");
	else if (argv[1][0] == '-')
		err_set(&err, ERR_USAGE,
		    "a command comes first, and then options such as %s; "
		    "gcsweep --help lists the commands",
		    argv[1]);
	else
		err_set(&err, ERR_USAGE,
		    "no command '%s'; gcsweep --help lists them", argv[1]);
	output_error(&err, is_json);
	return STATUS_USAGE;
}

static enum status
dispatch(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	size_t i;

	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
		print_usage(stdout);
		return STATUS_OK;
	}
	if (strcmp(name, "--version") == 0) {
		print_version();
		return STATUS_OK;
	}
	for (i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return run(&commands[i], argc - 1, argv + 1);
	}
	return refuse(argv);
}

int
main(int argc, char **argv)
{
	enum status status;

	start_afresh();
	status = dispatch(argc, argv);
	return output_flush() != STATUS_OK && status == STATUS_OK
	    ? STATUS_FAILED
	    : status;
}
