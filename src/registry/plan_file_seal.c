/* SPDX-License-Identifier: MIT */
/*
 * The seal is there against accidents and good intentions: a generation that a
 * reviewer "corrected", half a file.  Who wants to deceive can seal anew, which
 * is why names are looked at besides (plan_file_read.c) and why a plan only
 * ever deletes what a new mark finds eligible too.  That mark reads manifests
 * from the plan's own cache unless it is given another (doc/SAFETY.md).
 *
 *	link 0		32 zero bytes
 *	link n		SHA-256 of link n-1 and the text of row n
 *	row n's seal	the first 8 bytes of link n
 *	the seal	SHA-256 of the last link and the text of the head
 */
#include "src/registry/plan_file_priv.h"

#include <inttypes.h>
#include <string.h>

void
plan_seal_init(struct plan_seal *s)
{
	memset(&s->sum, 0, sizeof(s->sum));
	buf_init(&s->text, 4 * VALUE_MAX);
}

void
plan_seal_release(struct plan_seal *s)
{
	buf_release(&s->text);
}

static void
begin_link(struct plan_seal *s)
{
	buf_clear(&s->text);
	buf_add(&s->text, s->sum.raw, digest_size(DIGEST_SHA256));
}

static void
end_link(struct plan_seal *s)
{
	digest_compute(DIGEST_SHA256, s->text.data, s->text.len, &s->sum);
}

/* With its length, so that no two rows have one text. */
static void
add_text(struct plan_seal *s, const char *text)
{
	buf_addf(&s->text, "%zu:", strlen(text));
	buf_adds(&s->text, text);
}

int64_t
plan_seal_row(struct plan_seal *s, const struct plan_row *row)
{
	uint64_t own = 0;
	int i;

	begin_link(s);
	buf_addf(&s->text,
	    "%" PRIu64 " %d %" PRIu64 " %" PRIu64 " %" PRIu64 " ", row->id,
	    row->section, row->generation, row->size, row->created_s);
	add_text(s, row->repository != NULL ? row->repository : "");
	add_text(s, row->name);
	add_text(s, row->reason);
	end_link(s);
	for (i = 0; i < 8; i++)
		own = own << 8 | s->sum.raw[i];
	return (int64_t)own;
}

void
plan_seal_head(struct plan_seal *s, const struct plan_head *head,
    struct buf *hex)
{
	struct buf text;

	buf_init(&text, HEAD_TEXT_MAX);
	plan_head_format(head, &text);
	begin_link(s);
	buf_add(&s->text, text.data, text.len);
	end_link(s);
	buf_clear(hex);
	digest_format_hex(&s->sum, hex);
	buf_release(&text);
}
