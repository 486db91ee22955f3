/* SPDX-License-Identifier: MIT */
/* GCS lists in byte order of the names (objects.list), so order across pages
 * is proof enough that nothing is shown twice and that the end will come. */
#include "src/registry/listing.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/storage/storage.h"

/* An empty page with a token is legal; so many in a row are a loop. */
enum { EMPTY_PAGES_MAX = 1000 };

struct listing *
listing_new(enum listing_kind kind, const char *prefix, const char *start,
    const char *end)
{
	struct listing *l = mem_zalloc(1, sizeof(*l));

	l->kind = kind;
	l->prefix = mem_strdup(prefix);
	l->start = mem_strdup(start);
	l->end = mem_strdup(end);
	buf_init(&l->token, 16 * STORAGE_NAME_MAX);
	buf_init(&l->last, 4 * STORAGE_NAME_MAX);
	return l;
}

void
listing_free(struct listing *l)
{
	if (l == NULL)
		return;
	free(l->prefix);
	free(l->start);
	free(l->end);
	buf_release(&l->token);
	buf_release(&l->last);
	free(l);
}

static int
check_range(const struct listing *l, const char *name, struct err *err)
{
	if (strcmp(name, l->start) >= 0 &&
	    (l->end[0] == '\0' || strcmp(name, l->end) < 0))
		return 0;
	return err_set(err, ERR_PROTOCOL,
	    "listing %s: %s is not from '%s' to '%s': the server lists what "
	    "was not asked for",
	    l->prefix, name, l->start, l->end);
}

static int
check_order(const struct listing *l, const struct storage_page *page,
    struct err *err)
{
	const char *last = l->last.data;
	size_t i;

	for (i = l->seen; i < page->objects.n; i++) {
		const char *name = page->objects.v[i].name;

		if (strcmp(last, name) >= 0)
			return err_set(err, ERR_PROTOCOL,
			    "listing %s: %s comes after %s: the server does "
			    "not list in order",
			    l->prefix, name, last);
		if (check_range(l, name, err) != 0)
			return -1;
		last = name;
	}
	return 0;
}

/* Where a cut listing went on stands the last name that was seen. */
static bool
shows_start_again(const struct listing *l, const struct storage_page *page)
{
	return l->token.len == 0 && l->last.len > 0 && page->objects.n > 0 &&
	    strcmp(page->objects.v[0].name, l->last.data) == 0;
}

int
listing_take_page(struct listing *l, const struct storage_page *page,
    struct err *err)
{
	size_t n = page->objects.n;

	l->seen = shows_start_again(l, page);
	if (check_order(l, page, err) != 0)
		return -1;
	if (n > 0) {
		buf_clear(&l->last);
		buf_adds(&l->last, page->objects.v[n - 1].name);
		l->empty_pages = 0;
	} else if (++l->empty_pages > EMPTY_PAGES_MAX) {
		return err_set(err, ERR_PROTOCOL,
		    "listing %s: %d empty pages in a row", l->prefix,
		    EMPTY_PAGES_MAX);
	}
	if (page->next.len > 0 && strcmp(page->next.data, l->token.data) == 0)
		return err_set(err, ERR_PROTOCOL,
		    "listing %s: the server repeats the page token '%.40s'",
		    l->prefix, page->next.data);
	buf_clear(&l->token);
	buf_adds(&l->token, page->next.data);
	l->is_done = page->next.len == 0;
	return 0;
}

void
listing_cut(struct listing *l, const char *end)
{
	free(l->start);
	free(l->end);
	l->start = mem_strdup(l->last.data);
	l->end = mem_strdup(end);
	l->is_part = true;
	buf_clear(&l->token);
}
