/* SPDX-License-Identifier: MIT */
/* What requests of the XML API are about, and what they carry. */
#include <stdio.h>
#include <string.h>

#include "sim/routes.h"
#include "sim/xml_body.h"
#include "sim/xml_route.h"
#include "src/base/buf.h"
#include "tests/support/suite.h"

START_TEST(a_bucket_may_stand_before_a_host)
{
	static const struct {
		const char *host, *bucket;
	} rows[] = {
		{ "storage.googleapis.com", "" },
		{ "bucket.storage.googleapis.com", "bucket" },
		{ "Bucket.Storage.GoogleAPIs.com:443", "Bucket" },
		{ "a.b.c.storage.googleapis.com", "a.b.c" },
		{ "localhost:8080", "" },
		{ "bucket.localhost:8080", "bucket" },
		{ "127.0.0.1:80", "" },
		{ "127.0.0.1.nip.io", "" },
		{ "bucket.127.0.0.1.nip.io:80", "bucket" },
		{ "my.bucket.10.0.255.7", "my.bucket" },
		{ "bucket.127.0.0.256.nip.io", "" },
		{ "bucket.1.2.3.example.com", "" },
		{ "bucket.example.com", "" },
		{ "gcs-sim:8080", "" },
		{ "[::1]:80", "" },
		{ ".localhost", "" },
		{ "", "" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_msg(xml_route_host_bucket(rows[i].host) ==
			strlen(rows[i].bucket),
		    "%s", rows[i].host);
}
END_TEST

START_TEST(the_json_api_goes_first)
{
	static const struct {
		const char *host, *target;
		const char *bucket; /* NULL: it is the JSON API's */
		const char *name;
	} rows[] = {
		{ "h", "/b/demo/o", NULL, NULL },
		{ "h", "/b", NULL, NULL },
		{ "h", "/b?project=p", NULL, NULL },
		{ "h", "/batch", NULL, NULL },
		{ "h", "/storage/v1/b", NULL, NULL },
		{ "demo.localhost", "/storage/v1/b", NULL, NULL },
		{ "h", "/upload/storage/v1/b/demo/o", NULL, NULL },
		{ "h", "/download/storage/v1/b/demo/o/x", NULL, NULL },
		{ "h", "/resumable/upload/storage/v1/b/demo/o", NULL, NULL },
		{ "h", "/batch/storage/v1", NULL, NULL },
		{ "h", "*", NULL, NULL },
		{ "h", "/bbb/o", "bbb", "o" },
		{ "h", "/storage/v2/b", "storage", "v2/b" },
		{ "h", "/demo/a%2Fb/c+d%20e?generation=1", "demo",
		    "a/b/c+d e" },
		{ "h", "/demo//x", "demo", "/x" },
		{ "demo.localhost", "/b/x", "demo", "b/x" },
		{ "demo.localhost", "/batch", "demo", "batch" },
		{ "demo.localhost", "/demo/x", "demo", "demo/x" },
	};
	struct route r;
	size_t i;

	route_init(&r);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool is_ours = xml_route_parse(&r, HTTP_GET, rows[i].target,
		    rows[i].host);

		ck_assert_msg(is_ours == (rows[i].bucket != NULL), "%s",
		    rows[i].target);
		if (!is_ours)
			continue;
		ck_assert(route_is_xml(&r));
		ck_assert_str_eq(r.bucket.data, rows[i].bucket);
		ck_assert_str_eq(r.name.data, rows[i].name);
	}
	route_release(&r);
}
END_TEST

START_TEST(parameters_choose_the_operation)
{
	static const struct {
		enum http_method method;
		const char *target;
		enum operation op;
		enum sim_kind kind;
	} rows[] = {
		{ HTTP_GET, "/", OP_XML_SERVICE, SIM_BUCKET },
		{ HTTP_PUT, "/", OP_XML_METHOD, SIM_OTHER },
		{ HTTP_GET, "/demo", OP_XML_LIST, SIM_LIST },
		{ HTTP_GET, "/demo/?list-type=2", OP_XML_LIST, SIM_LIST },
		{ HTTP_GET, "/demo?location", OP_XML_LOCATION, SIM_BUCKET },
		{ HTTP_GET, "/demo?acl", OP_XML_UNSERVED, SIM_OTHER },
		{ HTTP_PUT, "/demo?cors=", OP_XML_UNSERVED, SIM_OTHER },
		{ HTTP_HEAD, "/demo", OP_XML_BUCKET_HEAD, SIM_BUCKET },
		{ HTTP_POST, "/demo?delete", OP_XML_MULTI_DELETE, SIM_DELETE },
		{ HTTP_POST, "/demo", OP_XML_METHOD, SIM_OTHER },
		{ HTTP_HEAD, "/demo/x", OP_XML_GET, SIM_GET },
		{ HTTP_GET, "/demo/x?acl", OP_XML_UNSERVED, SIM_OTHER },
		{ HTTP_DELETE, "/demo/x?tagging", OP_XML_UNSERVED, SIM_OTHER },
		{ HTTP_PUT, "/demo/x", OP_XML_PUT, SIM_PUT },
		{ HTTP_PUT, "/demo/x?partNumber=1&uploadId=u",
		    OP_XML_UPLOAD_PUT, SIM_PUT },
		{ HTTP_PUT, "/demo/x?partNumber=1", OP_XML_UNSERVED,
		    SIM_OTHER },
		{ HTTP_POST, "/demo/x?uploads", OP_XML_UPLOAD_START, SIM_PUT },
		{ HTTP_DELETE, "/demo/x?uploadId=u", OP_XML_UPLOAD_ABORT,
		    SIM_PUT },
		{ HTTP_DELETE, "/demo/x?generation=1", OP_XML_DELETE,
		    SIM_DELETE },
		{ HTTP_PATCH, "/demo/x", OP_XML_METHOD, SIM_OTHER },
		{ HTTP_GET, "/demo/%zz", OP_XML_BAD, SIM_OTHER },
	};
	struct route r;
	size_t i;

	route_init(&r);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert(
		    xml_route_parse(&r, rows[i].method, rows[i].target, "h"));
		ck_assert_msg(r.op == rows[i].op && r.kind == rows[i].kind,
		    "%s: %d", rows[i].target, r.op);
	}
	route_release(&r);
}
END_TEST

START_TEST(framing_is_taken_off)
{
	static const char framed[] =
	    "5;chunk-signature=ab\r\nhello\r\nA\r\n, \r\nworld!\r\n"
	    "0\r\nx-amz-checksum-crc32:AAAA\r\nx-other: y\r\n\r\n";
	struct buf out, trailers;

	buf_init(&out, 4096);
	buf_init(&trailers, 4096);
	ck_assert_ptr_null(
	    xml_body_unframe(framed, sizeof(framed) - 1, &out, &trailers));
	ck_assert_str_eq(out.data, "hello, \r\nworld!");
	ck_assert_str_eq(trailers.data,
	    "x-amz-checksum-crc32:AAAA\nx-other: y\n");
	buf_clear(&out);
	ck_assert_ptr_null(xml_body_unframe("0\r\n\r\n", 5, &out, &trailers));
	ck_assert_uint_eq(out.len, 0);
	buf_release(&out);
	buf_release(&trailers);
}
END_TEST

/* Every beginning of a framed body is broken, and so is what never was one. */
START_TEST(broken_framing_is_refused)
{
	static const char framed[] = "5\r\nhello\r\n0\r\na:b\r\n\r\n";
	static const char *const rows[] = { "", "hello", "x\r\n", "\r\n",
		"5\r\nhellox\r\n0\r\n\r\n", "6\r\nhello\r\n0\r\n\r\n",
		"ffffffffffffffff\r\nhello\r\n0\r\n\r\n",
		"5 \r\nhello\r\n0\r\n\r\n", "0\r\n\r\nmore" };
	struct buf out, trailers;
	size_t i;

	buf_init(&out, 4096);
	buf_init(&trailers, 4096);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_msg(xml_body_unframe(rows[i], strlen(rows[i]), &out,
				  &trailers) != NULL,
		    "%s", rows[i]);
	/* The empty line at the end may be missing, as long as a line ends. */
	for (i = 0; i < sizeof(framed) - 1; i++)
		ck_assert_msg((xml_body_unframe(framed, i, &out, &trailers) ==
				  NULL) == (i == 13 || i == 18),
		    "%zu", i);
	buf_release(&out);
	buf_release(&trailers);
}
END_TEST

START_TEST(crc32_is_that_of_zip)
{
	ck_assert_uint_eq(xml_body_crc32("", 0), 0);
	ck_assert_uint_eq(xml_body_crc32("123456789", 9), 0xcbf43926);
}
END_TEST

int
main(void)
{
	return suite_run("sim_xml_body", a_bucket_may_stand_before_a_host,
	    the_json_api_goes_first, parameters_choose_the_operation,
	    framing_is_taken_off, broken_framing_is_refused,
	    crc32_is_that_of_zip, NULL);
}
