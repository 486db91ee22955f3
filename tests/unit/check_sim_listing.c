/* SPDX-License-Identifier: MIT */
/* listing: against a naive reference, and while objects go away. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/glob.h"
#include "sim/listing.h"
#include "sim/object.h"
#include "src/base/buf.h"
#include "src/base/vec.h"
#include "tests/support/suite.h"

enum { LONGEST = 6 };

struct entry {
	char name[LONGEST + 1];
	bool is_prefix;
	uint64_t generation; /* 0: a prefix */
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
	bool trailing_delimiter;
	enum cursor_over over;
	struct glob *glob;
	uint64_t now_us;
};

enum { OBJECTS = 150 };

static int
by_name_and_generation(const void *a, const void *b)
{
	const struct object *x = *(const struct object *const *)a;
	const struct object *y = *(const struct object *const *)b;
	int c = strcmp(object_name(x), object_name(y));

	if (c != 0)
		return c;
	return x->generation < y->generation ? -1 : 1;
}

static size_t
collect(const struct bucket *b, const struct case_of *q,
    const struct object **out)
{
	const struct index *first = q->over == CURSOR_SOFT_DELETED
	    ? &b->soft_deleted
	    : &b->live;
	const struct object *o;
	size_t n = 0;

	for (o = index_seek(first, "", 0, 0); o != NULL; o = index_next(o)) {
		if (q->over != CURSOR_SOFT_DELETED ||
		    o->hard_delete_us > q->now_us)
			out[n++] = o;
	}
	if (q->over == CURSOR_VERSIONS) {
		for (o = index_seek(&b->noncurrent, "", 0, 0); o != NULL;
		     o = index_next(o))
			out[n++] = o;
	}
	qsort(out, n, sizeof(*out), by_name_and_generation);
	return n;
}

static bool
is_wanted(const struct case_of *q, const char *name)
{
	return q->glob == NULL || glob_matches(q->glob, name, strlen(name));
}

/* The first delimiter behind the prefix, and what stands before its end. */
static bool
has_common_prefix(const struct case_of *q, const char *name,
    char out[LONGEST + 1])
{
	const char *found = q->delimiter[0] == '\0'
	    ? NULL
	    : strstr(name + strlen(q->prefix), q->delimiter);
	size_t n;

	if (found == NULL)
		return false;
	n = (size_t)(found - name) + strlen(q->delimiter);
	memcpy(out, name, n);
	out[n] = '\0';
	return true;
}

/* Every object in turn, by the words of the documentation. */
static size_t
reference(const struct bucket *b, const struct case_of *q, struct entry *out)
{
	const struct object *all[2 * OBJECTS];
	char shared[LONGEST + 1], shown[LONGEST + 1] = "";
	size_t n = 0, i, n_all = collect(b, q, all);
	const char *name;
	bool is_below;

	for (i = 0; i < n_all; i++) {
		name = object_name(all[i]);
		if (strncmp(name, q->prefix, strlen(q->prefix)) != 0 ||
		    strcmp(name, q->start) < 0 ||
		    (q->end[0] != '\0' && strcmp(name, q->end) >= 0))
			continue;
		is_below = has_common_prefix(q, name, shared);
		if (is_below && strcmp(shared, shown) != 0) {
			strcpy(shown, shared);
			out[n] = (struct entry){ .is_prefix = true };
			strcpy(out[n].name, shared);
			n += is_wanted(q, shared);
		}
		if (is_below &&
		    (!q->trailing_delimiter || strcmp(name, shared) != 0))
			continue;
		out[n] = (struct entry){ .generation = all[i]->generation };
		strcpy(out[n].name, name);
		n += is_wanted(q, name);
	}
	return n;
}

/* Adds a page to out, answers whether there is another. */
static bool
take_page(const struct bucket *b, const struct case_of *q, size_t max,
    struct buf *token, struct entry *out, size_t *n)
{
	struct listing what = { .over = q->over,
		.now_us = q->now_us,
		.prefix = text_of(q->prefix),
		.delimiter = text_of(q->delimiter),
		.start = text_of(q->start),
		.end = text_of(q->end),
		.glob = q->glob,
		.trailing_delimiter = q->trailing_delimiter,
		.max = max };
	struct listing_page page = { 0 };
	const struct object *o;
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
		o = page.entries.v[i].object;
		name = o != NULL ? text_of(object_name(o))
				 : page.entries.v[i].prefix;
		memcpy(out[*n].name, name.s, name.n);
		out[*n].name[name.n] = '\0';
		out[*n].generation = o != NULL ? o->generation : 0;
		out[(*n)++].is_prefix = o == NULL;
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
draw_case(struct rng *rng, struct case_of *q)
{
	static const char delimiters[][3] = { "", "/", "a", "/a" };
	static const char *const globs[] = { "a*", "**/", "*b*", "{a,b}**",
		"[!a]?**", "a/**" };
	const char *pattern = globs[rng_below(rng, 6)], *fault;

	*q = (struct case_of){ .over = (enum cursor_over)rng_below(rng, 3),
		.now_us = rng_below(rng, OBJECTS) };
	if (rng_below(rng, 2))
		draw(rng, q->prefix, 1, 3);
	memcpy(q->delimiter, delimiters[rng_below(rng, 4)],
	    sizeof(q->delimiter));
	if (rng_below(rng, 3) == 0)
		draw(rng, q->start, 1, 4);
	if (rng_below(rng, 3) == 0)
		draw(rng, q->end, 1, 4);
	/* Of an expired version that stands for its own prefix a token cannot
	 * tell whether the prefix was served. */
	q->trailing_delimiter = q->over != CURSOR_SOFT_DELETED &&
	    rng_below(rng, 2);
	if (rng_below(rng, 3) == 0)
		q->glob = glob_parse(pattern, strlen(pattern), &fault);
}

static void
check_case(const struct bucket *b, struct rng *rng, uint64_t seed)
{
	struct case_of q;
	struct entry want[4 * OBJECTS], have[4 * OBJECTS];
	size_t n_want, n_have = 0, i, max = 1 + (size_t)rng_below(rng, 7);
	struct buf token;

	draw_case(rng, &q);
	n_want = reference(b, &q, want);
	buf_init(&token, 2000);
	while (take_page(b, &q, max, &token, have, &n_have))
		ck_assert_msg(n_have <= n_want, "seed %llu: no end",
		    (unsigned long long)seed);
	ck_assert_msg(n_have == n_want, "seed %llu: %zu of %zu",
	    (unsigned long long)seed, n_have, n_want);
	for (i = 0; i < n_want; i++) {
		ck_assert_str_eq(have[i].name, want[i].name);
		ck_assert_int_eq(have[i].is_prefix, want[i].is_prefix);
		ck_assert_uint_eq(have[i].generation, want[i].generation);
	}
	buf_release(&token);
	glob_free(q.glob);
}

/* Most names come several times, and a third of them goes again. */
static struct bucket *
draw_bucket(struct rng *rng)
{
	struct bucket *b = bucket_new("listing", 0);
	char name[LONGEST + 1];
	struct object *o;
	uint64_t i;

	b->config.soft_delete_s = 1;
	for (i = 1; i <= OBJECTS; i++) {
		b->config.has_versioning = rng_below(rng, 2);
		draw(rng, name, 1, LONGEST);
		o = bucket_publish(b, name, strlen(name), 1, i, NULL, NULL);
		if (rng_below(rng, 3) == 0)
			bucket_delete(b, o, i);
	}
	/* So that some have expired at any time that a case draws. */
	for (o = b->soft_deleted.head[0]; o != NULL; o = index_next(o))
		o->hard_delete_us -= 1000000;
	return b;
}

START_TEST(lists_like_a_naive_reference_in_pages_of_any_size)
{
	struct bucket *b;
	struct rng rng;
	uint64_t seed;
	int i;

	for (seed = 1; seed <= 200; seed++) {
		rng_init(&rng, seed);
		b = draw_bucket(&rng);
		for (i = 0; i < 60; i++)
			check_case(b, &rng, seed);
		bucket_free(b);
	}
}
END_TEST

static struct bucket *
many(size_t n)
{
	struct bucket *b = bucket_new("many", 0);
	char name[40];
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "d%03zu/%06zu", i / 1000, i);
		bucket_put(b, name, strlen(name), 1, 1, NULL);
	}
	return b;
}

static uint64_t
work_of_page(const struct bucket *b, const struct listing *what, size_t *found)
{
	struct listing_page page = { 0 };
	uint64_t work;

	listing_run(b, what, &page);
	work = page.work;
	*found = page.entries.n;
	ck_assert(page.has_more);
	vec_release(&page.entries);
	return work;
}

START_TEST(a_page_costs_what_is_in_it_and_not_what_the_bucket_holds)
{
	static const size_t sizes[] = { 2000, 20000, 200000 };
	struct listing plain = { .max = 1000 }, folders = plain, glob = plain;
	const char *fault;
	struct bucket *b;
	size_t i, n;

	folders.delimiter = text_of("/");
	folders.max = 1;
	glob.glob = glob_parse("*/nothing", 9, &fault);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		b = many(sizes[i]);
		/* Those of the page, and the one that says there are more. */
		ck_assert_uint_eq(work_of_page(b, &plain, &n), 1001);
		ck_assert_uint_eq(n, 1000);
		ck_assert_uint_eq(work_of_page(b, &folders, &n), 2);
		ck_assert_uint_eq(n, 1);
		if (sizes[i] > LISTING_WORK) {
			ck_assert_uint_eq(work_of_page(b, &glob, &n),
			    LISTING_WORK);
			ck_assert_uint_eq(n, 0);
		}
		bucket_free(b);
	}
	glob_free(glob.glob);
}
END_TEST

/* Reads all of 500 names of 1024 bytes with that pattern, which wants them. */
static void
check_dear(const char *pattern, size_t n)
{
	struct listing what = { .max = 1000 };
	struct listing_page page = { 0 };
	char name[1024];
	struct bucket *b = bucket_new("dear", 0);
	struct buf token, after;
	const char *fault;
	size_t i, found = 0, pages = 0;

	buf_init(&token, 2000);
	buf_init(&after, 2000);
	memset(name, 'x', sizeof(name));
	for (i = 0; i < 500; i++) {
		name[1020] = (char)('a' + i / 26);
		name[1021] = (char)('a' + i % 26);
		bucket_put(b, name, sizeof(name), 1, 1, NULL);
	}
	what.glob = glob_parse(pattern, n, &fault);
	ck_assert_ptr_nonnull(what.glob);
	for (;;) {
		page = (struct listing_page){ 0 };
		listing_run(b, &what, &page);
		pages++;
		found += page.entries.n;
		buf_clear(&token);
		if (page.has_more)
			listing_add_token(&what, &page, &token);
		vec_release(&page.entries);
		if (!page.has_more)
			break;
		ck_assert_int_eq(listing_parse_token(&what, token.data,
				     token.len, &after),
		    0);
	}
	ck_assert_uint_eq(found, 500);
	ck_assert_uint_ge(pages, 5);
	glob_free(what.glob);
	buf_release(&token);
	buf_release(&after);
	bucket_free(b);
}

START_TEST(a_dear_pattern_makes_pages_shorter_and_none_is_lost)
{
	char pattern[GLOB_MAX];
	size_t i;

	for (i = 0; i < sizeof(pattern); i++)
		pattern[i] = "?*"[i % 2];
	check_dear(pattern, sizeof(pattern));
	/* Two steps, and 339 ranges that each character is held against. */
	memcpy(pattern, "**[!", 4);
	for (i = 4; i < sizeof(pattern) - 1; i++)
		pattern[i] = "0-1"[(i - 4) % 3];
	pattern[i] = ']';
	check_dear(pattern, sizeof(pattern));
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
	    a_page_costs_what_is_in_it_and_not_what_the_bucket_holds,
	    a_dear_pattern_makes_pages_shorter_and_none_is_lost,
	    deleting_each_page_before_the_next_loses_nothing,
	    a_prefix_that_vanishes_between_pages_does_not_come_back,
	    refuses_tokens_that_it_never_gave, NULL);
}
