/* SPDX-License-Identifier: MIT */
/*
 * What reading the pages of a listing costs if nothing is done with them:
 * jansson alone.
 *
 *	pages URL
 *
 * asks for one page after the other (URL has a query, to which the token is
 * added) and prints how many there were and the processor's time of parsing.
 */
#include <curl/curl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/watch.h"
#include "src/base/buf.h"

enum { PAGE_MAX = 16 * 1024 * 1024 };

static size_t
on_bytes(char *bytes, size_t size, size_t n, void *arg)
{
	return buf_add(arg, bytes, size * n) == 0 ? size * n : 0;
}

/* Reads a page; url becomes that of the next, or empty. */
static void
read_page(const char *base, const struct buf *body, struct buf *url)
{
	json_t *page = json_loadb(body->data, body->len, 0, NULL);
	const char *token;

	token = json_string_value(json_object_get(page, "nextPageToken"));
	buf_clear(url);
	if (token != NULL) {
		char *escaped = curl_easy_escape(NULL, token, 0);

		buf_addf(url, "%s&pageToken=%s", base, escaped);
		curl_free(escaped);
	}
	json_decref(page);
}

int
main(int argc, char **argv)
{
	CURL *curl = curl_easy_init();
	unsigned long pages = 0;
	struct buf body, url;
	double parsing = 0, begin;
	bool is_broken;

	if (argc != 2 || curl == NULL) {
		fprintf(stderr, "usage: pages URL\n");
		return EXIT_FAILURE;
	}
	buf_init(&body, PAGE_MAX);
	buf_init(&url, PAGE_MAX);
	buf_adds(&url, argv[1]);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	for (; url.len > 0; pages++) {
		buf_clear(&body);
		curl_easy_setopt(curl, CURLOPT_URL, url.data);
		if (curl_easy_perform(curl) != CURLE_OK)
			break;
		begin = watch_clock(CLOCK_PROCESS_CPUTIME_ID);
		read_page(argv[1], &body, &url);
		parsing += watch_clock(CLOCK_PROCESS_CPUTIME_ID) - begin;
	}
	is_broken = url.len > 0;
	if (is_broken)
		fprintf(stderr, "pages: %s was not answered\n", url.data);
	else
		printf("pages %lu\nparse_cpu_s %.3f\n", pages, parsing);
	curl_easy_cleanup(curl);
	buf_release(&body);
	buf_release(&url);
	return is_broken ? EXIT_FAILURE : EXIT_SUCCESS;
}
