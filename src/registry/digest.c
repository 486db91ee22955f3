/* SPDX-License-Identifier: MIT */
/* Digests are kept raw: half the memory of hex. */
#include "src/registry/digest.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/rng.h"
#include "src/base/str.h"

static const struct {
	const char *name;
	size_t size;
} algs[DIGEST_ALGS] = {
	[DIGEST_SHA256] = { "sha256", 32 },
	[DIGEST_SHA384] = { "sha384", 48 },
	[DIGEST_SHA512] = { "sha512", 64 },
};

size_t
digest_size(unsigned alg)
{
	return algs[alg].size;
}

size_t
digest_text_size(unsigned alg)
{
	return strlen(algs[alg].name) + 1 + 2 * algs[alg].size;
}

const char *
digest_alg_name(unsigned alg)
{
	return algs[alg].name;
}

/* One more than the value of a hex digit, 0 for anything else. */
static const uint8_t hex_value[256] = {
	['0'] = 1,
	['1'] = 2,
	['2'] = 3,
	['3'] = 4,
	['4'] = 5,
	['5'] = 6,
	['6'] = 7,
	['7'] = 8,
	['8'] = 9,
	['9'] = 10,
	['a'] = 11,
	['b'] = 12,
	['c'] = 13,
	['d'] = 14,
	['e'] = 15,
	['f'] = 16,
	['A'] = 11,
	['B'] = 12,
	['C'] = 13,
	['D'] = 14,
	['E'] = 15,
	['F'] = 16,
};

static bool
read_hex(const char *hex, size_t raw_size, uint8_t *raw)
{
	size_t i;

	for (i = 0; i < raw_size; i++) {
		unsigned high = hex_value[(uint8_t)hex[2 * i]];
		unsigned low = hex_value[(uint8_t)hex[2 * i + 1]];

		if (high == 0 || low == 0)
			return false;
		raw[i] = (uint8_t)((high - 1) << 4 | (low - 1));
	}
	return true;
}

static bool
has_upper(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] >= 'A' && s[i] <= 'F')
			return true;
	}
	return false;
}

int
digest_parse_parts(const char *alg, size_t alg_len, const char *hex,
    size_t hex_len, struct digest *out)
{
	unsigned i;

	for (i = 0; i < DIGEST_ALGS; i++) {
		if (!str_is(alg, alg_len, algs[i].name))
			continue;
		if (hex_len != 2 * algs[i].size || has_upper(hex, hex_len) ||
		    !read_hex(hex, algs[i].size, out->raw))
			return -1;
		out->alg = (uint8_t)i;
		return 0;
	}
	return -1;
}

int
digest_parse(const char *text, size_t n, struct digest *out)
{
	const char *colon = memchr(text, ':', n);
	size_t alg_len;

	if (colon == NULL)
		return -1;
	alg_len = (size_t)(colon - text);
	return digest_parse_parts(text, alg_len, colon + 1, n - alg_len - 1,
	    out);
}

/* Answers how many characters. */
static size_t
write_hex(const struct digest *d, char *hex)
{
	static const char digits[] = "0123456789abcdef";
	size_t i, n = algs[d->alg].size;

	for (i = 0; i < n; i++) {
		hex[2 * i] = digits[d->raw[i] >> 4];
		hex[2 * i + 1] = digits[d->raw[i] & 15];
	}
	return 2 * n;
}

void
digest_format_hex(const struct digest *d, struct buf *out)
{
	char hex[2 * DIGEST_RAW_MAX];

	buf_add(out, hex, write_hex(d, hex));
}

void
digest_format(const struct digest *d, struct buf *out)
{
	buf_adds(out, algs[d->alg].name);
	buf_addc(out, ':');
	digest_format_hex(d, out);
}

bool
digest_equal(const struct digest *a, const struct digest *b)
{
	return a->alg == b->alg &&
	    memcmp(a->raw, b->raw, algs[a->alg].size) == 0;
}

uint64_t
digest_hash(const struct digest *d, uint64_t secret)
{
	return rng_hash(d->raw, algs[d->alg].size, secret + d->alg);
}

void
digest_compute(unsigned alg, const void *data, size_t n, struct digest *out)
{
	const EVP_MD *md[DIGEST_ALGS] = { EVP_sha256(), EVP_sha384(),
		EVP_sha512() };
	int ok;

	out->alg = (uint8_t)alg;
	ok = EVP_Digest(data, n, out->raw, NULL, md[alg], NULL);
	assert(ok == 1);
	(void)ok;
}

/* --- MD5 --- */

/* md NULL: the library has none. */
struct digest_md5 {
	EVP_MD *md;
	EVP_MD_CTX *ctx;
};

struct digest_md5 *
digest_md5_new(void)
{
	struct digest_md5 *m = mem_zalloc(1, sizeof(*m));

	ERR_set_mark();
	m->md = EVP_MD_fetch(NULL, "MD5", NULL);
	ERR_pop_to_mark();
	m->ctx = mem_checked(EVP_MD_CTX_new(), 1);
	return m;
}

void
digest_md5_free(struct digest_md5 *m)
{
	if (m == NULL)
		return;
	EVP_MD_CTX_free(m->ctx);
	EVP_MD_free(m->md);
	free(m);
}

bool
digest_md5_text(struct digest_md5 *m, const struct digest *d,
    uint8_t out[DIGEST_MD5_SIZE])
{
	char text[DIGEST_TEXT_MAX];
	size_t n = strlen(algs[d->alg].name);

	memcpy(text, algs[d->alg].name, n);
	text[n++] = ':';
	n += write_hex(d, text + n);
	return m->md != NULL && EVP_DigestInit_ex2(m->ctx, m->md, NULL) == 1 &&
	    EVP_DigestUpdate(m->ctx, text, n) == 1 &&
	    EVP_DigestFinal_ex(m->ctx, out, NULL) == 1;
}

bool
digest_next_token(const char *text, size_t n, size_t *at, struct digest *out)
{
	size_t i;
	unsigned alg;

	for (i = *at; i < n; i++) {
		if (text[i] != 's')
			continue;
		for (alg = 0; alg < DIGEST_ALGS; alg++) {
			size_t name = strlen(algs[alg].name);
			size_t hex = 2 * algs[alg].size;

			if (n - i < name + 1 + hex ||
			    memcmp(text + i, algs[alg].name, name) != 0 ||
			    text[i + name] != ':' ||
			    !read_hex(text + i + name + 1, algs[alg].size,
				out->raw))
				continue;
			out->alg = (uint8_t)alg;
			*at = i + name + 1 + hex;
			return true;
		}
	}
	*at = n;
	return false;
}
