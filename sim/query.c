/* SPDX-License-Identifier: MIT */
/* Split once, decode on demand; most parameters are never decoded. */
#include "sim/query.h"

#include <string.h>
#include <strings.h>

#include "sim/percent.h"
#include "src/base/buf.h"
#include "src/base/str.h"

void
query_parse(struct query *q, const char *text, size_t n)
{
	const char *end = text + n, *stop, *equals;

	q->n = 0;
	q->is_cut = false;
	for (; text < end; text = stop + 1) {
		if (q->n == QUERY_MAX) {
			q->is_cut = true;
			return;
		}
		stop = memchr(text, '&', (size_t)(end - text));
		if (stop == NULL)
			stop = end;
		equals = memchr(text, '=', (size_t)(stop - text));
		if (equals == NULL)
			equals = stop;
		q->param[q->n].key = text;
		q->param[q->n].key_len = (size_t)(equals - text);
		q->param[q->n].value = equals < stop ? equals + 1 : stop;
		q->param[q->n].value_len = (size_t)(stop -
		    q->param[q->n].value);
		q->n++;
		if (stop == end)
			break;
	}
}

/* The index of the parameter, if it is there and not empty, else q->n. */
static size_t
find(const struct query *q, const char *key)
{
	size_t i;

	for (i = 0; i < q->n; i++) {
		if (q->param[i].value_len > 0 &&
		    str_is(q->param[i].key, q->param[i].key_len, key))
			break;
	}
	return i;
}

bool
query_names(const struct query *q, const char *key)
{
	size_t i;

	for (i = 0; i < q->n; i++) {
		if (str_is(q->param[i].key, q->param[i].key_len, key))
			return true;
	}
	return false;
}

bool
query_has(const struct query *q, const char *key)
{
	return find(q, key) < q->n;
}

int
query_get(const struct query *q, const char *key, struct buf *out)
{
	size_t i = find(q, key);

	buf_clear(out);
	if (i == q->n)
		return 0;
	return percent_decode(out, q->param[i].value, q->param[i].value_len,
	    true);
}

int
query_text(const struct query *q, const char *key, struct buf *out)
{
	if (query_get(q, key, out) != 0 || out->full ||
	    memchr(out->data, '\0', out->len) != NULL)
		return -1;
	return 0;
}

bool
query_is(const struct query *q, const char *key, const char *word)
{
	size_t i = find(q, key);

	return i < q->n &&
	    str_is(q->param[i].value, q->param[i].value_len, word);
}

int
query_u64(const struct query *q, const char *key, uint64_t *out)
{
	size_t i = find(q, key), n;
	char digits[24];

	if (i == q->n)
		return 0;
	n = q->param[i].value_len;
	if (n >= sizeof(digits))
		return -1;
	memcpy(digits, q->param[i].value, n);
	digits[n] = '\0';
	return str_parse_u64(digits, out) == 0 ? 1 : -1;
}

int
query_bool(const struct query *q, const char *key, bool *out)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = { { "true", true }, { "1", true }, { "false", false },
		{ "0", false } };
	size_t i = find(q, key), j, n;

	if (i == q->n)
		return 0;
	n = q->param[i].value_len;
	for (j = 0; j < sizeof(words) / sizeof(words[0]); j++) {
		if (strlen(words[j].word) == n &&
		    strncasecmp(q->param[i].value, words[j].word, n) == 0) {
			*out = words[j].value;
			return 1;
		}
	}
	return -1;
}

bool
query_is_true(const struct query *q, const char *key)
{
	bool value = false;

	return query_bool(q, key, &value) > 0 && value;
}
