/* SPDX-License-Identifier: MIT */
/*
 * A queue that is looked through from its head: it holds a handful of faults,
 * and is empty whenever nobody asked for trouble.  The answers are
 * production's where it has been heard to give that status.
 */
#include "sim/faults.h"

#include <string.h>

#include "sim/reply.h"
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
faults_take(struct faults *f, enum sim_kind kind, struct sim_fault *out)
{
	struct sim_fault *at, *end;

	if (f->queue.n == 0)
		return false;
	at = f->queue.v;
	end = at + f->queue.n;
	while (at < end && at->kind != kind)
		at++;
	if (at == end)
		return false;
	*out = *at;
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

/* --- what production says --- */

static void
say_denied(const struct route *route, struct reply *reply)
{
	static const char *const verbs[SIM_KINDS] = { "objects.list",
		"objects.get", "objects.create", "objects.delete",
		"buckets.get", "objects.get" };
	bool is_object = route->kind == SIM_GET || route->kind == SIM_PUT ||
	    route->kind == SIM_DELETE;
	const char *verb = verbs[route->kind];
	struct buf text;

	buf_init(&text, 1024);
	buf_addf(&text,
	    "The caller does not have storage.%s access to the Google Cloud "
	    "Storage %s. Permission 'storage.%s' denied on resource (or it may "
	    "not exist).",
	    verb, is_object ? "object" : "bucket", verb);
	reply_error(reply, 403, "forbidden", NULL, text.data);
	buf_release(&text);
}

static void
say_not_found(const struct route *route, struct reply *reply)
{
	const struct buf *name = &route->name;

	if (route->kind == SIM_OTHER)
		reply_no_path(reply);
	else if (route->kind == SIM_LIST || route->kind == SIM_BUCKET)
		reply_no_bucket(reply);
	else if (route->op == OP_OBJECT_MEDIA)
		reply_no_media(reply, route->bucket.data, name->data,
		    name->len);
	else
		reply_no_object(reply, route->bucket.data, name->data,
		    name->len);
}

static void
say_plainly(int status, struct reply *reply)
{
	static const struct {
		int status;
		const char *reason;
		const char *location;
		const char *message;
	} rows[] = {
		{ 401, "authError", "Authorization", "Invalid Credentials" },
		{ 405, "methodNotAllowed", NULL, "Method Not Allowed" },
		{ 408, "uploadBrokenConnection", NULL, "Request Timeout" },
		{ 409, "conflict", NULL, "Conflict" },
		{ 410, "gone", NULL, "Gone" },
		{ 411, "lengthRequired", NULL, "Length Required" },
		{ 413, "uploadTooLarge", NULL, "Payload Too Large" },
		{ 416, "requestedRangeNotSatisfiable", "Range",
		    "Request range not satisfiable" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].status == status) {
			reply_error(reply, status, rows[i].reason,
			    rows[i].location, rows[i].message);
			return;
		}
	}
	reply_error(reply, status, "invalid", NULL, "Invalid request.");
}

void
faults_answer(int status, const struct route *route, struct reply *reply)
{
	reply_clear(reply, true);
	if (status == 0)
		reply->status = 0;
	else if (status >= 500)
		reply_trouble(reply, status);
	else if (status == 403)
		say_denied(route, reply);
	else if (status == 404)
		say_not_found(route, reply);
	else if (status == 412)
		reply_precondition(reply);
	else if (status == 429)
		reply_throttled(reply,
		    route->kind == SIM_PUT || route->kind == SIM_DELETE,
		    route->bucket.data, route->name.data, route->name.len);
	else
		say_plainly(status, reply);
}
