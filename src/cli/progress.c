/* SPDX-License-Identifier: MIT */
/*
 * A tick ten times a second looks at the numbers and draws.  The engine knows
 * nothing of it; that callbacks may be here at all, signals.h says why.
 */
#include "src/cli/progress.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "src/base/buf.h"
#include "src/cli/pace_line.h"
#include "src/gcs/gcs.h"
#include "src/registry/gc.h"
#include "src/storage/tally.h"

/* Redrawing more often than this is flicker. */
enum { TICK_US = 100000 };

/* Between two lines that tell the pace. */
enum { PACE_US = 1000000 };

/* Where nobody tells the width. */
enum { COLUMNS_UNKNOWN = 80 };

enum { NAME_WIDTH = 5, TEXT_MAX = 4096 };

/* Three up; erase to the end of the line, and of the screen. */
#define UP         "\033[3A\r"
#define ERASE_LINE "\033[K"
#define ERASE_REST "\033[J"

/* --- numbers --- */

static uint64_t
in_flight(const struct tally *t, enum storage_kind kind)
{
	return t->ops[kind] - t->settled[kind];
}

static void
begin_phase(struct progress *p, enum progress_phase phase)
{
	struct progress_line *l = &p->lines[phase];

	if (l->state != PROGRESS_WAITING)
		return;
	l->state = PROGRESS_RUNNING;
	p->began_us[phase] = loop_now(p->loop);
	p->latest = phase;
}

static void
read_list(const struct progress *p, struct progress_line *l)
{
	const struct mark *m = &p->opts.gc->mark;

	l->done = m->inv.objects;
	l->bytes = m->inv.bytes;
	l->is_done = m->pages.known > 0 && m->pages.done == m->pages.known;
	l->in_flight = in_flight(p->opts.tally, STORAGE_LIST);
	l->rejected = p->opts.tally->rejected_of[STORAGE_LIST];
}

static void
read_mark(const struct progress *p, struct progress_line *l)
{
	const struct mark *m = &p->opts.gc->mark;

	l->done = m->reads.done;
	l->total = m->reads.known;
	l->has_total = p->lines[PROGRESS_LIST].is_done;
	l->is_done = l->has_total && l->done == l->total;
	l->bytes = m->bytes_read;
	l->in_flight = in_flight(p->opts.tally, STORAGE_GET);
	l->rejected = p->opts.tally->rejected_of[STORAGE_GET];
}

/* Deletes that wait in the driver for their turn are not in flight. */
static uint64_t
on_the_wire(const struct progress *p)
{
	struct gcs_status status;

	if (p->opts.driver == NULL)
		return p->opts.tally->in_flight;
	gcs_status(p->opts.driver, &status);
	return status.in_flight;
}

static void
read_sweep(const struct progress *p, struct progress_line *l)
{
	const struct gc *gc = p->opts.gc;
	int verdict;

	l->done = 0;
	for (verdict = 0; verdict < STORAGE_VERDICTS; verdict++)
		l->done += sweep_count(&gc->report,
		    (enum storage_verdict)verdict);
	l->total = plan_count(&gc->plan);
	l->has_total = true;
	l->is_done = l->done == l->total;
	l->bytes = gc->report.deleted_bytes;
	l->in_flight = on_the_wire(p);
	l->rejected = p->opts.tally->rejected;
}

/* --- the screen --- */

static void
put(struct progress *p, const struct buf *text)
{
	fwrite(text->data, 1, text->len, p->opts.out);
	fflush(p->opts.out);
}

/* The terminal's width may change at any time.  Its last column stays free: not
 * every terminal waits with the wrap until the next character. */
static size_t
find_width(FILE *out)
{
	struct winsize size = { 0 };
	size_t columns = COLUMNS_UNKNOWN;

	if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
		columns = size.ws_col;
	return columns - 1;
}

/* A job in the background leaves the terminal to those in front. */
static bool
is_in_background(FILE *out)
{
	pid_t front = tcgetpgrp(fileno(out));

	return front != -1 && front != getpgrp();
}

static void
draw(struct progress *p)
{
	size_t width = find_width(p->opts.out);
	struct buf text;
	int i;

	if (is_in_background(p->opts.out))
		return;
	buf_init(&text, TEXT_MAX);
	if (p->has_drawn)
		buf_adds(&text, UP);
	for (i = 0; i < PROGRESS_PHASES; i++) {
		progress_line_format(&p->lines[i], NAME_WIDTH, width, &text);
		buf_adds(&text, ERASE_LINE "\n");
	}
	buf_adds(&text, ERASE_REST);
	put(p, &text);
	buf_release(&text);
	p->has_drawn = true;
}

static void
erase(struct progress *p)
{
	if (!p->has_drawn)
		return;
	fputs(UP ERASE_REST, p->opts.out);
	fflush(p->opts.out);
	p->has_drawn = false;
}

static void
say(struct progress *p, enum progress_phase phase)
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	buf_adds(&text, "gcsweep: ");
	progress_line_format(&p->lines[phase], 0, 0, &text);
	buf_addc(&text, '\n');
	put(p, &text);
	buf_release(&text);
}

/* --- looking --- */

/* A phase that failed before it had anything is for the error to tell. */
static void
end_phase(struct progress *p, enum progress_phase phase)
{
	struct progress_line *l = &p->lines[phase];

	if (l->state != PROGRESS_RUNNING)
		return;
	l->state = PROGRESS_ENDED;
	if (p->opts.mode == PROGRESS_PLAIN && (l->is_done || l->done > 0))
		say(p, phase);
}

static bool
is_out(const struct progress *p)
{
	struct gcs_status status;

	if (p->opts.driver == NULL)
		return false;
	gcs_status(p->opts.driver, &status);
	return status.is_outage;
}

static void
look(struct progress *p)
{
	struct progress_line *l = p->lines;
	int i;

	if (l[PROGRESS_SWEEP].state == PROGRESS_RUNNING)
		read_sweep(p, &l[PROGRESS_SWEEP]);
	if (l[PROGRESS_LIST].state == PROGRESS_RUNNING)
		read_list(p, &l[PROGRESS_LIST]);
	if (l[PROGRESS_LIST].state != PROGRESS_WAITING &&
	    p->opts.gc->mark.reads.known > 0)
		begin_phase(p, PROGRESS_MARK);
	if (l[PROGRESS_MARK].state == PROGRESS_RUNNING)
		read_mark(p, &l[PROGRESS_MARK]);
	for (i = 0; i < PROGRESS_PHASES; i++) {
		if (l[i].state != PROGRESS_RUNNING)
			continue;
		l[i].elapsed_us = loop_now(p->loop) - p->began_us[i];
		l[i].is_out = is_out(p);
	}
	if (l[PROGRESS_LIST].is_done)
		end_phase(p, PROGRESS_LIST);
}

/* The first phase that still runs: while the list grows, how much there is to
 * mark is not known. */
static enum progress_phase
find_current(const struct progress *p)
{
	int i;

	for (i = 0; i < PROGRESS_PHASES; i++) {
		if (p->lines[i].state == PROGRESS_RUNNING)
			return (enum progress_phase)i;
	}
	return p->latest;
}

static void
tell_stopping(struct progress *p)
{
	if (p->has_told || p->opts.stop == NULL || !*p->opts.stop)
		return;
	p->has_told = true;
	erase(p);
	fputs("gcsweep: stopping; what is in flight may settle, a second "
	      "signal gives it up\n",
	    p->opts.out);
	fflush(p->opts.out);
}

/* Above the bar, which is drawn again at once. */
static void
tell_pace(struct progress *p, bool is_due)
{
	struct gcs_status status;
	struct buf text;

	if (!p->opts.tells_pace)
		return;
	gcs_status(p->opts.driver, &status);
	if (!is_due && strncmp(status.why, p->why, sizeof(p->why) - 1) == 0)
		return;
	snprintf(p->why, sizeof(p->why), "%s", status.why);
	p->next_pace_us = loop_now(p->loop) + PACE_US;
	buf_init(&text, TEXT_MAX);
	buf_adds(&text, "gcsweep: ");
	pace_line_format(&status, &text);
	buf_addc(&text, '\n');
	erase(p);
	put(p, &text);
	buf_release(&text);
}

/* Why nothing goes on is for everybody to know, when it begins and ends. */
static void
tell_outage(struct progress *p)
{
	if (is_out(p) == p->is_outage)
		return;
	p->is_outage = !p->is_outage;
	erase(p);
	fputs(p->is_outage ? "gcsweep: the server is out; it is asked once a "
			     "second, for 15 minutes at most\n"
			   : "gcsweep: the server is back\n",
	    p->opts.out);
	fflush(p->opts.out);
}

static void
on_tick(void *arg)
{
	struct progress *p = arg;
	uint64_t now = loop_now(p->loop);

	look(p);
	tell_stopping(p);
	tell_outage(p);
	tell_pace(p, now >= p->next_pace_us);
	if (p->opts.mode == PROGRESS_BAR) {
		draw(p);
	} else if (now >= p->next_plain_us) {
		say(p, find_current(p));
		p->next_plain_us = now + p->opts.every_us;
	}
	loop_timer_set(&p->tick, now + TICK_US);
}

/* --- signals --- */

static void
on_ask(void *arg)
{
	struct progress *p = arg;

	if (p->is_on)
		look(p);
	erase(p);
	say(p, find_current(p));
}

/* The stop key: the screen is tidied, and the signal does what it would have
 * done without us, which is not always to stop. */
static void
on_suspend(void *arg)
{
	struct progress *p = arg;

	erase(p);
	loop_off_signal(p->loop, SIGTSTP);
	raise(SIGTSTP);
	loop_on_signal(p->loop, SIGTSTP, on_suspend, p);
}

/* --- life --- */

enum progress_mode
progress_choose(enum progress_mode wanted, bool is_quiet)
{
	const char *term = getenv("TERM");

	if (wanted != PROGRESS_AUTO)
		return wanted;
	if (is_quiet)
		return PROGRESS_NONE;
	return isatty(STDERR_FILENO) && term != NULL &&
		strcmp(term, "dumb") != 0
	    ? PROGRESS_BAR
	    : PROGRESS_PLAIN;
}

void
progress_init(struct progress *p, struct loop *loop,
    const struct progress_opts *opts)
{
	*p = (struct progress){
		.opts = *opts,
		.loop = loop,
		.lines = {
			[PROGRESS_LIST] = { .name = "list", .unit = "objects" },
			[PROGRESS_MARK] = { .name = "mark", .unit = "reads" },
			[PROGRESS_SWEEP] = { .name = "sweep",
			    .unit = "objects" },
		},
	};
	loop_timer_init(&p->tick, loop, on_tick, p);
	loop_on_signal(loop, SIGUSR1, on_ask, p);
}

void
progress_release(struct progress *p)
{
	if (p->loop == NULL)
		return;
	progress_end(p);
	loop_off_signal(p->loop, SIGUSR1);
}

void
progress_begin(struct progress *p, enum progress_phase phase)
{
	p->is_on = true;
	begin_phase(p, phase);
	p->next_plain_us = loop_now(p->loop) + p->opts.every_us;
	p->next_pace_us = 0;
	if (p->opts.mode == PROGRESS_NONE)
		return;
	loop_timer_set(&p->tick, loop_now(p->loop) + TICK_US);
	if (p->opts.mode == PROGRESS_BAR)
		loop_on_signal(p->loop, SIGTSTP, on_suspend, p);
}

void
progress_end(struct progress *p)
{
	int i;

	if (!p->is_on)
		return;
	look(p);
	p->is_on = false;
	erase(p);
	if (p->opts.mode != PROGRESS_NONE) {
		tell_outage(p);
		tell_pace(p, true);
	}
	for (i = 0; i < PROGRESS_PHASES; i++)
		end_phase(p, (enum progress_phase)i);
	loop_timer_cancel(&p->tick);
	loop_off_signal(p->loop, SIGTSTP);
}
