/* SPDX-License-Identifier: MIT */
/*
 * gcsweep show: what is in a plan's file, from the file alone.  Text is for
 * people, --json has every row, and --csv what is still to go, in the columns
 * that other tools which delete take.
 */
#include <inttypes.h>
#include <stdio.h>

#include "src/base/buf.h"
#include "src/base/str.h"
#include "src/cli/applied.h"
#include "src/cli/commands.h"
#include "src/cli/gc_report.h"
#include "src/cli/output.h"
#include "src/cli/show.h"

/* A line of CSV: a name has 1024 bytes at most, and may be all quotes. */
enum { LINE_MAX_LEN = 16 * 1024 };

struct reading {
	struct plan_file *f;
	const char *path;
	struct buf line;
	struct show show;
};

/* --- JSON --- */

static json_t *
time_json(uint64_t us)
{
	char text[PLAN_TIME_MAX];

	return us != 0 ? json_string(plan_time_format(text, us)) : json_null();
}

static void
print_head_json(const struct reading *r)
{
	const struct plan_head *h = plan_file_head(r->f);

	output_json(json_pack("{s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:b, s:b, "
			      "s:f, s:o, s:I, s:o, s:o, s:I}",
	    "type", "head", "schema", 1, "file", output_string(r->path),
	    "version", output_string(h->version), "bucket",
	    output_string(h->bucket), "root", output_string(h->root),
	    "endpoint", output_string(h->endpoint), "emulator", h->is_emulator,
	    "delete_untagged", h->delete_untagged, "min_age_seconds",
	    (double)h->min_age_us / 1e6, "created", time_json(h->created_us),
	    "listed", (json_int_t)h->listed, "kept",
	    gc_report_kept_json(&h->kept), "young",
	    gc_report_young_json(&h->kept), "damages", (json_int_t)h->damages));
}

static int
print_row_json(void *arg, const struct plan_row *row)
{
	(void)arg;
	output_json(json_pack("{s:s, s:i, s:s, s:o, s:o, s:o, s:I, s:o, s:o, "
			      "s:s, s:i, s:i}",
	    "type", "row", "schema", 1, "kind", plan_section_name(row->section),
	    "repository",
	    row->repository != NULL ? output_string(row->repository)
				    : json_null(),
	    "name", output_string(row->name), "generation",
	    output_number(row->generation), "size", (json_int_t)row->size,
	    "created", time_json(row->created_s * 1000000), "reason",
	    output_string(row->reason), "state", plan_state_name(row->state),
	    "status", row->status, "attempts", (int)row->attempts));
	return 0;
}

static int
print_json(struct reading *r, struct err *err)
{
	print_head_json(r);
	if (plan_file_each(r->f, print_row_json, NULL, err) != 0)
		return -1;
	applied_print_json(r->path, r->f);
	return 0;
}

/* --- CSV --- */

static int
print_row_csv(void *arg, const struct plan_row *row)
{
	const struct plan_head *h;
	struct reading *r = arg;
	struct buf *b = &r->line;
	char time[PLAN_TIME_MAX];

	if (row->state != PLAN_PENDING && row->state != PLAN_FAILED)
		return 0;
	h = plan_file_head(r->f);
	buf_clear(b);
	show_format_csv(h->bucket, b);
	buf_addc(b, ',');
	show_format_csv(row->name, b);
	buf_addf(b, ",%" PRIu64 ",%s,", row->generation,
	    plan_section_name(row->section));
	show_format_csv(row->repository != NULL ? row->repository : "", b);
	buf_addf(b, ",%" PRIu64 ",%s,", row->size,
	    row->created_s != 0
		? plan_time_format(time, row->created_s * 1000000)
		: "");
	show_format_csv(row->reason, b);
	puts(b->data);
	return 0;
}

static int
print_csv(struct reading *r, struct err *err)
{
	puts("bucket,name,generation,kind,repository,size,created,reason");
	return plan_file_each(r->f, print_row_csv, r, err);
}

/* --- text --- */

static int
add_row(void *arg, const struct plan_row *row)
{
	show_add(arg, row);
	return 0;
}

static void
print_field(const char *label, const char *text)
{
	fputs(label, stdout);
	output_name(stdout, text);
}

static void
print_head(const struct reading *r)
{
	const struct plan_head *h = plan_file_head(r->f);
	char made[PLAN_TIME_MAX], age[STR_DURATION_MAX], size[STR_SIZE_MAX];

	print_field("plan      ", r->path);
	printf(", made %s", plan_time_format(made, h->created_us));
	print_field(" by gcsweep ", h->version);
	print_field(h->is_emulator ? "\nof        EMULATOR "
				   : "\nof        GCS ",
	    h->endpoint);
	print_field("   bucket ", h->bucket);
	print_field("   root /", h->root);
	printf("\nrules     manifests that no tag names %s; ",
	    h->delete_untagged ? "go" : "stay");
	if (h->min_age_us > 0)
		printf("what is younger than %s stays\n",
		    str_format_duration(age, h->min_age_us));
	else
		puts("age does not matter");
	printf("kept      %" PRIu64 " manifests, %" PRIu64
	       " blobs, %s; of %" PRIu64 " objects listed\n",
	    h->kept.manifests, h->kept.blobs,
	    str_format_size(size, h->kept.bytes), h->listed);
	if (h->kept.young_manifests + h->kept.young_blobs > 0)
		printf("young     %" PRIu64 " manifests, %" PRIu64
		       " blobs, %s of these, kept only for that\n",
		    h->kept.young_manifests, h->kept.young_blobs,
		    str_format_size(size, h->kept.young_bytes));
	if (h->damages > 0)
		printf("damage    %" PRIu64 " finding%s, kept\n", h->damages,
		    output_plural(h->damages));
}

static void
print_kinds(const struct show *s)
{
	char size[STR_SIZE_MAX];
	size_t i;

	for (i = 0; i < s->kinds.n; i++) {
		const struct show_kind *k = &s->kinds.v[i];

		printf("%s%7" PRIu64 " %-13s  %10s  ",
		    i == 0 ? "\ngoes   " : "       ", k->rows,
		    plan_section_name(k->section),
		    k->section == PLAN_BLOBS ? str_format_size(size, k->bytes)
					     : "");
		output_name(stdout, k->reason);
		putchar('\n');
	}
}

static void
print_repositories(const struct show *s)
{
	size_t i;

	for (i = 0; i < s->repositories.n && i < SHOW_TOP; i++) {
		const struct show_repository *r = &s->repositories.v[i];

		printf("%s%7" PRIu64 " manifests  %7" PRIu64
		       " tag references  ",
		    i == 0 ? "\nin     " : "       ", r->rows[PLAN_REVISIONS],
		    r->rows[PLAN_TAGS]);
		output_name(stdout, r->name);
		putchar('\n');
	}
	if (s->repositories.n > SHOW_TOP)
		printf("       ... and %zu repositories more\n",
		    s->repositories.n - SHOW_TOP);
}

static void
print_biggest(const struct show *s)
{
	char size[STR_SIZE_MAX];
	size_t i;

	for (i = 0; i < s->biggest_n; i++) {
		printf("%s%9s  ", i == 0 ? "\nbiggest" : "       ",
		    str_format_size(size, s->biggest[i].size));
		output_name(stdout, s->biggest[i].name);
		putchar('\n');
	}
}

static int
print_text(struct reading *r, struct err *err)
{
	if (plan_file_each(r->f, add_row, &r->show, err) != 0)
		return -1;
	show_sort(&r->show);
	print_head(r);
	print_kinds(&r->show);
	print_repositories(&r->show);
	print_biggest(&r->show);
	putchar('\n');
	applied_print(r->f);
	return 0;
}

/* --- the command --- */

static int
show(struct reading *r, const struct options *opts, struct err *err)
{
	if ((r->f = plan_file_open(r->path, true, err)) == NULL)
		return -1;
	if (opts->json)
		return print_json(r, err);
	return opts->csv ? print_csv(r, err) : print_text(r, err);
}

enum status
cmd_show(const struct options *opts, int argc, char **argv)
{
	struct reading r = { .path = argv[1] };
	struct err err = ERR_INIT;
	int rc;

	if (argc != 2) {
		err_set(&err, ERR_USAGE,
		    "show takes one plan: a file that gcsweep plan --output "
		    "wrote");
		output_error(&err, opts->json);
		return STATUS_USAGE;
	}
	buf_init(&r.line, LINE_MAX_LEN);
	if ((rc = show(&r, opts, &err)) != 0)
		output_error(&err, opts->json);
	buf_release(&r.line);
	show_release(&r.show);
	plan_file_close(r.f);
	return rc == 0 ? STATUS_OK : status_of(err.code);
}
