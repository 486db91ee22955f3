/* SPDX-License-Identifier: MIT */
/* Those that the JSON API has in parameters are looked at as such. */
#include "sim/xml_conditions.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sim/hash.h"
#include "sim/meta.h"
#include "sim/object.h"
#include "sim/operations.h"
#include "sim/query.h"
#include "src/base/buf.h"
#include "src/base/str.h"

enum { ETAG_MAX = 64, NAME_MAX_LEN = 64 };

void
xml_add_etag(const struct object *o, struct buf *out)
{
	uint32_t parts = meta_components(o->meta);
	char hex[2 * HASH_MD5 + 1];
	struct object_hashes hashes;

	object_hashes(o, &hashes);
	hash_hex(hashes.md5, HASH_MD5, hex);
	buf_addc(out, '"');
	buf_adds(out, hex);
	if (parts > 0)
		buf_addf(out, "-%u", parts);
	buf_addc(out, '"');
}

/* --- numbers --- */

static void
add_number(struct query *q, const char *key, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	q->param[q->n].key = key;
	q->param[q->n].key_len = strlen(key);
	q->param[q->n].value = value;
	q->param[q->n].value_len = strlen(value);
	q->n++;
}

static enum precondition
check_numbers(const struct ask *ask, const struct object *o,
    enum precondition_for what)
{
	struct query q = { .n = 0 };

	if (what == FOR_SOURCE) {
		add_number(&q, "ifSourceGenerationMatch",
		    ask_header(ask, "x-goog-copy-source-if-generation-match"));
		add_number(&q, "ifSourceMetagenerationMatch",
		    ask_header(ask,
			"x-goog-copy-source-if-metageneration-match"));
	} else {
		add_number(&q, "ifGenerationMatch",
		    ask_header(ask, "x-goog-if-generation-match"));
		add_number(&q, "ifMetagenerationMatch",
		    ask_header(ask, "x-goog-if-metageneration-match"));
	}
	return precondition_check(&q, o, what);
}

/* --- ETags and times --- */

/* "If-Match", or what a copy calls it for its source. */
static const char *
condition(const struct ask *ask, enum precondition_for what, const char *name)
{
	char full[NAME_MAX_LEN];
	const char *value;

	if (what != FOR_SOURCE)
		return ask_header(ask, name);
	snprintf(full, sizeof(full), "x-goog-copy-source-%s", name);
	value = ask_header(ask, full);
	if (value != NULL)
		return value;
	snprintf(full, sizeof(full), "x-amz-copy-source-%s", name);
	return ask_header(ask, full);
}

/* Is o's ETag in the list, quoted or not, weak or not? */
static bool
has_etag(const char *list, const struct object *o)
{
	struct buf etag;
	bool found = false;
	size_t n;

	buf_init(&etag, ETAG_MAX);
	if (o != NULL)
		xml_add_etag(o, &etag);
	for (; *list != '\0' && !found; list += n) {
		list += strspn(list, ", \t\"");
		if (str_starts(list, "W/\""))
			list += 3;
		n = strcspn(list, ", \t\"");
		found = o != NULL && n > 0 &&
		    (str_is(list, n, "*") ||
			(n == etag.len - 2 &&
			    memcmp(list, etag.data + 1, n) == 0));
	}
	buf_release(&etag);
	return found;
}

/* Seconds since the Unix epoch; 0: it is no time, and no condition then. */
static time_t
read_time(const char *text)
{
	struct tm tm = { 0 };
	const char *end;

	if (text == NULL)
		return 0;
	end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	return end != NULL && *end == '\0' ? timegm(&tm) : 0;
}

static bool
has_changed_since(const struct object *o, time_t when)
{
	return (time_t)(o->updated_us / 1000000) > when;
}

/* In the order of RFC 9110, section 13.2.2. */
static enum precondition
check_texts(const struct ask *ask, const struct object *o,
    enum precondition_for what)
{
	const char *match = condition(ask, what, "If-Match");
	const char *none = condition(ask, what, "If-None-Match");
	bool reads = o != NULL && (what == FOR_READ || what == FOR_SOURCE);
	time_t when;

	if (match != NULL && !has_etag(match, o))
		return PRECONDITION_FAILS;
	when = read_time(condition(ask, what, "If-Unmodified-Since"));
	if (match == NULL && reads && when != 0 && has_changed_since(o, when))
		return PRECONDITION_FAILS;
	if (none != NULL && has_etag(none, o))
		return what == FOR_READ ? PRECONDITION_SAME
					: PRECONDITION_FAILS;
	when = read_time(condition(ask, what, "If-Modified-Since"));
	if (none == NULL && reads && when != 0 && !has_changed_since(o, when))
		return what == FOR_READ ? PRECONDITION_SAME
					: PRECONDITION_FAILS;
	return PRECONDITION_HOLDS;
}

enum precondition
xml_conditions_check(const struct ask *ask, const struct object *o,
    enum precondition_for what)
{
	enum precondition got = check_numbers(ask, o, what);

	return got == PRECONDITION_HOLDS ? check_texts(ask, o, what) : got;
}
