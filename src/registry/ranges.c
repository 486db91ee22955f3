/* SPDX-License-Identifier: MIT */
/*
 * Names are numbers here: digests the number that their first digits are, others
 * one of DIGITS digits in the alphabet of the names that registries make.  A byte
 * that is not in it counts as the nearest letter below, so a number may miss its
 * name a little; a cut that does not lie where it must is left out, and what is
 * left is exact whatever the names.
 */
#include "src/registry/ranges.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/registry/digest.h"
#include "src/storage/storage.h"

/* Of what full pages show, this part may be spent on cuts. */
enum { SHARE = 8 };

/* The longest name of a repository is some 40 letters, the longest that differ
 * somewhere in the middle are tags with a digest in them. */
enum { DIGITS = 48 };

/* In byte order. */
static const char alphabet[] = "-./0123456789_abcdefghijklmnopqrstuvwxyz";

enum { BASE = sizeof(alphabet) - 1 };

/* Names are believed to lie evenly while the page and what the parts are wide
 * differ by no more than this. */
#define EVEN_MOST 4.0

/* Beyond this a part is all the rest. */
#define FACTOR_MOST 1e6

void
ranges_init(struct ranges *r)
{
	*r = (struct ranges){ 0 };
}

static void
clear(struct ranges *r)
{
	while (r->cuts.n > 0)
		free(r->cuts.v[--r->cuts.n]);
}

void
ranges_release(struct ranges *r)
{
	clear(r);
	vec_release(&r->cuts);
}

void
ranges_hear(struct ranges *r, size_t n, bool has_more, bool is_part)
{
	if (has_more)
		r->purse += (int64_t)n / SHARE;
	else if (is_part)
		r->purse += (int64_t)n;
}

/* How many parts the purse allows when `pages` more are sure to come. */
static size_t
affordable(const struct ranges *r, size_t n, double pages)
{
	double names = (double)r->purse + pages * (double)n / SHARE;

	return names < (double)n ? 1 : 1 + (size_t)(names / (double)n);
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static double
least(double a, double b)
{
	return a < b ? a : b;
}

/* Notes a cut, unless it is not where it must be. */
static void
add_cut(struct ranges *r, const struct ranges_view *page, const char *cut)
{
	const char *before = r->cuts.n > 0 ? r->cuts.v[r->cuts.n - 1]
					   : page->last;

	if (strcmp(before, cut) < 0 &&
	    (page->end[0] == '\0' || strcmp(cut, page->end) < 0))
		*vec_push(&r->cuts) = mem_strdup(cut);
}

/* --- digests --- */

/* Where the digests of a page are: behind last[0..at), below a directory of
 * their first two digits or not. */
struct folder {
	size_t at;
	bool has_fan;
};

#define FOLDER_END 0x100000000U /* digests as numbers of eight digits */

static bool
is_hex(const char *s, size_t n)
{
	return strspn(s, "0123456789abcdef") >= n;
}

static const char *
next_component(const char *s)
{
	const char *slash = strchr(s, '/');

	return slash != NULL ? slash + 1 : NULL;
}

/* "<alg>/" and hex, or "<alg>/xx/" and hex. */
static bool
find_folder(const struct ranges_view *page, struct folder *f)
{
	const char *s = page->last + strlen(page->prefix), *hex;
	unsigned alg;
	size_t n;

	for (; s != NULL; s = next_component(s)) {
		for (alg = 0; alg < DIGEST_ALGS; alg++) {
			n = strlen(digest_alg_name(alg));
			if (!str_starts(s, digest_alg_name(alg)) || s[n] != '/')
				continue;
			hex = s + n + 1;
			f->at = (size_t)(hex - page->last);
			if (f->at > STORAGE_NAME_MAX)
				return false;
			f->has_fan = is_hex(hex, 2) && hex[2] == '/';
			if (is_hex(hex + (f->has_fan ? 3 : 0), 8))
				return strncmp(page->first, page->last,
					   f->at) == 0;
		}
	}
	return false;
}

/* The number of a name in the folder, 0 for what is no digest. */
static uint64_t
number_in(const struct folder *f, const char *name)
{
	size_t skip = f->at + (f->has_fan && strlen(name) > f->at + 2 ? 3 : 0);
	uint64_t number = 0;
	int i;

	if (strlen(name) < skip)
		return 0;
	for (i = 0, name += skip; i < 8; i++) {
		unsigned digit = 0;

		if (*name >= '0' && *name <= '9')
			digit = (unsigned)(*name - '0');
		else if (*name >= 'a' && *name <= 'f')
			digit = (unsigned)(*name - 'a') + 10;
		name += *name != '\0';
		number = number << 4 | digit;
	}
	return number;
}

static void
add_digest_cut(struct ranges *r, const struct ranges_view *page,
    const struct folder *f, uint64_t number)
{
	char cut[STORAGE_NAME_MAX + 16];
	int at = (int)f->at;

	if (f->has_fan)
		snprintf(cut, sizeof(cut), "%.*s%02x/%08x", at, page->last,
		    (unsigned)(number >> 24), (unsigned)number);
	else
		snprintf(cut, sizeof(cut), "%.*s%08x", at, page->last,
		    (unsigned)number);
	add_cut(r, page, cut);
}

/* Behind the folder of links there may be others: they are a part of their own.
 * (Blobs of another algorithm are rare, and stay with the last part.) */
static void
add_folder_end(struct ranges *r, const struct ranges_view *page,
    const struct folder *f)
{
	char cut[STORAGE_NAME_MAX + 16];

	snprintf(cut, sizeof(cut), "%.*s", (int)f->at, page->last);
	cut[f->at - 1] = '/' + 1;
	add_cut(r, page, cut);
}

static void
cut_digests(struct ranges *r, const struct ranges_view *page,
    const struct folder *f, size_t most)
{
	bool is_within = strncmp(page->end, page->last, f->at) == 0;
	bool has_tail = !is_within && !f->has_fan;
	uint64_t first = number_in(f, page->first);
	uint64_t last = number_in(f, page->last);
	uint64_t end = is_within ? number_in(f, page->end) : FOLDER_END, i;
	double pages;
	size_t parts;

	if (last >= end)
		return;
	pages = (double)(end - last) /
	    (double)(last > first ? last - first : 1);
	parts = smaller(most, affordable(r, page->n, pages)) - has_tail;
	if ((double)parts > pages)
		parts = (size_t)pages;
	for (i = 1; i < parts; i++)
		add_digest_cut(r, page, f, last + (end - last) * i / parts);
	if (parts > 1 && has_tail)
		add_folder_end(r, page, f);
}

/* --- other names --- */

/* A fraction in the alphabet, behind a whole digit; for what lies behind the
 * first `at` bytes of a name. */
struct fraction {
	unsigned digit[1 + DIGITS];
};

static struct fraction
read_fraction(const char *name, size_t at)
{
	struct fraction x = { { 0 } };
	const char *end = name + strlen(name);
	size_t i;
	unsigned digit;

	name += at;
	for (i = 1; i <= DIGITS && name < end; i++, name++) {
		for (digit = BASE - 1; digit > 0 &&
		     (unsigned char)alphabet[digit] > (unsigned char)*name;)
			digit--;
		x.digit[i] = digit;
	}
	return x;
}

/* a - b, for a >= b. */
static struct fraction
subtract(struct fraction a, const struct fraction *b)
{
	unsigned borrow = 0, take;
	int i;

	for (i = DIGITS; i >= 0; i--) {
		take = b->digit[i] + borrow;
		borrow = a.digit[i] < take;
		a.digit[i] += borrow ? BASE - take : -take;
	}
	return a;
}

/* a + b and a * b, or what is above everything. */
static struct fraction
plus(const struct fraction *a, const struct fraction *b)
{
	struct fraction sum;
	unsigned carry = 0;
	int i;

	for (i = DIGITS; i > 0; i--) {
		carry += a->digit[i] + b->digit[i];
		sum.digit[i] = carry % BASE;
		carry /= BASE;
	}
	sum.digit[0] = a->digit[0] + b->digit[0] + carry > 0;
	return sum;
}

static struct fraction
times(const struct fraction *a, unsigned b)
{
	struct fraction product;
	uint64_t carry = 0;
	int i;

	for (i = DIGITS; i > 0; i--) {
		carry += (uint64_t)a->digit[i] * b;
		product.digit[i] = (unsigned)(carry % BASE);
		carry /= BASE;
	}
	product.digit[0] = a->digit[0] > 0 || carry > 0;
	return product;
}

static struct fraction
divide(struct fraction a, size_t by)
{
	uint64_t rest = 0;
	int i;

	for (i = 0; i <= DIGITS; i++) {
		rest = rest * BASE + a.digit[i];
		a.digit[i] = (unsigned)(rest / by);
		rest %= by;
	}
	return a;
}

static double
size_of(const struct fraction *x)
{
	double size = 0;
	int i;

	for (i = DIGITS; i >= 0; i--)
		size = size / BASE + x->digit[i];
	return size;
}

/* The name that x stands for, behind the first `at` bytes of last. */
static void
add_name_cut(struct ranges *r, const struct ranges_view *page, size_t at,
    const struct fraction *x)
{
	char cut[STORAGE_NAME_MAX + 1];
	size_t n = at;
	int i;

	if (at >= sizeof(cut) || x->digit[0] != 0)
		return;
	memcpy(cut, page->last, at);
	for (i = 1; i <= DIGITS && n + 1 < sizeof(cut); i++)
		cut[n++] = alphabet[x->digit[i]];
	while (n > at && cut[n - 1] == alphabet[0])
		n--;
	cut[n] = '\0';
	add_cut(r, page, cut);
}

/* The bytes that all names of the rest have in common, to the beginning of a
 * character. */
static size_t
count_common(const struct ranges_view *page)
{
	size_t least = strlen(page->prefix), n = 0;

	while (page->end[n] != '\0' && page->end[n] == page->last[n])
		n++;
	while (n > least && ((unsigned char)page->last[n] & 0xc0) == 0x80)
		n--;
	return n < least ? least : n;
}

/* Even parts where the page has covered a good share of the range; else each
 * begins so many times as far away as the one before. */
static void
cut_names(struct ranges *r, const struct ranges_view *page, size_t most)
{
	size_t at = count_common(page), parts;
	struct fraction last = read_fraction(page->last, at);
	struct fraction first = { { 0 } }, end = { { 1 } }, span, rest, step,
			cut;
	double pages;
	unsigned factor = 0;

	if (strncmp(page->first, page->last, at) == 0)
		first = read_fraction(page->first, at);
	if (page->end[0] != '\0')
		end = read_fraction(page->end, at);
	span = subtract(last, &first);
	rest = subtract(end, &last);
	if (size_of(&span) == 0)
		span.digit[DIGITS] = 1;
	pages = size_of(&rest) / size_of(&span);
	parts = smaller(most, affordable(r, page->n, 0));
	if ((double)parts > pages)
		parts = (size_t)pages;
	if (parts < 2)
		return;
	if (pages > EVEN_MOST * (double)parts)
		factor = (unsigned)least(pow(pages, 1 / (double)parts) + 1,
		    FACTOR_MOST);
	step = factor > 0 ? times(&span, factor) : divide(rest, parts);
	for (rest = step; --parts > 0;
	     step = factor > 0 ? times(&step, factor) : plus(&step, &rest)) {
		cut = plus(&last, &step);
		add_name_cut(r, page, at, &cut);
	}
}

void
ranges_cut(struct ranges *r, const struct ranges_view *page, size_t most)
{
	struct folder f;
	bool has_folder;

	clear(r);
	if (most < 2)
		return;
	has_folder = find_folder(page, &f);
	if (has_folder)
		cut_digests(r, page, &f, most);
	if (r->cuts.n == 0 && !(has_folder && f.has_fan))
		cut_names(r, page, most);
	r->purse -= (int64_t)(r->cuts.n * page->n);
}
