/* SPDX-License-Identifier: MIT */
/*
 * path: any object name is taken apart and, where the kind has a writer,
 * written back to the same bytes; and nothing passes as a victim but what a
 * grammar knows that is written down here a second time.
 *
 * The input is the root, a line break, and the object's name below the root's
 * prefix; without a line break it is a whole name under no root.
 */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/registry/paths.h"
#include "src/storage/storage.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "path";

#define ALNUM     "[a-z0-9]+"
#define COMPONENT ALNUM "((\\.|_|__|-*)" ALNUM ")*"
#define LABEL     "([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
#define DOMAIN    LABEL "(\\." LABEL ")*(:[0-9]+)?"
#define NAME      "(" DOMAIN "/)?" COMPONENT "(/" COMPONENT ")*"
#define TAG       "[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}"
#define DIGEST    "(sha256/[0-9a-f]{64}|sha384/[0-9a-f]{96}|sha512/[0-9a-f]{128})"

/* Two patterns, since one would take seconds to compile. */
static const char *const patterns[] = {
	"^blobs/(sha256/([0-9a-f]{2})/[0-9a-f]{64}|sha384/([0-9a-f]{2})/"
	"[0-9a-f]{96}|sha512/([0-9a-f]{2})/[0-9a-f]{128})/data$",
	"^repositories/(" NAME ")/_manifests/(revisions|tags/" TAG
	"/index)/" DIGEST "/link$",
};
static regex_t compiled[2];

static void
compile(void)
{
	static bool is_done;
	size_t i;

	for (i = 0; i < 2 && !is_done; i++)
		LAW(regcomp(&compiled[i], patterns[i], REG_EXTENDED) == 0,
		    "the pattern compiles");
	is_done = true;
}

/* What the grammar says of a name below the prefix. */
static bool
may_be_deleted(const char *name)
{
	regmatch_t m[2];
	const char *slash;

	if (regexec(&compiled[0], name, 0, NULL, 0) == 0) {
		/* The fan-out folder repeats how the digest begins. */
		slash = strchr(strchr(name, '/') + 1, '/');
		return strncmp(slash + 1, slash + 4, 2) == 0;
	}
	if (regexec(&compiled[1], name, 2, m, 0) != 0)
		return false;
	return m[1].rm_eo - m[1].rm_so <= 255;
}

static void
check_victim(const struct paths *p, const char *name, const struct path *path)
{
	const char *below = name + p->prefix_len;
	struct err err = ERR_INIT;
	struct buf out;
	int rc;

	buf_init(&out, 4096);
	rc = path_format_victim(p, path, &out, &err);
	if (rc == 0) {
		LAW(strcmp(out.data, name) == 0,
		    "a victim has the name that was listed");
		LAW(str_starts(name, p->prefix) && may_be_deleted(below),
		    "a victim is a name of the grammar");
		LAW(path->kind == PATH_BLOB || path->kind == PATH_REVISION ||
			path->kind == PATH_TAG_INDEX,
		    "only three kinds are victims");
	} else {
		fuzz_is_refusal(&err, ERR_REFUSED);
		LAW(!str_starts(name, p->prefix) || strlen(name) > 4096 ||
			!may_be_deleted(below),
		    "a name of the grammar is taken");
	}
	buf_release(&out);
}

static bool
has_writer(enum path_kind kind)
{
	return kind == PATH_BLOB || kind == PATH_REVISION ||
	    kind == PATH_TAG_CURRENT || kind == PATH_TAG_INDEX ||
	    kind == PATH_LAYER;
}

static void
check_parts(const char *name, const struct path *path)
{
	const char *end = name + strlen(name);

	if (path->repo_len > 0) {
		LAW(path->repo > name && path->repo + path->repo_len < end,
		    "the repository lies within the name");
		LAW(memchr(path->repo, '\0', path->repo_len) == NULL,
		    "the repository is part of the name");
	}
	if (path->tag_len > 0)
		LAW(path->tag > path->repo + path->repo_len &&
			path->tag + path->tag_len < end &&
			memchr(path->tag, '/', path->tag_len) == NULL,
		    "the tag lies behind the repository");
}

static void
check_name(const struct paths *p, const char *name)
{
	struct path path;
	struct buf out;

	path_parse(p, name, &path);
	check_parts(name, &path);
	if (!str_starts(name, p->prefix))
		LAW(path.kind == PATH_FOREIGN,
		    "outside of the root is foreign");
	if (has_writer(path.kind)) {
		buf_init(&out, 3 * 4096);
		path_format(p, &path, &out);
		LAW(out.full || strcmp(out.data, name) == 0,
		    "what was taken apart is written back");
		buf_release(&out);
	}
	/* Whoever asks wrongly: parts of one kind under another's name. */
	if (path.kind == PATH_REPOSITORY || path.kind == PATH_REVISION_ODD ||
	    path.kind == PATH_SIGNATURE || path.kind == PATH_TAG_CURRENT) {
		struct path odd = path;
		struct err err = ERR_INIT;

		buf_init(&out, 4096);
		odd.kind = PATH_TAG_INDEX;
		if (path_format_victim(p, &odd, &out, &err) == 0)
			LAW(may_be_deleted(out.data + p->prefix_len),
			    "no parts make a victim outside of the grammar");
		buf_release(&out);
	}
	check_victim(p, name, &path);
}

static void
check_root(const struct paths *p, const char *root)
{
	struct err err = ERR_INIT;
	struct paths again;
	char *trimmed;

	LAW(str_ends(p->prefix, "docker/registry/v2/"),
	    "every root ends in the layout");
	LAW(p->prefix[0] != '/', "no object's name begins with a slash");
	trimmed = mem_strndup(p->prefix,
	    p->prefix_len - strlen("docker/registry/v2/"));
	LAW(strstr(root, trimmed) != NULL || trimmed[0] == '\0' ||
		strlen(root) + 1 >= strlen(trimmed),
	    "the root is in the prefix");
	LAW(paths_init(&again, trimmed, &err) == 0 &&
		strcmp(again.prefix, p->prefix) == 0,
	    "slashes around a root say nothing");
	paths_release(&again);
	free(trimmed);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = fuzz_string(data, n), *line = strchr(text, '\n');
	const char *root = line != NULL ? text : "";
	struct err err = ERR_INIT;
	struct paths p;
	struct buf name;

	compile();
	if (line != NULL)
		*line = '\0';
	if (paths_init(&p, root, &err) != 0) {
		fuzz_is_refusal(&err, ERR_USAGE);
	} else {
		check_root(&p, root);
		buf_init(&name, p.prefix_len + n + 1);
		if (line != NULL)
			buf_addf(&name, "%s%s", p.prefix, line + 1);
		else
			buf_adds(&name, text);
		check_name(&p, name.data);
		buf_release(&name);
		paths_release(&p);
	}
	free(text);
	return 0;
}
