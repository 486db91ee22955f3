/* SPDX-License-Identifier: MIT */
/*
 * What goes wrong with one request.  Who decides that it does (rules, retry
 * tests, instructions of the client) is elsewhere; calls.c carries it out.
 */
#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/http_slow.h"

struct ask_headers;
struct route;

/* A request, for those who decide whether something goes wrong with it. */
struct fault_ask {
	const struct route *route;
	const struct ask_headers *headers;
	uint32_t nth; /* of its kind, bucket and name */
	uint64_t
	    connection; /* that it came on, and as the how-manieth: from 1 */
	uint32_t turn;
	bool is_part; /* of a batch, whose way it came */
	uint64_t now_us;
};

enum fault_what {
	FAULT_STATUS,  /* it is answered with a status, instead of or after its
		       * effect */
	FAULT_RESET,   /* its connection is reset, the same */
	FAULT_LOST,    /* it takes effect, and its connection ends without an
		       * answer */
	FAULT_REFUSED, /* nothing is done, and in HTTP/2 it is told so */
	FAULT_GOAWAY,  /* the same, and its connection takes no more */
	FAULT_ANSWER,  /* it is answered, and the answer suffers as told */
	FAULT_STALL /* of an upload: with keep_bytes it rests for stall_us, and
		       * then goes on as if nothing had been */
};

enum fault_token {
	FAULT_TOKEN_TRUE,
	FAULT_TOKEN_SAME, /* the page's own: who follows it never ends */
	FAULT_TOKEN_BAD   /* one that nobody made */
};

enum { FAULT_MARK_MAX = 64 };

/* What stands before a retry test's id in its mark. */
#define FAULT_MARK_TEST "retry_test "

/* The limit of an upload that is not cut. */
#define FAULT_KEEP_ALL UINT64_MAX

struct fault {
	enum fault_what what;
	int status;     /* FAULT_STATUS: 100 to 599 */
	bool has_acted; /* FAULT_STATUS and FAULT_RESET: after its effect */
	uint64_t retry_after_s; /* FAULT_STATUS: told if not 0 */
	/* The body of a FAULT_STATUS is that of the storage testbench, not
	 * production's. */
	bool is_testbench;
	bool is_no_test; /* the mark names a retry test that is not there */
	/* Of an upload: when it has so many bytes the others are not kept (and
	 * none at all unless it is a resumable one), and then it is as `what`
	 * says.  One that stays below, or is none, meets no fault. */
	uint64_t keep_bytes;
	uint64_t stall_us; /* FAULT_STALL */
	/* FAULT_ANSWER: */
	struct http_manner manner;
	bool breaks_json;
	bool corrupts; /* its first byte is another */
	bool is_short; /* its body is not longer than this, and says so: */
	uint64_t body_max;
	bool hides_buckets; /* those that the ticket's instruction names */
	enum fault_token token;
	int64_t skew_us; /* of the Date that it tells */
	/* Only of a success whose body has so many bytes; only of what ends a
	 * resumable upload.  Else nothing is the matter. */
	uint64_t if_body;
	bool if_finished;
	/* Of a retry test, which is asked when it is to happen; 0: of none. */
	uint64_t ticket;
	/* The number of the rule that it is of; 0: of none. */
	uint64_t rule;
	/* What the header X-Sim-Fault says: whose doing it was. */
	char mark[FAULT_MARK_MAX];
};

#endif
