/* SPDX-License-Identifier: MIT */
/* One request after the other, below the simulator's API: what the server is
 * told of it, and what its client hears. */
#include <event2/buffer.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "sim/http.h"
#include "src/base/buf.h"
#include "src/base/loop.h"
#include "src/base/str.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_peer.h"

static struct world {
	struct loop *loop;
	struct http *http;
	int status;        /* to answer, or 0: the request waits */
	const char *media; /* what http_output gets */
	size_t times;      /* so often */
	struct http_exchange *waiting;
	size_t heads;
	int end;         /* the last on_end's status, or -1 */
	struct buf told; /* of the requests */
} world;

static struct sim_peer peer;

static void *
on_head(void *arg, const struct http_exchange *x)
{
	(void)x;
	world.heads++;
	return arg;
}

static void
tell(const struct http_exchange *x)
{
	const char *name, *value;
	const void *body;
	size_t at = 0, n;

	buf_addf(&world.told, "%d %s", (int)http_method(x), http_target(x));
	while (http_next_header(x, &at, &name, &value))
		buf_addf(&world.told, " %s=%s", name, value);
	body = http_body(x, &n);
	buf_addc(&world.told, ' ');
	buf_add(&world.told, body, n);
	buf_addc(&world.told, '\n');
}

static void
answer(struct http_exchange *x)
{
	size_t i;

	for (i = 0; i < world.times; i++)
		evbuffer_add(http_output(x), world.media, strlen(world.media));
	http_answer(world.http, x, world.status, 0, "X-Mine: yes\r\n", "fine\n",
	    5);
}

static void
on_request(void *arg, struct http_exchange *x, void *call)
{
	ck_assert_ptr_eq(arg, call);
	tell(x);
	if (world.status == 0)
		world.waiting = x;
	else
		answer(x);
}

static void
on_end(void *arg, void *call, int status)
{
	ck_assert_ptr_eq(arg, call);
	world.end = status;
}

static bool
is_lax(const char *target)
{
	return str_starts(target, "/lax/");
}

static void
start(int status)
{
	struct http_opts opts = { .listen = "127.0.0.1:0",
		.is_lax = is_lax,
		.on_head = on_head,
		.on_request = on_request,
		.on_end = on_end,
		.arg = &world };
	struct err err = ERR_INIT;

	world = (struct world){ .loop = loop_new(LOOP_REAL), .status = status };
	world.end = -1;
	buf_init(&world.told, 1 << 20);
	world.http = http_open(world.loop, &opts, &err);
	ck_assert_msg(world.http != NULL, "%s", err.text);
	sim_peer_open(&peer, world.loop, http_url(world.http));
}

static void
stop(void)
{
	sim_peer_close(&peer);
	http_close(world.http);
	loop_free(world.loop);
	buf_release(&world.told);
}

static void
step(void)
{
	struct err err = ERR_INIT;

	ck_assert_msg(loop_step(world.loop, &err) == 0, "%s", err.text);
}

static void
forget_heard(void)
{
	peer.n = 0;
	peer.heard[0] = '\0';
}

static void
reopen(void)
{
	sim_peer_close(&peer);
	sim_peer_open(&peer, world.loop, http_url(world.http));
}

/* --- what the server is told --- */

START_TEST(a_request_tells_all_that_it_says)
{
	start(200);
	sim_peer_say(&peer,
	    "PUT /a%20b?c=d HTTP/1.1\r\nhOST: x\r\nContent-Length: 4\r\n"
	    "x-goog-meta-A: \t1 \r\nX-Goog-Meta-a:2\r\nX-Empty:\r\n\r\nbody");
	sim_peer_hear(&peer, "fine\n");
	sim_peer_say(&peer, "OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n");
	sim_peer_hear(&peer, "fine\nHTTP/1.1 200 OK\r\n");
	sim_peer_hear(&peer, "\r\n\r\nfine\n");
	ck_assert_int_eq(HTTP_PUT, 4);
	ck_assert_int_eq(HTTP_OPTIONS, 6);
	ck_assert_str_eq(world.told.data,
	    "4 /a%20b?c=d hOST=x Content-Length=4 x-goog-meta-A=1 "
	    "X-Goog-Meta-a=2 X-Empty= body\n"
	    "6 / Host=x \n");
	stop();
}
END_TEST

START_TEST(a_header_is_found_in_any_case_and_the_first_wins)
{
	start(0);
	sim_peer_say(&peer,
	    "GET / HTTP/1.1\r\nHost: x\r\nrAnGe: one\r\nRange: two\r\n\r\n");
	while (world.waiting == NULL)
		step();
	ck_assert_str_eq(http_header(world.waiting, "Range"), "one");
	ck_assert_str_eq(http_header(world.waiting, "host"), "x");
	ck_assert_ptr_null(http_header(world.waiting, "Rang"));
	ck_assert_ptr_null(http_header(world.waiting, "Ranges"));
	http_drop(world.waiting);
	stop();
}
END_TEST

START_TEST(chunks_may_come_a_byte_at_a_time)
{
	static const char request[] =
	    "PATCH /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "2;ext\r\nab\r\n3\r\ncde\r\n0\r\nTrailer: x\r\n\r\n";
	char byte[2] = "";
	size_t i;

	start(200);
	for (i = 0; i < sizeof(request) - 1; i++) {
		byte[0] = request[i];
		sim_peer_say(&peer, byte);
		step();
	}
	sim_peer_hear(&peer, "fine\n");
	ck_assert_str_eq(world.told.data,
	    "5 /x Host=x Transfer-Encoding=chunked abcde\n");
	stop();
}
END_TEST

START_TEST(a_request_sent_ahead_is_heard_after_the_answer_before_it)
{
	int i;

	start(0);
	sim_peer_say(&peer,
	    "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
	    "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
	while (world.waiting == NULL)
		step();
	sim_peer_say(&peer, "GET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
	for (i = 0; i < 3; i++)
		loop_look(world.loop);
	ck_assert_uint_eq(world.heads, 1);
	world.status = 200;
	answer(world.waiting);
	sim_peer_hear(&peer, "fine\nHTTP/1.1 200 OK\r\n");
	while (world.heads < 3)
		step();
	ck_assert_str_eq(world.told.data,
	    "0 /1 Host=x \n0 /2 Host=x \n0 /3 Host=x \n");
	stop();
}
END_TEST

START_TEST(a_client_that_has_closed_its_half_still_hears_its_answer)
{
	int late;

	for (late = 0; late < 2; late++) {
		start(late ? 0 : 200);
		sim_peer_say(&peer,
		    "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
		shutdown(peer.fd, SHUT_WR);
		while (late && world.waiting == NULL)
			step();
		loop_look(world.loop);
		if (late) {
			world.status = 200;
			answer(world.waiting);
		}
		sim_peer_hear_end(&peer);
		ck_assert_int_eq(peer.error, 0);
		ck_assert_ptr_nonnull(strstr(peer.heard, "\r\n\r\nfine\n"));
		stop();
	}
}
END_TEST

START_TEST(an_answer_to_a_client_that_has_gone_is_lost)
{
	start(0);
	sim_peer_say(&peer, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	while (world.waiting == NULL)
		step();
	reopen();
	loop_look(world.loop);
	world.status = 200;
	world.media = "much";
	world.times = 1000000;
	answer(world.waiting);
	world.times = 0;
	/* The server goes on. */
	sim_peer_say(&peer, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	sim_peer_hear(&peer, "fine\n");
	ck_assert(http_is_quiet(world.http));
	stop();
}
END_TEST

/* --- what the client hears --- */

START_TEST(each_status_has_its_reason)
{
	static const struct {
		int status;
		const char *line;
	} rows[] = {
		{ 200, "HTTP/1.1 200 OK\r\n" },
		{ 206, "HTTP/1.1 206 Partial Content\r\n" },
		{ 308, "HTTP/1.1 308 Resume Incomplete\r\n" },
		{ 411, "HTTP/1.1 411 Length Required\r\n" },
		{ 416, "HTTP/1.1 416 Requested Range Not Satisfiable\r\n" },
		{ 499, "HTTP/1.1 499 Client Closed Request\r\n" },
		{ 599, "HTTP/1.1 599 Unknown\r\n" },
	};
	size_t i;

	start(200);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		world.status = rows[i].status;
		sim_peer_say(&peer, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
		sim_peer_hear(&peer, rows[i].line);
		reopen();
	}
	stop();
}
END_TEST

START_TEST(what_has_no_body_says_so_and_the_connection_goes_on)
{
	static const struct {
		const char *method;
		int status;
		const char *length; /* NULL: none is told */
	} rows[] = {
		{ "GET", 200, "Content-Length: 11\r\n" },
		{ "HEAD", 200, "Content-Length: 11\r\n" },
		{ "HEAD", 404, "Content-Length: 11\r\n" },
		{ "GET", 204, NULL },
		{ "HEAD", 204, NULL },
		{ "GET", 304, NULL },
	};
	char text[80];
	size_t i;

	start(200);
	world.media = "media ";
	world.times = 1;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		world.status = rows[i].status;
		snprintf(text, sizeof(text), "%s / HTTP/1.1\r\nHost: x\r\n\r\n",
		    rows[i].method);
		sim_peer_say(&peer, text);
		sim_peer_hear(&peer, "\r\n\r\n");
		ck_assert_ptr_nonnull(strstr(peer.heard, "X-Mine: yes\r\n"));
		ck_assert_ptr_nonnull(strstr(peer.heard,
		    "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"));
		if (rows[i].length != NULL)
			ck_assert_ptr_nonnull(
			    strstr(peer.heard, rows[i].length));
		else
			ck_assert_ptr_null(strstr(peer.heard, "Content-Len"));
		if (i == 0)
			sim_peer_hear(&peer, "\r\n\r\nmedia fine\n");
		else
			ck_assert_str_eq(strstr(peer.heard, "\r\n\r\n"),
			    "\r\n\r\n");
		forget_heard();
	}
	ck_assert_uint_eq(http_accepted(world.http), 1);
	stop();
}
END_TEST

START_TEST(an_old_client_or_one_that_says_so_hears_one_answer)
{
	static const char *const requests[] = {
		"GET / HTTP/1.0\r\nHost: x\r\n\r\n",
		"GET / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nConnection: a, CLOSE\r\n\r\n",
	};
	size_t i;

	start(200);
	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		sim_peer_say(&peer, requests[i]);
		sim_peer_say(&peer, "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
		sim_peer_hear_end(&peer);
		ck_assert_int_eq(peer.error, 0);
		ck_assert_ptr_nonnull(
		    strstr(peer.heard, "Connection: close\r\n\r\nfine\n"));
		ck_assert_uint_eq(world.heads, i + 1);
		reopen();
	}
	stop();
}
END_TEST

START_TEST(more_than_a_socket_takes_goes_out_in_order)
{
	static char seen[1 << 16];
	size_t total = 0;
	ssize_t n;

	start(200);
	world.media = "0123456789abcdef";
	world.times = 1000000;
	event_del(peer.event); /* hears nothing for a while */
	sim_peer_say(&peer,
	    "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
	while (world.told.len == 0)
		step();
	ck_assert(!http_is_quiet(world.http));
	while ((n = recv(peer.fd, seen, sizeof(seen), MSG_DONTWAIT)) != 0) {
		/* One assertion for many bytes: each is a system call. */
		if (n > 0 && total > 1000 && total + (size_t)n < 16000000)
			ck_assert_ptr_null(memchr(seen, '\r', (size_t)n));
		total += n > 0 ? (size_t)n : 0;
		loop_look(world.loop);
	}
	ck_assert(http_is_quiet(world.http));
	ck_assert_uint_gt(total, 16000000 + 100);
	ck_assert_uint_lt(total, 16000000 + 300);
	stop();
}
END_TEST

/* --- bodies that are asked for, and that are not --- */

#define PUT "PUT /x HTTP/1.1\r\nHost: x\r\n"

START_TEST(who_waits_for_100_continue_hears_it)
{
	start(200);
	sim_peer_say(&peer,
	    PUT "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n");
	sim_peer_hear(&peer, "HTTP/1.1 100 Continue\r\n\r\n");
	ck_assert_str_eq(peer.heard, "HTTP/1.1 100 Continue\r\n\r\n");
	sim_peer_say(&peer, "body");
	sim_peer_hear(&peer, "fine\n");
	forget_heard();
	/* Who does not wait for it needs none. */
	sim_peer_say(&peer,
	    PUT "Expect: 100-continue\r\nContent-Length: 4\r\n\r\nbody");
	sim_peer_hear(&peer, "fine\n");
	ck_assert_ptr_null(strstr(peer.heard, " 100 "));
	forget_heard();
	sim_peer_say(&peer,
	    PUT "Expect: 100-continue\r\nContent-Length: 0\r\n\r\n");
	sim_peer_hear(&peer, "fine\n");
	ck_assert_ptr_null(strstr(peer.heard, " 100 "));
	stop();
}
END_TEST

START_TEST(a_refused_head_is_not_continued)
{
	start(200);
	sim_peer_say(&peer,
	    PUT "Expect: 100-continue\r\nContent-Length: 1073741825\r\n\r\n");
	sim_peer_hear_end(&peer);
	ck_assert_ptr_null(strstr(peer.heard, " 100 "));
	ck_assert_ptr_nonnull(
	    strstr(peer.heard, "HTTP/1.1 413 Payload Too Large\r\n"));
	ck_assert_int_eq(world.end, 413);
	stop();
}
END_TEST

START_TEST(a_body_has_a_length_or_is_answered_411)
{
	static const char *const refused[] = {
		"POST /x HTTP/1.1\r\nHost: x\r\n\r\n",
		"PUT /x HTTP/1.1\r\nHost: x\r\n\r\n",
		"PATCH /x HTTP/1.1\r\nHost: x\r\n\r\n",
	};
	static const char *const taken[] = {
		"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
		"POST /lax/x HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /x HTTP/1.1\r\nHost: x\r\n\r\n",
		"DELETE /x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
		"OPTIONS /x HTTP/1.1\r\nHost: x\r\n\r\n",
	};
	size_t i;

	start(200);
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		sim_peer_say(&peer, refused[i]);
		sim_peer_hear_end(&peer);
		ck_assert_ptr_nonnull(
		    strstr(peer.heard, "HTTP/1.1 411 Length Required\r\n"));
		ck_assert_ptr_nonnull(strstr(peer.heard, "Content-Length.\n"));
		ck_assert_int_eq(world.end, 411);
		ck_assert_str_eq(world.told.data, "");
		reopen();
	}
	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		forget_heard();
		sim_peer_say(&peer, taken[i]);
		sim_peer_hear(&peer, "\r\n\r\nfine\n");
	}
	stop();
}
END_TEST

START_TEST(a_client_that_still_speaks_hears_why_it_was_refused)
{
	static char body[200000];
	int i;

	memset(body, 'x', sizeof(body) - 1);
	start(200);
	for (i = 0; i < 20; i++) {
		sim_peer_say(&peer, PUT "Content-Length: +200000\r\n\r\n");
		sim_peer_say(&peer, body);
		sim_peer_hear(&peer, "</title>");
		/* And still. */
		sim_peer_say(&peer, body);
		sim_peer_hear_end(&peer);
		ck_assert_int_eq(peer.error, 0);
		ck_assert_ptr_nonnull(
		    strstr(peer.heard, "HTTP/1.1 400 Bad Request\r\n"));
		ck_assert_ptr_nonnull(strstr(peer.heard,
		    "A Content-Length that is not one number.\n"));
		reopen();
	}
	ck_assert_uint_eq(world.heads, 20);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_exchange", a_request_tells_all_that_it_says,
	    a_header_is_found_in_any_case_and_the_first_wins,
	    chunks_may_come_a_byte_at_a_time,
	    a_request_sent_ahead_is_heard_after_the_answer_before_it,
	    a_client_that_has_closed_its_half_still_hears_its_answer,
	    an_answer_to_a_client_that_has_gone_is_lost,
	    each_status_has_its_reason,
	    what_has_no_body_says_so_and_the_connection_goes_on,
	    an_old_client_or_one_that_says_so_hears_one_answer,
	    more_than_a_socket_takes_goes_out_in_order,
	    who_waits_for_100_continue_hears_it,
	    a_refused_head_is_not_continued,
	    a_body_has_a_length_or_is_answered_411,
	    a_client_that_still_speaks_hears_why_it_was_refused, NULL);
}
