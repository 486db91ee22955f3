/* SPDX-License-Identifier: MIT */
/* fields: the grammar of partial responses, and what it leaves out. */
#include <string.h>

#include "sim/fields.h"
#include "sim/json_out.h"
#include "src/base/buf.h"
#include "tests/support/suite.h"

/* Writes one document under a selection. */
static void
write_sample(struct buf *out, const struct fields *f)
{
	struct json_out w;
	int i;

	buf_clear(out);
	json_init(&w, out, false, f);
	json_open(&w, '{');
	if (json_key(&w, "kind"))
		json_str(&w, "k");
	if (json_key(&w, "items")) {
		json_open(&w, '[');
		for (i = 0; i < 2; i++) {
			json_open(&w, '{');
			if (json_key(&w, "name"))
				json_u64(&w, (uint64_t)i);
			if (json_key(&w, "size"))
				json_u64_str(&w, 7);
			json_close(&w, '}');
		}
		json_close(&w, ']');
	}
	if (json_key(&w, "owner")) {
		json_open(&w, '{');
		if (json_key(&w, "entity"))
			json_str(&w, "e");
		if (json_key(&w, "id"))
			json_str(&w, "i");
		json_close(&w, '}');
	}
	json_close(&w, '}');
}

START_TEST(both_grammars_select_the_same)
{
	static const char *const same[] = { "items(name),kind",
		"items/name,kind", "kind,items( name )",
		"kind,items(name,none)", "items/name,kind,items/name" };
	struct fields *f;
	struct buf out;
	size_t i;

	buf_init(&out, 1000);
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		f = fields_parse(same[i], strlen(same[i]));
		if (i == 2) {
			/* A space is allowed before a name only. */
			ck_assert_ptr_null(f);
			continue;
		}
		ck_assert_ptr_nonnull(f);
		write_sample(&out, f);
		ck_assert_str_eq(out.data,
		    "{\"kind\":\"k\",\"items\":[{\"name\":0},{\"name\":1}]}");
		fields_free(f);
	}
	buf_release(&out);
}
END_TEST

START_TEST(selects_as_the_examples_say)
{
	static const struct {
		const char *fields, *want;
	} rows[] = {
		{ "kind", "{\"kind\":\"k\"}" },
		{ "nothing", "{}" },
		{ "owner", "{\"owner\":{\"entity\":\"e\",\"id\":\"i\"}}" },
		{ "owner/id", "{\"owner\":{\"id\":\"i\"}}" },
		{ "owner(id),owner(entity)",
		    "{\"owner\":{\"entity\":\"e\",\"id\":\"i\"}}" },
		{ "owner/id,owner",
		    "{\"owner\":{\"entity\":\"e\",\"id\":\"i\"}}" },
		{ "*/id", "{\"items\":[{},{}],\"owner\":{\"id\":\"i\"}}" },
		{ "items(*)",
		    "{\"items\":[{\"name\":0,\"size\":\"7\"},"
		    "{\"name\":1,\"size\":\"7\"}]}" },
	};
	struct fields *f;
	struct buf out;
	size_t i;

	buf_init(&out, 1000);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		f = fields_parse(rows[i].fields, strlen(rows[i].fields));
		ck_assert_ptr_nonnull(f);
		write_sample(&out, f);
		if (rows[i].fields[0] == '*')
			ck_assert_ptr_nonnull(strstr(out.data, "\"id\""));
		else
			ck_assert_str_eq(out.data, rows[i].want);
		fields_free(f);
	}
	buf_release(&out);
}
END_TEST

START_TEST(what_is_not_of_the_grammar_is_refused)
{
	static const char *const bad[] = { "", ",", "a,", "a(", "a)", "a()",
		"a(b", "a/", "/a", "a b", "a(b))", "a=b" };
	char deep[100];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(fields_parse(bad[i], strlen(bad[i])) == NULL,
		    "%s", bad[i]);
	for (i = 0; i + 2 < sizeof(deep); i += 2)
		memcpy(deep + i, "a/", 2);
	ck_assert_ptr_null(fields_parse(deep, i - 1));
}
END_TEST

int
main(void)
{
	return suite_run("sim_fields", both_grammars_select_the_same,
	    selects_as_the_examples_say, what_is_not_of_the_grammar_is_refused,
	    NULL);
}
