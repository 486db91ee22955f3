/* SPDX-License-Identifier: MIT */
/*
 * md5 and sha256 come from OpenSSL, which has its home in the simulator here
 * and nowhere else.  crc32c (Castagnoli, reflected) is an instruction of most
 * processors; for the others it goes by half bytes over a table of 16 words.
 */
#include "sim/hash.h"

#include <openssl/evp.h>
#include <string.h>

void
hash_md5(const void *data, size_t n, uint8_t out[HASH_MD5])
{
	EVP_Digest(data, n, out, NULL, EVP_md5(), NULL);
}

#ifdef __x86_64__
/* Eight bytes a time. */
__attribute__((target("sse4.2"))) static uint32_t
crc_by_instruction(uint32_t crc, const uint8_t *p, size_t n)
{
	uint64_t word, wide = crc;

	for (; n >= sizeof(word); n -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		wide = __builtin_ia32_crc32di(wide, word);
	}
	crc = (uint32_t)wide;
	for (; n > 0; n--)
		crc = __builtin_ia32_crc32qi(crc, *p++);
	return crc;
}
#endif

uint32_t
hash_crc32c_by_table(const void *data, size_t n)
{
	static const uint32_t table[16] = { 0x00000000, 0x105ec76f, 0x20bd8ede,
		0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
		0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4,
		0xd3d3e1ab, 0xe330a81a, 0xf36e6f75 };
	const uint8_t *p = data;
	uint32_t crc = UINT32_MAX;

	for (; n > 0; n--) {
		crc ^= *p++;
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

uint32_t
hash_crc32c(const void *data, size_t n)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("sse4.2"))
		return ~crc_by_instruction(UINT32_MAX, data, n);
#endif
	return hash_crc32c_by_table(data, n);
}

void
hash_hex(const uint8_t *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < n; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * n] = '\0';
}

void
hash_sha256_hex(const void *data, size_t n, char out[HASH_SHA256_HEX + 1])
{
	uint8_t digest[HASH_SHA256_HEX / 2];

	EVP_Digest(data, n, digest, NULL, EVP_sha256(), NULL);
	hash_hex(digest, sizeof(digest), out);
}
