/* SPDX-License-Identifier: MIT */
/* bucket: the index against a sorted array. */
#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/object.h"
#include "tests/support/suite.h"

enum { NAMES = 300, NAME_MAX_LEN = 6 };

struct model {
	char name[NAMES][NAME_MAX_LEN + 1];
	uint64_t size[NAMES];
	size_t n;
};

/* Few letters, so that names collide and are prefixes of each other. */
static void
draw_name(struct rng *rng, char *out)
{
	static const char letters[] = "ab/\xff";
	size_t i, n = 1 + (size_t)rng_below(rng, NAME_MAX_LEN);

	for (i = 0; i < n; i++)
		out[i] = letters[rng_below(rng, 4)];
	out[n] = '\0';
}

static size_t
place_of(const struct model *m, const char *name)
{
	size_t i = 0;

	while (i < m->n && strcmp(m->name[i], name) < 0)
		i++;
	return i;
}

static bool
model_has(const struct model *m, const char *name)
{
	size_t i = place_of(m, name);

	return i < m->n && strcmp(m->name[i], name) == 0;
}

static void
model_put(struct model *m, const char *name, uint64_t size)
{
	size_t i = place_of(m, name);

	if (!model_has(m, name)) {
		memmove(m->name[i + 1], m->name[i],
		    (m->n - i) * sizeof(m->name[0]));
		memmove(&m->size[i + 1], &m->size[i],
		    (m->n - i) * sizeof(m->size[0]));
		m->n++;
		memcpy(m->name[i], name, strlen(name) + 1);
	}
	m->size[i] = size;
}

static void
model_remove(struct model *m, const char *name)
{
	size_t i = place_of(m, name);

	m->n--;
	memmove(m->name[i], m->name[i + 1], (m->n - i) * sizeof(m->name[0]));
	memmove(&m->size[i], &m->size[i + 1], (m->n - i) * sizeof(m->size[0]));
}

static void
check_same(const struct bucket *b, const struct model *m, const char *probe)
{
	const struct object *o = index_seek(&b->live, "", 0, 0);
	uint64_t bytes = 0;
	size_t i, at = place_of(m, probe);

	for (i = 0; i < m->n; i++, o = index_next(o)) {
		ck_assert_ptr_nonnull(o);
		ck_assert_str_eq(object_name(o), m->name[i]);
		ck_assert_uint_eq(o->size, m->size[i]);
		bytes += o->size;
	}
	ck_assert_ptr_null(o);
	ck_assert_uint_eq(bucket_objects(b), m->n);
	ck_assert_uint_eq(bucket_bytes(b), bytes);
	o = index_seek(&b->live, probe, strlen(probe), 0);
	if (at == m->n)
		ck_assert_ptr_null(o);
	else
		ck_assert_str_eq(object_name(o), m->name[at]);
}

START_TEST(behaves_like_a_sorted_array)
{
	struct model *m;
	struct bucket *b;
	struct rng rng;
	char name[NAME_MAX_LEN + 1];
	uint64_t seed, size;
	bool had;
	int i;

	for (seed = 1; seed <= 100; seed++) {
		rng_init(&rng, seed);
		b = bucket_new("model", 0);
		m = calloc(1, sizeof(*m));
		for (i = 0; i < 250; i++) {
			draw_name(&rng, name);
			had = model_has(m, name);
			ck_assert_int_eq(bucket_find(b, name, strlen(name)) !=
				NULL,
			    had);
			size = rng_below(&rng, 1000);
			if (rng_below(&rng, 3) > 0) {
				bucket_put(b, name, strlen(name), size, 1,
				    NULL);
				model_put(m, name, size);
			} else if (had) {
				bucket_forget(b,
				    bucket_find(b, name, strlen(name)));
				model_remove(m, name);
			}
			if (i % 25 == 0)
				check_same(b, m, name);
		}
		check_same(b, m, name);
		free(m);
		bucket_free(b);
	}
}
END_TEST

START_TEST(names_are_ordered_by_bytes_and_may_hold_any)
{
	struct bucket *b = bucket_new("bytes", 0);
	const struct object *o;
	char name[2] = { 0 };
	int i;

	for (i = 255; i >= 0; i--) {
		name[0] = (char)i;
		bucket_put(b, name, 1, 1, 1, NULL);
	}
	for (i = 0, o = index_seek(&b->live, "", 0, 0); i < 256;
	     i++, o = index_next(o))
		ck_assert_int_eq((unsigned char)object_name(o)[0], i);
	ck_assert_ptr_null(o);
	bucket_free(b);
}
END_TEST

START_TEST(bucket_names_follow_the_rules)
{
	ck_assert(bucket_is_name("abc", 3));
	ck_assert(bucket_is_name("a.b-c_9", 7));
	ck_assert(!bucket_is_name("ab", 2));
	ck_assert(!bucket_is_name("Abc", 3));
	ck_assert(!bucket_is_name("a/c", 3));
	ck_assert(!bucket_is_name("", 0));
	ck_assert(!bucket_is_name("-abc", 4));
	ck_assert(!bucket_is_name("abc.", 4));
	ck_assert(!bucket_is_name("a..b", 4));
	ck_assert(!bucket_is_name("192.168.5.4", 11));
	ck_assert(bucket_is_name("192.168.5", 9));
	ck_assert(!bucket_is_name("goog-x", 6));
	ck_assert(!bucket_is_name("my-google-x", 11));
	ck_assert(bucket_is_name("my-goo", 6));
	ck_assert(bucket_is_name("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				 "aaaaaaaaaaaaaaaaaaa",
	    63));
	ck_assert(!bucket_is_name("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				  "aaaaaaaaaaaaaaaaaaaaa",
	    64));
}
END_TEST

int
main(void)
{
	return suite_run("sim_bucket", behaves_like_a_sorted_array,
	    names_are_ordered_by_bytes_and_may_hold_any,
	    bucket_names_follow_the_rules, NULL);
}
