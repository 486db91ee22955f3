/* SPDX-License-Identifier: MIT */
/* One world a process: a test is a process of its own. */
#include "tests/unit/sim_talk.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"
#include "sim/sim_priv.h"
#include "tests/unit/sim_client.h"

static struct sim_world world;
static const struct sim_answer *last;

void
talk_start(void)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	sim_world_start(&world, LOOP_REAL, &opts, 1);
}

void
talk_stop(void)
{
	sim_world_stop(&world);
}

static const struct sim_answer *
hear(size_t number)
{
	sim_client_run(world.client);
	return last = sim_client_answer(world.client, number);
}

const struct sim_answer *
talk(const char *method, const char *body, const char *format, ...)
{
	char target[4096];
	va_list ap;

	va_start(ap, format);
	vsnprintf(target, sizeof(target), format, ap);
	va_end(ap);
	return hear(sim_client_ask(world.client, method, target, body));
}

const struct sim_answer *
talk_override(const char *method, const char *body, const char *target)
{
	char text[4096];
	int n = snprintf(text, sizeof(text),
	    "POST %s HTTP/1.1\r\nHost: x\r\nX-HTTP-Method-Override: %s\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    target, method, strlen(body), body);

	return hear(sim_client_raw(world.client, text, (size_t)n));
}

void
talk_expect(int status, const char *text)
{
	ck_assert_msg(last->status == status &&
		strstr(last->body.data, text) != NULL,
	    "want %d %s, have %d %s", status, text, last->status,
	    last->body.data);
}

void
talk_expect_not(const char *text)
{
	ck_assert_msg(strstr(last->body.data, text) == NULL,
	    "want no %s, have %s", text, last->body.data);
}

uint64_t
talk_put(const char *name, const char *bytes)
{
	talk("POST", bytes,
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=%s", name);
	talk_expect(200, "");
	return talk_generation();
}

uint64_t
talk_generation(void)
{
	static const char key[] = "\"generation\": \"";
	const char *at = strstr(last->body.data, key);

	ck_assert_ptr_nonnull(at);
	return strtoull(at + strlen(key), NULL, 10);
}

struct bucket *
talk_bucket(const char *name)
{
	return world_find(&world.sim->world, name, strlen(name));
}
