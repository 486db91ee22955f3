/* SPDX-License-Identifier: MIT */
/* sim_rule: a text of rules. */
#include <stdlib.h>
#include <string.h>

#include "sim/rules.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_rule";

/* What a rule says can be said again. */
static void
check_rule(const struct rule *r)
{
	struct buf text, again;
	struct err err = ERR_INIT;
	struct rule *twin;

	buf_init(&text, 4 * RULE_TEXT_MAX);
	buf_init(&again, 4 * RULE_TEXT_MAX);
	rule_format(r, &text);
	LAW(rule_is_id(r->id), "each rule has a name");
	if (text.len <= RULE_TEXT_MAX) {
		twin = rule_parse(text.data, text.len, &err);
		LAW(twin != NULL, "what is written can be read");
		rule_format(twin, &again);
		LAW(again.len == text.len &&
			memcmp(again.data, text.data, text.len) == 0,
		    "and is written the same again");
		LAW(twin->kind == r->kind && twin->rate == r->rate &&
			twin->fault.status == r->fault.status &&
			twin->fault.skew_us == r->fault.skew_us &&
			twin->from_us == r->from_us &&
			twin->until_us == r->until_us,
		    "and means the same");
		rule_free(twin);
	}
	buf_release(&text);
	buf_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct rules rules = { 0 };
	struct err err = ERR_INIT;
	char *text = memcpy(mem_alloc(n > 0 ? n : 1),
	    n > 0 ? data : (const void *)"", n);
	size_t line, i;

	if (rules_add(&rules, text, n, RULE_BY_CALL, 0, &line, &err) != 0) {
		fuzz_is_refusal(&err, ERR_USAGE);
		LAW(rules.list.n == 0, "of a bad text no rule is taken");
		LAW(line >= 1 && line <= n + 1, "it names one of the lines");
	} else {
		LAW(rules.list.n > 0, "a good text has a rule");
	}
	for (i = 0; i < rules.list.n; i++) {
		check_rule(rules.list.v[i]);
		LAW(rules_find(&rules, rules.list.v[i]->id) == rules.list.v[i],
		    "names are of one rule each");
	}
	rules_release(&rules);
	free(text);
	return 0;
}
