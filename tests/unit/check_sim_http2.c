/* SPDX-License-Identifier: MIT */
/* HTTP/2 as a server speaks it, to a client in the same memory. */
#include <event2/buffer.h>
#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <string.h>

#include "sim/http.h"
#include "sim/http2.h"
#include "src/base/buf.h"
#include "tests/support/suite.h"

enum { TEXT_MAX = 1 << 20, STREAMS = 64 };

/* What the server was told of a request, in the order of their coming. */
struct told {
	struct http2_stream *stream;
	struct buf text;
	unsigned drained;
	bool is_gone;
};

static struct told told[STREAMS];
static size_t n_told;

static struct http2 *server;
static nghttp2_session *client;
static uint64_t now;

/* What the client was told. */
static struct buf heard;
static int status;
static uint32_t goaway_code, reset_code;
static int32_t last_stream;
static bool has_goaway, has_reset;

/* --- the server's owner --- */

static void *
on_request(void *arg, struct http2_stream *s)
{
	struct told *t = &told[n_told++];

	(void)arg;
	*t = (struct told){ .stream = s };
	buf_init(&t->text, TEXT_MAX);
	return t;
}

static void
on_bytes(void *request, const void *bytes, size_t n)
{
	struct told *t = request;

	buf_add(&t->text, bytes, n);
}

static void
on_drained(void *request)
{
	struct told *t = request;

	t->drained++;
}

static void
on_gone(void *request)
{
	struct told *t = request;

	t->is_gone = true;
	t->stream = NULL;
}

/* --- the client --- */

static int
on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	(void)session, (void)arg;
	if (frame->hd.type == NGHTTP2_GOAWAY) {
		has_goaway = true;
		goaway_code = frame->goaway.error_code;
		last_stream = frame->goaway.last_stream_id;
	} else if (frame->hd.type == NGHTTP2_RST_STREAM) {
		has_reset = true;
		reset_code = frame->rst_stream.error_code;
	}
	return 0;
}

static int
on_header(nghttp2_session *session, const nghttp2_frame *frame,
    const uint8_t *name, size_t name_len, const uint8_t *value,
    size_t value_len, uint8_t flags, void *arg)
{
	(void)session, (void)frame, (void)flags, (void)arg;
	if (name_len == 7 && memcmp(name, ":status", 7) == 0)
		sscanf((const char *)value, "%d", &status);
	else
		buf_addf(&heard, "%.*s=%.*s;", (int)name_len, name,
		    (int)value_len, value);
	return 0;
}

static int
on_data(nghttp2_session *session, uint8_t flags, int32_t id,
    const uint8_t *bytes, size_t n, void *arg)
{
	(void)session, (void)flags, (void)id, (void)arg;
	buf_add(&heard, bytes, n);
	return 0;
}

/* Both have said what they have to say. */
static void
talk(void)
{
	struct evbuffer *out = evbuffer_new();
	const uint8_t *bytes;
	ssize_t n;
	size_t came;

	do {
		while ((n = nghttp2_session_mem_send(client, &bytes)) > 0)
			ck_assert_int_eq(http2_feed(server, bytes, (size_t)n,
					     now),
			    0);
		http2_pull(server, out, 65536);
		came = evbuffer_get_length(out);
		if (came > 0)
			ck_assert_int_eq(nghttp2_session_mem_recv(client,
					     evbuffer_pullup(out, -1), came),
			    (ssize_t)came);
		evbuffer_drain(out, came);
	} while (came > 0 || nghttp2_session_want_write(client) != 0);
	evbuffer_free(out);
}

static void
start_with(const struct http2_opts *opts,
    const nghttp2_settings_entry *settings, size_t n)
{
	nghttp2_session_callbacks *callbacks;
	nghttp2_option *option;

	server = http2_new(opts);
	ck_assert_int_eq(nghttp2_session_callbacks_new(&callbacks), 0);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks,
	    on_frame);
	nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks,
	    on_data);
	/* Windows stay as they are. */
	ck_assert_int_eq(nghttp2_option_new(&option), 0);
	nghttp2_option_set_no_auto_window_update(option, 1);
	ck_assert_int_eq(nghttp2_session_client_new2(&client, callbacks, NULL,
			     option),
	    0);
	nghttp2_option_del(option);
	nghttp2_session_callbacks_del(callbacks);
	ck_assert_int_eq(nghttp2_submit_settings(client, 0, settings, n), 0);
	buf_init(&heard, TEXT_MAX);
	talk();
}

static const struct http2_opts usual = { .max_streams = 100,
	.max_resets = 10,
	.on_request = on_request,
	.on_bytes = on_bytes,
	.on_drained = on_drained,
	.on_gone = on_gone };

static void
start(void)
{
	start_with(&usual, NULL, 0);
}

static void
stop(void)
{
	http2_free(server);
	nghttp2_session_del(client);
	while (n_told > 0)
		buf_release(&told[--n_told].text);
	buf_release(&heard);
}

static nghttp2_nv
header(const char *name, const char *value)
{
	nghttp2_nv nv = { NULL, NULL, strlen(name), strlen(value),
		NGHTTP2_NV_FLAG_NONE };

	memcpy(&nv.name, &name, sizeof(name));
	memcpy(&nv.value, &value, sizeof(value));
	return nv;
}

static ssize_t
want_body(nghttp2_session *session, int32_t id, uint8_t *room, size_t n,
    uint32_t *flags, nghttp2_data_source *source, void *arg)
{
	const char *text = source->ptr;

	(void)session, (void)id, (void)n, (void)arg;
	memcpy(room, text, strlen(text));
	*flags |= NGHTTP2_DATA_FLAG_EOF;
	return (ssize_t)strlen(text);
}

/* With one header more, and a body, or (NULL) without. */
static int32_t
ask(const char *method, const char *name, const char *value, const char *body)
{
	nghttp2_nv headers[] = { header(":method", method),
		header(":scheme", "https"), header(":path", "/b?x"),
		header(":authority", "here:1"), header(name, value) };
	nghttp2_data_provider provider = { { .fd = 0 }, want_body };
	int32_t id;

	memcpy(&provider.source.ptr, &body, sizeof(body));
	id = nghttp2_submit_request(client, NULL, headers, 5,
	    body != NULL ? &provider : NULL, NULL);
	ck_assert_int_gt(id, 0);
	talk();
	return id;
}

static void
answer(struct told *t, const char *body, bool is_whole)
{
	char lines[] = "Content-Type: text/plain\r\nX-Twice: a\r\n";
	struct evbuffer *bytes = evbuffer_new();

	evbuffer_add(bytes, body, strlen(body));
	http2_answer(t->stream, 200, lines, true);
	http2_add(t->stream, bytes, is_whole);
	evbuffer_free(bytes);
	if (is_whole)
		http2_forget(t->stream);
	talk();
}

/* --- requests --- */

START_TEST(a_request_is_told_as_one_of_http_1)
{
	start();
	ask("GET", "x-some", "thing", NULL);
	ck_assert_uint_eq(n_told, 1);
	ck_assert_str_eq(told[0].text.data,
	    "GET /b?x HTTP/1.1\r\nhost: here:1\r\nx-some: thing\r\n\r\n");
	stop();
}
END_TEST

START_TEST(a_body_of_known_length_follows_as_it_is)
{
	start();
	ask("POST", "content-length", "3", "abc");
	ck_assert_str_eq(told[0].text.data,
	    "POST /b?x HTTP/1.1\r\nhost: here:1\r\n"
	    "content-length: 3\r\n\r\nabc");
	stop();
}
END_TEST

START_TEST(a_body_without_a_length_comes_in_chunks)
{
	start();
	ask("POST", "x-some", "thing", "abc");
	ck_assert_str_eq(told[0].text.data,
	    "POST /b?x HTTP/1.1\r\nhost: here:1\r\nx-some: thing\r\n"
	    "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
	stop();
}
END_TEST

START_TEST(a_body_of_another_length_ends_its_stream)
{
	start();
	ask("POST", "content-length", "4", "abc");
	ck_assert(told[0].is_gone);
	ck_assert(has_reset);
	ck_assert_uint_eq(reset_code, NGHTTP2_PROTOCOL_ERROR);
	stop();
}
END_TEST

START_TEST(a_host_is_the_authority_or_one_too_many)
{
	start();
	ask("GET", "host", "here:1", NULL);
	ck_assert_str_eq(told[0].text.data,
	    "GET /b?x HTTP/1.1\r\nhost: here:1\r\n\r\n");
	ask("GET", "host", "there", NULL);
	ck_assert_ptr_nonnull(strstr(told[1].text.data, "host: here:1\r\n"));
	ck_assert_ptr_nonnull(strstr(told[1].text.data, "host: there\r\n"));
	stop();
}
END_TEST

START_TEST(what_only_http_1_has_is_refused)
{
	static const char *const names[] = { "connection", "transfer-encoding",
		"keep-alive", "upgrade", "proxy-connection" };
	size_t i;

	start();
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		has_reset = false;
		ask("GET", names[i], "x", NULL);
		ck_assert(has_reset);
		ck_assert_uint_eq(n_told, 0);
	}
	stop();
}
END_TEST

START_TEST(a_head_that_is_too_large_has_no_end)
{
	static char large[HTTP_MAX_HEAD + 1];

	start();
	memset(large, 'x', sizeof(large) - 1);
	ask("GET", "x-large", large, NULL);
	ck_assert_uint_eq(told[0].text.len, HTTP_MAX_HEAD);
	ck_assert_ptr_null(strstr(told[0].text.data, "\r\n\r\n"));
	stop();
}
END_TEST

START_TEST(what_is_no_http_2_makes_no_sense)
{
	static const char bytes[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

	start();
	http2_free(server);
	server = http2_new(&usual);
	ck_assert_int_eq(http2_feed(server, bytes, sizeof(bytes) - 1, 0), -1);
	stop();
}
END_TEST

/* --- answers --- */

START_TEST(an_answer_has_names_in_lower_case)
{
	start();
	ask("GET", "x-some", "thing", NULL);
	answer(&told[0], "hello", true);
	ck_assert_int_eq(status, 200);
	ck_assert_str_eq(heard.data, "content-type=text/plain;x-twice=a;hello");
	ck_assert(!told[0].is_gone);
	stop();
}
END_TEST

START_TEST(an_answer_goes_on_until_it_is_whole)
{
	struct evbuffer *more = evbuffer_new();

	start();
	ask("GET", "x-some", "thing", NULL);
	answer(&told[0], "one", false);
	ck_assert_uint_eq(told[0].drained, 1);
	evbuffer_add(more, "two", 3);
	http2_add(told[0].stream, more, true);
	talk();
	ck_assert_ptr_nonnull(strstr(heard.data, "onetwo"));
	evbuffer_free(more);
	stop();
}
END_TEST

START_TEST(a_client_that_opens_no_window_gets_no_body)
{
	static const nghttp2_settings_entry shut = {
		NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 2
	};

	start_with(&usual, &shut, 1);
	ask("GET", "x-some", "thing", NULL);
	answer(&told[0], "hello", false);
	ck_assert_uint_eq(http2_waiting(told[0].stream), 3);
	ck_assert_uint_eq(told[0].drained, 0);
	stop();
}
END_TEST

/* The rest of the body waits for a window that will not open. */
START_TEST(an_early_answer_spares_the_client_the_rest)
{
	nghttp2_nv headers[] = { header(":method", "POST"),
		header(":scheme", "https"), header(":path", "/b"),
		header(":authority", "here:1") };

	start();
	ck_assert_int_gt(nghttp2_submit_headers(client, 0, -1, NULL, headers, 4,
			     NULL),
	    0);
	talk();
	answer(&told[0], "no", true);
	ck_assert_int_eq(status, 200);
	ck_assert(has_reset);
	ck_assert_uint_eq(reset_code, NGHTTP2_NO_ERROR);
	stop();
}
END_TEST

/* --- ends --- */

START_TEST(a_reset_of_the_client_is_told)
{
	int32_t id;

	start();
	id = ask("GET", "x-some", "thing", NULL);
	nghttp2_submit_rst_stream(client, 0, id, NGHTTP2_CANCEL);
	talk();
	ck_assert(told[0].is_gone);
	ck_assert(!has_goaway);
	stop();
}
END_TEST

/* So many requests, each taken back at once. */
static void
take_back(int n)
{
	int32_t id;

	while (n-- > 0) {
		id = ask("GET", "x-some", "thing", NULL);
		nghttp2_submit_rst_stream(client, 0, id, NGHTTP2_CANCEL);
		talk();
	}
}

START_TEST(rapid_resets_end_in_a_goaway)
{
	start();
	take_back(10);
	ck_assert(!has_goaway);
	take_back(1);
	ck_assert(has_goaway);
	ck_assert_uint_eq(goaway_code, NGHTTP2_ENHANCE_YOUR_CALM);
	ck_assert(http2_is_over(server));
	stop();
}
END_TEST

START_TEST(resets_are_forgiven_in_half_a_minute)
{
	start();
	take_back(10);
	now += 30000000;
	take_back(10);
	ck_assert(!has_goaway);
	stop();
}
END_TEST

START_TEST(without_a_guard_any_number_may_be_reset)
{
	struct http2_opts opts = usual;

	opts.max_resets = 0;
	start_with(&opts, NULL, 0);
	take_back(STREAMS);
	ck_assert(!has_goaway);
	stop();
}
END_TEST

START_TEST(a_request_is_turned_away_by_a_goaway)
{
	start();
	ask("GET", "x-some", "thing", NULL);
	ask("GET", "x-some", "thing", NULL);
	http2_turn_away(told[1].stream);
	talk();
	ck_assert(has_goaway);
	ck_assert_uint_eq(goaway_code, NGHTTP2_NO_ERROR);
	ck_assert_int_eq(last_stream, 1);
	answer(&told[0], "hello", true);
	ck_assert_ptr_nonnull(strstr(heard.data, "hello"));
	ck_assert(http2_is_over(server));
	stop();
}
END_TEST

START_TEST(a_goaway_never_speaks_for_later_requests)
{
	start();
	ask("GET", "x-some", "thing", NULL);
	ask("GET", "x-some", "thing", NULL);
	http2_turn_away(told[0].stream);
	talk();
	ck_assert(has_reset);
	ck_assert_uint_eq(reset_code, NGHTTP2_REFUSED_STREAM);
	ck_assert_int_eq(last_stream, 3);
	answer(&told[1], "hello", true);
	ck_assert_ptr_nonnull(strstr(heard.data, "hello"));
	stop();
}
END_TEST

START_TEST(a_server_that_shuts_finishes_what_has_begun)
{
	start();
	ask("GET", "x-some", "thing", NULL);
	http2_shut(server);
	talk();
	ck_assert(has_goaway);
	ck_assert(!http2_is_over(server));
	ck_assert(!http2_is_idle(server));
	answer(&told[0], "hello", true);
	ck_assert(http2_is_over(server));
	ck_assert(http2_is_idle(server));
	stop();
}
END_TEST

START_TEST(what_is_left_at_the_end_is_told)
{
	start();
	ask("GET", "x-some", "thing", NULL);
	http2_free(server);
	server = NULL;
	ck_assert(told[0].is_gone);
	stop();
}
END_TEST

/* Each asks for an answer, and none of them is taken. */
START_TEST(a_flood_of_pings_makes_no_sense)
{
	static const uint8_t ping[17] = { 0, 0, 8, NGHTTP2_PING };
	int i, rc = 0;

	start();
	for (i = 0; i < 5000 && rc == 0; i++)
		rc = http2_feed(server, ping, sizeof(ping), 0);
	ck_assert_int_eq(rc, -1);
	stop();
}
END_TEST

START_TEST(a_head_that_goes_on_for_ever_is_not_followed)
{
	static const uint8_t begin[] = { 0, 0, 1, NGHTTP2_HEADERS, 0, 0, 0, 0,
		1, 0x82 };
	static const uint8_t more[] = { 0, 0, 1, NGHTTP2_CONTINUATION, 0, 0, 0,
		0, 1, 0x84 };
	int i, rc;

	start();
	rc = http2_feed(server, begin, sizeof(begin), 0);
	ck_assert_int_eq(rc, 0);
	ck_assert(http2_is_in_head(server));
	for (i = 0; i < 100 && rc == 0; i++)
		rc = http2_feed(server, more, sizeof(more), 0);
	ck_assert_int_eq(rc, -1);
	ck_assert_uint_eq(n_told, 0);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("http2", a_request_is_told_as_one_of_http_1,
	    a_body_of_known_length_follows_as_it_is,
	    a_body_without_a_length_comes_in_chunks,
	    a_body_of_another_length_ends_its_stream,
	    a_host_is_the_authority_or_one_too_many,
	    what_only_http_1_has_is_refused,
	    a_head_that_is_too_large_has_no_end,
	    what_is_no_http_2_makes_no_sense, an_answer_has_names_in_lower_case,
	    an_answer_goes_on_until_it_is_whole,
	    a_client_that_opens_no_window_gets_no_body,
	    an_early_answer_spares_the_client_the_rest,
	    a_reset_of_the_client_is_told, rapid_resets_end_in_a_goaway,
	    resets_are_forgiven_in_half_a_minute,
	    without_a_guard_any_number_may_be_reset,
	    a_request_is_turned_away_by_a_goaway,
	    a_goaway_never_speaks_for_later_requests,
	    a_server_that_shuts_finishes_what_has_begun,
	    what_is_left_at_the_end_is_told, a_flood_of_pings_makes_no_sense,
	    a_head_that_goes_on_for_ever_is_not_followed, NULL);
}
