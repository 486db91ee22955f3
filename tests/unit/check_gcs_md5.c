/* SPDX-License-Identifier: MIT */
/* md5: base64 of 16 bytes, in the one form there is for each. */
#include <string.h>

#include "src/base/rng.h"
#include "src/gcs/md5.h"
#include "tests/support/suite.h"

START_TEST(reads_what_servers_write)
{
	static const uint8_t want[STORAGE_MD5_SIZE] = { 0xd4, 0x1d, 0x8c, 0xd9,
		0x8f, 0x00, 0xb2, 0x04, 0xe9, 0x80, 0x09, 0x98, 0xec, 0xf8,
		0x42, 0x7e };
	uint8_t got[STORAGE_MD5_SIZE];

	/* Of no bytes at all (RFC 1321, A.5). */
	ck_assert_int_eq(gcs_md5_parse("1B2M2Y8AsgTpgAmY7PhCfg==", got), 0);
	ck_assert_mem_eq(got, want, sizeof(want));
}
END_TEST

START_TEST(refuses_all_else)
{
	static const char *const bad[] = { "", "1B2M2Y8AsgTpgAmY7PhCfg",
		"1B2M2Y8AsgTpgAmY7PhCfg=", "1B2M2Y8AsgTpgAmY7PhCfh==",
		"1B2M2Y8AsgTpgAmY7PhCf===", "1B2M2Y8AsgTpgAmY7PhCfgA=",
		"1B2M2Y8AsgTpgAmY7PhCfg==\n", " 1B2M2Y8AsgTpgAmY7PhCf==",
		"1B2M2Y8AsgTpgAmY7PhCf-==", "d41d8cd98f00b204e9800998" };
	uint8_t got[STORAGE_MD5_SIZE];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(gcs_md5_parse(bad[i], got) == -1, "%s", bad[i]);
}
END_TEST

int
main(void)
{
	return suite_run("gcs md5", reads_what_servers_write, refuses_all_else,
	    NULL);
}
