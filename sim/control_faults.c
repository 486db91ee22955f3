/* SPDX-License-Identifier: MIT */
/* The part of control.c that sets rules, tells of them and takes them away. */
#include "sim/control_priv.h"

#include <string.h>

#include "sim/sim_priv.h"
#include "sim/json_out.h"
#include "sim/rules.h"

static void
add_rule(const struct rule *r, struct json_out *w)
{
	static const char *const sources[] = { [RULE_BY_OPTION] = "--fault",
		[RULE_BY_FILE] = "--faults",
		[RULE_BY_CALL] = "live" };
	struct buf text;
	uint64_t left;

	buf_init(&text, 2 * RULE_TEXT_MAX);
	rule_format(r, &text);
	json_open(w, '{');
	json_key(w, "id");
	json_str(w, r->id);
	json_key(w, "rule");
	json_str(w, text.data);
	json_key(w, "source");
	json_str(w, sources[r->source]);
	json_key(w, "matched");
	json_u64(w, r->matched);
	json_key(w, "fired");
	json_u64(w, r->fired);
	json_key(w, "left");
	if (rule_left(r, &left))
		json_u64(w, left);
	else
		json_raw(w, "null", strlen("null"));
	json_close(w, '}');
	buf_release(&text);
}

/* From the rule of that number on. */
static void
add_rules(struct control *c, size_t from)
{
	const struct rules *r = &c->sim->rules;
	struct json_out w;
	size_t i;

	json_init(&w, &c->sim->reply.body, true, NULL);
	json_open(&w, '{');
	json_key(&w, "faults");
	json_open(&w, '[');
	for (i = from; i < r->list.n; i++)
		add_rule(r->list.v[i], &w);
	json_close(&w, ']');
	json_close(&w, '}');
	json_end(&w);
}

void
control_faults(struct control *c)
{
	add_rules(c, 0);
}

void
control_add_faults(struct control *c)
{
	struct sim *sim = c->sim;
	const char *text = c->body_len > 0 ? c->body : "";
	size_t before = sim->rules.list.n, line;
	struct err err = ERR_INIT;

	if (rules_add(&sim->rules, text, c->body_len, RULE_BY_CALL,
		loop_now(sim->loop), &line, &err) != 0) {
		err_wrap(&err, "line %zu", line);
		control_refuse(c, &err);
	} else {
		add_rules(c, before);
	}
}

void
control_clear_faults(struct control *c)
{
	rules_release(&c->sim->rules);
	control_done(c, 0, NULL);
}

void
control_fault(struct control *c)
{
	struct err err = ERR_INIT;
	const struct rule *r = rules_get(&c->sim->rules, c->name.data, &err);
	struct json_out w;

	if (r == NULL) {
		control_refuse(c, &err);
		return;
	}
	json_init(&w, &c->sim->reply.body, true, NULL);
	add_rule(r, &w);
	json_end(&w);
}

void
control_remove_fault(struct control *c)
{
	struct err err = ERR_INIT;
	int rc = rules_remove(&c->sim->rules, c->name.data, &err);

	control_done(c, rc, &err);
}
