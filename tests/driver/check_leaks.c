/* SPDX-License-Identifier: MIT */
/*
 * No key, assertion, refresh token or bearer goes anywhere but to the server that
 * it is for: whoever is asked, and whatever he, a proxy or a stranger does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/driver/leak_world.h"
#include "tests/support/proxy.h"
#include "tests/support/raw_server.h"
#include "tests/support/suite.h"
#include "tests/support/tls_server.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
clear_proxies(void)
{
	static const char *const names[] = { "http_proxy", "https_proxy",
		"HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy",
		"NO_PROXY" };
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		unsetenv(names[i]);
}

/* --- led away --- */

static void
redirect(struct leak_world *w, int status, int where)
{
	const char *port = strrchr(tls_server_url(w->trap), ':');
	char target[128], reply[512];

	switch (where) {
	case 0: /* another port */
		snprintf(target, sizeof(target), "%s", tls_server_url(w->trap));
		break;
	case 1: /* another host */
		snprintf(target, sizeof(target), "https://localhost%s", port);
		break;
	case 2: /* without TLS */
		snprintf(target, sizeof(target), "%s",
		    raw_server_url(w->plain_trap));
		break;
	default: /* wherever this is by the same scheme */
		snprintf(target, sizeof(target), "//127.0.0.1%s", port);
		break;
	}
	snprintf(reply, sizeof(reply),
	    "HTTP/1.1 %d Elsewhere\r\nLocation: %s/token?x=y\r\n"
	    "Metadata-Flavor: Google\r\nContent-Length: 0\r\n\r\n",
	    status, target);
	raw_server_step(w->victim, reply, 0, RAW_KEEP);
}

static void
check_redirects(enum leak_asker asker)
{
	static const int statuses[] = { 301, 302, 303, 307, 308 };
	struct leak_world w;
	char what[64];
	size_t i;
	int where;

	for (i = 0; i < COUNT(statuses); i++) {
		for (where = 0; where < 4; where++) {
			leak_world_init(&w, asker);
			redirect(&w, statuses[i], where);
			snprintf(what, sizeof(what), "%d to place %d",
			    statuses[i], where);
			leak_run_failing(&w, STORAGE_DELETE, what);
			ck_assert_uint_eq(raw_server_heads(w.victim), 1);
			leak_world_release(&w);
		}
	}
}

START_TEST(no_redirect_is_followed)
{
	int asker;

	clear_proxies();
	for (asker = 0; asker < LEAK_ASKERS; asker++)
		check_redirects((enum leak_asker)asker);
}
END_TEST

/* --- not to be trusted --- */

static void
check_trust(enum leak_asker asker)
{
	static const struct {
		const char *what;
		enum tls_cert cert;
		int version; /* 0: whatever there is */
		bool mistrusts;
	} ways[] = {
		{ "a certificate that has expired", TLS_CERT_EXPIRED, 0,
		    false },
		{ "another's certificate", TLS_CERT_WRONG_HOST, 0, false },
		{ "a certificate of its own", TLS_CERT_SELF_SIGNED, 0, false },
		{ "an unknown authority", TLS_CERT_GOOD, 0, true },
		{ "TLS 1.1", TLS_CERT_GOOD, TLS1_1_VERSION, false },
		{ "TLS 1.0", TLS_CERT_GOOD, TLS1_VERSION, false },
	};
	struct leak_world w;
	size_t i;

	for (i = 0; i < COUNT(ways); i++) {
		leak_world_init(&w, asker);
		raw_server_answer(w.victim, 204, "");
		tls_server_certify(w.tls_victim, ways[i].cert);
		if (ways[i].version != 0)
			tls_server_limit(w.tls_victim, ways[i].version);
		w.mistrusts = ways[i].mistrusts;
		leak_run_failing(&w, STORAGE_DELETE, ways[i].what);
		ck_assert_int_eq(w.err.code, ERR_AUTH);
		ck_assert_uint_ge(tls_server_connections(w.tls_victim), 1);
		ck_assert_uint_eq(raw_server_heads(w.victim), 0);
		leak_world_release(&w);
	}
}

START_TEST(who_is_not_to_be_trusted_hears_nothing)
{
	int asker;

	clear_proxies();
	for (asker = 0; asker < LEAK_METADATA; asker++)
		check_trust((enum leak_asker)asker);
}
END_TEST

START_TEST(the_api_is_told_nothing_in_plain_text)
{
	struct leak_world w;
	int asker;

	clear_proxies();
	for (asker = 0; asker < LEAK_ASKERS; asker++) {
		leak_world_init(&w, (enum leak_asker)asker);
		leak_answer_well(&w);
		w.endpoint = raw_server_url(w.plain_trap);
		leak_run_failing(&w, STORAGE_DELETE, "an API in plain text");
		ck_assert_int_eq(w.err.code, ERR_AUTH);
		leak_world_release(&w);
	}
}
END_TEST

/* --- a proxy --- */

static void
check_proxies(enum leak_asker asker)
{
	static const struct {
		const char *what, *answer;
	} ways[] = {
		{ "who are you",
		    "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic "
		    "realm=\"x\"\r\nContent-Length: 0\r\n\r\n" },
		{ "elsewhere",
		    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
		    "Content-Length: 0\r\n\r\n" },
		{ "the proxy's own answer",
		    "HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n"
		    "{\"access_token\":\"t\"}\r\n" },
		{ "garbage behind a tunnel's 200",
		    "HTTP/1.1 200 OK\r\n\r\nThis is not TLS." },
		{ "no word", "" },
		{ "a bad gateway",
		    "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n" },
	};
	struct leak_world w;
	struct proxy *proxy;
	size_t i;

	for (i = 0; i < COUNT(ways); i++) {
		leak_world_init(&w, asker);
		raw_server_answer(w.victim, 204, "");
		proxy = proxy_start(w.loop);
		proxy_refuse(proxy, ways[i].answer);
		setenv("HTTPS_PROXY", proxy_url(proxy), 1);
		leak_run_failing(&w, STORAGE_DELETE, ways[i].what);
		ck_assert_uint_ge(proxy_tunnels(proxy), 1);
		ck_assert_ptr_null(strstr(proxy_heard(proxy), CANARY));
		ck_assert_ptr_null(strstr(proxy_heard(proxy), "uthorization"));
		ck_assert_uint_eq(raw_server_heads(w.victim), 0);
		ck_assert_uint_eq(raw_server_heads(tls_server_raw(w.api)), 0);
		clear_proxies();
		proxy_stop(proxy);
		leak_world_release(&w);
	}
}

START_TEST(a_proxy_hears_no_secret_and_is_no_server)
{
	int asker;

	clear_proxies();
	for (asker = 0; asker < LEAK_METADATA; asker++)
		check_proxies((enum leak_asker)asker);
}
END_TEST

START_TEST(a_tunnel_hears_the_port_alone_and_no_proxy_is_heeded)
{
	struct leak_world w;
	struct proxy *proxy;
	int i;

	clear_proxies();
	for (i = 0; i < 2; i++) {
		leak_world_init(&w, LEAK_USER);
		leak_answer_well(&w);
		proxy = proxy_start(w.loop);
		setenv("HTTPS_PROXY", proxy_url(proxy), 1);
		if (i == 1)
			setenv("NO_PROXY", "127.0.0.1", 1);
		leak_run(&w, STORAGE_DELETE);
		ck_assert_msg(w.verdict == STORAGE_OK, "%s", w.err.text);
		ck_assert_uint_eq(proxy_tunnels(proxy), i == 0 ? 2 : 0);
		ck_assert_ptr_null(strstr(proxy_heard(proxy), CANARY));
		ck_assert_ptr_null(strstr(proxy_heard(proxy), "uthorization"));
		clear_proxies();
		proxy_stop(proxy);
		leak_world_release(&w);
	}
}
END_TEST

START_TEST(the_metadata_server_is_asked_by_no_proxy)
{
	struct leak_world w;
	struct proxy *proxy;

	clear_proxies();
	leak_world_init(&w, LEAK_METADATA);
	leak_answer_well(&w);
	proxy = proxy_start(w.loop);
	setenv("http_proxy", proxy_url(proxy), 1);
	setenv("all_proxy", proxy_url(proxy), 1);
	setenv("NO_PROXY", "nowhere", 1);
	setenv("https_proxy", proxy_url(proxy), 1);
	leak_run(&w, STORAGE_DELETE);
	ck_assert_msg(w.verdict == STORAGE_OK, "%s", w.err.text);
	/* The API's, and no other. */
	ck_assert_uint_eq(proxy_tunnels(proxy), 1);
	ck_assert_uint_eq(raw_server_heads(w.victim), 1);
	ck_assert_ptr_null(
	    strstr(raw_server_head(w.victim, 0), "uthorization"));
	clear_proxies();
	proxy_stop(proxy);
	leak_world_release(&w);
}
END_TEST

int
main(void)
{
	int rc;

	leak_prepare();
	rc = suite_run("leaks", no_redirect_is_followed,
	    who_is_not_to_be_trusted_hears_nothing,
	    the_api_is_told_nothing_in_plain_text,
	    a_proxy_hears_no_secret_and_is_no_server,
	    a_tunnel_hears_the_port_alone_and_no_proxy_is_heeded,
	    the_metadata_server_is_asked_by_no_proxy, NULL);
	printf("# %u ways to lead a secret astray\n", leak_count());
	return rc;
}
