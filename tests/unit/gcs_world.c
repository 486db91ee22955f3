/* SPDX-License-Identifier: MIT */
#include "tests/unit/gcs_world.h"

#include <string.h>

void
gcs_world_reopen(struct gcs_world *w)
{
	struct err err = ERR_INIT;

	storage_close(w->store);
	w->store = gcs_open(w->loop, &w->opts, &err);
	ck_assert_msg(w->store != NULL, "%s", err.text);
}

void
gcs_world_init(struct gcs_world *w)
{
	*w = (struct gcs_world){ .loop = loop_new(LOOP_VIRTUAL) };
	w->server = raw_server_start(w->loop);
	gcs_defaults(&w->opts);
	w->opts.endpoint = raw_server_url(w->server);
	w->opts.bucket = "demo";
	w->opts.connections = 4;
	gcs_world_reopen(w);
	storage_op_init(&w->op);
}

void
gcs_world_release(struct gcs_world *w)
{
	storage_op_release(&w->op);
	storage_close(w->store);
	raw_server_stop(w->server);
	loop_free(w->loop);
}

enum storage_verdict
gcs_world_run(struct gcs_world *w)
{
	storage_submit(w->store, &w->op);
	ck_assert_ptr_eq(storage_reap(w->store), &w->op);
	ck_assert_ptr_null(storage_reap(w->store));
	ck_assert_uint_eq(w->op.attempts, raw_server_heads(w->server));
	raw_server_reset(w->server);
	return w->op.verdict;
}

enum storage_verdict
gcs_world_delete(struct gcs_world *w)
{
	storage_ask_delete(&w->op, "a/b");
	storage_if_generation(&w->op, 7);
	return gcs_world_run(w);
}

enum storage_verdict
gcs_world_delete_any(struct gcs_world *w)
{
	storage_ask_delete(&w->op, "a/b");
	return gcs_world_run(w);
}

void
gcs_world_says(const struct gcs_world *w, enum err_code code, const char *words)
{
	ck_assert_msg(w->op.err.code == code, "code %d: %s",
	    (int)w->op.err.code, w->op.err.text);
	ck_assert_msg(strstr(w->op.err.text, words) != NULL,
	    "\"%s\" is not in \"%s\"", words, w->op.err.text);
	ck_assert_ptr_null(strpbrk(w->op.err.text, "\r\n"));
}
