/* SPDX-License-Identifier: MIT */
/* "repos=3,manifests=40,untagged=30%": a table of keys, their units and
 * ranges. */
#include "sim/registry_priv.h"

#include <string.h>

#include "sim/bulk.h"
#include "src/base/str.h"

enum unit { UNIT_COUNT, UNIT_PERCENT, UNIT_SIZE };

static const struct key {
	const char *name;
	size_t offset;
	enum unit unit;
	uint64_t def, min, max;
	const char *range;
} keys[] = {
#define KEY(k, unit, def, min, max, range)                                  \
	{                                                                   \
#k, offsetof(struct registry_spec, k), unit, def, min, max, \
		    range                                                   \
	}
	KEY(repos, UNIT_COUNT, 1, 1, 100000, "1 to 100000"),
	KEY(manifests, UNIT_COUNT, 1, 0, 1000000, "0 to 1000000"),
	KEY(layers, UNIT_COUNT, 2, 0, 100, "0 to 100"),
	KEY(tags, UNIT_COUNT, 1, 0, 1000, "0 to 1000"),
	KEY(untagged, UNIT_PERCENT, 0, 0, 100, "0% to 100%"),
	KEY(shared, UNIT_PERCENT, 0, 0, 100, "0% to 100%"),
	KEY(blob, UNIT_SIZE, 20000000, 1, 1000000000000, "1B to 1TB"),
	KEY(orphans, UNIT_COUNT, 0, 0, 10000000, "0 to 10000000"),
	KEY(bulk, UNIT_COUNT, 0, 0, BULK_MAX, "0 to 100000000"),
	KEY(kept, UNIT_COUNT, 0, 0, 1000, "0 to 1000"),
#undef KEY
};

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static int
parse_value(const struct key *k, const char *text, uint64_t *v)
{
	int rc = k->unit == UNIT_PERCENT ? str_parse_percent(text, v)
	    : k->unit == UNIT_SIZE       ? str_parse_size(text, v)
					 : str_parse_u64(text, v);

	return rc == 0 && *v >= k->min && *v <= k->max ? 0 : -1;
}

static const struct key *
find_key(const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < KEYS; i++) {
		if (str_is(name, n, keys[i].name))
			return &keys[i];
	}
	return NULL;
}

static int
bad_key(const char *text, size_t n, struct err *err)
{
	struct buf names;
	size_t i;

	buf_init(&names, 256);
	for (i = 0; i < KEYS; i++)
		buf_addf(&names, "%s%s", i > 0 ? ", " : "", keys[i].name);
	err_set(err, ERR_USAGE,
	    "registry '%.*s': want demo or KEY=VALUE,..., where KEY is one of "
	    "%s",
	    n < 64 ? (int)n : 64, text, names.data);
	buf_release(&names);
	return -1;
}

/* One "key=value" of n bytes. */
static int
parse_pair(struct registry_spec *out, const char *pair, size_t n,
    struct err *err)
{
	const char *equals = memchr(pair, '=', n);
	const struct key *k = NULL;
	char text[32];
	size_t value_len;
	uint64_t v;

	if (equals != NULL)
		k = find_key(pair, (size_t)(equals - pair));
	if (k == NULL)
		return bad_key(pair, n, err);
	value_len = n - (size_t)(equals + 1 - pair);
	if (value_len < sizeof(text)) {
		memcpy(text, equals + 1, value_len);
		text[value_len] = '\0';
		if (parse_value(k, text, &v) == 0) {
			memcpy((char *)out + k->offset, &v, sizeof(v));
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "registry %s='%.*s': want %s", k->name,
	    value_len < 64 ? (int)value_len : 64, equals + 1, k->range);
}

int
registry_spec_parse(struct registry_spec *out, const char *text,
    struct err *err)
{
	size_t i, n;

	for (i = 0; i < KEYS; i++)
		memcpy((char *)out + keys[i].offset, &keys[i].def,
		    sizeof(keys[i].def));
	for (;; text += n + 1) {
		n = strcspn(text, ",");
		if (parse_pair(out, text, n, err) != 0)
			return -1;
		if (text[n] == '\0')
			return 0;
	}
}
