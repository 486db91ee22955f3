/* SPDX-License-Identifier: MIT */
/* Mistyped, a digest would give nothing up, and the mark would end as before:
 * so it is refused. */
#include "src/cli/known.h"

#include <string.h>

#include "src/cli/output.h"
#include "src/registry/cache.h"
#include "src/registry/mark.h"

static int
parse_ignored(struct known *k, const struct options *options, struct err *err)
{
	const struct opt_strings *said = &options->ignore_manifest;
	size_t i;

	for (i = 0; i < said->n; i++) {
		if (digest_parse(said->v[i], strlen(said->v[i]),
			&k->ignored[i]) == 0)
			continue;
		err_set(err, ERR_USAGE,
		    "'%s': want a manifest's whole digest, such as "
		    "sha256: and 64 digits 0-9 a-f",
		    said->v[i]);
		return opt_wrap(&options->said, "ignore-manifest", err);
	}
	return 0;
}

int
known_open(struct known *k, const struct options *options, const char *plan,
    struct mark_opts *opts, struct err *err)
{
	const char *path = options->cache != NULL ? options->cache : plan;

	if (parse_ignored(k, options, err) != 0)
		return -1;
	opts->ignored = k->ignored;
	opts->ignored_n = options->ignore_manifest.n;
	if (path == NULL)
		return 0;
	if (path[0] == '\0')
		return err_set(err, ERR_USAGE, "--cache needs a file's name");
	k->cache = opts->cache = cache_open(path, err);
	return k->cache != NULL ? 0 : -1;
}

void
known_close(struct known *k, struct mark_opts *opts, bool is_quiet)
{
	const char *warning;

	if (k->cache == NULL)
		return;
	cache_flush(k->cache);
	warning = cache_warning(k->cache);
	if (warning != NULL && !is_quiet)
		output_warning(warning);
	cache_close(k->cache);
	k->cache = opts->cache = NULL;
}
