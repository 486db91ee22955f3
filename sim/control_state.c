/* SPDX-License-Identifier: MIT */
/* Each writes the simulator's reply, as the rows of control.c do. */
#include "sim/control_state.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/sim_priv.h"
#include "sim/sim_state.h"
#include "sim/json_out.h"
#include "sim/query.h"
#include "sim/snapshot.h"
#include "src/base/str.h"

enum { NAME_TEXT_MAX = 4096 };

static void
reply_nothing(struct sim *sim)
{
	sim->reply.status = 204;
	sim->reply.type = NULL;
}

/* One that has no such name, or a world that cannot be kept or made. */
static void
reply_fault(struct sim *sim, const struct err *err)
{
	struct reply *r = &sim->reply;

	if (err->code == ERR_NOT_FOUND)
		reply_error(r, 404, "notFound", NULL, err->text);
	else if (err->code == ERR_USAGE)
		reply_bad_request(r, "invalid", err->text);
	else
		reply_error(r, 503, "backendError", NULL, err->text);
}

static void
reply_done(struct sim *sim, int rc, const struct err *err)
{
	if (rc == 0)
		reply_nothing(sim);
	else
		reply_fault(sim, err);
}

/* The name in the query, as long as out is; "" for one that cannot be. */
static const char *
name_of(const struct query *q, struct buf *out)
{
	buf_init(out, NAME_TEXT_MAX);
	return query_get(q, "name", out) == 0 && strlen(out->data) == out->len
	    ? out->data
	    : "";
}

static void
add_snapshot(const struct snapshot *s, struct json_out *w)
{
	const struct bucket *b;
	uint64_t buckets = 0, objects = 0, bytes = 0;

	for (b = s->world.buckets; b != NULL; b = b->next) {
		buckets++;
		objects += bucket_objects(b);
		bytes += bucket_bytes(b);
	}
	json_open(w, '{');
	json_key(w, "name");
	json_str(w, s->name);
	json_key(w, "buckets");
	json_u64(w, buckets);
	json_key(w, "objects");
	json_u64(w, objects);
	json_key(w, "bytes");
	json_u64(w, bytes);
	json_close(w, '}');
}

void
control_snapshot(struct sim *sim, const struct query *q)
{
	struct err err = ERR_INIT;
	struct json_out w;
	struct buf name;

	if (sim_snapshot(sim, name_of(q, &name), &err) != 0) {
		reply_fault(sim, &err);
	} else {
		json_init(&w, &sim->reply.body, true, NULL);
		add_snapshot(snapshot_find(sim->snapshots, name.data), &w);
		json_end(&w);
	}
	buf_release(&name);
}

void
control_snapshots(struct sim *sim, const struct query *q)
{
	const struct snapshot *s;
	struct json_out w;

	(void)q;
	json_init(&w, &sim->reply.body, true, NULL);
	json_open(&w, '{');
	json_key(&w, "snapshots");
	json_open(&w, '[');
	for (s = sim->snapshots; s != NULL; s = s->next)
		add_snapshot(s, &w);
	json_close(&w, ']');
	json_close(&w, '}');
	json_end(&w);
}

void
control_forget(struct sim *sim, const struct query *q)
{
	struct err err = ERR_INIT;
	struct buf name;
	int rc = sim_forget(sim, name_of(q, &name), &err);

	reply_done(sim, rc, &err);
	buf_release(&name);
}

void
control_restore(struct sim *sim, const struct query *q)
{
	struct err err = ERR_INIT;
	struct buf name;
	int rc = sim_restore(sim, name_of(q, &name), &err);

	reply_done(sim, rc, &err);
	buf_release(&name);
}

void
control_reset(struct sim *sim, const struct query *q)
{
	struct err err = ERR_INIT;
	int rc = 0;

	if (query_is(q, "state", "start"))
		rc = sim_restart(sim, &err);
	else if (query_has(q, "state"))
		rc = err_set(&err, ERR_USAGE,
		    "reset knows state=start, or none");
	if (rc == 0)
		sim_reset_counts(sim);
	reply_done(sim, rc, &err);
}
