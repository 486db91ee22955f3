/* SPDX-License-Identifier: MIT */
/* Errors are values; see err.h for who sets, who wraps and who prints. */
#include "src/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Texts quote what people typed and what servers said: a line break in one
 * would make two lines of it, an escape sequence would speak to the terminal. */
static void
show_controls(char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
	}
}

int
err_set(struct err *err, enum err_code code, const char *format, ...)
{
	va_list ap;

	err->code = code;
	va_start(ap, format);
	vsnprintf(err->text, sizeof(err->text), format, ap);
	va_end(ap);
	show_controls(err->text);
	return -1;
}

int
err_wrap(struct err *err, const char *format, ...)
{
	char inner[sizeof(err->text)];
	size_t n;
	va_list ap;

	memcpy(inner, err->text, sizeof(inner));
	va_start(ap, format);
	vsnprintf(err->text, sizeof(err->text), format, ap);
	va_end(ap);
	n = strlen(err->text);
	snprintf(err->text + n, sizeof(err->text) - n, ": %s", inner);
	show_controls(err->text);
	return -1;
}

void
err_clear(struct err *err)
{
	err->code = ERR_NONE;
	err->text[0] = '\0';
}
