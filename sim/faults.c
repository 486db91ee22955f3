/* SPDX-License-Identifier: MIT */
/*
 * A queue that is looked through from its head: it holds a handful of faults,
 * and is empty whenever nobody asked for trouble.
 */
#include "sim/faults.h"

#include <string.h>

#include "sim/routes.h"

enum {
	STATUS_MIN = 400,
	STATUS_MAX = 599,
	/* So many that no test means it, so few that sums do not overflow. */
	TIMES_MAX = 1000000000
};

void
faults_release(struct faults *f)
{
	vec_release(&f->queue);
}

int
faults_add(struct faults *f, const struct sim_fault *fault, struct err *err)
{
	if ((unsigned)fault->kind >= SIM_KINDS)
		return err_set(err, ERR_USAGE,
		    "fault: no kind of request has the number %d",
		    (int)fault->kind);
	if (fault->times < 1 || fault->times > TIMES_MAX)
		return err_set(err, ERR_USAGE,
		    "fault of %s: %llu times, want 1 to %d",
		    sim_kind_name(fault->kind),
		    (unsigned long long)fault->times, TIMES_MAX);
	if (fault->status != 0 &&
	    (fault->status < STATUS_MIN || fault->status > STATUS_MAX))
		return err_set(err, ERR_USAGE,
		    "fault of %s: status %d, want %d to %d, or 0 for a reset",
		    sim_kind_name(fault->kind), fault->status, STATUS_MIN,
		    STATUS_MAX);
	*vec_push(&f->queue) = *fault;
	return 0;
}

bool
faults_take(struct faults *f, const struct fault_ask *ask, struct fault *out)
{
	enum sim_kind kind = ask->route->kind;
	struct sim_fault *at, *end;

	if (f->queue.n == 0)
		return false;
	at = f->queue.v;
	end = at + f->queue.n;
	while (at < end && at->kind != kind)
		at++;
	if (at == end)
		return false;
	*out = (struct fault){ .what = at->status == 0 ? FAULT_RESET
						       : FAULT_STATUS,
		.status = at->status,
		.has_acted = at->has_acted,
		.keep_bytes = FAULT_KEEP_ALL,
		.manner = http_plain,
		.mark = "next" };
	if (--at->times == 0) {
		memmove(at, at + 1, (size_t)(end - at - 1) * sizeof(*at));
		f->queue.n--;
	}
	return true;
}

uint64_t
faults_pending(const struct faults *f)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < f->queue.n; i++)
		sum += f->queue.v[i].times;
	return sum;
}
