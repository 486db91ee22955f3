/* SPDX-License-Identifier: MIT */
/*
 * Production answers 404 to a delete with ifGenerationMatch of an object that
 * is gone, as far as is known, so what is missing comes before what differs.
 */
#include "sim/preconditions.h"

#include <stdbool.h>

#include "sim/object.h"
#include "sim/query.h"

struct condition {
	const char *key;
	const char *source_key;
	bool of_metageneration;
	bool wants_equal;
};

static const struct condition conditions[] = {
	{ "ifGenerationMatch", "ifSourceGenerationMatch", false, true },
	{ "ifGenerationNotMatch", "ifSourceGenerationNotMatch", false, false },
	{ "ifMetagenerationMatch", "ifSourceMetagenerationMatch", true, true },
	{ "ifMetagenerationNotMatch", "ifSourceMetagenerationNotMatch", true,
	    false },
};

enum { CONDITIONS = sizeof(conditions) / sizeof(conditions[0]) };

static enum precondition
check_one(const struct condition *c, const struct query *q,
    const struct object *o, enum precondition_for what)
{
	const char *key = what == FOR_SOURCE ? c->source_key : c->key;
	uint64_t want, have = 0;
	int got = query_u64(q, key, &want);

	if (got <= 0)
		return got < 0 ? PRECONDITION_BAD : PRECONDITION_HOLDS;
	if (o != NULL)
		have = c->of_metageneration ? o->metageneration : o->generation;
	if ((have == want) == c->wants_equal)
		return PRECONDITION_HOLDS;
	if (!c->wants_equal && what == FOR_READ)
		return PRECONDITION_SAME;
	return PRECONDITION_FAILS;
}

enum precondition
precondition_check(const struct query *q, const struct object *o,
    enum precondition_for what)
{
	enum precondition got, worst = PRECONDITION_HOLDS;
	int i;

	if (q->n == 0 && (o != NULL || what == FOR_INSERT))
		return PRECONDITION_HOLDS;
	for (i = 0; i < CONDITIONS && worst != PRECONDITION_BAD; i++) {
		got = check_one(&conditions[i], q, o, what);
		if (got == PRECONDITION_BAD || worst == PRECONDITION_HOLDS ||
		    (got == PRECONDITION_FAILS && worst == PRECONDITION_SAME))
			worst = got;
	}
	if (o == NULL && what != FOR_INSERT && worst != PRECONDITION_BAD)
		return PRECONDITION_MISSING;
	return worst;
}
