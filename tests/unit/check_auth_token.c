/* SPDX-License-Identifier: MIT */
/* token: one refresh at a time, early, once more after a refusal, on the virtual
 * clock, with a metadata server that says what the test wrote down. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/auth/token.h"
#include "src/base/loop.h"
#include "tests/support/raw_server.h"
#include "tests/support/tls_server.h"
#include "tests/unit/auth_world.h"

struct world {
	struct loop *loop;
	struct raw_server *server;
	struct token_source *ts;
	struct err err;
	const char *line;
	uint64_t serial;
};

static void
init(struct world *w)
{
	struct cred_origin origin = { "M", SCOPE_STORAGE, 0 };
	struct token_opts opts = { .user_agent = "test", .seed = 1 };
	struct cred *c;

	w->loop = loop_new(LOOP_VIRTUAL);
	w->server = raw_server_start(w->loop);
	err_clear(&w->err);
	c = cred_new_metadata(raw_server_url(w->server) + strlen("http://"),
	    false, &origin, &w->err);
	ck_assert_ptr_nonnull(c);
	w->ts = token_open(w->loop, c, &opts);
}

static void
release(struct world *w)
{
	token_close(w->ts);
	raw_server_stop(w->server);
	loop_free(w->loop);
}

static void
will_answer(struct world *w, int status, const char *body)
{
	char reply[1000];

	snprintf(reply, sizeof(reply),
	    "HTTP/1.1 %d X\r\nMetadata-Flavor: Google\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    status, strlen(body), body);
	raw_server_step(w->server, reply, 0, RAW_KEEP);
}

static void
will_give(struct world *w, const char *token, unsigned life_s)
{
	char body[200];

	snprintf(body, sizeof(body),
	    "{\"access_token\":\"%s\",\"expires_in\":%u}", token, life_s);
	will_answer(w, 200, body);
}

static enum token_state
get(struct world *w)
{
	return token_get(w->ts, &w->line, &w->serial, &w->err);
}

/* Turns until token_get would say something else. */
static void
wait_for_change(struct world *w)
{
	while (!token_turn(w->ts))
		ck_assert_msg(loop_step(w->loop, &w->err) == 0, "%s",
		    w->err.text);
}

static void
has(struct world *w, const char *token)
{
	ck_assert_int_eq(get(w), TOKEN_READY);
	ck_assert(strncmp(w->line, "Authorization: Bearer ", 22) == 0);
	ck_assert_str_eq(w->line + 22, token);
}

static void
on_due(void *arg)
{
	*(bool *)arg = true;
}

/* Lets time go by, in which the source is turned but not asked. */
static void
pass(struct world *w, uint64_t us)
{
	struct loop_timer t;
	bool is_over = false;

	loop_timer_init(&t, w->loop, on_due, &is_over);
	loop_timer_set(&t, loop_now(w->loop) + us);
	while (!is_over) {
		ck_assert_int_eq(loop_step(w->loop, &w->err), 0);
		token_turn(w->ts);
	}
}

START_TEST(a_thousand_askers_cost_one_call)
{
	struct world w;
	int i;

	init(&w);
	will_give(&w, "one", 3600);
	for (i = 0; i < 1000; i++)
		ck_assert_int_eq(get(&w), TOKEN_WAIT);
	wait_for_change(&w);
	for (i = 0; i < 1000; i++)
		has(&w, "one");
	ck_assert_uint_eq(token_calls(w.ts), 1);
	ck_assert_uint_eq(raw_server_heads(w.server), 1);
	ck_assert_ptr_nonnull(strstr(raw_server_head(w.server, 0),
	    "\r\nMetadata-Flavor: Google\r\n"));
	release(&w);
}
END_TEST

START_TEST(it_is_renewed_early_while_requests_carry_the_old_one)
{
	struct world w;
	uint64_t serial;
	int i;

	init(&w);
	will_give(&w, "one", 3600);
	will_give(&w, "two", 100);
	get(&w);
	wait_for_change(&w);
	has(&w, "one");
	serial = w.serial;
	pass(&w, UINT64_C(3374) * 1000000);
	has(&w, "one");
	ck_assert_uint_eq(token_calls(w.ts), 1);
	pass(&w, UINT64_C(2) * 1000000);
	for (i = 0; i < 1000; i++)
		has(&w, "one");
	ck_assert_uint_eq(token_calls(w.ts), 2);
	wait_for_change(&w);
	has(&w, "two");
	ck_assert_uint_ne(w.serial, serial);
	/* Of a short life, a quarter. */
	pass(&w, UINT64_C(74) * 1000000);
	has(&w, "two");
	ck_assert_uint_eq(token_calls(w.ts), 2);
	pass(&w, UINT64_C(2) * 1000000);
	has(&w, "two");
	ck_assert_uint_eq(token_calls(w.ts), 3);
	release(&w);
}
END_TEST

START_TEST(the_first_refusal_of_a_serial_renews_and_the_others_wait)
{
	struct world w;
	uint64_t first;
	int i;

	init(&w);
	will_give(&w, "one", 3600);
	will_give(&w, "two", 3600);
	get(&w);
	wait_for_change(&w);
	has(&w, "one");
	first = w.serial;
	for (i = 0; i < 1000; i++)
		ck_assert(token_refused(w.ts, first));
	ck_assert_int_eq(get(&w), TOKEN_WAIT);
	while (get(&w) == TOKEN_WAIT)
		wait_for_change(&w);
	has(&w, "two");
	ck_assert(token_refused(w.ts, first)); /* late */
	has(&w, "two");
	ck_assert_uint_eq(token_calls(w.ts), 2);
	/* The renewed one is refused as well. */
	for (i = 0; i < 1000; i++)
		ck_assert(!token_refused(w.ts, w.serial));
	ck_assert_uint_eq(token_calls(w.ts), 2);
	/* Long after that it is another story. */
	pass(&w, UINT64_C(61) * 1000000);
	ck_assert(token_refused(w.ts, w.serial));
	ck_assert_uint_eq(token_calls(w.ts), 3);
	release(&w);
}
END_TEST

START_TEST(what_may_pass_is_tried_three_times)
{
	struct world w;
	uint64_t before;

	init(&w);
	will_answer(&w, 503, "");
	will_answer(&w, 500, "{\"error\":\"internal_failure\"}");
	will_give(&w, "one", 3600);
	before = loop_now(w.loop);
	get(&w);
	wait_for_change(&w);
	has(&w, "one");
	ck_assert_uint_eq(token_calls(w.ts), 3);
	ck_assert_uint_ge(loop_now(w.loop) - before, 2700000);
	ck_assert_uint_le(loop_now(w.loop) - before, 3300000);
	release(&w);
}
END_TEST

START_TEST(what_does_not_pass_fails_and_is_tried_again_a_second_later)
{
	struct world w;
	int i;

	init(&w);
	will_answer(&w, 503, "");
	get(&w);
	wait_for_change(&w);
	for (i = 0; i < 1000; i++)
		ck_assert_int_eq(get(&w), TOKEN_FAILED);
	ck_assert_int_eq(w.err.code, ERR_NET);
	ck_assert_uint_eq(token_calls(w.ts), 3);
	raw_server_reset(w.server);
	will_answer(&w, 403, "{\"error\":\"access_denied\"}");
	pass(&w, 1000000);
	ck_assert_int_eq(get(&w), TOKEN_WAIT);
	wait_for_change(&w);
	ck_assert_int_eq(get(&w), TOKEN_FAILED);
	ck_assert_int_eq(w.err.code, ERR_AUTH);
	ck_assert_ptr_nonnull(strstr(w.err.text, "403: access_denied"));
	ck_assert_uint_eq(token_calls(w.ts), 4);
	release(&w);
}
END_TEST

START_TEST(a_failed_early_renewal_leaves_the_old_one_until_it_is_stale)
{
	struct world w;

	init(&w);
	will_give(&w, "one", 100);
	will_answer(&w, 403, "");
	get(&w);
	wait_for_change(&w);
	pass(&w, UINT64_C(76) * 1000000);
	has(&w, "one");
	wait_for_change(&w);
	has(&w, "one");
	pass(&w, UINT64_C(10) * 1000000);
	has(&w, "one");
	ck_assert_uint_eq(token_calls(w.ts), 2);
	pass(&w, UINT64_C(4) * 1000000);
	ck_assert_int_eq(get(&w), TOKEN_WAIT);
	wait_for_change(&w);
	ck_assert_int_eq(get(&w), TOKEN_FAILED);
	ck_assert_uint_eq(token_calls(w.ts), 3);
	release(&w);
}
END_TEST

START_TEST(a_token_from_outside_is_used_until_it_is_refused)
{
	struct cred_origin origin = { "GOOGLE_ACCESS_TOKEN", SCOPE_STORAGE, 0 };
	struct token_opts opts = { .user_agent = "test" };
	struct world w;

	init(&w);
	token_close(w.ts);
	w.ts = token_open(w.loop, cred_new_token("abc", &origin, &w.err),
	    &opts);
	has(&w, "abc");
	pass(&w, UINT64_C(90000) * 1000000);
	has(&w, "abc");
	ck_assert(!token_refused(w.ts, w.serial));
	ck_assert_uint_eq(token_calls(w.ts), 0);
	release(&w);
}
END_TEST

START_TEST(a_source_may_be_closed_in_flight_and_between_tries)
{
	struct world w;

	init(&w);
	raw_server_step(w.server, "", 0, RAW_STALL);
	get(&w);
	release(&w);
	init(&w);
	will_answer(&w, 503, "");
	get(&w);
	while (raw_server_heads(w.server) == 0)
		ck_assert_int_eq(loop_step(w.loop, &w.err), 0);
	release(&w);
}
END_TEST

/* The whole way by TLS: the first token costs nothing, its refusal one call. */
START_TEST(a_refused_self_signed_token_is_exchanged_by_https)
{
	struct cred_origin origin = { "K.json", SCOPE_STORAGE, 0 };
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct tls_server *server = tls_server_start(loop);
	struct token_opts opts = { .user_agent = "test",
		.ca_file = tls_server_ca_file(server) };
	struct world w = { .loop = loop, .server = tls_server_raw(server) };
	char change[200], *file;

	snprintf(change, sizeof(change), "{\"token_uri\":\"%s/token\"}",
	    tls_server_url(server));
	file = auth_key_file(change);
	w.ts = token_open(loop, cred_parse(file, strlen(file), &origin, &w.err),
	    &opts);
	will_give(&w, "exchanged", 3600);
	ck_assert_int_eq(get(&w), TOKEN_READY);
	ck_assert_uint_eq(token_calls(w.ts), 0);
	ck_assert(token_refused(w.ts, w.serial));
	while (get(&w) == TOKEN_WAIT)
		wait_for_change(&w);
	has(&w, "exchanged");
	ck_assert_uint_eq(token_calls(w.ts), 1);
	ck_assert(
	    strncmp(raw_server_head(w.server, 0), "POST /token ", 12) == 0);
	ck_assert(!token_refused(w.ts, w.serial));
	token_close(w.ts);
	tls_server_stop(server);
	loop_free(loop);
	free(file);
}
END_TEST

int
main(void)
{
	auth_make_keys();
	return suite_run("auth token", a_thousand_askers_cost_one_call,
	    it_is_renewed_early_while_requests_carry_the_old_one,
	    the_first_refusal_of_a_serial_renews_and_the_others_wait,
	    what_may_pass_is_tried_three_times,
	    what_does_not_pass_fails_and_is_tried_again_a_second_later,
	    a_failed_early_renewal_leaves_the_old_one_until_it_is_stale,
	    a_token_from_outside_is_used_until_it_is_refused,
	    a_source_may_be_closed_in_flight_and_between_tries,
	    a_refused_self_signed_token_is_exchanged_by_https, NULL);
}
