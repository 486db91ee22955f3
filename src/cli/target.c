/* SPDX-License-Identifier: MIT */
/* The grammar of bucket names is GCS's ([doc] buckets#naming), as far as it
 * can be told from the name alone. */
#include "src/cli/target.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/str.h"

#define SCHEME "gs://"

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

int
target_parse(struct target *t, int argc, char **argv, struct err *err)
{
	const char *bucket, *slash;
	size_t n;

	if (argc < 2)
		return err_set(err, ERR_USAGE,
		    "%s needs a registry: gs://BUCKET[/ROOT]", argv[0]);
	if (argc > 2)
		return err_set(err, ERR_USAGE,
		    "%s takes one registry, and '%s' is a second one", argv[0],
		    argv[2]);
	if (!str_starts(argv[1], SCHEME))
		return err_set(err, ERR_USAGE, "'%s' is not gs://BUCKET[/ROOT]",
		    argv[1]);
	bucket = argv[1] + strlen(SCHEME);
	slash = strchr(bucket, '/');
	n = slash != NULL ? (size_t)(slash - bucket) : strlen(bucket);
	if (!is_bucket(bucket, n))
		return err_set(err, ERR_USAGE,
		    "'%.*s' is not a bucket's name: 3 or more of a-z 0-9 - _ "
		    ".",
		    (int)n, bucket);
	t->bucket = mem_strndup(bucket, n);
	t->root = mem_strdup(slash != NULL ? slash + 1 : "");
	return 0;
}

void
target_release(struct target *t)
{
	free(t->bucket);
	free(t->root);
	t->bucket = t->root = NULL;
}
