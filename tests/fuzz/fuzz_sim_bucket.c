/* SPDX-License-Identifier: MIT */
/* sim_bucket: the body of a call that makes or changes a bucket. */
#include <stdlib.h>
#include <string.h>

#include "sim/bucket_json.h"
#include "sim/bucket_resource.h"
#include "sim/json_out.h"
#include "sim/self.h"
#include "src/base/buf.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_bucket";

/* When all of it happens. */
enum { NOW = 1000000000 };

static const struct bucket_config fresh = { .soft_delete_s =
						BUCKET_SOFT_DELETE_S,
	.soft_delete_since_us = NOW };

static void
check_refusal(const struct bucket_json *j)
{
	const char *c;

	LAW(j->status >= 400 && j->status <= 501, "a refusal has a status");
	LAW(j->reason != NULL && j->fault[0] != '\0', "a refusal says why");
	for (c = j->fault; *c != '\0'; c++)
		LAW((unsigned char)*c >= ' ' && *c != 0x7f,
		    "a refusal is one line without control characters");
}

static void
check_config(const struct bucket_config *c)
{
	LAW(c->soft_delete_s == 0 ||
		(c->soft_delete_s >= 604800 && c->soft_delete_s <= 7776000),
	    "what is deleted is kept for 7 to 90 days, or not at all");
	LAW(c->retention_s <= 3155760000, "retention lasts 100 years at most");
	LAW((c->retention_s == 0) == (c->retention_since_us == 0),
	    "retention began when there is one");
	LAW(c->extra != NULL && c->extra[0] == '{', "the rest is an object");
}

/* The resource of a bucket that is configured so. */
static void
write_bucket(const struct bucket_config *config, struct buf *out)
{
	static const struct self self = { "http", "host" };
	struct bucket *b = bucket_new("fuzz", NOW);
	struct json_out w;

	b->config = *config;
	b->config.extra = config->extra != NULL ? strdup(config->extra) : NULL;
	json_init(&w, out, true, NULL);
	bucket_resource_add(b, &self, true, &w);
	bucket_free(b);
}

/* What a bucket says makes a bucket that says the same. */
static void
check_again(const struct bucket_config *config)
{
	struct bucket_json j;
	struct buf first, second;

	buf_init(&first, SIZE_MAX);
	buf_init(&second, SIZE_MAX);
	write_bucket(config, &first);
	LAW(bucket_json_parse(&j, first.data, first.len, &fresh,
		BUCKET_JSON_NEW, NOW) == 0,
	    "what a bucket says can be read");
	write_bucket(&j.config, &second);
	LAW(strcmp(first.data, second.data) == 0,
	    "what a bucket says makes one that says the same");
	bucket_json_release(&j);
	buf_release(&first);
	buf_release(&second);
}

static void
check_twice(const struct bucket_json *j, const char *text, size_t n)
{
	struct bucket_json again;

	LAW(bucket_json_parse(&again, text, n, &j->config, BUCKET_JSON_PATCH,
		NOW) == 0,
	    "what made a bucket may change it");
	LAW(strcmp(again.config.extra, j->config.extra) == 0 &&
		again.config.soft_delete_s == j->config.soft_delete_s &&
		again.config.retention_s == j->config.retention_s,
	    "what was said changes nothing when it is said again");
	bucket_json_release(&again);
	LAW(bucket_json_parse(&again, "{}", 2, &j->config, BUCKET_JSON_PATCH,
		NOW) == 0 &&
		strcmp(again.config.extra, j->config.extra) == 0,
	    "an empty patch changes nothing");
	bucket_json_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data;
	struct bucket_json j;

	if (bucket_json_parse(&j, text, n, &fresh, BUCKET_JSON_NEW, NOW) != 0) {
		check_refusal(&j);
	} else {
		check_config(&j.config);
		check_twice(&j, text, n);
		check_again(&j.config);
	}
	bucket_json_release(&j);
	return 0;
}
