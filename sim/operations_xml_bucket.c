/* SPDX-License-Identifier: MIT */
/* The XML API's buckets: their list, their life, and what is told of them. */
#include "sim/operations_xml.h"

#include <strings.h>

#include "sim/bucket.h"
#include "sim/bucket_json.h"
#include "sim/bucket_resource.h"
#include "sim/operations_priv.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "sim/world.h"
#include "sim/xml_in.h"
#include "sim/xml_out.h"
#include "src/base/buf.h"
#include "src/base/str.h"

/* Production's, which nobody here checks. */
static const char owner_id[] = "00b4903a97000000000000000000000000000000000000"
			       "0000000000000000";

void
operations_xml_service(const struct scene *s)
{
	const struct bucket *b;
	struct xml_out w;

	xml_init(&w, &s->reply->body, "ListAllMyBucketsResult", XML_NS_LIST);
	xml_open(&w, "Owner");
	xml_str(&w, "ID", owner_id);
	xml_close(&w);
	xml_open(&w, "Buckets");
	for (b = s->world->buckets; b != NULL; b = b->next) {
		xml_open(&w, "Bucket");
		xml_str(&w, "Name", b->name);
		operations_xml_add_time(&w, "CreationDate", b->created_us);
		xml_close(&w);
	}
	xml_end(&w);
}

/* Both are documents of one element. */
void
operations_xml_location(const struct scene *s)
{
	struct buf *body = &s->reply->body;
	struct xml_out w;

	xml_init(&w, body, "LocationConstraint", NULL);
	bucket_resource_add_location(s->bucket, body);
	xml_end(&w);
}

void
operations_xml_storage_class(const struct scene *s)
{
	const char *class = bucket_json_class(s->bucket);
	struct buf *body = &s->reply->body;
	struct xml_out w;

	xml_init(&w, body, "StorageClass", NULL);
	buf_adds(body, class != NULL ? class : "STANDARD");
	xml_end(&w);
}

/* --- versioning --- */

void
operations_xml_versioning(const struct scene *s)
{
	struct xml_out w;

	xml_init(&w, &s->reply->body, "VersioningConfiguration", NULL);
	if (s->bucket->config.has_versioning)
		xml_str(&w, "Status", "Enabled");
	xml_end(&w);
}

/* NULL, or what is wrong. */
static const char *
read_versioning(const struct xml_doc *doc, bool *out)
{
	const struct xml_node *node = doc->nodes.v;

	if (doc->nodes.n != 2 ||
	    !str_is("VersioningConfiguration", 23, node[0].name) ||
	    !str_is("Status", 6, node[1].name))
		return "A VersioningConfiguration has a Status.";
	*out = strcasecmp(node[1].text, "Enabled") == 0;
	if (!*out && strcasecmp(node[1].text, "Suspended") != 0)
		return "A Status is Enabled or Suspended.";
	return NULL;
}

void
operations_xml_set_versioning(const struct scene *s)
{
	struct bucket *b = s->bucket;
	struct xml_doc doc;
	bool has_versioning = false;
	const char *fault = xml_doc_parse(&doc, s->ask->body, s->ask->body_len);

	if (fault == NULL)
		fault = read_versioning(&doc, &has_versioning);
	if (fault != NULL) {
		operations_xml_fail(s, XML_MALFORMED_XML, fault);
	} else {
		b->config.has_versioning = has_versioning;
		b->metageneration++;
		b->updated_us = s->ask->wall_us;
		bucket_touch(b);
		s->reply->type = reply_html;
	}
	xml_doc_release(&doc);
}

/* --- life --- */

void
operations_xml_bucket_head(const struct scene *s)
{
	buf_addf(&s->reply->head, "x-goog-metageneration: %llu\r\n",
	    (unsigned long long)s->bucket->metageneration);
}

void
operations_xml_bucket_put(const struct scene *s)
{
	const struct buf *name = &s->ask->route->bucket;

	if (!bucket_is_name(name->data, name->len)) {
		operations_xml_fail(s, XML_INVALID_BUCKET_NAME, name->data);
	} else if (s->bucket != NULL) {
		operations_xml_fail(s, XML_BUCKET_EXISTS, "");
	} else {
		world_add(s->world, name->data, s->ask->wall_us);
		s->reply->type = reply_html;
	}
}

void
operations_xml_bucket_delete(const struct scene *s)
{
	if (bucket_objects(s->bucket) + s->bucket->noncurrent.n > 0) {
		operations_xml_fail(s, XML_BUCKET_NOT_EMPTY, "");
		return;
	}
	world_remove(s->world, s->bucket);
	s->reply->status = 204;
}
