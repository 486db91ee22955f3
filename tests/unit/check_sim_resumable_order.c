/* SPDX-License-Identifier: MIT */
/*
 * Resumable uploads by a client that sends what it likes in any order: bytes
 * again, too few, too many, from too far.  The server says what it holds, and
 * the object is the client's bytes.
 */
#include <stdbool.h>
#include <stdio.h>

#include "src/base/rng.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_resume.h"

/* What the client knows, and what it should know of the server. */
struct sender {
	struct rng rng;
	const char *session;
	size_t total;
	size_t held;
	bool says_total;
};

/* Sends up to n bytes from `from` on, and keeps count. */
static void
send_some(struct sender *c, size_t from, size_t n)
{
	const struct sim_answer *a;
	char range[64];
	size_t end = from + n < c->total ? from + n : c->total;
	bool is_last = end == c->total;

	if (is_last || c->says_total)
		snprintf(range, sizeof(range), "%zu-%zu/%zu", from, end - 1,
		    c->total);
	else
		snprintf(range, sizeof(range), "%zu-%zu/*", from, end - 1);
	a = resume_put(c->session, range, from, end - from);
	if (from > c->held) {
		resume_expect(a, 503, "exceeds already uploaded size");
	} else if (is_last) {
		resume_expect(a, 200, "\"name\": \"x\"");
		c->held = c->total;
	} else if (end - from < RESUME_CHUNK) {
		resume_expect(a, 400, "does not meet this requirement");
	} else {
		end -= end % RESUME_CHUNK;
		c->held = end > c->held ? end : c->held;
		resume_expect_held(a, c->held);
	}
}

static void
step(struct sender *c)
{
	size_t back = rng_below(&c->rng, c->held + 1);

	switch (rng_below(&c->rng, 6)) {
	case 0:
		resume_expect_held(resume_put(c->session, "*/*", 0, 0),
		    c->held);
		break;
	case 1:
		send_some(c, c->held, RESUME_CHUNK);
		break;
	case 2: /* again, and some more */
		send_some(c, back, c->held - back + RESUME_CHUNK);
		break;
	case 3: /* more than chunks */
		send_some(c, c->held,
		    RESUME_CHUNK + rng_below(&c->rng, RESUME_CHUNK));
		break;
	case 4: /* too small, if it is not the end */
		send_some(c, c->held, 1 + rng_below(&c->rng, RESUME_CHUNK - 1));
		break;
	case 5:
		if (c->held + 1 < c->total)
			send_some(c, c->held + 1, RESUME_CHUNK);
		break;
	}
}

START_TEST(whatever_the_order_the_bytes_are_the_client_s)
{
	struct sender c;
	int seed;

	resume_start();
	for (seed = 0; seed < 16; seed++) {
		rng_init(&c.rng, (uint64_t)seed);
		c.total = 1 + rng_below(&c.rng, sizeof(resume_bytes) - 1);
		if (seed % 4 == 0 && c.total > RESUME_CHUNK) /* whole chunks */
			c.total -= c.total % RESUME_CHUNK;
		c.held = 0;
		c.says_total = rng_below(&c.rng, 2) != 0;
		c.session = resume_begin("name=x", "", "");
		while (c.held < c.total)
			step(&c);
		resume_expect_object(c.total);
	}
	resume_stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_resumable_order",
	    whatever_the_order_the_bytes_are_the_client_s, NULL);
}
