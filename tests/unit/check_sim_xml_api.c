/* SPDX-License-Identifier: MIT */
/* The XML API as its clients meet it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"
#include "src/base/mem.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"
#include "tests/unit/sim_xml_talk.h"

START_TEST(an_object_comes_is_read_and_goes)
{
	xml_start(NULL);
	xml_ask("PUT", "/demo/a/b%20c+d",
	    "Content-Type: text/plain\r\nx-goog-meta-Colour: red\r\n"
	    "x-amz-meta-shape: round\r\nCache-Control: max-age=9\r\n",
	    "hello");
	xml_expect(200, "");
	xml_expect_head("ETag: \"5d41402abc4b2a76b9719d911017c592\"");
	xml_expect_head("x-goog-hash: crc32c=mnG7TA==");
	xml_ask("GET", "/demo/a%2Fb%20c+d", "", "");
	xml_expect(200, "hello");
	xml_expect_head("Content-Type: text/plain");
	xml_expect_head("x-goog-meta-colour: red");
	xml_expect_head("x-goog-meta-shape: round");
	xml_expect_head("x-goog-metageneration: 1");
	xml_expect_head("x-goog-stored-content-length: 5");
	xml_expect_head("Cache-Control: max-age=9");
	xml_expect_head("Accept-Ranges: bytes");
	xml_expect_head("ETag: \"5d41402abc4b2a76b9719d911017c592\"");
	ck_assert(!sim_answer_has(xml_last(), "x-amz-meta-colour: red"));
	xml_ask("GET", "/demo/a/b%20c+d",
	    "Range: bytes=1-2\r\nAuthorization: AWS4-HMAC-SHA256 x\r\n", "");
	xml_expect(206, "el");
	xml_expect_head("Content-Range: bytes 1-2/5");
	xml_expect_head("x-amz-meta-colour: red");
	xml_ask("GET", "/demo/a/b%20c+d", "Range: bytes=5-\r\n", "");
	xml_expect(416, "<Code>InvalidRange</Code>");
	xml_expect_head("Content-Range: bytes */5");
	xml_ask("DELETE", "/demo/a/b%20c+d", "", "");
	xml_expect(204, "");
	xml_ask("DELETE", "/demo/a/b%20c+d", "", "");
	xml_expect(404,
	    "<Error><Code>NoSuchKey</Code><Message>The specified key does not "
	    "exist.</Message><Details>No such object: demo/a/b c+d</Details>"
	    "</Error>");
	xml_expect_head("Content-Type: application/xml; charset=UTF-8");
	xml_ask("GET", "/nope/x", "", "");
	xml_expect(404, "<Code>NoSuchBucket</Code>");
	xml_stop();
}
END_TEST

START_TEST(a_host_names_the_bucket)
{
	static const char request[] =
	    "PUT /b/x HTTP/1.1\r\nHost: demo.storage.googleapis.com\r\n"
	    "Content-Length: 2\r\n\r\nhi";

	xml_start(NULL);
	xml_ask_raw(request, sizeof(request) - 1);
	xml_expect(200, "");
	xml_ask("GET", "/demo/b/x", "", "");
	xml_expect(200, "hi");
	xml_ask("GET", "/b/demo/o/b%2Fx?fields=size", "", "");
	xml_expect(200, "\"size\": \"2\"");
	xml_stop();
}
END_TEST

START_TEST(conditions_are_in_headers)
{
	static const char etag[] = "\"5d41402abc4b2a76b9719d911017c592\"";
	struct {
		const char *method, *condition, *value;
		int status;
	} rows[] = {
		{ "GET", "x-goog-if-generation-match", "1", 412 },
		{ "GET", "x-goog-if-metageneration-match", "1", 200 },
		{ "GET", "x-goog-if-metageneration-match", "2", 412 },
		{ "GET", "x-goog-if-generation-match", "x", 400 },
		{ "GET", "If-Match", etag, 200 },
		{ "GET", "If-Match", "*", 200 },
		{ "GET", "If-Match", "\"other\"", 412 },
		{ "GET", "If-None-Match", etag, 304 },
		{ "GET", "If-None-Match", "\"a\", W/\"b\"", 200 },
		{ "GET", "If-Modified-Since", "Sat, 01 Jan 2050 00:00:00 GMT",
		    304 },
		{ "GET", "If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT",
		    200 },
		{ "GET", "If-Modified-Since", "yesterday", 200 },
		{ "GET", "If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT",
		    412 },
		{ "PUT", "x-goog-if-generation-match", "0", 412 },
		{ "PUT", "If-None-Match", "*", 412 },
		{ "DELETE", "x-goog-if-generation-match", "7", 412 },
	};
	char line[256];
	size_t i;

	xml_start(NULL);
	xml_put("x", "hello");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(line, sizeof(line), "%s: %s\r\n", rows[i].condition,
		    rows[i].value);
		xml_ask(rows[i].method, "/demo/x", line, "");
		ck_assert_msg(xml_last()->status == rows[i].status, "%s %s%d",
		    rows[i].method, line, xml_last()->status);
	}
	xml_ask("PUT", "/demo/new", "x-goog-if-generation-match: 0\r\n", "n");
	xml_expect(200, "");
	xml_ask("DELETE", "/demo/x", "x-goog-if-metageneration-match: 1\r\n",
	    "");
	xml_expect(204, "");
	xml_ask("GET", "/demo/x", "x-goog-if-generation-match: 1\r\n", "");
	xml_expect(404, "NoSuchKey");
	xml_stop();
}
END_TEST

START_TEST(a_page_goes_on_where_its_marker_is)
{
	xml_start(NULL);
	xml_put("a/1", "x");
	xml_put("a/2", "x");
	xml_put("b&c", "x");
	xml_put("d+e", "x");
	xml_ask("GET", "/demo?max-keys=2", "", "");
	xml_expect(200,
	    "<Name>demo</Name><Prefix/><Marker/><MaxKeys>2</MaxKeys>"
	    "<NextMarker>a/2</NextMarker><IsTruncated>true</IsTruncated>"
	    "<Contents><Key>a/1</Key><Generation>");
	xml_expect(200,
	    "<ETag>&quot;9dd4e461268c8034f5c8564e155c67a6&quot;</ETag>"
	    "<Size>1</Size></Contents>");
	xml_ask("GET", "/demo?marker=a/2", "", "");
	xml_expect(200, "<Key>b&amp;c</Key>");
	xml_expect_not("a/1");
	xml_ask("GET", "/demo?delimiter=/&max-keys=1", "", "");
	xml_expect(200, "<NextMarker>a/</NextMarker>");
	xml_expect(200, "<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>");
	xml_ask("GET", "/demo?delimiter=/&marker=a/&encoding-type=url", "", "");
	xml_expect(200, "<EncodingType>url</EncodingType>");
	xml_expect(200, "<Key>b%26c</Key>");
	xml_expect(200, "<Key>d%2Be</Key>");
	xml_expect_not("CommonPrefixes");
	xml_ask("GET", "/demo?max-keys=0", "", "");
	xml_expect(200, "<IsTruncated>false</IsTruncated></ListBucketResult>");
	xml_ask("GET", "/demo?max-keys=x", "", "");
	xml_expect(400, "<Code>InvalidArgument</Code>");
	xml_ask("GET", "/demo?encoding-type=x", "", "");
	xml_expect(400, "<Details>encoding-type</Details>");
	xml_stop();
}
END_TEST

START_TEST(the_second_list_has_tokens)
{
	char target[256], *token;
	const char *at;

	xml_start(NULL);
	xml_put("a", "x");
	xml_put("b", "x");
	xml_put("c", "x");
	xml_ask("GET", "/demo?list-type=2&max-keys=2&fetch-owner=true", "", "");
	xml_expect(200, "<KeyCount>2</KeyCount>");
	xml_expect_not("Marker");
	at = strstr(xml_last()->body.data, "<NextContinuationToken>") + 23;
	token = mem_strndup(at, strcspn(at, "<"));
	snprintf(target, sizeof(target),
	    "/demo?list-type=2&continuation-token=%s", token);
	xml_ask("GET", target, "", "");
	xml_expect(200, "<Key>c</Key>");
	xml_expect(200, "<KeyCount>1</KeyCount>");
	xml_expect(200, token);
	free(token);
	xml_ask("GET", "/demo?list-type=2&start-after=b", "", "");
	xml_expect(200, "<StartAfter>b</StartAfter>");
	xml_expect_not("<Key>b</Key>");
	xml_ask("GET", "/demo?list-type=2&continuation-token=x", "", "");
	xml_expect(400, "<Details>continuation-token</Details>");
	xml_stop();
}
END_TEST

START_TEST(versions_are_listed_and_named)
{
	char target[256], *first;

	xml_start(NULL);
	xml_ask("PUT", "/demo?versioning", "",
	    "<VersioningConfiguration><Status>Enabled</Status>"
	    "</VersioningConfiguration>");
	xml_expect(200, "");
	xml_ask("GET", "/demo?versioning", "", "");
	xml_expect(200, "<Status>Enabled</Status>");
	xml_put("x", "1");
	first = xml_header("x-goog-generation: ");
	xml_put("x", "22");
	xml_ask("GET", "/demo?versions&max-keys=1", "", "");
	xml_expect(200, "<NextMarker>x</NextMarker><NextGenerationMarker>");
	xml_expect(200, "<IsLatest>false</IsLatest>");
	snprintf(target, sizeof(target),
	    "/demo?versions&marker=x&generation-marker=%s", first);
	xml_ask("GET", target, "", "");
	xml_expect(200, "<IsLatest>true</IsLatest>");
	xml_expect_not("<IsLatest>false</IsLatest>");
	snprintf(target, sizeof(target), "/demo/x?versionId=%s", first);
	xml_ask("GET", target, "", "");
	xml_expect(200, "1");
	snprintf(target, sizeof(target), "/demo/x?generation=%s", first);
	xml_ask("DELETE", target, "", "");
	xml_expect(204, "");
	xml_ask("GET", target, "", "");
	xml_expect(404, "NoSuchKey");
	free(first);
	xml_ask("PUT", "/demo?versioning", "", "<VersioningConfiguration/>");
	xml_expect(400, "<Code>MalformedXML</Code>");
	xml_stop();
}
END_TEST

START_TEST(a_copy_has_the_bytes_and_its_own_words)
{
	xml_start(NULL);
	xml_ask("PUT", "/demo/a+b", "x-goog-meta-k: v\r\nContent-Type: x/y\r\n",
	    "hello");
	xml_ask("PUT", "/demo/c", "x-goog-copy-source: /demo/a%2Bb\r\n", "");
	xml_expect(200, "<CopyObjectResult");
	xml_expect(200, "5d41402abc4b2a76b9719d911017c592");
	xml_ask("GET", "/demo/c", "", "");
	xml_expect(200, "hello");
	xml_expect_head("x-goog-meta-k: v");
	xml_ask("PUT", "/demo/c",
	    "x-amz-copy-source: demo/a%2Bb\r\nContent-Type: p/q\r\n"
	    "x-amz-metadata-directive: REPLACE\r\n",
	    "");
	xml_ask("GET", "/demo/c", "", "");
	xml_expect_head("Content-Type: p/q");
	ck_assert(!sim_answer_has(xml_last(), "x-goog-meta-k: v"));
	xml_ask("PUT", "/demo/c", "x-goog-copy-source: /demo/none\r\n", "");
	xml_expect(404, "No such object: demo/none");
	xml_ask("PUT", "/demo/c", "x-goog-copy-source: /nope/x\r\n", "");
	xml_expect(404, "NoSuchBucket");
	xml_ask("PUT", "/demo/c", "x-goog-copy-source: demo\r\n", "");
	xml_expect(400, "InvalidArgument");
	xml_ask("PUT", "/demo/c",
	    "x-goog-copy-source: demo/a+b\r\n"
	    "x-goog-copy-source-if-generation-match: 1\r\n",
	    "");
	xml_expect(412, "PreconditionFailed");
	xml_stop();
}
END_TEST

START_TEST(hashes_are_held_against_the_bytes)
{
	static const struct {
		const char *line, *code; /* NULL: 200 */
	} rows[] = {
		{ "Content-MD5: XUFAKrxLKna5cZ2REBfFkg==", NULL },
		{ "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==", "BadDigest" },
		{ "Content-MD5: abc", "InvalidDigest" },
		{ "x-goog-hash: crc32c=mnG7TA==", NULL },
		{ "x-goog-hash: crc32c=AAAAAA==", "BadDigest" },
		{ "x-amz-checksum-crc32: NhCmhg==", NULL },
		{ "x-amz-checksum-crc32: AAAAAA==", "BadDigest" },
		{ "x-amz-checksum-crc32c: mnG7TA==", NULL },
		{ "x-amz-checksum-crc32c: AAAAAA==", "BadDigest" },
		{ "x-goog-storage-class: CHEAP", "InvalidArgument" },
		{ "x-goog-storage-class: NEARLINE", NULL },
		{ "x-goog-custom-time: now", "InvalidArgument" },
		{ "x-goog-resumable: start", "NotImplemented" },
		{ "x-amz-tagging: a=b", "NotImplemented" },
		{ "x-goog-acl: public-read", NULL },
	};
	char line[256];
	size_t i;

	xml_start(NULL);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(line, sizeof(line), "%s\r\n", rows[i].line);
		xml_ask("PUT", "/demo/x", line, "hello");
		if (rows[i].code != NULL)
			ck_assert_msg(xml_last()->status >= 400 &&
				strstr(xml_last()->body.data, rows[i].code) !=
				    NULL,
			    "%s %s", line, xml_last()->body.data);
		else
			ck_assert_msg(xml_last()->status == 200, "%s %s", line,
			    xml_last()->body.data);
	}
	xml_ask("PUT", "/demo/f",
	    "Content-Encoding: aws-chunked,gzip\r\n"
	    "x-amz-trailer: x-amz-checksum-crc32\r\n",
	    "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
	xml_expect(200, "");
	xml_expect_head("x-goog-stored-content-length: 5");
	xml_expect_head("x-goog-stored-content-encoding: gzip");
	xml_ask("PUT", "/demo/f", "Content-Encoding: aws-chunked\r\n",
	    "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n");
	xml_expect(400, "BadDigest");
	xml_ask("PUT", "/demo/f", "Content-Encoding: aws-chunked\r\n", "hello");
	xml_expect(400, "framing");
	xml_stop();
}
END_TEST

static const char two[] = "<Delete><Object><Key>a</Key></Object>"
			  "<Object><Key>none</Key></Object></Delete>";

START_TEST(many_are_deleted_at_once)
{
	xml_start(NULL);
	xml_put("a", "x");
	xml_put("b", "x");
	xml_put("held", "x");
	xml_ask("PATCH", "/b/demo/o/held", "", "{\"temporaryHold\":true}");
	xml_ask("POST", "/demo?delete", "", two);
	xml_expect(200,
	    "<DeleteResult xmlns='http://s3.amazonaws.com/doc/2006-03-01/'>"
	    "<Deleted><Key>a</Key></Deleted><Error><Key>none</Key>"
	    "<Code>NoSuchKey</Code><Message>The specified key does not exist."
	    "</Message></Error></DeleteResult>");
	xml_ask("POST", "/demo?delete", "",
	    "<Delete><Quiet>True</Quiet><Object><Key>b</Key></Object>"
	    "<Object><Key>held</Key></Object>"
	    "<Object><Key>held</Key><VersionId>1</VersionId></Object>"
	    "</Delete>");
	xml_expect_not("Deleted");
	xml_expect(200, "<Key>held</Key><Code>ObjectUnderActiveHold</Code>");
	xml_expect(200, "under active Temporary hold");
	xml_expect(200,
	    "<Key>held</Key><VersionId>1</VersionId><Code>NoSuchKey</Code>");
	xml_ask("DELETE", "/demo/held", "", "");
	xml_expect(403, "<Code>ObjectUnderActiveHold</Code>");
	xml_ask("POST", "/demo?delete", "", "<Delete></Delete>");
	xml_expect(400, "<Code>MalformedXML</Code>");
	xml_ask("POST", "/demo?delete",
	    "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==\r\n", two);
	xml_expect(400, "<Code>BadDigest</Code>");
	xml_ask("POST", "/nope?delete", "", two);
	xml_expect(404, "<Code>NoSuchBucket</Code>");
	ck_assert_uint_eq(sim_objects(xml_sim(), "demo", NULL), 1);
	ck_assert_uint_eq(sim_count(xml_sim(), SIM_DELETE), 6);
	xml_stop();
}
END_TEST

START_TEST(what_google_left_open_is_an_option)
{
	struct sim_opts opts;
	size_t i;

	sim_defaults(&opts);
	opts.multidelete_forgives = true;
	xml_start(&opts);
	xml_ask("POST", "/demo?delete", "", two);
	xml_expect(200, "<Deleted><Key>none</Key></Deleted></DeleteResult>");
	xml_stop();
	for (i = 0; i < 2; i++) {
		sim_defaults(&opts);
		opts.write_limit = 1;
		opts.burst = 2;
		opts.multidelete_is_one_write = i == 1;
		xml_start(&opts);
		xml_ask("POST", "/demo?delete", "", two);
		xml_expect(200, "DeleteResult");
		xml_ask("DELETE", "/demo/a", "", "");
		xml_expect(i == 0 ? 429 : 404,
		    i == 0 ? "<Code>SlowDown</Code><Message>Please reduce your "
			     "request rate.</Message><Details>The object "
			     "demo/a exceeded the rate limit"
			   : "NoSuchKey");
		xml_stop();
	}
}
END_TEST

START_TEST(faults_speak_xml_too)
{
	static const struct {
		int status;
		const char *code;
	} rows[] = { { 503, "ServiceUnavailable" }, { 500, "InternalError" },
		{ 429, "SlowDown" }, { 412, "PreconditionFailed" },
		{ 404, "NoSuchKey" }, { 403, "AccessDenied" } };
	struct sim_fault fault = { .kind = SIM_GET, .times = 1 };
	struct err err = ERR_INIT;
	size_t i;

	xml_start(NULL);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fault.status = rows[i].status;
		ck_assert_int_eq(sim_fail_next(xml_sim(), &fault, &err), 0);
		xml_ask("GET", "/demo/x", "", "");
		xml_expect(rows[i].status, rows[i].code);
	}
	xml_ask("GET", "/storage/v1/b/demo/o/x", "", "");
	xml_expect(404, "\"reason\": \"notFound\"");
	xml_stop();
}
END_TEST

START_TEST(buckets_come_and_go)
{
	xml_start(NULL);
	xml_ask("PUT", "/other", "", "");
	xml_expect(200, "");
	xml_ask("PUT", "/other", "", "");
	xml_expect(409, "<Code>BucketAlreadyOwnedByYou</Code>");
	xml_ask("PUT", "/O", "", "");
	xml_expect(400, "<Code>InvalidBucketName</Code>");
	xml_ask("GET", "/", "Authorization: GOOG1 a:b\r\n", "");
	xml_expect(200, "<Bucket><Name>other</Name><CreationDate>");
	xml_ask("GET", "/other?location", "", "");
	xml_expect(200, "<LocationConstraint>");
	xml_ask("GET", "/other?storageClass", "", "");
	xml_expect(200, "<StorageClass>STANDARD</StorageClass>");
	xml_put("x", "y");
	xml_ask("DELETE", "/demo", "", "");
	xml_expect(409, "<Code>BucketNotEmpty</Code>");
	xml_ask("DELETE", "/other", "", "");
	xml_expect(204, "");
	xml_ask("GET", "/other", "", "");
	xml_expect(404, "<Code>NoSuchBucket</Code>");
	xml_ask("GET", "/demo?acl", "", "");
	xml_expect(501, "<Code>NotImplemented</Code>");
	xml_ask("PATCH", "/demo/x", "", "");
	xml_expect(405, "<Code>MethodNotAllowed</Code>");
	xml_ask("GET", "/demo/%zz", "", "");
	xml_expect(400, "Invalid percent-encoding.");
	xml_stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_xml_api", an_object_comes_is_read_and_goes,
	    a_host_names_the_bucket, conditions_are_in_headers,
	    a_page_goes_on_where_its_marker_is, the_second_list_has_tokens,
	    versions_are_listed_and_named,
	    a_copy_has_the_bytes_and_its_own_words,
	    hashes_are_held_against_the_bytes, many_are_deleted_at_once,
	    what_google_left_open_is_an_option, faults_speak_xml_too,
	    buckets_come_and_go, NULL);
}
