/* SPDX-License-Identifier: MIT */
/* hash, base64, etag: published vectors. */
#include <string.h>

#include "sim/base64.h"
#include "sim/hash.h"
#include "sim/object.h"
#include "src/base/buf.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

START_TEST(crc32c_gives_the_published_values)
{
	uint8_t bytes[32] = { 0 };

	ck_assert_uint_eq(hash_crc32c("", 0), 0);
	ck_assert_uint_eq(hash_crc32c("123456789", 9), 0xe3069283);
	/* RFC 3720, appendix B.4. */
	ck_assert_uint_eq(hash_crc32c(bytes, sizeof(bytes)), 0x8a9136aa);
	memset(bytes, 0xff, sizeof(bytes));
	ck_assert_uint_eq(hash_crc32c(bytes, sizeof(bytes)), 0x62a8ab43);
}
END_TEST

START_TEST(crc32c_is_the_same_on_any_processor)
{
	uint8_t bytes[300];
	struct rng rng;
	size_t from, n;
	int seed;

	for (seed = 0; seed < 2000; seed++) {
		rng_init(&rng, (uint64_t)seed);
		rng_fill(&rng, bytes, sizeof(bytes));
		from = rng_below(&rng, 16);
		n = rng_below(&rng, sizeof(bytes) - from);
		ck_assert_uint_eq(hash_crc32c(bytes + from, n),
		    hash_crc32c_by_table(bytes + from, n));
	}
}
END_TEST

START_TEST(md5_and_sha256_give_the_published_values)
{
	uint8_t md5[HASH_MD5];
	char hex[HASH_SHA256_HEX + 1];

	hash_md5("", 0, md5);
	hash_hex(md5, sizeof(md5), hex);
	ck_assert_str_eq(hex, "d41d8cd98f00b204e9800998ecf8427e");
	hash_md5("abc", 3, md5);
	hash_hex(md5, sizeof(md5), hex);
	ck_assert_str_eq(hex, "900150983cd24fb0d6963f7d28e17f72");
	hash_sha256_hex("abc", 3, hex);
	ck_assert_str_eq(hex,
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
}
END_TEST

START_TEST(base64_gives_the_published_values)
{
	static const char *const rows[][2] = { { "", "" }, { "f", "Zg==" },
		{ "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foobar", "Zm9vYmFy" },
		{ "\xfb\xff", "+/8=" } };
	struct buf out;
	size_t i;

	buf_init(&out, 100);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&out);
		base64_add(&out, rows[i][0], strlen(rows[i][0]));
		ck_assert_str_eq(out.data, rows[i][1]);
	}
	buf_release(&out);
}
END_TEST

START_TEST(url_base64_comes_back)
{
	struct buf text, back;
	struct rng rng;
	uint8_t bytes[50];
	size_t n;
	uint64_t seed;

	buf_init(&text, 100);
	buf_init(&back, 100);
	for (seed = 1; seed <= 500; seed++) {
		rng_init(&rng, seed);
		n = (size_t)rng_below(&rng, sizeof(bytes) + 1);
		rng_fill(&rng, bytes, n);
		buf_clear(&text);
		buf_clear(&back);
		base64_url_add(&text, bytes, n);
		ck_assert_ptr_null(strpbrk(text.data, "+/="));
		ck_assert_int_eq(base64_url_parse(&back, text.data, text.len),
		    0);
		ck_assert_uint_eq(back.len, n);
		ck_assert_mem_eq(back.data, bytes, n);
	}
	buf_release(&text);
	buf_release(&back);
}
END_TEST

START_TEST(bytes_have_one_text_in_base64_alone)
{
	static const char *const rows[] = { "AA", "AAA", "_w", "__8", "AAAA" };
	static const char *const others[] = { "AB", "AAB", "_x", "__9",
		"AA=", "A" };
	struct buf back;
	size_t i;

	buf_init(&back, 100);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_int_eq(base64_url_parse(&back, rows[i],
				     strlen(rows[i])),
		    0);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		ck_assert_int_eq(base64_url_parse(&back, others[i],
				     strlen(others[i])),
		    -1);
	buf_release(&back);
}
END_TEST

START_TEST(etag_is_the_one_that_production_sent)
{
	struct buf out;

	buf_init(&out, 100);
	object_add_etag(&(struct object){ .generation = 1790696692171179,
			    .metageneration = 1 },
	    &out);
	ck_assert_str_eq(out.data, "CKuD84GRlJcDEAE=");
	buf_clear(&out);
	object_add_etag(&(struct object){ .generation = 1790738903174378,
			    .metageneration = 1 },
	    &out);
	ck_assert_str_eq(out.data, "COqZ1qGulZcDEAE=");
	buf_release(&out);
}
END_TEST

int
main(void)
{
	return suite_run("sim_hash", crc32c_gives_the_published_values,
	    crc32c_is_the_same_on_any_processor,
	    md5_and_sha256_give_the_published_values,
	    base64_gives_the_published_values, url_base64_comes_back,
	    bytes_have_one_text_in_base64_alone,
	    etag_is_the_one_that_production_sent, NULL);
}
