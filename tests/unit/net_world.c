/* SPDX-License-Identifier: MIT */
#include "tests/unit/net_world.h"

#include <stdio.h>

void
net_world_init(struct net_world *w, unsigned connections)
{
	struct http_opts opts = {
		.connections = connections,
		.connect_timeout_us = NET_WORLD_CONNECT_US,
		.idle_timeout_us = NET_WORLD_IDLE_US,
		.total_timeout_us = NET_WORLD_TOTAL_US,
		.user_agent = "test",
	};

	w->loop = loop_new(LOOP_VIRTUAL);
	w->server = raw_server_start(w->loop);
	w->client = http_client_open(w->loop, &opts);
	http_request_init(&w->req);
}

void
net_world_release(struct net_world *w)
{
	http_request_release(&w->req);
	http_client_close(w->client);
	raw_server_stop(w->server);
	loop_free(w->loop);
}

struct http_request *
net_world_reap(struct net_world *w)
{
	struct http_request *req;
	struct err err = ERR_INIT;

	while ((req = http_client_reap(w->client)) == NULL)
		ck_assert_msg(loop_step(w->loop, &err) == 0, "%s", err.text);
	return req;
}

void
net_world_ask(struct net_world *w, struct http_request *req,
    enum http_method method, const char *path)
{
	snprintf(w->url, sizeof(w->url), "%s%s", raw_server_url(w->server),
	    path);
	req->method = method;
	req->url = w->url;
	req->max_content = 1000;
	http_client_submit(w->client, req);
}

enum http_outcome
net_world_run(struct net_world *w, enum http_method method, const char *path)
{
	net_world_ask(w, &w->req, method, path);
	ck_assert_ptr_eq(net_world_reap(w), &w->req);
	ck_assert_ptr_null(http_client_reap(w->client));
	return w->req.outcome;
}
