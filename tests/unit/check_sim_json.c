/* SPDX-License-Identifier: MIT */
/* json_out: escapes, layout, and text that is not UTF-8. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/json_out.h"
#include "src/base/buf.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

static void
write_text(struct buf *out, const char *s, size_t n)
{
	struct json_out w;

	buf_clear(out);
	json_init(&w, out, false, NULL);
	json_text(&w, s, n);
}

START_TEST(pretty_is_what_production_sends)
{
	struct json_out w;
	struct buf out;

	buf_init(&out, 1000);
	json_init(&w, &out, true, NULL);
	json_open(&w, '{');
	json_key(&w, "kind");
	json_str(&w, "storage#objects");
	json_close(&w, '}');
	json_end(&w);
	ck_assert_str_eq(out.data, "{\n  \"kind\": \"storage#objects\"\n}\n");
	buf_clear(&out);
	json_init(&w, &out, true, NULL);
	json_open(&w, '{');
	json_key(&w, "a");
	json_open(&w, '[');
	json_u64(&w, 0);
	json_u64_str(&w, UINT64_MAX);
	json_close(&w, ']');
	json_key(&w, "b");
	json_open(&w, '{');
	json_close(&w, '}');
	json_close(&w, '}');
	json_end(&w);
	ck_assert_str_eq(out.data,
	    "{\n  \"a\": [\n    0,\n    \"18446744073709551615\"\n  ],\n"
	    "  \"b\": {}\n}\n");
	buf_release(&out);
}
END_TEST

START_TEST(control_characters_and_quotes_are_escaped)
{
	struct buf out;
	char all[32];
	int i;

	buf_init(&out, 1000);
	write_text(&out, "a\"b\\c\n\r\t\x01\x7f/", 11);
	ck_assert_str_eq(out.data, "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u007f/\"");
	for (i = 0; i < 32; i++)
		all[i] = (char)i;
	write_text(&out, all, sizeof(all));
	for (i = 0; i < (int)out.len; i++)
		ck_assert_int_ge(out.data[i], ' ');
	buf_release(&out);
}
END_TEST

START_TEST(utf8_passes_and_everything_else_is_replaced)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "\xc3\xa4", "\"\xc3\xa4\"" },
		{ "\xe2\x82\xac", "\"\xe2\x82\xac\"" },
		{ "\xf0\x9f\x90\xb3", "\"\xf0\x9f\x90\xb3\"" },
		{ "\xff", "\"\xef\xbf\xbd\"" },
		{ "a\xc3", "\"a\xef\xbf\xbd\"" },
		{ "\xc0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\"" }, /* overlong */
		{ "\xed\xa0\x80", /* a surrogate */
		    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xf4\x90\x80\x80", /* beyond U+10FFFF */
		    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
	};
	struct buf out;
	size_t i;

	buf_init(&out, 1000);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		write_text(&out, rows[i].in, strlen(rows[i].in));
		ck_assert_str_eq(out.data, rows[i].want);
		ck_assert_int_eq(json_is_utf8(rows[i].in, strlen(rows[i].in)),
		    i < 3);
	}
	buf_release(&out);
}
END_TEST

START_TEST(any_bytes_make_json_that_another_reader_takes)
{
	struct buf out;
	struct rng rng;
	uint64_t seed;
	char bytes[40];
	json_t *v;

	buf_init(&out, 10000);
	for (seed = 1; seed <= 3000; seed++) {
		rng_init(&rng, seed);
		rng_fill(&rng, bytes, sizeof(bytes));
		write_text(&out, bytes, 1 + rng_below(&rng, sizeof(bytes)));
		v = json_loadb(out.data, out.len,
		    JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		ck_assert_msg(v != NULL, "seed %llu", (unsigned long long)seed);
		json_decref(v);
	}
	buf_release(&out);
}
END_TEST

/* {"k": RAW}, as a client would read it. */
static void
write_raw(struct buf *out, const char *raw, bool pretty)
{
	struct json_out w;

	buf_clear(out);
	json_init(&w, out, pretty, NULL);
	json_open(&w, '{');
	json_any_key(&w, "a\"b");
	json_raw(&w, raw, strlen(raw));
	json_key(&w, "z");
	json_bool(&w, true);
	json_close(&w, '}');
}

START_TEST(raw_json_is_laid_out_like_all_else)
{
	static const struct {
		const char *raw, *pretty;
	} rows[] = {
		{ "{}", "{}" },
		{ "[]", "[]" },
		{ "\"a:{,\\\"}\"", "\"a:{,\\\"}\"" },
		{ "{\"a\":{\"b\":[1,{}]},\"c\":\"x\"}",
		    "{\n    \"a\": {\n      \"b\": [\n        1,\n        {}\n"
		    "      ]\n    },\n    \"c\": \"x\"\n  }" },
	};
	char deep[201], want[400];
	struct buf out;
	size_t i;

	buf_init(&out, 1 << 20);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		write_raw(&out, rows[i].raw, false);
		snprintf(want, sizeof(want), "{\"a\\\"b\":%s,\"z\":true}",
		    rows[i].raw);
		ck_assert_str_eq(out.data, want);
		write_raw(&out, rows[i].raw, true);
		snprintf(want, sizeof(want),
		    "{\n  \"a\\\"b\": %s,\n  \"z\": true\n}", rows[i].pretty);
		ck_assert_str_eq(out.data, want);
	}
	memset(deep, '[', 100);
	memset(deep + 100, ']', 100);
	deep[200] = '\0';
	write_raw(&out, deep, true);
	write_raw(&out, deep, false);
	ck_assert_uint_eq(out.len, strlen("{\"a\\\"b\":,\"z\":true}") + 200);
	buf_release(&out);
}
END_TEST

int
main(void)
{
	return suite_run("sim_json", pretty_is_what_production_sends,
	    control_characters_and_quotes_are_escaped,
	    utf8_passes_and_everything_else_is_replaced,
	    any_bytes_make_json_that_another_reader_takes,
	    raw_json_is_laid_out_like_all_else, NULL);
}
