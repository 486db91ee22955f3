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

/* A head longer than this is not from any store we talk to. */
enum { TRANSFER_HEAD_MAX = 32 * 1024 };

/* "Expect:", Content-Type, and what the request adds. */
enum { TRANSFER_LINES_MAX = 2 + HTTP_HEADERS_MAX };

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
	bool is_ended; /* its connection was at its end, and nothing left */

	/* What the easy handle is set to. */
	enum http_method method;
	char base[URL_BASE_MAX]; /* of the URL: all before the path */
	bool is_last;            /* the connection is not to be used again */
	bool is_by_proxy;        /* if the environment names one */
	const char *ca_file;
	/* curl's list of lines: the nodes are ours, the texts are lent. */
	struct curl_slist lines[TRANSFER_LINES_MAX];
	char content_type[80]; /* the whole line */
	char curl_says[CURL_ERROR_SIZE];
};

/* The texts of opts are borrowed until release. */
void transfer_init(struct transfer *t, struct http_client *client,
    struct loop *loop, struct multi *multi, const struct http_opts *opts,
    void (*on_due)(void *arg));
void transfer_release(struct transfer *t);

/* Takes the request; the caller adds the easy handle to the multi. */
void transfer_begin(struct transfer *t, struct http_request *req);

/* The same request once more, as if it were the first time; its time runs on. */
void transfer_again(struct transfer *t);

/* Writes the answer into the request and gives it back. */
struct http_request *transfer_end(struct transfer *t, CURLcode code);

#endif
