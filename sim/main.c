/* SPDX-License-Identifier: MIT */
/*
 * The program gcs-sim: its commands, what it prints, its exit statuses.  All it
 * does is in serve.c, exec.c and the library; this file alone prints.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/ctl.h"
#include "sim/diff_files.h"
#include "sim/exec.h"
#include "sim/keygen.h"
#include "sim/serve.h"
#include "sim/settings.h"
#include "src/base/buf.h"
#include "src/base/start.h"
#include "src/base/opt.h"

enum { EXIT_USAGE = 2 };

/* What was typed: options, the words of ctl, and behind "--" the command that
 * exec runs. */
struct words {
	bool is_exec;
	bool is_ctl;
	int operands; /* of ctl: from here on */
	int argc;     /* options up to here */
	char **argv;
	char **command; /* NULL: there was no "--" */
};

static int
complain(const struct err *err)
{
	fprintf(stderr, "gcs-sim: %s\n", err->text);
	return err->code == ERR_USAGE ? EXIT_USAGE : EXIT_FAILURE;
}

static void
on_warning(void *arg, const char *text)
{
	(void)arg;
	fprintf(stderr, "gcs-sim: warning: %s\n", text);
}

/* Whoever waits for the line must not wait for ever because it was lost. */
static int
end_output(struct err *err)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		return err_set(err, ERR_CONFIG,
		    "cannot write to standard output: %s", strerror(errno));
	return 0;
}

static int
print_ready(const struct server *s, struct err *err)
{
	struct buf line;

	buf_init(&line, 2048);
	server_add_ready(s, &line);
	puts(line.data);
	buf_release(&line);
	return end_output(err);
}

static int
print_help(struct err *err)
{
	struct buf text;

	buf_init(&text, 64 * 1024);
	buf_adds(&text,
	    "usage: gcs-sim [serve] [OPTIONS]\n"
	    "       gcs-sim exec [OPTIONS] -- COMMAND [ARGUMENT...]\n"
	    "       gcs-sim ctl [OPTIONS] WORD...    (see gcs-sim ctl --help)\n"
	    "       gcs-sim diff A.json B.json\n"
	    "       gcs-sim keygen [OPTIONS]         (see gcs-sim keygen "
	    "--help)\n\n"
	    "A fake Google Cloud Storage with latency, limits and exact "
	    "counts.\n\n"
	    "serve prints one line when it answers, and ends on SIGTERM or "
	    "SIGINT.\n"
	    "exec runs COMMAND with STORAGE_EMULATOR_HOST set, ends with it "
	    "and with its\n"
	    "exit status (128 + N: killed by signal N), and prints nothing of "
	    "its own.\n"
	    "diff tells what two runs have different, from what GET\n"
	    "/_sim/scopes/NAME?requests=1 answered; status 1 when there is "
	    "something.\n\n");
	opt_help(&settings_table, SETTINGS_LINE, &text);
	buf_adds(&text,
	    "\nDELAY: 42ms, uniform:42ms±10% (or +-10%), "
	    "lognormal:p50=42ms,p99=120ms,\n"
	    "points:0%=18ms,50%=42ms,100%=2s, or table:FILE with lines such as "
	    "\"99.9 400ms\".\n"
	    "SPEC: demo, or any of repos=N manifests=N layers=N tags=N "
	    "untagged=P%\nshared=P% blob=SIZE orphans=N bulk=N kept=N, with "
	    "commas between.\n"
	    "RULE: WHAT FAULT [KEY=VALUE]... with WHAT a kind (LIST, GET, PUT, "
	    "DELETE,\nBUCKET, OTHER), a method such as "
	    "storage.objects.delete, or *; and FAULT a\nstatus, reset, lost, "
	    "cut at=B, stall for=D, drip pace=B/s, bad-json,\npage-token "
	    "token=same|bad, or skew by=D. Keys say which requests: nth=N[-M],"
	    "\nevery=N, rate=PERCENT, times=N, name=GLOB and more; see "
	    "doc/FAULTS.md.\n"
	    "Faults: GET, POST and DELETE /_sim/faults, and /_sim/faults/ID.\n"
	    "Counts: GET /_sim/stats, /_sim/requests, /_sim/metrics; POST "
	    "/_sim/reset.\n"
	    "Scopes: POST and DELETE /_sim/scopes/NAME; GET "
	    "/_sim/expect?scope=NAME&DELETE=N.\n"
	    "State: POST /_sim/snapshot?name=N, /_sim/restore?name=N,\n"
	    "/_sim/reset?state=start; GET and PUT /_sim/state.\n"
	    "Options: GET and PATCH /_sim/config.  Live: GET /_sim/events.\n");
	fputs(text.data, stdout);
	buf_release(&text);
	return end_output(err);
}

static int
print_ctl_help(struct err *err)
{
	struct buf text;

	buf_init(&text, 64 * 1024);
	buf_adds(&text,
	    "usage: gcs-sim ctl [OPTIONS] WORD...\n\n"
	    "Asks and tells a simulator that runs: below gcs-sim exec that "
	    "one, else the one\nof --url or --port-file.\n\n");
	ctl_add_help(&text);
	buf_addc(&text, '\n');
	opt_help(&settings_table, SETTINGS_CTL, &text);
	fputs(text.data, stdout);
	buf_release(&text);
	return end_output(err);
}

static int
print_keygen_help(struct err *err)
{
	struct buf text;

	buf_init(&text, 64 * 1024);
	buf_adds(&text,
	    "usage: gcs-sim keygen [OPTIONS]\n\n"
	    "Makes a key file of a service account, as Google's clients read "
	    "it, with a fresh\nRSA key.  gcs-sim --auth strict "
	    "--service-account FILE believes what it signs.\n\n");
	opt_help(&keygen_table, 1, &text);
	fputs(text.data, stdout);
	buf_release(&text);
	return end_output(err);
}

/* --- the command line --- */

/* The first "--" ends the options of exec, whatever follows.  The option
 * parser never sees it, so that it cannot reorder what belongs to COMMAND. */
static void
split_words(struct words *w, int argc, char **argv)
{
	int i;

	*w = (struct words){ .argc = argc, .argv = argv };
	if (argc < 2)
		return;
	w->is_exec = strcmp(argv[1], "exec") == 0;
	w->is_ctl = strcmp(argv[1], "ctl") == 0;
	if (w->is_exec || w->is_ctl || strcmp(argv[1], "serve") == 0) {
		argv[1] = argv[0];
		w->argv++;
		w->argc--;
	}
	for (i = 1; w->is_exec && i < w->argc; i++) {
		if (strcmp(w->argv[i], "--") == 0) {
			w->command = &w->argv[i + 1];
			w->argc = i;
		}
	}
}

static int
check_words(const struct words *w, int operands, struct err *err)
{
	const char *word = operands < w->argc ? w->argv[operands] : NULL;

	if (w->is_exec && w->command[0] == NULL)
		return err_set(err, ERR_USAGE,
		    "exec wants a command behind '--' (see --help)");
	if (word == NULL)
		return 0;
	if (strcmp(word, "exec") == 0 || strcmp(word, "serve") == 0 ||
	    strcmp(word, "ctl") == 0 || strcmp(word, "diff") == 0 ||
	    strcmp(word, "keygen") == 0)
		return err_set(err, ERR_USAGE,
		    "%s comes first: gcs-sim %s [OPTIONS]", word, word);
	return err_set(err, ERR_USAGE, "unknown argument '%s' (see --help)",
	    word);
}

/* Options of ours and of the command cannot be told apart without "--", so its
 * absence is named before any fault among them. */
static int
parse_words(struct words *w, struct settings *set, struct err *err)
{
	int rc = opt_parse(&settings_table,
	    w->is_ctl ? SETTINGS_CTL : SETTINGS_LINE, w->argc, w->argv, set,
	    &w->operands, err);

	if (w->is_exec && w->command == NULL && !set->help && !set->version)
		return err_set(err, ERR_USAGE,
		    "exec wants '--' before the command: gcs-sim exec "
		    "[OPTIONS] -- COMMAND [ARGUMENT...]");
	if (rc != 0 || set->help || set->version || w->is_ctl)
		return rc;
	if (check_words(w, w->operands, err) != 0)
		return -1;
	return settings_settle(set, err);
}

/* --- the commands --- */

static int
run_serve(const struct settings *set)
{
	struct err err = ERR_INIT;
	struct server s;
	int rc = server_open(&s, set, on_warning, &err);

	if (rc == 0) {
		server_hear(&s);
		rc = server_write_port(&s, set, &err);
	}
	if (rc == 0)
		rc = print_ready(&s, &err);
	if (rc == 0)
		rc = server_run(&s, &err);
	server_close(&s);
	return rc == 0 ? EXIT_SUCCESS : complain(&err);
}

static int
run_exec(const struct settings *set, char **command)
{
	struct err err = ERR_INIT;
	struct server s;
	int status = 0, rc = server_open(&s, set, on_warning, &err);

	if (rc == 0)
		rc = server_write_port(&s, set, &err);
	if (rc == 0)
		rc = exec_run(&s, command, &status, &err);
	if (rc == 0)
		rc = server_check(&s, &err);
	server_close(&s);
	if (rc != 0)
		rc = complain(&err);
	return status != 0 ? status : rc;
}

static int
run_ctl(const struct settings *set, const struct words *w)
{
	struct err err = ERR_INIT;
	struct buf out;
	int rc;

	buf_init(&out, INT32_MAX);
	rc = ctl_run(set, w->argv + w->operands, w->argc - w->operands, &out,
	    &err);
	fwrite(out.data, 1, out.len, stdout);
	buf_release(&out);
	if (rc == 0)
		rc = end_output(&err);
	return rc == 0 ? EXIT_SUCCESS : complain(&err);
}

static int
parse_keygen(struct keygen_opts *opts, int argc, char **argv, struct err *err)
{
	int operands;

	if (opt_parse(&keygen_table, 1, argc, argv, opts, &operands, err) != 0)
		return -1;
	if (operands < argc)
		return err_set(err, ERR_USAGE,
		    "unknown argument '%s' (see keygen --help)",
		    argv[operands]);
	return 0;
}

static int
run_keygen(int argc, char **argv)
{
	struct keygen_opts opts = { 0 };
	struct err err = ERR_INIT;
	struct buf out;
	int rc = parse_keygen(&opts, argc, argv, &err);

	buf_init(&out, INT32_MAX);
	if (rc == 0 && opts.help)
		rc = print_keygen_help(&err);
	else if (rc == 0 && opts.version)
		puts("gcs-sim " PACKAGE_VERSION);
	else if (rc == 0)
		rc = keygen_run(&opts, &out, &err);
	fwrite(out.data, 1, out.len, stdout);
	buf_release(&out);
	if (rc == 0)
		rc = end_output(&err);
	return rc == 0 ? EXIT_SUCCESS : complain(&err);
}

/* As of diff(1): 0 the same, 1 not, 2 trouble. */
static int
run_diff(int n, char **words)
{
	const char *const files[2] = { n > 0 ? words[0] : "",
		n > 1 ? words[1] : "" };
	struct err err = ERR_INIT;
	struct buf out;
	bool is_same = false;
	int rc;

	if (n == 1 && strcmp(words[0], "--help") == 0)
		return print_help(&err) == 0 ? EXIT_SUCCESS : complain(&err);
	buf_init(&out, INT32_MAX);
	if (n != 2 || files[0][0] == '-' || files[1][0] == '-')
		rc = err_set(&err, ERR_USAGE,
		    "want 'gcs-sim diff A.json B.json', and no options (a file "
		    "may be ./-x)");
	else
		rc = diff_files(files, &out, &is_same, &err);
	fwrite(out.data, 1, out.len, stdout);
	buf_release(&out);
	if (rc == 0)
		rc = end_output(&err);
	if (rc == 0)
		return is_same ? EXIT_SUCCESS : EXIT_FAILURE;
	complain(&err);
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	struct settings set = { 0 };
	struct err err = ERR_INIT;
	struct words words;

	start_afresh();
	if (argc > 1 && strcmp(argv[1], "diff") == 0)
		return run_diff(argc - 2, argv + 2);
	if (argc > 1 && strcmp(argv[1], "keygen") == 0)
		return run_keygen(argc - 1, argv + 1);
	split_words(&words, argc, argv);
	if (parse_words(&words, &set, &err) != 0) {
		complain(&err);
		return EXIT_USAGE;
	}
	if (set.help)
		return (words.is_ctl ? print_ctl_help(&err)
				     : print_help(&err)) == 0
		    ? EXIT_SUCCESS
		    : complain(&err);
	if (set.version) {
		puts("gcs-sim " PACKAGE_VERSION);
		return end_output(&err) == 0 ? EXIT_SUCCESS : complain(&err);
	}
	if (words.is_ctl)
		return run_ctl(&set, &words);
	return words.is_exec ? run_exec(&set, words.command) : run_serve(&set);
}
