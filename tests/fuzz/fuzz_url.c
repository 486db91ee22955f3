/* SPDX-License-Identifier: MIT */
/* url: what is encoded decodes to the same bytes, and an endpoint that is
 * taken is HOST:PORT and nothing else. */
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/net/url.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "url";

#define PORT "[0-9]{1,5}"
#define HOST "([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])"

static bool
is_unreserved(char c)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-._~";

	return c != '\0' && strchr(plain, c) != NULL;
}

/* Decodes in the plainest way; checks the alphabet as it goes. */
static void
decode(const char *s, struct buf *out)
{
	unsigned byte;
	int used;

	while (*s != '\0') {
		if (*s != '%') {
			LAW(is_unreserved(*s), "what is special is encoded");
			buf_addc(out, *s++);
			continue;
		}
		used = 0;
		LAW(sscanf(s, "%%%2x%n", &byte, &used) == 1 && used == 3,
		    "an escape is % and two digits");
		LAW(!is_unreserved((char)byte), "what is plain stays plain");
		buf_addc(out, (char)byte);
		s += 3;
	}
}

static void
check_encoding(const char *data, size_t n)
{
	struct buf encoded, decoded, small;

	buf_init(&encoded, 3 * n + 1);
	buf_init(&decoded, n + 1);
	LAW(url_add_encoded(&encoded, data, n) == 0, "3n bytes are enough");
	decode(encoded.data, &decoded);
	LAW(decoded.len == n && (n == 0 || memcmp(decoded.data, data, n) == 0),
	    "what is encoded decodes to the same bytes");
	if (encoded.len > 0) {
		buf_init(&small, encoded.len - 1);
		LAW(url_add_encoded(&small, data, n) == -1,
		    "what does not fit is told");
		buf_release(&small);
	}
	buf_release(&encoded);
	buf_release(&decoded);
}

static bool
is_base(const char *base)
{
	static regex_t re;
	static bool is_compiled;

	if (!is_compiled) {
		LAW(regcomp(&re,
			"^(http://" HOST ":" PORT "|https://" HOST "(:" PORT
			")?)$",
			REG_EXTENDED | REG_NOSUB) == 0,
		    "the pattern compiles");
		is_compiled = true;
	}
	return regexec(&re, base, 0, NULL, 0) == 0;
}

static void
check_base(const char *text, const char *base)
{
	static const char *const tails[] = { "", "/", "/storage/v1",
		"/storage/v1/" };
	char again[URL_BASE_MAX], longer[URL_BASE_MAX + 32];
	struct err err = ERR_INIT;
	const char *typed = strstr(base, "://") + strlen("://"), *host, *port;
	size_t i, n;

	LAW(is_base(base), "a base is http://HOST:PORT or https://HOST[:PORT]");
	host = url_host(base, &n);
	LAW(host != NULL && n > 0 && host + n <= base + strlen(base),
	    "a base has a host");
	port = strrchr(host + n, ':');
	LAW(port == NULL || (atol(port + 1) >= 1 && atol(port + 1) <= 65535),
	    "a port is one");
	LAW(strstr(text, typed) != NULL, "host and port are what was typed");
	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		snprintf(longer, sizeof(longer), "%s%s", base, tails[i]);
		LAW(url_parse_endpoint(longer, again, &err) == 0 &&
			strcmp(base, again) == 0,
		    "a base is the base of itself");
		LAW(url_is_https(base) ||
			(url_parse_endpoint(strstr(longer, "://") + 3, again,
			     &err) == 0 &&
			    strcmp(base, again) == 0),
		    "the scheme http may be left out");
		LAW((url_path(longer) != NULL) == (*tails[i] != '\0'),
		    "what follows a base is a path");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char base[URL_BASE_MAX], *text = fuzz_string(data, n);
	struct err err = ERR_INIT;

	check_encoding((const char *)data, n);
	if (url_parse_endpoint(text, base, &err) == 0)
		check_base(text, base);
	else
		fuzz_is_refusal(&err, ERR_USAGE);
	free(text);
	return 0;
}
