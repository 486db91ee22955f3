/* SPDX-License-Identifier: MIT */
/*
 * The layout of docker/distribution, object by object.  Objects get their
 * generations, which are also their times, in the order in which they are
 * made, from one fixed day on: the day of the run that `demo` repeats.
 */
#include "sim/registry.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/bulk.h"
#include "sim/json_out.h"
#include "sim/object.h"
#include "sim/registry_priv.h"

enum {
	NAME_MAX_BYTES = 4096,
	ROOT_MAX = 512, /* bytes; what follows has its room in 1024 */
	MANIFEST_MAX = 256 * 1024,
	CONFIG_MIN = 1500, /* bytes; real ones are a few kB */
	CONFIG_SPREAD = 6500
};

void
registry_init(struct registry *r, struct bucket *b, const char *root,
    uint64_t seed)
{
	size_t n;

	while (*root == '/')
		root++;
	for (n = strlen(root); n > 0 && root[n - 1] == '/'; n--)
		;
	r->bucket = b;
	r->made = 0;
	rng_init(&r->rng, seed);
	buf_init(&r->root, NAME_MAX_BYTES);
	buf_init(&r->name, 2 * NAME_MAX_BYTES);
	buf_init(&r->text, MANIFEST_MAX);
	buf_add(&r->root, root, n);
	buf_adds(&r->root,
	    n > 0 ? "/docker/registry/v2/" : "docker/registry/v2/");
}

void
registry_release(struct registry *r)
{
	buf_release(&r->root);
	buf_release(&r->name);
	buf_release(&r->text);
}

/* --- objects --- */

static void
start_name(struct registry *r, const char *folder)
{
	buf_clear(&r->name);
	buf_add(&r->name, r->root.data, r->root.len);
	buf_adds(&r->name, folder);
}

static void
put_virtual(struct registry *r, uint64_t size)
{
	bucket_put(r->bucket, r->name.data, r->name.len, size,
	    REGISTRY_EPOCH + r->made++, NULL);
}

static void
put_real(struct registry *r, const char *bytes, size_t n)
{
	bucket_put(r->bucket, r->name.data, r->name.len, n,
	    REGISTRY_EPOCH + r->made++, payload_new(bytes, n));
}

static void
name_blob(struct registry *r, const struct digest *d)
{
	start_name(r, "blobs/sha256/");
	buf_add(&r->name, d->hex, 2);
	buf_addc(&r->name, '/');
	buf_adds(&r->name, d->hex);
	buf_adds(&r->name, "/data");
}

struct digest
registry_draw_digest(struct registry *r)
{
	uint8_t bytes[HASH_SHA256_HEX / 2];
	struct digest d;

	rng_fill(&r->rng, bytes, sizeof(bytes));
	hash_hex(bytes, sizeof(bytes), d.hex);
	return d;
}

struct layer
registry_draw_config(struct registry *r)
{
	struct layer config;

	config.digest = registry_draw_digest(r);
	config.size = CONFIG_MIN + rng_below(&r->rng, CONFIG_SPREAD);
	return config;
}

void
registry_put_blob(struct registry *r, const struct layer *layer)
{
	name_blob(r, &layer->digest);
	put_virtual(r, layer->size);
}

void
registry_put_bulk(struct registry *r, uint64_t n, uint64_t size)
{
	start_name(r, "blobs/sha256/");
	bucket_set_bulk(r->bucket,
	    bulk_new(r->name.data, n, rng_next(&r->rng), size,
		REGISTRY_EPOCH + r->made));
	r->made += n;
}

struct digest
registry_put_manifest(struct registry *r, const struct image *image)
{
	struct digest d;

	registry_format_manifest(image, &r->text);
	hash_sha256_hex(r->text.data, r->text.len, d.hex);
	name_blob(r, &d);
	put_real(r, r->text.data, r->text.len);
	return d;
}

/* --- manifests --- */

static void
add_descriptor(struct buf *out, const char *indent, const char *type,
    const struct layer *layer)
{
	buf_addf(out,
	    "{\n%s   \"mediaType\": \"%s\",\n%s   \"size\": %llu,\n"
	    "%s   \"digest\": \"sha256:%s\"\n%s}",
	    indent, type, indent, (unsigned long long)layer->size, indent,
	    layer->digest.hex, indent);
}

void
registry_format_manifest(const struct image *image, struct buf *out)
{
	static const char *const types[2][3] = {
		{ "application/vnd.docker.distribution.manifest.v2+json",
		    "application/vnd.docker.container.image.v1+json",
		    "application/vnd.docker.image.rootfs.diff.tar.gzip" },
		{ "application/vnd.oci.image.manifest.v1+json",
		    "application/vnd.oci.image.config.v1+json",
		    "application/vnd.oci.image.layer.v1.tar+gzip" },
	};
	const char *const *type = types[image->is_oci];
	size_t i;

	buf_clear(out);
	buf_addf(out,
	    "{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"%s\",\n"
	    "   \"config\": ",
	    type[0]);
	add_descriptor(out, "   ", type[1], &image->config);
	buf_adds(out, ",\n   \"layers\": [");
	for (i = 0; i < image->n; i++) {
		buf_adds(out, i == 0 ? "\n      " : ",\n      ");
		add_descriptor(out, "      ", type[2], &image->layers[i]);
	}
	buf_adds(out, image->n > 0 ? "\n   ]\n}" : "]\n}");
}

/* --- links --- */

static void
name_digest(struct registry *r, const struct digest *d)
{
	buf_adds(&r->name, "sha256/");
	buf_adds(&r->name, d->hex);
	buf_addc(&r->name, '/');
}

/* The name is complete up to "link"; no newline, as the registry writes it. */
static void
put_link(struct registry *r, const struct digest *d)
{
	char text[sizeof("sha256:") + HASH_SHA256_HEX];

	buf_adds(&r->name, "link");
	if (bucket_find(r->bucket, r->name.data, r->name.len) != NULL)
		return;
	memcpy(text, "sha256:", 7);
	memcpy(text + 7, d->hex, HASH_SHA256_HEX + 1);
	put_real(r, text, sizeof(text) - 1);
}

static void
name_in_repository(struct registry *r, const char *repository,
    const char *folder)
{
	start_name(r, "repositories/");
	buf_adds(&r->name, repository);
	buf_adds(&r->name, folder);
}

static void
name_tag(struct registry *r, const char *repository, const char *tag,
    const char *folder)
{
	name_in_repository(r, repository, "/_manifests/tags/");
	buf_adds(&r->name, tag);
	buf_adds(&r->name, folder);
}

void
registry_link_revision(struct registry *r, const char *repository,
    const struct digest *d)
{
	name_in_repository(r, repository, "/_manifests/revisions/");
	name_digest(r, d);
	put_link(r, d);
}

void
registry_link_layer(struct registry *r, const char *repository,
    const struct digest *d)
{
	name_in_repository(r, repository, "/_layers/");
	name_digest(r, d);
	put_link(r, d);
}

void
registry_link_index(struct registry *r, const char *repository, const char *tag,
    const struct digest *d)
{
	name_tag(r, repository, tag, "/index/");
	name_digest(r, d);
	put_link(r, d);
}

void
registry_link_current(struct registry *r, const char *repository,
    const char *tag, const struct digest *d)
{
	name_tag(r, repository, tag, "/current/");
	put_link(r, d);
}

void
registry_link_layers(struct registry *r, const char *repository,
    const struct image *image)
{
	size_t i;

	for (i = 0; i < image->n; i++)
		registry_link_layer(r, repository, &image->layers[i].digest);
	registry_link_layer(r, repository, &image->config.digest);
}

/* --- filling --- */

static int
parse_words(struct registry_spec *out, const char *spec, const char *root,
    struct err *err)
{
	if (strpbrk(root, "\r\n") != NULL || !json_is_utf8(root, strlen(root)))
		return err_set(err, ERR_USAGE,
		    "root '%s': no object name has line breaks, or is not "
		    "UTF-8",
		    root);
	if (strlen(root) > ROOT_MAX)
		return err_set(err, ERR_USAGE,
		    "root '%.20s...': %zu bytes, at most %d; an object's name "
		    "has 1024",
		    root, strlen(root), ROOT_MAX);
	return strcmp(spec, "demo") == 0 ? 0
					 : registry_spec_parse(out, spec, err);
}

int
registry_check(const char *spec, const char *root, struct err *err)
{
	struct registry_spec parsed;

	return parse_words(&parsed, spec, root, err);
}

int
registry_fill(struct bucket *b, const char *spec, const char *root,
    uint64_t seed, struct err *err)
{
	struct registry_spec parsed = { 0 };
	struct registry r;

	if (parse_words(&parsed, spec, root, err) != 0)
		return -1;
	registry_init(&r, b, root, seed);
	if (strcmp(spec, "demo") == 0)
		registry_fill_demo(&r);
	else
		registry_fill_spec(&r, &parsed);
	registry_release(&r);
	return 0;
}
