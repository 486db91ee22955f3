/* SPDX-License-Identifier: MIT */
/* client behind a proxy: it makes a tunnel and hears nothing of what goes
 * through it, and what it says is not taken for an answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/proxy.h"
#include "tests/unit/tls_world.h"

struct world {
	struct tls_world tls;
	struct proxy *proxy;
};

/* The environment of a test is its own process's. */
static void
init(struct world *w, unsigned connections)
{
	tls_world_init(&w->tls, connections);
	w->proxy = proxy_start(w->tls.loop);
	raw_server_answer(w->tls.raw, 200, "hello");
	unsetenv("no_proxy");
	unsetenv("NO_PROXY");
	unsetenv("https_proxy");
	unsetenv("all_proxy");
	setenv("HTTPS_PROXY", proxy_url(w->proxy), 1);
}

static void
release(struct world *w)
{
	proxy_stop(w->proxy);
	tls_world_release(&w->tls);
}

START_TEST(a_proxy_makes_tunnels_and_hears_no_secret)
{
	struct world w;
	char first[80];
	int i;

	init(&w, 1);
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(tls_world_run(&w.tls, HTTP_GET, "/path"),
		    HTTP_ANSWERED);
		ck_assert_str_eq(w.tls.req.content.data, "hello");
	}
	snprintf(first, sizeof(first), "CONNECT %s HTTP/1.1\r\n",
	    tls_server_url(w.tls.server) + strlen("https://"));
	ck_assert_uint_eq(proxy_tunnels(w.proxy), 1);
	ck_assert_ptr_eq(strstr(proxy_heard(w.proxy), first),
	    proxy_heard(w.proxy));
	ck_assert_ptr_null(strstr(proxy_heard(w.proxy), "Authorization"));
	ck_assert_ptr_null(strstr(proxy_heard(w.proxy), "of-a-test"));
	ck_assert_ptr_null(strstr(proxy_heard(w.proxy), "/path"));
	ck_assert_uint_eq(raw_server_heads(w.tls.raw), 3);
	ck_assert_ptr_nonnull(
	    strstr(raw_server_head(w.tls.raw, 0), "of-a-test"));
	ck_assert_ptr_null(strstr(raw_server_head(w.tls.raw, 0), "Proxy-"));
	release(&w);
}
END_TEST

START_TEST(what_a_proxy_says_is_no_answer)
{
	struct world w;

	init(&w, 1);
	proxy_add(w.proxy,
	    "Retry-After: 9\r\nMetadata-Flavor: Google\r\n"
	    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
	    "Content-Length: 7\r\nX: HTTP/1.1 200 OK\r\n");
	ck_assert_int_eq(tls_world_run(&w.tls, HTTP_GET, "/x"), HTTP_ANSWERED);
	ck_assert_str_eq(w.tls.req.content.data, "hello");
	ck_assert_uint_eq(w.tls.req.retry_after_us, 0);
	ck_assert_uint_eq(w.tls.req.date_s, 0);
	ck_assert(!w.tls.req.is_flavored);
	release(&w);
}
END_TEST

START_TEST(a_proxy_that_refuses_is_named_and_nothing_was_sent)
{
	static const struct {
		const char *answer, *detail;
	} cases[] = {
		{ "HTTP/1.1 407 Who are you\r\nContent-Length: 4\r\n"
		  "Proxy-Authenticate: Basic realm=\"x\"\r\n\r\nnope",
		    "the proxy refused the tunnel: 407" },
		{ "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\nnope",
		    "the proxy refused the tunnel: 502" },
		{ "HTTP/1.1 403 No\r\nRetry-After: 3\r\n\r\n",
		    "the proxy refused the tunnel: 403" },
		{ "HTTP/1.1 302 There\r\nLocation: http://127.0.0.1/\r\n"
		  "Content-Length: 0\r\n\r\n",
		    "the proxy refused the tunnel: 302" },
		{ "", "the proxy made no tunnel: " },
		{ "SSH-2.0-x\r\n\r\n", "the proxy made no tunnel: " },
	};
	struct http_request *req;
	struct world w;
	size_t i;

	init(&w, 1);
	req = &w.tls.req;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		proxy_refuse(w.proxy, cases[i].answer);
		tls_world_run(&w.tls, HTTP_GET, "/x");
		ck_assert_msg(req->outcome == HTTP_REFUSED, "%zu: %d %s", i,
		    req->outcome, req->detail);
		ck_assert_msg(strstr(req->detail, cases[i].detail) ==
			req->detail,
		    "%s", req->detail);
		ck_assert(!req->sent && !req->heard && req->status == 0);
		ck_assert_uint_eq(req->content.len, 0);
		ck_assert_uint_eq(req->retry_after_us, 0);
	}
	proxy_refuse(w.proxy, NULL);
	ck_assert_int_eq(tls_world_run(&w.tls, HTTP_GET, "/x"), HTTP_ANSWERED);
	ck_assert_ptr_null(strstr(proxy_heard(w.proxy), "Authorization"));
	release(&w);
}
END_TEST

START_TEST(a_proxy_out_of_reach_is_not_taken_for_the_server)
{
	static const struct {
		const char *proxy, *detail;
	} cases[] = {
		{ "http://me:secret@127.0.0.1:1",
		    "no connection to the proxy: Connection refused" },
		{ "socks5://127.0.0.1:1",
		    "no connection to the proxy: Connection refused" },
		{ "carrier-pigeon://me:secret@127.0.0.1",
		    "the proxy is of a kind that curl does not know" },
		{ "", "Connection refused" },
	};
	struct world w;
	size_t i;

	init(&w, 1);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		setenv("HTTPS_PROXY", cases[i].proxy, 1);
		tls_world_reopen(&w.tls);
		w.tls.req.url = "https://127.0.0.1:2/x";
		http_client_submit(w.tls.client, &w.tls.req);
		ck_assert_ptr_eq(tls_world_reap(&w.tls), &w.tls.req);
		ck_assert_int_eq(w.tls.req.outcome, HTTP_REFUSED);
		ck_assert_str_eq(w.tls.req.detail, cases[i].detail);
	}
	release(&w);
}
END_TEST

START_TEST(through_a_tunnel_too_a_request_leaves_once)
{
	struct world w;

	init(&w, 1);
	ck_assert_int_eq(tls_world_run(&w.tls, HTTP_GET, "/1"), HTTP_ANSWERED);
	raw_server_reset(w.tls.raw);
	raw_server_step(w.tls.raw, "", 0, RAW_CLOSE);
	raw_server_answer(w.tls.raw, 204, "");
	ck_assert_int_eq(tls_world_run(&w.tls, HTTP_DELETE, "/2"), HTTP_LOST);
	ck_assert(w.tls.req.sent && !w.tls.req.heard);
	ck_assert_uint_eq(raw_server_heads(w.tls.raw), 1);
	ck_assert_int_eq(tls_world_run(&w.tls, HTTP_DELETE, "/3"),
	    HTTP_ANSWERED);
	ck_assert_uint_eq(raw_server_heads(w.tls.raw), 2);
	release(&w);
}
END_TEST

START_TEST(what_is_direct_or_exempt_goes_by_no_proxy)
{
	struct world w;

	init(&w, 1);
	w.tls.req.is_direct = true;
	ck_assert_int_eq(tls_world_run(&w.tls, HTTP_GET, "/x"), HTTP_ANSWERED);
	ck_assert_uint_eq(proxy_tunnels(w.proxy), 0);
	w.tls.req.is_direct = false;
	ck_assert_int_eq(tls_world_run(&w.tls, HTTP_GET, "/x"), HTTP_ANSWERED);
	ck_assert_uint_eq(proxy_tunnels(w.proxy), 1);
	tls_world_reopen(&w.tls);
	setenv("NO_PROXY", "other.test,127.0.0.1", 1);
	ck_assert_int_eq(tls_world_run(&w.tls, HTTP_GET, "/x"), HTTP_ANSWERED);
	ck_assert_uint_eq(proxy_tunnels(w.proxy), 1);
	release(&w);
}
END_TEST

START_TEST(plain_http_goes_by_no_proxy)
{
	struct world w;

	init(&w, 1);
	setenv("http_proxy", proxy_url(w.proxy), 1);
	setenv("ALL_PROXY", proxy_url(w.proxy), 1);
	w.tls.req.is_secret = false;
	w.tls.req.method = HTTP_GET;
	snprintf(w.tls.url, sizeof(w.tls.url), "%s/x",
	    raw_server_url(w.tls.raw));
	w.tls.req.url = w.tls.url;
	w.tls.req.max_content = 100;
	http_client_submit(w.tls.client, &w.tls.req);
	ck_assert_int_eq(tls_world_reap(&w.tls)->outcome, HTTP_ANSWERED);
	ck_assert_str_eq(proxy_heard(w.proxy), "");
	release(&w);
}
END_TEST

int
main(void)
{
	return suite_run("net proxy", a_proxy_makes_tunnels_and_hears_no_secret,
	    what_a_proxy_says_is_no_answer,
	    a_proxy_that_refuses_is_named_and_nothing_was_sent,
	    a_proxy_out_of_reach_is_not_taken_for_the_server,
	    through_a_tunnel_too_a_request_leaves_once,
	    what_is_direct_or_exempt_goes_by_no_proxy,
	    plain_http_goes_by_no_proxy, NULL);
}
