/* SPDX-License-Identifier: MIT */
/* Letters to insert, to leave out, to replace or to swap with a neighbour; a
 * capital is as good as a small one. */
#include "src/base/near.h"

#include <ctype.h>
#include <string.h>

/* No word of ours is longer; what is typed may be, and resembles none. */
enum { WORD_MAX = 40 };

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool
is_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* cost[i % 3][j] is that of turning the first i letters of a into the first j
 * of b; two rows back is as far as a swap looks. */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t cost[3][WORD_MAX + 1];
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
			    last[j - 1] + !is_same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) &&
			    is_same(a[i - 2], b[j - 1]))
				now[j] = least(now[j], before[j - 2] + 1);
		}
	}
	return cost[a_len % 3][b_len];
}

/* One letter in three may be wrong; more, and it is a guess. */
void
near_init(struct near *near, const char *text, size_t n)
{
	*near = (struct near){ .text = text, .n = n, .cost = n / 3 + 1 };
}

bool
near_try(struct near *near, const char *word)
{
	size_t len = strlen(word), cost;

	if (near->n > WORD_MAX || len > WORD_MAX)
		return false;
	cost = distance(near->text, near->n, word, len);
	if (cost >= near->cost)
		return false;
	near->cost = cost;
	near->best = word;
	return true;
}
