/* SPDX-License-Identifier: MIT */
/* A table of paths; each row writes the simulator's reply. */
#include "sim/control.h"

#include <stdio.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/control_state.h"
#include "sim/sim_priv.h"
#include "sim/http.h"
#include "sim/json_out.h"
#include "sim/query.h"
#include "src/base/loop.h"
#include "src/base/str.h"

static const char text_type[] = "text/plain; charset=UTF-8";

static void
add_number(struct json_out *w, const char *key, uint64_t v)
{
	json_key(w, key);
	json_u64(w, v);
}

static void
add_requests(const struct journal *j, struct json_out *w)
{
	char status[16];
	int i;

	json_key(w, "requests");
	json_open(w, '{');
	for (i = 0; i < SIM_KINDS; i++)
		add_number(w, sim_kind_name((enum sim_kind)i),
		    j->counts.requests[i]);
	add_number(w, "total", j->counts.total);
	json_close(w, '}');
	json_key(w, "statuses");
	json_open(w, '{');
	for (i = 0; i < JOURNAL_STATUSES; i++) {
		if (j->by_status[i] == 0)
			continue;
		snprintf(status, sizeof(status), "%d", i);
		add_number(w, status, j->by_status[i]);
	}
	json_close(w, '}');
}

static void
add_buckets(const struct world *world, struct json_out *w)
{
	const struct bucket *b;

	json_key(w, "buckets");
	json_open(w, '[');
	for (b = world->buckets; b != NULL; b = b->next) {
		json_open(w, '{');
		json_key(w, "name");
		json_str(w, b->name);
		add_number(w, "objects", bucket_objects(b));
		add_number(w, "bytes", bucket_bytes(b));
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void
add_stats(struct sim *sim, const struct query *q)
{
	struct sim_counts counts;
	struct json_out w;

	(void)q;
	sim_counts(sim, &counts);
	json_init(&w, &sim->reply.body, true, NULL);
	json_open(&w, '{');
	add_requests(&sim->journal, &w);
	add_number(&w, "rejected", counts.rejected);
	add_number(&w, "faults", counts.faults);
	add_number(&w, "replayed", counts.replayed);
	add_number(&w, "connections", counts.connections);
	add_number(&w, "refused", counts.refused);
	add_number(&w, "in_flight", counts.in_flight);
	add_number(&w, "peak_in_flight", counts.peak_in_flight);
	add_number(&w, "now_us", loop_now(sim->loop));
	add_buckets(&sim->world, &w);
	json_close(&w, '}');
	json_end(&w);
}

static void
add_journal(struct sim *sim, const struct query *q)
{
	if (query_is(q, "format", "text")) {
		sim->reply.type = text_type;
		journal_add_text(&sim->journal, &sim->reply.body);
		return;
	}
	sim->reply.type = "application/x-ndjson";
	journal_add_json(&sim->journal, &sim->reply.body);
}

static void
add_health(struct sim *sim, const struct query *q)
{
	(void)q;
	sim->reply.type = text_type;
	buf_adds(&sim->reply.body, "ok\n");
}

static const struct {
	const char *path;
	enum http_method method;
	void (*answer)(struct sim *sim, const struct query *q);
} rows[] = {
	{ "/_sim/health", HTTP_GET, add_health },
	{ "/_sim/requests", HTTP_GET, add_journal },
	{ "/_sim/reset", HTTP_POST, control_reset },
	{ "/_sim/restore", HTTP_POST, control_restore },
	{ "/_sim/snapshot", HTTP_POST, control_snapshot },
	{ "/_sim/snapshots", HTTP_GET, control_snapshots },
	{ "/_sim/snapshots", HTTP_DELETE, control_forget },
	{ "/_sim/stats", HTTP_GET, add_stats },
};

void
control_answer(struct sim *sim, struct http_exchange *x)
{
	const char *target = http_target(x);
	size_t i, n = strcspn(target, "?");
	struct reply *r = &sim->reply;
	struct query q;
	bool has_path = false, has_row = false;

	reply_clear(r, true);
	query_parse(&q, target + n + (target[n] == '?'),
	    strlen(target) - n - (target[n] == '?'));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]) && !has_row; i++) {
		if (!str_is(target, n, rows[i].path))
			continue;
		has_path = true;
		if ((has_row = rows[i].method == http_method(x)))
			rows[i].answer(sim, &q);
	}
	if (!has_path)
		reply_no_path(r);
	else if (!has_row)
		reply_no_method(r);
	buf_adds(&r->head, "Cache-Control: no-store\r\n");
	if (r->type != NULL)
		buf_addf(&r->head, "Content-Type: %s\r\n", r->type);
	http_answer(sim->http, x, r->status, loop_wall(sim->loop), r->head.data,
	    r->body.data, r->body.len);
}
