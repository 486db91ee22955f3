/* SPDX-License-Identifier: MIT */
/* pace_line: what the driver is doing, with what there is to say and no more. */
#include "src/cli/pace_line.h"

#include "src/base/buf.h"
#include "src/gcs/gcs.h"
#include "tests/support/suite.h"

START_TEST(says_how_fast_and_why)
{
	static const struct {
		struct gcs_status status;
		const char *line;
	} rows[] = {
		{ { .why = "no limit met", .window = 1000, .connections = 64 },
		    "pace free (no limit met), 0 in flight of 1000, up to 64 "
		    "connections" },
		{ { .write_rate = 699.6,
		      .why = "429: cut",
		      .in_flight = 40,
		      .waiting = 12,
		      .window = 300,
		      .connections = 64 },
		    "pace 700/s (429: cut), 40 in flight of 300, 12 waiting, "
		    "up to 64 connections" },
		{ { .write_rate = 1000,
		      .why = "growing",
		      .window = 16,
		      .connections = 1,
		      .is_outage = true },
		    "pace 1000/s (growing), 0 in flight of 16, up to 1 "
		    "connections; the server is out, and asked once a second" },
	};
	struct buf text;
	size_t i;

	buf_init(&text, 1024);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&text);
		pace_line_format(&rows[i].status, &text);
		ck_assert_str_eq(text.data, rows[i].line);
	}
	buf_release(&text);
}
END_TEST

int
main(void)
{
	return suite_run("pace_line", says_how_fast_and_why, NULL);
}
