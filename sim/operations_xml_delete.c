/* SPDX-License-Identifier: MIT */
/*
 * Many objects in one request.  Each is deleted, or not, for itself, and what
 * became of it is in the answer, which is 200 whatever it says.
 */
#include "sim/operations_xml.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/guard.h"
#include "sim/object.h"
#include "sim/operations_priv.h"
#include "sim/reply.h"
#include "sim/world.h"
#include "sim/xml_body.h"
#include "sim/xml_delete.h"
#include "sim/xml_out.h"
#include "src/base/buf.h"

enum { WHY_MAX = 4096 };

static void
add_key(const struct xml_victim *v, struct xml_out *w)
{
	xml_text(w, "Key", v->name, v->name_len);
	if (v->generation != 0)
		xml_u64(w, "VersionId", v->generation);
}

static void
add_error(const struct xml_victim *v, enum xml_error e, const char *details,
    struct xml_out *w)
{
	xml_open(w, "Error");
	add_key(v, w);
	xml_error_add(e, w);
	if (details != NULL)
		xml_str(w, "Details", details);
	xml_close(w);
}

static void
add_kept(const struct scene *s, const struct xml_victim *v, enum guard why,
    const struct object *o, struct xml_out *w)
{
	struct buf text;

	buf_init(&text, WHY_MAX);
	guard_add_text(why, s->bucket, o, &text);
	add_error(v, why == GUARD_RETENTION ? XML_RETENTION : XML_UNDER_HOLD,
	    text.data, w);
	buf_release(&text);
}

static void
delete_one(const struct scene *s, const struct xml_victim *v, bool is_quiet,
    struct xml_out *w)
{
	uint64_t now = s->ask->wall_us;
	struct bucket *b = s->bucket;
	enum guard why;
	struct object *o;

	o = v->generation != 0
	    ? bucket_find_version(b, v->name, v->name_len, v->generation)
	    : bucket_find(b, v->name, v->name_len);
	if (o == NULL && !s->world->multidelete_forgives) {
		add_error(v, XML_NO_SUCH_KEY, NULL, w);
		return;
	}
	if ((why = guard_of(s->world, b, o, now)) != GUARD_FREE) {
		add_kept(s, v, why, o, w);
		return;
	}
	if (o != NULL && v->generation != 0)
		bucket_delete_version(b, o, now);
	else if (o != NULL)
		bucket_delete(b, o, now);
	if (is_quiet)
		return;
	xml_open(w, "Deleted");
	add_key(v, w);
	xml_close(w);
}

static void
delete_all(const struct scene *s, const struct xml_delete *d)
{
	struct xml_out w;
	size_t i;

	xml_init(&w, &s->reply->body, "DeleteResult", XML_NS_UPLOAD);
	for (i = 0; i < d->victims.n; i++)
		delete_one(s, &d->victims.v[i], d->is_quiet, &w);
	xml_end(&w);
}

void
operations_xml_multi_delete(const struct scene *s)
{
	struct payload *body;
	struct xml_delete d;
	enum xml_error error;
	const char *fault;
	struct buf why;

	buf_init(&why, WHY_MAX);
	body = xml_body_read(s->ask, &error, &why);
	if (body == NULL) {
		operations_xml_fail(s, error, why.data);
	} else {
		fault = xml_delete_parse(&d, body->bytes, body->size);
		if (fault != NULL)
			operations_xml_fail(s, XML_MALFORMED_XML, fault);
		else
			delete_all(s, &d);
		xml_delete_release(&d);
		payload_free(body);
	}
	buf_release(&why);
}
