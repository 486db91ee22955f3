/* SPDX-License-Identifier: MIT */
/* expect: keys, ranges, and what is said when it is not so. */
#include <string.h>

#include "sim/expect.h"
#include "src/base/buf.h"
#include "tests/support/suite.h"

static struct tally t;
static struct err err = ERR_INIT;

static void
ask(enum sim_kind kind, enum operation op, int status, int times)
{
	const struct tally_end end = { .kind = kind,
		.op = op,
		.status = status,
		.is_rejected = status == 429,
		.is_fault = status == 500 };

	for (; times > 0; times--) {
		tally_arrive(&t, kind, op, times == 1);
		tally_answer(&t, &end);
	}
}

static void
fill(void)
{
	ask(SIM_DELETE, OP_OBJECT_DELETE, 204, 391);
	ask(SIM_DELETE, OP_OBJECT_DELETE, 404, 2);
	ask(SIM_DELETE, OP_OBJECT_DELETE, 429, 5);
	ask(SIM_LIST, OP_OBJECT_LIST, 200, 3);
	ask(SIM_GET, OP_OBJECT_MEDIA, 200, 7);
	ask(SIM_GET, OP_XML_GET, 500, 1);
	ask(SIM_OTHER, OP_BATCH, 200, 4);
	ask(SIM_PUT, OP_OBJECT_INSERT, TALLY_UNANSWERED, 6);
	tally_arrive(&t, SIM_GET, OP_OBJECT_GET, false);
}

/* 1: met; 0: not, and *difference says so; -1: refused. */
static int
expect(const char *text, struct buf *difference)
{
	struct expect e;
	struct query q;

	query_parse(&q, text, strlen(text));
	buf_clear(difference);
	if (expect_parse(&e, &q, &err) != 0)
		return -1;
	return expect_check(&e, &t, &sim_tariff, difference);
}

START_TEST(a_number_is_met_or_told)
{
	static const struct {
		const char *query, *difference; /* "": met */
	} rows[] = {
		{ "DELETE=398", "" },
		{ "DELETE=391", "DELETE: expected 391, had 398 (7 too many)" },
		{ "scope=any&total=420", "" },
		{ "LIST=0&DELETE=400",
		    "LIST: expected 0, had 3 (3 too many); "
		    "DELETE: expected 400, had 398 (2 too few)" },
		{ "LIST=3&GET=9&PUT=6&BUCKET=0&OTHER=4", "" },
		{ "storage.objects.delete=398&objects.delete=398", "" },
		{ "storage.objects.get=9", "" },
		{ "storage.objects.get:200=7", "" },
		{ "batch=4&none=0", "" },
		{ "204=391&404=2&429=5&200=14&500=1&503=0", "" },
		{ "DELETE:204=391&DELETE:404=2&GET:404=0", "" },
		{ "DELETE%3A204=391", "" },
		{ "total:200=14", "" },
		{ "unanswered=6&PUT:unanswered=6&GET:unanswered=0", "" },
		{ "rejected=5&faults=1&in_flight=1&peak_in_flight=1", "" },
		{ "connections=8", "" },
		{ "class_a=3&class_b=7&nanodollars=17800", "" },
		{ "DELETE=390..400", "" },
		{ "DELETE=398..398", "" },
		{ "DELETE=..398&DELETE=398..", "" },
		{ "DELETE=0..", "" },
		{ "DELETE=1..5",
		    "DELETE: expected 1..5, had 398 (393 too many)" },
		{ "DELETE=399..",
		    "DELETE: expected 399.., had 398 (1 too few)" },
		{ "DELETE=..397",
		    "DELETE: expected ..397, had 398 (1 too many)" },
		{ "total=18446744073709551615",
		    "total: expected 18446744073709551615, had 420 "
		    "(18446744073709551195 too few)" },
	};
	struct buf difference;
	size_t i;

	fill();
	buf_init(&difference, 1000);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(expect(rows[i].query, &difference) ==
			(*rows[i].difference == '\0'),
		    "%s: %s", rows[i].query, difference.data);
		ck_assert_str_eq(difference.data, rows[i].difference);
	}
	buf_release(&difference);
	tally_release(&t);
}
END_TEST

START_TEST(what_makes_no_sense_is_refused_by_its_name)
{
	static const struct {
		const char *query, *text;
	} rows[] = {
		{ "", "nothing is expected" },
		{ "scope=x", "nothing is expected" },
		{ "DELTE=1", "'DELTE' counts nothing; there are total" },
		{ "delete=1", "'delete' counts nothing" },
		{ "storage.=1", "'storage.' counts nothing" },
		{ "099=1", "counts nothing" },
		{ "600=1", "counts nothing" },
		{ "2004=1", "counts nothing" },
		{ "DELETE:=1", "counts nothing" },
		{ "DELETE:2=1", "counts nothing" },
		{ ":204=1", "counts nothing" },
		{ "rejected:204=1", "counts nothing" },
		{ "204:204=1", "counts nothing" },
		{ "=1", "'' counts nothing" },
		{ "DELETE", "DELETE=: want a number" },
		{ "DELETE=", "DELETE=: want a number" },
		{ "DELETE=x", "DELETE=x: want a number" },
		{ "DELETE=-1", "want a number" },
		{ "DELETE=1.5", "want a number" },
		{ "DELETE=..", "want a number" },
		{ "DELETE=5..1", "want a number" },
		{ "DELETE=1..2..3", "want a number" },
		{ "DELETE=1...3", "want a number" },
		{ "DELETE=18446744073709551616", "want a number" },
		{ "DELETE=99999999999999999999999999", "want a number" },
		{ "DELETE=%31%", "no KEY=VALUE" },
		{ "%zz=1", "no KEY=VALUE" },
		{ "DELETE%00=1", "no KEY=VALUE" },
		{ "LIST=0&"
		  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		  "xxxxx=1",
		    "at most 63 bytes" },
	};
	struct buf difference, many;
	size_t i;

	buf_init(&difference, 1000);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(expect(rows[i].query, &difference) == -1, "%s",
		    rows[i].query);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_msg(strstr(err.text, rows[i].text) != NULL, "%s: %s",
		    rows[i].query, err.text);
	}
	buf_init(&many, 10000);
	for (i = 0; i <= QUERY_MAX; i++)
		buf_adds(&many, "LIST=0&");
	ck_assert_int_eq(expect(many.data, &difference), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "ask twice"));
	buf_release(&many);
	buf_release(&difference);
}
END_TEST

int
main(void)
{
	return suite_run("sim_expect", a_number_is_met_or_told,
	    what_makes_no_sense_is_refused_by_its_name, NULL);
}
