/* SPDX-License-Identifier: MIT */
/* The part of control.c that tells what was counted. */
#include "sim/control_priv.h"

#include "sim/authority.h"
#include "sim/bucket.h"
#include "sim/sim_priv.h"
#include "sim/json_out.h"
#include "sim/scope_json.h"
#include "src/base/loop.h"

static void
add_number(struct json_out *w, const char *key, uint64_t v)
{
	json_key(w, key);
	json_u64(w, v);
}

static void
add_requests(const struct sim *sim, struct json_out *w)
{
	const struct tally *t = &scopes_all(&sim->scopes)->tally;
	const struct sim_counts *counts = &sim->journal.counts;
	int i;

	json_key(w, "requests");
	json_open(w, '{');
	for (i = 0; i < SIM_KINDS; i++)
		add_number(w, sim_kind_name((enum sim_kind)i),
		    counts->requests[i]);
	add_number(w, "total", counts->total);
	json_close(w, '}');
	scope_json_add_statuses(t, w);
}

static void
add_rejected(const struct sim_counts *counts, struct json_out *w)
{
	int i;

	json_key(w, "rejected_by");
	json_open(w, '{');
	for (i = 0; i < SIM_LIMITS; i++)
		add_number(w, sim_limit_name((enum sim_limit)i),
		    counts->rejected_by[i]);
	json_close(w, '}');
}

/* What the bucket admits at present; nothing when it admits any rate. */
static void
add_rate(const char *key, uint64_t rate, struct json_out *w)
{
	if (rate > 0)
		add_number(w, key, rate);
}

static void
add_buckets(struct world *world, uint64_t now_us, struct json_out *w)
{
	struct limits *limits = &world->limits;
	const struct bucket *b;

	json_key(w, "buckets");
	json_open(w, '[');
	for (b = world->buckets; b != NULL; b = b->next) {
		json_open(w, '{');
		json_key(w, "name");
		json_str(w, b->name);
		add_number(w, "objects", bucket_objects(b));
		add_number(w, "bytes", bucket_bytes(b));
		add_rate("writes_per_second",
		    limits_rate(limits, b->name, LIMITS_WRITE, now_us), w);
		add_rate("reads_per_second",
		    limits_rate(limits, b->name, LIMITS_READ, now_us), w);
		json_close(w, '}');
	}
	json_close(w, ']');
}

void
control_add_counts(const struct sim *sim, struct json_out *w)
{
	struct sim_counts counts;

	sim_counts(sim, &counts);
	add_requests(sim, w);
	add_number(w, "rejected", counts.rejected);
	add_rejected(&counts, w);
	add_number(w, "faults", counts.faults);
	add_number(w, "replayed", counts.replayed);
	add_number(w, "connections", counts.connections);
	add_number(w, "refused", counts.refused);
	add_number(w, "in_flight", counts.in_flight);
	add_number(w, "peak_in_flight", counts.peak_in_flight);
	add_number(w, "now_us", loop_now(sim->loop));
}

void
control_stats(struct control *c)
{
	struct sim *sim = c->sim;
	struct json_out w;

	json_init(&w, &sim->reply.body, true, NULL);
	json_open(&w, '{');
	control_add_counts(sim, &w);
	add_buckets(&sim->world, loop_now(sim->loop), &w);
	if (sim->authority != NULL)
		authority_add_counts(sim->authority, &w);
	json_key(&w, "delays");
	lateness_add_json(&sim->lateness, &w);
	json_close(&w, '}');
	json_end(&w);
}

void
control_requests(struct control *c)
{
	struct err err = ERR_INIT;
	struct sim *sim = c->sim;

	if (query_is(&c->query, "format", "text")) {
		sim->reply.type = control_text;
		journal_add_text(&sim->journal, &sim->reply.body);
		return;
	}
	if (query_names(&c->query, "format")) {
		err_set(&err, ERR_USAGE, "requests know format=text, or none");
		control_refuse(c, &err);
		return;
	}
	sim->reply.type = "application/x-ndjson";
	journal_add_json(&sim->journal, &sim->reply.body);
}
