/* SPDX-License-Identifier: MIT */
/* instructions: what their words mean, and to which requests. */
#include "sim/instructions.h"

#include <stdio.h>
#include <string.h>

#include "sim/fault.h"
#include "sim/operations.h"
#include "sim/routes.h"
#include "tests/support/suite.h"

START_TEST(every_word_of_the_grammar_is_read)
{
	static const struct {
		const char *text;
		struct instruction want;
	} rows[] = {
		{ "return-503", { INSTRUCTION_STATUS, 503, 0, 0, "" } },
		{ "return-200", { INSTRUCTION_STATUS, 200, 0, 0, "" } },
		{ "return-599", { INSTRUCTION_STATUS, 599, 0, 0, "" } },
		{ "return-0418", { INSTRUCTION_STATUS, 418, 0, 0, "" } },
		{ "return-reset-connection",
		    { INSTRUCTION_RESET, 0, 0, 0, "" } },
		{ "return-broken-stream", { INSTRUCTION_BROKEN, 0, 0, 0, "" } },
		{ "return-broken-stream-after-256K",
		    { INSTRUCTION_BROKEN_AFTER, 0, 0, 262144, "" } },
		{ "return-broken-stream-after-0K",
		    { INSTRUCTION_BROKEN_AFTER, 0, 0, 0, "" } },
		{ "return-broken-stream-final-chunk-after-1025B",
		    { INSTRUCTION_SHORT, 0, 0, 1025, "" } },
		{ "return-408-after-8192K",
		    { INSTRUCTION_STATUS_AFTER, 408, 0, 8388608, "" } },
		{ "stall-for-10s-after-12K",
		    { INSTRUCTION_STALL, 0, 10, 12288, "" } },
		{ "stall-for-86400s-after-8589934592K",
		    { INSTRUCTION_STALL, 0, 86400, UINT64_C(1) << 43, "" } },
		{ "return-unreachable-buckets-a,b_c",
		    { INSTRUCTION_UNREACHABLE, 0, 0, 0, "a,b_c" } },
		{ "return-503-if-dp-enforced",
		    { INSTRUCTION_GRPC, 503, 0, 0, "" } },
		{ "redirect-send-token-t-t",
		    { INSTRUCTION_GRPC, 0, 0, 0, "t-t" } },
		{ "redirect-send-handle-and-token-t",
		    { INSTRUCTION_GRPC, 0, 0, 0, "t" } },
		{ "redirect-expect-token-t",
		    { INSTRUCTION_GRPC, 0, 0, 0, "t" } },
	};
	struct instruction got;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(instruction_parse(rows[i].text, &got) == 0, "%s",
		    rows[i].text);
		ck_assert_int_eq(got.kind, rows[i].want.kind);
		ck_assert_int_eq(got.status, rows[i].want.status);
		ck_assert_uint_eq(got.seconds, rows[i].want.seconds);
		ck_assert_uint_eq(got.bytes, rows[i].want.bytes);
		ck_assert_str_eq(got.names, rows[i].want.names);
	}
}
END_TEST

START_TEST(nothing_else_is_an_instruction)
{
	static const char *const rows[] = { "", "return", "return-",
		"return-late", "Return-503", "return-503 ", " return-503",
		"return-503\n", "return--503", "return-+503", "return-503K",
		"return-199", "return-600", "return-99999999999999999999",
		"return-reset-connectio", "return-reset-connections",
		"return-broken-stream-", "return-broken-stream-after-K",
		"return-broken-stream-after-1", "return-broken-stream-after-1B",
		"return-broken-stream-after-8589934593K",
		"return-broken-stream-final-chunk-after-1K",
		"return-503-after-1", "return-503-after-K", "return-after-1K",
		"return-600-after-1K", "return-503-after-1KK",
		"return-503-after-256K/retry-1", "stall-for-s-after-1K",
		"stall-for-1s", "stall-for-86401s-after-1K",
		"stall-for-1-after-1K", "stall-always", "stall-at-256KiB",
		"return-corrupted-data", "return-unreachable-buckets-",
		"return-x-if-dp-enforced", "redirect-send-token-",
		"redirect-send-token-T", "redirect-send-token-t1" };
	struct instruction got;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_msg(instruction_parse(rows[i], &got) == -1, "'%s'",
		    rows[i]);
}
END_TEST

/* Does an instruction do anything to that operation? */
static bool
meets(const char *text, enum operation op, struct fault *f)
{
	struct instruction i;
	struct route route;
	bool is_met;

	route_init(&route);
	route.op = op;
	ck_assert_int_eq(instruction_parse(text, &i), 0);
	is_met = instruction_meets(&i, &route, f);
	route_release(&route);
	return is_met;
}

START_TEST(an_instruction_meets_what_it_can_happen_to)
{
	static const struct {
		const char *text;
		enum operation op;
		bool is_met;
	} rows[] = {
		{ "return-503", OP_BUCKET_GET, true },
		{ "return-reset-connection", OP_OBJECT_DELETE, true },
		{ "return-broken-stream", OP_OBJECT_LIST, true },
		{ "return-broken-stream-after-1K", OP_OBJECT_MEDIA, true },
		{ "return-broken-stream-after-1K", OP_XML_GET, true },
		{ "return-broken-stream-after-1K", OP_OBJECT_LIST, false },
		{ "return-503-after-1K", OP_UPLOAD_STATUS, true },
		{ "return-503-after-1K", OP_OBJECT_INSERT, true },
		{ "return-503-after-1K", OP_XML_PUT, true },
		{ "return-503-after-1K", OP_OBJECT_MEDIA, false },
		{ "stall-for-1s-after-1K", OP_OBJECT_MEDIA, true },
		{ "stall-for-1s-after-1K", OP_UPLOAD_STATUS, true },
		{ "stall-for-1s-after-1K", OP_OBJECT_DELETE, false },
		{ "return-broken-stream-final-chunk-after-1B", OP_UPLOAD_STATUS,
		    true },
		{ "return-broken-stream-final-chunk-after-1B", OP_OBJECT_INSERT,
		    false },
		{ "return-unreachable-buckets-a", OP_BUCKET_LIST, true },
		{ "return-unreachable-buckets-a", OP_BUCKET_GET, false },
		{ "redirect-send-token-t", OP_OBJECT_GET, false },
	};
	struct fault f;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_msg(meets(rows[i].text, rows[i].op, &f) ==
			rows[i].is_met,
		    "%s of operation %d", rows[i].text, (int)rows[i].op);
}
END_TEST

START_TEST(a_fault_is_as_it_was_told)
{
	struct fault f;

	ck_assert(meets("return-418", OP_OBJECT_GET, &f));
	ck_assert_int_eq(f.what, FAULT_STATUS);
	ck_assert_int_eq(f.status, 418);
	ck_assert(f.is_testbench && !f.has_acted);
	ck_assert(f.keep_bytes == FAULT_KEEP_ALL);
	ck_assert(meets("return-503-after-3K", OP_UPLOAD_STATUS, &f));
	ck_assert_uint_eq(f.keep_bytes, 3072);
	ck_assert(meets("return-broken-stream", OP_OBJECT_GET, &f));
	ck_assert_int_eq(f.what, FAULT_ANSWER);
	ck_assert_uint_eq(f.manner.cut_at, 4);
	ck_assert_uint_eq(f.if_body, 4);
	ck_assert(!f.manner.is_reset);
	ck_assert(meets("stall-for-3s-after-1K", OP_OBJECT_MEDIA, &f));
	ck_assert_uint_eq(f.manner.pause_at, 1024);
	ck_assert_uint_eq(f.manner.pause_us, 3000000);
	ck_assert_uint_eq(f.manner.cut_at, UINT64_MAX);
	ck_assert_uint_eq(f.if_body, 1025);
	ck_assert(meets("stall-for-3s-after-1K", OP_OBJECT_INSERT, &f));
	ck_assert_int_eq(f.what, FAULT_STALL);
	ck_assert_uint_eq(f.stall_us, 3000000);
	ck_assert_uint_eq(f.keep_bytes, 1024);
}
END_TEST

/* --- the header --- */

struct headers {
	const char *instruction;
	const char *range;
	bool is_old; /* the header's other name */
};

static const char *
find_header(const void *from, const char *name)
{
	const struct headers *h = from;

	if (strcmp(name, "Range") == 0)
		return h->range;
	if (strcmp(name,
		h->is_old ? "x-goog-testbench-instructions"
			  : "x-goog-emulator-instructions") == 0)
		return h->instruction;
	return NULL;
}

static bool
takes(const char *instruction, const char *range, enum operation op,
    struct fault *f)
{
	struct headers from = { instruction, range, op == OP_XML_GET };
	const struct ask_headers headers = { find_header, &from, NULL };
	struct route route;
	struct fault_ask ask = { .route = &route, .headers = &headers };
	bool is_met;

	route_init(&route);
	route.op = op;
	is_met = instructions_take(&ask, f);
	route_release(&route);
	return is_met;
}

START_TEST(a_header_breaks_off_downloads_and_stalls_them)
{
	struct fault f;

	ck_assert(takes("return-broken-stream", NULL, OP_OBJECT_MEDIA, &f));
	ck_assert_uint_eq(f.manner.cut_at, 1048576);
	ck_assert_uint_eq(f.if_body, 1048577);
	ck_assert(f.manner.is_reset);
	ck_assert_str_eq(f.mark, "x-goog-emulator-instructions");
	ck_assert(takes("stall-always", "bytes=9-", OP_XML_GET, &f));
	ck_assert_uint_eq(f.manner.pause_at, 0);
	ck_assert_uint_eq(f.manner.pause_us, 10000000);
	ck_assert(takes("stall-at-256KiB", "bytes=0-", OP_OBJECT_MEDIA, &f));
	ck_assert_uint_eq(f.manner.pause_at, 262144);
	ck_assert(takes("stall-at-256KiB", "bytes=-9", OP_OBJECT_MEDIA, &f));
	ck_assert(!takes("stall-at-256KiB", "bytes=1-", OP_OBJECT_MEDIA, &f));
	ck_assert(takes("return-corrupted-data", NULL, OP_OBJECT_MEDIA, &f));
	ck_assert(f.corrupts);
}
END_TEST

START_TEST(a_header_that_counts_retries_fails_two_of_them)
{
	static const char base[] = "return-503-after-256K";
	char text[64];
	struct fault f;
	int i;

	ck_assert(takes(base, NULL, OP_OBJECT_MEDIA, &f));
	ck_assert_uint_eq(f.manner.cut_at, 262144);
	ck_assert(!takes(base, "bytes=262144-", OP_OBJECT_MEDIA, &f));
	for (i = 1; i <= 4; i++) {
		snprintf(text, sizeof(text), "%s/retry-%d", base, i);
		ck_assert(takes(text, "bytes=262144-", OP_OBJECT_MEDIA, &f) ==
		    (i <= 2));
		ck_assert(i > 2 || f.status == 503);
		ck_assert(takes(text, "bytes=0-", OP_OBJECT_MEDIA, &f));
	}
	ck_assert(takes(base, NULL, OP_UPLOAD_STATUS, &f));
	ck_assert_uint_eq(f.keep_bytes, 262144);
	ck_assert_int_eq(f.status, 503);
	ck_assert(!takes("return-503-after-256K/retry-1", NULL,
	    OP_UPLOAD_STATUS, &f));
}
END_TEST

START_TEST(a_header_means_nothing_to_other_requests)
{
	static const char *const words[] = { "return-broken-stream",
		"return-corrupted-data", "stall-always", "stall-at-256KiB",
		"return-503-after-256K" };
	struct fault f;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		ck_assert(!takes(words[i], NULL, OP_OBJECT_GET, &f));
		ck_assert(!takes(words[i], NULL, OP_OBJECT_DELETE, &f));
		ck_assert(!takes(words[i], NULL, OP_OBJECT_INSERT, &f));
	}
	ck_assert(!takes("redirect-send-token-t", NULL, OP_OBJECT_MEDIA, &f));
	ck_assert(!takes("", NULL, OP_OBJECT_MEDIA, &f));
	ck_assert(!takes(NULL, NULL, OP_OBJECT_MEDIA, &f));
}
END_TEST

int
main(void)
{
	return suite_run("sim_instructions", every_word_of_the_grammar_is_read,
	    nothing_else_is_an_instruction,
	    an_instruction_meets_what_it_can_happen_to,
	    a_fault_is_as_it_was_told,
	    a_header_breaks_off_downloads_and_stalls_them,
	    a_header_that_counts_retries_fails_two_of_them,
	    a_header_means_nothing_to_other_requests, NULL);
}
