/* SPDX-License-Identifier: MIT */
/* config_file: what fixtures/config says of each file in it. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/buf.h"
#include "src/base/file.h"
#include "src/base/str.h"
#include "src/base/vec.h"
#include "src/cli/config_file.h"
#include "src/cli/yaml.h"
#include "tests/support/suite.h"

/* One file, taken apart at its comments. */
struct fixture {
	const char *path;
	struct buf text;
	char *copy;          /* of which the rest are lines */
	VEC(char *) env;     /* NULL at its end */
	VEC(char *) values;  /* "bucket my-bucket" */
	VEC(char *) sources; /* "bucket config.yml:7" */
	const char *error;   /* NULL: it is taken */
};

static void
load(struct fixture *f, const char *path)
{
	struct err err = ERR_INIT;
	unsigned mode;
	char *line, *rest;

	*f = (struct fixture){ .path = path };
	buf_init(&f->text, 64 * 1024);
	ck_assert_int_eq(file_load(path, &f->text, &mode, &err), 0);
	f->copy = mem_strdup(f->text.data);
	for (line = strtok_r(f->copy, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (str_starts(line, "#$ "))
			*vec_push(&f->env) = line + 3;
		else if (str_starts(line, "#= "))
			*vec_push(&f->values) = line + 3;
		else if (str_starts(line, "#@ "))
			*vec_push(&f->sources) = line + 3;
		else if (str_starts(line, "#!"))
			f->error = line + 2;
	}
	*vec_push(&f->env) = NULL;
	ck_assert_msg(f->error != NULL || f->values.n > 0,
	    "%s says nothing of itself", path);
}

static void
unload(struct fixture *f)
{
	vec_release(&f->env);
	vec_release(&f->values);
	vec_release(&f->sources);
	buf_release(&f->text);
	free(f->copy);
}

static const struct config_value *
value_of(const struct config_file *c, const char *line)
{
	const struct {
		const char *name;
		const struct config_value *value;
	} all[] = { { "bucket ", &c->bucket }, { "root ", &c->root },
		{ "keyfile ", &c->keyfile },
		{ "credentials ", &c->credentials }, { "cache ", &c->cache },
		{ "readonly ", &c->readonly },
		{ "maxconcurrency ", &c->max_concurrency } };
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (str_starts(line, all[i].name))
			return all[i].value;
	}
	ck_abort_msg("what is '%s'?", line);
}

static void
check_values(const struct fixture *f, const struct config_file *c)
{
	static const char *const readonly[] = { "unsaid", "no", "yes",
		"broken" };
	size_t i;

	for (i = 0; i < f->values.n; i++) {
		const char *line = f->values.v[i];
		const char *want = strchr(line, ' ') + 1;
		const char *got = value_of(c, line)->text;

		if (str_starts(line, "readonly "))
			got = readonly[c->is_readonly];
		ck_assert_msg(strcmp(got != NULL ? got : "-", want) == 0,
		    "%s: want %s, got %s", f->path, line,
		    got != NULL ? got : "-");
	}
	for (i = 0; i < f->sources.n; i++) {
		const char *line = f->sources.v[i];
		const char *got = value_of(c, line)->source;

		ck_assert_msg(got != NULL &&
			strcmp(got, strchr(line, ' ') + 1) == 0,
		    "%s: want %s, got %s", f->path, line,
		    got != NULL ? got : "-");
	}
}

START_TEST(every_fixture_is_read_as_it_says)
{
	struct config_file c;
	struct fixture f;
	glob_t found;
	size_t i;

	ck_assert_int_eq(glob(suite_source("fixtures/config/*.yml"), 0, NULL,
			     &found),
	    0);
	for (i = 0; i < found.gl_pathc; i++) {
		struct err err = ERR_INIT;
		int rc;

		load(&f, found.gl_pathv[i]);
		rc = config_file_parse(&c, f.text.data, f.text.len,
		    "config.yml", f.env.v, &err);
		ck_assert_msg((rc == 0) == (f.error == NULL), "%s: %s", f.path,
		    err.text);
		if (rc == 0) {
			check_values(&f, &c);
		} else {
			ck_assert_int_eq(err.code, ERR_CONFIG);
			ck_assert_msg(strcmp(err.text, f.error) == 0,
			    "%s: want %s, got %s", f.path, f.error, err.text);
		}
		config_file_release(&c);
		unload(&f);
	}
	ck_assert_uint_gt(found.gl_pathc, 40);
	globfree(&found);
}
END_TEST

/* -1 expected, with that error. */
static void
ck_unloaded(const char *path, const char *want)
{
	struct config_file c;
	struct err err = ERR_INIT;

	ck_assert_int_eq(config_file_load(&c, path, NULL, &err), -1);
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_str_eq(err.text, want);
	config_file_release(&c);
}

START_TEST(a_file_that_cannot_be_read_is_named)
{
	char path[] = "/tmp/check_config.XXXXXX", want[200];
	int fd = mkstemp(path), i;
	static const char block[64 * 1024];

	ck_unloaded("/nonexistent/c.yml",
	    "/nonexistent/c.yml: no such file; a registry is its config.yml or "
	    "gs://BUCKET[/ROOT]");
	ck_unloaded("/tmp", "/tmp: not a regular file");
	for (i = 0; i < 17; i++)
		ck_assert(file_write_all(fd, block, sizeof(block)));
	snprintf(want, sizeof(want), "%s: larger than 1048576 bytes", path);
	ck_unloaded(path, want);
	close(fd);
	unlink(path);
}
END_TEST

START_TEST(who_may_read_the_credentials_is_known)
{
	static const char text[] = "version: 0.1\nstorage: {gcs: {bucket: "
				   "my-bucket, credentials: {type: x}}}\n";
	char path[] = "/tmp/check_config.XXXXXX";
	char outside[] = "REGISTRY_STORAGE_GCS_CREDENTIALS={type: y}";
	char *env[] = { outside, NULL };
	struct err err = ERR_INIT;
	struct config_file c;
	int fd = mkstemp(path);

	ck_assert(file_write_all(fd, text, strlen(text)));
	ck_assert_int_eq(fchmod(fd, 0640), 0);
	ck_assert_int_eq(config_file_load(&c, path, NULL, &err), 0);
	ck_assert_uint_eq(c.mode & 0777, 0640);
	ck_assert(c.holds_secret);
	config_file_release(&c);
	ck_assert_int_eq(config_file_load(&c, path, env, &err), 0);
	ck_assert(!c.holds_secret);
	config_file_release(&c);
	close(fd);
	unlink(path);
}
END_TEST

int
main(void)
{
	if (!yaml_is_built())
		return suite_run("config_file",
		    a_file_that_cannot_be_read_is_named, NULL);
	return suite_run("config_file", every_fixture_is_read_as_it_says,
	    a_file_that_cannot_be_read_is_named,
	    who_may_read_the_credentials_is_known, NULL);
}
