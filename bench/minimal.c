/* SPDX-License-Identifier: MIT */
/*
 * The yardstick: the smallest honest loop that deletes the names on standard
 * input over a number of kept connections, with libcurl's socket interface and
 * libevent.  No retries, no limits, no preconditions, no counting beyond a
 * total: what gcsweep costs above this is the price of its promises.
 *
 *	minimal URL-BASE BUCKET CONNECTIONS <names
 */
#include <curl/curl.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct bench {
	CURLM *multi;
	struct event_base *events;
	struct event *timer;
	const char *base, *bucket;
	char **names;
	size_t count, next, deleted, failed;
};

static void
start(struct bench *b, CURL *easy)
{
	char *name = curl_easy_escape(easy, b->names[b->next++], 0);
	char url[4096];

	snprintf(url, sizeof(url), "%s/storage/v1/b/%s/o/%s", b->base,
	    b->bucket, name);
	curl_free(name);
	curl_easy_setopt(easy, CURLOPT_URL, url);
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
read_names(struct bench *b)
{
	char line[2048];
	size_t room = 0;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (b->count == room) {
			room = room ? 2 * room : 1024;
			b->names = realloc(b->names, room * sizeof(*b->names));
			if (b->names == NULL)
				abort();
		}
		b->names[b->count++] = strdup(line);
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
open_easy(void)
{
	CURL *easy = curl_easy_init();

	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "DELETE");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 4096L);
	return easy;
}

static double
seconds(struct timeval tv)
{
	return (double)tv.tv_sec + (double)tv.tv_usec / 1e6;
}

static void
report(const struct bench *b, const struct timespec *begin)
{
	struct timespec end;
	struct rusage usage;

	clock_gettime(CLOCK_MONOTONIC, &end);
	getrusage(RUSAGE_SELF, &usage);
	printf("deleted %zu failed %zu wall %.3f user %.3f sys %.3f\n",
	    b->deleted, b->failed,
	    (double)(end.tv_sec - begin->tv_sec) +
		(double)(end.tv_nsec - begin->tv_nsec) / 1e9,
	    seconds(usage.ru_utime), seconds(usage.ru_stime));
}

int
main(int argc, char **argv)
{
	struct bench b = { 0 };
	struct timespec begin;
	long connections, i;
	CURL **easies;

	if (argc != 4 || (connections = atol(argv[3])) < 1) {
		fputs("usage: minimal URL-BASE BUCKET CONNECTIONS <names\n",
		    stderr);
		return 2;
	}
	b.base = argv[1];
	b.bucket = argv[2];
	read_names(&b);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	open_multi(&b, connections);
	easies = calloc((size_t)connections, sizeof(CURL *));
	for (i = 0; i < connections && b.next < b.count; i++)
		start(&b, easies[i] = open_easy());
	if (b.count > 0)
		event_base_dispatch(b.events);
	report(&b, &begin);
	while (i > 0)
		curl_easy_cleanup(easies[--i]);
	curl_multi_cleanup(b.multi);
	event_free(b.timer);
	event_base_free(b.events);
	for (; b.count > 0; b.count--)
		free(b.names[b.count - 1]);
	free(b.names);
	free(easies);
	return b.failed != 0;
}
