/* SPDX-License-Identifier: MIT */
/* All requests go to the bucket `demo`, about the object `x`. */
#include "tests/unit/sim_resume.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "src/base/buf.h"
#include "tests/unit/sim_client.h"

static struct sim_world world;
char resume_bytes[RESUME_BYTES + 1];

void
resume_start(void)
{
	struct sim_opts opts;
	size_t i;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	sim_world_start(&world, LOOP_REAL, &opts, 1);
	for (i = 0; i < sizeof(resume_bytes) - 1; i++)
		resume_bytes[i] = (char)('a' + i * 7 / 3 % 26);
}

void
resume_stop(void)
{
	sim_world_stop(&world);
}

const struct sim_answer *
resume_ask(const char *method, const char *target, const char *headers,
    const char *body, size_t n)
{
	struct buf text;
	size_t number;

	buf_init(&text, 8 * RESUME_CHUNK);
	buf_addf(&text,
	    "%s %s HTTP/1.1\r\nHost: storage.test:4443\r\n%s"
	    "Content-Length: %zu\r\n\r\n",
	    method, target, headers, n);
	buf_add(&text, body, n);
	number = sim_client_raw(world.client, text.data, text.len);
	buf_release(&text);
	sim_client_run(world.client);
	return sim_client_answer(world.client, number);
}

const struct sim_answer *
resume_get(const char *target)
{
	return resume_ask("GET", target, "", "", 0);
}

const char *
resume_location(const struct sim_answer *a)
{
	static const char host[] = "\r\nLocation: http://storage.test:4443";
	static char target[1024];
	const char *at = strstr(a->head.data, host);

	ck_assert_msg(a->status == 200, "%d: %s", a->status, a->body.data);
	ck_assert_ptr_nonnull(at);
	at += sizeof(host) - 1;
	snprintf(target, sizeof(target), "%.*s", (int)strcspn(at, "\r"), at);
	return target;
}

const char *
resume_begin(const char *query, const char *headers, const char *metadata)
{
	char target[512];

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/demo/o?uploadType=resumable&%s", query);
	return resume_location(
	    resume_ask("POST", target, headers, metadata, strlen(metadata)));
}

const struct sim_answer *
resume_put(const char *session, const char *range, size_t from, size_t n)
{
	char header[128];

	snprintf(header, sizeof(header), "Content-Range: bytes %s\r\n", range);
	return resume_ask("PUT", session, header, resume_bytes + from, n);
}

void
resume_expect_held(const struct sim_answer *a, size_t held)
{
	char line[64];

	ck_assert_msg(a->status == 308, "%d: %s", a->status, a->body.data);
	snprintf(line, sizeof(line), "\r\nRange: bytes=0-%zu", held - 1);
	if (held == 0)
		ck_assert_ptr_null(strstr(a->head.data, "\r\nRange:"));
	else
		ck_assert_msg(sim_answer_has(a, line), "%s", a->head.data);
	ck_assert_uint_eq(a->body.len, 0);
}

void
resume_expect(const struct sim_answer *a, int status, const char *text)
{
	ck_assert_msg(a->status == status, "%d: %s", a->status, a->body.data);
	ck_assert_msg(strstr(a->body.data, text) != NULL, "%s", a->body.data);
}

void
resume_expect_object(size_t n)
{
	const struct sim_answer *a = resume_get("/b/demo/o/x?alt=media");

	ck_assert_int_eq(a->status, 200);
	ck_assert_uint_eq(a->body.len, n);
	ck_assert_mem_eq(a->body.data, resume_bytes, n);
}

uint64_t
resume_objects(void)
{
	return sim_objects(world.sim, "demo", NULL);
}

const struct sim_answer *
resume_raw(const char *request)
{
	size_t number = sim_client_raw(world.client, request, strlen(request));

	sim_client_run(world.client);
	return sim_client_answer(world.client, number);
}
