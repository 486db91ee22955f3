/* SPDX-License-Identifier: MIT */
/* listing: against a naive reference, and while objects go away. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/listing.h"
#include "sim/object.h"
#include "src/base/buf.h"
#include "src/base/vec.h"
#include "tests/support/suite.h"

enum { LONGEST = 6 };

struct entry {
	char name[LONGEST + 1];
	bool is_prefix;
};

static struct text
text_of(const char *s)
{
	return (struct text){ s, strlen(s) };
}

static void
draw(struct rng *rng, char *out, size_t least, size_t most)
{
	static const char letters[] = "ab/\xff";
	size_t i, n = least + (size_t)rng_below(rng, most - least + 1);

	for (i = 0; i < n; i++)
		out[i] = letters[rng_below(rng, 4)];
	out[n] = '\0';
}

struct case_of {
	char prefix[LONGEST + 1], delimiter[3], start[LONGEST + 1],
	    end[LONGEST + 1];
};

/* Every object in turn, by the words of the documentation. */
static size_t
reference(const struct bucket *b, const struct case_of *q, struct entry *out)
{
	const struct object *o;
	const char *name, *found;
	struct entry e;
	size_t n = 0, length;

	for (o = index_seek(&b->live, "", 0, 0); o != NULL; o = index_next(o)) {
		name = object_name(o);
		if (strncmp(name, q->prefix, strlen(q->prefix)) != 0 ||
		    strcmp(name, q->start) < 0 ||
		    (q->end[0] != '\0' && strcmp(name, q->end) >= 0))
			continue;
		found = q->delimiter[0] == '\0'
		    ? NULL
		    : strstr(name + strlen(q->prefix), q->delimiter);
		length = found == NULL
		    ? strlen(name)
		    : (size_t)(found - name) + strlen(q->delimiter);
		memcpy(e.name, name, length);
		e.name[length] = '\0';
		e.is_prefix = found != NULL;
		if (n > 0 && e.is_prefix && out[n - 1].is_prefix &&
		    strcmp(out[n - 1].name, e.name) == 0)
			continue;
		out[n++] = e;
	}
	return n;
}

/* Adds a page to out, answers whether there is another. */
static bool
take_page(const struct bucket *b, const struct case_of *q, size_t max,
    struct buf *token, struct entry *out, size_t *n)
{
	struct listing what = { .prefix = text_of(q->prefix),
		.delimiter = text_of(q->delimiter),
		.start = text_of(q->start),
		.end = text_of(q->end),
		.max = max };
	struct listing_page page = { 0 };
	struct text name;
	struct buf after;
	bool has_more;
	size_t i;

	buf_init(&after, 1000);
	if (token->len > 0)
		ck_assert_int_eq(listing_parse_token(&what, token->data,
				     token->len, &after),
		    0);
	listing_run(b, &what, &page);
	ck_assert_uint_le(page.entries.n, max);
	for (i = 0; i < page.entries.n; i++) {
		name = page.entries.v[i].prefix;
		if (page.entries.v[i].object != NULL)
			name = text_of(object_name(page.entries.v[i].object));
		memcpy(out[*n].name, name.s, name.n);
		out[*n].name[name.n] = '\0';
		out[(*n)++].is_prefix = page.entries.v[i].object == NULL;
	}
	has_more = page.has_more;
	buf_clear(token);
	if (has_more)
		listing_add_token(&what, &page, token);
	vec_release(&page.entries);
	buf_release(&after);
	return has_more;
}

static void
check_case(const struct bucket *b, struct rng *rng, uint64_t seed)
{
	static const char delimiters[][3] = { "", "/", "a", "/a" };
	struct case_of q = { 0 };
	struct entry want[200], have[200];
	size_t n_want, n_have = 0, i, max = 1 + (size_t)rng_below(rng, 7);
	struct buf token;

	if (rng_below(rng, 2))
		draw(rng, q.prefix, 1, 3);
	memcpy(q.delimiter, delimiters[rng_below(rng, 4)], sizeof(q.delimiter));
	if (rng_below(rng, 3) == 0)
		draw(rng, q.start, 1, 4);
	if (rng_below(rng, 3) == 0)
		draw(rng, q.end, 1, 4);
	n_want = reference(b, &q, want);
	buf_init(&token, 2000);
	while (take_page(b, &q, max, &token, have, &n_have))
		;
	ck_assert_msg(n_have == n_want, "seed %llu: %zu of %zu",
	    (unsigned long long)seed, n_have, n_want);
	for (i = 0; i < n_want; i++) {
		ck_assert_str_eq(have[i].name, want[i].name);
		ck_assert_int_eq(have[i].is_prefix, want[i].is_prefix);
	}
	buf_release(&token);
}

START_TEST(lists_like_a_naive_reference_in_pages_of_any_size)
{
	struct bucket *b;
	struct rng rng;
	char name[LONGEST + 1];
	uint64_t seed;
	int i;

	for (seed = 1; seed <= 100; seed++) {
		rng_init(&rng, seed);
		b = bucket_new("listing", 0);
		for (i = 0; i < 150; i++) {
			draw(&rng, name, 1, LONGEST);
			bucket_put(b, name, strlen(name), 1, 1, NULL);
		}
		for (i = 0; i < 40; i++)
			check_case(b, &rng, seed);
		bucket_free(b);
	}
}
END_TEST

/* "List a page, delete it, next page" with position tokens leaves half of the
 * bucket behind. */
START_TEST(deleting_each_page_before_the_next_loses_nothing)
{
	struct bucket *b = bucket_new("delete", 0);
	struct case_of q = { 0 };
	struct entry page[10];
	struct buf token;
	char name[LONGEST + 1];
	size_t n, i, total = 0;
	bool has_more;

	buf_init(&token, 2000);
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "o%03zu", i);
		bucket_put(b, name, strlen(name), 1, 1, NULL);
	}
	do {
		n = 0;
		has_more = take_page(b, &q, 10, &token, page, &n);
		for (i = 0; i < n; i++)
			bucket_forget(b,
			    bucket_find(b, page[i].name, strlen(page[i].name)));
		total += n;
	} while (has_more);
	ck_assert_uint_eq(total, 100);
	ck_assert_uint_eq(bucket_objects(b), 0);
	buf_release(&token);
	bucket_free(b);
}
END_TEST

START_TEST(a_prefix_that_vanishes_between_pages_does_not_come_back)
{
	struct bucket *b = bucket_new("prefix", 0);
	struct case_of q = { .delimiter = "/" };
	struct entry page[4];
	struct buf token;
	size_t n = 0;

	buf_init(&token, 2000);
	bucket_put(b, "a/1", 3, 1, 1, NULL);
	bucket_put(b, "a/2", 3, 1, 1, NULL);
	bucket_put(b, "b/1", 3, 1, 1, NULL);
	ck_assert(take_page(b, &q, 1, &token, page, &n));
	ck_assert_str_eq(page[0].name, "a/");
	bucket_forget(b, bucket_find(b, "a/1", 3));
	bucket_put(b, "a/3", 3, 1, 1, NULL);
	ck_assert(!take_page(b, &q, 1, &token, page, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(page[1].name, "b/");
	buf_release(&token);
	bucket_free(b);
}
END_TEST

START_TEST(refuses_tokens_that_it_never_gave)
{
	static const char *const bad[] = { "", "n", "!!!!", "eA", "bg", "YWJj",
		"bmFi=", "bm\x80" };
	struct listing what = { 0 };
	struct buf name;
	size_t i;

	buf_init(&name, 100);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(listing_parse_token(&what, bad[i], strlen(bad[i]),
				  &name) == -1,
		    "%s", bad[i]);
	buf_release(&name);
}
END_TEST

int
main(void)
{
	return suite_run("sim_listing",
	    lists_like_a_naive_reference_in_pages_of_any_size,
	    deleting_each_page_before_the_next_loses_nothing,
	    a_prefix_that_vanishes_between_pages_does_not_come_back,
	    refuses_tokens_that_it_never_gave, NULL);
}
