/* SPDX-License-Identifier: MIT */
/* Two strategies at four widths fill 80 columns.  The requests of a heading
 * are the formula's; the audit holds every cell against it. */
#include "src/cli/bench_block.h"

#include <inttypes.h>
#include <stdio.h>

#include "src/cli/bench_print.h"

enum {
	LATENCY_WIDTH = 7,
	CELL_WIDTH = 8,
	TITLE_WIDTH =
	    35 /* "N = 10000000 list-delete, 20000000 requests" fits */
};

static int
cell_width(const struct bench_ways *ways)
{
	return ways->n_widths > 1 ? CELL_WIDTH : TITLE_WIDTH;
}

static void
add_title(char *out, size_t size, int strategy, uint64_t n)
{
	enum sweep_strategy s = (enum sweep_strategy)strategy;

	snprintf(out, size, "%s, %" PRIu64 " request%s", bench_strategy_name(s),
	    sweep_formula(s, n), sweep_formula(s, n) == 1 ? "" : "s");
}

/* "N = 100", and above each strategy's columns its name and its requests. */
static void
print_titles(const struct bench_ways *ways, uint64_t n, bool is_markdown)
{
	int half = (int)ways->n_widths * (1 + cell_width(ways));
	int room = LATENCY_WIDTH + half, s;
	char title[64];

	room -= printf("\nN = %" PRIu64, n) - 1;
	for (s = ways->first; s <= ways->last; s++) {
		add_title(title, sizeof(title), s, n);
		if (is_markdown)
			printf("%s%s", s > ways->first ? "; " : ": ", title);
		else
			printf("%*s", room, title);
		room = half + 1;
	}
	puts(is_markdown ? "\n" : "");
}

/* Markdown has no titles above its headings. */
static void
set_head(char head[BENCH_HEAD_MAX], int strategy, uint64_t width,
    bool is_markdown)
{
	enum sweep_strategy s = (enum sweep_strategy)strategy;

	if (is_markdown)
		snprintf(head, BENCH_HEAD_MAX, "%s, %" PRIu64 " at once",
		    bench_strategy_name(s), width);
	else
		snprintf(head, BENCH_HEAD_MAX, "%" PRIu64, width);
}

void
bench_block_begin(struct bench_block *b, const struct bench_ways *ways,
    uint64_t n, bool is_markdown)
{
	struct grid_column *c = b->columns;
	int s, at = 0;
	size_t i;

	*c++ = (struct grid_column){ "latency", 0, LATENCY_WIDTH };
	for (s = ways->first; s <= ways->last; s++) {
		for (i = 0; i < ways->n_widths; i++, at++) {
			set_head(b->heads[at], s, ways->widths[i], is_markdown);
			*c++ = (struct grid_column){ b->heads[at],
				i == 0 && s > ways->first ? 2 : 1,
				cell_width(ways) };
		}
	}
	*c = (struct grid_column){ NULL, 0, 0 };
	print_titles(ways, n, is_markdown);
	grid_init(&b->grid, b->columns, is_markdown);
	grid_head(&b->grid);
}

void
bench_block_row(struct bench_block *b, uint64_t latency_us)
{
	grid_cell(&b->grid, "%g ms", bench_milliseconds(latency_us));
}

/* On the real clock a cell may take minutes: it is seen when it is done. */
void
bench_block_cell(struct bench_block *b, const struct bench_result *r)
{
	grid_cell(&b->grid, "%.3f", bench_seconds(r->us));
	fflush(stdout);
}
