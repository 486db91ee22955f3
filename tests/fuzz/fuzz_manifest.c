/* SPDX-License-Identifier: MIT */
/*
 * manifest: the law of the superset.  Whatever looks like a digest in the
 * bytes is among the names, whether the bytes are a manifest or not, and
 * however the JSON spells it.
 */
#include <string.h>

#include "src/base/buf.h"
#include "src/registry/manifest.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "manifest";

static const char *const algs[] = { "sha256:", "sha384:", "sha512:" };
static const size_t hex_lengths[] = { 64, 96, 128 };

static int
hex_value(uint8_t c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c != 0 ? strchr(digits, c) : NULL;

	return at != NULL ? (int)((at - digits) % 16) : -1;
}

/* Reads a token that begins just here, in either case: this oracle's own
 * reading, which shares nothing with the code's. */
static bool
read_token(const uint8_t *data, size_t n, struct digest *out)
{
	size_t alg, i;

	for (alg = 0; alg < 3; alg++) {
		if (n < 7 + hex_lengths[alg] || memcmp(data, algs[alg], 7) != 0)
			continue;
		memset(out, 0, sizeof(*out));
		out->alg = (uint8_t)alg;
		for (i = 0; i < hex_lengths[alg]; i++) {
			int v = hex_value(data[7 + i]);

			if (v < 0)
				return false;
			out->raw[i / 2] = (uint8_t)(out->raw[i / 2] << 4 | v);
		}
		return true;
	}
	return false;
}

static bool
has(const struct digest *v, size_t n, const struct digest *d)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (digest_equal(&v[i], d))
			return true;
	}
	return false;
}

static void
check_tokens(const struct manifest *m, const uint8_t *data, size_t n)
{
	struct digest d;
	size_t i;

	for (i = 0; i < n; i++) {
		if (data[i] == 's' && read_token(data + i, n - i, &d))
			LAW(has(m->names.v, m->names.n, &d),
			    "every digest in the bytes is a name");
	}
}

static void
check_structure(const struct manifest *m, size_t n)
{
	size_t i;

	LAW(m->names.n <= n / 71, "no name comes from nothing");
	for (i = 0; i < m->children.n; i++)
		LAW(has(m->names.v, m->names.n, &m->children.v[i]),
		    "every child is a name");
	if (m->has_subject)
		LAW(has(m->names.v, m->names.n, &m->subject),
		    "the subject is a name");
}

/* The same JSON with every letter s of a digest as an escape. */
static void
check_escaped(const struct manifest *m, const uint8_t *data, size_t n)
{
	struct err err = ERR_INIT;
	struct manifest escaped;
	struct buf text;
	size_t i;

	buf_init(&text, 6 * n + 1);
	for (i = 0; i < n; i++) {
		if (n - i >= 3 && memcmp(data + i, "sha", 3) == 0)
			buf_adds(&text, "\\u0073");
		else
			buf_addc(&text, (char)data[i]);
	}
	manifest_init(&escaped);
	LAW(manifest_parse(&escaped, text.data, text.len, &err) == 0,
	    "escapes do not break a manifest");
	LAW(escaped.kind == m->kind, "escapes do not change the kind");
	for (i = 0; i < m->names.n; i++)
		LAW(has(escaped.names.v, escaped.names.n, &m->names.v[i]),
		    "escapes hide no name");
	manifest_release(&escaped);
	buf_release(&text);
}

static void
check_again(const struct manifest *m, const char *text, size_t n, int want)
{
	struct err err = ERR_INIT;
	struct manifest again;
	size_t i;
	int rc;

	manifest_init(&again);
	rc = manifest_parse(&again, text, n, &err);
	LAW(rc == want && again.kind == m->kind &&
		again.names.n == m->names.n &&
		again.children.n == m->children.n &&
		again.has_subject == m->has_subject,
	    "the same bytes are the same manifest");
	for (i = 0; i < m->names.n; i++)
		LAW(digest_equal(&again.names.v[i], &m->names.v[i]),
		    "the same bytes have the same names");
	manifest_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err err = ERR_INIT;
	struct manifest m;
	int rc;

	manifest_init(&m);
	rc = manifest_parse(&m, (const char *)data, n, &err);
	check_tokens(&m, data, n);
	check_structure(&m, n);
	check_again(&m, (const char *)data, n, rc);
	if (rc == 0)
		check_escaped(&m, data, n);
	else
		fuzz_is_refusal(&err, ERR_CORRUPT);
	manifest_release(&m);
	return 0;
}
