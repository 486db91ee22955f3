/* SPDX-License-Identifier: MIT */
/* The first line.  Whoever stops a run by it must be able to trust it. */
#include <stdio.h>

#include "src/auth/cred.h"
#include "src/cli/gc_report.h"
#include "src/cli/login.h"
#include "src/cli/options.h"
#include "src/cli/output.h"
#include "src/cli/target.h"

static json_t *
word_or_null(const char *s)
{
	return s != NULL ? output_string(s) : json_null();
}

static void
print_json(const struct gc_run *run)
{
	const struct login *l = run->login;
	const struct cred *cred = l->cred;
	const char *kind = cred != NULL ? cred_kind_name(cred_kind(cred))
					: NULL;

	output_json(json_pack("{s:s, s:i, s:o, s:s, s:o, s:o, s:s, s:o, s:b, "
			      "s:o}",
	    "type", "start", "schema", 1, "emulator",
	    word_or_null(l->where.is_emulator ? l->where.base : NULL),
	    "endpoint", l->where.base, "credential", word_or_null(kind),
	    "email", word_or_null(cred != NULL ? cred_email(cred) : NULL),
	    "bucket", run->target->bucket, "root",
	    output_string(run->target->root), "dry_run", run->is_dry, "seed",
	    output_number(run->opts->seed)));
}

static void
print_who(const struct login *l)
{
	const char *email;

	if (l->where.is_emulator)
		return;
	if (l->cred == NULL) {
		fputs("   as nobody", stdout);
		return;
	}
	email = cred_email(l->cred);
	fputs("   as ", stdout);
	output_name(stdout,
	    email != NULL ? email : cred_kind_name(cred_kind(l->cred)));
	if (email != NULL)
		printf(" (%s)", cred_kind_name(cred_kind(l->cred)));
}

void
gc_report_start(const struct gc_run *run)
{
	const struct where *w = &run->login->where;

	if (run->opts->quiet)
		return;
	if (run->opts->json) {
		print_json(run);
		return;
	}
	printf("%s %s   bucket %s   root /",
	    w->is_emulator ? "EMULATOR" : "GCS", w->base, run->target->bucket);
	output_name(stdout, run->target->root);
	print_who(run->login);
	puts(run->is_dry && !run->is_query ? "   DRY RUN" : "");
}
