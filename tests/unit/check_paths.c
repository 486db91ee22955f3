/* SPDX-License-Identifier: MIT */
/* paths: every shape of name, in both directions. */
#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/registry/paths.h"
#include "tests/support/suite.h"

static const char hex64[] =
    "00aabbccddeeff00112233445566778899aabbccddeeff001122334455667788";

static void
init(struct paths *p, const char *root)
{
	struct err err = ERR_INIT;

	ck_assert_int_eq(paths_init(p, root, &err), 0);
}

START_TEST(roots_lose_their_outer_slashes)
{
	static const struct {
		const char *root, *prefix;
	} cases[] = {
		{ "", "docker/registry/v2/" },
		{ "/", "docker/registry/v2/" },
		{ "///", "docker/registry/v2/" },
		{ "root", "root/docker/registry/v2/" },
		{ "/root", "root/docker/registry/v2/" },
		{ "root/", "root/docker/registry/v2/" },
		{ "//a/b//", "a/b/docker/registry/v2/" },
		{ "a//b", "a//b/docker/registry/v2/" },
	};
	struct paths p;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		init(&p, cases[i].root);
		ck_assert_str_eq(p.prefix, cases[i].prefix);
		ck_assert_uint_eq(p.prefix_len, strlen(cases[i].prefix));
		paths_release(&p);
	}
}
END_TEST

START_TEST(a_root_that_no_object_could_have_is_refused)
{
	struct err err = ERR_INIT;
	struct paths p = { 0 };
	char large[600];

	ck_assert_int_eq(paths_init(&p, "a\nb", &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_int_eq(paths_init(&p, "a\r", &err), -1);
	memset(large, 'a', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	ck_assert_int_eq(paths_init(&p, large, &err), -1);
	large[512] = '\0';
	ck_assert_int_eq(paths_init(&p, large, &err), 0);
	paths_release(&p);
}
END_TEST

/* --- shapes --- */

static enum path_kind
kind_of(const struct paths *p, const char *tail, struct path *path)
{
	static char name[4096];

	snprintf(name, sizeof(name), "%s%s", p->prefix, tail);
	path_parse(p, name, path);
	return path->kind;
}

/* "%" in a pattern stands for the 64 digits. */
static const char *
fill(const char *pattern)
{
	static char out[1024];
	size_t n = 0;

	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '%')
			n += (size_t)sprintf(out + n, "%s", hex64);
		else
			out[n++] = *pattern;
	}
	out[n] = '\0';
	return out;
}

START_TEST(every_shape_is_known_and_formats_back)
{
	static const struct {
		const char *tail, *repo, *tag;
		enum path_kind kind;
	} cases[] = {
		{ "blobs/sha256/00/%/data", "", "", PATH_BLOB },
		{ "repositories/a/_manifests/revisions/sha256/%/link", "a", "",
		    PATH_REVISION },
		{ "repositories/a/b/c/_manifests/revisions/sha256/%/link",
		    "a/b/c", "", PATH_REVISION },
		{ "repositories/a/_manifests/tags/v1/current/link", "a", "v1",
		    PATH_TAG_CURRENT },
		{ "repositories/a/b/_manifests/tags/current/current/link",
		    "a/b", "current", PATH_TAG_CURRENT },
		{ "repositories/a/_manifests/tags/v1/index/sha256/%/link", "a",
		    "v1", PATH_TAG_INDEX },
		{ "repositories/index/_manifests/tags/index/index/sha256/%/"
		  "link",
		    "index", "index", PATH_TAG_INDEX },
		{ "repositories/a/b/_layers/sha256/%/link", "a/b", "",
		    PATH_LAYER },
	};
	static const char *const roots[] = { "", "r", "/x/y/" };
	struct err err = ERR_INIT;
	struct path path;
	struct paths p;
	struct buf out;
	size_t i, k;

	buf_init(&out, 4096);
	for (i = 0; i < 3 * sizeof(cases) / sizeof(cases[0]); i++) {
		k = i / 3;
		init(&p, roots[i % 3]);
		ck_assert_int_eq(kind_of(&p, fill(cases[k].tail), &path),
		    cases[k].kind);
		ck_assert_uint_eq(path.repo_len, strlen(cases[k].repo));
		ck_assert_uint_eq(path.tag_len, strlen(cases[k].tag));
		ck_assert(path.repo_len == 0 ||
		    memcmp(path.repo, cases[k].repo, path.repo_len) == 0);
		ck_assert(path.tag_len == 0 ||
		    memcmp(path.tag, cases[k].tag, path.tag_len) == 0);
		path_format(&p, &path, &out);
		ck_assert_str_eq(out.data + p.prefix_len, fill(cases[k].tail));
		ck_assert(strncmp(out.data, p.prefix, p.prefix_len) == 0);
		ck_assert_int_eq(path_format_victim(&p, &path, &out, &err),
		    cases[k].kind == PATH_TAG_CURRENT ||
			    cases[k].kind == PATH_LAYER
			? -1
			: 0);
		paths_release(&p);
	}
	buf_release(&out);
}
END_TEST

START_TEST(what_else_lies_in_a_repository_is_only_that)
{
	static const struct {
		const char *tail, *repo;
		enum path_kind kind;
	} cases[] = {
		{ "repositories/a/_layers/", "a", PATH_REPOSITORY },
		{ "repositories/a/_layers/sha256/%", "a", PATH_REPOSITORY },
		{ "repositories/a/_layers/sha256/%/link/x", "a",
		    PATH_REPOSITORY },
		{ "repositories/a/_layers/sha256/0%/link", "a",
		    PATH_REPOSITORY },
		{ "repositories/a/_layers/md5/%/link", "a", PATH_REPOSITORY },
		{ "repositories/a/b/_uploads/7/data", "a/b", PATH_REPOSITORY },
		{ "repositories/a/_uploads/7/_manifests/revisions/sha256/%/"
		  "link",
		    "a", PATH_REPOSITORY },
		{ "repositories/a/_", "a", PATH_REPOSITORY },
		{ "repositories/a/_manifests/", "a", PATH_REPOSITORY },
		{ "repositories/a/_manifests/tags/v1", "a", PATH_REPOSITORY },
		{ "repositories/a/_manifests/tags//current/link", "a",
		    PATH_REPOSITORY },
		{ "repositories/a/_manifests/tags/v1/current/link/x", "a",
		    PATH_REPOSITORY },
		{ "repositories/a/_manifests/tags/v1/x/current/link", "a",
		    PATH_REPOSITORY },
		{ "repositories/a/_manifests/tags/v1/index/sha256/%/linkx", "a",
		    PATH_REPOSITORY },
		{ "repositories/a/_manifests/tags/v1/index/sha256/%0/link", "a",
		    PATH_REPOSITORY },
		{ "repositories/a/_manifests/revisions/sha256/%/", "a",
		    PATH_REPOSITORY },
		{ "repositories/a/_manifests/revisions/sha256/%/data", "a",
		    PATH_REPOSITORY },
		{ "repositories/a/_manifests/revisions/link", "a",
		    PATH_REVISION_ODD },
		{ "repositories/a/_manifests/revisions/sha256/0%/link", "a",
		    PATH_REVISION_ODD },
		{ "repositories/a/_manifests/revisions/sha512/%/link", "a",
		    PATH_REVISION_ODD },
		{ "repositories/a/_manifests/revisions/sha256/%/x/link", "a",
		    PATH_REVISION_ODD },
		{ "repositories/a/_manifests/revisions/sha256/%/signatures/"
		  "sha256/%/link",
		    "a", PATH_SIGNATURE },
		{ "repositories/a/_manifests/revisions/sha256/%/signatures/"
		  "sha256/x/link",
		    "a", PATH_REVISION_ODD },
	};
	struct path path;
	struct paths p;
	size_t i;

	init(&p, "");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_msg(kind_of(&p, fill(cases[i].tail), &path) ==
			cases[i].kind,
		    "%s", cases[i].tail);
		ck_assert_uint_eq(path.repo_len, strlen(cases[i].repo));
	}
	paths_release(&p);
}
END_TEST

START_TEST(what_is_outside_the_layout_is_foreign)
{
	static const char *const tails[] = { "", "blobs/", "blobs/sha256/",
		"blobs/sha256/00/%", "blobs/sha256/00/%/",
		"blobs/sha256/01/%/data", "blobs/sha256/0/%/data",
		"blobs/sha256/00/%/data/x", "blobs/sha256/00/%/Data",
		"blobs/sha256/00//data", "blobs/md5/00/%/data",
		"blobs//00/%/data", "blobs/sha512/00/%/data",
		"blobs/sha256/000/%/data", "repositories/", "repositories/x/",
		"repositories/x", "repositories/_manifests/x", "repositories/a",
		"repositories/x/y/z", "_x/", "blob/sha256/00/%/data" };
	static const char *const names[] = { "", "/", "docker",
		"docker/registry/v2",
		"docker/registry/v3/blobs/sha256/00/%/data",
		"/docker/registry/v2/blobs/sha256/00/%/data",
		"x/docker/registry/v2/blobs/sha256/00/%/data",
		"Docker/registry/v2/blobs/sha256/00/%/data" };
	struct path path;
	struct paths p;
	size_t i;

	init(&p, "");
	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		ck_assert_msg(kind_of(&p, fill(tails[i]), &path) ==
			PATH_FOREIGN,
		    "%s", tails[i]);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		path_parse(&p, fill(names[i]), &path);
		ck_assert_msg(path.kind == PATH_FOREIGN, "%s", names[i]);
	}
	paths_release(&p);
}
END_TEST

START_TEST(prefixes_of_listings_end_in_a_slash)
{
	struct paths p;
	struct buf out;

	buf_init(&out, 4096);
	init(&p, "r");
	path_format_blobs(&p, &out);
	ck_assert_str_eq(out.data, "r/docker/registry/v2/blobs/");
	path_format_repositories(&p, &out);
	ck_assert_str_eq(out.data, "r/docker/registry/v2/repositories/");
	path_format_manifests(&p, "a/b", &out);
	ck_assert_str_eq(out.data,
	    "r/docker/registry/v2/repositories/a/b/_manifests/");
	paths_release(&p);
	buf_release(&out);
}
END_TEST

int
main(void)
{
	return suite_run("paths", roots_lose_their_outer_slashes,
	    a_root_that_no_object_could_have_is_refused,
	    every_shape_is_known_and_formats_back,
	    what_else_lies_in_a_repository_is_only_that,
	    what_is_outside_the_layout_is_foreign,
	    prefixes_of_listings_end_in_a_slash, NULL);
}
