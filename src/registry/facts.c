/* SPDX-License-Identifier: MIT */
/* A layer is a need and a name: one digest with two roles, so the bytes are
 * about as many as the manifest's digests have. */
#include "src/registry/facts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/registry/manifest.h"

/* In the byte before a digest; its algorithm is in the low bits. */
enum {
	ROLE_NAME = 0x10,
	ROLE_CHILD = 0x20,
	ROLE_NEED = 0x40,
	ROLE_SUBJECT = 0x80,
	ALGORITHM = 0x0f
};

struct fact {
	const struct digest *digest;
	uint8_t role;
};

struct facts {
	VEC(struct fact) all;
};

static void
add(struct facts *f, const struct digest *v, size_t n, uint8_t role)
{
	size_t i;

	for (i = 0; i < n; i++)
		*vec_push(&f->all) = (struct fact){ &v[i], role };
}

static int
compare(const void *a, const void *b)
{
	const struct digest *x = ((const struct fact *)a)->digest;
	const struct digest *y = ((const struct fact *)b)->digest;

	if (x->alg != y->alg)
		return x->alg - y->alg;
	return memcmp(x->raw, y->raw, digest_size(x->alg));
}

void
facts_format(const struct manifest *m, struct buf *out)
{
	struct facts f = { { 0 } };
	size_t i = 0;
	uint8_t roles;

	add(&f, m->names.v, m->names.n, ROLE_NAME);
	add(&f, m->children.v, m->children.n, ROLE_CHILD);
	add(&f, m->needs.v, m->needs.n, ROLE_NEED);
	if (m->has_subject)
		add(&f, &m->subject, 1, ROLE_SUBJECT);
	if (f.all.n > 0)
		qsort(f.all.v, f.all.n, sizeof(*f.all.v), compare);
	buf_addc(out, (char)m->kind);
	while (i < f.all.n) {
		const struct digest *d = f.all.v[i].digest;

		for (roles = 0;
		     i < f.all.n && digest_equal(d, f.all.v[i].digest); i++)
			roles |= f.all.v[i].role;
		buf_addc(out, (char)(roles | d->alg));
		buf_add(out, d->raw, digest_size(d->alg));
	}
	vec_release(&f.all);
}

static void
take(struct manifest *m, const struct digest *d, uint8_t roles)
{
	if (roles & ROLE_NAME)
		*vec_push(&m->names) = *d;
	if (roles & ROLE_CHILD)
		*vec_push(&m->children) = *d;
	if (roles & ROLE_NEED)
		*vec_push(&m->needs) = *d;
	if (roles & ROLE_SUBJECT) {
		m->has_subject = true;
		m->subject = *d;
	}
}

int
facts_parse(const void *bytes, size_t n, struct manifest *m)
{
	const uint8_t *p = bytes, *end = p + n;
	struct digest d;

	m->names.n = m->children.n = m->needs.n = 0;
	m->has_subject = false;
	if (n == 0 || *p >= MANIFEST_KINDS)
		return -1;
	m->kind = (enum manifest_kind) * p++;
	while (p < end) {
		d.alg = *p & ALGORITHM;
		if (d.alg >= DIGEST_ALGS ||
		    (size_t)(end - p) < 1 + digest_size(d.alg))
			return -1;
		memcpy(d.raw, p + 1, digest_size(d.alg));
		take(m, &d, *p);
		p += 1 + digest_size(d.alg);
	}
	return 0;
}
