/* SPDX-License-Identifier: MIT */
/*
 * gcsweep config: everything that gc would go by, and where each value comes
 * from.  It reads files and the environment, and asks nobody.
 *
 * No secret is printed: of a credential its kind, whose it is and where it
 * stands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/auth/cred.h"
#include "src/base/buf.h"
#include "src/base/loop.h"
#include "src/cli/commands.h"
#include "src/cli/login.h"
#include "src/cli/output.h"
#include "src/cli/target.h"
#include "src/registry/paths.h"

/* Wide enough for most; a longer one pushes the rest of its line. */
enum { NAME_WIDTH = 27, VALUE_WIDTH = 31, TEXT_MAX = 8192 };

struct show {
	const struct options *opts;
	const struct target *target;
	struct login login;
};

/* --- a line --- */

struct setting {
	const char *name;
	const char *value; /* NULL: there is none */
	const char *source;
	bool is_unused; /* by gcsweep; the registry heeds it */
};

static void
print_column(const char *text, size_t width)
{
	size_t n = strlen(text);

	output_name(stdout, text);
	do
		putchar(' ');
	while (++n < width);
}

static void
print_setting(const struct show *show, const struct setting *s)
{
	if (show->opts->json) {
		output_json(json_pack("{s:s, s:i, s:s, s:o, s:o, s:b}", "type",
		    "setting", "schema", 1, "name", s->name, "value",
		    s->value != NULL ? output_string(s->value) : json_null(),
		    "source", output_string(s->source), "used", !s->is_unused));
		return;
	}
	print_column(s->name, NAME_WIDTH);
	print_column(s->value != NULL && s->value[0] != '\0' ? s->value : "-",
	    VALUE_WIDTH);
	output_name(stdout, s->source);
	puts(s->is_unused ? " (not used)" : "");
}

static void
show_line(const struct show *show, const char *name, const char *value,
    const char *source)
{
	struct setting s = { name, value, source, false };

	print_setting(show, &s);
}

/* --- the registry --- */

/* otherwise: who says it when the configuration does not. */
static void
show_value(const struct show *show, const char *name,
    const struct config_value *v, const char *otherwise)
{
	show_line(show, name, v->text,
	    v->source != NULL ? v->source : otherwise);
}

static void
show_readonly(const struct show *show)
{
	static const char *const words[] = {
		[CONFIG_READONLY_UNSAID] = "false",
		[CONFIG_READONLY_NO] = "false",
		[CONFIG_READONLY_YES] = "true",
		[CONFIG_READONLY_BROKEN] = "broken",
	};
	const struct config_file *c = &show->target->config;

	if (c->path == NULL)
		show_line(show, "readonly", NULL, "no configuration was read");
	else
		show_line(show, "readonly", words[c->is_readonly],
		    c->readonly.source != NULL ? c->readonly.source
					       : "default");
}

static void
show_target(const struct show *show)
{
	static const char line[] = "the command line";
	const struct target *t = show->target;
	const struct config_file *c = &t->config;
	const char *otherwise = c->path != NULL ? "default" : line;

	show_line(show, "bucket", t->bucket,
	    c->path != NULL ? c->bucket.source : line);
	show_line(show, "root", t->root,
	    c->root.source != NULL ? c->root.source : otherwise);
	show_readonly(show);
	show_value(show, "cache", &c->cache,
	    c->path != NULL ? "default" : "no configuration was read");
}

/* What a registry heeds and gcsweep does not. */
static void
show_unused(const struct show *show)
{
	const struct config_file *c = &show->target->config;
	const struct {
		const char *name;
		const struct config_value *value;
	} all[] = { { "storage.gcs.maxconcurrency", &c->max_concurrency },
		{ "storage.gcs.chunksize", &c->chunk_size },
		{ "storage.gcs.useragent", &c->user_agent },
		{ "storage.gcs.parallelwalk", &c->parallel_walk } };
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const struct config_value *v = all[i].value;
		struct setting s = { all[i].name, v->text,
			v->source != NULL ? v->source : "default", true };

		if (v->text != NULL)
			print_setting(show, &s);
	}
}

/* --- options --- */

static const struct opt *
find_row(const char *name)
{
	const struct opt *o = options_table.rows;

	while (!(o->mask & CMD_GC) || strcmp(o->name, name) != 0)
		o++;
	return o;
}

static void
show_option(const struct show *show, const struct opt *o)
{
	struct buf name, value, source;
	const char *text;

	buf_init(&name, TEXT_MAX);
	buf_init(&value, TEXT_MAX);
	buf_init(&source, TEXT_MAX);
	buf_addf(&name, "--%s", o->name);
	opt_format(o, show->opts, &value);
	opt_format_source(&show->opts->said, o, &source);
	text = value.len > 0 ? value.data : NULL;
	if (o->type == OPT_FLAG)
		text = strcmp(value.data, "1") == 0 ? "true" : "false";
	show_line(show, name.data, text, source.data);
	buf_release(&name);
	buf_release(&value);
	buf_release(&source);
}

/* One row a name, and neither --help nor what is shown as what it leads to. */
static void
show_options(const struct show *show)
{
	const struct opt *o;

	for (o = options_table.rows; o->name != NULL; o++) {
		if ((o->mask & CMD_GC) && o->type != OPT_ACTION &&
		    o == find_row(o->name) && o != find_row("endpoint") &&
		    o != find_row("credentials"))
			show_option(show, o);
	}
}

/* --- where and as whom --- */

static void
show_endpoint(const struct show *show)
{
	struct buf source;

	buf_init(&source, TEXT_MAX);
	opt_format_source(&show->opts->said, find_row("endpoint"), &source);
	show_line(show, "endpoint", show->login.where.base, source.data);
	buf_release(&source);
}

static void
show_credential(const struct show *show)
{
	const struct cred *c = show->login.cred;
	struct buf value;
	const char *email;

	if (c == NULL) {
		show_line(show, "credential", NULL,
		    show->login.where.is_emulator ? "no emulator is sent one"
						  : "--credentials");
		return;
	}
	email = cred_email(c);
	buf_init(&value, TEXT_MAX);
	buf_addf(&value, "%s%s%s", cred_kind_name(cred_kind(c)),
	    email != NULL ? " " : "", email != NULL ? email : "");
	show_line(show, "credential", value.data, cred_source(c));
	buf_release(&value);
}

/* --- the story --- */

/* Also without a credential that can be used: why not comes last. */
static int
show_all(struct show *show, struct loop *loop, struct err *err)
{
	struct login *l = &show->login;
	int rc = login_find(l, loop, false, err);

	if (rc == 0 && l->cred != NULL)
		rc = where_settle(&l->where, cred_universe(l->cred), err);
	show_target(show);
	if (rc == 0) {
		show_endpoint(show);
		show_credential(show);
	}
	show_options(show);
	show_unused(show);
	return rc;
}

static int
check_root(const struct target *t, struct err *err)
{
	struct paths paths = { 0 };
	int rc = paths_init(&paths, t->root, err);

	paths_release(&paths);
	return rc;
}

enum status
cmd_config(const struct options *opts, int argc, char **argv)
{
	struct target target = { 0 };
	struct show show = { .opts = opts, .target = &target };
	struct loop *loop = loop_new(LOOP_REAL);
	enum status status = STATUS_OK;
	struct err err = ERR_INIT;

	if (target_parse(&target, argc, argv, &err) != 0 ||
	    check_root(&target, &err) != 0 ||
	    login_choose(&show.login, opts, &target, &err) != 0 ||
	    show_all(&show, loop, &err) != 0) {
		output_error(&err, opts->json);
		status = status_of(err.code);
	}
	login_release(&show.login);
	target_release(&target);
	loop_free(loop);
	return status;
}
