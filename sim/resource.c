/* SPDX-License-Identifier: MIT */
/* Keys in production's order. */
#include "sim/resource.h"

#include <string.h>

#include "sim/base64.h"
#include "sim/bucket.h"
#include "sim/json_out.h"
#include "sim/object.h"
#include "sim/operations.h"
#include "sim/percent.h"
#include "sim/rfc3339.h"

enum { TEXT_MAX = 64 * 1024 };

void
resource_init(struct resource *r, const struct bucket *b, const struct ask *ask)
{
	r->bucket = b;
	r->ask = ask;
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
add_times(struct json_out *w, uint64_t us, const char *const *keys, size_t n)
{
	char when[RFC3339_MAX];
	size_t i;

	rfc3339_format(us, when);
	for (i = 0; i < n; i++) {
		if (json_key(w, keys[i]))
			json_str(w, when);
	}
}

static void
start_link(struct resource *r, const char *mount)
{
	buf_clear(&r->text);
	buf_adds(&r->text, "http://");
	buf_adds(&r->text, r->ask->host);
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
add_hashes(struct resource *r, const struct object *o, struct json_out *w)
{
	struct object_hashes hashes;
	bool has_md5 = object_has_md5(o) && json_key(w, "md5Hash");
	uint8_t crc[4];

	object_hashes(o, &hashes);
	if (has_md5) {
		buf_clear(&r->text);
		base64_add(&r->text, hashes.md5, sizeof(hashes.md5));
		end_text(r, w);
	}
	if (json_key(w, "crc32c")) {
		crc[0] = (uint8_t)(hashes.crc32c >> 24);
		crc[1] = (uint8_t)(hashes.crc32c >> 16);
		crc[2] = (uint8_t)(hashes.crc32c >> 8);
		crc[3] = (uint8_t)hashes.crc32c;
		buf_clear(&r->text);
		base64_add(&r->text, crc, sizeof(crc));
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

void
resource_add_object(struct resource *r, const struct object *o,
    struct json_out *w)
{
	static const char *const times[] = { "timeCreated", "updated",
		"timeStorageClassUpdated", "timeFinalized" };

	json_open(w, '{');
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
	add_hashes(r, o, w);
	if (json_key(w, "etag")) {
		buf_clear(&r->text);
		object_add_etag(o, &r->text);
		end_text(r, w);
	}
	add_times(w, o->generation, times, sizeof(times) / sizeof(times[0]));
	json_close(w, '}');
}

void
resource_add_bucket(struct resource *r, struct json_out *w)
{
	static const char *const times[] = { "timeCreated", "updated" };

	json_open(w, '{');
	add_plain(w, "kind", "storage#bucket");
	add_plain(w, "id", r->bucket->name);
	if (json_key(w, "selfLink")) {
		start_link(r, "/storage/v1/b/");
		end_text(r, w);
	}
	add_plain(w, "name", r->bucket->name);
	add_plain(w, "projectNumber", "1");
	add_plain(w, "metageneration", "1");
	add_plain(w, "location", "EUROPE-WEST1");
	add_plain(w, "locationType", "region");
	add_plain(w, "storageClass", "STANDARD");
	add_plain(w, "etag", "CAE=");
	add_times(w, r->bucket->created_us, times,
	    sizeof(times) / sizeof(times[0]));
	json_close(w, '}');
}
