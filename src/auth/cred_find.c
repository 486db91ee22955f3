/* SPDX-License-Identifier: MIT */
/*
 * Google's order, and who is asked is told: the source says which place won and
 * over which others.  A place that is named and holds nothing useful ends the
 * search, since whoever named it did not mean the next one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/auth/cred_priv.h"
#include "src/auth/guard.h"
#include "src/base/file.h"
#include "src/base/mem.h"

#define WELL_KNOWN "application_default_credentials.json"

/* Linux has no longer path. */
enum { PATH_MAX_BYTES = 4096 };

struct search {
	const struct cred_opts *opts;
	struct err *err;
};

/* The variable's value, or NULL if it is not set or empty. */
static const char *
variable(const struct search *s, const char *name)
{
	const char *value = s->opts->env != NULL
	    ? s->opts->env(s->opts->env_arg, name)
	    : getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

static void
set_source(struct cred *c, const char *where, const char *why)
{
	size_t n = strlen(where) + strlen(why) + 3;

	free(c->source);
	c->source = mem_alloc(n);
	snprintf(c->source, n, "%s%s%s", where, why[0] != '\0' ? ", " : "",
	    why);
}

/* Who else may read or change it?  An external account's file has no secret. */
static int
judge_mode(const struct search *s, const struct cred *c, const char *path,
    unsigned mode)
{
	char text[512];

	if ((mode & 077) == 0 || cred_kind(c) == CRED_EXTERNAL)
		return 0;
	if (s->opts->is_strict)
		return err_set(s->err, ERR_CONFIG,
		    "%s: others than its owner may read or change it (mode "
		    "%03o); run chmod 600",
		    path, mode & 0777);
	if (s->opts->on_warning != NULL) {
		snprintf(text, sizeof(text),
		    "%s: others than its owner may read or change it (mode "
		    "%03o); chmod 600 would help",
		    path, mode & 0777);
		s->opts->on_warning(s->opts->warning_arg, text);
	}
	return 0;
}

/* where: how errors name the file. */
static struct cred *
load(const struct search *s, const char *path, const char *where,
    const char *why)
{
	struct cred_origin origin = { where, SCOPE_STORAGE, 0 };
	struct cred *c = NULL;
	struct buf text;
	unsigned mode;

	buf_init_secret(&text, CRED_FILE_MAX);
	if (file_load(path, &text, &mode, s->err) != 0) {
		if (strcmp(where, path) != 0)
			err_wrap(s->err, "%.*s",
			    (int)(strlen(where) - strlen(path) - 1), where);
	} else if ((c = cred_parse(text.data, text.len, &origin, s->err)) !=
		NULL &&
	    judge_mode(s, c, path, mode) != 0) {
		cred_free(c);
		c = NULL;
	}
	buf_release(&text);
	if (c != NULL)
		set_source(c, where, why);
	return c;
}

/* What somebody holds in memory, who says where he has it from. */
static struct cred *
load_text(const struct search *s)
{
	const char *where = s->opts->text_by;
	struct cred_origin origin = { where, SCOPE_STORAGE, 0 };
	struct cred *c = cred_parse(s->opts->text, strlen(s->opts->text),
	    &origin, s->err);

	if (c != NULL && judge_mode(s, c, where, s->opts->text_mode) != 0) {
		cred_free(c);
		c = NULL;
	}
	if (c != NULL)
		set_source(c, where, "");
	return c;
}

/* A file that somebody named: that there is none is an error. */
static struct cred *
load_named(const struct search *s, const char *name, const char *path,
    char separator, const char *why)
{
	size_t n = strlen(name) + strlen(path) + 2;
	char *where = mem_alloc(n);
	struct cred *c;

	snprintf(where, n, "%s%c%s", name, separator, path);
	c = load(s, path, where, why);
	if (c == NULL && s->err->code == ERR_NOT_FOUND)
		s->err->code = ERR_CONFIG;
	free(where);
	return c;
}

/* gcloud's own file.  False: there is none, so the search goes on. */
static bool
find_well_known(const struct search *s, struct cred **c)
{
	const char *folder = variable(s, "CLOUDSDK_CONFIG");
	const char *home = variable(s, "HOME");
	char path[PATH_MAX_BYTES];
	int n;

	*c = NULL;
	if (folder == NULL && home == NULL)
		return false;
	n = folder != NULL
	    ? snprintf(path, sizeof(path), "%s/" WELL_KNOWN, folder)
	    : snprintf(path, sizeof(path), "%s/.config/gcloud/" WELL_KNOWN,
		  home);
	if (n < 0 || (size_t)n >= sizeof(path)) {
		err_set(s->err, ERR_CONFIG, "%s is too long a path",
		    folder != NULL ? "CLOUDSDK_CONFIG" : "HOME");
		return true;
	}
	*c = load(s, path, path,
	    "gcloud's file, since no option or variable names another");
	return *c != NULL || s->err->code != ERR_NOT_FOUND;
}

static struct cred *
find_metadata(const struct search *s)
{
	const char *name = "GCE_METADATA_HOST";
	const char *host = variable(s, name);
	struct cred_origin origin = { "the metadata server", SCOPE_STORAGE, 0 };
	char where[400];
	struct cred *c;

	if (host == NULL) {
		name = "GCE_METADATA_IP";
		host = variable(s, name);
	}
	if (host != NULL)
		origin.where = name;
	c = cred_new_metadata(host, s->opts->wants_who, &origin, s->err);
	if (c == NULL)
		return NULL;
	snprintf(where, sizeof(where), "this machine%s%.300s",
	    host != NULL ? ", asked at " : "", host != NULL ? host : "");
	set_source(c, where,
	    "since no option, variable or file of gcloud names another");
	return c;
}

static struct cred *
find_place(const struct search *s)
{
	struct cred_origin token = { "GOOGLE_ACCESS_TOKEN", SCOPE_STORAGE, 0 };
	const char *value;
	struct cred *c;

	if (s->opts->file != NULL)
		return load_named(s,
		    s->opts->file_by != NULL ? s->opts->file_by
					     : "--credentials",
		    s->opts->file, ' ', "");
	if (s->opts->text != NULL)
		return load_text(s);
	if ((value = variable(s, token.where)) != NULL) {
		c = cred_new_token(value, &token, s->err);
		if (c != NULL)
			set_source(c, token.where,
			    "since there is no --credentials");
		return c;
	}
	value = variable(s, "GOOGLE_APPLICATION_CREDENTIALS");
	if (value != NULL)
		return load_named(s, "GOOGLE_APPLICATION_CREDENTIALS", value,
		    '=',
		    "since there is no --credentials and no "
		    "GOOGLE_ACCESS_TOKEN");
	if (find_well_known(s, &c))
		return c;
	err_clear(s->err);
	return find_metadata(s);
}

/* Overrides of what the place said.  A universe is no wish but where the
 * credential is valid, so a file's may not differ. */
static int
take_overrides(const struct search *s, struct cred *c)
{
	const char *project = s->opts->quota_project;
	const char *by = "--quota-project";
	const char *universe = variable(s, "GOOGLE_CLOUD_UNIVERSE_DOMAIN");
	bool is_known = cred_kind(c) != CRED_TOKEN &&
	    cred_kind(c) != CRED_METADATA;

	if (project == NULL) {
		by = "GOOGLE_CLOUD_QUOTA_PROJECT";
		project = variable(s, by);
	}
	/* It goes into a header. */
	if (project != NULL && !cred_is_project(project))
		return err_set(s->err, ERR_CONFIG, "%s is no project's name",
		    by);
	if (project != NULL) {
		free(c->quota_project);
		c->quota_project = mem_strdup(project);
	}
	if (universe == NULL)
		return 0;
	if (!cred_is_host_name(universe))
		return err_set(s->err, ERR_CONFIG,
		    "GOOGLE_CLOUD_UNIVERSE_DOMAIN is no domain's name");
	if (is_known && strcmp(universe, c->universe) != 0)
		return err_set(s->err, ERR_CONFIG,
		    "GOOGLE_CLOUD_UNIVERSE_DOMAIN is %.100s, but %.100s is "
		    "valid in %.100s",
		    universe, c->where, c->universe);
	free(c->universe);
	c->universe = mem_strdup(universe);
	return 0;
}

struct cred *
cred_find(const struct cred_opts *opts, struct err *err)
{
	struct search s = { opts, err };
	struct cred *c;

	secret_guard();
	c = find_place(&s);
	if (c != NULL && take_overrides(&s, c) != 0) {
		cred_free(c);
		c = NULL;
	}
	return c;
}
