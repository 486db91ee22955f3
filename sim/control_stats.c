/* SPDX-License-Identifier: MIT */
/* The part of control.c that tells what was counted. */
#include "sim/control_priv.h"

#include <stdio.h>

#include "sim/bucket.h"
#include "sim/sim_priv.h"
#include "sim/json_out.h"
#include "src/base/loop.h"

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

void
control_stats(struct control *c)
{
	struct sim *sim = c->sim;
	struct sim_counts counts;
	struct json_out w;

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

void
control_requests(struct control *c)
{
	struct sim *sim = c->sim;

	if (query_is(&c->query, "format", "text")) {
		sim->reply.type = control_text;
		journal_add_text(&sim->journal, &sim->reply.body);
		return;
	}
	sim->reply.type = "application/x-ndjson";
	journal_add_json(&sim->journal, &sim->reply.body);
}
