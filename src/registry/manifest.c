/* SPDX-License-Identifier: MIT */
/*
 * Marking must be a superset of whatever a registry could read out of the same
 * bytes.  The registry's JSON is Go's: field names match in any case and the
 * last duplicate wins.  So liveness is not left to a parser: the text is
 * unescaped and every digest token in it counts, whoever's field it stands in.
 * jansson then answers only the structural questions.
 */
#include "src/registry/manifest.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "src/base/buf.h"
#include "src/base/str.h"

void
manifest_init(struct manifest *m)
{
	memset(m, 0, sizeof(*m));
}

void
manifest_release(struct manifest *m)
{
	vec_release(&m->names);
	vec_release(&m->children);
	vec_release(&m->needs);
}

/* --- every digest token --- */

/* The character that "\uXXXX" or "\/" at s stands for, if it is ASCII; *used
 * is the length of the escape.  0: not such an escape. */
static char
unescape(const char *s, size_t n, size_t *used)
{
	unsigned value = 0;
	size_t i;

	if (n >= 2 && s[1] == '/') {
		*used = 2;
		return '/';
	}
	if (n < 6 || s[1] != 'u')
		return 0;
	for (i = 2; i < 6; i++) {
		const char *digits = "0123456789abcdef0123456789ABCDEF";
		const char *d = memchr(digits, s[i], 32);

		if (d == NULL)
			return 0;
		value = value << 4 | (unsigned)((d - digits) & 15);
	}
	*used = 6;
	return value < 128 ? (char)value : 0;
}

static void
find_names(struct manifest *m, const char *data, size_t n)
{
	struct digest d;
	struct buf text;
	size_t i, at = 0, used;
	char c;

	buf_init(&text, n);
	for (i = 0; i < n; i += used) {
		used = 1;
		c = data[i];
		if (c == '\\' && n - i > 1) {
			c = unescape(data + i, n - i, &used);
			if (c == 0) { /* another escape: keep it as it is */
				used = 2;
				buf_add(&text, data + i, used);
				continue;
			}
		}
		buf_addc(&text, c);
	}
	while (digest_next_token(text.data, text.len, &at, &d))
		*vec_push(&m->names) = d;
	buf_release(&text);
}

/* --- structure --- */

/* The member of that name in any case; an exact match is preferred only by
 * coming last in Go, which jansson has already settled. */
static json_t *
member(json_t *object, const char *name)
{
	json_t *value, *found = NULL;
	const char *key;

	json_object_foreach (object, key, value) {
		if (strcasecmp(key, name) == 0)
			found = value;
	}
	return found;
}

static bool
read_digest(json_t *descriptor, struct digest *out)
{
	json_t *d = json_is_object(descriptor) ? member(descriptor, "digest")
					       : NULL;

	return json_is_string(d) &&
	    digest_parse(json_string_value(d), json_string_length(d), out) == 0;
}

/* Of every member that a reader might take for "manifests". */
static void
find_children(struct manifest *m, json_t *top)
{
	json_t *value, *descriptor;
	const char *key;
	struct digest d;
	size_t i;

	json_object_foreach (top, key, value) {
		if (strcasecmp(key, "manifests") != 0)
			continue;
		json_array_foreach (value, i, descriptor) {
			if (read_digest(descriptor, &d))
				*vec_push(&m->children) = d;
		}
	}
}

static enum manifest_kind
kind_of(json_t *top)
{
	static const struct {
		const char *media_type;
		enum manifest_kind kind;
	} kinds[] = {
		{ "application/vnd.docker.distribution.manifest.v2+json",
		    MANIFEST_IMAGE },
		{ "application/vnd.oci.image.manifest.v1+json",
		    MANIFEST_IMAGE },
		{ "application/vnd.docker.distribution.manifest.list.v2+json",
		    MANIFEST_INDEX },
		{ "application/vnd.oci.image.index.v1+json", MANIFEST_INDEX },
	};
	json_t *version = member(top, "schemaVersion");
	const char *type = json_string_value(member(top, "mediaType"));
	size_t i;

	if (json_integer_value(version) == 1)
		return MANIFEST_SCHEMA1;
	if (json_integer_value(version) != 2)
		return MANIFEST_UNKNOWN;
	if (type == NULL || type[0] == '\0')
		return json_is_array(member(top, "manifests")) ? MANIFEST_INDEX
							       : MANIFEST_IMAGE;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].media_type, type) == 0)
			return kinds[i].kind;
	}
	return MANIFEST_UNKNOWN;
}

/* A foreign layer is fetched from elsewhere and need not be here: it has URLs,
 * or its type says so (Docker's "foreign", OCI's "nondistributable"). */
static bool
is_foreign(json_t *descriptor)
{
	json_t *value;
	const char *key, *text;
	bool is = false;

	json_object_foreach (descriptor, key, value) {
		if (strcasecmp(key, "urls") == 0)
			is |= json_array_size(value) > 0;
		if (strcasecmp(key, "mediaType") != 0)
			continue;
		text = json_string_value(value);
		is |= text != NULL &&
		    (strstr(text, "foreign") != NULL ||
			strstr(text, "nondistributable") != NULL);
	}
	return is;
}

/* A descriptor's digest, or a layer's of schema 1. */
static void
add_need(struct manifest *m, json_t *descriptor, const char *field)
{
	json_t *value;
	const char *key;
	struct digest d;

	if (!json_is_object(descriptor) || is_foreign(descriptor))
		return;
	json_object_foreach (descriptor, key, value) {
		if (strcasecmp(key, field) == 0 && json_is_string(value) &&
		    digest_parse(json_string_value(value),
			json_string_length(value), &d) == 0)
			*vec_push(&m->needs) = d;
	}
}

/* Of every member that a reader might take for the one meant: jansson keeps the
 * last of equal names, and all that differ in case. */
static void
find_needs(struct manifest *m, json_t *top)
{
	const char *list, *field;
	json_t *value, *entry;
	const char *key;
	size_t i;

	if (m->kind != MANIFEST_SCHEMA1 && m->kind != MANIFEST_IMAGE)
		return;
	list = m->kind == MANIFEST_SCHEMA1 ? "fsLayers" : "layers";
	field = m->kind == MANIFEST_SCHEMA1 ? "blobSum" : "digest";
	json_object_foreach (top, key, value) {
		if (m->kind == MANIFEST_IMAGE && strcasecmp(key, "config") == 0)
			add_need(m, value, field);
		if (strcasecmp(key, list) != 0)
			continue;
		json_array_foreach (value, i, entry)
			add_need(m, entry, field);
	}
}

int
manifest_parse(struct manifest *m, const char *data, size_t n, struct err *err)
{
	json_error_t why;
	json_t *top;

	m->names.n = m->children.n = m->needs.n = 0;
	m->has_subject = false;
	m->kind = MANIFEST_NONE;
	find_names(m, data, n);
	if ((top = json_loadb(data, n, JSON_ALLOW_NUL, &why)) == NULL)
		return err_set(err, ERR_CORRUPT, "not JSON (line %d: %s)",
		    why.line, why.text);
	if (!json_is_object(top)) {
		json_decref(top);
		return err_set(err, ERR_CORRUPT, "not a JSON object");
	}
	m->kind = kind_of(top);
	find_children(m, top);
	find_needs(m, top);
	m->has_subject = read_digest(member(top, "subject"), &m->subject);
	json_decref(top);
	return 0;
}
