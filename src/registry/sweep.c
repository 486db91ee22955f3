/* SPDX-License-Identifier: MIT */
/*
 * The sweep engine.  A section is a window over its victims: fill the free
 * slots, reap one completion, settle it, again.  With list-delete a slot's
 * first completion is its List, and settling that sends its Delete.
 */
#include "src/registry/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/registry/inventory.h"
#include "src/registry/order.h"
#include "src/registry/plan_file.h"

struct slot {
	struct storage_op op;
	struct buf name;
	uint64_t generation;
	uint64_t size;
	uint64_t row; /* of the plan's file, if there is one */
	struct slot *next_free;
};

struct sweep {
	const struct plan *plan;
	const struct inventory *inv;
	struct storage *store;
	const struct sweep_opts *opts;
	struct sweep_report *report;
	enum plan_section section;
	struct order order; /* of this section's victims */
	size_t sent;        /* of them */
	bool is_over;       /* the path guard said no, or the file was lost */
	struct slot *slots;
	struct slot *free_slots;
	struct buf folder; /* scratch */
};

uint64_t
sweep_formula(enum sweep_strategy strategy, uint64_t victims)
{
	return strategy == SWEEP_LIST_DELETE ? 2 * victims : victims;
}

/* --- sending --- */

static void
send_delete(struct sweep *sw, struct slot *slot)
{
	storage_ask_delete(&slot->op, slot->name.data);
	storage_if_generation(&slot->op, slot->generation);
	storage_submit(sw->store, &slot->op);
}

/* Lists the victim's folder, as the old sweep did.  The victim should be alone
 * in it; others are counted as strays. */
static void
send_list(struct sweep *sw, struct slot *slot)
{
	const char *slash = strrchr(slot->name.data, '/');

	buf_clear(&sw->folder);
	buf_add(&sw->folder, slot->name.data,
	    (size_t)(slash - slot->name.data) + 1);
	storage_ask_list(&slot->op, sw->folder.data, "");
	storage_submit(sw->store, &slot->op);
}

static bool
is_stopped(const struct sweep *sw)
{
	return sw->opts->stop != NULL && *sw->opts->stop;
}

/* Takes a slot and the next victim; NULL when either is lacking, or when the
 * sweep was stopped. */
static struct slot *
next_slot(struct sweep *sw, struct err *err)
{
	struct slot *slot = sw->free_slots;
	size_t i;

	if (sw->is_over || is_stopped(sw) || slot == NULL ||
	    (i = order_next(&sw->order)) == ORDER_END)
		return NULL;
	if (plan_victim(sw->plan, sw->inv, sw->section, i, &slot->name,
		&slot->generation, err) != 0) {
		sw->is_over = true;
		return NULL;
	}
	slot->size = sw->section == PLAN_BLOBS
	    ? sw->inv->nodes.v[sw->plan->victims[PLAN_BLOBS].v[i]].blob_size
	    : 0;
	if (sw->opts->file != NULL)
		slot->row = sw->plan->rows[sw->section].v[i];
	sw->free_slots = slot->next_free;
	sw->sent++;
	return slot;
}

/* --- settling --- */

static void
note_failure(struct sweep_report *r, const struct slot *slot)
{
	const char *why = slot->op.err.text;

	if (r->failed++ >= SWEEP_FAILURES_MAX)
		return;
	*vec_push(&r->failures) = (struct sweep_failure){
		.name = arena_strndup(&r->arena, slot->name.data,
		    slot->name.len),
		.verdict = slot->op.verdict,
		.why = arena_strndup(&r->arena, why, strlen(why)),
	};
}

static void
give_back(struct sweep *sw, struct slot *slot)
{
	slot->next_free = sw->free_slots;
	sw->free_slots = slot;
}

/* No Delete left for this victim, and its List may not have.  A store that
 * cancels without having been stopped cannot go on, and that is a failure. */
static void
settle_untried(struct sweep *sw, struct slot *slot, bool was_listed)
{
	sw->report->not_tried++;
	sw->report->only_listed += was_listed;
	if (!is_stopped(sw) && !sw->is_over)
		note_failure(sw->report, slot);
	give_back(sw, slot);
}

/* It still waited for its turn when the sweep was stopped. */
static bool
is_unsent(const struct sweep *sw, const struct storage_op *op)
{
	return op->verdict == STORAGE_CANCELLED && op->attempts == 0 &&
	    is_stopped(sw);
}

/* The first thing that cannot be written down ends the sweep: what is in flight
 * settles, and nothing else is sent. */
static void
note_in_file(struct sweep *sw, const struct slot *slot, struct err *err)
{
	struct err why = ERR_INIT;

	if (sw->opts->file == NULL ||
	    plan_file_settle(sw->opts->file, sw->section, slot->row, slot->size,
		&slot->op, &why) == 0)
		return;
	if (!sw->is_over)
		*err = why;
	sw->is_over = true;
}

/* The last of them; nothing may be left to be written down by nobody. */
static void
close_notes(struct sweep *sw, struct err *err)
{
	struct err why = ERR_INIT;

	if (sw->opts->file == NULL ||
	    plan_file_commit(sw->opts->file, &why) == 0)
		return;
	if (!sw->is_over)
		*err = why;
	sw->is_over = true;
}

static void
settle_delete(struct sweep *sw, struct slot *slot, struct err *err)
{
	struct sweep_report *r = sw->report;

	if (is_unsent(sw, &slot->op)) {
		r->unsent++;
		settle_untried(sw, slot,
		    sw->opts->strategy == SWEEP_LIST_DELETE);
		return;
	}
	r->verdicts[sw->section][slot->op.verdict]++;
	note_in_file(sw, slot, err);
	if (slot->op.verdict == STORAGE_OK)
		r->deleted_bytes += slot->size;
	else if (slot->op.verdict != STORAGE_GONE)
		note_failure(r, slot);
	give_back(sw, slot);
}

/* A List that failed teaches nothing, and the Delete needs nothing from it. */
static void
settle_list(struct sweep *sw, struct slot *slot)
{
	const struct storage_page *page = &slot->op.page;
	size_t i;

	for (i = 0; i < page->objects.n; i++) {
		if (strcmp(page->objects.v[i].name, slot->name.data) != 0)
			sw->report->strays++;
	}
	if (is_unsent(sw, &slot->op)) {
		sw->report->unsent++;
		settle_untried(sw, slot, false);
	} else if (is_stopped(sw) || sw->is_over ||
	    slot->op.verdict == STORAGE_CANCELLED)
		settle_untried(sw, slot, true);
	else
		send_delete(sw, slot);
}

/* --- the loop --- */

/* Blobs by the first byte of their digest; links all in one. */
static unsigned
find_group(const void *arg, size_t i)
{
	const struct sweep *sw = arg;
	struct digest d;

	if (sw->section != PLAN_BLOBS)
		return 0;
	inventory_digest(sw->inv, sw->plan->victims[PLAN_BLOBS].v[i], &d);
	return d.raw[0];
}

static void
send_section(struct sweep *sw, struct err *err)
{
	struct storage_op *op;
	struct slot *slot;

	for (;;) {
		while ((slot = next_slot(sw, err)) != NULL) {
			if (sw->opts->strategy == SWEEP_LIST_DELETE)
				send_list(sw, slot);
			else
				send_delete(sw, slot);
		}
		if ((op = storage_reap(sw->store)) == NULL)
			return;
		slot = op->user;
		sw->report->requests[sw->section] += op->attempts;
		if (op->kind == STORAGE_LIST)
			settle_list(sw, slot);
		else
			settle_delete(sw, slot, err);
	}
}

static void
sweep_section(struct sweep *sw, struct err *err)
{
	order_init(&sw->order, sw->plan->victims[sw->section].n,
	    sw->opts->seed + sw->section, find_group, sw);
	send_section(sw, err);
	order_release(&sw->order);
}

static void
begin(struct sweep *sw, unsigned slots)
{
	unsigned i;

	sw->slots = mem_zalloc(slots, sizeof(*sw->slots));
	for (i = 0; i < slots; i++) {
		storage_op_init(&sw->slots[i].op);
		sw->slots[i].op.user = &sw->slots[i];
		buf_init(&sw->slots[i].name, 4 * STORAGE_NAME_MAX);
		sw->slots[i].next_free = sw->free_slots;
		sw->free_slots = &sw->slots[i];
	}
	buf_init(&sw->folder, 4 * STORAGE_NAME_MAX);
}

static void
end(struct sweep *sw, unsigned slots)
{
	unsigned i;

	for (i = 0; i < slots; i++) {
		storage_op_release(&sw->slots[i].op);
		buf_release(&sw->slots[i].name);
	}
	free(sw->slots);
	buf_release(&sw->folder);
}

/* No more slots than there are victims in the largest section. */
static unsigned
count_slots(const struct plan *plan, unsigned width)
{
	size_t most = 1;
	int i;

	for (i = 0; i < PLAN_SECTIONS; i++) {
		if (plan->victims[i].n > most)
			most = plan->victims[i].n;
	}
	return most < width ? (unsigned)most : width;
}

int
sweep_run(const struct plan *plan, const struct inventory *inv,
    struct storage *store, const struct sweep_opts *opts,
    struct sweep_report *report, struct err *err)
{
	struct sweep sw = {
		.plan = plan,
		.inv = inv,
		.store = store,
		.opts = opts,
		.report = report,
	};
	unsigned slots = count_slots(plan, opts->width);
	int section;

	begin(&sw, slots);
	for (section = 0; section < PLAN_SECTIONS; section++) {
		sw.section = (enum plan_section)section;
		sw.sent = 0;
		if (report->failed == 0 && !sw.is_over && !is_stopped(&sw))
			sweep_section(&sw, err);
		report->not_tried += plan->victims[section].n - sw.sent;
	}
	end(&sw, slots);
	close_notes(&sw, err);
	return sw.is_over ? -1 : 0;
}

void
sweep_report_init(struct sweep_report *r)
{
	memset(r, 0, sizeof(*r));
}

void
sweep_report_release(struct sweep_report *r)
{
	vec_release(&r->failures);
	arena_release(&r->arena);
}

uint64_t
sweep_count(const struct sweep_report *r, enum storage_verdict verdict)
{
	uint64_t n = 0;
	int i;

	for (i = 0; i < PLAN_SECTIONS; i++)
		n += r->verdicts[i][verdict];
	return n;
}
