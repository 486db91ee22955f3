/* SPDX-License-Identifier: MIT */
/* page: a listing is believed only if nothing in it is odd. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/rng.h"
#include "src/gcs/page.h"
#include "src/storage/storage.h"
#include "tests/support/suite.h"

static int
parse(struct storage_op *op, const char *text, const char *prefix,
    const char *token, struct err *err)
{
	struct gcs_listing asked = { "demo", prefix, token, "", "" };

	storage_ask_list(op, prefix, token);
	return gcs_page_parse(text, strlen(text), &asked, &op->page, err);
}

START_TEST(reads_names_numbers_and_the_next_token)
{
	static const char text[] =
	    "{\"kind\":\"storage#objects\",\"nextPageToken\":\"CgNhL2I=\","
	    "\"items\":[{\"name\":\"a/b\",\"generation\":\"1790738903174378\","
	    "\"size\":\"8\",\"timeCreated\":\"2026-09-30T03:28:23.182Z\","
	    "\"metadata\":{\"x\":[1,2]}},"
	    "{\"name\":\"a/\\u00e9\",\"generation\":\"18446744073709551615\","
	    "\"size\":\"0\"}],\"prefixes\":[]}\n";
	struct storage_op op;
	struct err err = ERR_INIT;

	storage_op_init(&op);
	ck_assert_int_eq(parse(&op, text, "a/", "", &err), 0);
	ck_assert_uint_eq(op.page.objects.n, 2);
	ck_assert_str_eq(op.page.objects.v[0].name, "a/b");
	ck_assert_uint_eq(op.page.objects.v[0].generation, 1790738903174378);
	ck_assert_uint_eq(op.page.objects.v[0].size, 8);
	ck_assert_uint_eq(op.page.objects.v[0].created_us, 1790738903182000);
	ck_assert_str_eq(op.page.objects.v[1].name, "a/\xc3\xa9");
	ck_assert_uint_eq(op.page.objects.v[1].generation, UINT64_MAX);
	ck_assert_uint_eq(op.page.objects.v[1].created_us, 0);
	ck_assert_str_eq(op.page.next.data, "CgNhL2I=");
	storage_op_release(&op);
}
END_TEST

START_TEST(a_page_may_be_empty_and_still_go_on)
{
	struct storage_op op;
	struct err err = ERR_INIT;

	storage_op_init(&op);
	ck_assert_int_eq(parse(&op, "{\n  \"kind\": \"storage#objects\"\n}\n",
			     "", "", &err),
	    0);
	ck_assert_uint_eq(op.page.objects.n, 0);
	ck_assert_uint_eq(op.page.next.len, 0);
	ck_assert_int_eq(parse(&op, "{}", "", "", &err), 0);
	ck_assert_int_eq(parse(&op, "{\"items\":[],\"nextPageToken\":\"t\"}",
			     "", "s", &err),
	    0);
	ck_assert_str_eq(op.page.next.data, "t");
	ck_assert_int_eq(parse(&op, "{\"nextPageToken\":\"\"}", "", "", &err),
	    0);
	ck_assert_uint_eq(op.page.next.len, 0);
	storage_op_release(&op);
}
END_TEST

#define ITEM(name, generation, size) \
	"{\"name\":" name ",\"generation\":" generation ",\"size\":" size "}"
#define GOOD(name) ITEM("\"" name "\"", "\"1\"", "\"1\"")

static const struct {
	const char *text, *why;
} odd_pages[] = {
	{ "", "not JSON" },
	{ "<html>", "not JSON" },
	{ "{\"items\":[" GOOD("a/1") "]", "not JSON" },
	{ "{\"items\":[" GOOD("a/1"), "not JSON" },
	{ "{} {}", "not JSON" },
	{ "{\"items\":[],\"items\":[]}", "not JSON" },
	{ "[]", "not a JSON object" },
	{ "{\"error\":{\"code\":503}}", "holds an error" },
	{ "{\"items\":{}}", "items is not an array" },
	{ "{\"items\":null}", "items is not an array" },
	{ "{\"items\":[1]}", "items[0] is not an object" },
	{ "{\"items\":[{}]}", "items[0].name is not a string" },
	{ "{\"items\":[" ITEM("7", "\"1\"", "\"1\"") "]}", "items[0].name" },
	{ "{\"items\":[" GOOD("a/1") ",null]}", "items[1] is not" },
	{ "{\"items\":[" GOOD("b/1") "]}", "outside the prefix" },
	{ "{\"items\":[" GOOD("a") "]}", "outside the prefix" },
	{ "{\"items\":[" GOOD("") "]}", "never empty" },
	{ "{\"items\":[" GOOD("..") "]}", "named . or .." },
	{ "{\"items\":[" GOOD("a/\\n") "]}", "line breaks" },
	{ "{\"items\":[" GOOD("a/\\u0000") "]}", "not JSON" },
	{ "{\"items\":[" GOOD("a/\xff") "]}", "not JSON" },
	{ "{\"items\":[" GOOD("a/\\ud800") "]}", "not JSON" },
	{ "{\"items\":[" GOOD("a/2") "," GOOD("a/1") "]}",
	    "items[1].name is out of order" },
	{ "{\"items\":[" GOOD("a/2") "," GOOD("a/2") "]}",
	    "items[1].name is the one before it again" },
	{ "{\"items\":[" ITEM("\"a/1\"", "1", "\"1\"") "]}",
	    "items[0].generation" },
	{ "{\"items\":[" ITEM("\"a/1\"", "\"0\"", "\"1\"") "]}",
	    "items[0].generation" },
	{ "{\"items\":[" ITEM("\"a/1\"", "\"-1\"", "\"1\"") "]}",
	    "items[0].generation" },
	{ "{\"items\":[" ITEM("\"a/1\"", "\" 1\"", "\"1\"") "]}",
	    "items[0].generation" },
	{ "{\"items\":[" ITEM("\"a/1\"", "\"18446744073709551616\"",
	      "\"1\"") "]}",
	    "items[0].generation" },
	{ "{\"items\":[" ITEM("\"a/1\"", "\"1\"", "null") "]}",
	    "items[0].size" },
	{ "{\"items\":[" ITEM("\"a/1\"", "\"1\"", "\"1.5\"") "]}",
	    "items[0].size" },
	{ "{\"items\":[" ITEM("\"a/1\"", "\"1\"", "\"5497558138881\"") "]}",
	    "items[0].size" },
	{ "{\"items\":[{\"name\":\"a/1\",\"generation\":\"1\",\"size\":"
	  "\"1\",\"timeCreated\":\"yesterday\"}]}",
	    "items[0].timeCreated" },
	{ "{\"items\":[{\"name\":\"a/1\",\"generation\":\"1\",\"size\":"
	  "\"1\",\"timeCreated\":5}]}",
	    "items[0].timeCreated" },
	{ "{\"nextPageToken\":5}", "nextPageToken is not a string" },
	{ "{\"nextPageToken\":\"asked\"}", "token of this page again" },
	{ "{\"prefixes\":[\"a/b/\"]}", "prefixes" },
	{ "{\"prefixes\":5}", "prefixes" },
	{ "{\"kind\":\"storage#buckets\"}", "kind is not" },
	{ "{\"kind\":5}", "kind is not" },
	{ "{\"items\":[{\"name\":\"a/1\",\"bucket\":\"other\"}]}",
	    "items[0].bucket is not the one" },
	{ "{\"items\":[{\"name\":\"a/1\",\"bucket\":5}]}",
	    "items[0].bucket is not the one" },
};

START_TEST(refuses_every_odd_page_and_says_where)
{
	struct storage_op op;
	struct err err = ERR_INIT;
	size_t i;

	storage_op_init(&op);
	for (i = 0; i < sizeof(odd_pages) / sizeof(odd_pages[0]); i++) {
		err_clear(&err);
		ck_assert_msg(parse(&op, odd_pages[i].text, "a/", "asked",
				  &err) == -1,
		    "%s", odd_pages[i].text);
		ck_assert_int_eq(err.code, ERR_PROTOCOL);
		ck_assert_msg(strstr(err.text, odd_pages[i].why) != NULL,
		    "%s: %s", odd_pages[i].text, err.text);
		ck_assert_ptr_null(strpbrk(err.text, "\r\n"));
	}
	storage_op_release(&op);
}
END_TEST

START_TEST(refuses_a_token_without_end_and_a_name_too_long)
{
	char *text = mem_zalloc(30000, 1);
	struct storage_op op;
	struct err err = ERR_INIT;

	storage_op_init(&op);
	sprintf(text, "{\"nextPageToken\":\"%020000d\"}", 7);
	ck_assert_int_eq(parse(&op, text, "", "", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "nextPageToken is over"));
	sprintf(text, "{\"items\":[{\"name\":\"%01025d\"}]}", 7);
	ck_assert_int_eq(parse(&op, text, "", "", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "at most 1024"));
	free(text);
	storage_op_release(&op);
}
END_TEST

START_TEST(refuses_what_is_nested_without_end)
{
	char *text = mem_zalloc(200001, 1);
	struct storage_op op;
	struct err err = ERR_INIT;

	storage_op_init(&op);
	memset(text, '[', 200000);
	ck_assert_int_eq(parse(&op, text, "", "", &err), -1);
	memcpy(text, "{\"a\":", 5);
	ck_assert_int_eq(parse(&op, text, "", "", &err), -1);
	ck_assert_int_eq(err.code, ERR_PROTOCOL);
	free(text);
	storage_op_release(&op);
}
END_TEST

/* Whatever is done to a good page, it is either read in full or refused. */
START_TEST(a_damaged_page_never_ends_badly)
{
	static const char good[] = "{\"nextPageToken\":\"t\",\"items\":[" GOOD(
	    "a/1") "," GOOD("a/2") "," GOOD("a/3") "]}";
	struct gcs_listing asked = { "demo", "a/", "", "", "" };
	char text[sizeof(good)];
	struct storage_op op;
	struct err err = ERR_INIT;
	struct rng rng;
	size_t n, k;
	int i;

	storage_op_init(&op);
	rng_init(&rng, 11);
	for (i = 0; i < 20000; i++) {
		memcpy(text, good, sizeof(good));
		n = rng_below(&rng, sizeof(good));
		for (k = rng_below(&rng, 4); k > 0 && n > 0; k--)
			text[rng_below(&rng, n)] = (char)rng_next(&rng);
		storage_ask_list(&op, "a/", "");
		if (gcs_page_parse(text, n, &asked, &op.page, &err) != 0)
			ck_assert_int_eq(err.code, ERR_PROTOCOL);
	}
	storage_op_release(&op);
}
END_TEST

START_TEST(an_upload_answers_its_generation)
{
	static const char *const bad[] = { "", "{}", "{\"generation\":5}",
		"{\"generation\":\"0\"}", "{\"generation\":\"x\"}",
		"{\"error\":{},\"generation\":\"5\"}", "[\"5\"]" };
	static const char good[] = "{\"generation\":\"1790738903174378\"}\n";
	struct err err = ERR_INIT;
	uint64_t generation;
	size_t i;

	ck_assert_int_eq(gcs_generation_parse(good, strlen(good), &generation,
			     &err),
	    0);
	ck_assert_uint_eq(generation, 1790738903174378);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(gcs_generation_parse(bad[i], strlen(bad[i]),
				     &generation, &err),
		    -1);
		ck_assert_int_eq(err.code, ERR_PROTOCOL);
	}
}
END_TEST

int
main(void)
{
	return suite_run("gcs page", reads_names_numbers_and_the_next_token,
	    a_page_may_be_empty_and_still_go_on,
	    refuses_every_odd_page_and_says_where,
	    refuses_a_token_without_end_and_a_name_too_long,
	    refuses_what_is_nested_without_end, a_damaged_page_never_ends_badly,
	    an_upload_answers_its_generation, NULL);
}
