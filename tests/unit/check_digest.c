/* SPDX-License-Identifier: MIT */
/* digest: known answers, what is refused, and tokens in a sea of text. */
#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/rng.h"
#include "src/registry/digest.h"
#include "tests/support/rig.h"
#include "tests/support/suite.h"

/* FIPS 180-4 examples: of "abc" and of nothing. */
static const struct {
	unsigned alg;
	const char *text;
	const char *digest;
} known[] = {
	{ DIGEST_SHA256, "abc",
	    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61"
	    "f20015ad" },
	{ DIGEST_SHA256, "",
	    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
	    "7852b855" },
	{ DIGEST_SHA384, "abc",
	    "sha384:cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a"
	    "43ff5bed8086072ba1e7cc2358baeca134c825a7" },
	{ DIGEST_SHA512, "abc",
	    "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee6"
	    "4b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94f"
	    "a54ca49f" },
};

enum { KNOWN = sizeof(known) / sizeof(known[0]) };

START_TEST(computes_the_known_answers_and_round_trips_them)
{
	struct digest d, back;
	struct buf b;
	size_t i;

	buf_init(&b, 300);
	for (i = 0; i < KNOWN; i++) {
		digest_compute(known[i].alg, known[i].text,
		    strlen(known[i].text), &d);
		buf_clear(&b);
		digest_format(&d, &b);
		ck_assert_str_eq(b.data, known[i].digest);
		ck_assert_int_eq(digest_parse(b.data, b.len, &back), 0);
		ck_assert(digest_equal(&d, &back));
		ck_assert_uint_eq(digest_hash(&d, 7), digest_hash(&back, 7));
		buf_clear(&b);
		digest_format_hex(&d, &b);
		ck_assert_str_eq(b.data, known[i].digest + 7);
		ck_assert_uint_eq(b.len, 2 * digest_size(known[i].alg));
		ck_assert(strncmp(known[i].digest,
			      digest_alg_name(known[i].alg), 6) == 0);
	}
	buf_release(&b);
}
END_TEST

/* A table sees only the upper half of a hash. */
START_TEST(hashes_depend_on_every_byte_and_on_the_secret)
{
	struct digest a, b;
	size_t i;

	digest_compute(DIGEST_SHA256, "x", 1, &a);
	ck_assert_uint_ne(digest_hash(&a, 1) >> 32, digest_hash(&a, 2) >> 32);
	for (i = 0; i < digest_size(DIGEST_SHA256); i++) {
		b = a;
		b.raw[i] ^= 1;
		ck_assert_uint_ne(digest_hash(&a, 1) >> 32,
		    digest_hash(&b, 1) >> 32);
	}
}
END_TEST

/* Every shorter text, and every text with one character off, is refused. */
START_TEST(refuses_whatever_is_not_exactly_a_digest)
{
	static const char bad[] = "gG:/ \n\t-_AF\xff";
	struct digest d;
	char text[200];
	size_t i, k, n;

	for (i = 0; i < KNOWN; i++) {
		n = strlen(known[i].digest);
		for (k = 0; k < n; k++)
			ck_assert_int_eq(digest_parse(known[i].digest, k, &d),
			    -1);
		for (k = 0; k < n; k++) {
			memcpy(text, known[i].digest, n + 1);
			text[k] = bad[k % (sizeof(bad) - 1)];
			if (text[k] != known[i].digest[k])
				ck_assert_int_eq(digest_parse(text, n, &d), -1);
			text[k] = '\0';
			ck_assert_int_eq(digest_parse(text, n, &d), -1);
		}
		snprintf(text, sizeof(text), "%s0", known[i].digest);
		ck_assert_int_eq(digest_parse(text, n + 1, &d), -1);
		snprintf(text, sizeof(text), "%s\n", known[i].digest);
		ck_assert_int_eq(digest_parse(text, n + 1, &d), -1);
		snprintf(text, sizeof(text), " %s", known[i].digest);
		ck_assert_int_eq(digest_parse(text, n + 1, &d), -1);
	}
	ck_assert_int_eq(digest_parse("", 0, &d), -1);
	ck_assert_int_eq(digest_parse(":", 1, &d), -1);
	ck_assert_int_eq(digest_parse("sha256:", 7, &d), -1);
	ck_assert_int_eq(digest_parse("md5:d41d8cd98f00b204e9800998ecf8427e",
			     36, &d),
	    -1);
}
END_TEST

START_TEST(an_algorithm_wants_its_own_length)
{
	const char *hex = known[3].digest + 7; /* 128 digits */
	static const char *const algs[] = { "sha256", "sha384", "sha512",
		"SHA256", "sha1", "sha2566", "" };
	static const size_t right[] = { 64, 96, 128, 0, 0, 0, 0 };
	struct digest d;
	size_t i, n;

	for (i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		for (n = 0; n <= 128; n++)
			ck_assert_int_eq(digest_parse_parts(algs[i],
					     strlen(algs[i]), hex, n, &d),
			    n != 0 && n == right[i] ? 0 : -1);
	}
}
END_TEST

START_TEST(equal_means_the_same_algorithm_and_bytes)
{
	struct digest a, b;

	digest_compute(DIGEST_SHA256, "x", 1, &a);
	b = a;
	memset(b.raw + 32, 0xee, 32); /* not part of it */
	ck_assert(digest_equal(&a, &b));
	b.alg = DIGEST_SHA384;
	ck_assert(!digest_equal(&a, &b));
	b = a;
	b.raw[31] ^= 1;
	ck_assert(!digest_equal(&a, &b));
}
END_TEST

static size_t
count_tokens(const char *text, size_t n)
{
	struct digest d;
	size_t at = 0, count = 0;

	while (digest_next_token(text, n, &at, &d)) {
		ck_assert_uint_le(at, n);
		count++;
	}
	ck_assert_uint_eq(at, n);
	return count;
}

START_TEST(tokens_are_found_wherever_they_stand)
{
	char text[1024], upper[200];
	struct digest d, want;
	size_t at = 0, i, n;

	for (i = 0; i < KNOWN; i++) {
		n = strlen(known[i].digest);
		ck_assert_int_eq(digest_parse(known[i].digest, n, &want), 0);
		ck_assert_uint_eq(count_tokens(known[i].digest, n), 1);
		ck_assert_uint_eq(count_tokens(known[i].digest, n - 1), 0);
		snprintf(text, sizeof(text), "ssha256:sha%ssha256:%s%s",
		    known[i].digest, known[i].digest, known[i].digest);
		ck_assert_uint_eq(count_tokens(text, strlen(text)), 3);
		/* In capitals it is the same digest. */
		snprintf(upper, sizeof(upper), "%s", known[i].digest);
		for (at = 7; upper[at] != '\0'; at++)
			upper[at] = upper[at] >= 'a' ? (char)(upper[at] - 32)
						     : upper[at];
		at = 0;
		ck_assert(digest_next_token(upper, n, &at, &d));
		ck_assert(digest_equal(&d, &want));
		ck_assert(!digest_next_token(upper, n, &at, &d));
	}
	ck_assert_uint_eq(count_tokens("", 0), 0);
	ck_assert_uint_eq(count_tokens("sha256:sha256:sha", 17), 0);
}
END_TEST

/* Digests strewn into random bytes of the same alphabet are all found. */
START_TEST(no_token_is_lost_in_noise)
{
	static const char alphabet[] = "sha256:384512:0123456789abcdef\"\\";
	uint64_t seed;

	for (seed = 0; seed < 300; seed++) {
		struct digest put[8], d;
		struct buf text;
		struct rng r;
		size_t i, k, at = 0, found = 0;

		rng_init(&r, seed);
		buf_init(&text, 64 * 1024);
		for (i = 0; i < 8; i++) {
			for (k = rng_below(&r, 200); k > 0; k--)
				buf_addc(&text,
				    alphabet[rng_below(&r,
					sizeof(alphabet) - 1)]);
			buf_addc(&text, ' ');
			digest_compute((unsigned)rng_below(&r, 3), text.data,
			    text.len, &put[i]);
			digest_format(&put[i], &text);
		}
		while (digest_next_token(text.data, text.len, &at, &d)) {
			if (found < 8 && digest_equal(&d, &put[found]))
				found++;
		}
		ck_assert_msg(found == 8, "seed %llu: %zu of 8",
		    (unsigned long long)seed, found);
		buf_release(&text);
	}
}
END_TEST

START_TEST(the_md5_of_a_digest_is_that_of_its_text)
{
	static const char *const names[] = { "sha256", "sha384", "sha512" };
	struct digest_md5 *m = digest_md5_new();
	uint8_t got[DIGEST_MD5_SIZE], want[DIGEST_MD5_SIZE];
	struct digest d = { 0 };
	struct buf text;
	int round;

	buf_init(&text, 256);
	for (round = 0; round < 6; round++) {
		d.alg = (uint8_t)(round % 3);
		d.raw[round] = 0xab;
		buf_clear(&text);
		digest_format(&d, &text);
		ck_assert_uint_eq(text.len, digest_text_size(d.alg));
		ck_assert(text.data[6] == ':' &&
		    strncmp(text.data, names[d.alg], 6) == 0);
		rig_md5(text.data, text.len, want);
		ck_assert(digest_md5_text(m, &d, got));
		ck_assert_mem_eq(got, want, sizeof(got));
	}
	buf_release(&text);
	digest_md5_free(m);
	digest_md5_free(NULL);
}
END_TEST

int
main(void)
{
	return suite_run("digest", the_md5_of_a_digest_is_that_of_its_text,
	    hashes_depend_on_every_byte_and_on_the_secret,
	    computes_the_known_answers_and_round_trips_them,
	    refuses_whatever_is_not_exactly_a_digest,
	    an_algorithm_wants_its_own_length,
	    equal_means_the_same_algorithm_and_bytes,
	    tokens_are_found_wherever_they_stand, no_token_is_lost_in_noise,
	    NULL);
}
