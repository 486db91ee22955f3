/* SPDX-License-Identifier: MIT */
/* url: every byte encodes to something safe, and endpoints mean one thing. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/rng.h"
#include "src/net/url.h"
#include "tests/support/suite.h"

/* An independent reading of RFC 3986, section 2.1. */
static void
decode(struct buf *out, const char *s)
{
	char hex[3] = "";

	for (; *s != '\0'; s++) {
		if (*s != '%') {
			buf_addc(out, *s);
			continue;
		}
		ck_assert(isxdigit((unsigned char)s[1]));
		ck_assert(isxdigit((unsigned char)s[2]));
		memcpy(hex, s + 1, 2);
		buf_addc(out, (char)strtoul(hex, NULL, 16));
		s += 2;
	}
}

static void
check_round_trip(const char *s, size_t n)
{
	struct buf coded, plain;

	buf_init(&coded, 3 * n);
	buf_init(&plain, n);
	ck_assert_int_eq(url_add_encoded(&coded, s, n), 0);
	ck_assert_uint_eq(strspn(coded.data,
			      "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%"),
	    coded.len);
	decode(&plain, coded.data);
	ck_assert_uint_eq(plain.len, n);
	ck_assert_mem_eq(plain.data, s, n);
	buf_release(&coded);
	buf_release(&plain);
}

START_TEST(encodes_all_256_bytes_and_back)
{
	char all[256];
	size_t i;

	for (i = 0; i < sizeof(all); i++) {
		all[i] = (char)i;
		check_round_trip(&all[i], 1);
	}
	check_round_trip(all, sizeof(all));
	check_round_trip("", 0);
}
END_TEST

START_TEST(encodes_only_what_is_reserved)
{
	struct buf b;

	buf_init(&b, 100);
	url_add_encoded(&b, "a/b c+d%2F?#~._-", 16);
	ck_assert_str_eq(b.data, "a%2Fb%20c%2Bd%252F%3F%23~._-");
	buf_clear(&b);
	url_add_encoded(&b, "\xc3\xa9\x00z", 4);
	ck_assert_str_eq(b.data, "%C3%A9%00z");
	buf_release(&b);
}
END_TEST

START_TEST(encodes_names_of_any_length_and_stops_when_full)
{
	char name[1024];
	struct buf b;
	struct rng rng;
	size_t n;

	rng_init(&rng, 1);
	for (n = 0; n <= sizeof(name); n++) {
		rng_fill(&rng, name, n);
		check_round_trip(name, n);
	}
	memset(name, '/', sizeof(name));
	buf_init(&b, 3 * sizeof(name) - 1);
	ck_assert_int_eq(url_add_encoded(&b, name, sizeof(name)), -1);
	ck_assert(b.full);
	buf_release(&b);
}
END_TEST

START_TEST(takes_an_endpoint_in_every_usual_spelling)
{
	static const struct {
		const char *text, *base;
	} cases[] = {
		{ "http://127.0.0.1:4443", "http://127.0.0.1:4443" },
		{ "http://127.0.0.1:4443/", "http://127.0.0.1:4443" },
		{ "http://127.0.0.1:4443/storage/v1", "http://127.0.0.1:4443" },
		{ "http://127.0.0.1:1/storage/v1/", "http://127.0.0.1:1" },
		{ "HTTP://localhost:65535", "http://localhost:65535" },
		{ "localhost:9023", "http://localhost:9023" },
		{ "fake-gcs_1.test:80/", "http://fake-gcs_1.test:80" },
		{ "[::1]:4443", "http://[::1]:4443" },
		{ "http://[fe80::1]:4443/storage/v1", "http://[fe80::1]:4443" },
		{ "https://storage.googleapis.com",
		    "https://storage.googleapis.com" },
		{ "HTTPS://h.test/storage/v1/", "https://h.test" },
		{ "https://127.0.0.1:4443/", "https://127.0.0.1:4443" },
		{ "https://[::1]", "https://[::1]" },
	};
	char base[URL_BASE_MAX];
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_int_eq(url_parse_endpoint(cases[i].text, base, &err),
		    0);
		ck_assert_str_eq(base, cases[i].base);
	}
}
END_TEST

START_TEST(refuses_every_other_endpoint_and_says_why)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "empty" },
		{ "https://", "no host" },
		{ "https://:443", "no host" },
		{ "https://h:", "bad port" },
		{ "https://h:0", "bad port" },
		{ "https://h/b", "no path" },
		{ "https:///storage/v1", "no host" },
		{ "https://https://h", "bad port" },
		{ "https://h\\@g", "user names" },
		{ "ftp://127.0.0.1:21", "only the schemes http and https" },
		{ "http://", "no host" },
		{ "http://:80", "no host" },
		{ "http://127.0.0.1", "no port" },
		{ "127.0.0.1", "no port" },
		{ "http://127.0.0.1/", "no port" },
		{ "http://127.0.0.1:", "bad port" },
		{ "http://127.0.0.1:0", "bad port" },
		{ "http://127.0.0.1:65536", "bad port" },
		{ "http://127.0.0.1:000080", "bad port" },
		{ "http://127.0.0.1:-1", "bad port" },
		{ "http://127.0.0.1:80x", "no path" },
		{ "http://127.0.0.1:80/storage/v2", "no path" },
		{ "http://127.0.0.1:80/storage/v1//", "no path" },
		{ "http://127.0.0.1:80/../", "no path" },
		{ "http://[::1:80", "IPv6" },
		{ "http://[]:80", "IPv6" },
		{ "http://me:secret@127.0.0.1:80", "user names" },
		{ "http://127.0.0.1:80?a=b", "query" },
		{ "http://127.0.0.1:80/#x", "fragment" },
		{ "http://127.0.0.1:80\r\nX: y", "control" },
		{ "http://127.0.0.1:80\n", "control" },
		{ " http://127.0.0.1:80", "space" },
		{ "http://a%2e:80", "no port" },
		{ "http://h\xc3\xb6st:80", "no port" },
	};
	char base[URL_BASE_MAX];
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		err_clear(&err);
		ck_assert_int_eq(url_parse_endpoint(cases[i].text, base, &err),
		    -1);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_msg(strstr(err.text, cases[i].why) != NULL,
		    "\"%s\": %s", cases[i].text, err.text);
		ck_assert_ptr_null(strpbrk(err.text, "\r\n"));
		ck_assert_ptr_null(strstr(err.text, "secret"));
	}
}
END_TEST

START_TEST(a_host_name_may_be_long_but_not_endless)
{
	char text[600], base[URL_BASE_MAX];
	struct err err = ERR_INIT;

	memset(text, 'h', sizeof(text));
	strcpy(text + 253, ":65535");
	ck_assert_int_eq(url_parse_endpoint(text, base, &err), 0);
	ck_assert_uint_eq(strlen(base), 7 + 253 + 6);
	memset(text, 'h', sizeof(text));
	strcpy(text + 254, ":1");
	ck_assert_int_eq(url_parse_endpoint(text, base, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "too long"));
}
END_TEST

START_TEST(a_url_has_one_host_or_none)
{
	static const struct {
		const char *url, *host, *path; /* NULL: it has none */
		bool is_https;
	} cases[] = {
		{ "https://h.test/a?b=c", "h.test", "/a?b=c", true },
		{ "https://h.test:8443/", "h.test", "/", true },
		{ "http://[::1]:80/%2F", "::1", "/%2F", false },
		{ "https://h.test", "h.test", NULL, true },
		{ "https://h.test:0/x", "h.test", NULL, true },
		{ "https://h.test/a b", "h.test", NULL, true },
		{ "https://h.test/\r\nX: y", "h.test", NULL, true },
		{ "https://evil.test?.h.test/", NULL, NULL, true },
		{ "https://evil.test#.h.test/", NULL, NULL, true },
		{ "https://h.test@evil.test/", NULL, NULL, true },
		{ "https://evil.test\\.h.test/", NULL, NULL, true },
		{ "https://evil.test%2f.h.test/", NULL, NULL, true },
		{ "https:///x", NULL, NULL, true },
		{ "HTTPS://h.test/", NULL, NULL, false },
		{ "ftp://h.test/", NULL, NULL, false },
		{ "/x", NULL, NULL, false },
		{ "", NULL, NULL, false },
	};
	const char *host;
	size_t i, n;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_int_eq(url_is_https(cases[i].url), cases[i].is_https);
		ck_assert_pstr_eq(url_path(cases[i].url), cases[i].path);
		host = url_host(cases[i].url, &n);
		ck_assert_int_eq(host == NULL, cases[i].host == NULL);
		if (host == NULL)
			continue;
		ck_assert_uint_eq(n, strlen(cases[i].host));
		ck_assert_mem_eq(host, cases[i].host, n);
	}
}
END_TEST

int
main(void)
{
	return suite_run("net url", encodes_all_256_bytes_and_back,
	    encodes_only_what_is_reserved,
	    encodes_names_of_any_length_and_stops_when_full,
	    takes_an_endpoint_in_every_usual_spelling,
	    refuses_every_other_endpoint_and_says_why,
	    a_host_name_may_be_long_but_not_endless, a_url_has_one_host_or_none,
	    NULL);
}
