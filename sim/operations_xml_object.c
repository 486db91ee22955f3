/* SPDX-License-Identifier: MIT */
/* The XML API's objects, one at a time. */
#include "sim/operations_xml.h"

#include <string.h>
#include <strings.h>

#include "sim/bucket.h"
#include "sim/guard.h"
#include "sim/json_out.h"
#include "sim/meta.h"
#include "sim/operations_priv.h"
#include "sim/percent.h"
#include "sim/reply.h"
#include "sim/rfc3339.h"
#include "sim/routes.h"
#include "sim/world.h"
#include "sim/xml_body.h"
#include "sim/xml_conditions.h"
#include "sim/xml_out.h"
#include "src/base/arena.h"
#include "src/base/str.h"

enum { WHY_MAX = 1024 };

/* --- what is said of a new object --- */

/* What would do harm if it were passed over. */
static const char *
find_unserved(const struct ask *ask)
{
	static const char *const names[] = { "x-goog-resumable",
		"x-goog-encryption-algorithm",
		"x-amz-server-side-encryption-customer-algorithm",
		"x-amz-object-lock-mode", "x-amz-object-lock-legal-hold",
		"x-goog-object-lock-mode", "x-amz-tagging",
		"x-amz-website-redirect-location" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (ask_header(ask, names[i]) != NULL)
			return names[i];
	}
	return NULL;
}

/* A custom metadata header's name without its prefix, or NULL. */
static const char *
meta_key(const char *name)
{
	static const char *const prefixes[] = { "x-goog-meta-", "x-amz-meta-" };
	size_t i, n;

	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		n = strlen(prefixes[i]);
		if (strncasecmp(name, prefixes[i], n) == 0 && name[n] != '\0')
			return name + n;
	}
	return NULL;
}

static void
read_pairs(const struct ask *ask, struct meta_draft *draft, struct arena *texts)
{
	const char *name, *value, *key;
	size_t at = 0;
	char *lower, *c;

	while (ask->headers.next(ask->headers.from, &at, &name, &value)) {
		if ((key = meta_key(name)) == NULL)
			continue;
		lower = arena_strndup(texts, key, strlen(key));
		for (c = lower; *c != '\0'; c++)
			*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
		meta_draft_set(draft, lower, value);
	}
}

/* Without the framing, which is the request's and not the object's. */
static const char *
read_encoding(const struct ask *ask)
{
	const char *text = ask_header(ask, "Content-Encoding");

	if (text == NULL || strncasecmp(text, "aws-chunked", 11) != 0)
		return text;
	text += 11;
	text += strspn(text, ", \t");
	return *text != '\0' ? text : NULL;
}

/* By either of two names. */
static const char *
one_of(const struct ask *ask, const char *goog, const char *amz)
{
	const char *value = ask_header(ask, goog);

	return value != NULL ? value : ask_header(ask, amz);
}

int
operations_xml_describe(const struct scene *s, struct meta_draft *draft,
    struct arena *texts)
{
	const char *unserved = find_unserved(s->ask), *class, *time;
	const struct ask *ask = s->ask;
	uint64_t us;

	class = one_of(ask, "x-goog-storage-class", "x-amz-storage-class");
	time = ask_header(ask, "x-goog-custom-time");
	if (unserved != NULL)
		operations_xml_fail(s, XML_NOT_IMPLEMENTED, unserved);
	else if (class != NULL && !object_is_storage_class(class))
		operations_xml_fail(s, XML_INVALID_ARGUMENT, class);
	else if (time != NULL && rfc3339_parse(time, &us) != 0)
		operations_xml_fail(s, XML_INVALID_ARGUMENT, time);
	if (s->reply->status != 200)
		return -1;
	draft->text[META_CONTENT_TYPE] = ask_header(ask, "Content-Type");
	draft->text[META_CONTENT_ENCODING] = read_encoding(ask);
	draft->text[META_CONTENT_DISPOSITION] = ask_header(ask,
	    "Content-Disposition");
	draft->text[META_CONTENT_LANGUAGE] = ask_header(ask,
	    "Content-Language");
	draft->text[META_CACHE_CONTROL] = ask_header(ask, "Cache-Control");
	draft->text[META_STORAGE_CLASS] = class;
	draft->text[META_CUSTOM_TIME] = time;
	draft->text[META_KMS_KEY] = ask_header(ask,
	    "x-goog-encryption-kms-key-name");
	read_pairs(ask, draft, texts);
	if (meta_draft_custom(draft) <= META_CUSTOM_MAX)
		return 0;
	operations_xml_fail(s, XML_METADATA_TOO_LARGE, "");
	return -1;
}

/* --- writing --- */

void
operations_xml_reply_stored(const struct scene *s, const struct object *o)
{
	const char *encoding = meta_text(o->meta, META_CONTENT_ENCODING);
	struct buf *head = &s->reply->head;

	s->reply->type = reply_html;
	buf_addf(head, "x-goog-generation: %llu\r\nx-goog-metageneration: %u",
	    (unsigned long long)o->generation, o->metageneration);
	operations_add_hashes(o, head);
	buf_adds(head, "\r\nx-goog-stored-content-encoding: ");
	buf_adds(head, encoding != NULL ? encoding : "identity");
	buf_addf(head, "\r\nx-goog-stored-content-length: %llu\r\nETag: ",
	    (unsigned long long)o->size);
	xml_add_etag(o, head);
	buf_adds(head, "\r\n");
}

/* The bytes are looked at before anything else is: an upload that was damaged
 * is that, whatever its conditions. */
static void
put_body(const struct scene *s, struct meta_draft *draft)
{
	struct payload *payload;
	enum xml_error error;
	struct buf why;

	buf_init(&why, WHY_MAX);
	payload = xml_body_read(s->ask, &error, &why);
	if (payload == NULL)
		operations_xml_fail(s, error, why.data);
	else if (!operations_is_cut(s, payload->size) &&
	    operations_xml_may_put(s))
		operations_xml_reply_stored(s,
		    operations_publish(s, payload->size, payload, draft));
	else
		payload_free(payload);
	buf_release(&why);
}

void
operations_xml_put(const struct scene *s)
{
	const char *source = one_of(s->ask, "x-goog-copy-source",
	    "x-amz-copy-source");
	struct meta_draft draft = { 0 };
	struct arena texts;

	if (source != NULL) {
		operations_xml_copy(s, source);
		return;
	}
	arena_init(&texts);
	if (operations_xml_describe(s, &draft, &texts) == 0)
		put_body(s, &draft);
	meta_draft_release(&draft);
	arena_release(&texts);
}

/* --- copying --- */

/* "/bucket/name?versionId=17" into the route; -1: it is none.  *generation is
 * 0 when none is said. */
static int
parse_source(struct route *r, const char *source, uint64_t *generation)
{
	const char *end = source + strcspn(source, "?"), *slash;
	struct query q;

	*generation = 0;
	if (*end == '?') {
		query_parse(&q, end + 1, strlen(end + 1));
		if (q.is_cut || query_u64(&q, "versionId", generation) < 0 ||
		    query_u64(&q, "generation", generation) < 0)
			return -1;
	}
	source += *source == '/';
	/* Its first slash may be encoded as well. */
	buf_clear(&r->source_name);
	if (percent_decode(&r->source_name, source, (size_t)(end - source),
		false) != 0 ||
	    (slash = memchr(r->source_name.data, '/', r->source_name.len)) ==
		NULL)
		return -1;
	buf_clear(&r->source_bucket);
	buf_add(&r->source_bucket, r->source_name.data,
	    (size_t)(slash - r->source_name.data));
	end = r->source_name.data + r->source_name.len;
	r->source_name.len = (size_t)(end - slash - 1);
	memmove(r->source_name.data, slash + 1, r->source_name.len + 1);
	return r->source_bucket.len > 0 && r->source_name.len > 0 ? 0 : -1;
}

static int
find_source(const struct scene *s, const char *source,
    const struct object **out)
{
	const char *header = ask_header(s->ask,
	    "x-goog-copy-source-generation");
	struct route *r = s->ask->route;
	const struct buf *name = &r->source_name;
	struct bucket *b;
	uint64_t generation;

	if (parse_source(r, source, &generation) != 0 ||
	    (header != NULL && str_parse_u64(header, &generation) != 0)) {
		operations_xml_fail(s, XML_INVALID_ARGUMENT, source);
		return -1;
	}
	b = world_find(s->world, r->source_bucket.data, r->source_bucket.len);
	if (b == NULL) {
		reply_no_bucket(s->reply);
		return -1;
	}
	if (b != s->bucket)
		bucket_begin(b);
	*out = generation != 0
	    ? bucket_find_version(b, name->data, name->len, generation)
	    : bucket_find(b, name->data, name->len);
	return operations_xml_may(s, *out, FOR_SOURCE) ? 0 : -1;
}

static int
describe_copy(const struct scene *s, const struct object *source,
    struct meta_draft *draft, struct arena *texts)
{
	const char *directive = one_of(s->ask, "x-goog-metadata-directive",
	    "x-amz-metadata-directive");
	const char *class = one_of(s->ask, "x-goog-storage-class",
	    "x-amz-storage-class");

	if (directive == NULL || strcasecmp(directive, "COPY") == 0) {
		operations_copy_meta(source, draft);
		draft->text[META_STORAGE_CLASS] = class;
		if (class != NULL && !object_is_storage_class(class)) {
			operations_xml_fail(s, XML_INVALID_ARGUMENT, class);
			return -1;
		}
	} else if (strcasecmp(directive, "REPLACE") != 0) {
		operations_xml_fail(s, XML_INVALID_ARGUMENT, directive);
		return -1;
	} else if (operations_xml_describe(s, draft, texts) != 0) {
		return -1;
	}
	operations_keep_bytes(s, source, draft);
	return 0;
}

static void
reply_copied(const struct scene *s, const struct object *o)
{
	struct xml_out w;

	xml_init(&w, &s->reply->body, "CopyObjectResult", XML_NS_LIST);
	operations_xml_add_time(&w, "LastModified", o->updated_us);
	operations_xml_add_etag(&w, o);
	xml_end(&w);
	buf_addf(&s->reply->head,
	    "x-goog-generation: %llu\r\nx-goog-metageneration: %u\r\n",
	    (unsigned long long)o->generation, o->metageneration);
}

void
operations_xml_copy(const struct scene *s, const char *source)
{
	const struct object *from = NULL;
	struct meta_draft draft = { 0 };
	struct arena texts;

	arena_init(&texts);
	if (find_source(s, source, &from) == 0 && operations_xml_may_put(s) &&
	    describe_copy(s, from, &draft, &texts) == 0)
		reply_copied(s,
		    operations_publish(s, from->size,
			payload_share(from->payload), &draft));
	meta_draft_release(&draft);
	arena_release(&texts);
}

/* --- reading and deleting --- */

void
operations_xml_get(const struct scene *s)
{
	struct object *o;

	if (operations_xml_find(s, &o) == 0 &&
	    operations_xml_may(s, o, FOR_READ))
		operations_reply_media(s, o);
}

void
operations_xml_delete(const struct scene *s)
{
	const struct query *q = &s->ask->route->query;
	struct object *o;

	if (operations_xml_find(s, &o) != 0 ||
	    !operations_xml_may(s, o, FOR_CHANGE) ||
	    !guard_allows(s->world, s->bucket, o, s->ask->wall_us, s->reply))
		return;
	if (query_has(q, "generation") || query_has(q, "versionId"))
		bucket_delete_version(s->bucket, o, s->ask->wall_us);
	else
		bucket_delete(s->bucket, o, s->ask->wall_us);
	s->reply->status = 204;
	s->reply->type = reply_html;
}
