/* SPDX-License-Identifier: MIT */
/*
 * The statuses are those that Google's retry strategy names.  A request that
 * never left may always be sent; one that may have been carried out is sent
 * again only if that makes no difference.
 */
#include "src/net/retry.h"

#include <assert.h>

#include "src/base/rng.h"

static bool
is_passing_status(int status)
{
	switch (status) {
	case 408:
	case 429:
	case 500:
	case 502:
	case 503:
	case 504:
		return true;
	default:
		return false;
	}
}

static bool
is_passing(const struct retry_try *t)
{
	switch (t->outcome) {
	case HTTP_ANSWERED:
		return is_passing_status(t->status);
	case HTTP_REFUSED:
	case HTTP_LOST:
	case HTTP_TIMEOUT:
		return true;
	case HTTP_TOO_LARGE:
	case HTTP_MALFORMED:
	case HTTP_UNTRUSTED:
	case HTTP_UNSAFE:
	case HTTP_CANCELLED:
		break;
	}
	return false;
}

enum retry_verdict
retry_judge(const struct retry_try *t)
{
	if (!is_passing(t))
		return RETRY_DONE;
	if (t->tries >= RETRY_MAX_TRIES || (t->sent && !t->idempotent))
		return RETRY_GIVE_UP;
	return RETRY_AGAIN;
}

bool
retry_is_rejection(int status)
{
	return status == 429 || status == 503;
}

uint64_t
retry_delay(unsigned k, struct rng *rng)
{
	uint64_t most = RETRY_BASE_US;

	assert(k >= 1);
	while (--k > 0 && most < RETRY_CAP_US)
		most *= 2;
	if (most > RETRY_CAP_US)
		most = RETRY_CAP_US;
	return rng_below(rng, most + 1);
}
