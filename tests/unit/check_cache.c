/* SPDX-License-Identifier: MIT */
/* cache: with it a plan is what it is without, whatever the file has been
 * through; and what it knows costs no request. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/file.h"
#include "src/base/rng.h"
#include "src/registry/cache_priv.h"
#include "src/registry/facts.h"
#include "src/registry/manifest.h"
#include "src/storage/mem_store.h"
#include "tests/support/maker.h"
#include "tests/support/rig.h"
#include "tests/support/suite.h"

static char folder[64], path[128];

/* One folder for all tests; each leaves it empty.  In memory if that can be, as
 * each commit waits for the disk. */
static void
set_up(void)
{
	snprintf(folder, sizeof(folder), "%s/check_cache.XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(folder) == NULL)
		abort();
	snprintf(path, sizeof(path), "%s/cache", folder);
}

static void
remove_file(const char *suffix)
{
	char name[160];

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	unlink(name);
}

static void
clean(void)
{
	remove_file("");
	remove_file(".damaged");
	remove_file("-journal");
}

static void
read_file(struct buf *out)
{
	char block[4096];
	int fd = open(path, O_RDONLY);
	ssize_t n;

	ck_assert_int_ge(fd, 0);
	buf_init(out, 16 * 1024 * 1024);
	while ((n = read(fd, block, sizeof(block))) > 0)
		buf_add(out, block, (size_t)n);
	close(fd);
}

static void
write_file(const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert(file_write_all(fd, bytes, n));
	close(fd);
}

static struct cache *
open_cache(void)
{
	struct err err = ERR_INIT;
	struct cache *c = cache_open(path, &err);

	ck_assert_msg(c != NULL, "%s", err.text);
	return c;
}

static void
change(struct cache *c, const char *sql)
{
	ck_assert_msg(sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK,
	    "%s: %s", sql, sqlite3_errmsg(c->db));
}

/* --- rows --- */

static void
draw_digest(struct rng *r, struct digest *d)
{
	uint64_t bits = rng_next(r);

	memset(d, 0, sizeof(*d));
	d->alg = (uint8_t)rng_below(r, DIGEST_ALGS);
	memcpy(d->raw, &bits, sizeof(bits));
}

static void
draw_manifest(struct rng *r, struct manifest *m)
{
	struct digest d;
	uint64_t n;

	manifest_init(m);
	m->kind = (enum manifest_kind)rng_below(r, MANIFEST_KINDS);
	for (n = rng_below(r, 8); n > 0; n--) {
		draw_digest(r, &d);
		*vec_push(&m->names) = d;
		if (rng_below(r, 2))
			*vec_push(&m->children) = d;
		if (rng_below(r, 2))
			*vec_push(&m->needs) = d;
		if (rng_below(r, 4) == 0) {
			*vec_push(&m->names) = d;
			m->has_subject = true;
			m->subject = d;
		}
	}
}

static bool
is_same(const struct manifest *a, const struct manifest *b)
{
	struct buf x, y;
	bool is;

	buf_init(&x, 64 * 1024);
	buf_init(&y, 64 * 1024);
	facts_format(a, &x);
	facts_format(b, &y);
	is = x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
	buf_release(&x);
	buf_release(&y);
	return is;
}

/* 2500 are more than are held back at once. */
START_TEST(what_was_added_is_found_by_its_digest_and_size_alone)
{
	enum { N = 2500 };
	struct manifest m, got;
	struct digest d;
	struct cache *c;
	struct rng r;
	int round, i;

	manifest_init(&got);
	for (round = 0; round < 2; round++) {
		c = open_cache();
		rng_init(&r, 1);
		for (i = 0; i < N; i++) {
			draw_digest(&r, &d);
			draw_manifest(&r, &m);
			if (round == 0)
				cache_add(c, &d, (uint64_t)i, &m);
			ck_assert(!cache_find(c, &d, (uint64_t)i + 1, &got));
			if (round == 1)
				ck_assert(
				    cache_find(c, &d, (uint64_t)i, &got) &&
				    is_same(&m, &got));
			d.raw[31] ^= 1;
			ck_assert(!cache_find(c, &d, (uint64_t)i, &got));
			manifest_release(&m);
		}
		ck_assert_ptr_null(cache_warning(c));
		cache_close(c);
	}
	manifest_release(&got);
	clean();
}
END_TEST

START_TEST(bytes_that_are_no_facts_are_refused)
{
	struct manifest m, got;
	struct buf bytes;
	uint64_t seed;
	struct rng r;
	size_t n;

	manifest_init(&got);
	buf_init(&bytes, 64 * 1024);
	for (seed = 0; seed < 200; seed++) {
		rng_init(&r, seed);
		draw_manifest(&r, &m);
		buf_clear(&bytes);
		facts_format(&m, &bytes);
		ck_assert_int_eq(facts_parse(bytes.data, bytes.len, &got), 0);
		ck_assert(is_same(&m, &got));
		if (m.names.n == 1)
			for (n = 2; n < bytes.len; n++)
				ck_assert_int_eq(facts_parse(bytes.data, n,
						     &got),
				    -1);
		for (n = 0; n < bytes.len; n++) {
			bytes.data[n] ^= (char)(1 << rng_below(&r, 8));
			(void)!facts_parse(bytes.data, bytes.len, &got);
		}
		manifest_release(&m);
	}
	ck_assert_int_eq(facts_parse("", 0, &got), -1);
	ck_assert_int_eq(facts_parse("\x7f", 1, &got), -1);
	manifest_release(&got);
	buf_release(&bytes);
	clean();
}
END_TEST

/* --- collections --- */

struct outcome {
	uint64_t gets; /* of the mark */
	uint64_t cached;
	uint64_t read;
	bool has_warned;
};

/* Collects the maker's registry with the cache at path, and compares what is
 * left with the oracle. */
static struct outcome
collect(struct maker *r, uint64_t seed, bool delete_untagged)
{
	struct cache *c = open_cache();
	struct outcome out;
	const char *wrong;
	struct rig rig;

	rig_init(&rig, seed, delete_untagged);
	rig_tell_md5(&rig);
	rig.opts.root = maker_root(r);
	rig.opts.mark.cache = c;
	maker_judge(r, delete_untagged);
	maker_fill(r, rig.mem);
	ck_assert_msg(rig_plan(&rig) == 0, "%s", rig.err.text);
	out.gets = tally_of(rig.tally)->requests[STORAGE_GET];
	out.cached = rig.gc.mark.manifests_cached;
	out.read = rig.gc.mark.manifests_read;
	ck_assert_uint_eq(rig.gc.mark.reads.known, rig.gc.mark.reads.done);
	ck_assert_int_eq(rig_sweep(&rig), 0);
	wrong = maker_difference(r, rig.mem);
	ck_assert_msg(wrong == NULL, "seed %llu: %s is wrong",
	    (unsigned long long)seed, wrong);
	out.has_warned = cache_warning(c) != NULL;
	rig_release(&rig);
	cache_close(c);
	return out;
}

START_TEST(a_second_run_reads_no_manifest_and_plans_the_same)
{
	uint64_t seed;

	for (seed = 0; seed < 150; seed++) {
		struct maker *r = maker_new(seed, 2);
		struct outcome first, second;
		bool untagged = seed % 2;

		first = collect(r, seed, untagged);
		second = collect(r, seed + 1, untagged);
		/* What is in no blob that was listed is asked for again. */
		ck_assert_uint_eq(first.cached, 0);
		ck_assert_uint_eq(second.cached, first.read);
		ck_assert_uint_eq(second.read, 0);
		ck_assert_uint_eq(second.gets, first.gets - first.read);
		ck_assert(!first.has_warned && !second.has_warned);
		maker_free(r);
		remove_file("");
	}
	clean();
}
END_TEST

/* In one file, each run finding what those before it left. */
START_TEST(the_cache_of_another_registry_does_no_harm)
{
	uint64_t seed;

	for (seed = 0; seed < 100; seed++) {
		struct maker *r = maker_new(seed % 60, 1);

		ck_assert(!collect(r, seed, seed % 3 == 0).has_warned);
		maker_free(r);
	}
	clean();
}
END_TEST

/* --- damage --- */

/* A byte of the file in many places behind its first 16, which say that it is a
 * database, and its end: each time as it was. */
START_TEST(a_file_damaged_anywhere_changes_no_plan)
{
	enum { PLACES = 250 };
	struct maker *r = maker_new(3, 2);
	uint64_t warnings = 0, cached = 0;
	struct buf whole;
	struct rng rng;
	int i, k;

	collect(r, 1, true);
	read_file(&whole);
	rng_init(&rng, 1);
	for (i = 0; i < PLACES; i++) {
		struct outcome out;
		size_t at = 16 +
		    (i < 94 ? (size_t)i : rng_below(&rng, whole.len - 16));
		char byte = whole.data[at];
		size_t n = i % 5 == 0 ? at : whole.len;

		if (i % 3 == 0)
			whole.data[at] ^= (char)(1 << rng_below(&rng, 8));
		else
			whole.data[at] = (char)rng_below(&rng, 256);
		write_file(whole.data, n);
		whole.data[at] = byte;
		out = collect(r, (uint64_t)i, true);
		warnings += out.has_warned;
		cached += out.cached;
		/* It is whole again, or soon: it may begin anew when some of it
		 * has been found, and damage to its index may show late. */
		for (k = 0; k < 5 && out.read > 0; k++)
			out = collect(r, (uint64_t)i, true);
		ck_assert_uint_eq(out.read, 0);
	}
	ck_assert_uint_gt(warnings, PLACES / 10);
	ck_assert_uint_gt(cached, 0);
	maker_free(r);
	buf_release(&whole);
	clean();
}
END_TEST

START_TEST(rows_that_are_not_what_they_were_are_read_again)
{
	static const char *const tricks[] = {
		"UPDATE " CACHE_TABLE
		" SET facts = (SELECT facts FROM " CACHE_TABLE
		" ORDER BY digest LIMIT 1)",
		"UPDATE " CACHE_TABLE " SET (facts, seal) = (SELECT facts, seal"
		" FROM " CACHE_TABLE " ORDER BY digest DESC LIMIT 1)",
		"UPDATE " CACHE_TABLE " SET size = size + 1",
		"UPDATE " CACHE_TABLE " SET seal = x''",
		"UPDATE " CACHE_TABLE " SET seal = ''",
		"UPDATE " CACHE_TABLE " SET facts = x''",
		"UPDATE " CACHE_TABLE " SET facts = 7, size = 'x'",
		"UPDATE " CACHE_TABLE " SET facts = substr(facts, 1, 34)",
		"DELETE FROM " CACHE_TABLE,
		"DROP TABLE " CACHE_TABLE,
		"DROP TABLE " CACHE_TABLE "; CREATE TABLE " CACHE_TABLE "(x)",
	};
	struct maker *r = maker_new(5, 2);
	struct outcome first = collect(r, 1, true), out;
	struct cache *c;
	size_t i;

	ck_assert_uint_gt(first.read, 3);
	for (i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++) {
		c = open_cache();
		change(c, tricks[i]);
		cache_close(c);
		out = collect(r, 1, true);
		/* The one that was copied, and whatever says the same. */
		ck_assert_uint_lt(out.cached, first.read / 2);
		out = collect(r, 1, true);
		ck_assert_uint_eq(out.read, 0);
	}
	maker_free(r);
	clean();
}
END_TEST

/* --- the file --- */

static void
expect_refused(const char *why)
{
	struct err err = ERR_INIT;

	ck_assert_ptr_null(cache_open(path, &err));
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_msg(strstr(err.text, path) != NULL &&
		strstr(err.text, why) != NULL,
	    "%s", err.text);
}

START_TEST(what_can_be_no_cache_is_refused_by_name)
{
	char whole[128];
	struct cache *c;

	snprintf(whole, sizeof(whole), "%s", path);
	snprintf(path, sizeof(path), "%s/none/cache", folder);
	expect_refused("No such file");
	snprintf(path, sizeof(path), "%s", folder);
	expect_refused("not a file");
	snprintf(path, sizeof(path), "%s", whole);

	c = open_cache();
	ck_assert_int_eq(chmod(path, 0666), 0);
	expect_refused("everybody can write");
	ck_assert_int_eq(chmod(path, 0644), 0);
	change(c, "DROP TABLE " CACHE_TABLE "; CREATE TABLE theirs(x)");
	cache_close(c);
	expect_refused("another program's");
	snprintf(path, sizeof(path), "%s/cache/x", folder);
	expect_refused("Not a directory");
	snprintf(path, sizeof(path), "%s", whole);
	clean();
}
END_TEST

START_TEST(a_file_that_is_no_database_is_refused_and_stays)
{
	static const char text[] = "storage: {gcs: {bucket: precious}}\n";
	struct err err = ERR_INIT;
	struct buf after;
	size_t n;

	/* Also one that is shorter than the head of a database; one byte is
	 * nothing to SQLite. */
	for (n = 2; n <= strlen(text); n++) {
		write_file(text, n);
		ck_assert_ptr_null(cache_open(path, &err));
		ck_assert_int_eq(err.code, ERR_CONFIG);
		ck_assert_ptr_nonnull(strstr(err.text, "not a SQLite file"));
		err_clear(&err);
		read_file(&after);
		ck_assert_uint_eq(after.len, n);
		ck_assert_mem_eq(after.data, text, n);
		buf_release(&after);
	}
	clean();
}
END_TEST

START_TEST(an_empty_file_is_as_good_as_none)
{
	struct cache *c;

	write_file("", 0);
	c = open_cache();
	ck_assert_ptr_null(cache_warning(c));
	cache_close(c);
	clean();
}
END_TEST

/* A cache may be in a plan, which it never harms. */
START_TEST(a_plan_has_room_for_it)
{
	struct cache *c = open_cache();

	change(c,
	    "DROP TABLE " CACHE_TABLE "; CREATE TABLE victim(x);"
	    "INSERT INTO victim VALUES(7)");
	cache_close(c);
	c = open_cache();
	ck_assert(c->is_guest);
	change(c, "DROP TABLE " CACHE_TABLE);
	cache_close(c);
	clean();
}
END_TEST

START_TEST(a_later_version_keeps_its_own_rows)
{
	struct cache *c = open_cache();

	change(c,
	    "DROP TABLE " CACHE_TABLE "; CREATE TABLE manifest_cache_99(x)"
	    "; INSERT INTO manifest_cache_99 VALUES(7)");
	cache_close(c);
	c = open_cache();
	ck_assert_ptr_null(cache_warning(c));
	change(c, "DELETE FROM manifest_cache_99 WHERE x = 7");
	ck_assert_int_eq(sqlite3_changes(c->db), 1);
	cache_close(c);
	clean();
}
END_TEST

/* --- others, and no room --- */

START_TEST(two_runs_share_it)
{
	struct cache *one = open_cache(), *two = open_cache();
	struct digest d = { 0 };
	struct manifest m;
	uint64_t i;

	manifest_init(&m);
	for (i = 0; i < 100; i++) {
		d.raw[0] = (uint8_t)i;
		cache_add(i % 2 ? one : two, &d, i, &m);
		cache_add(i % 3 ? one : two, &d, i, &m);
		if (i % 10 == 0) {
			cache_flush(one);
			cache_flush(two);
		}
	}
	cache_flush(one);
	cache_flush(two);
	for (i = 0; i < 100; i++) {
		d.raw[0] = (uint8_t)i;
		ck_assert(cache_find(i % 2 ? two : one, &d, i, &m));
	}
	ck_assert_ptr_null(cache_warning(one));
	ck_assert_ptr_null(cache_warning(two));
	cache_close(one);
	cache_close(two);
	clean();
}
END_TEST

START_TEST(one_that_another_program_keeps_to_itself_costs_requests_only)
{
	struct cache *one = open_cache(), *two = open_cache();
	struct digest d = { 0 };
	struct manifest m;

	manifest_init(&m);
	sqlite3_busy_timeout(two->db, 0);
	cache_add(two, &d, 1, &m);
	change(one, "BEGIN EXCLUSIVE");
	cache_flush(two);
	ck_assert(!cache_find(two, &d, 1, &m));
	ck_assert_ptr_nonnull(strstr(cache_warning(two), "in use"));
	change(one, "COMMIT");
	cache_add(two, &d, 1, &m);
	cache_flush(two);
	ck_assert(cache_find(two, &d, 1, &m));
	cache_close(one);
	cache_close(two);
	clean();
}
END_TEST

START_TEST(a_full_disk_keeps_nothing_new_and_all_that_was_there)
{
	struct digest first = { 0 }, d = { .raw = { 1 } };
	struct cache *c = open_cache();
	struct manifest m;
	int i;

	manifest_init(&m);
	for (i = 0; i < 3000; i++)
		*vec_push(&m.names) = (struct digest){
			.raw = { (uint8_t)i, (uint8_t)(i >> 8) },
		};
	cache_add(c, &first, 1, &m);
	cache_flush(c);
	change(c, "PRAGMA max_page_count = 30");
	cache_add(c, &d, 1, &m);
	cache_flush(c);
	ck_assert_ptr_nonnull(strstr(cache_warning(c), "cannot be written"));
	ck_assert_ptr_nonnull(strstr(cache_warning(c), "full"));
	ck_assert(!cache_find(c, &d, 1, &m));
	ck_assert(cache_find(c, &first, 1, &m));
	cache_close(c);
	manifest_release(&m);
	clean();
}
END_TEST

int
main(void)
{
	int rc;

	set_up();
	rc = suite_run("cache",
	    what_was_added_is_found_by_its_digest_and_size_alone,
	    bytes_that_are_no_facts_are_refused,
	    a_second_run_reads_no_manifest_and_plans_the_same,
	    the_cache_of_another_registry_does_no_harm,
	    a_file_damaged_anywhere_changes_no_plan,
	    rows_that_are_not_what_they_were_are_read_again,
	    what_can_be_no_cache_is_refused_by_name,
	    a_file_that_is_no_database_is_refused_and_stays,
	    an_empty_file_is_as_good_as_none, a_plan_has_room_for_it,
	    a_later_version_keeps_its_own_rows, two_runs_share_it,
	    one_that_another_program_keeps_to_itself_costs_requests_only,
	    a_full_disk_keeps_nothing_new_and_all_that_was_there, NULL);
	clean();
	rmdir(folder);
	return rc;
}
