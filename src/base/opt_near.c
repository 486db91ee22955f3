/* SPDX-License-Identifier: MIT */
/* Which option may have been meant: the fewest letters to change. */
#include <stdbool.h>
#include <string.h>

#include "src/base/opt_priv.h"

/* No option's name is longer; what is typed may be, and resembles none. */
enum { NAME_MAX_LEN = 40 };

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters to insert, to leave out, to replace or to swap with a neighbour.
 * cost[i % 3][j] is that of turning the first i letters of a into the first j
 * of b; two rows back is as far as a swap looks. */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t cost[3][NAME_MAX_LEN + 1];
	size_t i, j;

	for (j = 0; j <= b_len; j++)
		cost[0][j] = j;
	for (i = 1; i <= a_len; i++) {
		size_t *now = cost[i % 3];
		const size_t *last = cost[(i + 2) % 3];
		const size_t *before = cost[(i + 1) % 3];

		now[0] = i;
		for (j = 1; j <= b_len; j++) {
			now[j] = least(now[j - 1], last[j]) + 1;
			now[j] = least(now[j],
			    last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
	}
	return cost[a_len % 3][b_len];
}

/* One letter in three may be wrong; more, and it is a guess. */
const struct opt *
opt_nearest(const struct opt *rows, unsigned mask, const char *name, size_t n)
{
	const struct opt *o, *best = NULL;
	size_t best_cost = n / 3 + 1;

	if (n > NAME_MAX_LEN)
		return NULL;
	for (o = rows; o->name != NULL; o++) {
		size_t len = strlen(o->name), cost;

		if (!(o->mask & mask) || len > NAME_MAX_LEN)
			continue;
		cost = distance(name, n, o->name, len);
		if (cost < best_cost) {
			best = o;
			best_cost = cost;
		}
	}
	return best;
}
