/* SPDX-License-Identifier: MIT */
/* store: whatever an operation waits for, cancel and a loop that cannot go on
 * give it back. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/gcs_world.h"

START_TEST(a_try_that_waits_is_cancelled_without_another)
{
	struct storage_op waits;
	struct gcs_world w;

	gcs_world_init(&w);
	w.opts.connections = 1;
	gcs_world_reopen(&w);
	raw_server_answer(w.server, 503, "");
	raw_server_answer(w.server, 204, "");
	storage_op_init(&waits);
	storage_ask_delete(&waits, "waits");
	storage_if_generation(&waits, 1);
	storage_submit(w.store, &waits);
	storage_ask_delete(&w.op, "passes");
	storage_submit(w.store, &w.op);
	ck_assert_ptr_eq(storage_reap(w.store), &w.op);
	ck_assert_int_eq(w.op.verdict, STORAGE_OK);
	storage_cancel(w.store);
	ck_assert_ptr_eq(storage_reap(w.store), &waits);
	ck_assert_int_eq(waits.verdict, STORAGE_CANCELLED);
	ck_assert_uint_eq(waits.attempts, 1);
	ck_assert_uint_eq(waits.rejected, 1);
	ck_assert_ptr_null(storage_reap(w.store));
	ck_assert_uint_eq(raw_server_heads(w.server), 2);
	storage_op_release(&waits);
	gcs_world_release(&w);
}
END_TEST

START_TEST(what_stop_finds_unsent_never_leaves)
{
	struct gcs_status status;
	struct storage_op waits;
	struct gcs_world w;

	gcs_world_init(&w);
	w.opts.connections = 1;
	gcs_world_reopen(&w);
	raw_server_answer(w.server, 204, "");
	storage_op_init(&waits);
	storage_ask_delete(&w.op, "leaves");
	storage_submit(w.store, &w.op);
	storage_ask_delete(&waits, "waits");
	storage_submit(w.store, &waits);
	gcs_status(w.store, &status);
	ck_assert_uint_eq(status.in_flight, 1);
	ck_assert_uint_eq(status.waiting, 1);
	gcs_stop(w.store);
	ck_assert_ptr_eq(storage_reap(w.store), &waits);
	ck_assert_int_eq(waits.verdict, STORAGE_CANCELLED);
	ck_assert_uint_eq(waits.attempts, 0);
	ck_assert_ptr_eq(storage_reap(w.store), &w.op);
	ck_assert_int_eq(w.op.verdict, STORAGE_OK);
	ck_assert_ptr_null(storage_reap(w.store));
	gcs_status(w.store, &status);
	ck_assert_uint_eq(status.peak, 1);
	ck_assert_uint_eq(raw_server_heads(w.server), 1);
	storage_op_release(&waits);
	gcs_world_release(&w);
}
END_TEST

START_TEST(after_stop_no_try_follows_another)
{
	static const int statuses[] = { 503, 429, 500 };
	struct gcs_world w;
	int i;

	for (i = 0; i < 3; i++) {
		gcs_world_init(&w);
		raw_server_answer(w.server, statuses[i], "");
		storage_ask_delete(&w.op, "x");
		storage_if_generation(&w.op, 1);
		storage_submit(w.store, &w.op);
		gcs_stop(w.store);
		ck_assert_ptr_eq(storage_reap(w.store), &w.op);
		ck_assert_int_eq(w.op.verdict, STORAGE_CANCELLED);
		ck_assert_uint_eq(w.op.attempts, 1);
		ck_assert_uint_eq(raw_server_heads(w.server), 1);
		gcs_world_release(&w);
	}
}
END_TEST

START_TEST(only_what_was_in_flight_is_cancelled)
{
	struct storage_op later;
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_answer(w.server, 204, "");
	storage_op_init(&later);
	storage_ask_delete(&w.op, "before");
	storage_submit(w.store, &w.op);
	storage_cancel(w.store);
	storage_cancel(w.store);
	storage_ask_delete(&later, "after");
	storage_submit(w.store, &later);
	ck_assert_ptr_eq(storage_reap(w.store), &w.op);
	ck_assert_int_eq(w.op.verdict, STORAGE_CANCELLED);
	gcs_world_says(&w, ERR_CANCELLED, "DELETE before: cancelled");
	ck_assert_ptr_eq(storage_reap(w.store), &later);
	ck_assert_int_eq(later.verdict, STORAGE_OK);
	storage_op_release(&later);
	gcs_world_release(&w);
}
END_TEST

/* A listener that takes connections and never says a word. */
static int
listen_mute(char url[64])
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t n = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, n), 0);
	ck_assert_int_eq(listen(fd, 16), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &n), 0);
	snprintf(url, 64, "http://127.0.0.1:%d", ntohs(address.sin_port));
	return fd;
}

static void
on_signal(void *store)
{
	storage_cancel(store);
}

START_TEST(a_signal_ends_a_reap_that_would_wait)
{
	struct gcs_opts opts;
	struct storage_op op;
	struct err err = ERR_INIT;
	struct loop *loop = loop_new(LOOP_REAL);
	struct storage *store;
	char url[64];
	int fd = listen_mute(url);

	gcs_defaults(&opts);
	opts.endpoint = url;
	opts.bucket = "demo";
	store = gcs_open(loop, &opts, &err);
	ck_assert_ptr_nonnull(store);
	loop_on_signal(loop, SIGUSR1, on_signal, store);
	storage_op_init(&op);
	storage_ask_delete(&op, "x");
	storage_submit(store, &op);
	raise(SIGUSR1);
	ck_assert_ptr_eq(storage_reap(store), &op);
	ck_assert_int_eq(op.verdict, STORAGE_CANCELLED);
	ck_assert_ptr_null(storage_reap(store));
	storage_op_release(&op);
	storage_close(store);
	loop_free(loop);
	close(fd);
}
END_TEST

/* The loop's own watchdog decides when; nothing here measures it. */
START_TEST(a_loop_that_is_stuck_gives_everything_back)
{
	struct storage_op ops[3], *op;
	struct gcs_world w;
	char url[64];
	int fd = listen_mute(url), n = 0, i;

	gcs_world_init(&w);
	w.opts.endpoint = url;
	w.opts.connections = 2;
	gcs_world_reopen(&w);
	for (i = 0; i < 3; i++) {
		storage_op_init(&ops[i]);
		storage_ask_delete(&ops[i], "x");
		storage_submit(w.store, &ops[i]);
	}
	while ((op = storage_reap(w.store)) != NULL) {
		ck_assert_int_eq(op->verdict, STORAGE_CANCELLED);
		ck_assert_int_eq(op->err.code, ERR_NET);
		ck_assert_ptr_nonnull(strstr(op->err.text, "clock is stuck"));
		n++;
	}
	ck_assert_int_eq(n, 3);
	ck_assert_uint_eq(ops[0].attempts + ops[1].attempts, 2);
	ck_assert_uint_eq(ops[0].unanswered + ops[1].unanswered, 2);
	ck_assert_uint_eq(ops[2].attempts, 0);
	for (i = 0; i < 3; i++)
		storage_op_release(&ops[i]);
	close(fd);
	gcs_world_release(&w);
}
END_TEST

int
main(void)
{
	return suite_run("gcs cancel",
	    a_try_that_waits_is_cancelled_without_another,
	    what_stop_finds_unsent_never_leaves,
	    after_stop_no_try_follows_another,
	    only_what_was_in_flight_is_cancelled,
	    a_signal_ends_a_reap_that_would_wait,
	    a_loop_that_is_stuck_gives_everything_back, NULL);
}
