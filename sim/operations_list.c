/* SPDX-License-Identifier: MIT */
/* objects.list: a page of one bucket, as JSON. */
#include "sim/operations_priv.h"

#include "sim/http.h"
#include "sim/json_out.h"
#include "sim/listing.h"
#include "sim/reply.h"
#include "sim/resource.h"
#include "sim/routes.h"

/* The decoded parameters that a listing borrows. */
struct list_texts {
	struct buf delimiter, start, end, token, after;
};

static void
release_texts(struct list_texts *t)
{
	buf_release(&t->delimiter);
	buf_release(&t->start);
	buf_release(&t->end);
	buf_release(&t->token);
	buf_release(&t->after);
}

static int
get_text(const struct query *q, const char *key, struct buf *out,
    struct text *text)
{
	buf_init(out, HTTP_MAX_HEAD);
	if (query_get(q, key, out) != 0)
		return -1;
	*text = (struct text){ out->data, out->len };
	return 0;
}

/* NULL, or which parameter is wrong. */
static const char *
read_list(const struct ask *ask, struct listing *what, struct list_texts *t)
{
	const struct route *route = ask->route;
	const struct query *q = &route->query;
	struct text token = { NULL, 0 };
	uint64_t max = LISTING_MAX;

	*what = (struct listing){ .over = CURSOR_LIVE,
		.now_us = ask->wall_us,
		.prefix = { route->name.data, route->name.len } };
	buf_init(&t->after, HTTP_MAX_HEAD);
	if (get_text(q, "delimiter", &t->delimiter, &what->delimiter) |
	    get_text(q, "startOffset", &t->start, &what->start) |
	    get_text(q, "endOffset", &t->end, &what->end) |
	    get_text(q, "pageToken", &t->token, &token))
		return "Invalid percent-encoding.";
	if (token.n > 0 &&
	    listing_parse_token(what, token.s, token.n, &t->after) != 0)
		return "Invalid value for the parameter pageToken.";
	if (query_u64(q, "maxResults", &max) < 0)
		return "Invalid value for the parameter maxResults.";
	what->max = max == 0 || max > LISTING_MAX ? LISTING_MAX : (size_t)max;
	return NULL;
}

static void
add_items(const struct listing_page *page, struct resource *resource,
    struct json_out *w)
{
	bool has_items = false;
	size_t i;

	for (i = 0; i < page->entries.n; i++) {
		if (page->entries.v[i].object == NULL)
			continue;
		if (!has_items && !json_key(w, "items"))
			return;
		if (!has_items)
			json_open(w, '[');
		has_items = true;
		resource_add_object(resource, page->entries.v[i].object, w);
	}
	if (has_items)
		json_close(w, ']');
}

static void
add_prefixes(const struct listing_page *page, struct json_out *w)
{
	const struct listing_entry *e;
	bool has_prefixes = false;
	size_t i;

	for (i = 0; i < page->entries.n; i++) {
		e = &page->entries.v[i];
		if (e->object != NULL)
			continue;
		if (!has_prefixes && !json_key(w, "prefixes"))
			return;
		if (!has_prefixes)
			json_open(w, '[');
		has_prefixes = true;
		json_text(w, e->prefix.s, e->prefix.n);
	}
	if (has_prefixes)
		json_close(w, ']');
}

static void
add_page(const struct listing *what, const struct listing_page *page,
    struct resource *resource, struct json_out *w)
{
	json_open(w, '{');
	if (json_key(w, "kind"))
		json_str(w, "storage#objects");
	if (page->has_more && json_key(w, "nextPageToken")) {
		buf_clear(&resource->text);
		listing_add_token(what, page, &resource->text);
		json_text(w, resource->text.data, resource->text.len);
	}
	add_prefixes(page, w);
	add_items(page, resource, w);
	json_close(w, '}');
	json_end(w);
}

void
operations_list(const struct scene *s)
{
	struct listing_page page = { 0 };
	struct list_texts texts;
	struct resource resource;
	struct fields *fields;
	struct listing what;
	struct json_out w;
	const char *fault = read_list(s->ask, &what, &texts);

	if (fault != NULL) {
		reply_bad_request(s->reply, "invalid", fault);
	} else if (operations_fields(s, &fields) == 0) {
		listing_run(s->bucket, &what, &page);
		resource_init(&resource, s->bucket, s->ask);
		json_init(&w, &s->reply->body, s->reply->pretty, fields);
		add_page(&what, &page, &resource, &w);
		resource_release(&resource);
		vec_release(&page.entries);
		fields_free(fields);
	}
	release_texts(&texts);
}
