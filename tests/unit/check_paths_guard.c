/* SPDX-License-Identifier: MIT */
/* paths: nothing passes as a victim but what a grammar knows that is written
 * down a second time, as regular expressions. */
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/rng.h"
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

#define ALNUM     "[a-z0-9]+"
#define COMPONENT ALNUM "((\\.|_|__|-*)" ALNUM ")*"
#define LABEL     "([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
#define DOMAIN    LABEL "(\\." LABEL ")*(:[0-9]+)?"
#define NAME      "(" DOMAIN "/)?" COMPONENT "(/" COMPONENT ")*"
#define TAG       "[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}"
#define DIGEST    "(sha256/[0-9a-f]{64}|sha384/[0-9a-f]{96}|sha512/[0-9a-f]{128})"
#define PREFIX    "^docker/registry/v2/"

static bool
matches(const regex_t *re, const char *name)
{
	return regexec(re, name, 0, NULL, 0) == 0;
}

static void
compile(regex_t *re, const char *pattern)
{
	ck_assert_int_eq(regcomp(re, pattern, REG_EXTENDED | REG_NOSUB), 0);
}

START_TEST(repository_names_are_those_of_the_grammar)
{
	static const char alphabet[] = "aaab019zzAZ..__--//:: \xff";
	static const char *const given[] = { "a", "a/b", "A/b", "A", "Bad/Name",
		"a-.b/c", "a.-b/c", "a-/b", "-a/b", "a:80/b", "a:/b", ":80/b",
		"a:8:0/b", "a.b:80/c", "a/b:80/c", "a___b", "a__b", "a_.b",
		"a-----b", "a-_b", "", "/", "a/", "/a", "a//b", "a..b/c",
		"A.b/c", "a.b./c", "A-:80/b", "A:80/b/C" };
	char name[300];
	regex_t re;
	struct rng r;
	size_t i, k, n, accepted = 0;

	compile(&re, "^" NAME "$");
	for (i = 0; i < sizeof(given) / sizeof(given[0]); i++)
		ck_assert_msg(path_is_repository_name(given[i],
				  strlen(given[i])) == matches(&re, given[i]),
		    "'%s'", given[i]);
	rng_init(&r, 1);
	for (i = 0; i < 200000; i++) {
		n = 1 + rng_below(&r, 9);
		for (k = 0; k < n; k++)
			name[k] = alphabet[rng_below(&r, sizeof(alphabet) - 1)];
		name[n] = '\0';
		accepted += path_is_repository_name(name, n);
		ck_assert_msg(path_is_repository_name(name, n) ==
			matches(&re, name),
		    "'%s'", name);
	}
	ck_assert_uint_gt(accepted, 2000);
	memset(name, 'a', sizeof(name));
	ck_assert(path_is_repository_name(name, 255));
	ck_assert(!path_is_repository_name(name, 256));
	ck_assert(!path_is_repository_name("a\0b", 3));
	regfree(&re);
}
END_TEST

START_TEST(tag_names_are_those_of_the_grammar)
{
	static const char alphabet[] = "aZ09_.-: /\xc3\n";
	char name[300];
	regex_t re;
	struct rng r;
	size_t i, k, n;

	compile(&re, "^" TAG "$");
	rng_init(&r, 2);
	for (i = 0; i < 50000; i++) {
		n = rng_below(&r, 6);
		for (k = 0; k < n; k++)
			name[k] = alphabet[rng_below(&r, sizeof(alphabet) - 1)];
		name[n] = '\0';
		ck_assert_msg(path_is_tag_name(name, n) == matches(&re, name),
		    "'%s'", name);
	}
	memset(name, 'a', sizeof(name));
	ck_assert(path_is_tag_name(name, 128));
	ck_assert(!path_is_tag_name(name, 129));
	ck_assert(!path_is_tag_name("a\0b", 3));
	regfree(&re);
}
END_TEST

/* Changes one place of a name: a byte, a piece cut out, a piece doubled. */
static void
mutate(struct rng *r, char *name)
{
	static const char bytes[] = "/_.-:aAfgz0 %\n\x01\xff";
	size_t n = strlen(name), at, len;

	switch (rng_below(r, 3)) {
	case 0:
		name[rng_below(r, n)] = bytes[rng_below(r, sizeof(bytes) - 1)];
		break;
	case 1:
		at = rng_below(r, n);
		len = 1 + rng_below(r, 4);
		if (at + len <= n && len < n)
			memmove(name + at, name + at + len, n - at - len + 1);
		break;
	default:
		at = rng_below(r, n);
		len = rng_below(r, 5);
		if (at + len <= n)
			memmove(name + at + len, name + at, n - at + 1);
		break;
	}
}

static const char *const victims[] = { "blobs/sha256/00/%/data",
	"repositories/a/b-c/_manifests/revisions/sha256/%/link",
	"repositories/Host.x:5000/a/_manifests/tags/v1.0/index/sha256/%/link",
	"repositories/a/_manifests/tags/v1/current/link",
	"repositories/a/_layers/sha256/%/link" };

/* As the sweep does it: a listed name is taken apart and written again. */
START_TEST(a_mutated_name_is_a_victim_only_if_the_grammar_says_so)
{
	struct err err = ERR_INIT;
	char name[2048];
	struct path path;
	struct paths p;
	struct buf out;
	struct rng r;
	regex_t re;
	size_t i, k, accepted = 0;
	bool is_victim;

	/* The fan-out folder stands between the algorithm and the digits. */
	compile(&re,
	    PREFIX "(blobs/(sha256/[0-9a-f]{2}/[0-9a-f]{64}|sha384/[0-9a-f]{2}"
		   "/[0-9a-f]{96}|sha512/[0-9a-f]{2}/[0-9a-f]{128})/data"
		   "|repositories/" NAME "/_manifests/(revisions|tags/" TAG
		   "/index)/" DIGEST "/link)$");
	buf_init(&out, 4096);
	init(&p, "");
	rng_init(&r, 3);
	for (i = 0; i < 60000; i++) {
		snprintf(name, sizeof(name), "docker/registry/v2/%s",
		    fill(victims[i % 5]));
		for (k = rng_below(&r, 3); k > 0; k--)
			mutate(&r, name);
		path_parse(&p, name, &path);
		if (path.kind == PATH_FOREIGN)
			path.kind = PATH_BLOB; /* whoever asks wrongly */
		is_victim = path_format_victim(&p, &path, &out, &err) == 0 &&
		    strcmp(out.data, name) == 0;
		accepted += is_victim;
		if (matches(&re, name) && strstr(name, "blobs/sha256/") &&
		    strncmp(name + 32, name + 35, 2) != 0)
			ck_assert_msg(!is_victim, "fan-out of %s", name);
		else
			ck_assert_msg(is_victim == matches(&re, name),
			    "%d for %s", is_victim, name);
	}
	ck_assert_uint_gt(accepted, 10000);
	regfree(&re);
	paths_release(&p);
	buf_release(&out);
}
END_TEST

/* Parts that were never parsed out of a name. */
START_TEST(hostile_parts_never_make_a_victim)
{
	static const char *const bad[] = { "", "/", "..", "../..", "a/../b",
		"a/_manifests/tags/x", "_a", "a/_b", "a/", "/a", "a\nb", "a b",
		"a\x01", "A", "a//b", "a/_layers", "%2e%2e" };
	struct err err;
	struct digest d;
	struct paths p;
	struct buf out;
	size_t i, k;

	digest_compute(DIGEST_SHA256, "", 0, &d);
	buf_init(&out, 4096);
	init(&p, "");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		for (k = 0; k < 2; k++) {
			struct path path = {
				.kind = k ? PATH_TAG_INDEX : PATH_REVISION,
				.repo = bad[i],
				.repo_len = strlen(bad[i]),
				.tag = "v1",
				.tag_len = k ? 2 : 0,
				.digest = d,
			};

			err_clear(&err);
			ck_assert_msg(path_format_victim(&p, &path, &out,
					  &err) == -1,
			    "%s", out.data);
			ck_assert_int_eq(err.code, ERR_REFUSED);
		}
	}
	for (i = 0; i < 5; i++) { /* and as a tag */
		static const char *const tags[] = { "", "a/b", "..", "a\nb",
			"a/index/sha256" };
		struct path path = { .kind = PATH_TAG_INDEX,
			.repo = "a",
			.repo_len = 1,
			.tag = tags[i],
			.tag_len = strlen(tags[i]),
			.digest = d };

		ck_assert_int_eq(path_format_victim(&p, &path, &out, &err), -1);
	}
	ck_assert_int_eq(path_format_victim(&p,
			     &(struct path){ .kind = PATH_REVISION,
				 .repo = "a\0b",
				 .repo_len = 3,
				 .digest = d },
			     &out, &err),
	    -1);
	paths_release(&p);
	buf_release(&out);
}
END_TEST

START_TEST(only_three_kinds_can_be_victims)
{
	static const enum path_kind kinds[] = { PATH_FOREIGN, PATH_REVISION_ODD,
		PATH_TAG_CURRENT, PATH_REPOSITORY };
	struct err err = ERR_INIT;
	struct paths p;
	struct buf out;
	size_t i;

	buf_init(&out, 4096);
	init(&p, "root");
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct path path = { .kind = kinds[i],
			.repo = "a",
			.repo_len = 1,
			.tag = "v1",
			.tag_len = 2 };

		ck_assert_int_eq(path_format_victim(&p, &path, &out, &err), -1);
	}
	/* Parts that the name does not give back. */
	ck_assert_int_eq(path_format_victim(&p,
			     &(struct path){ .kind = PATH_BLOB,
				 .repo = "a",
				 .repo_len = 1 },
			     &out, &err),
	    -1);
	buf_release(&out);
	buf_init(&out, 60); /* no room for the whole name */
	ck_assert_int_eq(path_format_victim(&p,
			     &(struct path){ .kind = PATH_BLOB }, &out, &err),
	    -1);
	paths_release(&p);
	buf_release(&out);
}
END_TEST

int
main(void)
{
	return suite_run("paths_guard",
	    repository_names_are_those_of_the_grammar,
	    tag_names_are_those_of_the_grammar,
	    a_mutated_name_is_a_victim_only_if_the_grammar_says_so,
	    hostile_parts_never_make_a_victim, only_three_kinds_can_be_victims,
	    NULL);
}
