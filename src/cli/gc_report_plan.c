/* SPDX-License-Identifier: MIT */
/* What is known before the first delete. */
#include "src/cli/gc_report.h"

#include <inttypes.h>
#include <stdio.h>

#include "src/base/buf.h"
#include "src/cli/options.h"
#include "src/cli/output.h"

static void
print_damage(const struct gc_run *run, const char *what)
{
	if (run->opts->json) {
		output_json(json_pack("{s:s, s:i, s:o}", "type", "damage",
		    "schema", 1, "what", output_string(what)));
		return;
	}
	fputs("damage    ", stderr);
	output_name(stderr, what);
	fputc('\n', stderr);
}

static void
print_victim(const struct gc_run *run, enum plan_section section,
    const char *name, uint64_t generation)
{
	if (run->opts->json) {
		output_json(json_pack("{s:s, s:i, s:s, s:o, s:o}", "type",
		    "victim", "schema", 1, "kind", plan_section_name(section),
		    "name", output_string(name), "generation",
		    output_number(generation)));
		return;
	}
	printf("eligible  %s ", plan_section_name(section));
	output_name(stdout, name);
	printf("#%" PRIu64 "\n", generation);
}

static void
print_victims(const struct gc_run *run)
{
	const struct plan *plan = &run->gc->plan;
	struct err ignored;
	uint64_t generation;
	struct buf name;
	int section;
	size_t i;

	buf_init(&name, 4 * STORAGE_NAME_MAX);
	for (section = 0; section < PLAN_SECTIONS; section++) {
		for (i = 0; i < plan->victims[section].n; i++) {
			if (plan_victim(plan, &run->gc->mark.inv,
				(enum plan_section)section, i, &name,
				&generation, &ignored) == 0)
				print_victim(run, (enum plan_section)section,
				    name.data, generation);
		}
	}
	buf_release(&name);
}

void
gc_report_damage(const struct gc_run *run)
{
	const struct mark *m = &run->gc->mark;
	size_t i;

	for (i = 0; i < m->damages.n; i++)
		print_damage(run, m->damages.v[i]);
}

/* What it comes to is in the report at the end, and in the question before. */
static void
print_plan(const struct gc_run *run)
{
	if (run->opts->json) {
		gc_report_totals_json(run);
	} else if (run->plan_path != NULL) {
		fputs("plan      ", stdout);
		output_name(stdout, run->plan_path);
		putchar('\n');
	}
}

void
gc_report_plan(const struct gc_run *run)
{
	if (!run->opts->quiet)
		print_plan(run);
	if (run->opts->verbose)
		print_victims(run);
}
