/* SPDX-License-Identifier: MIT */
/*
 * Encoding is by table and never decodes anything.  The endpoint parser takes
 * what emulator users have in STORAGE_EMULATOR_HOST and refuses every part of
 * a URL that would silently mean something else than the person thinks: user
 * names, queries, fragments, other paths, other schemes.
 */
#include "src/net/url.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "src/base/buf.h"
#include "src/base/str.h"

/* A DNS name has at most 253 characters. */
enum { HOST_MAX = 253 };

static bool
is_alnum(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

static bool
is_unreserved(unsigned char c)
{
	return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

int
url_add_encoded(struct buf *out, const char *s, size_t n)
{
	static const char hex[] = "0123456789ABCDEF";
	char chunk[192];
	size_t used = 0, i;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (is_unreserved(c)) {
			chunk[used++] = (char)c;
		} else {
			chunk[used++] = '%';
			chunk[used++] = hex[c >> 4];
			chunk[used++] = hex[c & 15];
		}
		if (used + 3 > sizeof(chunk)) {
			if (buf_add(out, chunk, used) != 0)
				return -1;
			used = 0;
		}
	}
	return buf_add(out, chunk, used);
}

static int
refuse(struct err *err, const char *text, const char *why)
{
	return err_set(err, ERR_USAGE,
	    "endpoint \"%.200s\": %s; it reads https://HOST or "
	    "http://HOST:PORT",
	    text, why);
}

/* Moves *rest behind the host.  NULL, or what is wrong. */
static const char *
take_host(const char **rest)
{
	const char *s = *rest, *end = s;

	if (*s == '[') {
		end = s + 1 + strspn(s + 1, "0123456789abcdefABCDEF:.");
		if (end == s + 1 || *end != ']')
			return "a bad IPv6 address";
		end++;
	} else {
		while (is_alnum((unsigned char)*end) || *end == '-' ||
		    *end == '.' || *end == '_')
			end++;
		if (end == s)
			return "it names no host";
	}
	if (end - s > HOST_MAX)
		return "the host's name is too long";
	*rest = end;
	return NULL;
}

/* Moves *rest behind ":PORT".  NULL, or what is wrong. */
static const char *
take_port(const char **rest)
{
	const char *s = *rest + 1, *end = s;
	char digits[6];
	uint64_t port;
	size_t n;

	if (**rest != ':')
		return "it names no port";
	end += strspn(end, "0123456789");
	n = (size_t)(end - s);
	if (n == 0 || n >= sizeof(digits))
		return "a bad port";
	memcpy(digits, s, n);
	digits[n] = '\0';
	if (str_parse_u64(digits, &port) != 0 || port == 0 || port > 65535)
		return "a bad port";
	*rest = end;
	return NULL;
}

static bool
is_api_path(const char *path)
{
	return *path == '\0' || strcmp(path, "/") == 0 ||
	    strcmp(path, "/storage/v1") == 0 ||
	    strcmp(path, "/storage/v1/") == 0;
}

/* What no endpoint may contain, wherever it stands.  NULL, or what is wrong. */
static const char *
find_stray(const char *s)
{
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s <= ' ' || *s == 0x7f)
			return "it has a space or a control character";
		if (*s == '@')
			return "user names are not taken";
		if (*s == '?')
			return "a query is not taken";
		if (*s == '#')
			return "a fragment is not taken";
	}
	return NULL;
}

int
url_parse_endpoint(const char *text, char base[URL_BASE_MAX], struct err *err)
{
	const char *rest = text, *why = find_stray(text), *host;
	bool is_https;

	if (*text == '\0')
		return refuse(err, text, "it is empty");
	if (why != NULL)
		return err_set(err, ERR_USAGE,
		    "an endpoint is refused: %s; it reads https://HOST or "
		    "http://HOST:PORT",
		    why);
	is_https = strncasecmp(rest, "https://", 8) == 0;
	if (is_https || strncasecmp(rest, "http://", 7) == 0)
		rest = strstr(rest, "://") + 3;
	else if (strstr(rest, "://") != NULL)
		return refuse(err, text,
		    "only the schemes http and https are known");
	host = rest;
	if ((why = take_host(&rest)) != NULL)
		return refuse(err, text, why);
	/* Of https the port is known; http is an emulator's, which has none
	 * that everybody knows. */
	if ((!is_https || *rest == ':') && (why = take_port(&rest)) != NULL)
		return refuse(err, text, why);
	if (!is_api_path(rest))
		return refuse(err, text,
		    "no path but /storage/v1 may follow the port");
	snprintf(base, URL_BASE_MAX, "%s://%.*s", is_https ? "https" : "http",
	    (int)(rest - host), host);
	return 0;
}

bool
url_is_https(const char *url)
{
	return strncmp(url, "https://", 8) == 0;
}

/* Behind "http://" or "https://"; NULL: it begins with neither. */
static const char *
skip_scheme(const char *url)
{
	if (url_is_https(url))
		return url + strlen("https://");
	return strncmp(url, "http://", 7) == 0 ? url + 7 : NULL;
}

const char *
url_host(const char *url, size_t *n)
{
	const char *host = skip_scheme(url), *end = host;

	if (host == NULL || take_host(&end) != NULL)
		return NULL;
	*n = (size_t)(end - host);
	if (*host == '[') {
		host++;
		*n -= 2;
	}
	return *end == ':' || *end == '/' || *end == '\0' ? host : NULL;
}

const char *
url_path(const char *url)
{
	const char *rest = skip_scheme(url), *path, *c;

	if (rest == NULL || take_host(&rest) != NULL)
		return NULL;
	if (*rest == ':' && take_port(&rest) != NULL)
		return NULL;
	path = rest;
	if (*path != '/' || path - url >= URL_BASE_MAX)
		return NULL;
	for (c = path; *c != '\0'; c++) {
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return NULL;
	}
	return path;
}
