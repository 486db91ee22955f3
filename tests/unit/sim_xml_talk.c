/* SPDX-License-Identifier: MIT */
/* One world a process: a test is a process of its own. */
#include "tests/unit/sim_xml_talk.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "tests/unit/sim_client.h"

static struct sim_world world;
static const struct sim_answer *last;

void
xml_start(const struct sim_opts *given)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	if (given != NULL)
		opts = *given;
	opts.registry = "manifests=0";
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
}

void
xml_stop(void)
{
	sim_world_stop(&world);
}

struct sim *
xml_sim(void)
{
	return world.sim;
}

const struct sim_answer *
xml_last(void)
{
	return last;
}

void
xml_ask_raw(const void *bytes, size_t n)
{
	size_t number = sim_client_raw(world.client, bytes, n);

	sim_client_run(world.client);
	last = sim_client_answer(world.client, number);
}

void
xml_ask(const char *method, const char *target, const char *headers,
    const char *body)
{
	struct buf text;

	buf_init(&text, 64 * 1024 * 1024);
	buf_addf(&text, "%s %s HTTP/1.1\r\nHost: h\r\n%s", method, target,
	    headers);
	buf_addf(&text, "Content-Length: %zu\r\n\r\n", strlen(body));
	buf_adds(&text, body);
	xml_ask_raw(text.data, text.len);
	buf_release(&text);
}

void
xml_expect(int status, const char *text)
{
	ck_assert_msg(last->status == status, "want %d:\n%s%s", status,
	    last->head.data, last->body.data);
	ck_assert_msg(strstr(last->body.data, text) != NULL, "want %s:\n%s",
	    text, last->body.data);
}

void
xml_expect_not(const char *text)
{
	ck_assert_msg(strstr(last->body.data, text) == NULL, "%s:\n%s", text,
	    last->body.data);
}

void
xml_expect_head(const char *line)
{
	ck_assert_msg(sim_answer_has(last, line), "want %s:\n%s", line,
	    last->head.data);
}

char *
xml_header(const char *name)
{
	const char *at = strstr(last->head.data, name);

	ck_assert_msg(at != NULL, "%s:\n%s", name, last->head.data);
	at += strlen(name);
	return mem_strndup(at, strcspn(at, "\r\n"));
}

void
xml_put(const char *name, const char *bytes)
{
	char target[256];

	snprintf(target, sizeof(target), "/demo/%s", name);
	xml_ask("PUT", target, "", bytes);
	xml_expect(200, "");
}
