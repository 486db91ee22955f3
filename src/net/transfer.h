/* SPDX-License-Identifier: MIT */
/*
 * One reused libcurl easy handle: it carries one request at a time and says
 * how it ended.  Between files of src/net only.
 */
#ifndef NET_TRANSFER_H
#define NET_TRANSFER_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "src/base/loop.h"
#include "src/net/client.h"
#include "src/net/head.h"
#include "src/net/url.h"

struct multi;

struct transfer {
	CURL *easy;
	struct http_request *req; /* NULL: idle */
	struct http_client *client;
	struct loop *loop;
	struct multi *multi;
	struct loop_timer timer; /* the nearest limit of time */
	uint64_t started;
	uint64_t heard; /* when the last byte came, or `started` */
	TAILQ_ENTRY(transfer) link;

	/* This request. */
	unsigned sends; /* calls of PREREQ */
	size_t head_bytes;
	struct http_head head;
	bool is_over_limit;
	bool is_stale; /* its connection held bytes before anything was asked */

	/* What the easy handle is set to. */
	enum http_method method;
	char base[URL_BASE_MAX]; /* of the URL: all before the path */
	bool is_last;            /* the connection is not to be used again */
	const void *body;
	struct curl_slist *headers;
	char content_type[64];
	char curl_says[CURL_ERROR_SIZE];
};

/* on_due is the timer's; user_agent is copied. */
void transfer_init(struct transfer *t, struct http_client *client,
    struct loop *loop, struct multi *multi, const char *user_agent,
    void (*on_due)(void *arg));
void transfer_release(struct transfer *t);

/* Takes the request; the caller adds the easy handle to the multi. */
void transfer_begin(struct transfer *t, struct http_request *req);

/* Writes the answer into the request and gives it back. */
struct http_request *transfer_end(struct transfer *t, CURLcode code);

#endif
