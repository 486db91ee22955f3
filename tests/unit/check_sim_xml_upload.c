/* SPDX-License-Identifier: MIT */
/* Objects that come in parts, through the XML API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"
#include "src/base/mem.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"
#include "tests/unit/sim_xml_talk.h"

/* A part's ETag, as its answer has it. */
static void
put_part(const char *id, unsigned number, const char *bytes, char etag[64])
{
	char target[256], *text;

	snprintf(target, sizeof(target), "/demo/m?partNumber=%u&uploadId=%s",
	    number, id);
	xml_ask("PUT", target, "", bytes);
	xml_expect(200, "");
	text = xml_header("ETag: ");
	snprintf(etag, 64, "%s", text);
	free(text);
}

static void
complete(const char *target, unsigned first, const char *first_etag,
    unsigned second, const char *second_etag)
{
	char body[1024];

	snprintf(body, sizeof(body),
	    "<CompleteMultipartUpload><Part><PartNumber>%u</PartNumber>"
	    "<ETag>%s</ETag></Part><Part><PartNumber>%u</PartNumber>"
	    "<ETag>%s</ETag></Part></CompleteMultipartUpload>",
	    first, first_etag, second, second_etag);
	xml_ask("POST", target, "", body);
}

/* The id of a new upload to demo/m. */
static char *
start_upload(void)
{
	const char *at;

	xml_ask("POST", "/demo/m?uploads", "x-goog-meta-k: v\r\n", "");
	xml_expect(200, "<Bucket>demo</Bucket><Key>m</Key><UploadId>");
	at = strstr(xml_last()->body.data, "<UploadId>") + 10;
	return mem_strndup(at, strcspn(at, "<"));
}

START_TEST(an_upload_comes_in_parts)
{
	const size_t size = 5 * 1024 * 1024;
	char target[256], one[64], two_[64], small[64], *id;
	char *big = mem_alloc(size + 1);

	memset(big, 'x', size);
	big[size] = '\0';
	xml_start(NULL);
	id = start_upload();
	put_part(id, 2, "end", two_);
	put_part(id, 1, "small", small);
	snprintf(target, sizeof(target), "/demo/m?uploadId=%s", id);
	complete(target, 1, small, 2, two_);
	xml_expect(400, "<Code>EntityTooSmall</Code>");
	put_part(id, 1, big, one);
	xml_ask("GET", target, "", "");
	xml_expect(200, "<PartNumber>1</PartNumber><LastModified>");
	xml_expect(200, "<Size>3</Size>");
	xml_ask("GET", "/demo?uploads", "", "");
	xml_expect(200, "<Upload><Key>m</Key><UploadId>");
	complete(target, 2, two_, 1, one);
	xml_expect(400, "<Code>InvalidPartOrder</Code>");
	complete(target, 1, small, 2, two_);
	xml_expect(400, "<Code>InvalidPart</Code>");
	complete(target, 1, one, 3, two_);
	xml_expect(400, "<Code>InvalidPart</Code>");
	ck_assert_uint_eq(sim_objects(xml_sim(), "demo", NULL), 0);
	complete(target, 1, one, 2, two_);
	xml_expect(200, "<Location>http://h/demo/m</Location>");
	xml_expect(200, "-2&quot;</ETag>");
	xml_ask("GET", "/demo/m", "Range: bytes=5242878-\r\n", "");
	xml_expect(206, "xxend");
	xml_expect_head("x-goog-meta-k: v");
	complete(target, 1, one, 2, two_);
	xml_expect(404, "<Code>NoSuchUpload</Code>");
	free(id);
	id = start_upload();
	snprintf(target, sizeof(target), "/demo/m?uploadId=%s", id);
	xml_ask("DELETE", target, "", "");
	xml_expect(204, "");
	xml_ask("GET", target, "", "");
	xml_expect(404, "<Code>NoSuchUpload</Code>");
	free(id);
	free(big);
	xml_stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_xml_upload", an_upload_comes_in_parts, NULL);
}
