/* SPDX-License-Identifier: MIT */
/* client: every kind of answer, and of none, has its outcome. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/base/mem.h"
#include "tests/unit/net_world.h"

START_TEST(answers_cut_short_are_lost)
{
	static const char *const cut[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
	};
	static const enum raw_after ends[] = { RAW_CLOSE, RAW_RESET };
	struct net_world w;
	size_t i, j;

	net_world_init(&w, 1);
	for (i = 0; i < sizeof(cut) / sizeof(cut[0]); i++) {
		for (j = 0; j < 2; j++) {
			raw_server_reset(w.server);
			raw_server_step(w.server, cut[i], 0, ends[j]);
			ck_assert_int_eq(net_world_run(&w, HTTP_GET, "/x"),
			    HTTP_LOST);
			ck_assert_uint_eq(raw_server_heads(w.server), 1);
		}
	}
	net_world_release(&w);
}
END_TEST

START_TEST(an_answer_in_single_bytes_is_put_together)
{
	static const char *const whole[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\n"
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
		"HTTP/1.1 102 Processing\r\n\r\n"
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
	};
	struct net_world w;
	size_t i;

	net_world_init(&w, 1);
	for (i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		raw_server_reset(w.server);
		raw_server_step(w.server, whole[i], 1, RAW_KEEP);
		ck_assert_int_eq(net_world_run(&w, HTTP_GET, "/x"),
		    HTTP_ANSWERED);
		ck_assert_int_eq(w.req.status, 200);
		ck_assert_str_eq(w.req.content.data, "hello");
	}
	ck_assert_uint_eq(raw_server_connections(w.server), 0);
	net_world_release(&w);
}
END_TEST

START_TEST(what_is_not_http_is_malformed)
{
	static const char *const junk[] = {
		"hello\r\n\r\n",
		"SSH-2.0-OpenSSH_9.2\r\n",
		"HTTP/1.1 banana\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
	};
	struct net_world w;
	size_t i;

	net_world_init(&w, 1);
	for (i = 0; i < sizeof(junk) / sizeof(junk[0]); i++) {
		raw_server_reset(w.server);
		raw_server_step(w.server, junk[i], 0, RAW_CLOSE);
		ck_assert_msg(net_world_run(&w, HTTP_GET, "/x") ==
			HTTP_MALFORMED,
		    "case %zu: outcome %d, %s", i, (int)w.req.outcome,
		    w.req.detail);
		ck_assert_ptr_nonnull(strstr(w.req.detail, "not HTTP/1.1"));
	}
	net_world_release(&w);
}
END_TEST

START_TEST(a_body_may_reach_its_limit_and_not_pass_it)
{
	char body[1002];
	struct net_world w;

	net_world_init(&w, 1);
	memset(body, 'x', sizeof(body));
	body[1000] = '\0';
	raw_server_answer(w.server, 200, body);
	body[1000] = 'x';
	body[1001] = '\0';
	raw_server_answer(w.server, 200, body);
	ck_assert_int_eq(net_world_run(&w, HTTP_GET, "/x"), HTTP_ANSWERED);
	ck_assert_uint_eq(w.req.content.len, 1000);
	ck_assert_int_eq(net_world_run(&w, HTTP_GET, "/x"), HTTP_TOO_LARGE);
	ck_assert_ptr_nonnull(strstr(w.req.detail, "over 1000 bytes"));
	net_world_release(&w);
}
END_TEST

START_TEST(of_a_long_excuse_the_beginning_is_kept)
{
	char *body = mem_zalloc(100001, 1);
	struct net_world w;

	net_world_init(&w, 1);
	memset(body, 'e', 100000);
	raw_server_answer(w.server, 500, body);
	ck_assert_int_eq(net_world_run(&w, HTTP_GET, "/x"), HTTP_ANSWERED);
	ck_assert_int_eq(w.req.status, 500);
	ck_assert_uint_eq(w.req.content.len, 16 * 1024);
	ck_assert_int_eq(net_world_run(&w, HTTP_GET, "/x"), HTTP_ANSWERED);
	ck_assert_uint_eq(raw_server_connections(w.server), 1);
	free(body);
	net_world_release(&w);
}
END_TEST

START_TEST(an_endless_head_is_too_large)
{
	char *reply = mem_zalloc(200000, 1);
	size_t n = 0;
	struct net_world w;

	net_world_init(&w, 1);
	n += (size_t)sprintf(reply, "HTTP/1.1 200 OK\r\n");
	while (n < 100000)
		n += (size_t)sprintf(reply + n, "X-Filler: %0100d\r\n", 7);
	raw_server_step(w.server, reply, 0, RAW_KEEP);
	ck_assert_int_eq(net_world_run(&w, HTTP_GET, "/x"), HTTP_TOO_LARGE);
	ck_assert_ptr_nonnull(strstr(w.req.detail, "head is over"));
	free(reply);
	net_world_release(&w);
}
END_TEST

START_TEST(a_redirect_is_an_answer)
{
	static const char reply[] =
	    "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
	    "Location: /elsewhere\r\n\r\n";
	struct net_world w;

	net_world_init(&w, 1);
	raw_server_step(w.server, reply, 0, RAW_KEEP);
	ck_assert_int_eq(net_world_run(&w, HTTP_GET, "/x"), HTTP_ANSWERED);
	ck_assert_int_eq(w.req.status, 302);
	ck_assert_uint_eq(raw_server_heads(w.server), 1);
	net_world_release(&w);
}
END_TEST

START_TEST(silence_ends_after_the_idle_limit)
{
	static const char begun[] = "HTTP/1.1 200 OK\r\nContent-Le";
	struct net_world w;

	net_world_init(&w, 1);
	raw_server_step(w.server, "", 0, RAW_STALL);
	raw_server_step(w.server, begun, 0, RAW_STALL);
	ck_assert_int_eq(net_world_run(&w, HTTP_GET, "/x"), HTTP_TIMEOUT);
	ck_assert_uint_eq(loop_now(w.loop), NET_WORLD_IDLE_US);
	ck_assert(w.req.sent && !w.req.heard);
	ck_assert_int_eq(net_world_run(&w, HTTP_GET, "/x"), HTTP_TIMEOUT);
	ck_assert_uint_eq(loop_now(w.loop), 2 * NET_WORLD_IDLE_US);
	ck_assert(w.req.sent && w.req.heard);
	ck_assert_uint_eq(raw_server_connections(w.server), 2);
	net_world_release(&w);
}
END_TEST

START_TEST(the_total_limit_ends_what_is_left)
{
	struct http_opts opts = { .connections = 1,
		.total_timeout_us = 60000000,
		.user_agent = "test" };
	struct net_world w;

	net_world_init(&w, 1);
	http_client_close(w.client);
	w.client = http_client_open(w.loop, &opts);
	raw_server_step(w.server, "", 0, RAW_STALL);
	ck_assert_int_eq(net_world_run(&w, HTTP_GET, "/x"), HTTP_TIMEOUT);
	ck_assert_uint_eq(loop_now(w.loop), 60000000);
	ck_assert_str_eq(w.req.detail, "no whole answer in time");
	net_world_release(&w);
}
END_TEST

START_TEST(a_closed_port_is_refused_and_nothing_was_sent)
{
	struct net_world w;

	net_world_init(&w, 1);
	/* One that was free a moment ago may be another test's by now. */
	w.req.url = "http://127.0.0.1:1/x";
	http_client_submit(w.client, &w.req);
	ck_assert_ptr_eq(net_world_reap(&w), &w.req);
	ck_assert_int_eq(w.req.outcome, HTTP_REFUSED);
	ck_assert(!w.req.sent && !w.req.heard);
	ck_assert_str_eq(w.req.detail, "Connection refused");
	net_world_release(&w);
}
END_TEST

/* A listener whose queue is full drops what asks to connect. */
static int
listen_deaf(struct net_world *w, int fill[8])
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t n = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0), i;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, n), 0);
	ck_assert_int_eq(listen(fd, 0), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &n), 0);
	for (i = 0; i < 8; i++) {
		fill[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)!connect(fill[i], (struct sockaddr *)&address, n);
	}
	snprintf(w->url, sizeof(w->url), "http://127.0.0.1:%d/x",
	    ntohs(address.sin_port));
	return fd;
}

START_TEST(a_connection_that_never_stands_ends_after_its_limit)
{
	int fill[8], fd, i;
	struct net_world w;

	net_world_init(&w, 1);
	fd = listen_deaf(&w, fill);
	/* Nobody else can say that this attempt moves no more. */
	loop_park(w.loop);
	w.req.url = w.url;
	http_client_submit(w.client, &w.req);
	ck_assert_ptr_eq(net_world_reap(&w), &w.req);
	loop_unpark(w.loop);
	ck_assert_int_eq(w.req.outcome, HTTP_TIMEOUT);
	ck_assert_uint_eq(loop_now(w.loop), NET_WORLD_CONNECT_US);
	ck_assert(!w.req.sent);
	ck_assert_str_eq(w.req.detail, "no connection in time");
	for (i = 0; i < 8; i++)
		close(fill[i]);
	close(fd);
	net_world_release(&w);
}
END_TEST

int
main(void)
{
	return suite_run("net answer", answers_cut_short_are_lost,
	    an_answer_in_single_bytes_is_put_together,
	    what_is_not_http_is_malformed,
	    a_body_may_reach_its_limit_and_not_pass_it,
	    of_a_long_excuse_the_beginning_is_kept,
	    an_endless_head_is_too_large, a_redirect_is_an_answer,
	    silence_ends_after_the_idle_limit,
	    the_total_limit_ends_what_is_left,
	    a_closed_port_is_refused_and_nothing_was_sent,
	    a_connection_that_never_stands_ends_after_its_limit, NULL);
}
