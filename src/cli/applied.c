/* SPDX-License-Identifier: MIT */
/* Counts of rows, in words. */
#include "src/cli/applied.h"

#include <inttypes.h>
#include <stdio.h>

#include "src/base/str.h"
#include "src/cli/output.h"

uint64_t
applied_count(const struct plan_file *f, enum plan_state state, uint64_t *bytes)
{
	uint64_t n = 0, sum = 0, part;
	int section;

	for (section = 0; section < PLAN_SECTIONS; section++) {
		n += plan_file_count(f, (enum plan_section)section, state,
		    &part);
		sum += part;
	}
	if (bytes != NULL)
		*bytes = sum;
	return n;
}

bool
applied_is_complete(const struct plan_file *f)
{
	return applied_count(f, PLAN_PENDING, NULL) +
	    applied_count(f, PLAN_FAILED, NULL) ==
	    0;
}

/* What a reviewer took off is worth a word where there is any. */
void
applied_print(const struct plan_file *f)
{
	static const enum plan_state states[] = { PLAN_GONE, PLAN_CHANGED,
		PLAN_KEPT, PLAN_FAILED, PLAN_PENDING };
	char size[STR_SIZE_MAX];
	uint64_t bytes, n;
	size_t i;

	n = applied_count(f, PLAN_DELETED, &bytes);
	printf("all runs  %5" PRIu64 " deleted (%s)", n,
	    str_format_size(size, bytes));
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		printf(", %" PRIu64 " %s", applied_count(f, states[i], NULL),
		    plan_state_name(states[i]));
	if ((n = applied_count(f, PLAN_SKIP, NULL)) > 0)
		printf(", %" PRIu64 " skipped", n);
	putchar('\n');
}

void
applied_print_json(const char *path, const struct plan_file *f)
{
	json_t *o = json_pack("{s:s, s:i, s:o}", "type", "applied", "schema", 1,
	    "file", output_string(path));
	uint64_t bytes, deleted_bytes = 0, n;
	int state;

	for (state = 0; state < PLAN_STATES; state++) {
		n = applied_count(f, (enum plan_state)state, &bytes);
		if (state == PLAN_DELETED)
			deleted_bytes = bytes;
		json_object_set_new(o, plan_state_name((enum plan_state)state),
		    json_integer((json_int_t)n));
	}
	json_object_set_new(o, "bytes",
	    json_integer((json_int_t)deleted_bytes));
	output_json(o);
}
