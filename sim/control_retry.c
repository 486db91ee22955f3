/* SPDX-License-Identifier: MIT */
/*
 * The storage testbench's Retry Test API, at its own paths and in its own
 * words: conformance suites of client libraries ask for it there.
 */
#include "sim/control_priv.h"

#include "sim/fault_answer.h"
#include "sim/json_out.h"
#include "sim/retry_json.h"
#include "sim/retry_test.h"
#include "sim/sim_priv.h"

static const char text_type[] = "text/plain";

enum { WHY_MAX = 8192 };

static void
refuse_unknown(struct control *c)
{
	struct buf why;

	buf_init(&why, WHY_MAX);
	buf_addf(&why, "Retry Test %s does not exist.", c->name.data);
	fault_answer_testbench(&c->sim->reply, 404, why.data);
	buf_release(&why);
}

static void
tell(struct control *c, const struct retry_test *t)
{
	struct json_out w;

	json_init(&w, &c->sim->reply.body, false, NULL);
	retry_json_add(t, &w);
	json_end(&w);
}

void
control_retry_add(struct control *c)
{
	struct reply *r = &c->sim->reply;
	struct retry_refusal why;
	struct retry_test *t = retry_json_parse(c->body, c->body_len, &why);

	if (t != NULL) {
		tell(c, retry_tests_add(&c->sim->retry_tests, t));
	} else if (why.is_text) {
		r->status = why.status;
		r->type = text_type;
		buf_adds(&r->body, why.text);
	} else {
		fault_answer_testbench(r, why.status, why.text);
	}
}

void
control_retry_get(struct control *c)
{
	const struct retry_test *t = retry_tests_find(&c->sim->retry_tests,
	    c->name.data);

	if (t != NULL)
		tell(c, t);
	else
		refuse_unknown(c);
}

void
control_retry_list(struct control *c)
{
	const struct retry_tests *all = &c->sim->retry_tests;
	struct json_out w;
	size_t i;

	json_init(&w, &c->sim->reply.body, false, NULL);
	json_open(&w, '{');
	json_key(&w, "retry_test");
	json_open(&w, '[');
	for (i = 0; i < all->all.n; i++)
		retry_json_add(all->all.v[i], &w);
	json_close(&w, ']');
	json_close(&w, '}');
	json_end(&w);
}

void
control_retry_remove(struct control *c)
{
	struct reply *r = &c->sim->reply;

	if (!retry_tests_remove(&c->sim->retry_tests, c->name.data)) {
		refuse_unknown(c);
		return;
	}
	r->type = text_type;
	buf_addf(&r->body, "Deleted %s", c->name.data);
}
