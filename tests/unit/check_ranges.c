/* SPDX-License-Identifier: MIT */
/* ranges: where a listing is cut, that nothing falls between two parts, and
 * what it costs. */
#include <stdio.h>
#include <string.h>

#include "src/base/rng.h"
#include "src/registry/mark.h"
#include "src/registry/ranges.h"
#include "src/storage/mem_store.h"
#include "src/storage/storage.h"
#include "src/storage/tally.h"
#include "tests/support/suite.h"

#define LAYOUT "docker/registry/v2/"
#define BLOBS  LAYOUT "blobs/"
#define REPOS  LAYOUT "repositories/"

enum { RICH = 1000000 };

/* With a full purse. */
static void
cut(struct ranges *r, const char *prefix, const char *first, const char *last,
    const char *end, size_t most)
{
	struct ranges_view view = { .prefix = prefix,
		.first = first,
		.last = last,
		.end = end,
		.n = 1000 };

	r->purse = RICH;
	ranges_cut(r, &view, most);
}

START_TEST(digests_are_cut_into_equal_parts)
{
	struct ranges r;

	ranges_init(&r);
	cut(&r, BLOBS, BLOBS "sha256/00/0000aa/data",
	    BLOBS "sha256/10/10000000ff/data", "", 4);
	ck_assert_uint_eq(r.cuts.n, 3);
	ck_assert_str_eq(r.cuts.v[0], BLOBS "sha256/4c/4c000000");
	ck_assert_str_eq(r.cuts.v[1], BLOBS "sha256/88/88000000");
	ck_assert_str_eq(r.cuts.v[2], BLOBS "sha256/c4/c4000000");
	cut(&r, BLOBS, BLOBS "sha256/80/8000000000/data",
	    BLOBS "sha256/80/80004000ff/data", BLOBS "sha256/80/80010000", 3);
	ck_assert_uint_eq(r.cuts.n, 2);
	ck_assert_str_eq(r.cuts.v[0], BLOBS "sha256/80/80008000");
	ck_assert_str_eq(r.cuts.v[1], BLOBS "sha256/80/8000c000");
	ranges_release(&r);
}
END_TEST

/* Two thirds of a page are left: a cut would only cost. */
START_TEST(what_one_page_will_show_is_not_cut)
{
	struct ranges r;

	ranges_init(&r);
	cut(&r, BLOBS, BLOBS "sha256/00/0000000000/data",
	    BLOBS "sha256/99/9900000000/data", "", 64);
	ck_assert_uint_eq(r.cuts.n, 0);
	ck_assert_int_eq(r.purse, RICH);
	cut(&r, BLOBS, BLOBS "sha256/00/0000000000/data",
	    BLOBS "sha256/01/0100000000/data", "", 1);
	ck_assert_uint_eq(r.cuts.n, 0);
	ranges_release(&r);
}
END_TEST

START_TEST(links_by_digest_leave_their_folder_at_its_end)
{
	struct ranges r;

	ranges_init(&r);
	cut(&r, REPOS, REPOS "big/_layers/sha256/0000000000/link",
	    REPOS "big/_layers/sha256/0800000000/link", "", 4);
	ck_assert_uint_eq(r.cuts.n, 3);
	ck_assert_str_eq(r.cuts.v[0], REPOS "big/_layers/sha256/5aaaaaaa");
	ck_assert_str_eq(r.cuts.v[1], REPOS "big/_layers/sha256/ad555555");
	ck_assert_str_eq(r.cuts.v[2], REPOS "big/_layers/sha2560");
	ranges_release(&r);
}
END_TEST

START_TEST(names_that_fill_their_range_are_cut_evenly)
{
	struct ranges r;

	ranges_init(&r);
	cut(&r, REPOS, REPOS "b/x", REPOS "f/x", REPOS "n/x", 3);
	ck_assert_uint_eq(r.cuts.n, 1); /* two pages are left */
	ck_assert_str_eq(r.cuts.v[0], REPOS "j/x");
	ranges_release(&r);
}
END_TEST

START_TEST(a_crowd_of_names_is_cut_finer_near_than_far)
{
	struct ranges r;
	size_t i;

	ranges_init(&r);
	cut(&r, REPOS, REPOS "team/app-1/x", REPOS "team/app-2/x", "", 9);
	ck_assert_uint_eq(r.cuts.n, 8);
	ck_assert_msg(strncmp(r.cuts.v[0], REPOS "team/app-", 38) == 0, "%s",
	    r.cuts.v[0]);
	for (i = 1; i < r.cuts.n; i++)
		ck_assert_str_gt(r.cuts.v[i], r.cuts.v[i - 1]);
	ck_assert_str_gt(r.cuts.v[7], REPOS "team0");
	ranges_release(&r);
}
END_TEST

START_TEST(the_purse_decides_how_many_parts)
{
	struct ranges_view blobs = { .prefix = BLOBS,
		.first = BLOBS "sha256/00/0000000000/data",
		.last = BLOBS "sha256/01/0100000000/data",
		.end = "",
		.n = 1000 };
	struct ranges_view names = { .prefix = REPOS,
		.first = REPOS "a/x",
		.last = REPOS "b/x",
		.end = "",
		.n = 1000 };
	struct ranges r;

	ranges_init(&r);
	ranges_hear(&r, 1000, true, false);
	ranges_cut(&r, &names, 64);
	ck_assert_uint_eq(r.cuts.n, 0); /* nobody knows what is left */
	ranges_cut(&r, &blobs, 64);     /* 255 pages are */
	ck_assert_uint_eq(r.cuts.n, 32);
	ck_assert_int_eq(r.purse, 125 - 32000);
	ranges_cut(&r, &blobs, 64);
	ck_assert_uint_eq(r.cuts.n, 0);
	ranges_hear(&r, 400, false, true); /* the end of a part */
	ck_assert_int_eq(r.purse, 525 - 32000);
	ranges_hear(&r, 400, false, false); /* the end of all */
	ck_assert_int_eq(r.purse, 525 - 32000);
	ranges_release(&r);
}
END_TEST

/* Names of any bytes, some above 0x7f, with much in common. */
static void
draw_name(struct rng *rng, char *out)
{
	static const char *const parts[] = { "a", "b/", "\xc3\xa9", "\xc3\xbc",
		"sha256/", "00/", "0123456789", "z", "-", "Z", ":", "\x01",
		"\xf4\x8f\xbf\xbf", "/" };
	int i, n = 1 + (int)rng_below(rng, 8);

	strcpy(out, "p/");
	for (i = 0; i < n; i++)
		strcat(out, parts[rng_below(rng, 14)]);
}

static bool
is_utf8(const char *s)
{
	size_t follow = 0;

	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c & 0xc0) == 0x80 ? follow == 0 : follow != 0)
			return false;
		if ((c & 0xc0) == 0x80)
			follow--;
		else
			follow = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0;
	}
	return follow == 0;
}

START_TEST(cuts_are_ordered_within_their_range_and_legal)
{
	char name[3][128], *sorted[3], *swap;
	struct ranges r;
	struct rng rng;
	size_t i, cuts = 0;
	int round;

	rng_init(&rng, 7);
	ranges_init(&r);
	for (round = 0; round < 20000; round++) {
		for (i = 0; i < 3; i++) {
			draw_name(&rng, name[i]);
			sorted[i] = name[i];
		}
		for (i = 0; i < 3; i++) {
			if (strcmp(sorted[i % 2], sorted[i % 2 + 1]) > 0) {
				swap = sorted[i % 2];
				sorted[i % 2] = sorted[i % 2 + 1];
				sorted[i % 2 + 1] = swap;
			}
		}
		cut(&r, "p/", sorted[0], sorted[1], round % 3 ? sorted[2] : "",
		    1 + rng_below(&rng, 70));
		for (i = 0; i < r.cuts.n; i++) {
			ck_assert_str_gt(r.cuts.v[i],
			    i > 0 ? r.cuts.v[i - 1] : sorted[1]);
			ck_assert(is_utf8(r.cuts.v[i]));
			ck_assert(strncmp(r.cuts.v[i], "p/", 2) == 0);
		}
		if (r.cuts.n > 0 && round % 3)
			ck_assert_str_lt(r.cuts.v[r.cuts.n - 1], sorted[2]);
		cuts += r.cuts.n;
	}
	ck_assert_uint_gt(cuts, 20000);
	ranges_release(&r);
}
END_TEST

/* --- what a whole mark costs --- */

struct layout {
	unsigned blobs, repositories, links;
	const char *middle; /* of a repository's name */
};

static void
load(struct storage *mem, const struct layout *l)
{
	char name[512], repo[128];
	struct rng rng;
	unsigned i, k;

	rng_init(&rng, 3);
	for (i = 0; i < l->blobs; i++) {
		uint32_t head = (uint32_t)rng_next(&rng);

		snprintf(name, sizeof(name), BLOBS "sha256/%02x/%08x%056x/data",
		    head >> 24, head, i);
		mem_store_load(mem, name, 1);
	}
	for (i = 0; i < l->repositories; i++) {
		snprintf(repo, sizeof(repo), "%c%s%u", (int)('a' + i % 8),
		    l->middle, i + 1);
		for (k = 0; k < l->links; k++) {
			snprintf(name, sizeof(name),
			    REPOS "%s/_layers/sha256/%08x%056x/link", repo,
			    (uint32_t)rng_next(&rng), k);
			mem_store_load(mem, name, 71);
		}
	}
}

static uint64_t
count_lists(const struct layout *l, unsigned width)
{
	static const struct mark_opts base = { .delete_untagged = true };
	struct storage *mem = mem_store_new(2), *tally = tally_new(mem);
	struct mark_opts opts = base;
	struct err err = ERR_INIT;
	struct mark mark;
	uint64_t lists;

	load(mem, l);
	opts.width = width;
	ck_assert_int_eq(mark_init(&mark, "", &err), 0);
	ck_assert_msg(mark_run(&mark, tally, &opts, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(mark.inv.objects,
	    l->blobs + (uint64_t)l->repositories * l->links);
	ck_assert_uint_eq(mark.inv.foreign, 0);
	ck_assert_uint_eq(mark.inv.repositories.n, l->repositories);
	ck_assert_uint_eq(mark.pages.known, mark.pages.done);
	lists = tally_of(tally)->requests[STORAGE_LIST];
	mark_release(&mark);
	storage_close(tally);
	return lists;
}

START_TEST(a_mark_takes_an_eighth_more_lists_than_pages_at_most)
{
	static const struct layout layouts[] = {
		{ 70000, 300, 100, "-team/app-" },
		{ 30000, 1, 70000, "big" },
		{ 10, 20000, 5, "" },
		{ 50000, 1, 10, "/" },
	};
	size_t i;
	unsigned width;

	for (i = 0; i < 4; i++) {
		const struct layout *l = &layouts[i];
		uint64_t pages = (l->blobs + 999) / 1000 +
		    ((uint64_t)l->repositories * l->links + 999) / 1000;

		ck_assert_uint_eq(count_lists(l, 1), pages);
		for (width = 2; width <= 256; width *= 11) {
			uint64_t lists = count_lists(l, width);

			ck_assert_msg(lists <= pages + pages / 8 + 3,
			    "layout %zu, width %u: %llu lists, %llu pages", i,
			    width, (unsigned long long)lists,
			    (unsigned long long)pages);
		}
	}
}
END_TEST

START_TEST(a_small_registry_takes_no_list_more)
{
	static const struct layout layouts[] = {
		{ 1, 1, 1, "/" },
		{ 2500, 20, 90, "-team/app-" },
		{ 1999, 1, 1999, "/" },
	};
	static const uint64_t want[] = { 2, 5, 4 };
	size_t i;

	for (i = 0; i < 3; i++)
		ck_assert_uint_eq(count_lists(&layouts[i], 64), want[i]);
}
END_TEST

int
main(void)
{
	return suite_run("ranges", digests_are_cut_into_equal_parts,
	    what_one_page_will_show_is_not_cut,
	    links_by_digest_leave_their_folder_at_its_end,
	    names_that_fill_their_range_are_cut_evenly,
	    a_crowd_of_names_is_cut_finer_near_than_far,
	    the_purse_decides_how_many_parts,
	    cuts_are_ordered_within_their_range_and_legal,
	    a_mark_takes_an_eighth_more_lists_than_pages_at_most,
	    a_small_registry_takes_no_list_more, NULL);
}
