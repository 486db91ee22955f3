/* SPDX-License-Identifier: MIT */
#include "tests/unit/tls_world.h"

#include <stdio.h>

void
tls_world_init(struct tls_world *w, unsigned connections)
{
	w->loop = loop_new(LOOP_VIRTUAL);
	w->server = tls_server_start(w->loop);
	w->raw = tls_server_raw(w->server);
	w->opts = (struct http_opts){
		.connections = connections,
		.connect_timeout_us = TLS_WORLD_CONNECT_US,
		.idle_timeout_us = TLS_WORLD_IDLE_US,
		.total_timeout_us = TLS_WORLD_TOTAL_US,
		.user_agent = "test",
		.ca_file = tls_server_ca_file(w->server),
	};
	w->client = http_client_open(w->loop, &w->opts);
	http_request_init(&w->req);
	w->req.is_secret = true;
	w->req.headers[0] = "Authorization: Bearer of-a-test";
}

void
tls_world_release(struct tls_world *w)
{
	http_request_release(&w->req);
	http_client_close(w->client);
	tls_server_stop(w->server);
	loop_free(w->loop);
}

void
tls_world_reopen(struct tls_world *w)
{
	http_client_close(w->client);
	w->client = http_client_open(w->loop, &w->opts);
}

struct http_request *
tls_world_reap(struct tls_world *w)
{
	struct http_request *req;
	struct err err = ERR_INIT;

	while ((req = http_client_reap(w->client)) == NULL)
		ck_assert_msg(loop_step(w->loop, &err) == 0, "%s", err.text);
	return req;
}

void
tls_world_ask(struct tls_world *w, struct http_request *req,
    enum http_method method, const char *path)
{
	snprintf(w->url, sizeof(w->url), "%s%s", tls_server_url(w->server),
	    path);
	req->method = method;
	req->url = w->url;
	req->max_content = 1000;
	http_client_submit(w->client, req);
}

enum http_outcome
tls_world_run(struct tls_world *w, enum http_method method, const char *path)
{
	tls_world_ask(w, &w->req, method, path);
	ck_assert_ptr_eq(tls_world_reap(w), &w->req);
	ck_assert_ptr_null(http_client_reap(w->client));
	return w->req.outcome;
}
