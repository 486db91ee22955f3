/* SPDX-License-Identifier: MIT */
/*
 * One question to a simulator and its answer, over a connection of its own, for
 * a program that has nothing else to do meanwhile.
 */
#ifndef SIM_CTL_HTTP_H
#define SIM_CTL_HTTP_H

#include <stdint.h>

#include "src/base/buf.h"
#include "src/base/err.h"

struct ctl_question {
	const char *method;
	struct buf target;
	struct buf body;
};

struct ctl_answer {
	int status;
	struct buf body;
};

/* url: "http://127.0.0.1:41873", also without the scheme, and with a path that
 * is not looked at.  ERR_USAGE for what is no such URL, ERR_NET when there was
 * no whole answer in time; nothing is sent twice. */
int ctl_ask(const char *url, const struct ctl_question *q, uint64_t timeout_us,
    struct ctl_answer *a, struct err *err) MUST_CHECK;

/* On a clock that only goes on. */
uint64_t ctl_now_us(void);

#endif
