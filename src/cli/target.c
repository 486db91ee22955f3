/* SPDX-License-Identifier: MIT */
/* The grammar of bucket names is GCS's ([doc] buckets#naming), as far as it
 * can be told from the name alone. */
#include "src/cli/target.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/mem.h"
#include "src/base/str.h"

#define SCHEME        "gs://"
#define PATH_VARIABLE "REGISTRY_CONFIGURATION_PATH"

/* 3 to 63 bytes, or up to 222 with dots in between. */
enum { BUCKET_MIN = 3, BUCKET_MAX = 222 };

static bool
is_bucket(const char *s, size_t n)
{
	size_t i;

	if (n < BUCKET_MIN || n > BUCKET_MAX)
		return false;
	for (i = 0; i < n; i++) {
		bool is_alnum = (s[i] >= 'a' && s[i] <= 'z') ||
		    (s[i] >= '0' && s[i] <= '9');
		bool is_inside = i > 0 && i + 1 < n;

		if (!is_alnum && !(is_inside && memchr("-_.", s[i], 3) != NULL))
			return false;
	}
	return true;
}

/* source: where the name stands, NULL for the command line. */
static int
check_bucket(const char *source, const char *bucket, size_t n, struct err *err)
{
	static const char rule[] = "is not a bucket's name: 3 or more of a-z "
				   "0-9 - _ .";

	if (is_bucket(bucket, n))
		return 0;
	if (source == NULL)
		return err_set(err, ERR_USAGE, "'%.*s' %s", (int)n, bucket,
		    rule);
	return err_set(err, ERR_CONFIG, "%s: storage.gcs.bucket: '%.*s' %s",
	    source, (int)n, bucket, rule);
}

static int
parse_url(struct target *t, const char *url, struct err *err)
{
	const char *bucket = url + strlen(SCHEME);
	const char *slash = strchr(bucket, '/');
	size_t n = slash != NULL ? (size_t)(slash - bucket) : strlen(bucket);

	if (check_bucket(NULL, bucket, n, err) != 0)
		return -1;
	t->bucket = mem_strndup(bucket, n);
	t->root = mem_strdup(slash != NULL ? slash + 1 : "");
	return 0;
}

static int
load_config(struct target *t, const char *path, struct err *err)
{
	struct config_file *c = &t->config;

	if (config_file_load(c, path, environ, err) != 0)
		return -1;
	if (check_bucket(c->bucket.source, c->bucket.text,
		strlen(c->bucket.text), err) != 0)
		return -1;
	t->bucket = mem_strdup(c->bucket.text);
	t->root = mem_strdup(c->root.text != NULL ? c->root.text : "");
	return 0;
}

/* As the registry finds its own. */
static int
load_named_outside(struct target *t, const char *command, struct err *err)
{
	const char *path = getenv(PATH_VARIABLE);

	if (path == NULL || path[0] == '\0')
		return err_set(err, ERR_USAGE,
		    "%s needs a registry: gs://BUCKET[/ROOT], or its "
		    "config.yml, which " PATH_VARIABLE " may name too",
		    command);
	if (load_config(t, path, err) != 0)
		return err_wrap(err, PATH_VARIABLE);
	return 0;
}

int
target_parse(struct target *t, int argc, char **argv, struct err *err)
{
	int rc;

	*t = (struct target){ 0 };
	if (argc > 2)
		return err_set(err, ERR_USAGE,
		    "%s takes one registry, and '%s' is a second one", argv[0],
		    argv[2]);
	if (argc < 2)
		rc = load_named_outside(t, argv[0], err);
	else if (str_starts(argv[1], SCHEME))
		rc = parse_url(t, argv[1], err);
	else if (argv[1][0] == '\0' || strstr(argv[1], "://") != NULL)
		rc = err_set(err, ERR_USAGE,
		    "'%s' is not gs://BUCKET[/ROOT], and no path of a "
		    "config.yml",
		    argv[1]);
	else
		rc = load_config(t, argv[1], err);
	if (rc != 0)
		target_release(t);
	return rc;
}

/* --- what the configuration says --- */

int
target_check_readonly(const struct target *t, struct err *err)
{
	static const char how[] =
	    "set REGISTRY_STORAGE_MAINTENANCE_READONLY='{\"enabled\":true}' for "
	    "it and for gcsweep, and restart it";
	const struct config_file *c = &t->config;

	if (c->path == NULL)
		return err_set(err, ERR_REFUSED,
		    "--require-readonly: gs://%s does not say whether its "
		    "registry is read-only; name the registry's config.yml",
		    t->bucket);
	switch (c->is_readonly) {
	case CONFIG_READONLY_YES:
		return 0;
	case CONFIG_READONLY_NO:
		return err_set(err, ERR_REFUSED,
		    "--require-readonly: by %s the registry takes writes; %s",
		    c->readonly.source, how);
	case CONFIG_READONLY_BROKEN:
		return err_set(err, ERR_REFUSED,
		    "--require-readonly: %s: storage.maintenance.readonly is "
		    "such that a registry does not start with it; %s",
		    c->readonly.source, how);
	case CONFIG_READONLY_UNSAID:
		break;
	}
	return err_set(err, ERR_REFUSED,
	    "--require-readonly: %s has no storage.maintenance.readonly, so "
	    "the registry takes writes; %s",
	    c->path, how);
}

bool
target_has_cache(const struct target *t)
{
	return t->config.cache.text != NULL;
}

void
target_release(struct target *t)
{
	free(t->bucket);
	free(t->root);
	config_file_release(&t->config);
	t->bucket = t->root = NULL;
}
