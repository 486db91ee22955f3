/* SPDX-License-Identifier: MIT */
/* What all targets share. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "src/base/mem.h"

void
fuzz_broken(const char *file, int line, const char *law)
{
	fprintf(stderr, "%s:%d: broken: %s\n", file, line, law);
	abort();
}

void
fuzz_is_refusal(const struct err *err, enum err_code code)
{
	const char *c;

	LAW(err->code == code, "a refusal has the code of its kind");
	LAW(err->text[0] != '\0', "a refusal says why");
	for (c = err->text; *c != '\0'; c++)
		LAW((unsigned char)*c >= ' ' && *c != 0x7f,
		    "a refusal is one line without control characters");
}

char *
fuzz_string(const uint8_t *data, size_t n)
{
	return mem_strndup((const char *)data, n);
}
