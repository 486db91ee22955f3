/* SPDX-License-Identifier: MIT */
/* client: one submit is one attempt and one completion, in order, on few
 * connections, and nothing stays open. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "src/base/mem.h"
#include "tests/unit/net_world.h"

static size_t
count_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

START_TEST(a_connection_is_kept_for_the_next_request)
{
	struct net_world w;
	int i;

	net_world_init(&w, 10);
	raw_server_answer(w.server, 200, "hello");
	for (i = 0; i < 5; i++) {
		ck_assert_int_eq(net_world_run(&w, HTTP_GET, "/x"),
		    HTTP_ANSWERED);
		ck_assert_int_eq(w.req.status, 200);
		ck_assert_str_eq(w.req.content.data, "hello");
		ck_assert_str_eq(w.req.detail, "");
		ck_assert(w.req.sent && w.req.heard);
	}
	ck_assert_uint_eq(raw_server_heads(w.server), 5);
	ck_assert_uint_eq(raw_server_connections(w.server), 1);
	net_world_release(&w);
}
END_TEST

START_TEST(many_requests_share_the_connections_there_are)
{
	enum { N = 50, K = 3 };
	struct http_request req[N];
	struct net_world w;
	unsigned i, done[N] = { 0 };

	net_world_init(&w, K);
	ck_assert_uint_eq(http_client_connections(w.client), K);
	raw_server_answer(w.server, 204, "");
	for (i = 0; i < N; i++) {
		http_request_init(&req[i]);
		net_world_ask(&w, &req[i], HTTP_DELETE, "/x");
	}
	for (i = 0; i < N; i++) {
		struct http_request *r = net_world_reap(&w);

		ck_assert_int_eq(r->outcome, HTTP_ANSWERED);
		done[r - req]++;
	}
	for (i = 0; i < N; i++) {
		ck_assert_uint_eq(done[i], 1);
		http_request_release(&req[i]);
	}
	ck_assert_uint_eq(raw_server_heads(w.server), N);
	ck_assert_uint_eq(raw_server_connections(w.server), K);
	net_world_release(&w);
}
END_TEST

START_TEST(a_width_holds_until_it_is_set_anew)
{
	enum { N = 12 };
	struct http_request req[N];
	struct net_world w;
	unsigned i;

	net_world_init(&w, 6);
	raw_server_answer(w.server, 204, "");
	http_client_set_width(w.client, 2);
	for (i = 0; i < N; i++) {
		http_request_init(&req[i]);
		net_world_ask(&w, &req[i], HTTP_DELETE, "/x");
	}
	for (i = 0; i < N; i++)
		ck_assert_int_eq(net_world_reap(&w)->outcome, HTTP_ANSWERED);
	ck_assert_uint_eq(raw_server_connections(w.server), 2);
	http_client_set_width(w.client, 0);
	for (i = 0; i < N; i++)
		net_world_ask(&w, &req[i], HTTP_DELETE, "/x");
	http_client_set_width(w.client, 100);
	for (i = 0; i < N; i++) {
		ck_assert_int_eq(net_world_reap(&w)->outcome, HTTP_ANSWERED);
		http_request_release(&req[i]);
	}
	ck_assert_uint_eq(raw_server_connections(w.server), 6);
	net_world_release(&w);
}
END_TEST

START_TEST(what_waits_goes_first_come_first_served)
{
	struct http_request req[5];
	char url[5][80], line[80];
	struct net_world w;
	int i;

	net_world_init(&w, 1);
	raw_server_answer(w.server, 204, "");
	for (i = 0; i < 5; i++) {
		http_request_init(&req[i]);
		snprintf(url[i], sizeof(url[i]), "%s/%d",
		    raw_server_url(w.server), i);
		req[i].method = HTTP_DELETE;
		req[i].url = url[i];
		http_client_submit(w.client, &req[i]);
	}
	for (i = 0; i < 5; i++) {
		ck_assert_ptr_eq(net_world_reap(&w), &req[i]);
		snprintf(line, sizeof(line), "DELETE /%d HTTP/1.1\r\n", i);
		ck_assert(strncmp(raw_server_head(w.server, (size_t)i), line,
			      strlen(line)) == 0);
		http_request_release(&req[i]);
	}
	net_world_release(&w);
}
END_TEST

START_TEST(a_reset_on_a_reused_connection_is_one_attempt)
{
	struct net_world w;

	net_world_init(&w, 1);
	raw_server_answer(w.server, 204, "");
	raw_server_step(w.server, "", 0, RAW_RESET);
	raw_server_answer(w.server, 204, "");
	ck_assert_int_eq(net_world_run(&w, HTTP_DELETE, "/1"), HTTP_ANSWERED);
	ck_assert_int_eq(net_world_run(&w, HTTP_DELETE, "/2"), HTTP_LOST);
	ck_assert(w.req.sent && !w.req.heard);
	ck_assert_ptr_nonnull(strstr(w.req.detail, "before an answer"));
	ck_assert_uint_eq(raw_server_heads(w.server), 2);
	ck_assert_int_eq(net_world_run(&w, HTTP_DELETE, "/3"), HTTP_ANSWERED);
	ck_assert_uint_eq(raw_server_heads(w.server), 3);
	net_world_release(&w);
}
END_TEST

START_TEST(an_orderly_close_in_place_of_an_answer_is_one_attempt)
{
	struct net_world w;

	net_world_init(&w, 1);
	raw_server_answer(w.server, 204, "");
	raw_server_step(w.server, "", 0, RAW_CLOSE);
	raw_server_answer(w.server, 204, "");
	ck_assert_int_eq(net_world_run(&w, HTTP_DELETE, "/1"), HTTP_ANSWERED);
	ck_assert_int_eq(net_world_run(&w, HTTP_DELETE, "/2"), HTTP_LOST);
	ck_assert(w.req.sent && !w.req.heard);
	ck_assert_uint_eq(raw_server_heads(w.server), 2);
	net_world_release(&w);
}
END_TEST

START_TEST(a_connection_closed_while_idle_is_replaced)
{
	static const char reply[] = "HTTP/1.1 204 No Content\r\n\r\n";
	struct net_world w;

	net_world_init(&w, 1);
	raw_server_step(w.server, reply, 0, RAW_CLOSE);
	ck_assert_int_eq(net_world_run(&w, HTTP_DELETE, "/1"), HTTP_ANSWERED);
	ck_assert_int_eq(net_world_run(&w, HTTP_DELETE, "/2"), HTTP_ANSWERED);
	ck_assert_uint_eq(raw_server_heads(w.server), 2);
	ck_assert_uint_eq(raw_server_connections(w.server), 2);
	net_world_release(&w);
}
END_TEST

static const char *
head_of(const struct net_world *w, size_t i)
{
	return raw_server_head(w->server, i);
}

START_TEST(methods_may_change_on_one_connection)
{
	struct net_world w;

	net_world_init(&w, 1);
	raw_server_answer(w.server, 204, "");
	w.req.body = "abc";
	w.req.length = 3;
	w.req.content_type = "application/octet-stream";
	net_world_run(&w, HTTP_POST, "/1");
	w.req.length = 0;
	net_world_run(&w, HTTP_PUT, "/2");
	w.req.content_type = NULL;
	net_world_run(&w, HTTP_DELETE, "/3");
	net_world_run(&w, HTTP_GET, "/4");
	net_world_run(&w, HTTP_DELETE, "/a/../b");
	w.req.content_type = "text/plain";
	net_world_run(&w, HTTP_POST, "/6");
	ck_assert_uint_eq(raw_server_connections(w.server), 1);
	ck_assert_ptr_nonnull(strstr(head_of(&w, 0), "POST /1 HTTP/1.1\r\n"));
	ck_assert_ptr_nonnull(strstr(head_of(&w, 0), "Content-Length: 3\r\n"));
	ck_assert_ptr_nonnull(
	    strstr(head_of(&w, 0), "Content-Type: application/octet-stream"));
	ck_assert_ptr_nonnull(strstr(head_of(&w, 1), "PUT /2 HTTP/1.1\r\n"));
	ck_assert_ptr_nonnull(strstr(head_of(&w, 1), "Content-Length: 0\r\n"));
	ck_assert_ptr_nonnull(strstr(head_of(&w, 2), "DELETE /3 HTTP/1.1"));
	ck_assert_ptr_null(strstr(head_of(&w, 2), "Content-"));
	ck_assert_ptr_nonnull(strstr(head_of(&w, 3), "GET /4 HTTP/1.1\r\n"));
	ck_assert_ptr_null(strstr(head_of(&w, 3), "Content-"));
	ck_assert_ptr_nonnull(strstr(head_of(&w, 4), "DELETE /a/../b HTTP"));
	ck_assert_ptr_nonnull(strstr(head_of(&w, 5), "POST /6 HTTP/1.1\r\n"));
	ck_assert_ptr_nonnull(
	    strstr(head_of(&w, 5), "Content-Type: text/plain"));
	ck_assert_ptr_null(strstr(head_of(&w, 5), "Expect"));
	net_world_release(&w);
}
END_TEST

START_TEST(each_request_brings_its_own_lines)
{
	struct net_world w;

	net_world_init(&w, 1);
	raw_server_step(w.server,
	    "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: 3\r\n"
	    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
	    "Metadata-Flavor: Google\r\n\r\n",
	    0, RAW_KEEP);
	raw_server_answer(w.server, 204, "");
	w.req.headers[0] = "X-One: 1";
	w.req.headers[1] = "X-Two: 2";
	net_world_run(&w, HTTP_DELETE, "/1");
	ck_assert_uint_eq(w.req.retry_after_us, 3000000);
	ck_assert_uint_eq(w.req.date_s, 784111777);
	ck_assert(w.req.is_flavored);
	w.req.headers[0] = "X-One: 3";
	w.req.headers[1] = NULL;
	net_world_run(&w, HTTP_DELETE, "/2");
	ck_assert_uint_eq(w.req.retry_after_us, 0);
	ck_assert_uint_eq(w.req.date_s, 0);
	ck_assert(!w.req.is_flavored);
	w.req.headers[0] = NULL;
	net_world_run(&w, HTTP_DELETE, "/3");
	ck_assert_ptr_nonnull(
	    strstr(head_of(&w, 0), "\r\nX-One: 1\r\nX-Two: 2\r\n"));
	ck_assert_ptr_nonnull(strstr(head_of(&w, 1), "\r\nX-One: 3\r\n"));
	ck_assert_ptr_null(strstr(head_of(&w, 1), "X-Two"));
	ck_assert_ptr_null(strstr(head_of(&w, 2), "X-"));
	ck_assert_ptr_null(strstr(head_of(&w, 2), "Expect"));
	ck_assert_uint_eq(raw_server_connections(w.server), 1);
	net_world_release(&w);
}
END_TEST

START_TEST(what_is_not_safe_to_send_is_not_even_connected)
{
	static const struct {
		const char *url, *line, *why;
		bool is_secret;
	} cases[] = {
		{ NULL, NULL, "a secret leaves by https alone", true },
		{ NULL, "X: y\r\nZ: z", "line break", false },
		{ "HTTPS://127.0.0.1/x", NULL, "a secret leaves", true },
		{ "http://127.0.0.1/\r\nX: y", NULL, "URL", false },
		{ "https://a@127.0.0.1/", NULL, "URL", true },
		{ "https://127.0.0.1", NULL, "URL", false },
		{ "file:///etc/passwd", NULL, "URL", false },
	};
	struct net_world w;
	size_t i;

	net_world_init(&w, 1);
	raw_server_answer(w.server, 204, "");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(w.url, sizeof(w.url), "%s/x",
		    raw_server_url(w.server));
		w.req.url = cases[i].url != NULL ? cases[i].url : w.url;
		w.req.is_secret = cases[i].is_secret;
		w.req.headers[0] = cases[i].line;
		http_client_submit(w.client, &w.req);
		ck_assert_ptr_eq(http_client_reap(w.client), &w.req);
		ck_assert_int_eq(w.req.outcome, HTTP_UNSAFE);
		ck_assert_msg(strstr(w.req.detail, cases[i].why) != NULL, "%s",
		    w.req.detail);
		ck_assert(!w.req.sent);
	}
	w.req.headers[0] = NULL;
	w.req.is_secret = false;
	ck_assert_int_eq(net_world_run(&w, HTTP_GET, "/x"), HTTP_ANSWERED);
	ck_assert_uint_eq(raw_server_connections(w.server), 1);
	ck_assert_uint_eq(raw_server_heads(w.server), 1);
	net_world_release(&w);
}
END_TEST

/* The loop has a listener that nobody will come to. */
START_TEST(what_is_not_safe_to_send_ends_a_wait_that_has_begun)
{
	struct http_opts opts = { .connections = 1 };
	struct loop *loop = loop_new(LOOP_REAL);
	struct raw_server *server = raw_server_start(loop);
	struct http_client *client = http_client_open(loop, &opts);
	struct http_request req;
	struct err err = ERR_INIT;

	http_request_init(&req);
	req.url = "http://localhost/\x01";
	http_client_submit(client, &req);
	ck_assert_int_eq(loop_step(loop, &err), 0);
	ck_assert_ptr_eq(http_client_reap(client), &req);
	ck_assert_int_eq(req.outcome, HTTP_UNSAFE);
	http_request_release(&req);
	http_client_close(client);
	raw_server_stop(server);
	loop_free(loop);
}
END_TEST

START_TEST(a_large_body_goes_out_without_asking_first)
{
	size_t n = 3 * 1024 * 1024;
	char *body = mem_zalloc(n, 1);
	struct net_world w;

	net_world_init(&w, 1);
	raw_server_answer(w.server, 200, "");
	w.req.body = body;
	w.req.length = n;
	ck_assert_int_eq(net_world_run(&w, HTTP_POST, "/x"), HTTP_ANSWERED);
	ck_assert_ptr_null(strstr(head_of(&w, 0), "Expect"));
	ck_assert_ptr_nonnull(
	    strstr(head_of(&w, 0), "Content-Length: 3145728"));
	free(body);
	net_world_release(&w);
}
END_TEST

START_TEST(a_proxy_in_the_environment_is_not_used)
{
	struct net_world w;

	setenv("http_proxy", "http://127.0.0.1:9", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:9", 1);
	net_world_init(&w, 1);
	raw_server_answer(w.server, 204, "");
	ck_assert_int_eq(net_world_run(&w, HTTP_GET, "/x"), HTTP_ANSWERED);
	net_world_release(&w);
}
END_TEST

START_TEST(cancel_gives_back_whatever_waits_or_flies)
{
	struct http_request req[4];
	struct net_world w;
	size_t files, i;

	net_world_init(&w, 2);
	files = count_files();
	raw_server_step(w.server, "", 0, RAW_STALL);
	for (i = 0; i < 4; i++) {
		http_request_init(&req[i]);
		net_world_ask(&w, &req[i], HTTP_DELETE, "/x");
	}
	while (raw_server_heads(w.server) < 2) {
		struct err err = ERR_INIT;

		ck_assert_int_eq(loop_step(w.loop, &err), 0);
	}
	http_client_cancel(w.client, &req[3]);
	http_client_cancel(w.client, &req[2]);
	http_client_cancel(w.client, &req[0]);
	http_client_cancel(w.client, &req[1]);
	http_client_cancel(w.client, &req[1]);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(net_world_reap(&w)->outcome, HTTP_CANCELLED);
	ck_assert_ptr_null(http_client_reap(w.client));
	ck_assert(req[0].sent && req[1].sent);
	ck_assert(!req[2].sent && !req[3].sent);
	raw_server_reset(w.server);
	raw_server_answer(w.server, 204, "");
	ck_assert_int_eq(net_world_run(&w, HTTP_DELETE, "/x"), HTTP_ANSWERED);
	ck_assert_uint_le(count_files(), files + 2);
	for (i = 0; i < 4; i++)
		http_request_release(&req[i]);
	net_world_release(&w);
}
END_TEST

START_TEST(close_leaves_no_files_with_requests_in_flight)
{
	struct http_request req[10];
	struct err err = ERR_INIT;
	struct net_world w;
	size_t files = count_files(), i;

	net_world_init(&w, 5);
	raw_server_answer(w.server, 204, "");
	raw_server_step(w.server, "", 0, RAW_STALL);
	for (i = 0; i < 10; i++) {
		http_request_init(&req[i]);
		net_world_ask(&w, &req[i], HTTP_DELETE, "/x");
	}
	while (raw_server_heads(w.server) < 5)
		ck_assert_int_eq(loop_step(w.loop, &err), 0);
	net_world_release(&w);
	for (i = 0; i < 10; i++)
		http_request_release(&req[i]);
	ck_assert_uint_eq(count_files(), files);
}
END_TEST

START_TEST(connections_fit_the_limit_of_open_files)
{
	struct http_opts opts = { .connections = 1000, .user_agent = "test" };
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct err err = ERR_INIT;
	struct rlimit files;
	struct http_client *client;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
	files.rlim_cur = 100;
	if (files.rlim_max >= 1064) {
		setrlimit(RLIMIT_NOFILE, &files);
		client = http_client_open(loop, &opts);
		ck_assert_uint_eq(http_client_connections(client), 1000);
		http_client_close(client);
	}
	files.rlim_max = files.rlim_cur = 100;
	setrlimit(RLIMIT_NOFILE, &files);
	client = http_client_open(loop, &opts);
	ck_assert_uint_eq(http_client_connections(client), 50);
	http_client_close(client);
	ck_assert_int_eq(http_client_check(&opts, false, &err), 0);
	files.rlim_max = files.rlim_cur = 64;
	setrlimit(RLIMIT_NOFILE, &files);
	client = http_client_open(loop, &opts);
	ck_assert_uint_eq(http_client_connections(client), 32);
	http_client_close(client);
	ck_assert_int_eq(http_client_check(&opts, false, &err), 0);
	files.rlim_max = files.rlim_cur = 16;
	setrlimit(RLIMIT_NOFILE, &files);
	ck_assert_int_eq(http_client_check(&opts, false, &err), -1);
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.text, "only 16 files"));
	ck_assert_ptr_nonnull(strstr(err.text, "ulimit -n"));
	loop_free(loop);
}
END_TEST

/* A thread of libcurl's for each name that is being looked up. */
static size_t
count_threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	size_t n = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

START_TEST(a_host_name_is_looked_up_once_and_leaves_nothing_open)
{
	enum { N = 20 };
	size_t files = count_files(), threads = count_threads(), i;
	struct http_request req[N];
	struct err err = ERR_INIT;
	struct net_world w;
	char *port;

	net_world_init(&w, N);
	raw_server_answer(w.server, 204, "");
	port = strrchr(raw_server_url(w.server), ':') + 1;
	snprintf(w.url, sizeof(w.url), "http://localhost:%s/x", port);
	for (i = 0; i < N; i++) {
		http_request_init(&req[i]);
		req[i].method = HTTP_DELETE;
		req[i].url = w.url;
		http_client_submit(w.client, &req[i]);
	}
	for (i = 0; i < N;) {
		if (http_client_reap(w.client) != NULL)
			i++;
		else
			ck_assert_int_eq(loop_step(w.loop, &err), 0);
		ck_assert_uint_le(count_threads(), threads + 1);
	}
	for (i = 0; i < N; i++) {
		ck_assert_int_eq(req[i].outcome, HTTP_ANSWERED);
		http_request_release(&req[i]);
	}
	ck_assert_uint_eq(raw_server_heads(w.server), N);
	net_world_release(&w);
	ck_assert_uint_eq(count_files(), files);
}
END_TEST

int
main(void)
{
	return suite_run("net client",
	    a_connection_is_kept_for_the_next_request,
	    many_requests_share_the_connections_there_are,
	    a_width_holds_until_it_is_set_anew,
	    what_waits_goes_first_come_first_served,
	    a_reset_on_a_reused_connection_is_one_attempt,
	    an_orderly_close_in_place_of_an_answer_is_one_attempt,
	    a_connection_closed_while_idle_is_replaced,
	    methods_may_change_on_one_connection,
	    each_request_brings_its_own_lines,
	    what_is_not_safe_to_send_is_not_even_connected,
	    what_is_not_safe_to_send_ends_a_wait_that_has_begun,
	    a_large_body_goes_out_without_asking_first,
	    a_proxy_in_the_environment_is_not_used,
	    cancel_gives_back_whatever_waits_or_flies,
	    close_leaves_no_files_with_requests_in_flight,
	    connections_fit_the_limit_of_open_files,
	    a_host_name_is_looked_up_once_and_leaves_nothing_open, NULL);
}
