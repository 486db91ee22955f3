/* SPDX-License-Identifier: MIT */
/* What all targets share. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	LAW(err->code == code, "a refusal has the code of its kind");
	fuzz_is_reason(err->text);
}

void
fuzz_is_reason(const char *text)
{
	const char *c;

	LAW(text[0] != '\0', "a refusal says why");
	for (c = text; *c != '\0'; c++)
		LAW((unsigned char)*c >= ' ' && *c != 0x7f,
		    "a refusal is one line without control characters");
}

char *
fuzz_string(const uint8_t *data, size_t n)
{
	return mem_strndup((const char *)data, n);
}

char *
fuzz_first_line(const uint8_t *data, size_t n, const char **rest,
    size_t *n_rest)
{
	const uint8_t *end = n > 0 ? memchr(data, '\n', n) : NULL;

	if (end == NULL)
		return NULL;
	*rest = (const char *)end + 1;
	*n_rest = n - (size_t)(end + 1 - data);
	return fuzz_string(data, (size_t)(end - data));
}
