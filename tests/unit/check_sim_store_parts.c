/* SPDX-License-Identifier: MIT */
/* store: multipart uploads that are under way when the process ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/sim.h"
#include "sim/rollback.h"
#include "sim/store.h"
#include "sim/world.h"
#include "sim/xml_upload.h"
#include "src/base/mem.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"
#include "tests/unit/sim_file.h"
#include "tests/unit/sim_xml_talk.h"

/* The smallest that may be followed by another. */
enum { BIG = 5 * 1024 * 1024 };

/* --- as a client sees it --- */

static void
start(void)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.data = file_path();
	xml_start(&opts);
}

static char *
start_upload(void)
{
	const char *at;

	xml_ask("POST", "/demo/m?uploads", "x-goog-meta-k: v\r\n", "");
	xml_expect(200, "<UploadId>");
	at = strstr(xml_last()->body.data, "<UploadId>") + 10;
	return mem_strndup(at, strcspn(at, "<"));
}

/* Its ETag, to free(). */
static char *
put_part(const char *id, int number, const char *bytes)
{
	char target[256];

	snprintf(target, sizeof(target), "/demo/m?partNumber=%d&uploadId=%s",
	    number, id);
	xml_ask("PUT", target, "", bytes);
	xml_expect(200, "");
	return xml_header("ETag: ");
}

static void
complete(const char *target, const char *one, const char *two)
{
	char body[1024];

	snprintf(body, sizeof(body),
	    "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>"
	    "<ETag>%s</ETag></Part><Part><PartNumber>2</PartNumber>"
	    "<ETag>%s</ETag></Part></CompleteMultipartUpload>",
	    one, two);
	xml_ask("POST", target, "", body);
}

static void
check_whole(void)
{
	xml_ask("GET", "/demo/m", "Range: bytes=5242878-\r\n", "");
	xml_expect(206, "xxend");
	xml_expect_head("x-goog-meta-k: v");
}

START_TEST(an_upload_is_completed_after_a_restart)
{
	char *big = mem_alloc(BIG + 1), *id, *one, *two, *list, target[256];

	memset(big, 'x', BIG);
	big[BIG] = '\0';
	file_set_up();
	start();
	id = start_upload();
	snprintf(target, sizeof(target), "/demo/m?uploadId=%s", id);
	two = put_part(id, 2, "end");
	free(put_part(id, 1, "small"));
	one = put_part(id, 1, big);
	xml_ask("GET", target, "", "");
	xml_expect(200, "<PartNumber>2</PartNumber>");
	list = mem_strdup(xml_last()->body.data);
	xml_stop();
	ck_assert_int_eq(file_count("SELECT count(*) FROM xml_parts"), 2);
	ck_assert_int_eq(file_count("SELECT count(*) FROM payloads"), 2);
	start();
	xml_ask("GET", target, "", "");
	xml_expect(200, list);
	complete(target, one, two);
	xml_expect(200, "-2&quot;</ETag>");
	check_whole();
	xml_stop();
	ck_assert_int_eq(file_count("SELECT count(*) FROM xml_uploads"), 0);
	ck_assert_int_eq(file_count("SELECT count(*) FROM xml_parts"), 0);
	ck_assert_int_eq(file_count("SELECT count(*) FROM payloads"), 1);
	start();
	check_whole();
	complete(target, one, two);
	xml_expect(404, "<Code>NoSuchUpload</Code>");
	xml_stop();
	free(list);
	free(one);
	free(two);
	free(id);
	free(big);
	file_tear_down();
}
END_TEST

/* --- as the world has it --- */

static struct xml_upload *
begin(struct world *w, const char *bucket, const char *name)
{
	struct xml_upload *u = xml_upload_start(w, bucket, name, NULL, 10);

	xml_upload_put(w, u, 7, payload_new(name, strlen(name)), 20);
	xml_upload_put(w, u, 3, payload_new("", 0), 21);
	return u;
}

static void
check_same_parts(const struct xml_upload *a, const struct xml_upload *b)
{
	const struct xml_upload_part *x, *y;
	size_t i;

	ck_assert_uint_eq(a->parts.n, b->parts.n);
	for (i = 0; i < a->parts.n; i++) {
		x = &a->parts.v[i];
		y = &b->parts.v[i];
		ck_assert_uint_eq(x->number, y->number);
		ck_assert_uint_eq(x->stored_us, y->stored_us);
		ck_assert_uint_eq(x->payload->size, y->payload->size);
		ck_assert_uint_eq(x->payload->crc32c, y->payload->crc32c);
		ck_assert_mem_eq(x->payload->md5, y->payload->md5, HASH_MD5);
		ck_assert_int_eq(memcmp(x->payload->bytes, y->payload->bytes,
				     x->payload->size),
		    0);
	}
}

static void
check_same(const struct world *a, const struct world *b)
{
	const struct xml_upload *x = a->xml_uploads, *y = b->xml_uploads;

	for (; x != NULL && y != NULL; x = x->next, y = y->next) {
		ck_assert_str_eq(x->id, y->id);
		ck_assert_str_eq(x->bucket, y->bucket);
		ck_assert_str_eq(x->name, y->name);
		ck_assert_uint_eq(x->started_us, y->started_us);
		ck_assert_int_eq(x->meta == NULL, y->meta == NULL);
		check_same_parts(x, y);
	}
	ck_assert_ptr_eq(x, y);
}

START_TEST(uploads_stay_until_they_end_or_their_bucket_goes)
{
	struct world w, then = { 0 }, again;
	struct store *s;

	file_set_up();
	s = file_open(&w);
	world_add(&w, "kept", 0);
	rollback_world(&then, &w);
	world_add(&w, "other", 0);
	begin(&w, "other", "a");
	begin(&w, "kept", "b");
	begin(&w, "kept", "aborted");
	begin(&w, "kept", "c");
	xml_upload_start(&w, "kept", "empty", NULL, 10);
	xml_upload_forget(&w, w.xml_uploads->next->next);
	file_commit(s);
	store_close(s);
	s = file_open(&again);
	check_same(&w, &again);
	world_release(&w);
	/* Back to when there were no uploads, and one bucket. */
	rollback_world(&again, &then);
	ck_assert_str_eq(again.xml_uploads->name, "b");
	xml_upload_put(&again, again.xml_uploads, 3, payload_new("new", 3), 30);
	file_commit(s);
	store_close(s);
	s = file_open(&w);
	check_same(&again, &w);
	ck_assert_str_eq(w.xml_uploads->next->next->name, "empty");
	ck_assert_ptr_null(w.xml_uploads->next->next->next);
	world_remove(&w, w.buckets);
	file_commit(s);
	store_close(s);
	ck_assert_int_eq(file_count("SELECT count(*) FROM xml_uploads"), 0);
	ck_assert_int_eq(file_count("SELECT count(*) FROM xml_parts"), 0);
	ck_assert_int_eq(file_count("SELECT count(*) FROM payloads"), 0);
	world_release(&w);
	world_release(&again);
	world_release(&then);
	file_tear_down();
}
END_TEST

int
main(void)
{
	return suite_run("sim_store_parts",
	    an_upload_is_completed_after_a_restart,
	    uploads_stay_until_they_end_or_their_bucket_goes, NULL);
}
