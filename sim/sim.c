/* SPDX-License-Identifier: MIT */
/* Puts the parts together and takes them apart again. */
#include "sim/sim.h"

#include <stdlib.h>
#include <string.h>

#include "sim/access_log.h"
#include "sim/authority.h"
#include "sim/bucket.h"
#include "sim/calls.h"
#include "sim/control.h"
#include "sim/events.h"
#include "sim/sim_priv.h"
#include "sim/http.h"
#include "sim/http2.h"
#include "sim/origin.h"
#include "sim/registry.h"
#include "sim/snapshot.h"
#include "sim/store.h"
#include "sim/tls.h"
#include "src/base/mem.h"

void
sim_defaults(struct sim_opts *opts)
{
	*opts = (struct sim_opts){ .listen = "127.0.0.1:0",
		.seed = 1,
		.bucket = "demo",
		.root = "",
		.burst = 1000,
		.on_limit = SIM_ON_LIMIT_429,
		.ramp_share = 800000,
		.ramp_decay_us = 1200000000,
		.object_burst = 1,
		.bucket_burst = 1,
		.range_burst = 100,
		.tariff = sim_tariff,
		.token_lifetime_us = 3600000000,
		.journal = 1000000,
		.max_streams = 100,
		.max_resets = 1000,
		.head_timeout_us = 10000000,
		.body_timeout_us = 30000000 };
}

const char *
sim_from_bucket(const struct sim_opts *opts)
{
	const char *cut = origin_find_cut(opts->registry_from);

	return cut != NULL ? cut + 1 : opts->bucket;
}

int
sim_keep(struct sim *sim, struct err *err)
{
	if (sim->store == NULL || store_commit(sim->store, err) == 0)
		return 0;
	if (!sim->has_failed && sim->on_failure != NULL)
		sim->on_failure(sim->failure_arg, err->text);
	sim->has_failed = true;
	return -1;
}

/* What the file has comes first and is kept; what the options add to it is in
 * the file before anybody is told that we are ready. */
static int
fill_world(struct sim *sim, const struct sim_opts *opts, struct err *err)
{
	struct world *w = &sim->world;

	if (opts->data != NULL &&
	    (sim->store = store_open(opts->data, w, err)) == NULL)
		return -1;
	if (origin_fill(&sim->origin, w, loop_wall(sim->loop), err) != 0)
		return -1;
	return sim->store != NULL ? store_commit(sim->store, err) : 0;
}

static int
load_rules(struct sim *sim, const struct sim_opts *opts, struct err *err)
{
	uint64_t now = loop_now(sim->loop);

	if (rules_load(&sim->rules, &opts->faults, now, err) != 0)
		return -1;
	return opts->fault_plan == NULL
	    ? 0
	    : rules_load_plan(&sim->rules, opts->fault_plan, now, err);
}

static int
open_log(struct sim *sim, const struct sim_opts *opts, struct err *err)
{
	if (opts->access_log == NULL)
		return 0;
	sim->access_log = access_log_open(loop_events(sim->loop), opts, err);
	return sim->access_log != NULL ? 0 : -1;
}

static int
open_authority(struct sim *sim, const struct sim_opts *opts, struct err *err)
{
	if (opts->auth == SIM_AUTH_OFF)
		return 0;
	sim->authority = authority_new(opts, err);
	return sim->authority != NULL ? 0 : -1;
}

int
sim_configure(struct sim *sim, const struct sim_opts *opts, struct err *err)
{
	struct world *w = &sim->world;

	if (latency_init(&sim->latency, opts, err) != 0)
		return -1;
	sim->prices = opts->prices;
	sim->tariff = opts->tariff;
	journal_limit(&sim->journal, opts->journal);
	w->missing_is_412 = opts->missing_is_412;
	w->multidelete_forgives = opts->multidelete_forgives;
	w->multidelete_is_one_write = opts->multidelete_is_one_write;
	w->retention_is_ignored = opts->retention_is_ignored;
	limits_configure(&w->limits, opts);
	conf_take(&sim->conf, opts);
	if (sim->authority != NULL)
		authority_set_lifetime(sim->authority, opts->token_lifetime_us);
	events_config(sim->events);
	return 0;
}

const struct sim_opts *
sim_options(const struct sim *sim)
{
	return &sim->conf.values.opts;
}

/* Listens, which is the last thing that can fail. */
static int
open_doors(struct sim *sim, const struct sim_opts *opts, struct err *err)
{
	const struct tls_opts tls = { opts->tls_listen, opts->tls_cert,
		opts->tls_key, opts->ca_file,
		opts->max_streams > 0 && http2_is_built() };
	struct http_opts http = { .listen = opts->listen,
		.tls_listen = opts->tls_listen,
		.max_connections = opts->max_connections,
		.max_streams = (uint32_t)opts->max_streams,
		.max_resets = opts->max_resets,
		.head_timeout_us = opts->head_timeout_us,
		.body_timeout_us = opts->body_timeout_us,
		.is_lax = control_takes,
		.on_head = calls_on_head,
		.on_request = calls_on_request,
		.on_end = calls_on_end,
		.arg = sim,
		.on_warning = opts->on_warning,
		.warning_arg = opts->warning_arg };

	if (opts->tls_listen != NULL && (sim->tls = tls_new(&tls, err)) == NULL)
		return -1;
	http.tls = sim->tls;
	sim->http = http_open(sim->loop, &http, err);
	return sim->http != NULL ? 0 : -1;
}

struct sim *
sim_start_on(struct loop *loop, const struct sim_opts *opts, struct err *err)
{
	struct sim *sim = mem_zalloc(1, sizeof(*sim));

	sim->loop = loop;
	sim->seed = sim->rules.seed = opts->seed;
	sim->on_failure = opts->on_failure;
	sim->failure_arg = opts->failure_arg;
	conf_init(&sim->conf, opts);
	origin_init(&sim->origin, opts);
	journal_init(&sim->journal);
	scopes_init(&sim->scopes);
	waits_init(&sim->waits, sim);
	lateness_init(&sim->lateness);
	reply_init(&sim->reply);
	replay_init(&sim->replay);
	retry_tests_init(&sim->retry_tests, opts->seed);
	loop_timer_init(&sim->batch_timer, loop, calls_on_batch, sim);
	if (sim_configure(sim, opts, err) == 0 &&
	    load_rules(sim, opts, err) == 0 &&
	    open_authority(sim, opts, err) == 0 &&
	    fill_world(sim, opts, err) == 0 && open_log(sim, opts, err) == 0 &&
	    open_doors(sim, opts, err) == 0) {
		sim->events = events_new(sim);
		return sim;
	}
	sim_stop(sim);
	return NULL;
}

void
sim_stop(struct sim *sim)
{
	if (sim == NULL)
		return;
	loop_timer_cancel(&sim->batch_timer);
	waits_release(&sim->waits);
	calls_release(sim);
	access_log_close(sim->access_log);
	events_free(sim->events);
	http_close(sim->http);
	tls_free(sim->tls);
	snapshot_release_all(&sim->snapshots);
	store_close(sim->store);
	authority_free(sim->authority);
	world_release(&sim->world);
	origin_release(&sim->origin);
	conf_release(&sim->conf);
	journal_release(&sim->journal);
	scopes_release(&sim->scopes);
	lateness_release(&sim->lateness);
	faults_release(&sim->faults);
	retry_tests_release(&sim->retry_tests);
	rules_release(&sim->rules);
	replay_release(&sim->replay);
	reply_release(&sim->reply);
	free(sim);
}

const char *
sim_url(const struct sim *sim)
{
	return http_url(sim->http);
}

const char *
sim_tls_url(const struct sim *sim)
{
	return http_tls_url(sim->http);
}

void
sim_drain(struct sim *sim)
{
	http_drain(sim->http);
	waits_drain(&sim->waits);
}

bool
sim_is_drained(const struct sim *sim)
{
	return sim->journal.counts.in_flight == 0 && sim->waits.list == NULL &&
	    http_is_quiet(sim->http);
}

void
sim_counts(const struct sim *sim, struct sim_counts *out)
{
	*out = sim->journal.counts;
	out->connections = http_accepted(sim->http);
	out->refused = http_refused(sim->http);
}

uint64_t
sim_count(const struct sim *sim, enum sim_kind kind)
{
	return sim->journal.counts.requests[kind];
}

int
sim_fill(struct sim *sim, const char *bucket, const char *spec,
    const char *root, struct err *err)
{
	struct bucket *b = world_find(&sim->world, bucket, strlen(bucket));
	bool is_new = b == NULL;

	if (origin_check_name(bucket, err) != 0)
		return -1;
	if (b != NULL && bucket_objects(b) > 0)
		return err_set(err, ERR_USAGE,
		    "bucket '%s' has %llu objects; a registry fills an empty "
		    "one",
		    bucket, (unsigned long long)bucket_objects(b));
	if (is_new)
		b = world_add(&sim->world, bucket, loop_wall(sim->loop));
	if (registry_fill(b, spec, root, sim->seed, err) == 0)
		return sim_keep(sim, err);
	if (is_new)
		world_remove(&sim->world, b);
	return -1;
}

bool
sim_has(const struct sim *sim, const char *bucket, const char *name)
{
	const struct bucket *b = world_find(&sim->world, bucket,
	    strlen(bucket));

	return b != NULL && bucket_find(b, name, strlen(name)) != NULL;
}

uint64_t
sim_objects(const struct sim *sim, const char *bucket, uint64_t *bytes)
{
	const struct bucket *b = world_find(&sim->world, bucket,
	    strlen(bucket));

	if (bytes != NULL)
		*bytes = b != NULL ? bucket_bytes(b) : 0;
	return b != NULL ? bucket_objects(b) : 0;
}

int
sim_fail_next(struct sim *sim, const struct sim_fault *fault, struct err *err)
{
	return faults_add(&sim->faults, fault, err);
}

uint64_t
sim_faults_pending(const struct sim *sim)
{
	return faults_pending(&sim->faults);
}

int
sim_add_faults(struct sim *sim, const char *text, struct err *err)
{
	size_t line;

	if (rules_add(&sim->rules, text, strlen(text), RULE_BY_CALL,
		loop_now(sim->loop), &line, err) != 0)
		return err_wrap(err, "line %zu", line);
	return 0;
}

int
sim_remove_faults(struct sim *sim, const char *id, struct err *err)
{
	if (id != NULL)
		return rules_remove(&sim->rules, id, err);
	rules_release(&sim->rules);
	return 0;
}

uint64_t
sim_faults_fired(const struct sim *sim, const char *id)
{
	const struct rule *rule = rules_find(&sim->rules, id);

	return rule != NULL ? rule->fired : 0;
}

uint64_t
sim_journal_hash(const struct sim *sim)
{
	return journal_hash(&sim->journal);
}

void
sim_reset_counts(struct sim *sim)
{
	journal_reset(&sim->journal);
	scopes_reset(&sim->scopes, sim->journal.next, loop_now(sim->loop));
	lateness_release(&sim->lateness);
	http_reset_counts(sim->http);
	events_state(sim->events, "counts", "");
	rules_restart(&sim->rules, loop_now(sim->loop));
	if (sim->authority != NULL)
		authority_reset_counts(sim->authority);
}

const char *
sim_kind_name(enum sim_kind kind)
{
	static const char *const names[SIM_KINDS] = { "LIST", "GET", "PUT",
		"DELETE", "BUCKET", "OTHER" };

	return names[kind];
}

const char *
sim_limit_name(enum sim_limit limit)
{
	static const char *const names[SIM_LIMITS] = {
		[SIM_LIMIT_WRITES] = "writes",
		[SIM_LIMIT_READS] = "reads",
		[SIM_LIMIT_OBJECT] = "object",
		[SIM_LIMIT_RANGE] = "range",
		[SIM_LIMIT_BUCKETS] = "buckets",
	};

	return names[limit];
}
