/* SPDX-License-Identifier: MIT */
/* Nothing here knows what a key means; config_file.c reads the result. */
#include "src/cli/registry_env.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/str.h"
#include "src/base/vec.h"
#include "src/cli/yaml.h"

#define PREFIX "REGISTRY_"
#define ABOUT  "REGISTRY_STORAGE"

struct variable {
	const char *name; /* in the tree's arena */
	const char *value;
};

struct setting {
	struct yaml *y;
	const struct variable *variable;
	struct err *err;
};

/* The names of the maps above it are known to be strings: so it is with what
 * the registry's types say, and with what a variable made. */
enum { TYPED_DEPTH = 2 };

static bool
is_key(const char *key, const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < n && key[i] != '\0'; i++) {
		if (toupper((unsigned char)key[i]) != (unsigned char)name[i])
			return false;
	}
	return i == n && key[i] == '\0';
}

static struct yaml_node *
find_key(const struct yaml_node *map, const char *name, size_t n)
{
	const struct yaml_pair *p;

	for (p = map->first; p != NULL; p = p->next) {
		if (is_key(p->key, name, n))
			return p->value;
	}
	return NULL;
}

static int
put_lower(const struct setting *s, struct yaml_node *map, const char *name,
    size_t n, struct yaml_node *value)
{
	char *key = arena_strndup(&s->y->arena, name, n), *c;

	for (c = key; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return yaml_put(s->y, map, key, value, true, s->err);
}

static struct yaml_node *
parse_value(const struct setting *s)
{
	return yaml_parse(s->y, s->variable->value, strlen(s->variable->value),
	    s->variable->name, false, s->err);
}

/* Sets what the rest of the name says, GCS_BUCKET, in the map. */
static int
set_key(const struct setting *s, struct yaml_node *map, const char *name,
    unsigned depth)
{
	size_t n = strcspn(name, "_");
	const char *rest = name[n] == '_' ? name + n + 1 : NULL;
	struct yaml_node *value;

	if (depth == YAML_DEPTH_MAX)
		return err_set(s->err, ERR_CONFIG, "%.60s...: too many words",
		    s->variable->name);
	if (rest == NULL) {
		value = parse_value(s);
		return value != NULL ? put_lower(s, map, name, n, value) : -1;
	}
	value = find_key(map, name, n);
	if (!yaml_is_null(value)) {
		if (value->kind != YAML_MAP ||
		    (depth >= TYPED_DEPTH && !value->is_made))
			return 0; /* as the registry ignores it */
		return set_key(s, value, rest, depth + 1);
	}
	value = yaml_new_map(s->y, s->variable->name, s->err);
	if (value == NULL || set_key(s, value, rest, depth + 1) != 0)
		return -1;
	return put_lower(s, map, name, n, value);
}

/* "storage: gcs" is a driver without parameters. */
static int
widen_storage(struct yaml *y, struct yaml_node *root, struct err *err)
{
	const struct yaml_node *name = yaml_get(root, "storage");
	struct yaml_node *storage, *driver;

	if (yaml_is_null(name) || name->kind != YAML_SCALAR)
		return 0;
	storage = yaml_new(y, YAML_MAP, name->from, name->line, err);
	driver = yaml_new(y, YAML_MAP, name->from, name->line, err);
	if (storage == NULL || driver == NULL ||
	    yaml_put(y, storage, name->text, driver, true, err) != 0)
		return -1;
	return yaml_put(y, root, "storage", storage, true, err);
}

static int
compare(const void *a, const void *b)
{
	const struct variable *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int
registry_env_apply(struct yaml *y, struct yaml_node *root, char *const env[],
    struct err *err)
{
	VEC(struct variable) all = { 0 };
	struct setting s = { .y = y, .err = err };
	struct variable *v;
	size_t i, n;
	int rc = widen_storage(y, root, err);

	for (; env != NULL && *env != NULL; env++) {
		n = strcspn(*env, "=");
		if (!str_starts(*env, ABOUT) || n < strlen(ABOUT) ||
		    strchr("_=", (*env)[strlen(ABOUT)]) == NULL ||
		    (*env)[n] == '\0')
			continue;
		v = vec_push(&all);
		v->name = arena_strndup(&y->arena, *env, n);
		v->value = *env + n + 1;
	}
	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), compare);
	for (i = 0; i < all.n && rc == 0; i++) {
		s.variable = &all.v[i];
		rc = set_key(&s, root, all.v[i].name + strlen(PREFIX), 0);
		if (rc == 0)
			rc = widen_storage(y, root, err);
	}
	vec_release(&all);
	return rc;
}
