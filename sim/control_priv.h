/* SPDX-License-Identifier: MIT */
/*
 * A question to the simulator about itself, and those who answer: control.c
 * has the table of paths, its rooms control_*.c write the simulator's reply.
 */
#ifndef SIM_CONTROL_PRIV_H
#define SIM_CONTROL_PRIV_H

#include <stddef.h>

#include "sim/query.h"
#include "src/base/buf.h"
#include "src/base/err.h"

struct expect;
struct http_exchange;
struct json_out;
struct sim;

struct control {
	struct sim *sim;
	struct http_exchange *x; /* NULL: it is answered, or waits */
	struct query query;
	struct buf
	    name; /* what a path that ends in "/" goes on with, decoded */
	const void *body;
	size_t body_len;
};

extern const char control_text[]; /* the content type */

/* 204; or, when rc is not 0, what err says. */
void control_done(struct control *c, int rc, const struct err *err);

/* 404 for ERR_NOT_FOUND, 400 for ERR_USAGE, 409 for ERR_REFUSED, else 503. */
void control_refuse(struct control *c, const struct err *err);

/* Answers c->x by the simulator's reply. */
void control_send(struct control *c);

/* --- control_stats.c --- */

void control_stats(struct control *c);
void control_requests(struct control *c);

/* Adds the keys and values of stats but for the buckets'. */
void control_add_counts(const struct sim *sim, struct json_out *w);

/* --- control_config.c --- */

void control_config(struct control *c);
void control_configure(struct control *c);

/* --- control_events.c --- */

/* x is answered then, and not by the reply. */
void control_events(struct control *c);

/* --- control_retry.c: see retry_test.h --- */

void control_retry_add(struct control *c);
void control_retry_get(struct control *c);
void control_retry_list(struct control *c);
void control_retry_remove(struct control *c);

/* --- control_state.c --- */

void control_snapshot(struct control *c);
void control_snapshots(struct control *c);
void control_forget(struct control *c);
void control_restore(struct control *c);

/* All buckets as a file. */
void control_save(struct control *c);
void control_load(struct control *c);

/* Counters and journal; with state=start the buckets too. */
void control_reset(struct control *c);

/* All of it, and what is random from its beginning. */
void control_reseed(struct control *c);

/* No bucket is left. */
void control_delete_all(struct control *c);

/* --- control_faults.c --- */

void control_faults(struct control *c);
void control_add_faults(struct control *c);
void control_clear_faults(struct control *c);

/* The one that the path names. */
void control_fault(struct control *c);
void control_remove_fault(struct control *c);

/* --- control_auth.c --- */

void control_auth(struct control *c);
void control_auth_subject(struct control *c);
void control_auth_credentials(struct control *c);

/* The one that the path's last word says. */
void control_auth_change(struct control *c);

/* --- control_counts.c --- */

void control_scopes(struct control *c);
void control_scope(struct control *c);
void control_scope_open(struct control *c);
void control_scope_close(struct control *c);

/* 200, or 409 when something is not as expected; perhaps later: see waits.h. */
void control_expect(struct control *c);

/* Writes that, of how it is now. */
void control_tell_expected(struct control *c, const struct expect *e,
    const char *scope);

void control_har(struct control *c);
void control_diff(struct control *c);
void control_metrics(struct control *c);

#endif
