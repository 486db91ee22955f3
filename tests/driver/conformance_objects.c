/* SPDX-License-Identifier: MIT */
/* Cases about single objects and their names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "tests/driver/conformance_priv.h"

void
conformance_round_trip(struct watched *w)
{
	uint64_t generation = watched_put(w, "c/a", "hello");
	const struct storage_object *o;

	ck_assert_uint_ne(generation, 0);
	ck_assert_int_eq(watched_get(w, "c/a"), STORAGE_OK);
	ck_assert_str_eq(w->op.body.data, "hello");
	watched_list(w, "c/", "");
	ck_assert_uint_eq(w->op.page.objects.n, 1);
	ck_assert_uint_eq(w->op.page.next.len, 0);
	o = &w->op.page.objects.v[0];
	ck_assert_str_eq(o->name, "c/a");
	ck_assert_uint_eq(o->generation, generation);
	ck_assert_uint_eq(o->size, 5);
	ck_assert_uint_ne(o->created_us, 0);
	ck_assert_int_eq(watched_delete(w, "c/a"), STORAGE_OK);
	ck_assert_int_eq(watched_get(w, "c/a"), STORAGE_GONE);
	watched_list(w, "c/", "");
	ck_assert_uint_eq(w->op.page.objects.n, 0);
}

void
conformance_absent(struct watched *w)
{
	ck_assert_int_eq(watched_get(w, "c/never"), STORAGE_GONE);
	ck_assert_int_eq(w->op.status, 404);
	ck_assert_int_eq(w->op.err.code, ERR_NOT_FOUND);
	ck_assert_ptr_nonnull(strstr(w->op.err.text, "c/never"));
	ck_assert_uint_eq(w->op.body.len, 0);
	ck_assert_int_eq(watched_delete(w, "c/never"), STORAGE_GONE);
	ck_assert_int_eq(w->op.status, 404);
	watched_list(w, "c/never", "");
	ck_assert_uint_eq(w->op.page.objects.n, 0);
}

static void
check_body(struct watched *w, const char *data, size_t n)
{
	storage_ask_put(&w->op, "c/body", data, n);
	ck_assert_int_eq(watched_run(w, &w->op), STORAGE_OK);
	storage_ask_get(&w->op, "c/body", n);
	ck_assert_int_eq(watched_run(w, &w->op), STORAGE_OK);
	ck_assert_uint_eq(w->op.body.len, n);
	ck_assert(n == 0 || memcmp(w->op.body.data, data, n) == 0);
}

void
conformance_bodies(struct watched *w)
{
	size_t n = 1024 * 1024, i;
	char *large = mem_alloc(n), all[256];

	for (i = 0; i < sizeof(all); i++)
		all[i] = (char)i;
	for (i = 0; i < n; i++)
		large[i] = (char)(i * i >> 7);
	check_body(w, "", 0);
	check_body(w, "\0", 1);
	check_body(w, all, sizeof(all));
	check_body(w, large, n);
	check_body(w, "\r\n\r\n0\r\n\r\n", 9);
	free(large);
}

void
conformance_body_limit(struct watched *w)
{
	watched_put(w, "c/link", "12345678");
	storage_ask_get(&w->op, "c/link", 8);
	ck_assert_int_eq(watched_run(w, &w->op), STORAGE_OK);
	storage_ask_get(&w->op, "c/link", 7);
	ck_assert_int_eq(watched_run(w, &w->op), STORAGE_FAILED);
	ck_assert_int_eq(w->op.err.code, ERR_PROTOCOL);
}

static enum storage_verdict
put_if(struct watched *w, uint64_t generation)
{
	storage_ask_put(&w->op, "c/g", "new", 3);
	storage_if_generation(&w->op, generation);
	return watched_run(w, &w->op);
}

static enum storage_verdict
delete_if(struct watched *w, uint64_t generation)
{
	storage_ask_delete(&w->op, "c/g");
	storage_if_generation(&w->op, generation);
	return watched_run(w, &w->op);
}

void
conformance_generations(struct watched *w)
{
	uint64_t first, second;

	ck_assert_int_eq(put_if(w, 12345), STORAGE_CHANGED);
	ck_assert_int_eq(put_if(w, 0), STORAGE_OK);
	first = w->op.put_generation;
	ck_assert_int_eq(put_if(w, 0), STORAGE_CHANGED);
	ck_assert_int_eq(w->op.status, 412);
	ck_assert_int_eq(put_if(w, first + 1), STORAGE_CHANGED);
	ck_assert_int_eq(put_if(w, first), STORAGE_OK);
	second = w->op.put_generation;
	ck_assert_uint_gt(second, first);
	ck_assert_int_eq(delete_if(w, first), STORAGE_CHANGED);
	ck_assert_int_eq(watched_get(w, "c/g"), STORAGE_OK);
	ck_assert_int_eq(delete_if(w, second), STORAGE_OK);
	ck_assert_int_eq(delete_if(w, second), STORAGE_GONE);
	ck_assert_int_eq(put_if(w, second), STORAGE_CHANGED);
	ck_assert_int_eq(put_if(w, 0), STORAGE_OK);
	ck_assert_uint_gt(w->op.put_generation, second);
}

void
conformance_counters(struct watched *w)
{
	int i;

	for (i = 0; i < 4; i++) {
		if (i == 0)
			storage_ask_put(&w->op, "c/n", "x", 1);
		else if (i == 1)
			storage_ask_list(&w->op, "c/", "");
		else if (i == 2)
			storage_ask_get(&w->op, "c/n", 10);
		else
			storage_ask_delete(&w->op, "c/n");
		ck_assert_int_eq(watched_run(w, &w->op), STORAGE_OK);
		ck_assert_int_eq(w->op.err.code, ERR_NONE);
		ck_assert_int_eq(w->op.status / 100, 2);
		ck_assert_uint_eq(w->op.attempts, 1);
		ck_assert_uint_eq(w->op.rejected, 0);
		ck_assert_uint_eq(w->op.unanswered, 0);
		ck_assert_uint_ge(w->op.done_us, w->op.submitted_us);
	}
}

void
conformance_prefixes(struct watched *w)
{
	static const struct {
		const char *prefix;
		size_t n;
	} cases[] = {
		{ "c/", 5 },
		{ "c/a", 3 },
		{ "c/a/", 1 },
		{ "c/ab", 1 },
		{ "c/b", 2 },
		{ "c/b0", 0 },
		{ "c/%", 0 },
		{ "c/a*", 0 },
	};
	size_t i;

	watched_put(w, "c/a", "");
	watched_put(w, "c/a/x", "");
	watched_put(w, "c/ab", "");
	watched_put(w, "c/b", "");
	watched_put(w, "c/bb", "");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		watched_list(w, cases[i].prefix, "");
		ck_assert_uint_eq(w->op.page.objects.n, cases[i].n);
	}
}

void
conformance_order(struct watched *w)
{
	/* The last two are the other way round in UTF-16. */
	static const char *const names[] = { "c/", "c/ ", "c/-", "c/.", "c/0",
		"c/0/1", "c/00", "c/A", "c/Z", "c/_", "c/a", "c/~",
		"c/\xc3\xa9", "c/\xef\xbf\xbd", "c/\xf0\x9f\x98\x80" };
	size_t n = sizeof(names) / sizeof(names[0]), i;

	for (i = n; i > 0; i--)
		watched_put(w, names[i * 7 % n], "");
	watched_list(w, "c/", "");
	ck_assert_uint_eq(w->op.page.objects.n, n);
	for (i = 0; i < n; i++)
		ck_assert_str_eq(w->op.page.objects.v[i].name, names[i]);
}

/* The object, the whole object, and nothing but the object. */
static void
check_name(struct watched *w, const char *name)
{
	watched_put(w, name, name);
	ck_assert_int_eq(watched_get(w, name), STORAGE_OK);
	ck_assert_str_eq(w->op.body.data, name);
	watched_list(w, name, "");
	ck_assert_uint_eq(w->op.page.objects.n, 1);
	ck_assert_str_eq(w->op.page.objects.v[0].name, name);
	ck_assert_int_eq(watched_delete(w, name), STORAGE_OK);
	ck_assert_int_eq(watched_get(w, name), STORAGE_GONE);
	ck_assert_int_eq(watched_delete(w, name), STORAGE_GONE);
}

void
conformance_hostile_names(struct watched *w)
{
	static const char *const names[] = { "c/?a=b", "c/#frag", "c/a%2Fb",
		"c/%", "c/%%", "c/%2e%2e", "c/%00", "c/+", "c/a+b", "c/a b",
		"c/&x=y", "c/=", "c/;", "c/\"q\"", "c/'q'", "c/\\", "c/\\u0041",
		"c/../d", "c/..", "c/.", "c//", "c//d", "c/d/", "c/<b>", "c/{}",
		"c/[0]", "c/:", "c/@", "c/*", "c/|", "c/\t", "c/\x7f",
		"c/\x1b[31m", "c/ ", "c/\xc3\xa9", "c/e\xcc\x81",
		"c/\xe2\x80\xae", "c/\xef\xbf\xbf", "c/\xf0\x9f\x98\x80",
		"c/o?alt=media&ifGenerationMatch=0", "c/http://x:1/",
		"c/ HTTP/1.1", "c/No such object" };
	char longest[STORAGE_NAME_MAX + 1];
	size_t i;

	watched_put(w, "c", "neighbour");
	watched_put(w, "d", "neighbour");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check_name(w, names[i]);
	for (i = 0; i < 2; i++) {
		memset(longest, i == 0 ? 'x' : '/', sizeof(longest));
		memcpy(longest, "c/", 2);
		longest[w->name_max] = '\0';
		check_name(w, longest);
	}
	ck_assert_int_eq(watched_delete(w, "c"), STORAGE_OK);
	ck_assert_int_eq(watched_delete(w, "d"), STORAGE_OK);
}

/* UTF-8 of a code point; 0 is never asked. */
static void
add_character(char *out, unsigned c)
{
	if (c < 0x80) {
		*out++ = (char)c;
	} else if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
		*out++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*out++ = (char)(0xe0 | c >> 12);
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	} else {
		*out++ = (char)(0xf0 | c >> 18);
		*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	}
	*out = '\0';
}

/* Every ASCII character but NUL, CR and LF; every byte that may follow or lead
 * in UTF-8: C2 to F4, 80 to BF. */
void
conformance_all_bytes(struct watched *w)
{
	char name[16] = "c/";
	unsigned c;

	for (c = 1; c < 0x80; c++) {
		if (c == '\r' || c == '\n')
			continue;
		add_character(name + 2, c);
		check_name(w, name);
	}
	for (c = 0x80; c < 0x800; c += c < 0xc0 ? 1 : 0x40) {
		add_character(name + 2, c);
		check_name(w, name);
	}
	for (c = 0x800; c < 0x10000; c += c < 0x1000 ? 0x800 : 0x1000) {
		add_character(name + 2, c);
		check_name(w, name);
	}
	for (c = 0x10000; c < 0x110000; c += 0x40000) {
		add_character(name + 2, c);
		check_name(w, name);
	}
}

void
conformance_bad_names(struct watched *w)
{
	static const char *const names[] = { "", ".", "..", "c/\n", "\r",
		"c/a\r\nHost: x" };
	char longer[STORAGE_NAME_MAX + 2];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		ck_assert_int_eq(watched_delete(w, names[i]), STORAGE_FAILED);
		ck_assert_int_eq(w->op.err.code, ERR_REFUSED);
		ck_assert_uint_eq(w->op.attempts, 0);
		ck_assert_int_eq(watched_get(w, names[i]), STORAGE_FAILED);
		ck_assert_uint_eq(w->op.attempts, 0);
		storage_ask_put(&w->op, names[i], "x", 1);
		ck_assert_int_eq(watched_run(w, &w->op), STORAGE_FAILED);
		ck_assert_uint_eq(w->op.attempts, 0);
	}
	memset(longer, 'x', sizeof(longer));
	longer[STORAGE_NAME_MAX + 1] = '\0';
	ck_assert_int_eq(watched_delete(w, longer), STORAGE_FAILED);
	ck_assert_uint_eq(w->op.attempts, 0);
}
