/* SPDX-License-Identifier: MIT */
/* XML: what we write of any bytes, and what we take from any client. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/json_out.h"
#include "sim/reply.h"
#include "sim/xml_delete.h"
#include "sim/xml_error.h"
#include "sim/xml_out.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

#define DECLARATION "<?xml version='1.0' encoding='UTF-8'?>"

/* --- writing --- */

START_TEST(documents_are_nested_elements)
{
	struct buf out;
	struct xml_out w;

	buf_init(&out, 4096);
	xml_init(&w, &out, "Root", "urn:x");
	xml_str(&w, "Empty", "");
	xml_open(&w, "Item");
	xml_u64(&w, "Size", UINT64_MAX);
	xml_bool(&w, "Is", true);
	xml_close(&w);
	xml_open(&w, "Open");
	xml_end(&w);
	ck_assert_str_eq(out.data,
	    DECLARATION "<Root xmlns='urn:x'><Empty/>"
			"<Item><Size>18446744073709551615</Size>"
			"<Is>true</Is></Item><Open></Open></Root>");
	buf_release(&out);
}
END_TEST

/* s as the text of <a>, or with its name encoded. */
static const char *
written(const char *s, size_t n, bool is_encoded)
{
	static struct buf out;
	struct xml_out w;

	buf_release(&out);
	buf_init(&out, 1 << 20);
	xml_init(&w, &out, "r", NULL);
	w.encodes_names = is_encoded;
	buf_clear(&out);
	xml_name(&w, "a", s, n);
	return out.data;
}

#define WRITTEN(literal) written(literal, sizeof(literal) - 1, false)

START_TEST(texts_are_escaped)
{
	ck_assert_str_eq(WRITTEN("a&b<c>d\"e'f"),
	    "<a>a&amp;b&lt;c&gt;d&quot;e&#39;f</a>");
	ck_assert_str_eq(WRITTEN("tab\tline\nreturn\r"),
	    "<a>tab\tline\nreturn&#13;</a>");
	ck_assert_str_eq(WRITTEN("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
	    "<a>\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80</a>");
}
END_TEST

START_TEST(what_xml_cannot_hold_is_replaced)
{
	ck_assert_str_eq(WRITTEN("\x01"), "<a>\xef\xbf\xbd</a>");
	ck_assert_str_eq(WRITTEN("a\0b"),
	    "<a>a\xef\xbf\xbd"
	    "b</a>");
	ck_assert_str_eq(WRITTEN("\xff\xc0"),
	    "<a>\xef\xbf\xbd\xef\xbf\xbd</a>");
	ck_assert_str_eq(WRITTEN("\xef\xbf\xbe\xef\xbf\xbf"),
	    "<a>\xef\xbf\xbd\xef\xbf\xbd</a>");
}
END_TEST

/* Slashes stay; a plus and a space cannot be taken for each other. */
START_TEST(names_are_percent_encoded_on_request)
{
	const char name[] = "a/b c+d%\xc3\xa9\x01&";

	ck_assert_str_eq(written(name, sizeof(name) - 1, true),
	    "<a>a/b%20c%2Bd%25%C3%A9%01%26</a>");
	ck_assert_str_eq(written("/", 1, true), "<a>/</a>");
	ck_assert_str_eq(written("", 0, true), "<a/>");
}
END_TEST

START_TEST(an_error_is_a_document)
{
	struct reply r;

	reply_init(&r);
	xml_error_about(&r, XML_NO_SUCH_KEY, "No such object: ", "b", "a<b", 3,
	    "");
	ck_assert_int_eq(r.status, 404);
	ck_assert_str_eq(r.type, "application/xml; charset=UTF-8");
	ck_assert_str_eq(r.body.data,
	    DECLARATION "<Error><Code>NoSuchKey</Code>"
			"<Message>The specified key does not exist.</Message>"
			"<Details>No such object: b/a&lt;b</Details></Error>");
	xml_error(&r, XML_SLOW_DOWN, "", 0);
	ck_assert_int_eq(r.status, 429);
	ck_assert_str_eq(r.body.data,
	    DECLARATION "<Error><Code>SlowDown</Code><Message>Please reduce "
			"your request rate.</Message></Error>");
	reply_release(&r);
}
END_TEST

/* --- Delete --- */

/* From memory of just its size, so that a look too far is seen. */
static const char *
parse(struct xml_delete *d, const char *body)
{
	static char *copy;
	size_t n = strlen(body);

	free(copy);
	copy = mem_alloc(n > 0 ? n : 1);
	memcpy(copy, body, n);
	return xml_delete_parse(d, copy, n);
}

static void
ck_refused(const char *body, const char *why)
{
	struct xml_delete d;
	const char *fault = parse(&d, body);

	ck_assert_msg(fault != NULL, "taken: %s", body);
	ck_assert_msg(strstr(fault, why) != NULL, "%s: %s", body, fault);
	xml_delete_release(&d);
}

START_TEST(a_delete_names_objects_and_versions)
{
	struct xml_delete d;
	const char *fault = parse(&d,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\n"
	    "  <Object>\n    <Key> a&amp;b &#x1F600;</Key>\n"
	    "    <VersionId> 17 </VersionId>\n  </Object>\n"
	    "  <!-- one more -->\n"
	    "  <Object><Key><![CDATA[<c>]]>d</Key></Object>\n"
	    "  <Quiet>True</Quiet>\n</Delete>\n");

	ck_assert_msg(fault == NULL, "%s", fault);
	ck_assert_uint_eq(d.victims.n, 2);
	ck_assert_str_eq(d.victims.v[0].name, " a&b \xf0\x9f\x98\x80");
	ck_assert_uint_eq(d.victims.v[0].name_len, 9);
	ck_assert_uint_eq(d.victims.v[0].generation, 17);
	ck_assert_str_eq(d.victims.v[1].name, "<c>d");
	ck_assert_uint_eq(d.victims.v[1].generation, 0);
	ck_assert(d.is_quiet);
	xml_delete_release(&d);
}
END_TEST

START_TEST(prefixes_and_spellings_of_booleans_are_tolerated)
{
	static const struct {
		const char *text;
		bool is_quiet;
	} rows[] = { { "true", true }, { "TRUE", true }, { " true\n", true },
		{ "False", false }, { "false", false } };
	struct xml_delete d;
	char body[256];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(body, sizeof(body),
		    "<s3:Delete xmlns:s3='urn:s3'><s3:Quiet>%s</s3:Quiet>"
		    "<s3:Object><s3:Key>k</s3:Key></s3:Object></s3:Delete>",
		    rows[i].text);
		ck_assert_ptr_null(parse(&d, body));
		ck_assert_int_eq(d.is_quiet, rows[i].is_quiet);
		ck_assert_uint_eq(d.victims.n, 1);
		xml_delete_release(&d);
	}
}
END_TEST

START_TEST(what_is_no_delete_is_refused)
{
	static const char *const rows[][2] = {
		{ "", "no element found" },
		{ "Delete", "syntax error" },
		{ "<Delete>", "no element found" },
		{ "<Delete/>", "without an Object" },
		{ "<Delete><Quiet>true</Quiet></Delete>", "without an Object" },
		{ "<Remove><Object><Key>k</Key></Object></Remove>",
		    "is a Delete" },
		{ "<Delete><Object/></Delete>", "without a Key" },
		{ "<Delete><Object><Key/></Object></Delete>", "without a Key" },
		{ "<Delete><Object><VersionId>1</VersionId></Object></Delete>",
		    "without a Key" },
		{ "<Delete><Object/><Object><Key>k</Key></Object></Delete>",
		    "without a Key" },
		{ "<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>",
		    "twice" },
		{ "<Delete><Object><Key>a</Key><ETag>b</ETag></Object></Delete>",
		    "not known" },
		{ "<Delete><Quiet><Key>a</Key></Quiet></Delete>",
		    "true or false" },
		{ "<Delete><Objekt><Key>a</Key></Objekt></Delete>",
		    "not known" },
		{ "<Delete><Object><Key>a<b/></Key></Object></Delete>",
		    "nested deeper" },
		{ "<Delete><Object>x<Key>a</Key></Object></Delete>", "beside" },
		{ "<Delete><Object><Key>a</Key>x</Object></Delete>", "beside" },
		{ "<Delete><Object><Key>a</Key></Object></Delete><x/>",
		    "junk after" },
		{ "<Delete><Object><Key>&#1;</Key></Object></Delete>",
		    "invalid character" },
		{ "<Delete><Object><Key>\xff</Key></Object></Delete>",
		    "not well-formed" },
	};
	static const char *const versions[] = { "x", "0", "-1", "1.5",
		"18446744073709551616", "null", "" };
	char body[256];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_refused(rows[i][0], rows[i][1]);
	for (i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		snprintf(body, sizeof(body),
		    "<Delete><Object><Key>k</Key><VersionId>%s</VersionId>"
		    "</Object></Delete>",
		    versions[i]);
		ck_refused(body, "a number above 0");
	}
	ck_refused("<Delete><Object><Key>k</Key></Object><Quiet>yes</Quiet>"
		   "</Delete>",
	    "true or false");
	ck_refused("<Delete><Object><Key>k</Key></Object><Quiet>true</Quiet>"
		   "<Quiet>true</Quiet></Delete>",
	    "twice");
}
END_TEST

/* Nothing is defined, so nothing can grow or be fetched. */
START_TEST(entities_of_ones_own_are_refused)
{
	ck_refused("<!DOCTYPE Delete><Delete><Object><Key>k</Key></Object>"
		   "</Delete>",
	    "document type");
	ck_refused("<!DOCTYPE d [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"
		   "<Delete><Object><Key>&b;</Key></Object></Delete>",
	    "document type");
	ck_refused("<!DOCTYPE d SYSTEM 'file:///etc/hostname'><Delete/>",
	    "document type");
	ck_refused("<Delete><Object><Key>&a;</Key></Object></Delete>",
	    "undefined entity");
}
END_TEST

/* The body of a delete of so many keys. */
static void
add_keys(struct buf *out, size_t keys)
{
	size_t i;

	buf_adds(out, "<Delete>");
	for (i = 0; i < keys; i++)
		buf_addf(out, "<Object><Key>k%zu</Key></Object>", i);
	buf_adds(out, "</Delete>");
}

START_TEST(a_thousand_keys_are_the_most)
{
	struct xml_delete d;
	struct buf body;

	buf_init(&body, 4 * XML_IN_MAX);
	add_keys(&body, XML_DELETE_MAX);
	ck_assert_ptr_null(parse(&d, body.data));
	ck_assert_uint_eq(d.victims.n, 1000);
	ck_assert_str_eq(d.victims.v[999].name, "k999");
	xml_delete_release(&d);
	buf_clear(&body);
	add_keys(&body, XML_DELETE_MAX + 1);
	ck_refused(body.data, "More than 1000");
	while (body.len <= XML_IN_MAX)
		buf_addc(&body, ' ');
	ck_refused(body.data, "larger than 2 MiB");
	buf_clear(&body);
	buf_adds(&body, "<Delete>");
	while (body.len + 8 < XML_IN_MAX)
		buf_adds(&body, "<a/>");
	ck_refused(body.data, "More elements");
	buf_release(&body);
}
END_TEST

/* --- CompleteMultipartUpload --- */

static const char *
parse_parts(struct xml_parts *p, const char *body)
{
	return xml_parts_parse(p, body, strlen(body));
}

START_TEST(parts_have_numbers_and_etags)
{
	struct xml_parts p;

	ck_assert_ptr_null(parse_parts(&p,
	    "<CompleteMultipartUpload xmlns='urn:x'>"
	    "<Part><ETag>\"abc\"</ETag><PartNumber>2</PartNumber></Part>"
	    "<Part><PartNumber>10000</PartNumber><ETag> de\n</ETag>"
	    "<ChecksumCRC32>AAAA</ChecksumCRC32></Part>"
	    "</CompleteMultipartUpload>"));
	ck_assert_uint_eq(p.parts.n, 2);
	ck_assert_uint_eq(p.parts.v[0].number, 2);
	ck_assert_uint_eq(p.parts.v[0].etag_len, 3);
	ck_assert_mem_eq(p.parts.v[0].etag, "abc", 3);
	ck_assert_uint_eq(p.parts.v[1].number, 10000);
	ck_assert_uint_eq(p.parts.v[1].etag_len, 2);
	ck_assert_mem_eq(p.parts.v[1].etag, "de", 2);
	xml_parts_release(&p);
}
END_TEST

START_TEST(what_is_no_list_of_parts_is_refused)
{
	static const char *const rows[][2] = {
		{ "<Delete/>", "is a CompleteMultipartUpload" },
		{ "<CompleteMultipartUpload/>", "without a Part" },
		{ "<CompleteMultipartUpload><Part/></CompleteMultipartUpload>",
		    "a PartNumber and an ETag" },
		{ "<CompleteMultipartUpload><Part><ETag>x</ETag></Part>"
		  "</CompleteMultipartUpload>",
		    "a PartNumber and an ETag" },
		{ "<CompleteMultipartUpload><Part><PartNumber>10001"
		  "</PartNumber></Part></CompleteMultipartUpload>",
		    "1 to 10000" },
		{ "<CompleteMultipartUpload><Part><PartNumber>0"
		  "</PartNumber></Part></CompleteMultipartUpload>",
		    "1 to 10000" },
		{ "<CompleteMultipartUpload><Part><Size>0</Size></Part>"
		  "</CompleteMultipartUpload>",
		    "not known" },
		{ "<CompleteMultipartUpload><Quiet/></CompleteMultipartUpload>",
		    "not known" },
	};
	struct xml_parts p;
	const char *fault;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fault = parse_parts(&p, rows[i][0]);
		ck_assert_msg(fault != NULL, "taken: %s", rows[i][0]);
		ck_assert_msg(strstr(fault, rows[i][1]) != NULL, "%s: %s",
		    rows[i][0], fault);
		xml_parts_release(&p);
	}
}
END_TEST

/* Names of any bytes, written by us and read by us: the same where XML can
 * hold them, well-formed always. */
START_TEST(any_name_is_written_so_that_it_can_be_read)
{
	struct xml_delete d;
	struct xml_out w;
	struct buf body;
	struct rng rng;
	char name[24];
	size_t i, n;

	buf_init(&body, 4096);
	for (i = 0; i < 20000; i++) {
		bool is_ascii = i % 2 == 0;

		rng_init(&rng, i);
		for (n = 0; n < 1 + i % sizeof(name); n++)
			name[n] = is_ascii ? (char)(' ' + rng_next(&rng) % 95)
					   : (char)rng_next(&rng);
		buf_clear(&body);
		xml_init(&w, &body, "Delete", NULL);
		xml_open(&w, "Object");
		xml_name(&w, "Key", name, n);
		xml_end(&w);
		ck_assert_msg(parse(&d, body.data) == NULL, "seed %zu", i);
		if (is_ascii) {
			ck_assert_uint_eq(d.victims.v[0].name_len, n);
			ck_assert_mem_eq(d.victims.v[0].name, name, n);
		}
		xml_delete_release(&d);
	}
	buf_release(&body);
}
END_TEST

int
main(void)
{
	return suite_run("sim_xml", documents_are_nested_elements,
	    texts_are_escaped, what_xml_cannot_hold_is_replaced,
	    names_are_percent_encoded_on_request, an_error_is_a_document,
	    a_delete_names_objects_and_versions,
	    prefixes_and_spellings_of_booleans_are_tolerated,
	    what_is_no_delete_is_refused, entities_of_ones_own_are_refused,
	    a_thousand_keys_are_the_most, parts_have_numbers_and_etags,
	    what_is_no_list_of_parts_is_refused,
	    any_name_is_written_so_that_it_can_be_read, NULL);
}
