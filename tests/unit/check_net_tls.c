/* SPDX-License-Identifier: MIT */
/* client over TLS: who is not to be trusted hears nothing, and a connection is
 * kept for as long as it holds nothing that nobody asked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/tls_world.h"

START_TEST(a_connection_is_kept_and_speaks_http_1_1)
{
	struct tls_world w;
	int i;

	tls_world_init(&w, 10);
	raw_server_answer(w.raw, 200, "hello");
	for (i = 0; i < 5; i++) {
		ck_assert_int_eq(tls_world_run(&w, HTTP_GET, "/x"),
		    HTTP_ANSWERED);
		ck_assert_str_eq(w.req.content.data, "hello");
		ck_assert_str_eq(w.req.detail, "");
		ck_assert(w.req.sent && w.req.heard);
		ck_assert_ptr_nonnull(
		    strstr(raw_server_head(w.raw, (size_t)i), "of-a-test"));
	}
	ck_assert_uint_eq(tls_server_connections(w.server), 1);
	ck_assert_str_eq(tls_server_offered(w.server), "http/1.1");
	ck_assert_ptr_null(strstr(raw_server_head(w.raw, 0), "Upgrade"));
	tls_world_release(&w);
}
END_TEST

static void
check_untrusted(struct tls_world *w, const char *why)
{
	raw_server_reset(w->raw);
	raw_server_answer(w->raw, 204, "");
	tls_world_reopen(w);
	ck_assert_int_eq(tls_world_run(w, HTTP_DELETE, "/x"), HTTP_UNTRUSTED);
	ck_assert_msg(strstr(w->req.detail, why) != NULL, "%s", w->req.detail);
	ck_assert(!w->req.sent && !w->req.heard);
	ck_assert_int_eq(w->req.status, 0);
	ck_assert_uint_eq(raw_server_heads(w->raw), 0);
}

START_TEST(who_is_not_to_be_trusted_hears_nothing)
{
	struct tls_certs other;
	struct tls_world w;

	tls_world_init(&w, 1);
	tls_server_certify(w.server, TLS_CERT_EXPIRED);
	check_untrusted(&w, "certificate has expired");
	tls_server_certify(w.server, TLS_CERT_WRONG_HOST);
	check_untrusted(&w, "name matches target host name '127.0.0.1'");
	tls_server_certify(w.server, TLS_CERT_SELF_SIGNED);
	check_untrusted(&w, "self-signed certificate");
	tls_server_certify(w.server, TLS_CERT_GOOD);
	tls_certs_init(&other);
	w.opts.ca_file = other.ca_file;
	check_untrusted(&w, "unable to get local issuer certificate");
	tls_certs_release(&other);
	w.opts.ca_file = tls_server_ca_file(w.server);
	tls_server_limit(w.server, TLS1_1_VERSION);
	check_untrusted(&w, "alert protocol version");
	tls_server_limit(w.server, TLS1_2_VERSION);
	tls_world_reopen(&w);
	ck_assert_int_eq(tls_world_run(&w, HTTP_DELETE, "/x"), HTTP_ANSWERED);
	tls_world_release(&w);
}
END_TEST

START_TEST(a_file_without_certificates_is_named)
{
	struct tls_world w;
	struct err err = ERR_INIT;

	tls_world_init(&w, 1);
	w.opts.ca_file = "/nowhere/ca.pem";
	check_untrusted(&w, "/nowhere/ca.pem");
	ck_assert_int_eq(http_client_check(&w.opts, true, &err), -1);
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.text, "/nowhere/ca.pem: No such"));
	ck_assert_int_eq(http_client_check(&w.opts, false, &err), 0);
	w.opts.ca_file = "/dev/null";
	check_untrusted(&w, "/dev/null");
	ck_assert_int_eq(http_client_check(&w.opts, true, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "/dev/null: there is none"));
	w.opts.ca_file = tls_server_ca_file(w.server);
	ck_assert_int_eq(http_client_check(&w.opts, true, &err), 0);
	tls_world_release(&w);
}
END_TEST

START_TEST(the_environment_names_what_is_trusted_if_nobody_else_does)
{
	struct tls_world w;

	tls_world_init(&w, 1);
	w.opts.ca_file = NULL;
	unsetenv("SSL_CERT_FILE");
	check_untrusted(&w, "");
	setenv("SSL_CERT_FILE", tls_server_ca_file(w.server), 1);
	tls_world_reopen(&w);
	ck_assert_int_eq(tls_world_run(&w, HTTP_GET, "/x"), HTTP_ANSWERED);
	setenv("SSL_CERT_FILE", "/nowhere/ca.pem", 1);
	check_untrusted(&w, "/nowhere/ca.pem");
	w.opts.ca_file = tls_server_ca_file(w.server);
	tls_world_reopen(&w);
	ck_assert_int_eq(tls_world_run(&w, HTTP_GET, "/x"), HTTP_ANSWERED);
	tls_world_release(&w);
}
END_TEST

START_TEST(a_handshake_that_breaks_has_sent_nothing)
{
	struct tls_world w;

	tls_world_init(&w, 1);
	raw_server_answer(w.raw, 204, "");
	tls_server_break(w.server, true);
	tls_world_run(&w, HTTP_DELETE, "/x");
	ck_assert_msg(w.req.outcome == HTTP_REFUSED, "%s", w.req.detail);
	ck_assert(!w.req.sent);
	ck_assert_str_eq(w.req.detail,
	    "the connection broke within the TLS handshake");
	tls_server_break(w.server, false);
	ck_assert_int_eq(tls_world_run(&w, HTTP_DELETE, "/x"), HTTP_ANSWERED);
	tls_world_release(&w);
}
END_TEST

/* Lets what the server has done reach the client, who is idle. */
static void
settle(struct tls_world *w)
{
	int i;

	for (i = 0; i < 5; i++)
		loop_look(w->loop);
}

/* One request, the deed, and another one. */
static enum http_outcome
run_around(struct tls_world *w, enum tls_deed deed)
{
	raw_server_reset(w->raw);
	raw_server_answer(w->raw, 200, "mine");
	tls_world_reopen(w);
	ck_assert_int_eq(tls_world_run(w, HTTP_GET, "/1"), HTTP_ANSWERED);
	tls_server_do(w->server, deed);
	settle(w);
	return tls_world_run(w, HTTP_GET, "/2");
}

START_TEST(late_tickets_do_not_part_a_connection)
{
	struct tls_world w;

	tls_world_init(&w, 1);
	ck_assert_int_eq(run_around(&w, TLS_TICKET), HTTP_ANSWERED);
	ck_assert_str_eq(w.req.content.data, "mine");
	ck_assert_uint_eq(tls_server_connections(w.server), 1);
	tls_server_do(w.server, TLS_TICKET);
	tls_server_do(w.server, TLS_TICKET);
	ck_assert_int_eq(tls_world_run(&w, HTTP_GET, "/3"), HTTP_ANSWERED);
	ck_assert_uint_eq(tls_server_connections(w.server), 1);
	tls_world_release(&w);
}
END_TEST

START_TEST(a_change_of_keys_does_not_part_a_connection)
{
	struct tls_world w;

	tls_world_init(&w, 1);
	ck_assert_int_eq(run_around(&w, TLS_KEYS), HTTP_ANSWERED);
	ck_assert_str_eq(w.req.content.data, "mine");
	ck_assert_int_eq(tls_world_run(&w, HTTP_GET, "/3"), HTTP_ANSWERED);
	ck_assert_uint_eq(tls_server_connections(w.server), 1);
	tls_world_release(&w);
}
END_TEST

START_TEST(a_connection_at_its_end_is_replaced)
{
	int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	struct tls_world w;
	size_t i, before;

	tls_world_init(&w, 1);
	for (i = 0; i < 2; i++) {
		tls_server_limit(w.server, versions[i]);
		before = tls_server_connections(w.server);
		ck_assert_int_eq(run_around(&w, TLS_NOTIFY), HTTP_ANSWERED);
		ck_assert_uint_eq(raw_server_heads(w.raw), 2);
		ck_assert_int_eq(run_around(&w, TLS_END), HTTP_ANSWERED);
		ck_assert_uint_eq(raw_server_heads(w.raw), 2);
		ck_assert_uint_eq(tls_server_connections(w.server) - before, 4);
	}
	tls_world_release(&w);
}
END_TEST

START_TEST(words_between_answers_are_nobodys)
{
	int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	struct tls_world w;
	size_t i;

	tls_world_init(&w, 1);
	for (i = 0; i < 2; i++) {
		tls_server_limit(w.server, versions[i]);
		ck_assert_int_eq(run_around(&w, TLS_SPEAK), HTTP_LOST);
		ck_assert(!w.req.sent && !w.req.heard);
		ck_assert_str_eq(w.req.detail,
		    "the connection held an answer to nothing");
		ck_assert_int_eq(tls_world_run(&w, HTTP_GET, "/3"),
		    HTTP_ANSWERED);
		ck_assert_str_eq(w.req.content.data, "mine");
	}
	tls_world_release(&w);
}
END_TEST

/* An answer with another one behind it in one record, or in the next. */
static void
check_second_answer(struct tls_world *w, size_t body, size_t chunk)
{
	struct buf reply;
	size_t i;

	buf_init(&reply, 64 * 1024);
	buf_addf(&reply, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n",
	    body);
	for (i = 0; i < body; i++)
		buf_addc(&reply, 'x');
	buf_adds(&reply, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother");
	raw_server_reset(w->raw);
	raw_server_step(w->raw, reply.data, chunk, RAW_KEEP);
	raw_server_answer(w->raw, 200, "mine");
	buf_release(&reply);
	tls_world_reopen(w);
	tls_world_ask(w, &w->req, HTTP_GET, "/1");
	w->req.max_content = body + 1;
	ck_assert_int_eq(tls_world_reap(w)->outcome, HTTP_ANSWERED);
	ck_assert_uint_eq(w->req.content.len, body);
	settle(w);
	if (tls_world_run(w, HTTP_GET, "/2") == HTTP_ANSWERED) {
		ck_assert_str_eq(w->req.content.data, "mine");
	} else {
		ck_assert_int_eq(w->req.outcome, HTTP_LOST);
		ck_assert(!w->req.sent);
	}
	ck_assert_int_eq(tls_world_run(w, HTTP_GET, "/3"), HTTP_ANSWERED);
	ck_assert_str_eq(w->req.content.data, "mine");
}

START_TEST(a_second_answer_is_not_taken_for_the_next_ones)
{
	int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	struct tls_world w;
	size_t i, body;

	tls_world_init(&w, 1);
	for (i = 0; i < 2; i++) {
		tls_server_limit(w.server, versions[i]);
		/* curl reads 4,096 bytes at once. */
		for (body = 4000; body <= 4096; body += 8)
			check_second_answer(&w, body, 0);
		check_second_answer(&w, 10, 0);
		check_second_answer(&w, 12000, 0);
		check_second_answer(&w, 1000, 1038);
		check_second_answer(&w, 1000, 1039);
		check_second_answer(&w, 1000, 1040);
	}
	tls_world_release(&w);
}
END_TEST

START_TEST(new_connections_take_up_an_old_session)
{
	enum { N = 5 };
	int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	struct http_request req[N];
	struct tls_world w;
	size_t i, k, resumed = 0;

	tls_world_init(&w, N);
	raw_server_answer(w.raw, 204, "");
	for (k = 0; k < 2; k++) {
		tls_server_limit(w.server, versions[k]);
		tls_world_reopen(&w);
		ck_assert_int_eq(tls_world_run(&w, HTTP_DELETE, "/x"),
		    HTTP_ANSWERED);
		ck_assert_uint_eq(tls_server_resumed(w.server), resumed);
		for (i = 0; i < N; i++) {
			http_request_init(&req[i]);
			tls_world_ask(&w, &req[i], HTTP_DELETE, "/x");
		}
		for (i = 0; i < N; i++)
			ck_assert_int_eq(tls_world_reap(&w)->outcome,
			    HTTP_ANSWERED);
		resumed += N - 1;
		ck_assert_uint_eq(tls_server_resumed(w.server), resumed);
		for (i = 0; i < N; i++)
			http_request_release(&req[i]);
	}
	ck_assert_uint_eq(tls_server_connections(w.server), 2 * N);
	tls_world_release(&w);
}
END_TEST

START_TEST(what_is_trusted_is_read_once)
{
	struct http_request req[2];
	struct tls_world w;
	int i;

	tls_world_init(&w, 2);
	raw_server_answer(w.raw, 204, "");
	ck_assert_int_eq(tls_world_run(&w, HTTP_DELETE, "/x"), HTTP_ANSWERED);
	ck_assert_int_eq(unlink(w.opts.ca_file), 0);
	for (i = 0; i < 2; i++) {
		http_request_init(&req[i]);
		tls_world_ask(&w, &req[i], HTTP_DELETE, "/x");
	}
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(tls_world_reap(&w)->outcome, HTTP_ANSWERED);
	ck_assert_uint_eq(tls_server_handshakes(w.server), 2);
	http_request_release(&req[0]);
	http_request_release(&req[1]);
	tls_world_release(&w);
}
END_TEST

START_TEST(a_reset_on_a_reused_connection_is_one_attempt)
{
	struct tls_world w;

	tls_world_init(&w, 1);
	raw_server_answer(w.raw, 204, "");
	raw_server_step(w.raw, "", 0, RAW_RESET);
	raw_server_step(w.raw, "", 0, RAW_CLOSE);
	raw_server_answer(w.raw, 204, "");
	ck_assert_int_eq(tls_world_run(&w, HTTP_DELETE, "/1"), HTTP_ANSWERED);
	ck_assert_int_eq(tls_world_run(&w, HTTP_DELETE, "/2"), HTTP_LOST);
	ck_assert(w.req.sent && !w.req.heard);
	ck_assert_int_eq(tls_world_run(&w, HTTP_DELETE, "/3"), HTTP_LOST);
	ck_assert(w.req.sent && !w.req.heard);
	ck_assert_uint_eq(raw_server_heads(w.raw), 3);
	ck_assert_int_eq(tls_world_run(&w, HTTP_DELETE, "/4"), HTTP_ANSWERED);
	ck_assert_uint_eq(raw_server_heads(w.raw), 4);
	tls_world_release(&w);
}
END_TEST

START_TEST(a_handshake_without_end_counts_as_connecting)
{
	struct tls_world w;

	tls_world_init(&w, 1);
	/* The raw server waits for a head, and a client's hello is none. */
	snprintf(w.url, sizeof(w.url), "https%s/x",
	    raw_server_url(w.raw) + strlen("http"));
	w.req.method = HTTP_DELETE;
	w.req.url = w.url;
	loop_park(w.loop);
	http_client_submit(w.client, &w.req);
	ck_assert_ptr_eq(tls_world_reap(&w), &w.req);
	loop_unpark(w.loop);
	ck_assert_int_eq(w.req.outcome, HTTP_TIMEOUT);
	ck_assert_str_eq(w.req.detail, "no connection in time");
	ck_assert_uint_eq(loop_now(w.loop), TLS_WORLD_CONNECT_US);
	ck_assert(!w.req.sent);
	tls_world_release(&w);
}
END_TEST

START_TEST(silence_ends_after_its_limit_and_all_after_the_total)
{
	struct tls_world w;

	tls_world_init(&w, 1);
	raw_server_step(w.raw, "", 0, RAW_STALL);
	ck_assert_int_eq(tls_world_run(&w, HTTP_GET, "/x"), HTTP_TIMEOUT);
	ck_assert_str_eq(w.req.detail, "silence for too long");
	ck_assert(w.req.sent && !w.req.heard);
	ck_assert_uint_eq(loop_now(w.loop), TLS_WORLD_IDLE_US);
	w.opts.idle_timeout_us = 0;
	tls_world_reopen(&w);
	ck_assert_int_eq(tls_world_run(&w, HTTP_GET, "/x"), HTTP_TIMEOUT);
	ck_assert_str_eq(w.req.detail, "no whole answer in time");
	ck_assert_uint_eq(loop_now(w.loop),
	    TLS_WORLD_IDLE_US + TLS_WORLD_TOTAL_US);
	tls_world_release(&w);
}
END_TEST

int
main(void)
{
	return suite_run("net tls", a_connection_is_kept_and_speaks_http_1_1,
	    who_is_not_to_be_trusted_hears_nothing,
	    a_file_without_certificates_is_named,
	    the_environment_names_what_is_trusted_if_nobody_else_does,
	    a_handshake_that_breaks_has_sent_nothing,
	    late_tickets_do_not_part_a_connection,
	    a_change_of_keys_does_not_part_a_connection,
	    a_connection_at_its_end_is_replaced,
	    words_between_answers_are_nobodys,
	    a_second_answer_is_not_taken_for_the_next_ones,
	    new_connections_take_up_an_old_session,
	    what_is_trusted_is_read_once,
	    a_reset_on_a_reused_connection_is_one_attempt,
	    a_handshake_without_end_counts_as_connecting,
	    silence_ends_after_its_limit_and_all_after_the_total, NULL);
}
