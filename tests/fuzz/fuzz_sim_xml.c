/* SPDX-License-Identifier: MIT */
/*
 * sim_xml: a body of the XML API, read as a multi-object delete and as the
 * list of an upload's parts.
 */
#include <string.h>

#include "sim/utf8.h"
#include "sim/xml_delete.h"
#include "sim/xml_out.h"
#include "src/base/buf.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_xml";

/* The shortest of each: <Object><Key>a</Key></Object> and
 * <Part><PartNumber>1</PartNumber><ETag/></Part> without white space. */
enum { VICTIM_MIN = 29, PART_MIN = 46 };

static void
is_text(const char *s, size_t n)
{
	size_t at, k;

	for (at = 0; at < n; at += k) {
		k = utf8_length(s + at, n - at);
		LAW(k > 0, "what was read is UTF-8");
		LAW(k > 1 || (unsigned char)s[at] >= ' ' ||
			strchr("\t\r\n", s[at]) != NULL,
		    "what was read has the characters of XML");
	}
	LAW(s[n] == '\0' && strlen(s) == n, "what was read is a string");
}

static void
write_again(const struct xml_delete *d, struct buf *out)
{
	const struct xml_victim *v;
	struct xml_out w;
	size_t i;

	xml_init(&w, out, "Delete", NULL);
	xml_bool(&w, "Quiet", d->is_quiet);
	for (i = 0; i < d->victims.n; i++) {
		v = &d->victims.v[i];
		xml_open(&w, "Object");
		if (v->generation != 0)
			xml_u64(&w, "VersionId", v->generation);
		xml_text(&w, "Key", v->name, v->name_len);
		xml_close(&w);
	}
	xml_end(&w);
}

static bool
is_same(const struct xml_delete *a, const struct xml_delete *b)
{
	size_t i;

	if (a->victims.n != b->victims.n || a->is_quiet != b->is_quiet)
		return false;
	for (i = 0; i < a->victims.n; i++) {
		const struct xml_victim *x = &a->victims.v[i];
		const struct xml_victim *y = &b->victims.v[i];

		if (x->name_len != y->name_len ||
		    memcmp(x->name, y->name, x->name_len) != 0 ||
		    x->generation != y->generation)
			return false;
	}
	return true;
}

static void
check_victims(const struct xml_delete *d, size_t n)
{
	size_t i;

	LAW(d->victims.n >= 1 && d->victims.n <= XML_DELETE_MAX,
	    "a delete has 1 to 1000 objects");
	LAW(d->victims.n <= n / VICTIM_MIN, "no object comes from nothing");
	for (i = 0; i < d->victims.n; i++) {
		LAW(d->victims.v[i].name_len > 0, "an object has a name");
		is_text(d->victims.v[i].name, d->victims.v[i].name_len);
	}
}

static void
check_delete(const char *text, size_t n)
{
	struct xml_delete d, again;
	struct buf out;
	const char *fault = xml_delete_parse(&d, text, n);

	if (fault != NULL) {
		fuzz_is_reason(fault);
		xml_delete_release(&d);
		return;
	}
	check_victims(&d, n);
	buf_init(&out, 64 * 1024 * 1024);
	write_again(&d, &out);
	if (out.len <= XML_IN_MAX) {
		LAW(xml_delete_parse(&again, out.data, out.len) == NULL,
		    "what was read can be written so that it is read");
		LAW(is_same(&d, &again),
		    "what is written back is the same delete");
		xml_delete_release(&again);
	}
	buf_release(&out);
	xml_delete_release(&d);
}

static void
check_parts(const char *text, size_t n)
{
	struct xml_parts p;
	const char *fault = xml_parts_parse(&p, text, n);
	size_t i;

	if (fault != NULL) {
		fuzz_is_reason(fault);
		xml_parts_release(&p);
		return;
	}
	LAW(p.parts.n >= 1 && p.parts.n <= XML_PARTS_MAX,
	    "an upload has 1 to 10,000 parts");
	LAW(p.parts.n <= n / PART_MIN, "no part comes from nothing");
	for (i = 0; i < p.parts.n; i++) {
		const struct xml_part *part = &p.parts.v[i];

		LAW(part->number >= 1 && part->number <= XML_PARTS_MAX,
		    "a part has a number from 1 to 10,000");
		LAW(part->etag != NULL && part->etag_len <= n,
		    "a part has an ETag");
	}
	xml_parts_release(&p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	check_delete((const char *)data, n);
	check_parts((const char *)data, n);
	return 0;
}
