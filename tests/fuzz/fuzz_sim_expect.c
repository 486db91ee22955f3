/* SPDX-License-Identifier: MIT */
/* sim_expect: the query of GET /_sim/expect. */
#include <stdlib.h>
#include <string.h>

#include "sim/expect.h"
#include "src/base/buf.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_expect";

/* A line as it is told is the line that was asked. */
static void
check_line(const struct expect_line *line)
{
	struct err err = ERR_INIT;
	struct expect again;
	struct query q;
	struct buf text;

	LAW(line->least <= line->most, "a range does not end before it begins");
	LAW(strlen(line->name) <= EXPECT_KEY_MAX, "a name has its room");
	buf_init(&text, 1000);
	buf_addf(&text, "%s=", line->name);
	expect_add_value(line, &text);
	query_parse(&q, text.data, text.len);
	LAW(expect_parse(&again, &q, &err) == 0 && again.n == 1 &&
		again.line[0].least == line->least &&
		again.line[0].most == line->most &&
		again.line[0].key.what == line->key.what &&
		again.line[0].key.cells.kinds == line->key.cells.kinds &&
		again.line[0].key.cells.method == line->key.cells.method &&
		again.line[0].key.cells.status == line->key.cells.status,
	    "what is told of a line is read as the same line");
	buf_release(&text);
}

static void
check_verdict(const struct expect *e)
{
	static const struct tally nothing;
	struct buf difference;
	bool is_met, all_take_zero = true;
	size_t i;

	for (i = 0; i < e->n; i++)
		all_take_zero &= e->line[i].least == 0;
	buf_init(&difference, 64 * 1024);
	is_met = expect_check(e, &nothing, &sim_tariff, &difference);
	LAW(is_met == all_take_zero, "nothing is zero of everything");
	LAW(is_met == (difference.len == 0), "there is a difference to tell");
	LAW(!difference.full, "the difference has its room");
	buf_release(&difference);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err err = ERR_INIT;
	struct expect e;
	struct query q;
	size_t i;

	query_parse(&q, (const char *)data, n);
	if (expect_parse(&e, &q, &err) != 0) {
		fuzz_is_refusal(&err, ERR_USAGE);
		return 0;
	}
	LAW(e.n > 0 && e.n <= q.n, "there are as many lines as parameters");
	for (i = 0; i < e.n; i++)
		check_line(&e.line[i]);
	check_verdict(&e);
	return 0;
}
