/* SPDX-License-Identifier: MIT */
/* sim_points: a table of percentiles, as a file and as an option. */
#include <stdlib.h>
#include <string.h>

#include "sim/delay.h"
#include "sim/points.h"
#include "src/base/buf.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_points";

/* What was taken, from wherever. */
static void
check_points(const struct sim_delay *d)
{
	struct err err = ERR_INIT;
	struct sim_delay again = { 0 };
	uint64_t before = 0, us;
	struct buf text;
	size_t i;

	LAW(sim_check_delay(d, &err) == 0, "what is read can be");
	for (i = 0; i <= 1000; i++, before = us) {
		us = points_at(d, (double)i * 1000);
		LAW(us >= before, "a higher percentile is no shorter");
	}
	LAW(points_at(d, 0) == d->at_us[0], "the first is the shortest");
	LAW(before == d->at_us[d->points - 1], "the last is the longest");
	buf_init(&text, 64 * SIM_POINTS_MAX);
	points_format(d, &text);
	LAW(points_parse(text.data, &again, &err) == 0 &&
		again.points == d->points &&
		memcmp(again.share, d->share, sizeof(d->share)) == 0 &&
		memcmp(again.at_us, d->at_us, sizeof(d->at_us)) == 0,
	    "what is written is read as the same");
	buf_release(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sim_delay file = { 0 }, option = { 0 };
	struct err err = ERR_INIT;
	char *text = fuzz_string(data, n);

	if (points_scan("table", (const char *)data, n, &file, &err) == 0)
		check_points(&file);
	else
		fuzz_is_refusal(&err, ERR_CONFIG);
	err_clear(&err);
	if (points_parse(text, &option, &err) == 0)
		check_points(&option);
	else
		fuzz_is_refusal(&err, ERR_USAGE);
	free(text);
	return 0;
}
