/* SPDX-License-Identifier: MIT */
/*
 * The matrix: every operation against everything that a server can do, with
 * the verdicts that fixtures/hostile/verdicts.txt writes down.
 *
 * Some things hold whatever the file says.  A listing or a download that is OK
 * is the whole of it; what names no generation is on the wire once; the driver
 * counts what the server sees; and the next answer on whatever connection is
 * left is that of the next request.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/loop.h"
#include "src/gcs/gcs.h"
#include "src/storage/storage.h"
#include "tests/driver/matrix_cells.h"
#include "tests/driver/matrix_rows.h"
#include "tests/support/raw_server.h"
#include "tests/support/suite.h"

/* More than MATRIX_BYTES, and less than what floods. */
enum { BODY_MAX = 4096 };

struct matrix {
	struct loop *loop;
	struct raw_server *server;
	struct storage *store;
	struct storage_op op;
	struct storage_op probe; /* what is asked after each cell */
};

/* A store to which the server has never answered: one that has would take what
 * goes on for ever for an outage, and wait. */
static void
reopen(struct matrix *m)
{
	struct err err = ERR_INIT;
	struct gcs_opts opts;

	storage_close(m->store);
	gcs_defaults(&opts);
	opts.endpoint = raw_server_url(m->server);
	opts.bucket = "demo";
	opts.connections = 1;
	m->store = gcs_open(m->loop, &opts, &err);
	ck_assert_msg(m->store != NULL, "%s", err.text);
}

static void
matrix_init(struct matrix *m)
{
	m->loop = loop_new(LOOP_VIRTUAL);
	m->server = raw_server_start(m->loop);
	m->store = NULL;
	storage_op_init(&m->op);
	storage_op_init(&m->probe);
}

static void
matrix_release(struct matrix *m)
{
	storage_op_release(&m->op);
	storage_op_release(&m->probe);
	storage_close(m->store);
	raw_server_stop(m->server);
	loop_free(m->loop);
}

static void
ask(struct storage_op *op, enum matrix_op what)
{
	switch (what) {
	case MATRIX_LIST:
		storage_ask_list(op, MATRIX_PREFIX, "t1");
		break;
	case MATRIX_GET:
		storage_ask_get(op, MATRIX_A, BODY_MAX);
		break;
	case MATRIX_PUT:
		storage_ask_put(op, MATRIX_A, "x", 1);
		break;
	case MATRIX_DELETE:
		storage_ask_delete(op, MATRIX_A);
		storage_if_generation(op, 7);
		break;
	case MATRIX_DELETE_ANY:
		storage_ask_delete(op, MATRIX_A);
		break;
	}
}

static void
run(struct matrix *m, struct storage_op *op)
{
	storage_submit(m->store, op);
	ck_assert_ptr_eq(storage_reap(m->store), op);
}

/* --- what holds for every cell --- */

static bool
is_whole_page(const struct storage_op *op)
{
	return op->page.objects.n == 2 && op->page.next.len == 0 &&
	    strcmp(op->page.objects.v[0].name, MATRIX_A) == 0 &&
	    strcmp(op->page.objects.v[1].name, MATRIX_B) == 0;
}

static void
check_safe(const struct matrix *m, enum matrix_op what, const struct cell *cell)
{
	const struct storage_op *op = &m->op;
	size_t i;

	if (op->verdict == STORAGE_OK && what == MATRIX_LIST &&
	    strncmp(cell->name, "page ", 5) != 0)
		ck_assert_msg(is_whole_page(op), "%s: not the whole page",
		    cell->name);
	/* Whoever says a shorter length names a shorter object. */
	if (op->verdict == STORAGE_OK && what == MATRIX_GET &&
	    strncmp(cell->name, "length too-short", 16) != 0)
		ck_assert_msg(strcmp(op->body.data, MATRIX_BYTES) == 0,
		    "%s: not the whole object: '%s'", cell->name,
		    op->body.data);
	if (op->verdict != STORAGE_OK && what == MATRIX_LIST)
		ck_assert_msg(op->page.objects.n == 0 && op->page.next.len == 0,
		    "%s: a part of a page", cell->name);
	/* A 429 is said before anything is done. */
	if ((what == MATRIX_DELETE_ANY || what == MATRIX_PUT) &&
	    op->status != 429)
		ck_assert_msg(op->attempts <= 1, "%s: %u tries", cell->name,
		    op->attempts);
	ck_assert_msg(op->attempts == raw_server_heads(m->server),
	    "%s: %u attempts, %zu requests", cell->name, op->attempts,
	    raw_server_heads(m->server));
	for (i = 0; i < raw_server_heads(m->server); i++) {
		const char *head = raw_server_head(m->server, i);

		ck_assert_msg((strstr(head, "ifGenerationMatch=7") != NULL) ==
			(what == MATRIX_DELETE),
		    "%s: %s", cell->name, head);
	}
	ck_assert_msg(strpbrk(op->err.text, "\r\n\x1b") == NULL,
	    "%s: more than one line", cell->name);
}

/* Whatever the cell left on its connection is nobody's answer: what the server
 * goes on to say after its answer is let arrive before the next request. */
static void
check_next(struct matrix *m, const struct cell *cell)
{
	struct err err = ERR_INIT;

	while (!raw_server_is_quiet(m->server))
		ck_assert_msg(loop_step(m->loop, &err) == 0, "%s", err.text);
	raw_server_reset(m->server);
	raw_server_answer(m->server, 200, "the answer of the probe");
	storage_ask_get(&m->probe, "probe", BODY_MAX);
	run(m, &m->probe);
	ck_assert_msg(m->probe.verdict == STORAGE_OK &&
		strcmp(m->probe.body.data, "the answer of the probe") == 0 &&
		m->probe.attempts == 1,
	    "%s: the next request got '%s' %s (%u tries)", cell->name,
	    m->probe.body.data, m->probe.err.text, m->probe.attempts);
	raw_server_reset(m->server);
}

/* --- the rows --- */

static void
check_row(const struct storage_op *op, const struct row *row,
    const struct cell *cell)
{
	ck_assert_msg(strcmp(storage_verdict_name(op->verdict), row->verdict) ==
		    0 &&
		op->status == row->status && op->attempts == row->tries &&
		strstr(op->err.text, row->words) != NULL &&
		(row->words[0] != '\0' || op->err.text[0] == '\0'),
	    "%s, '%s': line %d says %s %d %u '%s', it is %s %d %u '%s'",
	    storage_kind_name(op->kind), cell->name, row->line, row->verdict,
	    row->status, row->tries, row->words,
	    storage_verdict_name(op->verdict), op->status, op->attempts,
	    op->err.text);
}

static void
check_op(enum matrix_op what)
{
	struct cells cells;
	struct rows rows;
	struct matrix m;
	size_t i;

	rows_load(&rows);
	cells_init(&cells, what);
	matrix_init(&m);
	for (i = 0; i < cells.v.n; i++) {
		const struct cell *cell = &cells.v.v[i];

		reopen(&m);
		raw_server_step_bytes(m.server, cell->reply.data,
		    cell->reply.len, cell->chunk, cell->after);
		ask(&m.op, what);
		run(&m, &m.op);
		check_row(&m.op,
		    rows_find(&rows, matrix_op_name(what), cell->name), cell);
		check_safe(&m, what, cell);
		check_next(&m, cell);
	}
	matrix_release(&m);
	cells_release(&cells);
	rows_release(&rows);
}

START_TEST(a_listing_against_everything_that_a_server_can_do)
{
	check_op(MATRIX_LIST);
}
END_TEST

START_TEST(a_download_against_everything_that_a_server_can_do)
{
	check_op(MATRIX_GET);
}
END_TEST

START_TEST(an_upload_against_everything_that_a_server_can_do)
{
	check_op(MATRIX_PUT);
}
END_TEST

START_TEST(a_delete_against_everything_that_a_server_can_do)
{
	check_op(MATRIX_DELETE);
}
END_TEST

START_TEST(a_delete_of_any_generation_against_everything)
{
	check_op(MATRIX_DELETE_ANY);
}
END_TEST

START_TEST(every_row_speaks_of_something_that_is_done)
{
	struct cells cells;
	struct rows rows;
	enum matrix_op what;
	size_t i;

	rows_load(&rows);
	for (what = MATRIX_LIST; what <= MATRIX_DELETE_ANY; what++) {
		cells_init(&cells, what);
		for (i = 0; i < cells.v.n; i++)
			(void)rows_find(&rows, matrix_op_name(what),
			    cells.v.v[i].name);
		cells_release(&cells);
	}
	for (i = 0; i < rows.v.n; i++)
		ck_assert_msg(rows.v.v[i].served > 0,
		    "verdicts.txt:%d: no cell is called '%s'", rows.v.v[i].line,
		    rows.v.v[i].pattern);
	rows_release(&rows);
}
END_TEST

int
main(void)
{
	return suite_run("matrix",
	    a_listing_against_everything_that_a_server_can_do,
	    a_download_against_everything_that_a_server_can_do,
	    an_upload_against_everything_that_a_server_can_do,
	    a_delete_against_everything_that_a_server_can_do,
	    a_delete_of_any_generation_against_everything,
	    every_row_speaks_of_something_that_is_done, NULL);
}
