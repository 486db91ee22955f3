/* SPDX-License-Identifier: MIT */
/*
 * The yardstick: the smallest honest loop that sends the deletes on standard
 * input over a number of kept connections, with libcurl's socket interface and
 * libevent.  No retries, no limits of time, no counting beyond a total: what
 * gcsweep costs above this is the price of its promises.
 *
 *	minimal URL CONNECTIONS [CA-FILE] <requests
 *
 * A line of standard input is "DELETE " and a target.  Of an https URL the
 * certificate is verified by CA-FILE.  A request carries as many header bytes as
 * gcsweep's do.  --version tells the versions of the libraries.
 */
#include <curl/curl.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/watch.h"

struct bench {
	CURLM *multi;
	struct event_base *events;
	struct event *timer;
	const char *ca_file;        /* or NULL */
	struct curl_slist *headers; /* the same of each request */
	char **urls;
	size_t count, next, deleted, failed;
};

static void
start(struct bench *b, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_URL, b->urls[b->next++]);
	curl_multi_add_handle(b->multi, easy);
}

static void
turn(struct bench *b, curl_socket_t fd, int what)
{
	CURLMsg *msg;
	int n;

	curl_multi_socket_action(b->multi, fd, what, &n);
	while ((msg = curl_multi_info_read(b->multi, &n)) != NULL) {
		CURL *easy = msg->easy_handle;
		long status = 0;

		curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
		if (msg->data.result == CURLE_OK && status / 100 == 2)
			b->deleted++;
		else
			b->failed++;
		curl_multi_remove_handle(b->multi, easy);
		if (b->next < b->count)
			start(b, easy);
		else if (b->deleted + b->failed == b->count)
			event_base_loopbreak(b->events);
	}
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	turn(arg, fd,
	    (what & EV_READ ? CURL_CSELECT_IN : 0) |
		(what & EV_WRITE ? CURL_CSELECT_OUT : 0));
}

static void
on_time(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	turn(arg, CURL_SOCKET_TIMEOUT, 0);
}

static int
want_watch(CURL *easy, curl_socket_t fd, int what, void *arg, void *event)
{
	struct bench *b = arg;
	short events = EV_PERSIST;

	(void)easy;
	if (event != NULL)
		event_free(event);
	event = NULL;
	if (what != CURL_POLL_REMOVE) {
		if (what != CURL_POLL_OUT)
			events |= EV_READ;
		if (what != CURL_POLL_IN)
			events |= EV_WRITE;
		event = event_new(b->events, fd, events, on_ready, b);
		event_add(event, NULL);
	}
	curl_multi_assign(b->multi, fd, event);
	return 0;
}

static int
want_timer(CURLM *multi, long ms, void *arg)
{
	struct bench *b = arg;
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	(void)multi;
	if (ms < 0)
		event_del(b->timer);
	else
		event_add(b->timer, &tv);
	return 0;
}

static void
read_urls(struct bench *b, const char *base)
{
	char line[8192], *url;
	size_t room = 0;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (b->count == room) {
			room = room ? 2 * room : 1024;
			b->urls = realloc(b->urls, room * sizeof(*b->urls));
			if (b->urls == NULL)
				abort();
		}
		if (asprintf(&url, "%s%s", base, line + strlen("DELETE ")) < 0)
			abort();
		b->urls[b->count++] = url;
	}
}

static void
open_multi(struct bench *b, long connections)
{
	b->events = event_base_new();
	b->timer = event_new(b->events, -1, 0, on_time, b);
	b->multi = curl_multi_init();
	curl_multi_setopt(b->multi, CURLMOPT_SOCKETFUNCTION, want_watch);
	curl_multi_setopt(b->multi, CURLMOPT_SOCKETDATA, b);
	curl_multi_setopt(b->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(b->multi, CURLMOPT_TIMERDATA, b);
	curl_multi_setopt(b->multi, CURLMOPT_MAXCONNECTS, connections);
}

static CURL *
open_easy(const struct bench *b)
{
	CURL *easy = curl_easy_init();

	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, b->headers);
	/* Debian's default directory would be read for each connection. */
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	if (b->ca_file != NULL)
		curl_easy_setopt(easy, CURLOPT_CAINFO, b->ca_file);

	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "DELETE");
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "gcsweep");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 4096L);
	return easy;
}

int
main(int argc, char **argv)
{
	struct bench b = { 0 };
	long connections, i;
	struct watch watch;
	CURL **easies;

	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		printf("libcurl %s, libevent %s\n",
		    curl_version_info(CURLVERSION_NOW)->version,
		    event_get_version());
		return 0;
	}
	if (argc < 3 || argc > 4 || (connections = atol(argv[2])) < 1) {
		fputs("usage: minimal URL CONNECTIONS [CA-FILE] <requests\n",
		    stderr);
		return 2;
	}
	b.ca_file = argv[3];
	b.headers = curl_slist_append(NULL,
	    "x-goog-gcs-idempotency-token: "
	    "00000000-0000-4000-8000-000000000000");
	read_urls(&b, argv[1]);
	watch_start(&watch);
	open_multi(&b, connections);
	easies = calloc((size_t)connections, sizeof(CURL *));
	for (i = 0; i < connections && b.next < b.count; i++)
		start(&b, easies[i] = open_easy(&b));
	if (b.count > 0)
		event_base_dispatch(b.events);
	printf("answers %zu ok %zu ", b.deleted + b.failed, b.deleted);
	watch_print(&watch);
	printf("\n");
	while (i > 0)
		curl_easy_cleanup(easies[--i]);
	curl_multi_cleanup(b.multi);
	curl_slist_free_all(b.headers);
	event_free(b.timer);
	event_base_free(b.events);
	for (; b.count > 0; b.count--)
		free(b.urls[b.count - 1]);
	free(b.urls);
	free(easies);
	return b.failed != 0;
}
