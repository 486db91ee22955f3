/* SPDX-License-Identifier: MIT */
/*
 * Names are read with a cursor that takes one piece at a time.  Reading is
 * generous (a repository is whatever has objects below repositories/<name>/_*),
 * writing is not: path_format_victim is the only way to a name that is deleted.
 */
#include "src/registry/paths.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/str.h"

#define LAYOUT "docker/registry/v2/"

/* distribution: reference.NameTotalLengthMax. */
enum { REPOSITORY_NAME_MAX = 255 };

/* distribution: reference.TagRegexp. */
enum { TAG_NAME_MAX = 128 };

/* GCS allows 1024 bytes in all; the longest tail is a tag's index link. */
enum { ROOT_MAX = 512 };

int
paths_init(struct paths *p, const char *root, struct err *err)
{
	struct buf b;
	size_t n;

	root += strspn(root, "/");
	n = strlen(root);
	while (n > 0 && root[n - 1] == '/')
		n--;
	if (n > ROOT_MAX)
		return err_set(err, ERR_USAGE,
		    "the root directory is longer than %d bytes", ROOT_MAX);
	if (strpbrk(root, "\r\n") != NULL)
		return err_set(err, ERR_USAGE,
		    "the root directory has a line break in it");
	buf_init(&b, ROOT_MAX + sizeof(LAYOUT) + 1);
	buf_add(&b, root, n);
	buf_adds(&b, n > 0 ? "/" LAYOUT : LAYOUT);
	p->prefix_len = b.len;
	p->prefix = buf_steal(&b);
	return 0;
}

void
paths_release(struct paths *p)
{
	free(p->prefix);
	p->prefix = NULL;
}

/* --- reading --- */

/* Moves *s over text if it begins with it. */
static bool
take(const char **s, const char *text)
{
	if (!str_starts(*s, text))
		return false;
	*s += strlen(text);
	return true;
}

/* Takes the component up to the next slash, and the slash; it has *n bytes. */
static bool
take_component(const char **s, const char **component, size_t *n)
{
	const char *slash = strchr(*s, '/');

	if (slash == NULL || slash == *s)
		return false;
	*component = *s;
	*n = (size_t)(slash - *s);
	*s = slash + 1;
	return true;
}

/* Takes "<alg>/<hex>/". */
static bool
take_digest(const char **s, struct digest *out)
{
	const char *alg, *hex;
	size_t alg_len, hex_len;

	return take_component(s, &alg, &alg_len) &&
	    take_component(s, &hex, &hex_len) &&
	    digest_parse_parts(alg, alg_len, hex, hex_len, out) == 0;
}

static enum path_kind
parse_blob(const char *s, struct path *out)
{
	const char *alg, *fan, *hex;
	size_t alg_len, fan_len, hex_len;

	if (take_component(&s, &alg, &alg_len) &&
	    take_component(&s, &fan, &fan_len) &&
	    take_component(&s, &hex, &hex_len) && strcmp(s, "data") == 0 &&
	    digest_parse_parts(alg, alg_len, hex, hex_len, &out->digest) == 0 &&
	    fan_len == 2 && memcmp(fan, hex, 2) == 0)
		return PATH_BLOB;
	return PATH_FOREIGN;
}

static enum path_kind
parse_tag(const char *s, struct path *out)
{
	if (!take_component(&s, &out->tag, &out->tag_len))
		return PATH_REPOSITORY;
	if (strcmp(s, "current/link") == 0)
		return PATH_TAG_CURRENT;
	if (take(&s, "index/") && take_digest(&s, &out->digest) &&
	    strcmp(s, "link") == 0)
		return PATH_TAG_INDEX;
	return PATH_REPOSITORY;
}

static enum path_kind
parse_revision(const char *s, struct path *out)
{
	const char *whole = s;

	if (take_digest(&s, &out->digest)) {
		if (strcmp(s, "link") == 0)
			return PATH_REVISION;
		if (take(&s, "signatures/") && take_digest(&s, &out->digest) &&
		    strcmp(s, "link") == 0)
			return PATH_SIGNATURE;
	}
	if (strcmp(whole, "link") == 0 || str_ends(whole, "/link"))
		return PATH_REVISION_ODD;
	return PATH_REPOSITORY;
}

static enum path_kind
parse_layer(const char *s, struct path *out)
{
	if (take_digest(&s, &out->digest) && strcmp(s, "link") == 0)
		return PATH_LAYER;
	return PATH_REPOSITORY;
}

static enum path_kind
parse_repository(const char *s, struct path *out)
{
	const char *at = s;

	/* The name ends before the first component that begins with "_". */
	while (*at != '_') {
		at = strchr(at, '/');
		if (at == NULL)
			return PATH_FOREIGN;
		at++;
	}
	if (at == s)
		return PATH_FOREIGN;
	out->repo = s;
	out->repo_len = (size_t)(at - 1 - s);
	if (take(&at, "_manifests/revisions/"))
		return parse_revision(at, out);
	if (take(&at, "_manifests/tags/"))
		return parse_tag(at, out);
	if (take(&at, "_layers/"))
		return parse_layer(at, out);
	return PATH_REPOSITORY;
}

void
path_parse(const struct paths *p, const char *name, struct path *out)
{
	const char *s = name;

	memset(out, 0, sizeof(*out));
	if (!take(&s, p->prefix))
		out->kind = PATH_FOREIGN;
	else if (take(&s, "blobs/"))
		out->kind = parse_blob(s, out);
	else if (take(&s, "repositories/"))
		out->kind = parse_repository(s, out);
}

/* --- writing --- */

static void
start(const struct paths *p, struct buf *out)
{
	buf_clear(out);
	buf_add(out, p->prefix, p->prefix_len);
}

void
path_format_blobs(const struct paths *p, struct buf *out)
{
	start(p, out);
	buf_adds(out, "blobs/");
}

void
path_format_repositories(const struct paths *p, struct buf *out)
{
	start(p, out);
	buf_adds(out, "repositories/");
}

void
path_format_manifests(const struct paths *p, const char *repo, struct buf *out)
{
	path_format_repositories(p, out);
	buf_adds(out, repo);
	buf_adds(out, "/_manifests/");
}

static void
add_digest(const struct digest *d, const char *tail, struct buf *out)
{
	buf_adds(out, digest_alg_name(d->alg));
	buf_addc(out, '/');
	digest_format_hex(d, out);
	buf_adds(out, tail);
}

static void
format_blob(const struct digest *d, struct buf *out)
{
	size_t fan;

	buf_adds(out, digest_alg_name(d->alg));
	fan = out->len + 1;
	buf_adds(out, "/xx/");
	digest_format_hex(d, out);
	if (!out->full)
		memcpy(out->data + fan, out->data + fan + 3, 2);
	buf_adds(out, "/data");
}

void
path_format(const struct paths *p, const struct path *path, struct buf *out)
{
	if (path->kind == PATH_BLOB) {
		path_format_blobs(p, out);
		format_blob(&path->digest, out);
		return;
	}
	path_format_repositories(p, out);
	buf_add(out, path->repo, path->repo_len);
	if (path->kind == PATH_LAYER) {
		buf_adds(out, "/_layers/");
		add_digest(&path->digest, "/link", out);
		return;
	}
	buf_adds(out, "/_manifests/");
	if (path->kind == PATH_REVISION) {
		buf_adds(out, "revisions/");
		add_digest(&path->digest, "/link", out);
		return;
	}
	buf_adds(out, "tags/");
	buf_add(out, path->tag, path->tag_len);
	if (path->kind == PATH_TAG_CURRENT) {
		buf_adds(out, "/current/link");
		return;
	}
	buf_adds(out, "/index/");
	add_digest(&path->digest, "/link", out);
}

/* --- the guard --- */

static bool
is_lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* [a-z0-9]+ (("." | "_" | "__" | "-"+) [a-z0-9]+)* */
static bool
is_plain_component(const char *s, size_t n)
{
	size_t i = 0, begin;

	for (;;) {
		begin = i;
		while (i < n && is_lower_or_digit(s[i]))
			i++;
		if (i == begin)
			return false;
		if (i == n)
			return true;
		if (s[i] == '.') {
			i++;
		} else if (s[i] == '_') {
			i += i + 1 < n && s[i + 1] == '_' ? 2 : 1;
		} else if (s[i] == '-') {
			while (i < n && s[i] == '-')
				i++;
		} else {
			return false;
		}
	}
}

/* A host, dots and dashes inside, capitals allowed, perhaps ":port". */
static bool
is_domain(const char *s, size_t n)
{
	size_t i;
	bool has_port = false;

	for (i = 0; i < n; i++) {
		char c = s[i];
		bool is_alnum = is_lower_or_digit(c) || (c >= 'A' && c <= 'Z');

		if (c == ':' && !has_port && i > 0 && i + 1 < n)
			has_port = true;
		else if (has_port ? !(c >= '0' && c <= '9')
				  : !(is_alnum || c == '.' || c == '-'))
			return false;
		else if ((c == '.' || c == '-') &&
		    (i == 0 || i + 1 == n || s[i - 1] == '.' ||
			(c == '.' && s[i - 1] == '-') || s[i + 1] == ':'))
			return false;
	}
	return n > 0;
}

bool
path_is_repository_name(const char *name, size_t n)
{
	const char *s = name, *end = name + n, *slash;
	size_t len;

	if (n == 0 || n > REPOSITORY_NAME_MAX)
		return false;
	for (; s <= end; s += len + 1) {
		slash = memchr(s, '/', (size_t)(end - s));
		len = slash != NULL ? (size_t)(slash - s) : (size_t)(end - s);
		if (is_plain_component(s, len))
			continue;
		if (s != name || slash == NULL || !is_domain(s, len))
			return false;
	}
	return true;
}

bool
path_is_tag_name(const char *tag, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		char c = tag[i];

		if (!is_lower_or_digit(c) && !(c >= 'A' && c <= 'Z') &&
		    c != '_' && (i == 0 || (c != '.' && c != '-')))
			return false;
	}
	return n > 0 && n <= TAG_NAME_MAX;
}

static bool
is_same(const struct path *a, const struct path *b)
{
	return a->kind == b->kind && digest_equal(&a->digest, &b->digest) &&
	    a->repo_len == b->repo_len && a->tag_len == b->tag_len &&
	    (a->repo_len == 0 || memcmp(a->repo, b->repo, a->repo_len) == 0) &&
	    (a->tag_len == 0 || memcmp(a->tag, b->tag, a->tag_len) == 0);
}

int
path_format_victim(const struct paths *p, const struct path *path,
    struct buf *out, struct err *err)
{
	struct path back;

	path_format(p, path, out);
	if (!out->full &&
	    (path->kind == PATH_BLOB || path->kind == PATH_REVISION ||
		path->kind == PATH_TAG_INDEX)) {
		path_parse(p, out->data, &back);
		if (is_same(path, &back) &&
		    (path->kind == PATH_BLOB ||
			path_is_repository_name(path->repo, path->repo_len)) &&
		    (path->kind != PATH_TAG_INDEX ||
			path_is_tag_name(path->tag, path->tag_len)))
			return 0;
	}
	return err_set(err, ERR_REFUSED,
	    "refusing to delete %s: not a name of this registry's layout",
	    out->data);
}
