/* SPDX-License-Identifier: MIT */
/* Which option may have been meant. */
#include "src/base/near.h"
#include "src/base/opt_priv.h"

const struct opt *
opt_nearest(const struct opt *rows, unsigned mask, const char *name, size_t n)
{
	const struct opt *o, *best = NULL;
	struct near near;

	near_init(&near, name, n);
	for (o = rows; o->name != NULL; o++) {
		if ((o->mask & mask) && near_try(&near, o->name))
			best = o;
	}
	return best;
}
