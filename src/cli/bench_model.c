/* SPDX-License-Identifier: MIT */
/*
 * Latency is constant and the queue is fair, so requests finish in the order
 * in which they were sent: victim i starts when victim i - width is done.
 *
 * The bucket counts in millionths of a token, so that a rate of R per second is
 * exactly R of them per microsecond.  It may go into debt: the debt is the
 * queue.
 */
#include "src/cli/bench_model.h"

#include <stdlib.h>

#include "src/base/mem.h"

#define TOKEN 1000000LL

struct bucket {
	long long level;
	long long full;
	long long rate;
	uint64_t at;
};

/* When does a write that arrives now get its token? */
static uint64_t
grant(struct bucket *b, uint64_t now)
{
	if (b->rate == 0)
		return now;
	b->level += b->rate * (long long)(now - b->at);
	if (b->level > b->full)
		b->level = b->full;
	b->at = now;
	b->level -= TOKEN;
	if (b->level >= 0)
		return now;
	return now + (uint64_t)((-b->level + b->rate - 1) / b->rate);
}

static uint64_t
run_section(const struct bench_model *m, struct bucket *bucket,
    uint64_t victims, uint64_t start)
{
	uint64_t slots = victims < m->width ? victims : m->width, i, now = 0;
	uint64_t *done = mem_zalloc(slots + 1, sizeof(*done));
	uint64_t end = start;

	for (i = 0; i < victims; i++) {
		now = i < slots ? start : done[i % slots];
		if (m->is_listing)
			now += m->latency_us;
		end = grant(bucket, now) + m->latency_us;
		done[i % slots] = end;
	}
	free(done);
	return end;
}

uint64_t
bench_model_run(const struct bench_model *m, const uint64_t *victims,
    int sections)
{
	struct bucket bucket = {
		.level = (long long)m->burst * TOKEN,
		.full = (long long)m->burst * TOKEN,
		.rate = (long long)m->write_limit,
	};
	uint64_t now = 0;
	int i;

	for (i = 0; i < sections; i++)
		now = run_section(m, &bucket, victims[i], now);
	return now;
}
