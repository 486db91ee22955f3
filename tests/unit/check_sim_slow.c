/* SPDX-License-Identifier: MIT */
/* Answers that leave slowly, in part or not at all: when each byte comes, by
 * the virtual clock. */
#include <errno.h>
#include <event2/buffer.h>
#include <stdio.h>
#include <string.h>

#include "sim/http.h"
#include "sim/http_slow.h"
#include "src/base/buf.h"
#include "src/base/loop.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_peer.h"

static struct world {
	struct loop *loop;
	struct http *http;
	struct http_manner manner;
	bool is_silent; /* no answer at all */
	size_t asked;
} world;

static struct sim_peer peer;

static void *
on_head(void *arg, const struct http_exchange *x)
{
	(void)x;
	return arg;
}

/* "0123456789", the half of it as media. */
static void
on_request(void *arg, struct http_exchange *x, void *call)
{
	(void)arg, (void)call;
	world.asked++;
	if (world.is_silent) {
		http_close_unanswered(x);
		return;
	}
	evbuffer_add(http_output(x), "01234", 5);
	http_answer_slowly(world.http, x, 200, 0, "", "56789", 5,
	    &world.manner);
}

static void
on_end(void *arg, void *call, int status)
{
	(void)arg, (void)call, (void)status;
}

/* An attempt is on the wire from here on. */
static void
ask(const char *method)
{
	char request[64];

	snprintf(request, sizeof(request), "%s / HTTP/1.1\r\nHost: x\r\n\r\n",
	    method);
	sim_peer_open(&peer, world.loop, http_url(world.http));
	loop_sent(world.loop);
	sim_peer_say(&peer, request);
}

static void
start(const struct http_manner *manner)
{
	struct http_opts opts = { .listen = "127.0.0.1:0",
		.on_head = on_head,
		.on_request = on_request,
		.on_end = on_end,
		.arg = &world };
	struct err err = ERR_INIT;

	world = (struct world){ .loop = loop_new(LOOP_VIRTUAL),
		.manner = *manner };
	world.http = http_open(world.loop, &opts, &err);
	ck_assert_msg(world.http != NULL, "%s", err.text);
	ask("GET");
}

static void
stop(void)
{
	loop_settled(world.loop);
	sim_peer_close(&peer);
	http_close(world.http);
	loop_free(world.loop);
}

static const char *
heard_body(void)
{
	const char *end = strstr(peer.heard, "\r\n\r\n");

	return end != NULL ? end + 4 : "";
}

/* The body is that much at that time, and was less before. */
static void
comes_at(const char *body, uint64_t us)
{
	struct err err = ERR_INIT;

	while (strcmp(heard_body(), body) != 0) {
		ck_assert_msg(!peer.has_ended, "ended after: %s", peer.heard);
		ck_assert_uint_le(strlen(heard_body()), strlen(body));
		ck_assert_msg(loop_step(world.loop, &err) == 0, "%s", err.text);
	}
	ck_assert_uint_eq(loop_now(world.loop), us);
}

START_TEST(a_body_leaves_at_its_pace)
{
	start(&(
	    struct http_manner){ .bytes_per_second = 5, .cut_at = UINT64_MAX });
	sim_peer_hear(&peer, "Content-Length: 10\r\n");
	comes_at("0", 200000);
	comes_at("01", 400000);
	comes_at("0123456789", 2000000);
	stop();
}
END_TEST

START_TEST(a_pause_is_where_it_was_asked_for)
{
	start(&(struct http_manner){ .pause_at = 4,
	    .pause_us = 10000000,
	    .cut_at = UINT64_MAX });
	comes_at("0123", 0);
	comes_at("0123456789", 10000000);
	stop();
	start(&(struct http_manner){ .pause_us = 7, .cut_at = UINT64_MAX });
	comes_at("0123456789", 7);
	stop();
	start(&(struct http_manner){ .bytes_per_second = 1000,
	    .pause_at = 10,
	    .pause_us = 10000000,
	    .cut_at = UINT64_MAX });
	comes_at("0123456789", 10000);
	stop();
}
END_TEST

START_TEST(what_is_cut_off_never_comes)
{
	static const bool ends[] = { false, true };
	size_t i, cut;

	for (i = 0; i < 2; i++) {
		for (cut = 0; cut < 10; cut++) {
			start(&(struct http_manner){ .cut_at = cut,
			    .is_reset = ends[i] });
			sim_peer_hear_end(&peer);
			ck_assert_int_eq(peer.error, ends[i] ? ECONNRESET : 0);
			/* A reset may take away what was not read yet. */
			ck_assert_uint_le(strlen(heard_body()), cut);
			ck_assert(ends[i] || strlen(heard_body()) == cut);
			stop();
		}
	}
	start(&(struct http_manner){ .cut_at = 10, .is_reset = true });
	comes_at("0123456789", 0);
	ck_assert_ptr_null(strstr(peer.heard, "Connection: close"));
	stop();
}
END_TEST

START_TEST(a_head_alone_is_never_late)
{
	start(&(struct http_manner){ .bytes_per_second = 1, .cut_at = 3 });
	sim_peer_close(&peer);
	ask("HEAD");
	sim_peer_hear(&peer, "Content-Length: 10\r\n");
	sim_peer_hear(&peer, "\r\n\r\n");
	ck_assert(!peer.has_ended);
	loop_settled(world.loop);
	stop();
}
END_TEST

START_TEST(who_leaves_holds_up_no_clock)
{
	struct err err = ERR_INIT;

	start(&(
	    struct http_manner){ .bytes_per_second = 1, .cut_at = UINT64_MAX });
	comes_at("012", 3000000);
	sim_peer_close(&peer);
	loop_abandoned(world.loop);
	ask("GET");
	while (world.asked < 2)
		ck_assert_msg(loop_step(world.loop, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(loop_now(world.loop), 3000000);
	comes_at("0", 4000000);
	stop();
}
END_TEST

START_TEST(a_connection_may_end_without_a_word)
{
	start(&http_plain);
	world.is_silent = true;
	sim_peer_hear_end(&peer);
	ck_assert_int_eq(peer.error, 0);
	ck_assert_str_eq(peer.heard, "");
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_slow", a_body_leaves_at_its_pace,
	    a_pause_is_where_it_was_asked_for, what_is_cut_off_never_comes,
	    a_head_alone_is_never_late, who_leaves_holds_up_no_clock,
	    a_connection_may_end_without_a_word, NULL);
}
