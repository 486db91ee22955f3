/* SPDX-License-Identifier: MIT */
/* objects.list: a page of one bucket, as JSON. */
#include "sim/operations_priv.h"

#include "sim/bucket.h"
#include "sim/glob.h"
#include "sim/http.h"
#include "sim/json_out.h"
#include "sim/listing.h"
#include "sim/reply.h"
#include "sim/resource.h"
#include "sim/routes.h"
#include "src/base/str.h"

/* What a listing borrows: its parameters, decoded. */
struct list_texts {
	struct buf delimiter, start, end, token, after;
	struct glob *glob;
};

/* How a parameter is refused: reply_bad_parameter's. */
struct fault {
	const char *key;
	const char *reason;
	const char *message;
};

static const char bad_encoding[] = "Invalid percent-encoding.";

static void
init_texts(struct list_texts *t)
{
	buf_init(&t->delimiter, HTTP_MAX_HEAD);
	buf_init(&t->start, HTTP_MAX_HEAD);
	buf_init(&t->end, HTTP_MAX_HEAD);
	buf_init(&t->token, HTTP_MAX_HEAD);
	buf_init(&t->after, HTTP_MAX_HEAD);
	t->glob = NULL;
}

static void
release_texts(struct list_texts *t)
{
	buf_release(&t->delimiter);
	buf_release(&t->start);
	buf_release(&t->end);
	buf_release(&t->token);
	buf_release(&t->after);
	glob_free(t->glob);
}

static int
get_text(const struct query *q, const char *key, struct buf *out,
    struct text *text)
{
	if (query_get(q, key, out) != 0)
		return -1;
	*text = (struct text){ out->data, out->len };
	return 0;
}

/* Each of the readers answers 0, or -1 and says why in *f. */
static int
refuse(struct fault *f, const char *key, const char *reason,
    const char *message)
{
	*f = (struct fault){ key, reason, message };
	return -1;
}

static int
read_texts(const struct query *q, struct listing *what, struct list_texts *t,
    struct fault *f)
{
	struct text token = { NULL, 0 };

	if (get_text(q, "delimiter", &t->delimiter, &what->delimiter) != 0)
		return refuse(f, "delimiter", "invalid", bad_encoding);
	if (get_text(q, "startOffset", &t->start, &what->start) != 0)
		return refuse(f, "startOffset", "invalid", bad_encoding);
	if (get_text(q, "endOffset", &t->end, &what->end) != 0)
		return refuse(f, "endOffset", "invalid", bad_encoding);
	if (get_text(q, "pageToken", &t->token, &token) != 0 ||
	    (token.n > 0 &&
		listing_parse_token(what, token.s, token.n, &t->after) != 0))
		return refuse(f, "pageToken", "invalid", "Invalid argument.");
	return 0;
}

static int
read_glob(const struct query *q, struct listing *what, struct list_texts *t,
    struct fault *f)
{
	const char *fault;
	struct buf text;
	int rc = 0;

	if (!query_has(q, "matchGlob"))
		return 0;
	buf_init(&text, HTTP_MAX_HEAD);
	if (query_get(q, "matchGlob", &text) != 0)
		rc = refuse(f, "matchGlob", "invalid", bad_encoding);
	else if ((t->glob = glob_parse(text.data, text.len, &fault)) == NULL)
		rc = refuse(f, "matchGlob", "invalidParameter", fault);
	what->glob = t->glob;
	buf_release(&text);
	return rc;
}

static int
read_flag(const struct query *q, const char *key, bool *out, struct fault *f)
{
	*out = false;
	return query_bool(q, key, out) >= 0
	    ? 0
	    : refuse(f, key, "invalidParameter",
		  "Invalid boolean value: want true or false.");
}

/* Which versions: the two flags exclude each other, and one needs a policy. */
static int
read_over(const struct query *q, const struct bucket *b, struct listing *what,
    struct fault *f)
{
	bool versions, soft_deleted;

	if (read_flag(q, "versions", &versions, f) != 0 ||
	    read_flag(q, "softDeleted", &soft_deleted, f) != 0)
		return -1;
	if (versions && soft_deleted)
		return refuse(f, "softDeleted", "invalid",
		    "versions and softDeleted cannot both be true.");
	if (soft_deleted && b->config.soft_delete_s == 0)
		return refuse(f, "softDeleted", "invalid",
		    "bucket soft delete policy must be set.");
	what->over = versions ? CURSOR_VERSIONS
	    : soft_deleted    ? CURSOR_SOFT_DELETED
			      : CURSOR_LIVE;
	return 0;
}

/* There are no folders but in names: as prefixes they come anyway. */
static int
read_directories(const struct query *q, struct listing *what, struct fault *f)
{
	bool folders;

	if (read_flag(q, "includeTrailingDelimiter", &what->trailing_delimiter,
		f) != 0 ||
	    read_flag(q, "includeFoldersAsPrefixes", &folders, f) != 0)
		return -1;
	if (folders && !str_is(what->delimiter.s, what->delimiter.n, "/"))
		return refuse(f, "includeFoldersAsPrefixes", "invalid",
		    "includeFoldersAsPrefixes needs the delimiter '/'.");
	return 0;
}

static int
read_others(const struct query *q, struct listing *what, struct fault *f)
{
	uint64_t max = 0;

	/* An unsigned number of 32 bits; 0 is as good as none. */
	if (query_u64(q, "maxResults", &max) < 0 || max > UINT32_MAX)
		return refuse(f, "maxResults", "invalidParameter",
		    "Invalid unsigned integer value: want 0 to 4294967295.");
	what->max = max == 0 || max > LISTING_MAX ? LISTING_MAX : (size_t)max;
	if (query_has(q, "projection") && !query_is(q, "projection", "full") &&
	    !query_is(q, "projection", "noAcl"))
		return refuse(f, "projection", "invalidParameter",
		    "Invalid string value. Allowed values: [full, noAcl]");
	return 0;
}

/* -1: the reply says what is wrong. */
static int
read_list(const struct scene *s, struct listing *what, struct list_texts *t)
{
	const struct route *route = s->ask->route;
	const struct query *q = &route->query;
	struct fault f;

	*what = (struct listing){ .now_us = s->ask->wall_us,
		.prefix = { route->name.data, route->name.len } };
	if (query_has(q, "filter")) {
		reply_error(s->reply, 501, "notImplemented", NULL,
		    "The simulator does not filter by contexts.");
		return -1;
	}
	if (read_texts(q, what, t, &f) == 0 && read_glob(q, what, t, &f) == 0 &&
	    read_over(q, s->bucket, what, &f) == 0 &&
	    read_directories(q, what, &f) == 0 && read_others(q, what, &f) == 0)
		return 0;
	reply_bad_parameter(s->reply, f.key, f.reason, f.message);
	return -1;
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

	init_texts(&texts);
	if (read_list(s, &what, &texts) == 0 &&
	    operations_fields(s, &fields) == 0) {
		listing_run(s->bucket, &what, &page);
		s->reply->entries = page.entries.n;
		resource_init(&resource, s->bucket, s->ask);
		json_init(&w, &s->reply->body, s->reply->pretty, fields);
		add_page(&what, &page, &resource, &w);
		resource_release(&resource);
		vec_release(&page.entries);
		fields_free(fields);
	}
	release_texts(&texts);
}
