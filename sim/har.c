/* SPDX-License-Identifier: MIT */
/*
 * Timings are the simulator's own stamps: `blocked` is the wait for a token,
 * `connect` the set-up and `send` the way of the body that it charged, `wait`
 * the rest up to the moment when the answer was given to the kernel; `receive`
 * is what it cannot see.
 */
#include "sim/har.h"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "sim/http.h"
#include "sim/json_out.h"
#include "sim/method.h"
#include "sim/percent.h"
#include "sim/query.h"
#include "sim/rfc3339.h"
#include "sim/sim_priv.h"
#include "sim/status.h"

static void
add_text(struct json_out *w, const char *key, const char *text)
{
	json_key(w, key);
	json_str(w, text);
}

static void
add_number(struct json_out *w, const char *key, uint64_t v)
{
	json_key(w, key);
	json_u64(w, v);
}

static void
add_empty(struct json_out *w, const char *key, const char *brackets)
{
	json_key(w, key);
	json_open(w, brackets[0]);
	json_close(w, brackets[1]);
}

static void
add_unknown(struct json_out *w, const char *key)
{
	json_key(w, key);
	json_raw(w, "-1", 2);
}

/* Milliseconds, exact. */
static void
add_ms(struct json_out *w, const char *key, uint64_t us)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%llu.%03llu",
	    (unsigned long long)(us / 1000), (unsigned long long)(us % 1000));

	json_key(w, key);
	json_raw(w, text, (size_t)n);
}

/* --- the request --- */

static void
add_decoded(struct json_out *w, const char *key, const char *s, size_t n)
{
	struct buf text;

	buf_init(&text, JOURNAL_TARGET_MAX);
	json_key(w, key);
	if (percent_decode(&text, s, n, true) == 0)
		json_text(w, text.data, text.len);
	else
		json_text(w, s, n);
	buf_release(&text);
}

static void
add_query(struct json_out *w, const char *target)
{
	const char *mark = strchr(target, '?');
	struct query q = { 0 };
	size_t i;

	if (mark != NULL)
		query_parse(&q, mark + 1, strlen(mark + 1));
	json_key(w, "queryString");
	json_open(w, '[');
	for (i = 0; i < q.n; i++) {
		json_open(w, '{');
		add_decoded(w, "name", q.param[i].key, q.param[i].key_len);
		add_decoded(w, "value", q.param[i].value, q.param[i].value_len);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void
add_request(struct json_out *w, const struct sim *sim,
    const struct journal_row *row)
{
	const char *url = http_url(sim->http);
	struct buf text;

	buf_init(&text, JOURNAL_TARGET_MAX + strlen(url));
	buf_adds(&text, url);
	buf_adds(&text, row->target);
	json_key(w, "request");
	json_open(w, '{');
	add_text(w, "method", http_method_name((enum http_method)row->method));
	add_text(w, "url", text.data);
	add_text(w, "httpVersion", "HTTP/1.1");
	add_empty(w, "cookies", "[]");
	add_empty(w, "headers", "[]");
	add_query(w, row->target);
	add_unknown(w, "headersSize");
	add_number(w, "bodySize", row->bytes_in);
	json_close(w, '}');
	buf_release(&text);
}

/* --- the answer --- */

static void
add_response(struct json_out *w, const struct journal_row *row)
{
	json_key(w, "response");
	json_open(w, '{');
	add_number(w, "status", row->status);
	add_text(w, "statusText",
	    row->status > 0 ? status_reason(row->status) : "");
	add_text(w, "httpVersion", "HTTP/1.1");
	add_empty(w, "cookies", "[]");
	add_empty(w, "headers", "[]");
	json_key(w, "content");
	json_open(w, '{');
	add_number(w, "size", row->bytes_out);
	add_text(w, "mimeType", "");
	json_close(w, '}');
	add_text(w, "redirectURL", "");
	add_unknown(w, "headersSize");
	add_number(w, "bodySize", row->bytes_out);
	json_close(w, '}');
}

/* The parts of `took` that are told must not be more than it: a part of a batch
 * is answered when the whole is. */
static uint64_t
take(uint64_t *rest, uint64_t us)
{
	uint64_t part = us < *rest ? us : *rest;

	*rest -= part;
	return part;
}

static void
add_timings(struct json_out *w, const struct journal_row *row)
{
	uint64_t rest = row->took_us;

	json_key(w, "timings");
	json_open(w, '{');
	add_ms(w, "blocked", take(&rest, row->queued_us));
	add_unknown(w, "dns");
	if (row->setup_us > 0)
		add_ms(w, "connect", take(&rest, row->setup_us));
	else
		add_unknown(w, "connect");
	add_ms(w, "send", take(&rest, row->upload_us));
	add_ms(w, "wait", rest);
	add_ms(w, "receive", 0);
	add_unknown(w, "ssl");
	json_close(w, '}');
}

/* What had no head has no target either. */
static bool
is_part(const struct journal_row *row)
{
	return row->connection == 0 && *row->target != '\0';
}

/* Names that begin with an underscore are what the format leaves to us. */
static void
add_own(struct json_out *w, const struct journal_row *row,
    const struct journal_key *key)
{
	add_text(w, "_kind", sim_kind_name(key->kind));
	add_text(w, "_method", method_label((enum operation)row->op));
	add_number(w, "_nth", row->nth);
	json_key(w, "_limited");
	json_bool(w, row->is_limited);
	json_key(w, "_fault");
	json_bool(w, row->is_fault);
	json_key(w, "_part");
	json_bool(w, is_part(row));
}

/* --- the whole --- */

static void
add_entry(struct json_out *w, const struct sim *sim,
    const struct journal_row *row)
{
	uint64_t began = loop_wall(sim->loop) - loop_now(sim->loop);
	char text[RFC3339_MAX];

	rfc3339_format(began + row->at_us, text);
	json_open(w, '{');
	add_text(w, "startedDateTime", text);
	add_ms(w, "time", row->took_us);
	add_request(w, sim, row);
	add_response(w, row);
	add_empty(w, "cache", "{}");
	add_timings(w, row);
	if (row->connection > 0) {
		snprintf(text, sizeof(text), "%u", row->connection);
		add_text(w, "connection", text);
	}
	add_own(w, row, journal_key(&sim->journal, row));
	json_close(w, '}');
}

/* Where the scope's newest `limit` rows begin; how many of it come before. */
static uint64_t
find_first(const struct journal *j, const struct scope *sc, uint64_t limit,
    uint64_t *before)
{
	uint64_t row = j->next, first = journal_first(j);

	*before = tally_sum(&sc->tally, &tally_all).n;
	for (; row > first && limit > 0; row--) {
		if (!scope_has(sc, row - 1, journal_row(j, row - 1)->scopes))
			continue;
		limit--;
		*before -= *before > 0;
	}
	return row;
}

static void
add_log(struct json_out *w, const struct scope *sc, uint64_t before)
{
	char text[SCOPE_NAME_MAX + 80];

	add_text(w, "version", "1.2");
	json_key(w, "creator");
	json_open(w, '{');
	add_text(w, "name", "gcs-sim");
	add_text(w, "version", PACKAGE_VERSION);
	json_close(w, '}');
	snprintf(text, sizeof(text), "scope %s; %llu requests before these",
	    sc->name, (unsigned long long)before);
	add_text(w, "comment", text);
	add_empty(w, "pages", "[]");
}

void
har_add(const struct sim *sim, const struct scope *sc, uint64_t limit,
    struct buf *out)
{
	const struct journal *j = &sim->journal;
	const struct journal_row *row;
	uint64_t i, before;
	struct json_out w;

	i = find_first(j, sc, limit, &before);
	json_init(&w, out, false, NULL);
	json_open(&w, '{');
	json_key(&w, "log");
	json_open(&w, '{');
	add_log(&w, sc, before);
	json_key(&w, "entries");
	json_open(&w, '[');
	for (; i < j->next; i++) {
		row = journal_row(j, i);
		if (scope_has(sc, i, row->scopes))
			add_entry(&w, sim, row);
	}
	json_close(&w, ']');
	json_close(&w, '}');
	json_close(&w, '}');
	json_end(&w);
}
