/* SPDX-License-Identifier: MIT */
/*
 * HTTP/1.1 over a bounded number of kept-alive connections, turned by a loop.
 * Submit as many requests as you like: those without a connection wait in a
 * queue, first come first served.  Finished ones are reaped.  One submit is
 * one attempt on the wire at most: nothing here retries, follows a redirect or
 * authenticates.  A certificate is always verified, and what is secret leaves by
 * a verified connection or not at all.
 */
#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "src/base/buf.h"

struct loop;
struct http_client;
struct transfer;

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_DELETE };

enum http_outcome {
	HTTP_ANSWERED,  /* a whole answer; status and content hold it */
	HTTP_REFUSED,   /* no connection could be made */
	HTTP_LOST,      /* the connection broke before the answer was whole */
	HTTP_TIMEOUT,   /* one of the client's limits of time */
	HTTP_TOO_LARGE, /* the head or the body passed its limit of bytes */
	HTTP_MALFORMED, /* what came is not HTTP/1.1 */
	HTTP_UNTRUSTED, /* its certificate is not one to trust; nothing left */
	HTTP_UNSAFE, /* is_secret, and not https; or its URL or a header could
		      * mean two things: nothing was even connected */
	HTTP_CANCELLED
};

/* Header lines that a request may add. */
enum { HTTP_HEADERS_MAX = 6 };

/* The longest value that want_field keeps. */
enum { HTTP_FIELD_MAX = 8192 };

/* Lent to the client from submit to reap, with all that it points to. */
struct http_request {
	/* Asked. */
	enum http_method method;
	const char
	    *url; /* "http[s]://HOST:PORT/PATH"; the path is sent as it is */
	const void *body; /* POST, PUT: length bytes */
	size_t length;
	const char *content_type; /* of body; NULL: none is sent */
	size_t max_content;       /* of a 2xx answer, in bytes */
	/* Further lines, "Name: value", up to the first NULL. */
	const char *headers[HTTP_HEADERS_MAX];
	bool
	    is_secret; /* a header or the body holds a key, assertion or token */
	bool is_direct;         /* by no proxy, whatever the environment says */
	const char *want_field; /* name of a header, in lower case; or NULL */

	/* Answered. */
	enum http_outcome outcome;
	int status;         /* 0: none came */
	struct buf content; /* of an answer that is not 2xx: its beginning */
	bool sent;          /* a connection stood and the head went out */
	bool heard;         /* at least one line of an answer came back */
	bool is_measured;   /* the answer said how long it is, so it is whole;
			     * else it went on until the connection ended */
	uint64_t
	    retry_after_us; /* Retry-After, in seconds or as a date; 0: none */
	uint64_t date_s;    /* Date, in seconds of the Unix epoch; 0: none */
	bool is_flavored;   /* "Metadata-Flavor: Google" came */
	struct buf field;   /* what want_field held, "" if it was not there */
	char detail[128];   /* one line, "" when answered */

	/* Not looked at by the client. */
	void *user;

	/* The client's, between submit and reap. */
	TAILQ_ENTRY(http_request) link;
	struct transfer *transfer; /* NULL: waits in the queue, or done */
	bool is_waiting;
};

void http_request_init(struct http_request *req);
void http_request_release(struct http_request *req);

struct http_opts {
	unsigned connections;        /* at most, see http_client_connections */
	uint64_t connect_timeout_us; /* 0: no limit, here and below */
	uint64_t idle_timeout_us;    /* without a byte of the answer */
	uint64_t total_timeout_us;   /* from leaving the queue */
	const char *user_agent;      /* borrowed until close */
	const char *ca_file; /* PEM, trusted instead of what SSL_CERT_FILE or
			      * the system has; or NULL; borrowed until close */
};

/* Never fails: connections shrinks to what the limit of open files allows
 * (which is raised first), and is at least 1. */
struct http_client *http_client_open(struct loop *loop,
    const struct http_opts *opts);

/* Is there room for connections and, where https is to be asked, are there
 * certificates to trust?  ERR_CONFIG otherwise, so that a run can say so before
 * it begins; a client opens all the same. */
int http_client_check(const struct http_opts *opts, bool is_https,
    struct err *err) MUST_CHECK;

/* Whatever was not reaped is dropped where it stands.  NULL is fine. */
void http_client_close(struct http_client *client);

/* Connections that will be used at most. */
unsigned http_client_connections(const struct http_client *client);

/* Uses at most that many of them from now on, and at least one.  What is on the
 * wire stays there, and connections above it stay open, unused. */
void http_client_set_width(struct http_client *client, unsigned width);

void http_client_submit(struct http_client *client, struct http_request *req);

/* The next finished request, or NULL: none is finished now. */
struct http_request *http_client_reap(struct http_client *client);

/* Gives up a submitted request; it comes out of reap HTTP_CANCELLED, or as it
 * was if it had finished.  To be called between turns of the loop. */
void http_client_cancel(struct http_client *client, struct http_request *req);

#endif
