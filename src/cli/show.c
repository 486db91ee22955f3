/* SPDX-License-Identifier: MIT */
/* Sums over rows as they come.  A repository has rows in two sections, each
 * sorted by repository, so it is met twice, and joined when all are known. */
#include "src/cli/show.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"

static const char *
keep(struct show *s, const char *text)
{
	return arena_strndup(&s->arena, text, strlen(text));
}

static void
add_kind(struct show *s, const struct plan_row *row)
{
	struct show_kind *k;
	size_t i;

	for (i = 0; i < s->kinds.n; i++) {
		k = &s->kinds.v[i];
		if (k->section == row->section &&
		    strcmp(k->reason, row->reason) == 0)
			break;
	}
	if (i == s->kinds.n)
		*vec_push(&s->kinds) = (struct show_kind){
			.section = row->section,
			.reason = keep(s, row->reason),
		};
	k = &s->kinds.v[i];
	k->rows++;
	k->bytes += row->size;
}

static void
add_repository(struct show *s, const struct plan_row *row)
{
	size_t n = s->repositories.n;

	if (row->repository == NULL)
		return;
	if (n == 0 ||
	    strcmp(s->repositories.v[n - 1].name, row->repository) != 0) {
		*vec_push(&s->repositories) = (struct show_repository){
			.name = keep(s, row->repository),
		};
		n++;
	}
	s->repositories.v[n - 1].rows[row->section]++;
}

/* Of two of one size the first stays before. */
static void
add_blob(struct show *s, const struct plan_row *row)
{
	size_t i = s->biggest_n;

	if (row->section != PLAN_BLOBS ||
	    (i == SHOW_TOP && s->biggest[i - 1].size >= row->size))
		return;
	if (i == SHOW_TOP)
		i--;
	else
		s->biggest_n++;
	for (; i > 0 && s->biggest[i - 1].size < row->size; i--)
		s->biggest[i] = s->biggest[i - 1];
	s->biggest[i] = (struct show_blob){ keep(s, row->name), row->size };
}

void
show_add(struct show *s, const struct plan_row *row)
{
	add_kind(s, row);
	add_repository(s, row);
	add_blob(s, row);
}

/* --- repositories --- */

static uint64_t
sum(const struct show_repository *r)
{
	uint64_t n = 0;
	int i;

	for (i = 0; i < PLAN_SECTIONS; i++)
		n += r->rows[i];
	return n;
}

static int
compare_names(const void *a, const void *b)
{
	const struct show_repository *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int
compare_sums(const void *a, const void *b)
{
	uint64_t x = sum(a), y = sum(b);

	return x != y ? (x < y) - (x > y) : compare_names(a, b);
}

static void
join(struct show *s)
{
	struct show_repository *v = s->repositories.v;
	size_t i, n = 0;
	int section;

	for (i = 0; i < s->repositories.n; i++) {
		if (n == 0 || strcmp(v[n - 1].name, v[i].name) != 0) {
			v[n++] = v[i];
			continue;
		}
		for (section = 0; section < PLAN_SECTIONS; section++)
			v[n - 1].rows[section] += v[i].rows[section];
	}
	s->repositories.n = n;
}

void
show_sort(struct show *s)
{
	if (s->repositories.n == 0)
		return;
	qsort(s->repositories.v, s->repositories.n, sizeof(*s->repositories.v),
	    compare_names);
	join(s);
	qsort(s->repositories.v, s->repositories.n, sizeof(*s->repositories.v),
	    compare_sums);
}

void
show_release(struct show *s)
{
	vec_release(&s->kinds);
	vec_release(&s->repositories);
	arena_release(&s->arena);
}

/* --- CSV --- */

void
show_format_csv(const char *text, struct buf *out)
{
	if (strpbrk(text, ",\"\r\n") == NULL) {
		buf_adds(out, text);
		return;
	}
	buf_addc(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			buf_addc(out, '"');
		buf_addc(out, *text);
	}
	buf_addc(out, '"');
}
