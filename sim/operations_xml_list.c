/* SPDX-License-Identifier: MIT */
/*
 * A page of a bucket as XML, in three dialects: the first has a marker, which
 * is a name; the second a token; the third has all versions, and marks its
 * place by name and generation.
 */
#include "sim/operations_xml.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/http.h"
#include "sim/listing.h"
#include "sim/object.h"
#include "sim/operations_priv.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "sim/xml_out.h"
#include "src/base/buf.h"
#include "src/base/str.h"

enum dialect { MARKERS, TOKENS, VERSIONS };

/* What was asked for.  The texts are decoded. */
struct request {
	enum dialect dialect;
	struct buf delimiter;
	struct buf marker; /* or what stands for it: start-after */
	struct buf token;
	struct buf after; /* what the token says */
	bool encodes_names;
	uint64_t max;
	struct listing what;
};

static void
init_request(struct request *r, const struct scene *s)
{
	const struct route *route = s->ask->route;

	memset(r, 0, sizeof(*r));
	r->dialect = query_names(&route->query, "versions") ? VERSIONS
	    : query_is(&route->query, "list-type", "2")     ? TOKENS
							    : MARKERS;
	buf_init(&r->delimiter, HTTP_MAX_HEAD);
	buf_init(&r->marker, HTTP_MAX_HEAD);
	buf_init(&r->token, HTTP_MAX_HEAD);
	buf_init(&r->after, HTTP_MAX_HEAD);
	r->what.over = r->dialect == VERSIONS ? CURSOR_VERSIONS : CURSOR_LIVE;
	r->what.now_us = s->ask->wall_us;
	r->what.prefix = (struct text){ route->name.data, route->name.len };
}

static void
release_request(struct request *r)
{
	buf_release(&r->delimiter);
	buf_release(&r->marker);
	buf_release(&r->token);
	buf_release(&r->after);
}

/* --- reading --- */

/* A marker that is one of the common prefixes stands for all below it. */
static bool
is_common_prefix(const struct buf *marker, const struct listing *what)
{
	const struct text *d = &what->delimiter;

	return d->n > 0 && marker->len >= what->prefix.n + d->n &&
	    memcmp(marker->data + marker->len - d->n, d->s, d->n) == 0;
}

static const char *
read_place(struct request *r, const struct query *q)
{
	struct listing *what = &r->what;

	if (r->token.len > 0)
		return listing_parse_token(what, r->token.data, r->token.len,
			   &r->after) == 0
		    ? NULL
		    : "continuation-token";
	what->after = (struct text){ r->marker.data, r->marker.len };
	what->after_prefix = is_common_prefix(&r->marker, what);
	what->after_generation = UINT64_MAX;
	if (r->dialect == VERSIONS &&
	    query_u64(q, "generation-marker", &what->after_generation) < 0)
		return "generation-marker";
	return NULL;
}

/* NULL, or the parameter that is wrong. */
static const char *
read_query(struct request *r, const struct query *q)
{
	if (query_get(q, "delimiter", &r->delimiter) != 0)
		return "delimiter";
	r->what.delimiter = (struct text){ r->delimiter.data,
		r->delimiter.len };
	if (r->dialect == TOKENS) {
		if (query_get(q, "start-after", &r->marker) != 0)
			return "start-after";
		if (query_get(q, "continuation-token", &r->token) != 0)
			return "continuation-token";
	} else if (query_get(q, "marker", &r->marker) != 0) {
		return "marker";
	}
	r->encodes_names = query_is(q, "encoding-type", "url");
	if (!r->encodes_names && query_has(q, "encoding-type"))
		return "encoding-type";
	return read_place(r, q);
}

/* --- writing --- */

static void
add_contents(const struct request *r, const struct object *o, struct xml_out *w)
{
	bool is_version = r->dialect == VERSIONS;

	xml_open(w, is_version ? "Version" : "Contents");
	xml_name(w, "Key", object_name(o), o->name_len);
	xml_u64(w, "Generation", o->generation);
	xml_u64(w, "MetaGeneration", o->metageneration);
	if (is_version)
		xml_bool(w, "IsLatest", o->state == OBJECT_LIVE);
	operations_xml_add_time(w, "LastModified", o->updated_us);
	if (is_version && o->state != OBJECT_LIVE)
		operations_xml_add_time(w, "DeletedTime", o->ended_us);
	operations_xml_add_etag(w, o);
	xml_u64(w, "Size", o->size);
	xml_close(w);
}

/* Where the next page begins. */
static void
add_next(const struct request *r, const struct listing_page *page,
    struct xml_out *w)
{
	struct buf token;

	if (r->dialect == TOKENS) {
		buf_init(&token, HTTP_MAX_HEAD);
		listing_add_token(&r->what, page, &token);
		xml_text(w, "NextContinuationToken", token.data, token.len);
		buf_release(&token);
		return;
	}
	xml_name(w, "NextMarker", page->last.s, page->last.n);
	if (r->dialect == VERSIONS && !page->last_is_prefix)
		xml_u64(w, "NextGenerationMarker", page->last_generation);
}

/* What was asked for is said again, if it was. */
static void
add_request(const struct scene *s, const struct request *r, struct xml_out *w)
{
	const struct query *q = &s->ask->route->query;

	xml_str(w, "Name", s->bucket->name);
	xml_name(w, "Prefix", r->what.prefix.s, r->what.prefix.n);
	if (r->dialect != TOKENS)
		xml_name(w, "Marker", r->marker.data, r->marker.len);
	else if (r->marker.len > 0)
		xml_name(w, "StartAfter", r->marker.data, r->marker.len);
	if (r->token.len > 0)
		xml_text(w, "ContinuationToken", r->token.data, r->token.len);
	if (r->delimiter.len > 0)
		xml_name(w, "Delimiter", r->delimiter.data, r->delimiter.len);
	if (query_has(q, "max-keys"))
		xml_u64(w, "MaxKeys", r->max);
	if (r->encodes_names)
		xml_str(w, "EncodingType", "url");
}

static void
add_page(const struct scene *s, const struct request *r,
    const struct listing_page *page)
{
	const struct listing_entry *e;
	struct xml_out w;
	size_t i;

	xml_init(&w, &s->reply->body, "ListBucketResult", XML_NS_LIST);
	w.encodes_names = r->encodes_names;
	add_request(s, r, &w);
	if (page->has_more)
		add_next(r, page, &w);
	if (r->dialect == TOKENS)
		xml_u64(&w, "KeyCount", page->entries.n);
	xml_bool(&w, "IsTruncated", page->has_more);
	for (i = 0; i < page->entries.n; i++) {
		if (page->entries.v[i].object != NULL)
			add_contents(r, page->entries.v[i].object, &w);
	}
	for (i = 0; i < page->entries.n; i++) {
		e = &page->entries.v[i];
		if (e->object != NULL)
			continue;
		xml_open(&w, "CommonPrefixes");
		xml_name(&w, "Prefix", e->prefix.s, e->prefix.n);
		xml_close(&w);
	}
	xml_end(&w);
}

void
operations_xml_list(const struct scene *s)
{
	struct listing_page page = { 0 };
	struct request r;
	const char *fault;

	init_request(&r, s);
	fault = read_query(&r, &s->ask->route->query);
	if (fault != NULL) {
		operations_xml_fail(s, XML_INVALID_ARGUMENT, fault);
	} else if (operations_xml_limit(s, "max-keys", LISTING_MAX, &r.max) ==
	    0) {
		r.what.max = (size_t)r.max;
		/* A page of nothing has nothing behind it. */
		if (r.max > 0)
			listing_run(s->bucket, &r.what, &page);
		s->reply->entries = page.entries.n;
		add_page(s, &r, &page);
		vec_release(&page.entries);
	}
	release_request(&r);
}
