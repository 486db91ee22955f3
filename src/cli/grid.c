/* SPDX-License-Identifier: MIT */
/* Nothing is kept: a row is seen as far as it is known, however long the next
 * cell takes. */
#include "src/cli/grid.h"

#include <stdarg.h>
#include <stdio.h>

/* An audit that failed is the longest. */
enum { CELL_MAX = 256 };

void
grid_init(struct grid *g, const struct grid_column *columns, bool is_markdown)
{
	*g = (struct grid){ .columns = columns, .is_markdown = is_markdown };
}

void
grid_cell(struct grid *g, const char *format, ...)
{
	const struct grid_column *c = &g->columns[g->at++];
	char text[CELL_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (g->is_markdown)
		printf("| %s ", text);
	else
		printf("%*s%*s", c->gap, "", c->width, text);
	if (c[1].head != NULL)
		return;
	puts(g->is_markdown ? "|" : "");
	g->at = 0;
}

void
grid_head(struct grid *g)
{
	const struct grid_column *c;

	for (c = g->columns; c->head != NULL; c++)
		grid_cell(g, "%s", c->head);
	if (!g->is_markdown)
		return;
	for (c = g->columns; c->head != NULL; c++)
		fputs(c->width > 0 ? "|---:" : "|:---", stdout);
	puts("|");
}
