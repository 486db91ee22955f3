/* SPDX-License-Identifier: MIT */
/* The only file of gcsweep that knows how output is shaped in general. */
#include "src/cli/output.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "src/base/mem.h"

void
output_error(const struct err *err, bool is_json)
{
	output_error_as(err, status_of(err->code), is_json);
}

void
output_error_as(const struct err *err, enum status status, bool is_json)
{
	fflush(stdout);
	fputs("gcsweep: ", stderr);
	output_name(stderr, err->text);
	fputc('\n', stderr);
	if (is_json)
		output_json(json_pack("{s:s, s:i, s:o, s:i}", "type", "error",
		    "schema", 1, "message", output_string(err->text), "status",
		    (int)status));
}

void
output_warning(const char *text)
{
	fputs("gcsweep: warning: ", stderr);
	output_name(stderr, text);
	fputc('\n', stderr);
}

void
output_json(json_t *object)
{
	/* Twelve digits hold microseconds of any run, and 0.42 stays 0.42. */
	char *line = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(12));

	assert(line != NULL);
	puts(line);
	free(line);
	json_decref(object);
}

json_t *
output_string(const char *s)
{
	json_t *string = json_string(s);
	char *copy, *c;

	if (string != NULL)
		return string;
	copy = mem_strdup(s);
	for (c = copy; *c != '\0'; c++) {
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	}
	string = json_string(copy);
	free(copy);
	return string;
}

json_t *
output_number(uint64_t n)
{
	return json_sprintf("%" PRIu64, n);
}

/* How many bytes at s are one control character: of ASCII, or U+0080 to U+009F,
 * to which terminals listen too (U+009B is ESC and a bracket in one). */
static int
count_control(const unsigned char *s)
{
	if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0)
		return 2;
	return s[0] < 0x20 || s[0] == 0x7f ? 1 : 0;
}

void
output_name(FILE *to, const char *s)
{
	int controls = 0;

	for (; *s != '\0'; s++) {
		if (controls == 0)
			controls = count_control((const unsigned char *)s);
		if (controls == 0) {
			fputc(*s, to);
			continue;
		}
		fprintf(to, "\\x%02x", (unsigned char)*s);
		controls--;
	}
}

enum status
output_flush(void)
{
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("gcsweep: standard output");
		return STATUS_FAILED;
	}
	return STATUS_OK;
}

const char *
output_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}
