/* SPDX-License-Identifier: MIT */
/*
 * The keys.  A value that the registry would see otherwise than it looks is
 * refused and not guessed at: whoever reads another bucket or root than the
 * registry writes to finds nothing live there.
 */
#include "src/cli/config_file.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/file.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/cli/registry_env.h"
#include "src/cli/yaml.h"

/* Of the registry: what maxconcurrency is when nobody says it, and at least. */
#define CONCURRENCY_DEFAULT "50"
enum { CONCURRENCY_MIN = 25 };

/* Of credentials: bytes, values, and how deep these are in each other.  Aliases
 * could make more of them than there is memory. */
enum {
	CREDENTIALS_MAX = 64 * 1024,
	CREDENTIALS_VALUES = 500,
	CREDENTIALS_DEPTH = 6
};

struct reading {
	struct config_file *c;
	struct yaml yaml;
	const struct yaml_node *storage;
	const struct yaml_node *gcs;
	struct err *err;
};

static void
set_value(struct config_value *v, const char *text,
    const struct yaml_node *node)
{
	v->text = mem_strdup(text);
	v->source = yaml_format_place(node);
}

/* --- the way down --- */

static int
check_version(struct reading *r, const struct yaml_node *root)
{
	const struct yaml_node *version = yaml_get(root, "version");

	if (yaml_is_null(version))
		return yaml_refuse(root, r->err,
		    "no version, so it is no registry's configuration; those "
		    "begin with version: 0.1");
	if (version->kind != YAML_SCALAR || strcmp(version->text, "0.1") != 0)
		return yaml_refuse(version, r->err,
		    "version %.20s is unknown; registries and gcsweep know 0.1",
		    version->kind == YAML_SCALAR ? version->text
						 : "with more than a number");
	return 0;
}

static bool
is_driver(const char *key)
{
	static const char *const others[] = { "cache", "delete", "maintenance",
		"redirect", "tag" };
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strcmp(key, others[i]) == 0)
			return false;
	}
	return true;
}

/* Exactly one driver, and it is gcs. */
static int
find_driver(struct reading *r)
{
	const struct yaml_pair *p, *driver = NULL;

	for (p = r->storage->first; p != NULL; p = p->next) {
		if (p->value->kind != YAML_MAP && !yaml_is_null(p->value))
			return yaml_refuse(p->value, r->err,
			    "storage.%.40s: want a map", p->key);
		if (!is_driver(p->key))
			continue;
		if (driver != NULL)
			return yaml_refuse(p->value, r->err,
			    "storage has two drivers, %.40s and %.40s; the "
			    "registry wants one",
			    driver->key, p->key);
		driver = p;
	}
	if (driver == NULL)
		return yaml_refuse(r->storage, r->err,
		    "storage names no driver; gcsweep wants storage.gcs");
	if (strcmp(driver->key, "gcs") != 0)
		return yaml_refuse(driver->value, r->err,
		    "the registry keeps its blobs with the driver %.40s; "
		    "gcsweep collects those of gcs",
		    driver->key);
	r->gcs = driver->value;
	return 0;
}

static int
find_storage(struct reading *r, const struct yaml_node *root)
{
	const struct yaml_node *storage = yaml_get(root, "storage");

	if (yaml_is_null(storage))
		return yaml_refuse(storage != NULL ? storage : root, r->err,
		    "no storage, so it is no registry's configuration");
	if (storage->kind != YAML_MAP)
		return yaml_refuse(storage, r->err, "storage: want a map");
	r->storage = storage;
	return find_driver(r);
}

/* A key of a map of storage; NULL: it has none. */
static const struct yaml_node *
find_setting(const struct reading *r, const char *map, const char *key)
{
	const struct yaml_node *m = yaml_get(r->storage, map);

	return m != NULL && m->kind == YAML_MAP ? yaml_get(m, key) : NULL;
}

/* --- storage.gcs --- */

/* How the registry writes a number down as text.  The others it writes down in
 * another way than they stand there. */
static bool
is_whole_number(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return text[n] == '\0' && n < 19 && (text[0] != '0' || n == 1);
}

/* A text that is not empty, as the registry sees it. */
static int
take_text(struct reading *r, const char *key, struct config_value *v)
{
	const struct yaml_node *node = find_setting(r, "gcs", key);
	bool is_true;

	if (node == NULL)
		return 0;
	if (node->kind != YAML_SCALAR || node->is_tagged)
		return yaml_refuse(node, r->err,
		    "storage.gcs.%s: want a text, and not a list, a map or a "
		    "tag",
		    key);
	if (yaml_is_null(node))
		return yaml_refuse(node, r->err,
		    "storage.gcs.%s is null, which the registry reads as "
		    "\"<nil>\"; leave it out, or give it a value",
		    key);
	if (yaml_is_bool(node, &is_true) ||
	    (yaml_is_number(node) && !is_whole_number(node->text)))
		return yaml_refuse(node, r->err,
		    "storage.gcs.%s: %.40s is no text in YAML, and the "
		    "registry may see something else; put it in quotes",
		    key, node->text);
	set_value(v, node->text, node);
	return 0;
}

static int
refuse_empty(struct reading *r, const char *key)
{
	return yaml_refuse(find_setting(r, "gcs", key), r->err,
	    "storage.gcs.%s is empty; leave it out, or give it a value", key);
}

static int
take_bucket(struct reading *r)
{
	struct config_value *v = &r->c->bucket;

	if (take_text(r, "bucket", v) != 0)
		return -1;
	if (v->text == NULL)
		return yaml_refuse(r->gcs, r->err,
		    "storage.gcs.bucket is missing");
	return v->text[0] == '\0' ? refuse_empty(r, "bucket") : 0;
}

static int
take_root(struct reading *r)
{
	struct config_value *v = &r->c->root;
	char *s;
	size_t n;

	if (take_text(r, "rootdirectory", v) != 0)
		return -1;
	if (v->text == NULL)
		return 0;
	s = v->text + strspn(v->text, "/");
	n = strlen(s);
	while (n > 0 && s[n - 1] == '/')
		n--;
	memmove(v->text, s, n);
	v->text[n] = '\0';
	return 0;
}

/* --- storage.gcs.credentials --- */

/* As JSON; every scalar a string, since people leave the quotes out around
 * numbers that are names.  NULL: too much, *left counts down. */
static json_t *
to_json(const struct yaml_node *node, unsigned depth, unsigned *left)
{
	const struct yaml_pair *p;
	json_t *value, *member;

	if (depth == CREDENTIALS_DEPTH || *left == 0)
		return NULL;
	--*left;
	if (yaml_is_null(node))
		return json_null();
	if (node->kind == YAML_SCALAR)
		return json_string(node->text);
	value = node->kind == YAML_MAP ? json_object() : json_array();
	for (p = node->first; p != NULL; p = p->next) {
		member = to_json(p->value, depth + 1, left);
		if (member == NULL ||
		    (node->kind == YAML_MAP
			    ? json_object_set_new(value, p->key, member)
			    : json_array_append_new(value, member)) != 0) {
			json_decref(value);
			return NULL;
		}
	}
	return value;
}

static int
add_text(const char *text, size_t n, void *out)
{
	return buf_add(out, text, n);
}

static int
take_credentials(struct reading *r)
{
	const struct yaml_node *node = find_setting(r, "gcs", "credentials");
	unsigned left = CREDENTIALS_VALUES;
	json_t *json;
	struct buf text;
	int rc = 0;

	if (node == NULL)
		return 0;
	if (node->is_made)
		return yaml_refuse(node, r->err,
		    "the registry takes credentials from the environment only "
		    "whole: REGISTRY_STORAGE_GCS_CREDENTIALS='{...}'");
	if (node->kind != YAML_MAP)
		return yaml_refuse(node, r->err,
		    "storage.gcs.credentials: want a map, with the members of "
		    "a key file");
	buf_init_secret(&text, CREDENTIALS_MAX);
	json = to_json(node, 0, &left);
	if (json == NULL ||
	    json_dump_callback(json, add_text, &text, JSON_COMPACT) != 0)
		rc = yaml_refuse(node, r->err,
		    "storage.gcs.credentials: too much for a credential");
	else
		set_value(&r->c->credentials, text.data, node);
	json_decref(json);
	buf_release(&text);
	r->c->holds_secret = node->line != 0;
	return rc;
}

/* The registry takes the key file when both are there. */
static int
take_identity(struct reading *r)
{
	struct config_value *keyfile = &r->c->keyfile;

	if (take_text(r, "keyfile", keyfile) != 0)
		return -1;
	if (keyfile->text == NULL)
		return take_credentials(r);
	return keyfile->text[0] == '\0' ? refuse_empty(r, "keyfile") : 0;
}

/* --- what only the registry heeds --- */

static void
take_unused(struct reading *r, const char *key, struct config_value *v)
{
	const struct yaml_node *node = find_setting(r, "gcs", key);

	if (!yaml_is_null(node))
		set_value(v, node->kind == YAML_SCALAR ? node->text : "...",
		    node);
}

static int
take_concurrency(struct reading *r)
{
	struct config_value *v = &r->c->max_concurrency;
	const struct yaml_node *node = find_setting(r, "gcs", "maxconcurrency");
	uint64_t n;

	take_unused(r, "maxconcurrency", v);
	if (v->text == NULL) {
		v->text = mem_strdup(CONCURRENCY_DEFAULT);
		return 0;
	}
	if (str_parse_u64(v->text, &n) != 0)
		return yaml_refuse(node, r->err,
		    "storage.gcs.maxconcurrency: %.40s is no number", v->text);
	if (n < CONCURRENCY_MIN) {
		free(v->text);
		v->text = mem_alloc(8);
		snprintf(v->text, 8, "%d", CONCURRENCY_MIN);
	}
	return 0;
}

/* --- the rest of storage --- */

/* Whatever the registry would not start with is said only to whom it matters:
 * its own collector does not look. */
static void
take_readonly(struct reading *r)
{
	const struct yaml_node *node = find_setting(r, "maintenance",
	    "readonly");
	const struct yaml_node *enabled;
	struct config_file *c = r->c;
	bool is_true;

	if (node == NULL)
		return;
	if (node->kind != YAML_MAP || node->is_made) {
		set_value(&c->readonly, "...", node);
		c->is_readonly = CONFIG_READONLY_BROKEN;
		return;
	}
	if ((enabled = yaml_get(node, "enabled")) == NULL)
		return;
	set_value(&c->readonly,
	    enabled->kind == YAML_SCALAR ? enabled->text : "...", enabled);
	if (!yaml_is_bool(enabled, &is_true))
		c->is_readonly = CONFIG_READONLY_BROKEN;
	else
		c->is_readonly = is_true ? CONFIG_READONLY_YES
					 : CONFIG_READONLY_NO;
}

/* layerinfo is its old name. */
static void
take_cache(struct reading *r)
{
	const struct yaml_node *node = find_setting(r, "cache",
	    "blobdescriptor");

	if (node == NULL)
		node = find_setting(r, "cache", "layerinfo");
	if (!yaml_is_null(node) && node->kind == YAML_SCALAR &&
	    node->text[0] != '\0')
		set_value(&r->c->cache, node->text, node);
}

static int
take_all(struct reading *r)
{
	if (take_bucket(r) != 0 || take_root(r) != 0 || take_identity(r) != 0 ||
	    take_concurrency(r) != 0)
		return -1;
	take_unused(r, "chunksize", &r->c->chunk_size);
	take_unused(r, "useragent", &r->c->user_agent);
	take_unused(r, "parallelwalk", &r->c->parallel_walk);
	take_readonly(r);
	take_cache(r);
	return 0;
}

static int
read_tree(struct reading *r, const char *text, size_t n, char *const env[])
{
	struct yaml_node *root = yaml_parse(&r->yaml, text, n, r->c->path, true,
	    r->err);

	if (root == NULL)
		return -1;
	if (root->kind != YAML_MAP)
		return yaml_refuse(root, r->err,
		    "it is %s, and no registry's configuration",
		    yaml_is_null(root) ? "empty" : "no map");
	if (check_version(r, root) != 0 ||
	    registry_env_apply(&r->yaml, root, env, r->err) != 0 ||
	    find_storage(r, root) != 0)
		return -1;
	return take_all(r);
}

int
config_file_parse(struct config_file *c, const char *text, size_t n,
    const char *path, char *const env[], struct err *err)
{
	struct reading r = { .c = c, .err = err };
	int rc;

	*c = (struct config_file){ .path = mem_strdup(path) };
	yaml_init(&r.yaml);
	rc = read_tree(&r, text, n, env);
	yaml_release(&r.yaml);
	return rc;
}

int
config_file_load(struct config_file *c, const char *path, char *const env[],
    struct err *err)
{
	struct buf text;
	unsigned mode;
	int rc;

	*c = (struct config_file){ 0 };
	buf_init_secret(&text, YAML_TEXT_MAX);
	rc = file_load(path, &text, &mode, err);
	if (rc == 0) {
		rc = config_file_parse(c, text.data, text.len, path, env, err);
		c->mode = mode;
	} else if (err->code == ERR_NOT_FOUND) {
		err_set(err, ERR_CONFIG,
		    "%s: no such file; a registry is its config.yml or "
		    "gs://BUCKET[/ROOT]",
		    path);
	}
	buf_release(&text);
	return rc;
}

static void
release_value(struct config_value *v)
{
	if (v->text != NULL)
		explicit_bzero(v->text, strlen(v->text));
	free(v->text);
	free(v->source);
}

void
config_file_release(struct config_file *c)
{
	release_value(&c->bucket);
	release_value(&c->root);
	release_value(&c->keyfile);
	release_value(&c->credentials);
	release_value(&c->cache);
	release_value(&c->readonly);
	release_value(&c->max_concurrency);
	release_value(&c->chunk_size);
	release_value(&c->user_agent);
	release_value(&c->parallel_walk);
	free(c->path);
	*c = (struct config_file){ 0 };
}
