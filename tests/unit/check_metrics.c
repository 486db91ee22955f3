/* SPDX-License-Identifier: MIT */
/* metrics: every text holds to Prometheus' grammar, and an alert can trust it. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/buf.h"
#include "src/cli/gc_run.h"
#include "src/cli/metrics.h"
#include "src/cli/options.h"
#include "src/cli/result_file.h"
#include "src/cli/target.h"
#include "tests/support/suite.h"

enum { TEXT_MAX = 256 * 1024, SECOND = 1000000 };

#define NAME  "[a-zA-Z_:][a-zA-Z0-9_:]*"
#define LABEL "[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\]|\\\\|\\\"|\\n)*\""

struct desk {
	struct gc gc;
	struct options opts;
	struct target target;
	char bucket[8], root[1024 + 1];
	struct gc_run run;
	struct buf text;
};

static void
set_up(struct desk *d, const char *root)
{
	struct err err = ERR_INIT;

	memset(d, 0, sizeof(*d));
	ck_assert_int_eq(gc_init(&d->gc, &(struct gc_opts){ .root = "" }, &err),
	    0);
	d->target = (struct target){ .bucket = d->bucket, .root = d->root };
	strcpy(d->bucket, "demo");
	strcpy(d->root, root);
	d->run = (struct gc_run){
		.command = "gc",
		.opts = &d->opts,
		.target = &d->target,
		.gc = &d->gc,
		.is_planned = true,
	};
	buf_init(&d->text, TEXT_MAX);
}

static void
tear_down(struct desk *d)
{
	buf_release(&d->text);
	gc_release(&d->gc);
}

/* The text of a run that ended so, a second after the other. */
static const char *
text_of(struct desk *d, enum status status, uint64_t second, const char *old)
{
	buf_clear(&d->text);
	metrics_format(&d->run, status, second * SECOND, old, &d->text);
	ck_assert(!d->text.full);
	return d->text.data;
}

static bool
is_like(const char *line, const char *pattern)
{
	regex_t regex;
	bool is;

	ck_assert_int_eq(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	is = regexec(&regex, line, 0, NULL, 0) == 0;
	regfree(&regex);
	return is;
}

/* A sample's name begins as its family's does, whose TYPE was the last. */
static bool
is_line(const char *line, char family[100])
{
	size_t n = strlen(family);

	if (is_like(line, "^# HELP " NAME " [^\\]+$"))
		return true;
	if (is_like(line, "^# TYPE " NAME " (gauge|counter|summary)$")) {
		sscanf(line, "# TYPE %99s", family);
		return true;
	}
	return is_like(line,
		   "^" NAME "[{]" LABEL "(," LABEL
		   ")*[}] [0-9]+([.][0-9]+)?$") &&
	    n > 0 && strncmp(line, family, n) == 0;
}

static void
assert_grammar(const char *text)
{
	char *copy = strdup(text), *line, *rest = NULL;
	char family[100] = "";
	const char *again;
	char series[3000];

	ck_assert(text[0] != '\0' && text[strlen(text) - 1] == '\n');
	for (line = strtok_r(copy, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		ck_assert_msg(is_line(line, family), "no line: %s", line);
		snprintf(series, sizeof(series), "%.*s ",
		    (int)(strrchr(line, ' ') - line), line);
		again = strstr(text, series);
		ck_assert_msg(line[0] == '#' ||
			(again != NULL && strstr(again + 1, series) == NULL),
		    "twice: %s", series);
	}
	free(copy);
}

static void
assert_has(const char *text, const char *line)
{
	ck_assert_msg(strstr(text, line) != NULL, "no %s in %s", line, text);
}

START_TEST(every_text_holds_to_the_grammar)
{
	struct desk d;

	set_up(&d, "");
	assert_grammar(text_of(&d, STATUS_OK, 7, ""));
	d.run.sweep_latency.count = d.run.mark_latency.count = 2;
	d.run.is_dry = true;
	assert_grammar(text_of(&d, STATUS_OK, 7, ""));
	d.run.is_planned = false;
	assert_grammar(text_of(&d, STATUS_SIGNAL + 15, 7, ""));
	tear_down(&d);
}
END_TEST

START_TEST(a_root_of_any_bytes_is_escaped)
{
	struct desk d;

	set_up(&d, "a \"b\"\\c\n");
	assert_grammar(text_of(&d, STATUS_OK, 7, ""));
	assert_has(d.text.data,
	    "{bucket=\"demo\",root=\"a \\\"b\\\"\\\\c\\n\"}");
	memset(d.root, '"', sizeof(d.root) - 1);
	d.run.sweep_latency.count = d.run.mark_latency.count = 2;
	assert_grammar(text_of(&d, STATUS_OK, 7, ""));
	tear_down(&d);
}
END_TEST

START_TEST(a_failure_keeps_the_time_of_the_last_success)
{
	static const char success[] = "\ngcsweep_last_success_timestamp_seconds"
				      "{bucket=\"demo\",root=\"r\"} 7.000000\n";
	struct desk d;
	char *old;

	set_up(&d, "r");
	assert_has(text_of(&d, STATUS_OK, 7, ""), success);
	old = buf_steal(&d.text);
	buf_init(&d.text, TEXT_MAX);
	assert_has(text_of(&d, STATUS_REFUSED, 8, old), success);
	assert_has(d.text.data,
	    "last_run_exit_code{bucket=\"demo\",root=\"r\"} 3\n");
	assert_has(d.text.data,
	    "last_run_timestamp_seconds{bucket=\"demo\",root=\"r\"} 8.000000\n");
	assert_grammar(d.text.data);
	ck_assert_ptr_null(strstr(text_of(&d, STATUS_DAMAGED, 9, old), " 7.0"));
	strcpy(d.root, "another");
	text_of(&d, STATUS_REFUSED, 8, old);
	ck_assert_ptr_null(strstr(d.text.data, "last_success"));
	free(old);
	tear_down(&d);
}
END_TEST

START_TEST(what_a_run_did_not_get_to_is_left_out)
{
	struct desk d;

	set_up(&d, "");
	d.run.is_planned = false;
	text_of(&d, STATUS_TEMPORARY, 7, "");
	ck_assert_ptr_null(strstr(d.text.data, "eligible"));
	ck_assert_ptr_null(strstr(d.text.data, "kept"));
	ck_assert_ptr_null(strstr(d.text.data, "last_success"));
	assert_has(d.text.data, "bytes_deleted{bucket=\"demo\",root=\"\"} 0\n");
	tear_down(&d);
}
END_TEST

START_TEST(a_dry_run_deleted_nothing)
{
	struct desk d;

	set_up(&d, "");
	d.gc.report.deleted_bytes = 5;
	assert_has(text_of(&d, STATUS_OK, 7, ""),
	    "bytes_deleted{bucket=\"demo\",root=\"\"} 5\n");
	d.run.is_dry = true;
	assert_has(text_of(&d, STATUS_OK, 7, ""),
	    "bytes_deleted{bucket=\"demo\",root=\"\"} 0\n");
	tear_down(&d);
}
END_TEST

START_TEST(the_file_that_was_there_is_read_and_replaced)
{
	char path[] = "/tmp/check_metrics.XXXXXX";
	struct result_file file;
	struct err err;
	struct desk d;
	char line[2000] = "";
	FILE *f;

	set_up(&d, "r");
	close(mkstemp(path));
	ck_assert_int_eq(result_file_open(&file, "metrics", path, &err), 0);
	ck_assert_int_eq(metrics_write(&file, &d.run, STATUS_OK, 7 * SECOND,
			     &err),
	    0);
	result_file_release(&file);
	ck_assert_int_eq(result_file_open(&file, "metrics", path, &err), 0);
	ck_assert_int_eq(metrics_write(&file, &d.run, STATUS_FAILED, 8 * SECOND,
			     &err),
	    0);
	result_file_release(&file);
	f = fopen(path, "r");
	while (strncmp(line, "gcsweep_last_success", 20) != 0)
		ck_assert_ptr_nonnull(fgets(line, sizeof(line), f));
	fclose(f);
	unlink(path);
	assert_has(line, " 7.000000\n");
	tear_down(&d);
}
END_TEST

START_TEST(a_file_that_holds_something_else_is_not_replaced)
{
	char path[] = "/tmp/check_metrics.XXXXXX";
	struct result_file file;
	struct err err = ERR_INIT;
	int fd = mkstemp(path);

	ck_assert_int_eq(write(fd, "version: 0.1\n", 13), 13);
	close(fd);
	ck_assert_int_eq(result_file_open(&file, "metrics", path, &err), -1);
	unlink(path);
	ck_assert_int_eq(err.code, ERR_CONFIG);
	assert_has(err.text, "it holds something else");
	result_file_release(&file);
}
END_TEST

int
main(void)
{
	return suite_run("metrics", every_text_holds_to_the_grammar,
	    a_root_of_any_bytes_is_escaped,
	    a_failure_keeps_the_time_of_the_last_success,
	    a_file_that_holds_something_else_is_not_replaced,
	    what_a_run_did_not_get_to_is_left_out, a_dry_run_deleted_nothing,
	    the_file_that_was_there_is_read_and_replaced, NULL);
}
