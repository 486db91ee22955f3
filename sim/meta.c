/* SPDX-License-Identifier: MIT */
/*
 * The block: a fixed head, then all texts one behind the other, each with its
 * NUL, then keys and values of the pairs in turn.  A text's place is counted
 * from the beginning of the texts and one more, so that 0 means absent.
 */
#include "sim/meta.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"

struct meta {
	uint64_t retained_from_us;
	uint32_t components;
	uint32_t pairs;
	uint32_t pairs_at;
	uint32_t size; /* of the bytes */
	uint32_t at[META_TEXTS];
	bool temporary_hold;
	bool event_based_hold;
	char bytes[];
};

void
meta_draft_release(struct meta_draft *d)
{
	vec_release(&d->pairs);
	free(d->inherited);
	d->inherited = NULL;
}

/* Where the first pair is whose key is not before this one. */
static size_t
place_of(const struct meta_draft *d, const char *key)
{
	size_t low = 0, high = d->pairs.n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(d->pairs.v[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
meta_draft_set(struct meta_draft *d, const char *key, const char *value)
{
	struct meta_pair *v;
	size_t i = place_of(d, key);

	if (i < d->pairs.n && strcmp(d->pairs.v[i].key, key) == 0) {
		if (value != NULL) {
			d->pairs.v[i].value = value;
			return;
		}
		d->pairs.n--;
		memmove(&d->pairs.v[i], &d->pairs.v[i + 1],
		    (d->pairs.n - i) * sizeof(*d->pairs.v));
		return;
	}
	if (value == NULL)
		return;
	(void)vec_push(&d->pairs);
	v = d->pairs.v;
	memmove(&v[i + 1], &v[i], (d->pairs.n - 1 - i) * sizeof(*v));
	v[i] = (struct meta_pair){ key, value };
}

size_t
meta_draft_custom(const struct meta_draft *d)
{
	size_t i, n = 0;

	for (i = 0; i < d->pairs.n; i++)
		n += strlen(d->pairs.v[i].key) + strlen(d->pairs.v[i].value);
	return n;
}

static size_t
count_bytes(const struct meta_draft *d)
{
	size_t i, n = meta_draft_custom(d) + 2 * d->pairs.n;

	for (i = 0; i < META_TEXTS; i++)
		n += d->text[i] != NULL ? strlen(d->text[i]) + 1 : 0;
	return n;
}

static void
pack_text(struct meta *m, const char *text)
{
	size_t n = strlen(text) + 1;

	memcpy(m->bytes + m->size, text, n);
	m->size += (uint32_t)n;
}

struct meta *
meta_new(const struct meta_draft *d)
{
	size_t i, n = count_bytes(d);
	struct meta *m;

	if (n == 0 && !d->temporary_hold && !d->event_based_hold &&
	    d->components == 0 && d->retained_from_us == 0)
		return NULL;
	m = mem_alloc(sizeof(*m) + n);
	*m = (struct meta){ .retained_from_us = d->retained_from_us,
		.components = d->components,
		.pairs = (uint32_t)d->pairs.n,
		.temporary_hold = d->temporary_hold,
		.event_based_hold = d->event_based_hold };
	for (i = 0; i < META_TEXTS; i++) {
		if (d->text[i] == NULL)
			continue;
		m->at[i] = m->size + 1;
		pack_text(m, d->text[i]);
	}
	m->pairs_at = m->size;
	for (i = 0; i < d->pairs.n; i++) {
		pack_text(m, d->pairs.v[i].key);
		pack_text(m, d->pairs.v[i].value);
	}
	return m;
}

struct meta *
meta_dup(const struct meta *m)
{
	return m != NULL ? memcpy(mem_alloc(meta_size(m)), m, meta_size(m))
			 : NULL;
}

void
meta_read(const struct meta *m, struct meta_draft *out)
{
	const char *at;
	struct meta_pair *p;
	size_t i;

	*out = (struct meta_draft){ .components = meta_components(m) };
	if (m == NULL)
		return;
	out->temporary_hold = m->temporary_hold;
	out->event_based_hold = m->event_based_hold;
	out->retained_from_us = m->retained_from_us;
	for (i = 0; i < META_TEXTS; i++)
		out->text[i] = meta_text(m, (enum meta_text)i);
	at = m->bytes + m->pairs_at;
	for (i = 0; i < m->pairs; i++) {
		p = vec_push(&out->pairs);
		p->key = at;
		at += strlen(at) + 1;
		p->value = at;
		at += strlen(at) + 1;
	}
}

const char *
meta_text(const struct meta *m, enum meta_text which)
{
	return m != NULL && m->at[which] != 0 ? m->bytes + m->at[which] - 1
					      : NULL;
}

bool
meta_has_temporary_hold(const struct meta *m)
{
	return m != NULL && m->temporary_hold;
}

bool
meta_has_event_based_hold(const struct meta *m)
{
	return m != NULL && m->event_based_hold;
}

uint32_t
meta_components(const struct meta *m)
{
	return m != NULL ? m->components : 0;
}

uint64_t
meta_retained_from(const struct meta *m)
{
	return m != NULL ? m->retained_from_us : 0;
}

size_t
meta_size(const struct meta *m)
{
	return offsetof(struct meta, bytes) + m->size;
}
