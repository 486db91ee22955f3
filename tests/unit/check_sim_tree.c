/* SPDX-License-Identifier: MIT */
/* A folder becomes a bucket: names, bytes, generations, and what cannot. */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/bucket.h"
#include "sim/object.h"
#include "sim/registry.h"
#include "sim/tree.h"
#include "src/base/buf.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

static char top[64];
static struct bucket *bucket;
static uint64_t last;
static struct err err;

/* --- a folder to load, in which we stand --- */

static void
set_up(void)
{
	strcpy(top, "/tmp/check_sim_tree.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(top));
	ck_assert_int_eq(chdir(top), 0);
}

static int
remove_one(const char *path, const struct stat *st, int what, struct FTW *ftw)
{
	(void)st, (void)what, (void)ftw;
	return remove(path);
}

static void
tear_down(void)
{
	bucket_free(bucket);
	bucket = NULL;
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static void
write_file(const char *name, const char *text, size_t n)
{
	FILE *f = fopen(name, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

static void
make(const char *name)
{
	write_file(name, name, strlen(name));
}

static int
load(bool keep_mtime)
{
	bucket_free(bucket);
	bucket = bucket_new("demo", 0);
	last = 0;
	err_clear(&err);
	return tree_load(bucket, top, keep_mtime, &last, &err);
}

/* "a=1582243200000000 b/c=1582243200000001 " */
static void
list(struct buf *out)
{
	const struct object *o;

	buf_clear(out);
	for (o = index_seek(&bucket->live, "", 0, 0); o != NULL;
	     o = index_next(o)) {
		buf_addf(out, "%s=%llu ", object_name(o),
		    (unsigned long long)o->generation);
		ck_assert_uint_eq(o->updated_us, o->generation);
	}
}

static void
expect(bool keep_mtime, const char *want)
{
	struct buf got;

	buf_init(&got, 64 * 1024);
	ck_assert_msg(load(keep_mtime) == 0, "%s", err.text);
	list(&got);
	ck_assert_str_eq(got.data, want);
	buf_release(&got);
}

static void
expect_refused(const char *why)
{
	ck_assert_int_eq(load(false), -1);
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_msg(strstr(err.text, why) != NULL, "%s", err.text);
}

/* --- tests --- */

START_TEST(files_are_objects_in_the_order_of_their_names)
{
	set_up();
	ck_assert_int_eq(mkdir("b", 0700), 0);
	ck_assert_int_eq(mkdir("b/.hidden", 0700), 0);
	ck_assert_int_eq(mkdir("empty", 0700), 0);
	make("b/x y=z");
	make("b.c");
	make("b/.hidden/.file");
	make("a%2Fb");
	make("\xc3\xa9");
	expect(false,
	    "a%2Fb=1582243200000000 b.c=1582243200000001 "
	    "b/.hidden/.file=1582243200000002 b/x y=z=1582243200000003 "
	    "\xc3\xa9=1582243200000004 ");
	ck_assert_uint_eq(last, REGISTRY_EPOCH + 4);
	tear_down();
}
END_TEST

START_TEST(bytes_are_kept)
{
	static const size_t sizes[] = { 0, 1, 4096, 3000001 };
	struct rng rng;
	char *bytes = malloc(3000001), name[16];
	const struct object *o;
	uint8_t md5[HASH_MD5];
	size_t i;

	set_up();
	rng_init(&rng, 1);
	rng_fill(&rng, bytes, 3000001);
	for (i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "f%zu", i);
		write_file(name, bytes, sizes[i]);
	}
	ck_assert_int_eq(load(false), 0);
	for (i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "f%zu", i);
		o = bucket_find(bucket, name, strlen(name));
		ck_assert_uint_eq(o->size, sizes[i]);
		ck_assert_mem_eq(o->payload->bytes, bytes, sizes[i]);
		hash_md5(bytes, sizes[i], md5);
		ck_assert_mem_eq(o->payload->md5, md5, sizeof(md5));
		ck_assert_uint_eq(o->payload->crc32c,
		    hash_crc32c(bytes, sizes[i]));
		ck_assert_str_eq(object_type(o), "application/octet-stream");
	}
	free(bytes);
	tear_down();
}
END_TEST

/* Folders list what they hold in an order of their own; here the files are
 * made in many. */
START_TEST(the_same_tree_gives_the_same_bucket)
{
	struct timespec times[2] = { { .tv_sec = 5 }, { .tv_sec = 5 } };
	struct buf first, again;
	struct rng rng;
	char name[16];
	int order[64];
	size_t i, j;
	int seed, t;

	set_up();
	buf_init(&first, 64 * 1024);
	buf_init(&again, 64 * 1024);
	for (seed = 0; seed < 20; seed++) {
		rng_init(&rng, (uint64_t)seed);
		for (i = 0; i < 64; i++) {
			j = rng_below(&rng, i + 1);
			order[i] = order[j];
			order[j] = (int)i;
		}
		for (i = 0; i < 64; i++) {
			snprintf(name, sizeof(name), "f%d", order[i]);
			make(name);
			t = utimensat(AT_FDCWD, name, times, 0);
			ck_assert_int_eq(t, 0);
		}
		ck_assert_int_eq(load(seed % 2 == 1), 0);
		list(seed < 2 ? &first : &again);
		if (seed >= 2 && seed % 2 == 1)
			ck_assert_str_eq(first.data, again.data);
		for (i = 0; i < 64; i++) {
			snprintf(name, sizeof(name), "f%zu", i);
			ck_assert_int_eq(remove(name), 0);
		}
	}
	ck_assert_ptr_nonnull(strstr(first.data, "f10=5000002 "));
	buf_release(&first);
	buf_release(&again);
	tear_down();
}
END_TEST

START_TEST(times_of_files_become_generations)
{
	static const struct {
		const char *name;
		struct timespec t;
	} rows[] = {
		{ "a", { 1500000000, 123456789 } },
		{ "b", { 1500000000, 123456000 } }, /* the same microsecond */
		{ "c", { 1500000000, 123457000 } }, /* pushed by these */
		{ "d", { -5, 0 } },
		{ "e", { 0, 0 } },
		{ "f", { 4102444800, 0 } }, /* the year 2100 */
		{ "g", { 1500000000, 0 } },
	};
	struct timespec times[2];
	size_t i;

	set_up();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make(rows[i].name);
		times[0] = times[1] = rows[i].t;
		ck_assert_int_eq(utimensat(AT_FDCWD, rows[i].name, times, 0),
		    0);
	}
	expect(true,
	    "a=1500000000123456 b=1500000000123457 c=1500000000123458 "
	    "d=2 e=1 f=4102444800000000 g=1500000000000000 ");
	ck_assert_uint_eq(last, 4102444800000000);
	tear_down();
}
END_TEST

START_TEST(an_empty_folder_is_an_empty_bucket)
{
	set_up();
	expect(false, "");
	expect(true, "");
	ck_assert_uint_eq(last, 0);
	tear_down();
}
END_TEST

START_TEST(a_link_to_a_file_stands_for_it_and_no_other_is_followed)
{
	const struct object *o;

	set_up();
	ck_assert_int_eq(mkdir("folder", 0700), 0);
	make("folder/file");
	ck_assert_int_eq(symlink("folder/file", "link"), 0);
	ck_assert_int_eq(load(false), 0);
	o = bucket_find(bucket, "link", 4);
	ck_assert_uint_eq(o->size, strlen("folder/file"));
	ck_assert_int_eq(symlink("..", "folder/loop"), 0);
	expect_refused("a symbolic link to a folder, which is not followed: ");
	ck_assert_ptr_nonnull(strstr(err.text, "/folder/loop"));
	ck_assert_int_eq(remove("folder/loop"), 0);
	ck_assert_int_eq(symlink("loop", "folder/loop"), 0);
	expect_refused("a symbolic link that leads nowhere: ");
	ck_assert_int_eq(remove("folder/loop"), 0);
	ck_assert_int_eq(load(false), 0);
	tear_down();
}
END_TEST

START_TEST(what_is_no_file_is_refused_by_name)
{
	set_up();
	ck_assert_int_eq(mkfifo("pipe", 0600), 0);
	expect_refused("neither a file nor a folder: ");
	ck_assert_ptr_nonnull(strstr(err.text, "/pipe"));
	ck_assert_int_eq(remove("pipe"), 0);
	ck_assert_int_eq(symlink("/dev/null", "device"), 0);
	expect_refused("neither a file nor a folder: ");
	ck_assert_int_eq(remove("device"), 0);
	make("two\nlines");
	expect_refused("object name is not valid.: ");
	ck_assert_int_eq(remove("two\nlines"), 0);
	make("\xff");
	expect_refused("object name is not valid.: ");
	tear_down();
}
END_TEST

START_TEST(paths_up_to_1024_bytes_are_names)
{
	char name[101];
	struct object *o;
	int i;

	set_up();
	memset(name, 'd', sizeof(name));
	for (i = 0; i < 10; i++) {
		name[100] = '\0';
		ck_assert_int_eq(mkdir(name, 0700), 0);
		ck_assert_int_eq(chdir(name), 0);
	}
	name[14] = '\0'; /* 10 * 101 + 14 = 1024 */
	make(name);
	ck_assert_int_eq(load(false), 0);
	o = index_seek(&bucket->live, "", 0, 0);
	ck_assert_uint_eq(o->name_len, 1024);
	make("fifteen bytes..");
	expect_refused("object name is too long.: ");
	ck_assert_int_eq(remove("fifteen bytes.."), 0);
	ck_assert_int_eq(mkdir("fourteen bytes", 0700), 0);
	expect_refused("too deep for the name of an object: ");
	ck_assert_int_eq(chdir(top), 0);
	tear_down();
}
END_TEST

START_TEST(a_folder_that_is_none_is_refused)
{
	set_up();
	strcat(top, "/no");
	expect_refused("cannot open the folder ");
	ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
	make("no");
	expect_refused("Not a directory");
	*strrchr(top, '/') = '\0';
	tear_down();
}
END_TEST

int
main(void)
{
	return suite_run("sim_tree",
	    files_are_objects_in_the_order_of_their_names, bytes_are_kept,
	    the_same_tree_gives_the_same_bucket,
	    times_of_files_become_generations,
	    an_empty_folder_is_an_empty_bucket,
	    a_link_to_a_file_stands_for_it_and_no_other_is_followed,
	    what_is_no_file_is_refused_by_name,
	    paths_up_to_1024_bytes_are_names, a_folder_that_is_none_is_refused,
	    NULL);
}
