/* SPDX-License-Identifier: MIT */
/* sim_retry: the body that makes a retry test, and each of its instructions. */
#include <string.h>

#include "sim/fault.h"
#include "sim/instructions.h"
#include "sim/json_out.h"
#include "sim/retry_json.h"
#include "sim/retry_test.h"
#include "sim/routes.h"
#include "src/base/buf.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_retry";

static void
check_refusal(const struct retry_refusal *why)
{
	LAW(why->status == 400 || why->status == 413 || why->status == 501,
	    "a refusal has a status");
	LAW(why->text[0] != '\0', "a refusal says why");
}

static void
check_fault(const struct instruction *i, const struct fault *f)
{
	LAW(f->what != FAULT_STATUS || (f->status >= 200 && f->status <= 599),
	    "a status is one that ends a request");
	LAW(f->stall_us <= INSTRUCTION_SECONDS_MAX * 1000000 &&
		f->manner.pause_us <= INSTRUCTION_SECONDS_MAX * 1000000,
	    "a stall has an end");
	LAW(!instruction_is_certain(i) ||
		(f->if_body == 0 && f->keep_bytes == FAULT_KEEP_ALL &&
		    !f->if_finished),
	    "what is certain waits for nothing");
	LAW(f->ticket == 0 && f->mark[0] == '\0',
	    "an instruction is nobody's yet");
}

/* Whatever the request is. */
static void
check_instruction(const char *text)
{
	struct instruction i;
	struct route route;
	struct fault f;
	int op;

	LAW(instruction_parse(text, &i) == 0, "what is kept can be read");
	LAW(i.bytes <= INSTRUCTION_BYTES_MAX, "bytes have bounds");
	LAW(i.kind != INSTRUCTION_UNREACHABLE || i.names[0] != '\0',
	    "buckets out of reach have names");
	route_init(&route);
	for (op = 0; op < OPERATIONS; op++) {
		route.op = (enum operation)op;
		if (instruction_meets(&i, &route, &f))
			check_fault(&i, &f);
	}
	route_release(&route);
}

static void
tell(const struct retry_test *t, struct buf *out)
{
	struct json_out w;

	json_init(&w, out, false, NULL);
	retry_json_add(t, &w);
	json_end(&w);
}

/* What a test says makes one that says the same. */
static void
check_again(const struct retry_test *t)
{
	struct retry_refusal why;
	struct retry_test *again;
	struct buf first, second;

	buf_init(&first, SIZE_MAX);
	buf_init(&second, SIZE_MAX);
	tell(t, &first);
	again = retry_json_parse(first.data, first.len, &why);
	LAW(again != NULL || first.len > RETRY_BODY_MAX,
	    "what a test says can be read");
	if (again != NULL) {
		tell(again, &second);
		LAW(strcmp(first.data, second.data) == 0,
		    "what a test says makes one that says the same");
	}
	retry_test_free(again);
	buf_release(&first);
	buf_release(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct retry_refusal why;
	struct retry_test *t = retry_json_parse(data, n, &why);
	size_t i, k;

	if (t == NULL) {
		check_refusal(&why);
		return 0;
	}
	for (i = 0; i < t->queues.n; i++) {
		for (k = 0; k < t->queues.v[i].steps.n; k++)
			check_instruction(t->queues.v[i].steps.v[k].text);
	}
	check_again(t);
	retry_test_free(t);
	return 0;
}
