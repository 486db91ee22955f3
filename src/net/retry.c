/* SPDX-License-Identifier: MIT */
/*
 * The table is the one of doc/DRIVER.md, "Retries".  The statuses are those that
 * Google's retry strategy names.  A request that never left may always be sent;
 * one that may have been carried out is sent again only if that makes no
 * difference.  401 and 429 are said before anything is carried out, so they
 * need not ask.
 */
#include "src/net/retry.h"

#include <assert.h>
#include <stddef.h>

#include "src/base/rng.h"

struct rule {
	enum http_outcome outcome;
	int status;                 /* 0: any that is not named above */
	enum retry_verdict if_safe; /* it never left, or twice is like once */
	enum retry_verdict if_not;
	enum pace_answer pace;
	enum outage_answer outage;
};

#define ANSWERED HTTP_ANSWERED
#define DONE     RETRY_DONE
#define AGAIN    RETRY_AGAIN
#define GIVE_UP  RETRY_GIVE_UP
#define FAILED   OUTAGE_FAILED
#define MUTE     OUTAGE_MUTE

/* clang-format off */
static const struct rule rules[] = {
	{ ANSWERED, 401, RETRY_REFRESH, RETRY_REFRESH, PACE_ACCEPTED, OUTAGE_ANSWERED },
	{ ANSWERED, 408, AGAIN, GIVE_UP, PACE_ACCEPTED, FAILED },
	{ ANSWERED, 429, RETRY_QUEUE, RETRY_QUEUE, PACE_REJECTED, OUTAGE_REJECTED },
	{ ANSWERED, 500, AGAIN, GIVE_UP, PACE_ACCEPTED, FAILED },
	{ ANSWERED, 502, AGAIN, GIVE_UP, PACE_ACCEPTED, FAILED },
	{ ANSWERED, 503, AGAIN, GIVE_UP, PACE_ACCEPTED, FAILED },
	{ ANSWERED, 504, AGAIN, GIVE_UP, PACE_ACCEPTED, FAILED },
	{ ANSWERED, 0, DONE, DONE, PACE_ACCEPTED, OUTAGE_ANSWERED },
	{ HTTP_REFUSED, 0, AGAIN, GIVE_UP, PACE_LOST, FAILED },
	{ HTTP_LOST, 0, AGAIN, GIVE_UP, PACE_LOST, FAILED },
	{ HTTP_TIMEOUT, 0, AGAIN, GIVE_UP, PACE_LOST, FAILED },
	{ HTTP_TOO_LARGE, 0, DONE, DONE, PACE_LOST, MUTE },
	{ HTTP_MALFORMED, 0, DONE, DONE, PACE_LOST, MUTE },
	{ HTTP_UNTRUSTED, 0, DONE, DONE, PACE_LOST, MUTE },
	{ HTTP_UNSAFE, 0, DONE, DONE, PACE_LOST, MUTE },
	{ HTTP_CANCELLED, 0, DONE, DONE, PACE_LOST, MUTE },
};
/* clang-format on */

static const struct rule *
find_rule(const struct retry_try *t)
{
	const struct rule *r = rules;

	while (r->outcome != t->outcome ||
	    (r->status != 0 && r->status != t->status)) {
		r++;
		assert((size_t)(r - rules) < sizeof(rules) / sizeof(rules[0]));
	}
	return r;
}

enum retry_verdict
retry_judge(const struct retry_try *t)
{
	const struct rule *r = find_rule(t);
	enum retry_verdict verdict = t->idempotent || !t->sent ? r->if_safe
							       : r->if_not;

	switch (verdict) {
	case RETRY_REFRESH:
		return t->can_refresh ? RETRY_REFRESH : RETRY_DONE;
	case RETRY_QUEUE:
		return t->rejections < RETRY_MAX_REJECTIONS ? RETRY_QUEUE
							    : RETRY_GIVE_UP;
	case RETRY_AGAIN:
		if (t->in_outage)
			return RETRY_QUEUE;
		return t->tries < RETRY_MAX_TRIES ? RETRY_AGAIN : RETRY_GIVE_UP;
	case RETRY_DONE:
	case RETRY_GIVE_UP:
		break;
	}
	return verdict;
}

enum pace_answer
retry_pace_answer(const struct retry_try *t)
{
	return find_rule(t)->pace;
}

enum outage_answer
retry_outage_answer(const struct retry_try *t)
{
	return find_rule(t)->outage;
}

bool
retry_is_rejection(int status)
{
	return status == 429 || status == 503;
}

uint64_t
retry_delay(unsigned k, uint64_t retry_after_us, struct rng *rng)
{
	uint64_t most = RETRY_BASE_US;

	assert(k >= 1);
	while (--k > 0 && most < RETRY_CAP_US)
		most *= 2;
	if (most > RETRY_CAP_US)
		most = RETRY_CAP_US;
	if (retry_after_us > RETRY_AFTER_MAX_US)
		retry_after_us = RETRY_AFTER_MAX_US;
	return retry_after_us + rng_below(rng, most + 1);
}
