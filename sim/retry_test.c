/* SPDX-License-Identifier: MIT */
/*
 * What an instruction waits for may never come: a body that is too short leaves
 * it where it was.  So a request is only shown such a one, with its ticket, and
 * who carries out faults comes back with that when it happens.
 *
 * A queue is a few steps and there are a thousand tests at most, so all is
 * looked through.
 */
#include "sim/retry_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/fault.h"
#include "sim/instructions.h"
#include "sim/method.h"
#include "sim/operations.h"
#include "src/base/mem.h"
#include "src/base/rng.h"

/* --- one of them --- */

struct retry_test *
retry_test_new(bool is_grpc)
{
	struct retry_test *t = mem_zalloc(1, sizeof(*t));

	t->is_grpc = is_grpc;
	return t;
}

void
retry_test_free(struct retry_test *t)
{
	struct retry_queue *q;
	size_t i, k;

	if (t == NULL)
		return;
	for (i = 0; i < t->queues.n; i++) {
		q = &t->queues.v[i];
		for (k = 0; k < q->steps.n; k++)
			free(q->steps.v[k].text);
		vec_release(&q->steps);
		free(q->method);
	}
	vec_release(&t->queues);
	free(t);
}

struct retry_queue *
retry_test_add(struct retry_test *t, const char *method)
{
	struct retry_queue *q = vec_push(&t->queues);

	*q = (struct retry_queue){ .method = mem_strdup(method) };
	return q;
}

void
retry_queue_add(struct retry_queue *q, const char *text)
{
	*vec_push(&q->steps) = (struct retry_step){ .text = mem_strdup(text) };
}

/* --- all of them --- */

void
retry_tests_init(struct retry_tests *all, uint64_t seed)
{
	*all = (struct retry_tests){ .seed = seed };
}

void
retry_tests_release(struct retry_tests *all)
{
	size_t i;

	for (i = 0; i < all->all.n; i++)
		retry_test_free(all->all.v[i]);
	vec_release(&all->all);
}

static void
drop(struct retry_tests *all, size_t i)
{
	retry_test_free(all->all.v[i]);
	all->all.n--;
	memmove(&all->all.v[i], &all->all.v[i + 1],
	    (all->all.n - i) * sizeof(*all->all.v));
}

static void
number(struct retry_tests *all, struct retry_test *t)
{
	struct retry_queue *q;
	struct rng rng;
	uint64_t high;
	size_t i, k;

	rng_init(&rng, rng_hash("retry test", 10, all->seed) + all->made++);
	high = rng_next(&rng);
	snprintf(t->id, sizeof(t->id), "%016llx%016llx",
	    (unsigned long long)high, (unsigned long long)rng_next(&rng));
	for (i = 0; i < t->queues.n; i++) {
		q = &t->queues.v[i];
		for (k = 0; k < q->steps.n; k++)
			q->steps.v[k].ticket = ++all->tickets;
	}
}

const struct retry_test *
retry_tests_add(struct retry_tests *all, struct retry_test *t_take)
{
	if (all->all.n == RETRY_TESTS_MAX)
		drop(all, 0);
	number(all, t_take);
	*vec_push(&all->all) = t_take;
	return t_take;
}

/* all->all.n when there is none. */
static size_t
find(const struct retry_tests *all, const char *id)
{
	size_t i;

	for (i = 0; i < all->all.n && strcmp(all->all.v[i]->id, id) != 0;)
		i++;
	return i;
}

const struct retry_test *
retry_tests_find(const struct retry_tests *all, const char *id)
{
	size_t i = find(all, id);

	return i < all->all.n ? all->all.v[i] : NULL;
}

bool
retry_tests_remove(struct retry_tests *all, const char *id)
{
	size_t i = find(all, id);

	if (i == all->all.n)
		return false;
	drop(all, i);
	return true;
}

/* --- what requests meet --- */

static void
dequeue(struct retry_test *t, struct retry_queue *q)
{
	size_t i, left = 0;

	free(q->steps.v[0].text);
	q->steps.n--;
	memmove(&q->steps.v[0], &q->steps.v[1],
	    q->steps.n * sizeof(*q->steps.v));
	for (i = 0; i < t->queues.n; i++)
		left += t->queues.v[i].steps.n;
	t->is_completed = left == 0;
}

/* NULL: no instruction is left for that method. */
static struct retry_queue *
find_queue(const struct retry_test *t, enum operation op)
{
	const char *method;
	size_t i;

	for (i = 0; i < t->queues.n; i++) {
		method = t->queues.v[i].method;
		if (method_is(op, method, strlen(method)))
			return t->queues.v[i].steps.n > 0 ? &t->queues.v[i]
							  : NULL;
	}
	return NULL;
}

static void
refuse_test(struct fault *out)
{
	*out = (struct fault){ .what = FAULT_STATUS,
		.status = 404,
		.is_no_test = true,
		.keep_bytes = FAULT_KEEP_ALL,
		.manner = http_plain };
}

static bool
meet(struct retry_test *t, const struct route *route, struct fault *out)
{
	struct retry_queue *q = find_queue(t, route->op);
	struct instruction i;

	if (t->is_grpc || q == NULL ||
	    instruction_parse(q->steps.v[0].text, &i) != 0 ||
	    !instruction_meets(&i, route, out))
		return false;
	if (instruction_is_certain(&i))
		dequeue(t, q);
	else
		out->ticket = q->steps.v[0].ticket;
	return true;
}

bool
retry_tests_take(struct retry_tests *all, const struct fault_ask *ask,
    struct fault *out)
{
	const struct ask_headers *h = ask->headers;
	const char *id = h->find(h->from, "x-retry-test-id");
	size_t i;

	if (id == NULL || *id == '\0' || method_name(ask->route->op) == NULL)
		return false;
	i = find(all, id);
	if (i == all->all.n)
		refuse_test(out);
	else if (!meet(all->all.v[i], ask->route, out))
		return false;
	snprintf(out->mark, sizeof(out->mark), "%s%s", FAULT_MARK_TEST, id);
	return true;
}

/* The queue that this step is the next of; *t is the test. */
static struct retry_queue *
find_ticket(const struct retry_tests *all, uint64_t ticket,
    struct retry_test **t)
{
	struct retry_queue *q;
	size_t i, k;

	for (i = 0; i < all->all.n; i++) {
		*t = all->all.v[i];
		for (k = 0; k < (*t)->queues.n; k++) {
			q = &(*t)->queues.v[k];
			if (q->steps.n > 0 && q->steps.v[0].ticket == ticket)
				return q;
		}
	}
	return NULL;
}

const char *
retry_tests_text(const struct retry_tests *all, uint64_t ticket)
{
	struct retry_test *t;
	const struct retry_queue *q = find_ticket(all, ticket, &t);

	return q != NULL ? q->steps.v[0].text : NULL;
}

bool
retry_tests_settle(struct retry_tests *all, uint64_t ticket)
{
	struct retry_test *t;
	struct retry_queue *q = find_ticket(all, ticket, &t);

	if (q != NULL)
		dequeue(t, q);
	return q != NULL;
}
