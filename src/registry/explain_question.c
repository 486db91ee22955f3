/* SPDX-License-Identifier: MIT */
/* From what a person typed to a node.  Whether it can mean anything is known
 * before the first request. */
#include "src/registry/explain.h"

#include <string.h>

#include "src/base/buf.h"
#include "src/base/str.h"
#include "src/registry/byname.h"
#include "src/registry/mark.h"

/* So many are named when several begin alike. */
enum { NAMED_MAX = 10 };

static bool
is_hex(const char *s)
{
	return *s != '\0' && s[strspn(s, "0123456789abcdef")] == '\0';
}

/* DIGEST_ALGS: none is called that. */
static unsigned
alg_of(const char *text, size_t n)
{
	unsigned alg = 0;

	while (alg < DIGEST_ALGS && !str_is(text, n, digest_alg_name(alg)))
		alg++;
	return alg;
}

/* "<alg>:<hex>" or "<hex>", of any length up to that of a digest. */
static bool
take_digest(const char *text, struct explain_question *q)
{
	const char *colon = strchr(text, ':');
	const char *hex = colon == NULL ? text : colon + 1;
	size_t max = DIGEST_RAW_MAX;
	unsigned alg;

	if (colon != NULL) {
		alg = alg_of(text, (size_t)(colon - text));
		if (alg == DIGEST_ALGS)
			return false;
		q->alg = (int)alg;
		max = digest_size(alg);
	}
	if (!is_hex(hex) || strlen(hex) > 2 * max)
		return false;
	q->hex = hex;
	return true;
}

int
explain_parse(const char *text, struct explain_question *q, struct err *err)
{
	const char *end;

	*q = (struct explain_question){ .text = text, .alg = -1 };
	if ((end = strchr(text, '@')) != NULL) {
		q->repo_len = (size_t)(end - text);
		if (path_is_repository_name(text, q->repo_len) &&
		    take_digest(end + 1, q))
			return 0;
	} else if (take_digest(text, q)) {
		return 0;
	} else if ((end = strrchr(text, ':')) != NULL) {
		q->repo_len = (size_t)(end - text);
		q->tag = end + 1;
		if (path_is_repository_name(text, q->repo_len) &&
		    alg_of(text, q->repo_len) == DIGEST_ALGS &&
		    path_is_tag_name(q->tag, strlen(q->tag)))
			return 0;
	}
	return err_set(err, ERR_USAGE,
	    "'%s' is no digest (such as sha256:ab12...; its first digits are "
	    "enough), nor REPOSITORY:TAG, nor REPOSITORY@DIGEST",
	    text);
}

static bool
is_in(const struct explain_question *q, const struct inventory *inv,
    uint32_t repository)
{
	const char *name = inv->repositories.v[repository].name;

	return strlen(name) == q->repo_len &&
	    memcmp(name, q->text, q->repo_len) == 0;
}

static uint32_t
find_tag(const struct explain_question *q, const struct inventory *inv)
{
	size_t i;

	for (i = 0; i < inv->tags.n; i++) {
		const struct tag *t = &inv->tags.v[i];

		if (inventory_has_tag(inv, t) && strcmp(t->name, q->tag) == 0 &&
		    is_in(q, inv, t->repository))
			return t->current;
	}
	return HMAP_NONE;
}

static bool
begins_so(const struct explain_question *q, const struct node *node)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *raw = node->digest + 1;
	size_t n = strlen(q->hex), i;

	if ((q->alg >= 0 && node->digest[0] != q->alg) ||
	    n > 2 * digest_size(node->digest[0]))
		return false;
	for (i = 0; i < n; i++) {
		unsigned half = i % 2 == 0 ? raw[i / 2] >> 4U
					   : raw[i / 2] & 15U;

		if (q->hex[i] != digits[half])
			return false;
	}
	return true;
}

struct matches {
	VEC(uint32_t) nodes;
};

/* A digest of a repository is one of its manifests. */
static void
find_digest(const struct explain_question *q, const struct inventory *inv,
    struct matches *found)
{
	size_t i;

	for (i = 0; q->repo_len == 0 && i < inv->nodes.n; i++) {
		if (begins_so(q, &inv->nodes.v[i]))
			*vec_push(&found->nodes) = (uint32_t)i;
	}
	for (i = 0; q->repo_len > 0 && i < inv->revisions.n; i++) {
		const struct revision *r = &inv->revisions.v[i];

		if (inventory_has_revision(inv, r) &&
		    is_in(q, inv, r->repository) &&
		    begins_so(q, &inv->nodes.v[r->node]))
			*vec_push(&found->nodes) = r->node;
	}
}

/* In 512 bytes of an error ten shortened digests have room, so each is told as
 * far as one could want to type it. */
static int
refuse(const struct explain_question *q, const struct inventory *inv,
    struct matches *found, struct err *err)
{
	struct digest d;
	struct buf text, hex;
	size_t n = found->nodes.n, told = n < NAMED_MAX ? n : NAMED_MAX, i;
	int digits = (int)strlen(q->hex) + 8;

	byname_nodes(inv, found->nodes.v, n);
	buf_init(&text, 512);
	buf_init(&hex, 256);
	for (i = 0; i < told; i++) {
		inventory_digest(inv, found->nodes.v[i], &d);
		buf_clear(&hex);
		digest_format_hex(&d, &hex);
		buf_addf(&text, "%s%s:%.*s", i == 0 ? "" : ", ",
		    digest_alg_name(d.alg), digits, hex.data);
	}
	err_set(err, ERR_USAGE,
	    "%zu digests here begin with %.130s: %s%s; say more of it", n,
	    q->hex, text.data, told < n ? ", ..." : "");
	buf_release(&hex);
	buf_release(&text);
	return -1;
}

int
explain_find(const struct explain_question *q, const struct mark *m,
    uint32_t *node, struct err *err)
{
	struct matches found = { { 0 } };
	int rc = 0;

	if (q->tag != NULL) {
		*node = find_tag(q, &m->inv);
		return 0;
	}
	find_digest(q, &m->inv, &found);
	*node = found.nodes.n > 0 ? found.nodes.v[0] : HMAP_NONE;
	if (found.nodes.n > 1)
		rc = refuse(q, &m->inv, &found, err);
	vec_release(&found.nodes);
	return rc;
}
