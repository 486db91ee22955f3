/* SPDX-License-Identifier: MIT */
/*
 * The words in which the storage testbench is told what shall go wrong:
 *
 *	return-X		the status X, and no effect
 *	return-reset-connection	a reset, and no effect
 *	return-broken-stream	4 bytes of the answer's body, then the end
 *	return-broken-stream-after-YK			of objects.get: Y KiB
 *	return-broken-stream-final-chunk-after-YB	of what ends a resumable
 *				upload: Y bytes, as if they were all
 *	return-X-after-YK	of an upload that has Y KiB: these are kept
 *	stall-for-Ts-after-YK	of a download or an upload, once
 *	return-unreachable-buckets-A,B			of buckets.list
 *
 * and some that only gRPC has.  Pure: what a text means, and which fault that
 * is for a request.  Who may say it, and how often, is elsewhere.
 */
#ifndef SIM_INSTRUCTIONS_H
#define SIM_INSTRUCTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct fault;
struct fault_ask;
struct route;

enum instruction_kind {
	INSTRUCTION_STATUS,
	INSTRUCTION_RESET,
	INSTRUCTION_BROKEN,
	INSTRUCTION_BROKEN_AFTER,
	INSTRUCTION_SHORT, /* final chunk */
	INSTRUCTION_STATUS_AFTER,
	INSTRUCTION_STALL,
	INSTRUCTION_UNREACHABLE,
	INSTRUCTION_GRPC /* it means nothing to HTTP */
};

struct instruction {
	enum instruction_kind kind;
	int status; /* 200 to 599 */
	uint64_t seconds;
	uint64_t bytes;
	const char *names; /* INSTRUCTION_UNREACHABLE: in its text */
};

/* The longest stall, and the most bytes. */
#define INSTRUCTION_SECONDS_MAX UINT64_C(86400)
#define INSTRUCTION_BYTES_MAX   (UINT64_C(1) << 43)

/* -1: it is none, or its numbers are out of bounds. */
int instruction_parse(const char *text, struct instruction *out);

/* What it does to a request, of which all but the mark and the ticket is set;
 * false: nothing to such a request. */
bool instruction_meets(const struct instruction *i, const struct route *route,
    struct fault *out);

/* Does it happen whatever the operation does, so that nothing need be waited
 * for? */
bool instruction_is_certain(const struct instruction *i);

/* What the request's own header x-goog-emulator-instructions (or
 * x-goog-testbench-instructions) does to it; false: nothing. */
bool instructions_take(const struct fault_ask *ask, struct fault *out);

#endif
