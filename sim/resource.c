/* SPDX-License-Identifier: MIT */
/* Keys in production's order. */
#include "sim/resource.h"

#include <jansson.h>
#include <string.h>

#include "sim/access.h"
#include "sim/acl.h"
#include "sim/base64.h"
#include "sim/bucket.h"
#include "sim/guard.h"
#include "sim/json_out.h"
#include "sim/meta.h"
#include "sim/object.h"
#include "sim/operations.h"
#include "sim/percent.h"
#include "sim/routes.h"

enum { TEXT_MAX = 64 * 1024 };

void
resource_init(struct resource *r, const struct bucket *b, const struct ask *ask)
{
	r->bucket = b;
	r->ask = ask;
	r->is_full = query_is(&ask->route->query, "projection", "full") &&
	    !access_is_uniform(b->config.extra);
	r->when_us = UINT64_MAX;
	buf_init(&r->text, TEXT_MAX);
	buf_init(&r->name, TEXT_MAX);
}

void
resource_release(struct resource *r)
{
	buf_release(&r->text);
	buf_release(&r->name);
}

static void
start_link(struct resource *r, const char *mount)
{
	buf_clear(&r->text);
	buf_adds(&r->text, r->ask->self.scheme);
	buf_adds(&r->text, "://");
	buf_adds(&r->text, r->ask->self.host);
	buf_adds(&r->text, mount);
	buf_adds(&r->text, r->bucket->name);
}

static void
end_text(struct resource *r, struct json_out *w)
{
	json_text(w, r->text.data, r->text.len);
}

static void
add_links(struct resource *r, const struct object *o, struct json_out *w)
{
	buf_clear(&r->name);
	if (json_key(w, "selfLink")) {
		percent_encode(&r->name, object_name(o), o->name_len);
		start_link(r, "/storage/v1/b/");
		buf_adds(&r->text, "/o/");
		buf_add(&r->text, r->name.data, r->name.len);
		end_text(r, w);
	}
	if (json_key(w, "mediaLink")) {
		if (r->name.len == 0)
			percent_encode(&r->name, object_name(o), o->name_len);
		start_link(r, "/download/storage/v1/b/");
		buf_adds(&r->text, "/o/");
		buf_add(&r->text, r->name.data, r->name.len);
		buf_adds(&r->text, "?generation=");
		json_add_u64(&r->text, o->generation);
		buf_adds(&r->text, "&alt=media");
		end_text(r, w);
	}
}

static void
add_plain(struct json_out *w, const char *key, const char *value)
{
	if (json_key(w, key))
		json_str(w, value);
}

static void
add_id(struct resource *r, const struct object *o, struct json_out *w)
{
	if (!json_key(w, "id"))
		return;
	buf_clear(&r->text);
	buf_adds(&r->text, r->bucket->name);
	buf_addc(&r->text, '/');
	buf_add(&r->text, object_name(o), o->name_len);
	buf_addc(&r->text, '/');
	json_add_u64(&r->text, o->generation);
	end_text(r, w);
}

/* --- what is in every object --- */

static void
add_object_time(struct resource *r, const char *key, uint64_t us,
    struct json_out *w)
{
	if (!json_key(w, key))
		return;
	if (us != r->when_us)
		rfc3339_format(us, r->when);
	r->when_us = us;
	json_str(w, r->when);
}

static void
add_base64(struct resource *r, const char *key, const void *data, size_t n,
    struct json_out *w)
{
	if (!json_key(w, key))
		return;
	buf_clear(&r->text);
	base64_add(&r->text, data, n);
	end_text(r, w);
}

static void
add_crc32c(struct resource *r, uint32_t value, struct json_out *w)
{
	uint8_t bytes[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16),
		(uint8_t)(value >> 8), (uint8_t)value };

	add_base64(r, "crc32c", bytes, sizeof(bytes), w);
}

static void
add_etag(struct resource *r, const struct object *o, struct json_out *w)
{
	if (!json_key(w, "etag"))
		return;
	buf_clear(&r->text);
	object_add_etag(o, &r->text);
	end_text(r, w);
}

static void
add_identity(struct resource *r, const struct object *o, struct json_out *w)
{
	add_plain(w, "kind", "storage#object");
	add_id(r, o, w);
	add_links(r, o, w);
	if (json_key(w, "name"))
		json_text(w, object_name(o), o->name_len);
	add_plain(w, "bucket", r->bucket->name);
	if (json_key(w, "generation"))
		json_u64_str(w, o->generation);
	if (json_key(w, "metageneration"))
		json_u64_str(w, o->metageneration);
	add_plain(w, "contentType", object_type(o));
	add_plain(w, "storageClass", object_storage_class(o));
	if (json_key(w, "size"))
		json_u64_str(w, o->size);
}

/* --- what is in some --- */

static void
add_meta_text(const struct object *o, enum meta_text which, const char *key,
    struct json_out *w)
{
	const char *text = meta_text(o->meta, which);

	if (text != NULL)
		add_plain(w, key, text);
}

static void
add_flag(bool value, const char *key, struct json_out *w)
{
	if (value && json_key(w, key))
		json_bool(w, true);
}

static void
add_pairs(const struct object *o, struct json_out *w)
{
	struct meta_draft draft;
	size_t i;

	meta_read(o->meta, &draft);
	if (draft.pairs.n > 0 && json_key(w, "metadata")) {
		json_open(w, '{');
		for (i = 0; i < draft.pairs.n; i++) {
			if (json_any_key(w, draft.pairs.v[i].key))
				json_str(w, draft.pairs.v[i].value);
		}
		json_close(w, '}');
	}
	meta_draft_release(&draft);
}

/* Between md5Hash and crc32c. */
static void
add_headers(const struct object *o, struct json_out *w)
{
	if (o->meta == NULL)
		return;
	add_meta_text(o, META_CONTENT_ENCODING, "contentEncoding", w);
	add_meta_text(o, META_CONTENT_DISPOSITION, "contentDisposition", w);
	add_meta_text(o, META_CONTENT_LANGUAGE, "contentLanguage", w);
	add_meta_text(o, META_CACHE_CONTROL, "cacheControl", w);
	add_pairs(o, w);
}

/* Between etag and timeCreated. */
static void
add_holds(const struct object *o, struct json_out *w)
{
	if (o->meta == NULL)
		return;
	add_meta_text(o, META_KMS_KEY, "kmsKeyName", w);
	add_flag(meta_has_temporary_hold(o->meta), "temporaryHold", w);
	add_flag(meta_has_event_based_hold(o->meta), "eventBasedHold", w);
}

static void
add_retention(struct resource *r, const struct object *o, struct json_out *w)
{
	uint64_t until = guard_retained_until(r->bucket, o);

	if (until != 0)
		add_object_time(r, "retentionExpirationTime", until, w);
	if (meta_text(o->meta, META_RETENTION_MODE) == NULL ||
	    !json_key(w, "retention"))
		return;
	json_open(w, '{');
	add_meta_text(o, META_RETENTION_MODE, "mode", w);
	add_meta_text(o, META_RETAIN_UNTIL, "retainUntilTime", w);
	json_close(w, '}');
}

/* Behind timeStorageClassUpdated. */
static void
add_ends(struct resource *r, const struct object *o, struct json_out *w)
{
	const char *contexts = meta_text(o->meta, META_CONTEXTS);

	add_retention(r, o, w);
	add_meta_text(o, META_CUSTOM_TIME, "customTime", w);
	if (o->state == OBJECT_SOFT_DELETED) {
		add_object_time(r, "softDeleteTime", o->ended_us, w);
		add_object_time(r, "hardDeleteTime", o->hard_delete_us, w);
	}
	if (contexts != NULL && json_key(w, "contexts"))
		json_raw(w, contexts, strlen(contexts));
}

/* --- projection=full --- */

static void
add_owner(struct resource *r, const struct object *o, struct json_out *w)
{
	struct acl_place place = { .kind = ACL_OBJECT,
		.self = r->ask->self,
		.bucket = r->bucket,
		.object = o };
	json_t *list;

	if (json_key(w, "owner")) {
		json_open(w, '{');
		add_plain(w, "entity", acl_owner);
		json_close(w, '}');
	}
	if (!json_key(w, "acl"))
		return;
	list = acl_load(ACL_OBJECT, r->bucket, o);
	acl_add_list(&place, list, w);
	json_decref(list);
}

void
resource_add_object(struct resource *r, const struct object *o,
    struct json_out *w)
{
	uint32_t components = meta_components(o->meta);
	struct object_hashes hashes;

	object_hashes(o, &hashes);
	json_open(w, '{');
	add_identity(r, o, w);
	if (object_has_md5(o))
		add_base64(r, "md5Hash", hashes.md5, sizeof(hashes.md5), w);
	add_headers(o, w);
	if (r->is_full)
		add_owner(r, o, w);
	add_crc32c(r, hashes.crc32c, w);
	if (components > 0 && json_key(w, "componentCount"))
		json_u64(w, components);
	add_etag(r, o, w);
	add_holds(o, w);
	add_object_time(r, "timeCreated", o->generation, w);
	add_object_time(r, "updated", o->updated_us, w);
	if (o->state == OBJECT_NONCURRENT)
		add_object_time(r, "timeDeleted", o->ended_us, w);
	add_object_time(r, "timeStorageClassUpdated", o->generation, w);
	add_ends(r, o, w);
	add_object_time(r, "timeFinalized", o->generation, w);
	json_close(w, '}');
}
